"""What the space-time table refuses, whoever writes."""

from copy import copy
from datetime import timedelta
from random import Random

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from facilities import actions
from facilities.choices import BookingStatus, UseKind
from facilities.models import Booking, Occupancy, Space, SpaceEquipment
from facilities.rules.buffers import Use, collide
from facilities.rules.space_tree import smallest_parts
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT, hours

BLOCKS = {
    "1": {"1.1", "1.2", "1.1.1", "1.1.2", "1.1.1.1"},
    "1.1": {"1", "1.1.1", "1.1.2", "1.1.1.1"},
    "1.2": {"1"},
    "1.1.1": {"1", "1.1", "1.1.1.1"},
    "1.1.2": {"1", "1.1"},
    "1.1.1.1": {"1", "1.1", "1.1.1"},
    "2": set(),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_booking_blocks_exactly_what_shares_its_ground(tree, book, name):
    """Case 15: u1 and u8 are both the space 1."""
    book(tree[name], hours(10, 12))
    blocked = set()
    for other, space in tree.items():
        try:
            with transaction.atomic():
                book(space, hours(11, 13))
                transaction.set_rollback(True)
        except actions.Taken:
            blocked.add(other)
    assert blocked == BLOCKS[name] | {name}


def test_database_and_rule_derive_the_same_parts(tree):
    """Case 15."""
    parents = dict(Space.objects.values_list("pk", "parent"))
    assert {space.pk: tuple(space.takes) for space in Space.objects.all()} == smallest_parts(parents)


def test_shared_equipment_blocks_but_not_the_space_beside_it(venue, tree, book):
    """Case 16."""
    curtain = actions.add_space(venue, "R", kind="equipment", by=None, at=AT)
    SpaceEquipment.objects.create(space=tree["1.2"], equipment=curtain)
    with_curtain = Space.objects.get(pk=tree["1.2"].pk)
    book(with_curtain, hours(10, 12))
    with pytest.raises(actions.Taken):
        book(curtain, hours(11, 13))
    book(curtain, hours(14, 16))
    with pytest.raises(actions.Taken):
        book(with_curtain, hours(14, 15))
    book(tree["1.1"], hours(14, 16))


def test_child_blocks_parent_and_not_sibling(tree, book):
    """Case 17."""
    book(tree["1.1"], hours(10, 12))
    with pytest.raises(actions.Taken):
        book(tree["1"], hours(10.5, 12))
    book(tree["1.2"], hours(10, 12))
    book(tree["1.1.1.1"], hours(14, 16))
    with pytest.raises(actions.Taken):
        book(tree["1.1"], hours(15, 17))


def test_new_space_is_guarded_from_its_first_moment(venue, book):
    """Case 18."""
    new = actions.add_space(venue, "Ny sal", by=None, at=AT)
    book(new, hours(10, 12))
    with pytest.raises(actions.Taken):
        book(new, hours(11, 13), at=AT + timedelta(seconds=1))


def test_touching_bookings_stand_in_either_order(room, book):
    """Case 3."""
    book(room, hours(12, 14))
    book(room, hours(10, 12))
    assert Booking.objects.taking_space().count() == 2


@pytest.mark.parametrize("side", ["before", "after"])
def test_buffer_keeps_bookings_away_but_not_closures(room, book, rules, officer, side):
    """Case 5."""
    neighbour = hours(9, 10) if side == "before" else hours(11, 12)
    book(room, neighbour)
    rules(**{side: 1})
    with pytest.raises(actions.Taken) as refused:
        book(room, hours(10, 11))
    assert [conflict.span for conflict in refused.value.conflicts] == [neighbour]
    actions.close(room, hours(20, 21), reason="Golvet", by=officer, at=AT)
    book(room, hours(21, 22) if side == "before" else hours(19, 20))


def test_buffers_overlap_only_each_other(room, book, rules):
    """Case 6."""
    rules(before=60, after=60)
    book(room, hours(14, 15))
    with pytest.raises(actions.Taken):
        book(room, hours(10, 13.25))
    book(room, hours(10, 13))


def test_half_an_hour_before_needs_half_an_hour(room, book, rules):
    """Case 7."""
    book(room, hours(7, 8))
    book(room, hours(16, 17))
    rules(before=30)
    with pytest.raises(actions.Taken):
        book(room, hours(8, 12))
    rules(before=0, after=30)
    with pytest.raises(actions.Taken):
        book(room, hours(13, 16))


def test_booking_across_midnight_holds_its_hours(room, book):
    """Case 25."""
    book(room, hours(20, 24))  # 22.00-02.00 on the wall
    with pytest.raises(actions.Taken):
        book(room, hours(-1, 1, day=1))
    book(room, hours(0, 1, day=1))
    assert Booking.objects.taking_space().count() == 2


def _raw(space, span, by, **fields):
    return Booking(
        space=space,
        starts_at=span.starts,
        ends_at=span.ends,
        booked_by=by,
        made_at=AT,
        **{"status": BookingStatus.CONFIRMED, "kind": UseKind.OWN, **fields},
    )


def test_rows_written_past_the_actions_are_refused_too(hall, tree, officer):
    Booking.objects.bulk_create([_raw(hall, hours(10, 12), officer)])
    with pytest.raises(IntegrityError, match="space_held_once"), transaction.atomic():
        Booking.objects.bulk_create([_raw(tree["1.1.2"], hours(11, 13), officer)])
    later = _raw(tree["1.2"], hours(12, 13), officer)
    later.save()
    with pytest.raises(IntegrityError, match="space_held_once"), transaction.atomic():
        Booking.objects.filter(pk=later.pk).update(starts_at=hours(11, 13).starts)


@pytest.mark.parametrize("space", ["1", "1.1.2"])
def test_database_refuses_just_what_the_rule_refuses(tree, officer, space):
    """Cases 5-7 and 12, Rule F-06: closures, buffers of either side, none at all; one row after the other, and both at once."""
    random = Random(3)
    for _round in range(150):
        pair = [_use(random) for _ in range(2)]
        rows = [
            _raw(
                tree[name],
                use.span,
                officer,
                kind=UseKind.CLOSURE if use.closure else UseKind.OWN,
                before=use.before // timedelta(minutes=1),
                after=use.after // timedelta(minutes=1),
            )
            for name, use in zip(("1", space), pair, strict=True)
        ]
        for statements in ([rows], [[rows[0]], [rows[1]]]):
            with transaction.atomic():
                assert _refused(statements) == collide(*pair), pair
                transaction.set_rollback(True)


def _use(random):
    starts = random.randrange(0, 8) / 2
    minutes = [timedelta(minutes=random.choice([0, 0, 30, 60])) for _side in range(2)]
    return Use(hours(starts, starts + random.choice([0.5, 1, 2])), *minutes, closure=random.random() < 0.2)


def _refused(statements):
    try:
        with transaction.atomic():
            for rows in statements:
                Booking.objects.bulk_create([copy(row) for row in rows])
    except IntegrityError as refused:
        if "space_held_once" not in str(refused):
            raise
        return True
    return False


def test_rows_of_one_statement_keep_each_other_away(room, tree, officer):
    together = [_raw(tree["1"], hours(10, 12), officer), _raw(tree["1.1.2"], hours(11, 13), officer)]
    with pytest.raises(IntegrityError, match="space_held_once"), transaction.atomic():
        Booking.objects.bulk_create(together)
    Booking.objects.bulk_create([_raw(room, hours(10, 11), officer), _raw(room, hours(11, 12), officer)])
    assert Occupancy.objects.filter(leaf=room).count() == 2


def test_cancelled_rows_hold_nothing(room, officer, book):
    row = _raw(room, hours(10, 12), officer)
    row.save()
    assert Occupancy.objects.filter(booking=row).exists()
    Booking.objects.filter(pk=row.pk).update(status=BookingStatus.CANCELLED, cancelled_at=AT)
    assert not Occupancy.objects.filter(booking=row).exists()
    book(room, hours(10, 12))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"ends_at": hours(10, 12).starts}, "booking_ends_after_it_begins"),
        ({"status": BookingStatus.HELD}, "booking_held_until_a_time"),
        ({"status": BookingStatus.REQUESTED}, "booking_requested_is_answered_by_a_day"),
        ({"status": BookingStatus.CANCELLED}, "booking_cancelled_has_its_time"),
        ({"kind": UseKind.BOOKING}, "booking_has_a_hirer_when_somebody_hires"),
        ({"arrived_at": AT, "absent_at": AT}, "booking_came_or_did_not"),
        ({"payable": -1}, "booking_amounts_not_negative"),
        ({"on_behalf": True}, "booking_on_behalf_says_why"),
    ],
)
def test_what_must_be_true_of_a_booking_is_kept_by_the_database(room, officer, fields, name):
    row = _raw(room, hours(10, 12), officer)
    for field, value in fields.items():
        setattr(row, field, value)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save(force_insert=True)


def test_booking_is_never_deleted_and_never_comes_back(room, officer, book):
    booking = book(room, hours(10, 12))
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        cursor.execute("DELETE FROM facilities_booking")
    actions.cancel(booking, by=officer, at=AT)
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(status=BookingStatus.CONFIRMED, cancelled_at=None)


def test_space_cannot_be_part_of_itself_or_of_another_venue(tree, officer):
    with pytest.raises(NotAllowedNow) as refused:
        actions.make_part_of(tree["1"], tree["1.1.1"], by=officer, at=AT)
    assert refused.value.code == "ring"
    elsewhere = actions.add_venue(key="annan", name="Annan", by=None, at=AT)
    other = actions.add_space(elsewhere, "Sal", by=None, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Space.objects.filter(pk=tree["2"].pk).update(parent=other)


def test_hanging_a_space_under_another_rewrites_what_stands_booked(tree, book, officer):
    standing = book(tree["2"], hours(10, 12))
    actions.make_part_of(tree["2"], tree["1.2"], by=officer, at=AT)
    with pytest.raises(actions.Taken):
        book(tree["1"], hours(11, 13))
    assert {row.leaf_id for row in Occupancy.objects.filter(booking=standing)} == {tree["2"].pk}


def test_hanging_a_space_under_another_shows_what_would_collide(tree, book, officer):
    book(tree["1"], hours(10, 12))
    other = book(tree["2"], hours(11, 13))
    with pytest.raises(actions.Taken) as refused:
        actions.make_part_of(tree["2"], tree["1.2"], by=officer, at=AT)
    assert [conflict.booking for conflict in refused.value.conflicts] == [other.pk]


def test_new_part_of_a_booked_hall_is_held_with_it(venue, tree, book):
    book(tree["2"], hours(10, 12))
    half = actions.add_space(venue, "2.1", parent=tree["2"], by=None, at=AT)
    with pytest.raises(actions.Taken):
        book(half, hours(11, 12))


def test_hold_that_becomes_a_booking_keeps_its_rows(room, officer, book):
    """The database looks for nothing anew where nothing moves; what is said of a booking touches no row at all."""
    held = _raw(room, hours(10, 12), officer, status=BookingStatus.HELD, held_until=AT)
    held.save()
    rows = list(Occupancy.objects.filter(booking=held).values_list("pk", flat=True))
    Booking.objects.filter(pk=held.pk).update(status=BookingStatus.CONFIRMED, held_until=None)
    Booking.objects.filter(pk=held.pk).update(title="Träning", arrived_at=AT)
    (row,) = Occupancy.objects.filter(booking=held)
    assert ([row.pk], row.held_until) == (rows, None)
    with pytest.raises(actions.Taken):
        book(room, hours(11, 13))
    Booking.objects.filter(pk=held.pk).update(ends_at=hours(10, 11).ends)
    book(room, hours(11, 13))
