"""Classes counted, merged and split; schools that close, decline and confirm their lists."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from culture import actions
from culture.models import BlockedDays, ClassCoverage, ClassGroup, Count, Fragment, FragmentCoverage, ListConfirmation, School
from culture.problem import build
from culture.rules.years import SchoolYear as Year
from culture.rules.years import grade_label
from records.models import Event
from records.refusals import NotAllowedNow
from tests.culture.conftest import AFTER, AT, cohort, noon

JANUARY = noon(2027, 1, 10)


def _sum(groups, *names):
    rows = ClassCoverage.objects.filter(class_group__in=[group.pk for group in groups])
    return tuple(sum(getattr(row, name) for row in rows) for name in names)


def test_merged_classes_keep_their_official_figures_and_carry_the_live_ones(
    add_class, alby, offer, plan, visit, came, planner, reached, live
):
    """Case 5: 22 of 24 and 0 of 20 become 22 of 44; the grade is 22 of 44 and never of 88."""
    a, b = add_class(alby, "6A", {5: 24}), add_class(alby, "6B", {5: 20})
    came(visit(a, plan(offer, date(2026, 12, 1))), 22, at=JANUARY)

    ab = actions.merge_classes([a, b], "6AB", day=date(2027, 1, 10), by=planner, at=JANUARY)

    assert live(ab) == (22, 44)
    assert (reached(a), reached(b)) == ((22, 24), (0, 20))
    assert _sum([a, b, ab], "reached", "official") == (22, 44)
    assert _sum([a, b, ab], "live_reached", "live") == (22, 44)
    assert list(ClassGroup.objects.running()) == [ab]


def test_what_a_merged_class_sees_comes_back_to_the_official_classes(add_class, alby, offer, plan, visit, came, planner):
    """Case 5: forty of the merged forty-four: the two old classes have reached forty together, not less."""
    a, b = add_class(alby, "6A", {5: 24}), add_class(alby, "6B", {5: 20})
    ab = actions.merge_classes([a, b], "6AB", day=date(2027, 1, 10), by=planner, at=JANUARY)

    came(visit(ab, plan(offer), at=JANUARY), 40)

    assert _sum([a, b, ab], "reached", "extra", "official") == (36, 4, 44)
    assert _sum([a, b, ab], "live_reached", "live_extra", "live") == (40, 0, 44)


def test_split_class_gives_both_halves_what_it_saw(add_class, alby, offer, plan, visit, came, planner, live, reached):
    """Case 7: 26 of 26, then two of 13."""
    group = add_class(alby, "4C", {5: 26})
    came(visit(group, plan(offer, date(2026, 12, 1))), 26, at=JANUARY)

    one, two = actions.split_class(
        group,
        {"4C1": {cohort(5): 13}, "4C2": {cohort(5): 13}},
        day=date(2027, 2, 1),
        by=planner,
        at=noon(2027, 2, 1),
    )

    assert (live(one), live(two)) == ((13, 13), (13, 13))
    assert reached(group) == (26, 26)
    assert _sum([group, one, two], "live_reached", "live") == (26, 26)
    assert _sum([group, one, two], "reached", "official") == (26, 26)


def test_split_must_come_out_even(add_class, alby, planner):
    group = add_class(alby, "4C", {5: 26})

    into = {"4C1": {cohort(5): 13}, "4C2": {cohort(5): 12}}
    with pytest.raises(NotAllowedNow) as refused:
        actions.split_class(group, into, day=date(2027, 2, 1), by=planner, at=JANUARY)

    assert refused.value.code == "sum"


def test_visits_ahead_of_a_merged_class_are_given_back_and_it_goes_first(add_class, alby, performance, visit, planner):
    a, b = add_class(alby, "6A", {5: 24}), add_class(alby, "6B", {5: 20})
    booked = visit(a, performance)

    actions.merge_classes([a, b], "6AB", day=date(2027, 1, 10), by=planner, at=JANUARY)

    booked.refresh_from_db()
    performance.refresh_from_db()
    assert (booked.status, booked.priority, performance.seats_taken) == ("cancelled", True, 0)


def test_merging_is_undone_whole_when_a_name_is_taken(add_class, alby, planner):
    a, b = add_class(alby, "6A", {5: 24}), add_class(alby, "6B", {5: 20})
    add_class(alby, "6AB", {5: 1})

    with pytest.raises(NotAllowedNow) as refused:
        actions.merge_classes([a, b], "6ab", day=date(2027, 1, 10), by=planner, at=JANUARY)

    assert refused.value.code == "same_class"
    assert ClassGroup.objects.running().count() == 3


def test_grade_follows_from_the_cohort_whoever_writes(add_class, alby):
    part = add_class(alby, "5A", {5: 20}).fragments.get()

    Fragment.objects.filter(pk=part.pk).update(cohort=cohort(3), grade=7)

    part.refresh_from_db()
    assert part.grade == 3


def test_counts_are_dated_rows_and_the_latest_is_in_force(add_class, alby, teacher, planner):
    group = add_class(alby, "5A", {5: 20}, official=False)
    actions.count_class(group, {cohort(5): 21}, by=teacher, at=noon(2026, 9, 20))
    actions.count_class(group, {cohort(5): 21}, by=teacher, at=noon(2026, 9, 21))

    assert list(Count.objects.values_list("day", "pupils")) == [(date(2026, 9, 1), 20), (date(2026, 9, 20), 21)]
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Count.objects.update(pupils=99)


def test_measuring_date_takes_the_pupils_of_that_day_once(add_class, alby, teacher, year):
    group = add_class(alby, "5A", {5: 20}, official=False)
    actions.count_class(group, {cohort(5): 22}, by=teacher, at=noon(2026, 10, 10))
    actions.count_class(group, {cohort(5): 25}, by=teacher, at=noon(2026, 10, 20))
    late = actions.add_class(alby, year, "5B", {cohort(5): 9}, by=teacher, at=noon(2026, 10, 20), opened_on=date(2026, 10, 19))

    assert actions.measure_due(at=noon(2026, 10, 14)) == 0
    assert actions.measure_due(at=noon(2026, 10, 21)) == 1
    assert actions.measure_due(at=noon(2026, 10, 22)) == 0

    assert group.fragments.get().official == 22
    assert late.fragments.get().official is None
    assert ClassCoverage.objects.get(class_group=late).official == 0


def test_official_figures_are_corrected_only_by_an_officer_with_a_reason(add_class, alby, teacher, planner, reached):
    group = add_class(alby, "5A", {5: 20})

    for by, reason in ((teacher, "Vi räknade fel."), (planner, "")):
        with pytest.raises(NotAllowedNow) as refused:
            actions.count_class(group, {cohort(5): 21}, kind="official", by=by, at=AFTER, reason=reason)
        assert refused.value.code == "official"

    actions.count_class(group, {cohort(5): 21}, kind="official", by=planner, at=AFTER, reason="Skolan räknade fel.")
    assert reached(group) == (0, 21)


def test_hospital_school_claims_no_more_than_it_had_on_the_day(make_school, add_class, offer, plan, visit, came, reached):
    """Case 22: 3 pupils on 15 October, 9 different over the year."""
    hospital = make_school("Sjukhusskolan", "10000009", kinds=["hospital"])
    group = add_class(hospital, "Grupp 1", {5: 3})
    came(visit(group, plan(offer)), 9, guests=True)

    assert reached(group) == (3, 3)
    assert hospital.is_mobile


def test_independent_school_declines_and_stays_in_the_count(make_school, add_class, alby, planner, year):
    """Case 20."""
    friskolan = make_school("Friskolan", "10000008", organiser="independent")
    group = add_class(friskolan, "4F", {4: 18})

    actions.decline(friskolan, year, reason="Vi har eget program.", by=planner, at=noon(2027, 1, 15))
    actions.decline(friskolan, year, reason="Vi har eget program.", by=planner, at=noon(2027, 1, 16))

    assert friskolan.participation.get().declined_on == date(2027, 1, 15)
    assert ClassCoverage.objects.get(class_group=group).official == 18
    with pytest.raises(NotAllowedNow) as refused:
        actions.decline(alby, year, reason="Nej.", by=planner, at=AT)
    assert refused.value.code == "organiser"


def test_closed_school_is_warned_of_until_an_officer_says_what_came_after(make_school, planner):
    """Case 36."""
    old = make_school("Gamla skolan", "29293076", status="closed")
    new = make_school("Nya skolan", "35822371")
    assert list(School.objects.closed_without_successor()) == [old]

    actions.follow(old, new, by=planner, at=AT)

    assert list(School.objects.closed_without_successor()) == []
    assert list(new.predecessors.all()) == [old]
    with pytest.raises(NotAllowedNow) as refused:
        actions.follow(new, old, by=planner, at=AT)
    assert refused.value.code == "not_closed"


def test_two_schools_with_the_same_years_classes_are_not_one(make_school, add_class, planner):
    """Case 36: no double denominator."""
    old, new = make_school("Gamla skolan", "29293076", status="closed"), make_school("Nya skolan", "35822371")
    add_class(old, "5A", {5: 20})
    add_class(new, "5A", {5: 20})

    with pytest.raises(NotAllowedNow) as refused:
        actions.follow(old, new, by=planner, at=AT)

    assert refused.value.code == "double"


def test_school_confirms_its_list_once_for_each_state_of_it(add_class, alby, teacher, year):
    group = add_class(alby, "5A", {5: 20}, official=False)
    first = actions.confirm_list(alby, year, by=teacher, at=AT)
    assert actions.confirm_list(alby, year, by=teacher, at=noon(2026, 9, 2)) == first

    actions.count_class(group, {cohort(5): 21}, by=teacher, at=noon(2026, 9, 3))
    actions.confirm_list(alby, year, by=teacher, at=noon(2026, 9, 4))

    assert list(ListConfirmation.objects.order_by("pk").values_list("pupils", flat=True)) == [20, 21]


def test_empty_list_is_not_confirmed(alby, teacher, year):
    with pytest.raises(NotAllowedNow) as refused:
        actions.confirm_list(alby, year, by=teacher, at=AT)
    assert refused.value.code == "empty"


def test_school_speaks_only_for_itself(add_class, berga, teacher, stranger):
    group = add_class(berga, "5A", {5: 20})

    for by in (teacher, stranger):
        with pytest.raises(NotAllowedNow) as refused:
            actions.count_class(group, {cohort(5): 21}, by=by, at=AT)
        assert refused.value.code == "not_allowed"
        assert list(ClassGroup.objects.visible_to(by)) == []


def test_days_that_do_not_suit_keep_a_class_away(add_class, alby, teacher, performance, visit, planner, year):
    group = add_class(alby, "5A", {5: 20})
    row = actions.block_days(alby, date(2027, 2, 8), date(2027, 2, 12), year=year, by=teacher, at=AT, reason="Prao")

    with pytest.raises(NotAllowedNow) as refused:
        visit(group, performance)
    assert refused.value.code == "blocked"

    actions.unblock_days(row, year=year, by=teacher, at=AT)
    assert not BlockedDays.objects.exists()
    assert visit(group, performance)


def test_next_years_classes_are_proposed_a_year_older(add_class, alby, planner, year):
    add_class(alby, "5A", {5: 20}, adults=3)
    add_class(alby, "9A", {9: 20})
    add_class(alby, "F-1", {0: 8, 1: 7})
    after = actions.open_year(2027, by=planner, at=AFTER)

    made = actions.carry_over(alby, year, after, by=planner, at=AFTER)
    again = actions.carry_over(alby, year, after, by=planner, at=AFTER)

    assert [(group.name, group.adults, group.previous.name) for group in made] == [("6A", 3, "5A"), ("1-2", 2, "F-1")]
    assert again == []
    assert sorted(FragmentCoverage.objects.filter(year=after).values_list("grade", "live")) == [(1, 8), (2, 7), (6, 20)]


@pytest.mark.parametrize("typed", ["Anna 20150709-9802 var sjuk", "150709-9802", "201507099802"])
def test_personal_number_is_refused_and_leaves_no_trace(add_class, alby, performance, visit, teacher, typed):
    """Case 25."""
    booked = visit(add_class(alby, "5A", {5: 25}), performance)
    events = Event.objects.count()

    with pytest.raises(NotAllowedNow) as refused:
        actions.confirm_visit(booked, 24, by=teacher, at=AFTER, remark=typed)
    with pytest.raises(NotAllowedNow):
        actions.miss_visit(booked, reason=typed, by=teacher, at=AFTER)

    assert refused.value.code == "personal_number"
    assert "Skriv hur många det gäller" in str(refused.value)
    assert not booked.attendances.exists()
    assert Event.objects.count() == events


def test_class_that_was_entered_by_mistake_leaves_the_count(add_class, alby, teacher, planner, reached):
    group = add_class(alby, "5A", {5: 25})
    with pytest.raises(NotAllowedNow):
        actions.remove_class(group, reason="Fel.", by=teacher, at=AT)

    actions.remove_class(group, reason="Klassen finns inte.", by=planner, at=AT)

    assert reached(group) == (0, 0)


def test_official_and_reached_are_kept_true_by_the_database(add_class, alby):
    group = add_class(alby, "5A", {5: 25})

    with pytest.raises(IntegrityError, match="class_reached_is_among_its_pupils"), transaction.atomic():
        ClassCoverage.objects.filter(class_group=group).update(reached=26, upper=26)


def test_class_that_is_read_in_anew_is_joined_to_what_it_was_last_year(add_class, alby, planner, year):
    old = add_class(alby, "5A", {5: 20})
    other = add_class(alby, "5B", {5: 20})
    after = actions.open_year(2027, by=planner, at=AFTER)

    group = actions.add_class(alby, after, "6 a", {cohort(5): 21}, by=planner, at=AFTER)
    stranger = actions.add_class(alby, after, "6b", {2025: 9}, by=planner, at=AFTER)

    assert group.previous == old
    assert stranger.previous is None, "same name as 5B would have had, but other pupils"
    assert not other.following.exists()


def test_history_and_what_is_owed_follow_a_closed_school_to_the_one_after_it(
    make_school, add_class, offer, plan, visit, came, planner, year
):
    """Case 36: once an officer has said which."""
    old, new = make_school("Gamla skolan", "29293076"), make_school("Nya skolan", "35822371")
    met = add_class(old, "4A", {4: 20})
    missed = add_class(old, "4B", {4: 20})
    came(visit(met, plan(actions.change_offer(offer, grades=[4, 5], by=planner, at=AT))), 20)
    after = actions.open_year(2027, by=planner, at=AFTER)
    actions.change_school(old, status="closed", by=planner, at=AFTER)
    assert actions.carry_over(new, year, after, by=planner, at=AFTER) == []

    actions.follow(old, new, by=planner, at=AFTER)
    a, b = actions.carry_over(new, year, after, by=planner, at=AFTER)

    assert (a.previous, b.previous) == (met, missed)
    plan(offer, date(2027, 9, 14))
    problem = build(after, at=noon(2027, 8, 20), seed=1)
    assert {klass.name: (klass.missed, klass.seen) for klass in problem.classes} == {
        "5A": (0, {str(offer.pk)}),
        "5B": (1, set()),
    }


def test_missed_year_stays_missed_though_it_is_made_good(add_class, alby, performance, visit, came, planner, year, reached):
    """Case 26: 0 of 25 for ever; the visit that makes it good does not count for this year."""
    last_year = actions.open_year(2025, by=planner, at=AT)
    old = actions.add_class(alby, last_year, "3B", {2022: 25}, official={2022: 25}, by=planner, at=noon(2025, 9, 1))
    [now] = actions.carry_over(alby, last_year, year, by=planner, at=AT)
    actions.count_class(now, {2022: 25}, kind="official", by=planner, at=AT)

    actions.change_offer(performance.offer, grades=[4], by=planner, at=AT)
    came(visit(now, performance, catch_up_year=last_year), 25)

    assert (reached(old), reached(now)) == ((0, 25), (0, 25))


def test_ten_year_school_is_a_matter_of_names_for_the_cohorts(add_class, alby, planner, year):
    """Case 37: F and grade 8 of 2027/28 are grades 2 and 10 the year after, and nobody changes cohort."""
    before = actions.open_year(2027, by=planner, at=AFTER)
    for name, autumn in (("F", 2027), ("8A", 2019)):
        actions.add_class(alby, before, name, {autumn: 20}, by=planner, at=noon(2027, 9, 1))
    after = actions.open_year(2028, by=planner, at=noon(2028, 6, 1))
    made = actions.carry_over(alby, before, after, by=planner, at=noon(2028, 8, 1))
    new = actions.add_class(alby, after, "1A", {2028: 20}, by=planner, at=noon(2028, 8, 20))

    labels = {part.cohort: grade_label(part.cohort, Year(2028)) for group in [*made, new] for part in group.fragments.all()}
    assert labels == {2027: "2", 2019: "10", 2028: "1"}
