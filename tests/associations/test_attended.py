"""Many associations' attendance in a period: the database counts what the rules count, and tells persons from participations."""

from datetime import date, time

import pytest

from associations import actions
from associations.attended import Attended, Reach, attended, summed
from associations.attending import BANDS, attendance_of
from associations.models import ActivitySession
from associations.rules.attendance import by_age_and_sex
from records.values import Period

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
USUAL = {"weekday": None, "starts": None, "minutes": None, "activity": "Teater", "place": ""}


@pytest.fixture
def card(association, alice, at):
    """card("Ungteatern", [(2014, "female"), ...]): a group and its people."""

    def make(name, born, of=association, by=alice):
        group = actions.save_group(of, name=name, by=by, at=at, **USUAL)
        facts = {"lives_here": True, "is_member": True, "leads": False, "by": by, "at": at}
        people = [actions.save_person(group, name=f"{name} {n}", birth_year=b, sex=s, **facts) for n, (b, s) in enumerate(born)]
        return group, people

    return make


@pytest.fixture
def mark(alice, at):
    def save(group, people, day, by=alice):
        changes = {person.pk: "present" for person in people}
        return actions.mark(group, day=day, starts=time(18), minutes=90, changes=changes, by=by, at=at)

    return save


def test_participations_and_persons_are_told_apart(association, card, mark):
    group, people = card("Ungteatern", [(2014, "female"), (2014, "female"), (2010, "male"), (1990, "")])
    mark(group, people, date(2026, 3, 2))
    mark(group, people[:1], date(2026, 3, 9))
    mark(group, people, date(2025, 12, 31))

    found = attended([association.pk], YEAR)[association.pk]

    assert (found.sessions, found.minutes, found.reach) == (2, 180, Reach(5, 4))
    assert (found.girls, found.boys, found.by_sex[""]) == (Reach(3, 2), Reach(1, 1), Reach(1, 1))
    assert found.cells == {(1, "female"): Reach(3, 2), (2, "male"): Reach(1, 1), (4, ""): Reach(1, 1)}
    assert not found.at_least


def test_who_turns_a_year_in_the_period_is_one_person_in_two_ages(association, card, mark):
    group, people = card("Ungteatern", [(2013, "female")])
    mark(group, people, date(2025, 12, 20))
    mark(group, people, date(2026, 1, 10))

    found = attended([association.pk], Period(date(2025, 7, 1), date(2026, 7, 1)))[association.pk]

    assert found.girls == Reach(2, 1)
    assert found.cells == {(1, "female"): Reach(1, 1), (2, "female"): Reach(1, 1)}


def test_people_who_are_only_numbers_count_as_the_most_at_one_time(association, card, mark):
    group, people = card("Ungteatern", [(2014, "female")])
    first, second = mark(group, people, date(2026, 3, 2)), mark(group, people, date(2026, 3, 9))
    ActivitySession.objects.filter(pk=first.pk).update(
        anonymous=[[2014, "female", 3, False, False], [1980, "male", 1, True, False]]
    )
    ActivitySession.objects.filter(pk=second.pk).update(
        anonymous=[[2014, "female", 1, False, False], [2012, "male", 1, False, False]]
    )

    found = attended([association.pk], YEAR)[association.pk]

    assert found.at_least
    assert (found.reach, found.girls, found.boys) == (Reach(7, 4), Reach(6, 4), Reach(1, 1))


def test_a_group_without_a_session_is_silent_and_a_closed_one_is_no_group(association, card, mark, alice, at):
    group, people = card("Ungteatern", [(2014, "female")])
    mark(group, people, date(2026, 3, 2))
    card("Kören", [])
    actions.close_group(card("Cirkusen", [])[0], by=alice, at=at)

    found = attended([association.pk], YEAR)[association.pk]

    assert (found.groups, found.silent) == (2, 1)


def test_what_a_club_system_sent_is_told_from_what_was_written_here(association, card, mark):
    group, people = card("Ungteatern", [(2014, "female")])
    ActivitySession.objects.filter(pk=mark(group, people, date(2026, 3, 2)).pk).update(code="ABC123")
    mark(group, people, date(2026, 3, 9))

    assert attended([association.pk], YEAR)[association.pk].from_files == 1


def test_the_database_counts_as_the_rule_does(association, card, mark):
    """Rule A-57 on the same sessions."""
    group, people = card("Ungteatern", [(2026 - age, ("female", "male", "other", "")[age % 4]) for age in range(40)])
    for week in range(6):
        mark(group, people[week::3], date(2026, 3, 2 + week))

    found = attended([association.pk], YEAR)[association.pk]

    known = attendance_of(association, YEAR.since, YEAR.until)
    expected = by_age_and_sex(known.sessions, known.persons, BANDS)
    assert {cell: reach.times for cell, reach in found.cells.items()} == expected
    assert found.young("female", to=25).times == sum(
        times for (band, sex), times in expected.items() if sex == "female" and band < 4
    )


@pytest.mark.parametrize("count", [1, 3])
def test_three_queries_however_many_associations(count, register, alice, card, mark, django_assert_num_queries):
    keys = []
    for number in range(count):
        association = register(f"Förening {number}", f"80240020{number:02d}", by=alice)
        group, people = card("Laget", [(2014, "female")], of=association)
        mark(group, people, date(2026, 3, 2))
        keys.append(association.pk)

    with django_assert_num_queries(3):
        found = attended(keys, YEAR)

    assert [found[key].reach for key in keys] == [Reach(1, 1)] * count


def test_an_association_without_cards_is_not_there(association):
    assert attended([association.pk], YEAR) == {}
    assert Attended().reach == Reach()


def test_several_associations_are_summed(association, register, alice, card, mark):
    other = register("Kören", "8024002001", by=alice)
    for of in (association, other):
        group, people = card("Laget", [(2014, "female"), (2010, "male")], of=of)
        mark(group, people, date(2026, 3, 2))

    together = summed(attended([association.pk, other.pk], YEAR).values())

    assert (together.sessions, together.reach, together.girls) == (2, Reach(4, 4), Reach(2, 2))
    assert together.by_band == [((7, 12), Reach(2, 2)), ((13, 20), Reach(2, 2))]
