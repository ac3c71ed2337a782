"""What a hostile reader tries: holds used as bookings, lines that nobody can serve, trees that collide, nights of the clock."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import DatabaseError, transaction

from facilities import actions
from facilities.choices import BookingStatus, UseForm, WaitingStatus
from facilities.models import Booking, HirerCategory, Occupancy, OpeningHours, Space, WaitingEntry
from facilities.models.free_time import first_free_times
from facilities.models.timetable import Timetable
from facilities.rules.fees import shortening_line
from facilities.rules.opening import Hours, HoursException, local_instant, open_spans
from facilities.rules.pricing import CancelStep, Price, Rate, Share, Tariff
from facilities.rules.spans import Span
from facilities.rules.terms import Fault
from records.lines import Line
from records.models import Letter
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT, DAY, hours

TEN_MINUTES = timedelta(minutes=10)


def refusal(action, *args, **kwargs):
    with pytest.raises(NotAllowedNow) as refused, transaction.atomic():
        action(*args, **kwargs)
    return refused.value.code


# --- holds -----------------------------------------------------------------------------------------------------------------


def test_time_that_is_only_held_is_not_moved_shortened_swapped_or_cancelled(room, tree, book, association, alice, officer):
    held = actions.hold(room, hours(10, 12), actions.Wish(association=association), by=alice, at=AT)
    other = book(tree["1"], hours(10, 12))
    for by in (alice, officer):
        assert refusal(actions.move, held, room, hours(12, 14), by=by, at=AT) == "held"
        assert refusal(actions.shorten, held, hours(10, 11), by=by, at=AT) == "held"
        assert refusal(actions.cancel, held, by=by, at=AT) == "held"
    assert refusal(actions.swap, held, other, by=officer, at=AT) == "held"
    held.refresh_from_db()
    assert (held.status, held.span) == (BookingStatus.HELD, hours(10, 12))


def test_hold_that_is_let_go_or_runs_out_goes_to_the_next_in_line(room, tariff, association, alice, other_association, stina):
    for end in (
        lambda held: actions.release_hold(held, by=alice, at=AT),
        lambda _held: actions.sweep(AT + TEN_MINUTES),
    ):
        held = actions.hold(room, hours(10, 12), actions.Wish(association=association), by=alice, at=AT)
        entry = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
        end(held)
        entry.refresh_from_db()
        assert (entry.status, entry.booking.status) == (WaitingStatus.OFFERED, BookingStatus.HELD)
        assert Booking.objects.get(pk=held.pk).status == BookingStatus.LAPSED
        actions.stop_waiting(entry, by=stina, at=AT)
    assert actions.sweep(AT + TEN_MINUTES) == 0


def test_offer_cannot_be_let_go_as_if_it_were_a_hold(room, book, alice, other_association, stina):
    entry = _offered(room, book, alice, other_association, stina)
    actions.release_hold(entry.booking, by=stina, at=AT)
    assert Booking.objects.get(pk=entry.booking.pk).status == BookingStatus.HELD
    actions.take_offer(entry, by=stina, at=AT)


def _offered(room, book, alice, other_association, stina, **wish):
    booking = book(room, hours(10, 12))
    entry = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT, **wish)
    actions.cancel(booking, by=alice, at=AT)
    entry.refresh_from_db()
    return entry


def test_offer_whose_time_somebody_has_booked_over_is_refused_in_words(room, book, alice, association, other_association, stina):
    """The clocks of two servers differ: one says that the offer has run out and books over it, the other that it is open."""
    entry = _offered(room, book, alice, other_association, stina)
    book(room, hours(10, 12), at=entry.offered_until)
    assert refusal(actions.take_offer, entry, by=stina, at=entry.offered_until - timedelta(seconds=1)) == "offer_over"


def test_offers_do_not_count_among_the_times_a_person_may_hold(room, tree, book, alice, other_association, stina):
    for hour in range(3):
        booking = book(room, hours(hour, hour + 1))
        actions.wait_for(room, hours(hour, hour + 1), other_association, form="training", by=stina, at=AT)
        actions.cancel(booking, by=alice, at=AT)
    assert Booking.objects.filter(status=BookingStatus.HELD, booked_by=stina).count() == 3
    actions.hold(tree["1"], hours(10, 12), actions.Wish(association=other_association), by=stina, at=AT)


# --- the waiting list ------------------------------------------------------------------------------------------------------


def test_everybody_whose_wish_fits_in_what_came_free_gets_an_offer(room, book, alice, clubs):
    booking = book(room, hours(10, 14))
    wished = [hours(10, 12), hours(11, 13), hours(12, 14), hours(13, 15)]
    for (wish, user), span in zip(clubs, wished, strict=False):
        actions.wait_for(room, span, wish.association, form="training", by=user, at=AT)
    actions.cancel(booking, by=alice, at=AT)
    assert [entry.span for entry in WaitingEntry.objects.filter(status=WaitingStatus.OFFERED)] == [hours(10, 12), hours(12, 14)]


def test_offer_keeps_within_capacity_and_quota(room, book, alice, other_association, stina, rules):
    Space.objects.filter(pk=room.pk).update(capacity=20)
    entry = _offered(room, book, alice, other_association, stina, people=21)
    assert entry.status == WaitingStatus.WAITING
    actions.stop_waiting(entry, by=stina, at=AT)
    rules(quota=1)
    actions.book(room, hours(20, 21), actions.Wish(association=other_association), by=stina, at=AT)
    assert _offered(room, book, alice, other_association, stina).status == WaitingStatus.WAITING


def test_line_that_nobody_can_price_does_not_stop_the_one_who_cancels(room, book, alice, association, other_association, stina):
    rules = Tariff(rates=(Rate(form="match", kronor=Decimal(100)),))
    actions.publish_tariff(actions.Plan(name="Bara match", valid_from=date(2026, 5, 2), rules=rules), by=None, at=AT)
    booking = book(room, hours(10, 12), form=UseForm.MATCH)
    entry = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    assert actions.cancel(booking, by=alice, at=AT).status == BookingStatus.CANCELLED
    entry.refresh_from_db()
    assert entry.status == WaitingStatus.WAITING


def test_offer_that_a_person_answers_is_a_request_and_says_so(room, book, rules, alice, other_association, stina, officer):
    rules(needs_approval=True)
    booking = book(room, hours(10, 12))
    entry = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    actions.cancel(booking, by=alice, at=AT)
    taken = actions.take_offer(entry, by=stina, at=AT)
    assert taken.status == BookingStatus.REQUESTED
    assert Letter.objects.filter(key=f"facilities.requested.{taken.pk}").exists()
    assert not Letter.objects.filter(key=f"facilities.booked.{taken.pk}").exists()
    actions.approve(taken, by=officer, at=AT)
    assert Letter.objects.filter(key=f"facilities.booked.{taken.pk}").exists()


def test_longer_buffers_since_an_offer_was_made_do_not_stop_it(room, book, alice, other_association, stina, rules):
    entry = _offered(room, book, alice, other_association, stina)
    book(room, hours(12, 14))
    rules(after=60)
    assert actions.take_offer(entry, by=stina, at=AT).after == 0


def test_longer_buffers_since_a_time_was_held_do_not_stop_it(room, book, rules, association, alice):
    held = actions.hold(room, hours(10, 12), actions.Wish(association=association), by=alice, at=AT)
    book(room, hours(12, 14))
    rules(after=60)
    filled = actions.fill_in(held, actions.Wish(association=association, accepted_at=AT), by=alice, at=AT)
    assert actions.confirm(filled, by=alice, at=AT).status == BookingStatus.CONFIRMED


# --- the tree of spaces ----------------------------------------------------------------------------------------------------


def test_dividing_a_hall_shows_collisions_of_buffers_and_closures(tree, book, rules, officer):
    book(tree["1"], hours(10, 12))
    rules(before=30)
    near = book(tree["2"], hours(12, 13))
    with pytest.raises(actions.Taken) as refused, transaction.atomic():
        actions.make_part_of(tree["2"], tree["1.2"], by=officer, at=AT)
    assert [conflict.booking for conflict in refused.value.conflicts] == [near.pk]
    actions.cancel(near, by=officer, at=AT)
    closure, _cancelled = actions.close(tree["2"], hours(11, 13), reason="Golvet", by=officer, at=AT)
    with pytest.raises(actions.Taken) as refused, transaction.atomic():
        actions.make_part_of(tree["2"], tree["1.2"], by=officer, at=AT)
    assert [conflict.booking for conflict in refused.value.conflicts] == [closure.pk]
    actions.open_again(closure, by=officer, at=AT)
    actions.make_part_of(tree["2"], tree["1.2"], by=officer, at=AT)


def test_hold_that_ran_out_does_not_stop_a_hall_from_being_divided(tree, book, association, alice, officer):
    actions.hold(tree["1"], hours(10, 12), actions.Wish(association=association), by=alice, at=AT)
    book(tree["2"], hours(10, 12))
    assert refusal(actions.make_part_of, tree["2"], tree["1.2"], by=officer, at=AT) == Fault.TAKEN
    actions.make_part_of(tree["2"], tree["1.2"], by=officer, at=AT + TEN_MINUTES)


def test_use_that_goes_on_meets_one_that_is_over_when_the_hall_is_divided(tree, book, officer):
    book(tree["2"], hours(8, 10))
    book(tree["1.2"], hours(9, 12))
    with pytest.raises(actions.Taken):
        actions.make_part_of(tree["2"], tree["1.2"], by=officer, at=hours(10.5, 11).starts)


@pytest.mark.parametrize("out_of_use", ["space", "venue"])
def test_space_out_of_use_is_booked_by_nobody_but_staff(room, venue, book, association, alice, officer, out_of_use):
    standing = book(room, hours(20, 22))
    if out_of_use == "space":
        Space.objects.filter(pk=room.pk).update(is_bookable=False)
    else:
        type(venue).objects.filter(pk=venue.pk).update(is_in_use=False)
    wish = actions.Wish(association=association)
    assert refusal(actions.book, room, hours(10, 12), wish, by=alice, at=AT) == Fault.NOT_BOOKABLE
    assert refusal(actions.hold, room, hours(10, 12), wish, by=alice, at=AT) == Fault.NOT_BOOKABLE
    assert refusal(actions.move, standing, room, hours(10, 12), by=alice, at=AT) == Fault.NOT_BOOKABLE
    on_behalf = actions.Wish(association=association, on_behalf=True, reason="Telefon")
    actions.book(room, hours(10, 12), on_behalf, by=officer, at=AT)
    actions.take_for(room, hours(14, 16), "own", title="Städdag", by=officer, at=AT)


# --- prices ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def free_for_youth(db):
    """100 kr an hour that youth does not pay; late cancellation costs it all."""
    HirerCategory.objects.create(key="youth", name="Ungdom", association_categories=["youth"])
    HirerCategory.objects.create(key="private", name="Privat")
    rules = Tariff(
        rates=(Rate(kronor=Decimal(100)),),
        shares=(Share("youth", "", Decimal(0)),),
        cancel_steps=(CancelStep(1, Decimal(100)),),
        reference="private",
    )
    return actions.publish_tariff(actions.Plan(name="Nolltaxa", valid_from=date(2026, 1, 1), rules=rules), by=None, at=AT)


def test_giving_back_a_part_late_costs_that_part_also_for_who_pays_nothing(room, free_for_youth, association, alice):
    booking = actions.book(room, hours(10, 14), actions.Wish(association=association), by=alice, at=AT)
    assert (booking.payable, booking.full) == (0, Decimal("400.00"))
    late = hours(6, 7).starts
    change = actions.shortening(booking, hours(10, 11), at=late)
    shorter = actions.shorten(booking, hours(10, 11), by=alice, at=late)
    assert (shorter.payable, shorter.fee, change.fee) == (0, Decimal("300.00"), Decimal("300.00"))
    cancelled = actions.cancel(shorter, by=alice, at=late)
    assert cancelled.fee == Decimal("400.00")


def test_shortening_that_gives_nothing_back_costs_nothing():
    """A minimum charge or a fixed price can make the shorter time as dear as the longer."""
    line = Line("F-42", "hire", (), "", Decimal("100.00"))
    fee = Line("F-51", "cancellation", (), "", Decimal("50.00"))
    same = Price((line,), Decimal("100.00"), Decimal(0))
    assert shortening_line(fee, same, same) is None
    assert shortening_line(fee, Price((), Decimal(0), Decimal(0)), Price((), Decimal(0), Decimal(0))) is None
    half = Price((Line("F-42", "hire", (), "", Decimal("75.00")),), Decimal("75.00"), Decimal(0))
    assert shortening_line(fee, same, half).amount == Decimal("12.50")


def test_key_that_published_tariffs_go_by_stays(tariff):
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        HirerCategory.objects.filter(key="youth").update(key="ungdom")
    HirerCategory.objects.filter(key="youth").update(name="Barn och unga")


# --- the clock -------------------------------------------------------------------------------------------------------------

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize("minutes", [(120, 180), (150, 195)])
def test_hours_that_the_clock_goes_forward_over_are_no_hours(minutes):
    opening = open_spans(SPRING, SPRING + timedelta(days=1), [Hours(6, *minutes), Hours(6, 600, 720)])
    assert opening == (Span(local_instant(SPRING, 600), local_instant(SPRING, 720)),)
    assert open_spans(SPRING, SPRING + timedelta(days=1), [], [HoursException(SPRING, *minutes)]) == ()


@pytest.mark.parametrize(("day", "real_hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_whole_day_is_as_long_as_it_really_is(venue, room, book, day, real_hours):
    at = local_instant(date(2026, 2, 1), 600)
    booking = book(room, Span(local_instant(day, 0), local_instant(day, 1440)), at=at)
    assert booking.span.length == timedelta(hours=real_hours)
    assert booking.full == 100 * real_hours
    with pytest.raises(actions.Taken):
        book(room, Span(local_instant(day, 1380), local_instant(day, 1440)), at=at)
    book(room, Span(local_instant(day, 1440), local_instant(day, 1500)), at=at)


# --- finding ---------------------------------------------------------------------------------------------------------------


def test_first_free_time_is_the_first_that_can_be_had(tree, book, rules, officer):
    """Against the timetable, which tries every start: random bookings and closures, buffers, lengths up to three days."""
    random, spaces = Random(20261123), list(tree.values())
    for _round in range(12):
        rules(before=random.choice([0, 15, 45]), after=random.choice([0, 30]), grid=random.choice([15, 30, 60]))
        for _use in range(6):
            begins = random.randrange(0, 24 * 6)
            try:
                with transaction.atomic():
                    span = hours(begins, begins + random.choice([1, 2, 5, 20]))
                    if random.random() < 0.2:
                        actions.close(random.choice(spaces), span, reason="Stängt", by=officer, at=AT)
                    else:
                        book(random.choice(spaces), span)
            except actions.NotPossible:
                continue
        length = timedelta(hours=random.choice([1, 2, 7, 30, 72]))
        since = DAY + timedelta(hours=random.randrange(48))
        until = since + timedelta(days=random.choice([1, 2, 9]))
        found = first_free_times(spaces, length, since, until, at=AT)
        times = Timetable(spaces, since.date(), until.date() + timedelta(days=4), at=AT)
        for space in spaces:
            assert found[space.pk].at == next(iter(times.free_starts(space, length, since, until)), None), (space, length)


def test_long_time_is_not_found_where_it_runs_into_something_after_the_days_looked_at(room, book):
    book(room, hours(50, 60))
    until = hours(3, 4).starts
    found = first_free_times([room], timedelta(hours=60), DAY, until, at=AT)
    assert found[room.pk].at is None
    assert first_free_times([room], timedelta(hours=50), DAY, until, at=AT)[room.pk].at == DAY


def test_search_of_more_than_a_year_goes_all_the_way(venue, room):
    OpeningHours.objects.all().delete()
    OpeningHours.objects.create(venue=venue, weekday=0, opens=600, closes=720, since=date(2027, 8, 1))
    found = first_free_times([room], timedelta(hours=1), DAY, DAY + timedelta(days=500), at=AT)
    assert found[room.pk].at == local_instant(date(2027, 8, 2), 600)
    assert not found[room.pk].closed


def test_occupancy_of_a_use_without_buffers_is_one_row_a_part(tree, book, rules):
    plain = book(tree["1"], hours(10, 12))
    rules(before=15)
    buffered = book(tree["1"], hours(14, 16))
    rows = {booking.pk: Occupancy.objects.filter(booking=booking).count() for booking in (plain, buffered)}
    assert rows == {plain.pk: len(tree["1"].takes), buffered.pk: 2 * len(tree["1"].takes)}
