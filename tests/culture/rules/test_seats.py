"""Places: fitting, waiting, and who comes first of two that are equal."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture.rules.seats import Capacity, Party, Room, Standing, Waiting, next_in_line, order_key, room_for


def test_case_30_the_second_class_is_one_seat_short_and_two_groups_fit():
    first, second = Party(28, 2), Party(20, 1)
    seats, groups = Capacity(seats=50), Capacity(groups=2)
    assert room_for(seats, [], first).fits
    assert room_for(seats, [first], second) == Room(seats_short=1, groups_short=0)
    assert not room_for(seats, [first], second).fits
    assert room_for(groups, [first], second).fits
    assert room_for(groups, [first, second], second) == Room(0, 1)


def test_case_29_one_of_fifty_gets_the_last_twenty_seats_and_the_others_stand_in_line():
    capacity, taken = Capacity(seats=60), [Party(38, 2)]
    queue = [Waiting(number, f"class {number}", Party(19, 1)) for number in range(50, 0, -1)]
    offered = next_in_line(capacity, taken, queue)
    assert [each.arrival for each in offered] == [1]
    taken.append(offered[0].party)
    assert sum(party.seats for party in taken) == 60
    assert next_in_line(capacity, taken, [each for each in queue if each.arrival != 1]) == ()


def test_one_that_is_too_large_is_passed_over_and_keeps_its_place():
    queue = [Waiting(1, "large", Party(40)), Waiting(2, "small", Party(10)), Waiting(3, "small too", Party(10))]
    assert [each.klass for each in next_in_line(Capacity(seats=25), [], queue)] == ["small", "small too"]
    assert [each.klass for each in next_in_line(Capacity(seats=60), [], queue)] == ["large", "small", "small too"]


@given(st.integers(0, 120), st.lists(st.integers(1, 40), max_size=12), st.none() | st.integers(0, 6))
def test_offers_never_overfill_and_leave_nobody_out_who_fits(seats, sizes, groups):
    capacity = Capacity(seats, groups)
    queue = [Waiting(number, str(number), Party(size)) for number, size in enumerate(sizes)]
    offered = next_in_line(capacity, [], queue)
    parties = [each.party for each in offered]
    assert sum(party.seats for party in parties) <= seats
    assert groups is None or len(parties) <= groups
    assert not any(room_for(capacity, parties, each.party).fits for each in queue if each not in offered)


def test_case_32_who_has_waited_longest_comes_first_then_unit_then_name():
    five_a = Standing("11111111", "5A", 1, date(2025, 11, 20))
    five_b = Standing("22222222", "5B", 1, date(2025, 10, 2))
    assert min(five_a, five_b, key=order_key) == five_b
    equal = [
        Standing("11111111", "5B", 1, date(2025, 10, 2)),
        Standing("11111111", "5A", 1, date(2025, 10, 2)),
        Standing("00000009", "9C", 1, date(2025, 10, 2)),
    ]
    orders = {tuple(each.unit + each.name for each in sorted(rows, key=order_key)) for rows in permutations(equal)}
    assert orders == {("000000099C", "111111115A", "111111115B")}


def test_more_years_missed_and_never_having_been_come_first():
    never, long_ago = Standing("1", "1A", 0, None), Standing("1", "1A", 0, date(2019, 9, 1))
    assert sorted([long_ago, never], key=order_key) == [never, long_ago]
    missed = Standing("9", "9Z", 2, date(2026, 9, 1))
    assert sorted([never, missed], key=order_key)[0] == missed


def test_names_are_ordered_with_numbers_as_numbers():
    names = ["10A", "9B", "9 a", "F-1", "9A"]
    ordered = sorted(names, key=lambda name: order_key(Standing("1", name)))
    assert ordered[:3] == ["9 a", "9A", "9B"]
    assert ordered.index("9B") < ordered.index("10A")


@pytest.mark.parametrize("capacity", [{}, {"seats": -1}, {"groups": -1}])
def test_a_capacity_without_limit_or_below_nothing_is_refused(capacity):
    with pytest.raises(ValueError, match=r"limit|negative"):
        Capacity(**capacity)


def test_a_party_of_nobody_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Party(0)
