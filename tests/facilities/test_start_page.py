"""What the start page asks of an association that hires, and what it tells."""

from datetime import timedelta

import pytest
import time_machine

from accounts.hats import Hat
from facilities import actions
from facilities.hooks_hire import cards, tasks
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text

pytestmark = pytest.mark.django_db
SOON = -14  # days from DAY back to AT


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def hat_of():
    return lambda association: Hat("association", str(association.pk), association.name, "/")


def test_offer_stands_first_with_its_time_limit(sign_in, room, book, alice, stina, other_association):
    booking = book(room, hours(10, 12))
    entry = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    actions.release(booking, by=alice, at=AT)
    shown = text(sign_in(stina).get("/"))
    assert "Svara på erbjudandet: Hallen, 2" in shown
    assert "Tiden hålls åt er till tisdag 5 maj kl. 10.00." in shown
    assert page("waiting_offer", entry.pk) in shown
    assert "Svara på erbjudandet" not in text(sign_in(alice).get("/"))


def test_held_time_and_asked_swap_are_tasks(hat_of, tree, book, alice, stina, association, other_association):
    ours = book(tree["1"], hours(10, 12))
    theirs = book(tree["2"], hours(14, 16), by=stina, association=other_association)
    proposal = actions.propose_swap(ours, theirs, by=alice, at=AT)
    held = actions.hold(tree["2"], hours(20, 21), actions.Wish(association=association), by=alice, at=AT)
    assert [task.url for task in tasks(alice, hat_of(association), AT)] == [page("booking_fill", held.pk)]
    assert [task.url for task in tasks(stina, hat_of(other_association), AT)] == [page("swap", proposal.pk)]
    late = AT + timedelta(days=8)
    assert tasks(alice, hat_of(association), late) == tasks(stina, hat_of(other_association), late) == []


def test_card_tells_the_times_of_the_week_that_comes(sign_in, hat_of, room, book, alice, association, rules):
    assert cards(alice, hat_of(association), AT) == []
    for day in range(6):
        book(room, hours(10, 12, day=SOON + day))
    book(room, hours(10, 12))
    (card,) = cards(alice, hat_of(association), AT)
    assert card.lines[0] == "Måndag 4 maj 12.00–14.00: Hallen, 2."
    assert (len(card.lines), card.lines[-1]) == (6, "Och fler.")
    assert "Era tider de närmaste sju dagarna" in text(sign_in(alice).get("/"))


def test_nobody_is_told_of_anothers_times(hat_of, room, book, alice, stranger, association):
    book(room, hours(10, 12, day=SOON))
    assert cards(stranger, hat_of(association), AT) == []
    assert tasks(stranger, hat_of(association), AT) == []
    assert cards(alice, None, AT) == []
