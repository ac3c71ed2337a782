"""One's own bookings: the list, one booking, and every change with what it costs before it is made."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from facilities import actions
from facilities.choices import BookingStatus
from facilities.models import Booking
from facilities.rules.series import Pattern
from records.models import Letter
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text, typed

pytestmark = pytest.mark.django_db
LATE = hours(10, 12).starts - timedelta(hours=20)  # cancelling costs the whole price


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def hand(sign_in, alice, tariff):
    return sign_in(alice)


@pytest.fixture
def later(clock, hand, alice):
    """Let time pass; Alice signs in again, for her session does not last for weeks."""

    def move(at):
        clock.move_to(at)
        hand.force_login(alice)

    return move


@pytest.fixture
def booking(room, book):
    return book(room, hours(10, 12), title="Träning F12", people=20, young=20)


def shown(response):
    """The hidden fields of what a page says it would do."""
    form = response.context.get("shown") or response.context["form"]
    return {name: form.initial[name] for name in ("seen", "total")}


# --- the list and the page --------------------------------------------------------------------------------------------------


def test_coming_and_past_bookings_are_told_apart(hand, book, room, later, alice):
    first, second = book(room, hours(10, 12)), book(room, hours(10, 12, day=1))
    later(first.ends_at)
    rows = [[row.pk for row, _tone in hand.get(page("booking_list"), asked).context["rows"]] for asked in ({}, {"when": "past"})]
    assert rows == [[second.pk], [first.pk]]
    actions.cancel(second, by=alice, at=first.ends_at)
    assert hand.get(page("booking_list")).context["rows"] == []
    cancelled = hand.get(page("booking_list"), {"status": "cancelled"})
    assert [row.pk for row, _tone in cancelled.context["rows"]] == [second.pk]


def test_odd_filters_show_the_coming_ones(hand, booking):
    for asked in ({"when": "sedan"}, {"status": "x"}, {"venue": "atlantis"}, {"page": "ett"}, {"page": "99"}):
        assert [row.pk for row, _tone in hand.get(page("booking_list"), asked).context["rows"]] == [booking.pk]


def test_list_can_be_taken_as_a_table_and_holds_no_formulas(hand, book, room):
    book(room, hours(10, 12), title="=1+1")
    csv = hand.get(page("booking_list"), {"format": "csv"}).content.decode("utf-8-sig")
    assert "Hallen;2;2026-05-18 12:00;2026-05-18 14:00;'=1+1;Bokad;100,00;0,00" in csv
    xlsx = io.BytesIO(hand.get(page("booking_list"), {"format": "xlsx"}).content)
    assert CalamineWorkbook.from_filelike(xlsx).get_sheet_by_index(0).to_python()[1][4] == "=1+1"


def test_nothing_booked_says_what_to_do(hand, sign_in, stranger):
    assert "Hitta en ledig tid" in text(hand.get(page("booking_list")))
    assert "Du företräder ingen förening" in text(sign_in(stranger).get(page("booking_list")))


def test_page_of_a_booking_says_what_when_where_and_how_much(hand, booking, staff):
    actions.give_code(booking, "4711#", by=staff, at=AT)
    page_of_it = text(hand.get(page("booking", booking.pk)))
    for words in (
        "Måndag 18 maj 12.00–14.00",
        "Träning F12",
        "100 kr",
        "F-45",
        "4711#",
        "20 under 25 år",
        "Avbokar ni nu kostar det inget.",
    ):
        assert words in page_of_it


def test_code_is_shown_to_those_who_have_the_time_and_nobody_else(booking, staff, sign_in, stina, stranger, hand):
    actions.give_code(booking, "4711#", by=staff, at=AT)
    for person in (stina, stranger):
        assert sign_in(person).get(page("booking", booking.pk)).status_code == 404


def test_what_has_happened_is_told_with_what_was_before(hand, booking, room, alice, later):
    actions.move(booking, room, hours(12, 14), by=alice, at=AT)
    actions.move(booking, room, hours(14, 16), by=alice, at=AT + timedelta(minutes=1))
    actions.cancel(booking, by=alice, at=LATE + timedelta(hours=4))
    later(LATE + timedelta(hours=5))
    told = text(hand.get(page("booking", booking.pk)))
    for words in (
        "Bokad",
        "Ny tid eller plats",
        "från 2 måndag 18 maj 14.00–16.00 till 2 måndag 18 maj 16.00–18.00",
        "Avbokad",
        "F-51",
    ):
        assert words in told


def test_request_says_when_it_is_answered(hand, book, room, rules):
    rules(needs_approval=True)
    asked = book(room, hours(10, 12))
    assert "Ni får svar senast <strong>torsdag 7 maj</strong>" in text(hand.get(page("booking", asked.pk)))


def test_list_and_page_ask_the_same_of_one_and_of_three(hand, book, room, django_assert_num_queries):
    for count in (1, 2):
        for number in range(count):
            booked = book(room, hours(10, 12, day=10 * count + number))
        hand.get(page("booking", booked.pk))
        with django_assert_num_queries(10):
            hand.get(page("booking_list"))
        with django_assert_num_queries(13):
            hand.get(page("booking", booked.pk))


@pytest.mark.parametrize(
    "name", ["booking", "booking_move", "booking_shorten", "booking_cancel", "booking_release", "booking_cancel_rest"]
)
def test_stranger_finds_nothing_of_anothers(booking, sign_in, stina, stranger, client, name):
    for person in (stina, stranger):
        hand = sign_in(person)
        assert hand.get(page(name, booking.pk)).status_code == 404
        assert hand.post(page(name, booking.pk), {}).status_code in {404, 405}
    assert client.get(page(name, booking.pk)).status_code == 302


# --- cancelled and let go ----------------------------------------------------------------------------------------------------


def test_early_cancelling_is_free_and_says_so(hand, booking):
    response = hand.get(page("booking_cancel", booking.pk))
    assert "Avbokar ni nu kostar det inget." in text(response)
    assert hand.post(page("booking_cancel", booking.pk), shown(response)).url == page("booking", booking.pk)
    booking.refresh_from_db()
    assert (booking.status, booking.fee) == (BookingStatus.CANCELLED, 0)
    assert Letter.objects.filter(key=f"facilities.cancelled.{booking.pk}").exists()


def test_late_cancelling_tells_the_fee_and_its_rule_before(hand, booking, later):
    """Case 41."""
    later(LATE)
    response = hand.get(page("booking_cancel", booking.pk))
    assert "Avbokar ni nu kostar det 100 kr, 100 % av priset (regel F-50 och F-51)." in text(response)
    assert "Avboka och betala 100 kr" in text(response)
    hand.post(page("booking_cancel", booking.pk), shown(response))
    booking.refresh_from_db()
    assert booking.billable == Decimal("100.00")
    assert "100 kr" in text(hand.get(page("booking_list"), {"status": "cancelled"}))


def test_fee_that_came_while_the_page_was_open_is_shown_again_first(hand, booking, later):
    told = shown(hand.get(page("booking_cancel", booking.pk)))
    later(LATE)
    response = hand.post(page("booking_cancel", booking.pk), told)
    assert response.status_code == 409
    assert "Något har ändrats sedan ni öppnade sidan." in text(response)
    assert "kostar det 100 kr" in text(response)
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED


def test_stale_page_cancels_nothing(hand, booking, room, alice):
    told = shown(hand.get(page("booking_cancel", booking.pk)))
    actions.move(booking, room, hours(14, 16), by=alice, at=AT)
    assert hand.post(page("booking_cancel", booking.pk), told).status_code == 409
    for broken in ({}, {"seen": "", "total": "0"}, {"seen": "x", "total": "gratis"}):
        assert hand.post(page("booking_cancel", booking.pk), broken).status_code == 409
    booking.refresh_from_db()
    assert booking.status == BookingStatus.CONFIRMED


def test_cancelling_twice_is_cancelled_once(hand, booking):
    told = shown(hand.get(page("booking_cancel", booking.pk)))
    for _press in range(2):
        assert hand.post(page("booking_cancel", booking.pk), told).url == page("booking", booking.pk)
    assert Letter.objects.filter(key__startswith="facilities.cancelled").count() == 1


def test_too_late_to_cancel_here_says_whom_to_ask(hand, booking, rules, later):
    """Case 41."""
    rules(cancel_hours=24)
    told = shown(hand.get(page("booking_cancel", booking.pk)))
    later(LATE)
    response = hand.get(page("booking_cancel", booking.pk))
    assert "Det är för sent att avboka här. Kontakta kommunen." in text(response)
    assert hand.post(page("booking_cancel", booking.pk), told).status_code == 409


def test_letting_go_tells_who_gets_the_offer(hand, booking, room, other_association, stina):
    """Case 61."""
    actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    response = hand.get(page("booking_release", booking.pk))
    assert "1 förening väntar på tiden och får ett erbjudande." in text(response)
    hand.post(page("booking_release", booking.pk), shown(response))
    assert Letter.objects.filter(key__startswith="facilities.offer.").count() == 1


def test_rest_of_a_series_is_cancelled_with_the_sum_of_its_fees(hand, room, association, alice, later, tariff):
    pattern = Pattern(hours(0, 1).starts.date(), hours(0, 1, day=21).starts.date(), 12 * 60, 14 * 60)
    booked = actions.book_series(room, pattern, actions.Wish(association=association), by=alice, at=AT)
    later(hours(10, 12, day=7).starts - timedelta(hours=20))
    response = hand.get(page("booking_cancel_rest", booked[1].pk))
    assert (len(response.context["costs"]), response.context["total"]) == (3, Decimal("100.00"))
    assert "Avbokar ni nu kostar det 100 kr tillsammans." in text(response)
    assert hand.post(page("booking_cancel_rest", booked[1].pk), shown(response)).status_code == 302
    assert [each.status for each in Booking.objects.order_by("starts_at")] == ["confirmed"] + ["cancelled"] * 3


# --- moved and shortened -----------------------------------------------------------------------------------------------------


def test_moving_shows_the_price_there_before_it_is_done(hand, booking, room):
    there = {"space": room.pk, **typed(hours(10, 13, day=1))}
    response = hand.get(page("booking_move", booking.pk), there)
    assert "Flytta, 150 kr totalt" in text(response)
    assert hand.post(page("booking_move", booking.pk), {**there, **shown(response)}).url == page("booking", booking.pk)
    booking.refresh_from_db()
    assert (booking.span, booking.payable) == (hours(10, 13, day=1), Decimal("150.00"))


def test_moving_late_tells_what_is_still_paid_for_the_old_time(hand, booking, room, later):
    later(LATE)
    response = hand.get(page("booking_move", booking.pk), {"space": room.pk, **typed(hours(10, 12, day=3))})
    assert "ni också betalar 100 kr för den (regel F-50 och F-51)" in text(response)
    assert "Flytta, 200 kr totalt" in text(response)


def test_moving_to_its_own_half_is_no_clash_with_itself(hand, book, tree):
    mine = book(tree["1"], hours(10, 12))
    there = {"space": tree["1.1"].pk, **typed(hours(11, 13))}
    response = hand.get(page("booking_move", mine.pk), there)
    assert response.context["look"].is_free
    hand.post(page("booking_move", mine.pk), {**there, **shown(response)})
    mine.refresh_from_db()
    assert (mine.space, mine.span) == (tree["1.1"], hours(11, 13))


def test_moving_to_a_taken_time_shows_what_is_free(hand, booking, room, book, stina, other_association):
    book(room, hours(14, 16), by=stina, association=other_association)
    response = hand.get(page("booking_move", booking.pk), {"space": room.pk, **typed(hours(14, 16))})
    assert "Någon annan har lokalen den tiden." in text(response)
    assert [each.span for each in response.context["look"].beside] == [hours(12, 14), hours(16, 18)]


def test_time_taken_between_the_look_and_the_press_leaves_the_booking_where_it_was(
    hand, booking, room, book, stina, other_association
):
    there = {"space": room.pk, **typed(hours(14, 16))}
    told = shown(hand.get(page("booking_move", booking.pk), there))
    book(room, hours(15, 17), by=stina, association=other_association)
    response = hand.post(page("booking_move", booking.pk), {**there, **told})
    assert response.status_code == 409
    booking.refresh_from_db()
    assert booking.span == hours(10, 12)


@pytest.mark.parametrize(
    "changes", [{"space": "999999"}, {"space": ""}, {"day": "igår"}, {"begins": "x"}, {"ends": "12.00", "begins": "12.00"}]
)
def test_times_that_are_none_are_told_and_move_nothing(hand, booking, room, changes):
    there = {"space": room.pk, **typed(hours(14, 16)), **changes}
    assert hand.get(page("booking_move", booking.pk), there).status_code == 422
    assert hand.post(page("booking_move", booking.pk), {**there, "seen": "x", "total": "0"}).status_code == 422


def test_shortening_shows_what_it_costs_and_gives_the_rest_back(hand, booking, room, book, later):
    later(LATE)
    response = hand.get(page("booking_shorten", booking.pk), typed(hours(10, 11)))
    assert "Korta, 100 kr totalt" in text(response)
    assert "ni också betalar 50 kr" in text(response)
    hand.post(page("booking_shorten", booking.pk), {**typed(hours(10, 11)), **shown(response)})
    booking.refresh_from_db()
    assert (booking.span, booking.payable, booking.fee) == (hours(10, 11), Decimal("50.00"), Decimal("50.00"))


def test_longer_is_not_shorter(hand, booking):
    response = hand.post(
        page("booking_shorten", booking.pk), {**typed(hours(9, 13)), "seen": actions.edition([booking]), "total": "100.00"}
    )
    assert response.status_code == 409
    assert "en del av den gamla" in text(response)


def test_what_has_begun_is_no_longer_changed_by_its_hirer(hand, booking, later):
    later(booking.starts_at)
    for name in ("booking_move", "booking_shorten", "booking_cancel", "booking_release"):
        response = hand.get(page(name, booking.pk))
        assert "Tiden har redan börjat eller passerat." in text(response), name
        assert "<form" not in text(response).split("<main")[1].split("</main>")[0], name
