"""The waiting list and swaps through the pages."""

from datetime import timedelta

import pytest
import time_machine

from facilities import actions
from facilities.choices import BookingStatus, SwapStatus, WaitingStatus
from facilities.models import Booking, SwapProposal, Venue, WaitingEntry
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text, typed

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
WISH = {"title": "Innebandy P10", "use": "training", "people": "14"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def taken(room, book):
    """Alice has the time."""
    return book(room, hours(10, 12))


@pytest.fixture
def hand(sign_in, stina, tariff):
    """Stina would like it."""
    return sign_in(stina)


@pytest.fixture
def join(room):
    return page("waiting_join", room.pk) + "?" + "&".join(f"{name}={value}" for name, value in typed(hours(10, 12)).items())


@pytest.fixture
def offered(hand, join, taken, alice):
    hand.post(join, WISH)
    actions.release(taken, by=alice, at=AT + MINUTE)
    return WaitingEntry.objects.get()


# --- standing in line --------------------------------------------------------------------------------------------------------


def test_one_stands_in_line_from_a_taken_time(hand, join, taken, room):
    chosen = hand.get(page("space_book", room.pk), typed(hours(10, 12)))
    assert page("waiting_join", room.pk) in text(chosen)
    assert "Ingen står i kö före er." in text(hand.get(join))
    assert hand.post(join, WISH).url == page("waiting_list")
    assert "Ni är först i kön" in text(hand.get(page("waiting_list")))
    hand.post(join, WISH)
    assert WaitingEntry.objects.count() == 1


def test_place_in_line_is_told(hand, join, taken, sign_in, speaker, make_association, room):
    third = make_association("Karlskoga Volleyboll", "8024009992")
    tove = sign_in(speaker("tove@volleyboll.example", third))
    hand.post(join, WISH)
    assert "1 förening står i kö före er." in text(tove.get(join))
    actions.wait_for(room, hours(11, 13), third, form="training", by=third.mandates.get().user, at=AT + MINUTE)
    assert "1 före er i kön" in text(tove.get(page("waiting_list")))


def test_free_time_is_booked_and_not_waited_for(hand, join, room):
    shown = text(hand.get(join))
    assert "Tiden är ledig. Ni kan boka den direkt." in shown
    assert "<form class=" not in shown.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Skriv vad ni ska göra."),
        ({"people": "25"}, "högst 24"),
        ({"people": "x"}, "Skriv ett heltal"),
        ({"use": "x"}, "Välj"),
    ],
)
def test_wishes_that_are_wrong_are_told(hand, join, taken, room, changes, sentence):
    room.capacity = 24
    room.save()
    response = hand.post(join, {**WISH, **changes})
    assert response.status_code == 422
    assert sentence in text(response)
    assert WaitingEntry.objects.count() == 0


def test_time_that_is_none_leads_back_to_choosing_one(hand, room):
    assert hand.get(page("waiting_join", room.pk), {"day": "snart"}).url == page("space_book", room.pk)


def test_passed_time_is_not_waited_for(hand, join, taken, clock, stina):
    clock.move_to(hours(10, 12).starts)
    hand.force_login(stina)
    response = hand.post(join, WISH)
    assert response.status_code == 422
    assert "Tiden har redan börjat" in text(response)


def test_line_is_left_by_one_press(hand, join, taken, sign_in, alice):
    hand.post(join, WISH)
    entry = WaitingEntry.objects.get()
    assert sign_in(alice).post(page("waiting_leave", entry.pk)).status_code == 404
    for _press in range(2):
        assert hand.post(page("waiting_leave", entry.pk)).url == page("waiting_list")
    entry.refresh_from_db()
    assert entry.status == WaitingStatus.WITHDRAWN


def test_list_of_places_asks_the_same_of_one_and_of_three(hand, taken, room, stina, other_association, django_assert_num_queries):
    for day in (0, 1, 2):
        actions.wait_for(room, hours(10, 12, day=day), other_association, form="training", by=stina, at=AT)
        if day != 1:
            with django_assert_num_queries(6):
                hand.get(page("waiting_list"))


# --- the offer ---------------------------------------------------------------------------------------------------------------


def test_offer_tells_price_and_time_limit_and_is_taken(hand, offered, room):
    Venue.objects.update(rules_to_accept="Inga klisterbollar.")
    assert "Svara före" in text(hand.get(page("waiting_list")))
    shown = text(hand.get(page("waiting_offer", offered.pk)))
    for words in ("Hålls åt er till 5 maj kl. 10.01", "100 kr", "Inga klisterbollar."):
        assert words in shown
    refused = hand.post(page("waiting_offer", offered.pk), {})
    assert refused.status_code == 422
    taken = hand.post(page("waiting_offer", offered.pk), {"accepts": "on"})
    booking = Booking.objects.get(association=offered.association, status=BookingStatus.CONFIRMED)
    assert taken.url == page("booking_receipt", booking.pk)
    assert (booking.title, booking.rules_accepted_at) == ("Innebandy P10", AT)
    assert hand.post(page("waiting_offer", offered.pk), {"accepts": "on"}).url == page("booking", booking.pk)


def test_offer_is_left_to_the_next(hand, offered):
    response = hand.post(page("waiting_leave", offered.pk), follow=True)
    assert "nästa i kön får erbjudandet" in text(response)


def test_offer_that_ran_out_says_so(hand, offered, clock, stina):
    clock.move_to(AT + timedelta(hours=25))
    hand.force_login(stina)
    assert "Se om tiden är ledig" in text(hand.get(page("waiting_offer", offered.pk)))
    assert hand.post(page("waiting_offer", offered.pk), {}).status_code == 409


def test_offer_to_another_is_not_found(offered, sign_in, alice, stranger):
    for person in (alice, stranger):
        assert sign_in(person).get(page("waiting_offer", offered.pk)).status_code == 404
        assert sign_in(person).post(page("waiting_offer", offered.pk), {}).status_code == 404


# --- swaps -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(tree, book, stina, other_association):
    ours = book(tree["1.1"], hours(10, 12), title="Hemligt", people=20)
    return ours, book(tree["2"], hours(14, 17), by=stina, association=other_association, title="Annat hemligt")


def test_swap_is_chosen_proposed_and_accepted(sign_in, alice, stina, pair, tree):
    """Case 61."""
    ours, theirs = pair
    mine, other = sign_in(alice), sign_in(stina)
    shown = text(mine.get(page("swap_choose", ours.pk)))
    assert "Karlskoga Innebandy" in shown
    assert "Annat hemligt" not in shown
    address = page("swap_propose", ours.pk, theirs.pk)
    assert "Måndag 18 maj 16.00–19.00" in text(mine.get(address))
    proposed = mine.post(address, {"message": "Går det bra?"})
    proposal = SwapProposal.objects.get()
    assert proposed.url == page("swap", proposal.pk)
    assert mine.post(address, {"message": "Igen"}).url == proposed.url
    assert "vill byta den här tiden med er" in text(other.get(page("booking", theirs.pk)))
    asked = text(other.get(page("swap", proposal.pk)))
    assert "Går det bra?" in asked
    assert "Ja, byt" in asked
    assert "Ja, byt" not in text(mine.get(page("swap", proposal.pk)))
    assert other.post(page("swap", proposal.pk), {"answer": "yes"}).url == page("swap", proposal.pk)
    ours.refresh_from_db()
    assert (ours.space, ours.span) == (tree["2"], hours(14, 17))
    again = other.post(page("swap", proposal.pk), {"answer": "yes"})
    assert again.status_code == 409


@pytest.mark.parametrize(("who", "answer", "status"), [("stina", "no", "declined"), ("alice", "back", "withdrawn")])
def test_swap_is_declined_or_taken_back(sign_in, alice, stina, pair, who, answer, status):
    proposal = actions.propose_swap(*pair, by=alice, at=AT)
    hand = sign_in({"alice": alice, "stina": stina}[who])
    hand.post(page("swap", proposal.pk), {"answer": answer})
    proposal.refresh_from_db()
    assert proposal.status == status
    assert SwapStatus(status).label


def test_one_cannot_accept_for_the_other(sign_in, alice, pair):
    proposal = actions.propose_swap(*pair, by=alice, at=AT)
    assert sign_in(alice).post(page("swap", proposal.pk), {"answer": "yes"}).status_code == 409
    assert sign_in(alice).post(page("swap", proposal.pk), {"answer": "no"}).status_code == 409
    proposal.refresh_from_db()
    assert proposal.status == SwapStatus.PROPOSED


def test_stranger_finds_no_swap(sign_in, stranger, alice, stina, pair):
    proposal = actions.propose_swap(*pair, by=alice, at=AT)
    assert sign_in(stranger).get(page("swap", proposal.pk)).status_code == 404
    assert sign_in(stina).get(page("swap_choose", pair[0].pk)).status_code == 404
    assert sign_in(stina).get(page("swap_propose", pair[0].pk, pair[1].pk)).status_code == 404
    assert sign_in(alice).get(page("swap_propose", pair[0].pk, 999_999)).status_code == 404


def test_list_of_swaps_says_whose_turn_it_is(sign_in, alice, stina, pair, tree):
    proposal = actions.propose_swap(*pair, by=alice, at=AT)
    assert sign_in(stina).get(page("swap_list")).context["to_answer"] == [proposal]
    assert sign_in(alice).get(page("swap_list")).context["proposed"] == [proposal]
    actions.move(pair[0], tree["1.1"], hours(10, 11), by=alice, at=AT)
    listed = sign_in(stina).get(page("swap_list"))
    assert listed.context["over"] == [proposal]
    assert "går inte längre" in text(listed).lower()


def test_message_with_a_personal_number_is_turned_away(sign_in, alice, pair):
    response = sign_in(alice).post(page("swap_propose", pair[0].pk, pair[1].pk), {"message": "Ring 19850709-9805"})
    assert response.status_code == 422
    assert "Ta bort personnumret" in text(response)
