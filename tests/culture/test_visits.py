"""Visits: places, confirmations, corrections, cancellations. The cases of the culture guarantee, by number."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from culture import actions
from culture.choices import VisitStatus
from culture.models import Attendance, Message, Performance, Visit
from records.models import Event, Letter
from records.refusals import NotAllowedNow
from tests.culture.conftest import AFTER, AT, cohort, noon


def _code(refused):
    return refused.value.code


def test_seats_are_counted_with_the_adults(add_class, alby, add_offer, plan, visit):
    """Case 30: 28 + 2, then 20 + 1 in fifty seats is one too many."""
    performance = plan(add_offer("Rum", [5], seats=50))
    visit(add_class(alby, "5A", {5: 28}), performance)

    with pytest.raises(actions.Full) as refused:
        visit(add_class(alby, "5B", {5: 20}, adults=1), performance)

    assert (refused.value.seats_short, refused.value.groups_short) == (1, 0)
    assert Performance.objects.get().seats_taken == 30


def test_as_groups_both_have_room(add_class, alby, add_offer, plan, visit):
    """Case 30."""
    performance = plan(add_offer("Rum", [5], seats=None, groups=2))
    visit(add_class(alby, "5A", {5: 28}), performance)
    visit(add_class(alby, "5B", {5: 20}, adults=1), performance)

    with pytest.raises(actions.Full) as refused:
        visit(add_class(alby, "5C", {5: 3}), performance)

    assert (refused.value.seats_short, refused.value.groups_short) == (0, 1)


def test_the_database_itself_refuses_one_too_many(add_class, alby, performance, visit):
    booked = visit(add_class(alby, "5A", {5: 28}), performance)

    with pytest.raises(IntegrityError, match="performance_seats_never_exceeded"), transaction.atomic():
        Visit.objects.filter(pk=booked.pk).update(pupils=59, adults=2, seats=61)

    performance.refresh_from_db()
    assert performance.seats_taken == 30


def test_same_class_is_refused_twice_to_the_same_event(add_class, alby, offer, plan, performance, visit, planner):
    """Case 44: another day, another teacher, the class written "5 a"."""
    group = add_class(alby, "5A", {5: 20})
    visit(group, performance)

    with pytest.raises(NotAllowedNow) as refused:
        visit(group, plan(offer, date(2027, 2, 11)))
    assert _code(refused) == "same_event"
    with pytest.raises(NotAllowedNow) as refused:
        add_class(alby, "5 a", {5: 20})
    assert _code(refused) == "same_class"


def test_class_goes_to_one_thing_a_day(add_class, alby, add_offer, plan, performance, visit):
    group = add_class(alby, "5A", {5: 20})
    visit(group, performance)

    with pytest.raises(NotAllowedNow) as refused:
        visit(group, plan(add_offer("Dansen", [5])))

    assert _code(refused) == "same_day"


def test_visit_is_of_one_school_year(add_class, alby, performance, visit, planner):
    booked = visit(add_class(alby, "5A", {5: 20}), performance)
    next_year = actions.open_year(2027, by=None, at=AT)
    other = actions.add_class(alby, next_year, "6A", {2022: 20}, by=None, at=AT)

    with pytest.raises(NotAllowedNow) as refused:
        actions.give_place(other, performance, by=planner, at=AT)
    assert _code(refused) == "year"
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=booked.pk).update(class_group=other, performance=performance)


def test_cancelled_performance_gives_back_everything_and_tells_each_school_once(
    add_class, alby, berga, make_school, add_offer, plan, visit, planner, reached
):
    """Case 9: three classes of three schools, 30, 28 and 25."""
    performance = plan(add_offer("Stor", [5], seats=100))
    cora = make_school("Coraskolan", "10000003", email="cora@skola.example")
    groups = [add_class(school, "5A", {5: n}) for school, n in ((alby, 30), (berga, 28), (cora, 25))]
    for group in groups:
        visit(group, performance)

    actions.cancel_performance(performance, reason="Skådespelaren är sjuk.", by=planner, at=noon(2027, 2, 10, 7))

    performance.refresh_from_db()
    assert (performance.seats_taken, performance.groups_taken, performance.status) == (0, 0, "cancelled")
    assert [reached(group) for group in groups] == [(0, 30), (0, 28), (0, 25)]
    rows = Visit.objects.order_by("pk")
    assert {(row.status, row.cancelled_by, row.priority) for row in rows} == {("cancelled", "performance", True)}
    letters = Letter.objects.filter(key__startswith="culture.cancelled")
    assert sorted(letters.values_list("to", flat=True)) == [
        ["alby@skola.example"],
        ["berga@skola.example"],
        ["cora@skola.example"],
    ]
    assert all("Skådespelaren är sjuk." in letter.html for letter in letters)
    with pytest.raises(NotAllowedNow):
        actions.cancel_performance(performance, reason="Igen.", by=planner, at=AFTER)
    assert Message.objects.filter(kind="cancelled").count() == 3


def test_class_whose_performance_was_cancelled_can_go_to_the_event_another_day(
    add_class, alby, offer, plan, performance, visit, planner
):
    """Case 9: back to not planned."""
    group = add_class(alby, "5A", {5: 20})
    visit(group, performance)
    actions.cancel_performance(performance, reason="Sjukdom.", by=planner, at=AT)

    assert visit(group, plan(offer, date(2027, 3, 3))).status == VisitStatus.BOOKED


def test_performance_that_schools_confirmed_is_not_cancelled_without_a_correction(
    add_class, alby, berga, performance, visit, came, planner, reached
):
    """Case 10: refused, and then corrected with a reason; the log keeps old and new."""
    groups = [add_class(alby, "5A", {5: 26}), add_class(berga, "5A", {5: 20})]
    for group, n in zip(groups, (26, 20), strict=True):
        came(visit(group, performance), n)

    with pytest.raises(NotAllowedNow) as refused:
        actions.cancel_performance(performance, reason="Blev aldrig av.", by=planner, at=AFTER)
    assert _code(refused) == "confirmed"
    assert str(refused.value).startswith("2 skolor")
    assert reached(groups[0]) == (26, 26)

    actions.cancel_performance(performance, reason="Blev aldrig av.", by=planner, at=AFTER, correcting=True)

    assert [reached(group) for group in groups] == [(0, 26), (0, 20)]
    first = Visit.objects.order_by("pk").first()
    assert [(row.number, row.pupils, row.reason) for row in first.attendances.all()] == [(1, 26, ""), (2, 0, "Blev aldrig av.")]
    events = Event.objects.filter(verb="culture.attendance_corrected").order_by("pk")
    assert [event.changes["pupils"] for event in events] == [[26, 0], [20, 0]]


def test_confirming_twice_is_one_confirmation(add_class, alby, performance, visit, teacher, rector, reached):
    """Case 11: a teacher and an administrator press within the same second."""
    group = add_class(alby, "5A", {5: 25})
    booked = visit(group, performance)

    first = actions.confirm_visit(booked, 25, by=teacher, at=AFTER)
    second = actions.confirm_visit(booked, 25, by=rector, at=AFTER)

    assert (first.again, second.again) == (False, True)
    assert second.attendance == first.attendance
    assert Attendance.objects.count() == 1
    assert Event.objects.filter(verb="culture.visit_confirmed").count() == 1
    assert reached(group) == (25, 25)


def test_second_number_is_a_correction_and_never_a_sum(add_class, alby, performance, visit, teacher, rector, reached):
    """Case 12."""
    group = add_class(alby, "5A", {5: 25})
    booked = visit(group, performance)

    actions.confirm_visit(booked, 25, by=teacher, at=AFTER)
    actions.confirm_visit(booked, 23, by=rector, at=AFTER)

    assert reached(group) == (23, 25)
    assert [(row.pupils, row.by) for row in booked.attendances.all()] == [(25, teacher), (23, rector)]
    assert Event.objects.get(verb="culture.attendance_corrected").changes["pupils"] == [25, 23]


def test_what_was_said_cannot_be_rewritten(add_class, alby, performance, visit, came):
    """Case 12: by the database."""
    said = came(visit(add_class(alby, "5A", {5: 25}), performance), 25)

    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Attendance.objects.filter(pk=said.attendance.pk).update(pupils=48)


def test_more_than_enrolled_is_asked_about(add_class, alby, performance, visit, teacher, reached):
    """Case 13."""
    group = add_class(alby, "5A", {5: 22})
    booked = visit(group, performance)

    with pytest.raises(actions.AskFirst) as asked:
        actions.confirm_visit(booked, 24, by=teacher, at=AFTER)
    assert str(asked.value).startswith("24 kom, men klassen har 22 elever.")
    assert not Attendance.objects.exists()

    said = actions.confirm_visit(booked, 24, by=teacher, at=AFTER, guests=True)

    assert (said.visit.attended, said.visit.surplus) == (24, 2)
    assert reached(group) == (22, 22)


def test_visit_is_not_confirmed_before_it_has_begun(add_class, alby, performance, visit, teacher):
    booked = visit(add_class(alby, "5A", {5: 22}), performance)

    with pytest.raises(NotAllowedNow) as refused:
        actions.confirm_visit(booked, 22, by=teacher, at=noon(2027, 2, 9))

    assert _code(refused) == "not_begun"


def test_nobody_is_said_as_missed_with_a_reason(add_class, alby, performance, visit, teacher, reached):
    group = add_class(alby, "5A", {5: 22})
    booked = visit(group, performance)
    with pytest.raises(NotAllowedNow) as refused:
        actions.confirm_visit(booked, 0, by=teacher, at=AFTER)
    assert _code(refused) == "nobody"

    actions.miss_visit(booked, reason="Bussen kom inte.", by=teacher, at=AFTER)
    assert reached(group) == (0, 22)

    actions.confirm_visit(booked, 21, by=teacher, at=AFTER)
    assert reached(group) == (21, 22)
    assert [row.missed for row in booked.attendances.all()] == [True, False]


def test_absentees_are_caught_up_by_a_visit_of_their_own(add_class, alby, offer, plan, performance, visit, came, reached):
    """Case 28: 20 of 24, then 5 who were absent: everybody, and one too many."""
    group = add_class(alby, "5A", {5: 24})
    first = visit(group, performance)
    came(first, 20, absent=4)
    caught = visit(group, plan(offer, date(2027, 3, 2)), catch_up_of=first, pupils=4, adults=1)

    with pytest.raises(actions.AskFirst):
        came(caught, 5)
    said = came(caught, 5, guests=True)

    assert reached(group) == (24, 24)
    assert said.visit.surplus == 1


def test_without_the_absentees_mark_the_larger_visit_counts(add_class, alby, add_offer, plan, performance, visit, came, reached):
    """Case 28."""
    group = add_class(alby, "5A", {5: 24})
    came(visit(group, performance), 20)
    came(visit(group, plan(add_offer("Dansen", [5]), date(2027, 3, 2))), 5)

    assert reached(group) == (20, 24)


def test_grades_of_a_mixed_class_are_told_apart(add_class, alby, add_offer, plan, visit, came, reached):
    """Case 2: an event for grades 2 and 3 of a class 1-3."""
    group = add_class(alby, "1-3", {1: 8, 2: 7, 3: 6})
    booked = visit(group, plan(add_offer("Små", [2, 3])))
    assert booked.pupils == 13

    came(booked, {cohort(2): 7, cohort(3): 6})

    assert reached(group) == (13, 21)
    figures = {part.grade: (part.coverage.reached, part.coverage.official) for part in group.fragments.all()}
    assert figures == {1: (0, 8), 2: (7, 7), 3: (6, 6)}


def test_without_a_split_each_grade_is_an_interval(add_class, alby, add_offer, plan, visit, came, reached):
    """Case 1: 20 of 21 came; each grade has lost at most one."""
    group = add_class(alby, "1-3", {1: 8, 2: 7, 3: 6})
    came(visit(group, plan(add_offer("Alla", [1, 2, 3]))), 20)

    assert reached(group) == (20, 21)
    figures = {part.grade: (part.coverage.reached, part.coverage.upper) for part in group.fragments.all()}
    assert figures == {1: (7, 8), 2: (6, 7), 3: (5, 6)}


def test_part_of_a_class_for_which_it_is_not_meant_comes_only_when_allowed(add_class, alby, add_offer, plan, visit):
    group = add_class(alby, "F-1", {0: 12, 1: 10})
    performance = plan(add_offer("Bara F", [0]))

    with pytest.raises(NotAllowedNow) as refused:
        visit(group, performance, cohorts=[cohort(0), cohort(1)])
    assert _code(refused) == "grade"

    booked = visit(group, performance, cohorts=[cohort(0), cohort(1)], reason="Läraren är ensam med båda årskurserna.")
    assert [(part.pupils, part.off_grade) for part in booked.parts.order_by("pupils")] == [(10, True), (12, False)]


def test_preschool_class_in_a_mixed_class_is_a_fragment_of_its_own(add_class, alby, add_offer, plan, visit, came):
    """Case 23: 12 in F and 10 in grade 1; the event is for F only."""
    group = add_class(alby, "F-1", {0: 12, 1: 10})
    came(visit(group, plan(add_offer("Bara F", [0]))), 12)

    figures = {part.grade: (part.coverage.reached, part.coverage.official) for part in group.fragments.all()}
    assert figures == {0: (12, 12), 1: (0, 10)}


def test_accessible_performance_is_the_only_one_for_a_class_that_needs_it(add_class, alby, add_offer, plan, visit):
    """Case 19."""
    group = add_class(alby, "Gran 5", {5: 6}, needs=["step_free"], is_adapted=True)

    with pytest.raises(NotAllowedNow) as refused:
        visit(group, plan(add_offer("Trappor", [5])))
    assert _code(refused) == "access"

    assert visit(group, plan(add_offer("Ramp", [5], access=["step_free"]), date(2027, 2, 11)))


def test_unprofessional_event_is_an_activity_and_does_not_count(add_class, alby, add_offer, plan, visit, came, reached):
    """Case 40."""
    group = add_class(alby, "5A", {5: 25})
    said = came(visit(group, plan(add_offer("Egen konsert", [5], is_professional=False))), 25)

    assert said.visit.status == VisitStatus.CONFIRMED
    assert reached(group) == (0, 25)


def test_event_that_turns_out_to_be_professional_counts_at_once(add_class, alby, add_offer, plan, visit, came, reached, planner):
    group = add_class(alby, "5A", {5: 25})
    offer = add_offer("Kvartetten", [5], is_professional=False)
    came(visit(group, plan(offer)), 25)

    actions.change_offer(offer, is_professional=True, by=planner, at=AFTER)

    assert reached(group) == (25, 25)


def test_new_pupils_in_march_are_in_the_figures_of_today_alone(add_class, alby, performance, visit, came, teacher, reached, live):
    """Case 39."""
    group = add_class(alby, "5A", {5: 24})
    came(visit(group, performance), 24)

    actions.count_class(group, {cohort(5): 26}, by=teacher, at=AFTER)

    assert reached(group) == (24, 24)
    assert live(group) == (24, 26)
