"""A booking's life: held, booked, moved, cancelled, offered on."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.choices import Role
from associations.models import Association
from facilities import actions
from facilities.choices import BookingStatus, UseForm, UseKind, WaitingStatus
from facilities.models import Booking, HoursException, Occupancy, OpeningHours, Tariff, WaitingEntry
from facilities.rules.opening import DAY as WHOLE_DAY
from facilities.rules.series import Pattern
from facilities.rules.terms import Fault
from records.models import Event, Letter
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT, hours

MINUTE = timedelta(minutes=1)


@pytest.fixture
def wish(association, tariff):
    return actions.Wish(association=association)


@pytest.fixture
def other_wish(other_association, tariff):
    return actions.Wish(association=other_association)


@pytest.fixture
def refuses():
    """refuses("code", action, ...): the action says no with that code, and changes nothing."""

    def check(code, action, *args, **kwargs):
        with pytest.raises(NotAllowedNow) as refused, transaction.atomic():
            action(*args, **kwargs)
        assert refused.value.code == code
        return refused.value

    return check


# --- what it costs whom -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seat", "payable"), [("1883", 100), ("", 100), ("1880", 200)])
def test_association_with_its_seat_elsewhere_pays_as_from_another_municipality(tariff, association, alice, room, seat, payable):
    rules = Tariff.objects.get(pk=tariff.pk).for_rules()
    doubled = replace(rules, other_municipality=Decimal(2))
    actions.publish_tariff(actions.Plan(name="Dubbel", valid_from=date(2026, 2, 1), rules=doubled), by=None, at=AT)
    Association.objects.filter(pk=association.pk).update(seat=seat)
    association.refresh_from_db()
    wish = actions.Wish(association=association)
    (offer,) = actions.quotes([(room, hours(10, 12))], wish)
    booking = actions.book(room, hours(10, 12), wish, by=alice, at=AT)
    assert offer.payable == booking.payable == payable


# --- holding and booking ---------------------------------------------------------------------------------------------------


def test_held_time_is_kept_for_ten_minutes_and_then_free_at_once(room, wish, other_wish, alice, stina, refuses):
    actions.hold(room, hours(10, 12), wish, by=alice, at=AT)
    refuses("taken", actions.book, room, hours(11, 13), other_wish, by=stina, at=AT + 9 * MINUTE)
    booking = actions.book(room, hours(11, 13), other_wish, by=stina, at=AT + 10 * MINUTE)
    assert booking.status == BookingStatus.CONFIRMED
    assert Booking.objects.get(booked_by=alice).status == BookingStatus.LAPSED


def test_own_hold_makes_room_for_the_booking(room, wish, alice):
    held = actions.hold(room, hours(10, 12), wish, by=alice, at=AT)
    assert held.payable == Decimal("100.00")
    booked = actions.book(room, hours(10, 12.5), wish, by=alice, at=AT + MINUTE, held=held)
    held.refresh_from_db()
    assert (held.status, booked.status) == (BookingStatus.LAPSED, BookingStatus.CONFIRMED)


def test_nobody_hoards_times(room, wish, alice, refuses):
    for start in (8, 10, 12):
        actions.hold(room, hours(start, start + 1), wish, by=alice, at=AT)
    refuses("holds", actions.hold, room, hours(14, 15), wish, by=alice, at=AT)
    actions.release_hold(Booking.objects.first(), by=alice, at=AT)
    actions.hold(room, hours(14, 15), wish, by=alice, at=AT)


def test_booking_freezes_its_price_with_lines_and_writes_to_the_hirer(room, book, association):
    booking = book(room, hours(10, 12), form=UseForm.TRAINING)
    assert [line.rule for line in booking.price_lines] == ["F-42", "F-45"]
    assert (booking.payable, booking.full, booking.subsidy) == (Decimal("100.00"), Decimal("200.00"), Decimal("100.00"))
    letter = Letter.objects.get()
    assert (letter.key, letter.addressee) == (f"facilities.booked.{booking.pk}", association.name)
    assert Event.objects.filter(verb="facilities.booked").count() == 1


def test_adults_in_a_youth_association_pay_as_adults(room, book):
    assert book(room, hours(10, 11), people=20, young=3).payable == Decimal("100.00")
    assert book(room, hours(11, 12), people=20, young=10).payable == Decimal("50.00")


def test_new_tariff_does_not_change_what_is_booked(room, book):
    booking = book(room, hours(10, 11))
    plan = actions.next_year(Tariff.objects.get(), percent=Decimal(10), valid_from=date(2026, 5, 1), name="Ny")
    actions.publish_tariff(plan, by=None, at=AT)
    booking.refresh_from_db()
    assert (booking.payable, book(room, hours(11, 12)).payable) == (Decimal("50.00"), Decimal("55.00"))


def test_no_tariff_is_no_free_lunch(room, association, alice, refuses):
    refuses("no_tariff", actions.book, room, hours(10, 11), actions.Wish(association=association), by=alice, at=AT)


def test_stranger_books_for_nobody(room, wish, stranger, stina, refuses):
    refuses("not_allowed", actions.book, room, hours(10, 12), wish, by=stranger, at=AT)
    refuses("not_allowed", actions.book, room, hours(10, 12), wish, by=stina, at=AT)
    refuses("no_hirer", actions.book, room, hours(10, 12), actions.Wish(), by=stranger, at=AT)


def test_everybody_sees_their_own(room, book, alice, stina, stranger, officer):
    book(room, hours(10, 12))
    seen = [Booking.objects.visible_to(user).count() for user in (alice, stina, stranger, officer)]
    assert seen == [1, 0, 0, 1]


def test_officer_books_for_somebody_and_says_why(room, tariff, officer, refuses):
    wish = actions.Wish(hirer_name="Anna Andersson", on_behalf=True)
    refuses("no_reason", actions.book, room, hours(10, 12), wish, by=officer, at=AT)
    wish = actions.Wish(hirer_name="Anna Andersson", on_behalf=True, reason="Ringde")
    assert actions.book(room, hours(10, 12), wish, by=officer, at=AT).payable == Decimal("200.00")


@pytest.mark.parametrize(
    ("rule", "span", "fault"),
    [
        ({"shortest": 60}, hours(10, 10.5), Fault.TOO_SHORT),
        ({"longest": 60}, hours(10, 12), Fault.TOO_LONG),
        ({"grid": 60}, hours(10.5, 11.5), Fault.OFF_GRID),
        ({"days_before": 30}, hours(10, 12), Fault.TOO_SOON),
        ({"days_ahead": 7}, hours(10, 12), Fault.TOO_FAR_AHEAD),
        ({}, hours(10, 12, day=-30), Fault.PAST),
    ],
)
def test_terms_of_the_space_are_kept(room, book, rules, rule, span, fault):
    """Cases 36 and 48."""
    rules(**rule)
    with pytest.raises(actions.NotPossible) as refused:
        book(room, span)
    assert refused.value.faults == (fault,)


def test_closed_day_is_closed(venue, room, book):
    """Case 35."""
    HoursException.objects.create(venue=venue, day=date(2026, 5, 18), opens=None)
    with pytest.raises(actions.NotPossible) as refused:
        book(room, hours(10, 12))
    assert refused.value.faults == (Fault.CLOSED,)


def test_hours_of_the_space_beat_those_of_the_venue(tree, book):
    OpeningHours.objects.create(space=tree["1.1"], weekday=0, opens=18 * 60, closes=WHOLE_DAY, since=date(2026, 1, 1))
    for name in ("1.1", "1.1.2"):
        with pytest.raises(actions.NotPossible):
            book(tree[name], hours(10, 12))
    book(tree["1.2"], hours(10, 12))


def test_quota_counts_what_hirers_booked_themselves_and_is_to_come(room, hall, book, rules, officer, association, tariff):
    """Case 40."""
    rules(quota=1)
    actions.close(room, hours(2, 3), reason="Städning", by=officer, at=AT)
    actions.take_for(room, hours(3, 4), UseKind.OWN, title="Möte", by=officer, at=AT)
    on_behalf = actions.Wish(association=association, on_behalf=True, reason="Ringde")
    actions.book(room, hours(4, 5), on_behalf, by=officer, at=AT)
    book(hall, hours(10, 12))
    first = book(room, hours(10, 12))
    with pytest.raises(actions.NotPossible) as refused:
        book(room, hours(14, 16))
    assert refused.value.faults == (Fault.QUOTA,)
    book(room, hours(10, 12, day=7), at=first.ends_at)


def test_request_is_answered_within_the_promised_days(room, book, rules, staff, alice, refuses):
    rules(needs_approval=True, answer_days=3)
    request, other = book(room, hours(10, 12)), book(room, hours(12, 14))
    assert (request.status, request.answer_by) == (BookingStatus.REQUESTED, date(2026, 5, 7))
    with pytest.raises(actions.Taken):
        book(room, hours(11, 12))
    refuses("not_allowed", actions.approve, request, by=alice, at=AT)
    assert actions.approve(request, by=staff, at=AT).status == BookingStatus.CONFIRMED
    actions.refuse(other, reason="Golvet läggs om", by=staff, at=AT)
    book(room, hours(12, 14))
    refuses("answered", actions.refuse, request, reason="Nej", by=staff, at=AT)


# --- series ------------------------------------------------------------------------------------------------------------------


def _mondays(**more):
    return Pattern(date(2026, 5, 18), date(2026, 6, 8), 18 * 60, 20 * 60, **more)


def test_series_shows_what_is_in_the_way_before_anything_is_held(room, wish, alice, book):
    """Cases 35 and 54."""
    standing = book(room, hours(17, 18, day=7))
    HoursException.objects.create(venue=room.venue, day=date(2026, 6, 1), opens=None)
    days = actions.plan_series(room, _mondays(), wish, at=AT)
    assert [(day.is_free, day.faults, [each.booking for each in day.conflicts]) for day in days] == [
        (True, (), []),
        (False, (), [standing.pk]),
        (False, (Fault.CLOSED,), []),
        (True, (), []),
    ]
    with pytest.raises(actions.SeriesInTheWay) as refused:
        actions.book_series(room, _mondays(), wish, by=alice, at=AT)
    assert [day.is_free for day in refused.value.days] == [True, False, False, True]
    assert Booking.objects.count() == 1


def test_each_date_of_a_series_can_be_skipped(room, wish, alice, book):
    book(room, hours(17, 18, day=7))
    booked = actions.book_series(room, _mondays(), wish, by=alice, at=AT, skip=[date(2026, 5, 25)])
    assert len(booked) == 3
    assert Letter.objects.filter(key__startswith="facilities.series.").count() == 1
    assert Occupancy.objects.filter(booking__series=booked[0].series).count() == 3


def test_series_across_the_change_of_the_clock(room, wish, alice):
    """Case 20."""
    autumn = Pattern(date(2026, 10, 19), date(2026, 10, 26), 18 * 60, 20 * 60)
    booked = actions.book_series(room, autumn, wish, by=alice, at=AT)
    assert [each.starts_at.hour for each in booked] == [16, 17]


def test_rest_of_a_series_is_cancelled(room, wish, alice):
    booked = actions.book_series(room, _mondays(), wish, by=alice, at=AT)
    actions.cancel_rest(booked[2], by=alice, at=AT)
    assert [each.status for each in Booking.objects.order_by("starts_at")] == ["confirmed"] * 2 + ["cancelled"] * 2


def test_queries_do_not_grow_with_the_length_of_a_series(room, wish, alice, django_assert_max_num_queries):
    actions.book_series(room, Pattern(date(2026, 8, 3), date(2026, 8, 3), 600, 660), wish, by=alice, at=AT)
    with django_assert_max_num_queries(25):
        actions.book_series(room, Pattern(date(2026, 8, 10), date(2027, 5, 10), 600, 660), wish, by=alice, at=AT)


# --- changes -----------------------------------------------------------------------------------------------------------------


def test_late_cancellation_keeps_a_fee_to_bill(room, book, alice, officer):
    """Case 41."""
    early, late, forgiven = (book(room, hours(start, start + 1)) for start in (8, 10, 12))
    the_day_before = early.starts_at - timedelta(days=1)
    assert actions.cancel(early, by=alice, at=early.starts_at - timedelta(days=2)).billable == 0
    cancelled = actions.cancel(late, by=alice, at=the_day_before)
    assert (cancelled.fee, cancelled.billable, cancelled.fee_lines[0]["rule"]) == (Decimal(50), Decimal(50), "F-51")
    assert actions.cancel(forgiven, by=officer, at=the_day_before, without_fee=True, reason="Snöstorm").billable == 0


def test_cancelling_ends_twelve_hours_before(room, book, rules, alice, officer, refuses):
    """Case 41."""
    rules(cancel_hours=12)
    booking = book(room, hours(18, 20))
    limit = booking.starts_at - timedelta(hours=12)
    refuses("not_allowed", actions.cancel, booking, by=alice, at=limit + timedelta(seconds=1))
    refuses("not_allowed", actions.cancel, booking, by=alice, at=booking.ends_at)
    actions.cancel(booking, by=alice, at=limit - timedelta(seconds=1))
    refuses("not_allowed", actions.cancel, booking, by=officer, at=limit)


def test_nobody_changes_what_others_booked(room, book, stina, stranger, refuses):
    booking = book(room, hours(10, 12))
    for person in (stina, stranger):
        refuses("not_allowed", actions.cancel, booking, by=person, at=AT)
        refuses("not_allowed", actions.move, booking, room, hours(14, 16), by=person, at=AT)
        refuses("not_allowed", actions.shorten, booking, hours(10, 11), by=person, at=AT)


def test_booking_moves_to_a_free_time_and_stays_when_there_is_none(tree, book, alice):
    booking = book(tree["2"], hours(10, 12))
    book(tree["1.1"], hours(14, 16))
    with pytest.raises(actions.Taken), transaction.atomic():
        actions.move(booking, tree["1"], hours(15, 18), by=alice, at=AT)
    moved = actions.move(booking, tree["2"], hours(11, 14), by=alice, at=AT)
    assert (moved.span, moved.payable) == (hours(11, 14), Decimal("150.00"))
    moved = actions.move(moved, tree["1.2"], hours(14, 15), by=alice, at=AT + MINUTE)
    assert set(Occupancy.objects.filter(booking=moved).values_list("leaf", flat=True)) == {tree["1.2"].pk}


def test_shortening_late_keeps_a_fee_for_what_is_given_back(room, book, alice):
    booking = book(room, hours(10, 12))
    shorter = actions.shorten(booking, hours(10, 11), by=alice, at=booking.starts_at - timedelta(hours=20))
    assert (shorter.payable, shorter.fee, shorter.billable) == (Decimal("50.00"), Decimal("50.00"), Decimal("100.00"))
    book(room, hours(11, 12))


def test_two_bookings_change_places_or_neither_does(tree, book, stina, other_association, officer, alice, refuses):
    """Case 61."""
    one = book(tree["1"], hours(10, 12))
    other = book(tree["1.1"], hours(12, 15), by=stina, association=other_association)
    refuses("not_allowed", actions.swap, one, other, by=alice, at=AT)
    one, other = actions.swap(one, other, by=officer, at=AT)
    assert (one.space, one.span, one.payable) == (tree["1.1"], hours(12, 15), Decimal("150.00"))
    assert (other.space, other.span, other.payable) == (tree["1"], hours(10, 12), Decimal("100.00"))
    assert Occupancy.objects.filter(booking=other).count() == len(tree["1"].takes)


def test_closing_shows_what_stands_and_cancels_it_without_a_fee(room, book, officer, alice):
    booking = book(room, hours(10, 12))
    with pytest.raises(actions.Taken) as refused, transaction.atomic():
        actions.close(room, hours(8, 20), reason="Vattenskada", by=officer, at=booking.starts_at - timedelta(hours=3))
    assert [conflict.booking for conflict in refused.value.conflicts] == [booking.pk]
    at = booking.starts_at - timedelta(hours=3)
    closure, cancelled = actions.close(room, hours(8, 20), reason="Vattenskada", by=officer, at=at, cancelling=True)
    assert ([each.pk for each in cancelled], cancelled[0].fee) == ([booking.pk], 0)
    assert Letter.objects.filter(key=f"facilities.cancelled.{booking.pk}").exists()
    with pytest.raises(actions.Taken), transaction.atomic():
        book(room, hours(9, 10), at=AT)
    actions.open_again(closure, by=officer, at=at)
    book(room, hours(9, 10), at=AT)


def test_nobody_came_is_billed_and_can_be_taken_back(room, book, staff, refuses):
    booking = book(room, hours(10, 12))
    refuses("not_begun", actions.note_absence, booking, by=staff, at=AT)
    for _twice in range(2):
        noted = actions.note_absence(booking, by=staff, at=booking.ends_at)
    assert noted.billable == Decimal("100.00")
    came = actions.note_arrival(booking, by=staff, at=booking.ends_at)
    assert (came.fee, came.absent_at) == (0, None)


def test_code_is_noted_and_not_in_the_log(room, book, staff):
    booking = actions.give_code(book(room, hours(10, 12)), "4711#", by=staff, at=AT)
    assert booking.access_code == "4711#"
    assert not Event.objects.filter(changes__icontains="4711").exists()


# --- the waiting list --------------------------------------------------------------------------------------------------------


@pytest.fixture
def line(room, book, stina, other_association, speaker, make_association):
    """Alice has 10-12; Stina's association waits for it, then a third one."""
    booking = book(room, hours(10, 12))
    third = make_association("Karlskoga Volleyboll", "8024009992")
    tove = speaker("tove@volleyboll.example", third)
    first = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    second = actions.wait_for(room, hours(10, 12), third, form="training", by=tove, at=AT + MINUTE)
    return booking, first, second, tove


def test_released_time_is_offered_to_the_next_in_line(line, alice, stina, room, book):
    """Case 61."""
    booking, first, second, _tove = line
    actions.release(booking, by=alice, at=AT + 2 * MINUTE)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (WaitingStatus.OFFERED, WaitingStatus.WAITING)
    with pytest.raises(actions.Taken), transaction.atomic():
        book(room, hours(10, 11))
    taken = actions.take_offer(first, by=stina, at=AT + 3 * MINUTE)
    assert (taken.status, taken.association, taken.payable) == ("confirmed", first.association, Decimal("100.00"))


def test_offer_that_nobody_answers_goes_on(line, alice, stina, refuses):
    booking, first, second, tove = line
    actions.cancel(booking, by=alice, at=AT)
    late = AT + timedelta(hours=24)
    refuses("offer_over", actions.take_offer, first, by=stina, at=late)
    assert actions.sweep(late) == 1
    assert actions.sweep(late) == 0
    second.refresh_from_db()
    assert actions.take_offer(second, by=tove, at=late).association == second.association


def test_saying_no_to_an_offer_gives_it_to_the_next(line, alice, stina):
    booking, first, second, _tove = line
    actions.cancel(booking, by=alice, at=AT)
    actions.stop_waiting(first, by=stina, at=AT)
    second.refresh_from_db()
    assert second.status == WaitingStatus.OFFERED


def test_asking_twice_is_one_place_in_line(line, room, other_association, stina):
    actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT + MINUTE)
    assert WaitingEntry.objects.count() == 2


def test_published_tariff_is_fixed(tariff, person):
    assert person("a@karlskoga.example", Role.AUDITOR).has_perm("facilities.read_bookings")
    with pytest.raises(Exception, match="fixed"), transaction.atomic():
        tariff.rates.update(kronor=1)
    with pytest.raises(Exception, match="published_tariff_is_fixed"), transaction.atomic():
        Tariff.objects.update(minimum=5)
