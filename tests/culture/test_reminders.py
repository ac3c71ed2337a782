"""Letters to schools: on their day, once, with a link that opens just what is asked for."""

import re
from datetime import date

import pytest

from culture import actions
from culture.models import Message, SignedLink
from records.models import Letter
from tests.culture.conftest import AT, cohort, noon


@pytest.fixture
def booked(add_class, alby, performance, visit):
    """Day of the visit: 10 February 2027, ten o'clock."""
    return visit(add_class(alby, "5A", {5: 25}), performance, source="plan")


def _kinds():
    return sorted(Message.objects.values_list("kind", flat=True))


def _token(letter):
    return re.search(r"/lank/([\w-]+)/", letter.html)[1]


def test_each_reminder_goes_out_once_on_its_day(booked):
    told = {}
    for day in [date(2027, 2, n) for n in range(1, 24)]:
        for hour in (6, 14):
            actions.remind(at=noon(day.year, day.month, day.day, hour))
            told.setdefault(len(_kinds()), (day.day, hour))

    assert _kinds() == ["before", "confirm", "confirm_again"]
    assert told == {0: (1, 6), 1: (3, 6), 2: (10, 14), 3: (17, 6)}


def test_link_in_the_letter_confirms_the_visit(booked, reached):
    actions.remind(at=noon(2027, 2, 10, 14))
    letter = Letter.objects.get(key__startswith="culture.confirm")

    link = actions.link_with(_token(letter), at=noon(2027, 2, 11))
    actions.confirm_visit(booked, 24, by=link, at=noon(2027, 2, 11))

    assert reached(booked.class_group) == (24, 25)
    assert (letter.to, letter.private) == (["alby@skola.example"], True)
    assert "5A" in letter.html
    assert actions.remind(at=noon(2027, 2, 20)) == 0, "what is confirmed is not asked about again"


def test_one_letter_for_all_classes_of_a_school_at_a_performance(booked, add_class, alby, performance, visit):
    visit(add_class(alby, "5B", {5: 20}), performance)

    assert actions.remind(at=noon(2027, 2, 4)) == 1

    html = Letter.objects.get(key__startswith="culture.before").html
    assert "5A" in html
    assert "5B" in html


def test_letter_goes_to_the_schools_contacts_before_its_own_address(booked, teacher):
    actions.remind(at=noon(2027, 2, 4))

    assert Letter.objects.get(key__startswith="culture.before").to == ["lara@alby.example"]


def test_schools_that_have_not_answered_are_reminded_before_the_last_day(booked, add_class, berga, performance, visit, planner):
    """The last day is 30 November."""
    answered = visit(add_class(berga, "5A", {5: 20}), performance, source="plan")
    actions.answer_visit(answered, "yes", by=planner, at=AT)

    assert actions.remind(at=noon(2026, 11, 24)) == 0
    assert actions.remind(at=noon(2026, 11, 25)) == 1
    assert actions.remind(at=noon(2026, 11, 26)) == 0

    letter = Letter.objects.get(key__startswith="culture.answer")
    assert letter.addressee == "Albyskolan"
    assert "30 november 2026" in letter.html
    assert SignedLink.objects.get(purpose="answer").expires_at == noon(2026, 11, 30, 23)


def test_schools_that_have_not_confirmed_their_list_are_reminded(add_class, alby, berga, teacher, year):
    """The last day is 10 October."""
    add_class(alby, "5A", {5: 25})
    add_class(berga, "5A", {5: 25})
    actions.confirm_list(alby, year, by=teacher, at=AT)

    assert actions.remind(at=noon(2026, 9, 25)) == 0
    assert actions.remind(at=noon(2026, 9, 26)) == 1
    assert actions.remind(at=noon(2026, 10, 8)) == 0

    letter = Letter.objects.get()
    link = actions.link_with(_token(letter), at=noon(2026, 10, 1))
    actions.count_class(berga.classes.get(), {cohort(5): 26}, by=link, at=noon(2026, 10, 1))
    actions.confirm_list(berga, year, by=link, at=noon(2026, 10, 1))
    assert letter.addressee == "Bergaskolan"


def test_school_without_any_address_gets_a_letter_to_print(make_school, add_class, performance, visit):
    school = make_school("Utan adress", "10000006")
    visit(add_class(school, "5A", {5: 20}), performance)

    actions.remind(at=noon(2027, 2, 4))

    assert Letter.objects.get().to == []
