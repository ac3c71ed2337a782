"""What the programme came to, and what people thought of it: nobody can be told from the answers."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from culture import actions, follow_up
from culture.models import Evaluation
from records.refusals import NotAllowedNow
from tests.culture.conftest import AFTER


@pytest.fixture
def confirmed(add_class, alby, performance, visit, came):
    return came(visit(add_class(alby, "5A", {5: 25}), performance), 24).visit


@pytest.fixture
def link(confirmed, teacher):
    row, _token = actions.evaluation_link(confirmed, by=teacher, at=AFTER)
    return row


def _say(link, times, who="pupil", **answers):
    for number in range(times):
        actions.evaluate(link, who, liked=answers.pop("liked", 4), at=AFTER, words=f"Bra {number}", **answers)


def test_nothing_is_shown_below_five_answers(link, offer):
    _say(link, 4)
    _teachers, pupils = follow_up.opinions([offer])[offer.pk]
    assert (pupils.answers, pupils.is_shown, pupils.spread, pupils.words) == (4, False, {}, ())

    actions.evaluate(link, "pupil", liked=2, suited=3, at=AFTER)

    _teachers, pupils = follow_up.opinions([offer])[offer.pk]
    assert pupils.spread["liked"] == (0, 1, 0, 4)
    assert pupils.mean("liked") == Decimal("3.6")
    assert pupils.words == ("Bra 0", "Bra 1", "Bra 2", "Bra 3")


def test_teachers_and_pupils_do_not_help_each_other_over_the_limit(link, offer):
    _say(link, 4, "pupil")
    _say(link, 1, "teacher")

    assert not any(each.is_shown for each in follow_up.opinions([offer])[offer.pk])


def test_answer_leads_back_to_nobody(link):
    _say(link, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM culture_evaluation")
        columns = {column.name for column in cursor.description}

    assert columns == {"id", "offer_id", "performance_id", "who", "liked", "suited", "again", "words", "said_on"}
    assert Evaluation.objects.get().said_on == date(2027, 3, 15)


def test_no_more_answer_than_were_there(add_class, alby, add_offer, plan, visit, came, teacher):
    small = came(visit(add_class(alby, "5B", {5: 2}, adults=1), plan(add_offer("Liten", [5]))), 2).visit
    link, _token = actions.evaluation_link(small, by=teacher, at=AFTER)
    _say(link, 3)

    with pytest.raises(NotAllowedNow) as refused:
        _say(link, 1)

    assert refused.value.code == "enough"


def test_link_to_answer_opens_nothing_else_and_not_before_the_visit(
    link, confirmed, add_class, alby, plan, add_offer, visit, teacher
):
    with pytest.raises(NotAllowedNow):
        actions.confirm_visit(confirmed, 20, by=link, at=AFTER)
    ahead = visit(add_class(alby, "5C", {5: 20}), plan(add_offer("Senare", [5]), date(2027, 5, 5)))
    with pytest.raises(NotAllowedNow) as refused:
        actions.evaluation_link(ahead, by=teacher, at=AFTER)
    assert refused.value.code == "not_confirmed"


@pytest.mark.parametrize("answers", [{"liked": 0}, {"liked": 5}, {"liked": 3, "suited": 9}])
def test_answers_are_one_to_four(link, answers):
    with pytest.raises(NotAllowedNow):
        actions.evaluate(link, "pupil", at=AFTER, **answers)


def test_own_words_with_a_personal_number_are_refused(link):
    """Case 25."""
    with pytest.raises(NotAllowedNow) as refused:
        actions.evaluate(link, "teacher", liked=3, words="Anna 20150709-9802 grät", at=AFTER)
    assert refused.value.code == "personal_number"


def test_figures_of_skapande_skola(add_class, alby, berga, add_offer, plan, visit, came, year, planner):
    offer = add_offer("Trollet", [5], price=Decimal(12_000), travel=Decimal(1_500))
    first, second, unused = plan(offer), plan(offer, date(2027, 2, 11)), plan(offer, date(2027, 2, 12))
    came(visit(add_class(alby, "5A", {5: 25}), first), 27, guests=True)
    came(visit(add_class(berga, "5A", {5: 20}), first), 18)
    came(visit(add_class(alby, "5B", {5: 22}), second), 22)
    visit(add_class(alby, "5C", {5: 22}), unused)

    [figures] = follow_up.offers_of(year)

    assert (figures.performances, figures.visits, figures.schools, figures.pupils, figures.adults) == (2, 3, 2, 65, 6)
    assert (figures.cost, figures.per_pupil) == (Decimal(27_000), Decimal("415.38"))
    assert [each.text for each in figures.evidence] == ["Statligt verksamhetsbidrag 2026"]


def test_figures_take_the_same_queries_for_one_offer_and_three(
    add_class, alby, add_offer, plan, visit, came, year, django_assert_num_queries
):
    group = add_class(alby, "5A", {5: 25})
    for number in range(3):
        came(visit(group, plan(add_offer(f"Verk {number}", [5]), date(2027, 2, 1 + number))), 25)
        with django_assert_num_queries(5):
            assert len(follow_up.offers_of(year)) == number + 1
