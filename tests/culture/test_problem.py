"""The problem of a plan as it is read from the rows."""

from datetime import date

import pytest

from culture import actions
from culture.frozen import frozen, thawed
from culture.models import ClassGroup
from culture.problem import build
from culture.rules.plan.problem import Booking, Host, digest
from tests.culture.conftest import AFTER, AT, cohort, noon

AUTUMN = noon(2026, 10, 20)


def _class(problem, name):
    return next(klass for klass in problem.classes if klass.name == name)


def _build(year, at=AUTUMN, **more):
    return build(year, at=at, seed=7, **more)


def test_problem_tells_what_a_class_is_and_has_met(add_class, alby, add_offer, plan, visit, came, teacher, year, planner):
    group = add_class(alby, "1-3", {1: 8, 3: 6}, adults=3, needs=["calm"], language="Finska", wheelchairs=1)
    before = plan(
        add_offer("Dansen", [1, 3], art_form="dance", is_calm=True, access=["step_free"], without_words=True), date(2026, 10, 1)
    )
    came(visit(group, before), 14, at=AUTUMN)
    ahead = plan(add_offer("Trollet", [1, 3], is_calm=True, language="finska"), date(2027, 2, 10))
    actions.block_days(alby, date(2027, 2, 8), date(2027, 2, 12), year=year, by=teacher, at=AT)

    problem = _build(year)

    [klass] = problem.classes
    assert [(part.cohort, part.pupils) for part in klass.parts] == [(cohort(1), 8), (cohort(3), 6)]
    assert (klass.adults, klass.had, klass.last_visit, klass.walks) == (3, 1, date(2026, 10, 1), 1500)
    assert klass.needs == {"calm", "step_free", "language:finska"}
    assert klass.seen == {str(before.offer_id)}
    assert klass.arts == {"dance"}
    assert klass.blocked == {date(2027, 2, 10)}
    [show] = problem.performances
    assert (show.key, show.cohorts) == (str(ahead.pk), {cohort(1), cohort(3)})
    assert {"calm", "language:finska"} <= show.offers


def test_year_missed_is_owed_and_one_made_good_is_not(add_class, alby, performance, visit, came, planner, year):
    """Case 26: nothing in 2025/26 for one class, half the class caught up for another."""
    last_year = actions.open_year(2025, by=planner, at=AT)
    for name in ("4A", "4B"):
        counts = {2021: 20}
        actions.add_class(alby, last_year, name, counts, official=counts, by=planner, at=noon(2025, 9, 1))
    now = actions.carry_over(alby, last_year, year, by=planner, at=AT)
    assert [group.name for group in now] == ["5A", "5B"]
    caught = visit(now[1], performance, catch_up_year=last_year)
    problem = _build(year)
    assert {klass.name: (klass.missed, klass.had, klass.owed) for klass in problem.classes} == {"5A": (1, 0, 2), "5B": (1, 0, 2)}

    came(caught, 20)

    problem = _build(year, at=AFTER)
    assert {klass.name: (klass.missed, klass.owed) for klass in problem.classes} == {"5A": (1, 2), "5B": (0, 1)}


def test_what_stands_is_fixed_and_what_a_school_said_no_to_is_refused(
    add_class, alby, berga, offer, plan, visit, teacher, year, planner
):
    a, b = add_class(alby, "5A", {5: 20}), add_class(alby, "5B", {5: 20})
    performance = plan(offer)
    visit(a, performance)
    actions.answer_visit(visit(b, performance), "no", reason="Prao.", by=teacher, at=AT)

    problem = _build(year)

    assert problem.fixed == (Booking(str(a.pk), str(performance.pk)),)
    assert problem.refused == {(str(b.pk), str(performance.pk))}


def test_part_of_a_class_that_stands_is_named(add_class, alby, add_offer, plan, visit, year):
    group = add_class(alby, "1-3", {1: 8, 2: 7, 3: 6})
    performance = plan(add_offer("Små", [2, 3]))
    visit(group, performance)

    assert _build(year).fixed == (Booking(str(group.pk), str(performance.pk), (cohort(3), cohort(2))[::1]),)


def test_absentees_and_what_is_no_plans_take_their_seats_and_their_day(
    add_class, alby, add_offer, offer, plan, visit, came, year
):
    group = add_class(alby, "5A", {5: 24})
    first = visit(group, plan(offer, date(2026, 10, 1)))
    came(first, 20, at=AUTUMN)
    later = plan(offer, date(2027, 3, 2))
    visit(group, later, catch_up_of=first, pupils=4, adults=1)
    own = plan(add_offer("Egen konsert", [5], is_professional=False), date(2027, 3, 2))
    visit(add_class(alby, "5B", {5: 20}), own)

    problem = _build(year)

    assert problem.fixed == ()
    [show] = problem.performances
    assert (show.key, show.capacity.seats) == (str(later.pk), 55)
    assert all(klass.blocked == {date(2027, 3, 2)} for klass in problem.classes)


def test_class_that_grew_still_has_its_place(add_class, alby, add_offer, plan, visit, teacher, year):
    group = add_class(alby, "5A", {5: 28})
    performance = plan(add_offer("Full", [5], seats=30))
    visit(group, performance)
    actions.count_class(group, {cohort(5): 31}, by=teacher, at=AUTUMN)

    assert _build(year).performances[0].capacity.seats == 33
    assert performance.seats == 30


def test_schools_that_take_no_part_and_closed_classes_are_left_out(make_school, add_class, alby, performance, planner, year):
    friskolan = make_school("Friskolan", "10000008", organiser="independent")
    add_class(friskolan, "5A", {5: 20})
    actions.decline(friskolan, year, reason="Eget.", by=planner, at=AT)
    a, b = add_class(alby, "5A", {5: 20}), add_class(alby, "5B", {5: 20})
    actions.merge_classes([a, b], "5AB", day=date(2026, 10, 19), by=planner, at=AUTUMN)

    assert [klass.name for klass in _build(year).classes] == ["5AB"]


def test_seats_of_a_school_that_declines_afterwards_stay_taken(make_school, add_class, alby, performance, planner, visit, year):
    friskolan = make_school("Friskolan", "10000008", organiser="independent")
    visit(add_class(friskolan, "5A", {5: 20}), performance)
    add_class(alby, "5A", {5: 20})
    seats = _build(year).performances[0].capacity.seats

    actions.decline(friskolan, year, reason="Eget.", by=planner, at=AUTUMN)
    problem = _build(year)

    assert problem.fixed == ()
    assert problem.performances[0].capacity.seats == seats - 22


def test_performances_that_have_begun_or_are_cancelled_or_only_drafts_are_left_out(
    add_class, alby, add_offer, plan, planner, year
):
    add_class(alby, "5A", {5: 20})
    plan(add_offer("Över", [5]), date(2026, 10, 1))
    plan(add_offer("Utkast", [5], publish=False))
    actions.cancel_performance(plan(add_offer("Inställd", [5])), reason="Sjuk.", by=planner, at=AT)
    kept = plan(add_offer("Kvar", [5]))

    assert [show.key for show in _build(year).performances] == [str(kept.pk)]


def test_touring_performance_without_steps_is_refused_where_the_hall_has_them(
    add_class, make_school, add_offer, plan, alby, year, planner
):
    """Case 19."""
    steps = make_school("Trappskolan", "10000005", hall_capacity=100, hall_step_free=False)
    there, here = add_class(steps, "5A", {5: 20}, wheelchairs=1), add_class(alby, "5A", {5: 20}, wheelchairs=1)
    performance = plan(add_offer("Turné", [5], is_touring=True), is_touring=True, place="")

    problem = _build(year)

    assert problem.refused == {(str(there.pk), str(performance.pk))}
    assert "step_free" in problem.performances[0].offers
    actions.choose_host(performance, alby, by=planner, at=AT)
    assert _build(year).hosts == (Host(str(performance.pk), "10000001"),)
    assert here.pk


def test_class_whose_performance_was_cancelled_stands_first_in_line(
    add_class, alby, offer, plan, visit, came, planner, add_offer, year
):
    """Case 9."""
    group = add_class(alby, "5A", {5: 20})
    came(visit(group, plan(add_offer("Förr", [5]), date(2026, 10, 1))), 5, at=AUTUMN)
    cancelled = plan(offer)
    visit(group, cancelled)
    actions.cancel_performance(cancelled, reason="Sjuk.", by=planner, at=AUTUMN)
    plan(offer, date(2027, 3, 3))

    assert _build(year).classes[0].last_visit is None


def test_stored_problem_is_the_same_problem(add_class, alby, berga, add_offer, plan, visit, year):
    for school in (alby, berga):
        add_class(school, "F-1", {0: 12, 1: 10}, needs=["hearing_loop"], language="Finska")
    visit(add_class(alby, "5A", {5: 20}), plan(add_offer("Trollet", [5])))
    plan(add_offer("Turné", [0, 1], is_touring=True), is_touring=True, place="")

    problem = _build(year)

    assert thawed(frozen(problem)) == problem
    assert digest(thawed(frozen(problem))) == digest(_build(year))


def test_problem_takes_the_same_queries_for_one_class_and_thirty(
    make_school, add_class, add_offer, plan, visit, year, django_assert_max_num_queries
):
    counts = []
    for number in range(3):
        school = make_school(f"Skola {number}", f"2000000{number}")
        performance = plan(add_offer(f"Verk {number}", [5], seats=None, groups=40), date(2027, 2, 1 + number))
        for letter in range(10 if number == 2 else 1):
            visit(add_class(school, f"5{'ABCDEFGHIJ'[letter]}", {5: 20}), performance)
        with django_assert_max_num_queries(20) as seen:
            _build(year)
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts
    assert ClassGroup.objects.count() == 12


@pytest.mark.parametrize("seed", [0, 7])
def test_seed_is_part_of_the_problem(add_class, alby, performance, year, seed):
    add_class(alby, "5A", {5: 20})

    assert build(year, at=AUTUMN, seed=seed).seed == seed
