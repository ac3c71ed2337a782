"""Everything that changes rows: one function per verb."""

from facilities.actions.booking import Wish, book, hold, release_hold, take_for
from facilities.actions.changes import cancel, cancel_rest, move, release, shorten, swap
from facilities.actions.filling import HoldOver, confirm, fill_in, wish_of
from facilities.actions.ground import Conflict, NotPossible, Taken
from facilities.actions.prices import Plan, next_year, publish_tariff
from facilities.actions.quoting import quotes
from facilities.actions.series import SeriesDay, SeriesInTheWay, book_series, plan_series
from facilities.actions.shown import (
    Change,
    Cost,
    NotAsShown,
    cancel_as_shown,
    cancelling,
    edition,
    move_as_shown,
    moving,
    rest_of,
    shorten_as_shown,
    shortening,
)
from facilities.actions.spaces import add_space, add_venue, make_part_of
from facilities.actions.staff import approve, close, give_code, note_absence, note_arrival, open_again, refuse
from facilities.actions.swaps import accept_swap, decline_swap, lapse_swaps, propose_swap, withdraw_swap
from facilities.actions.waiting import offer_next, pass_on, stop_waiting, sweep, take_offer, wait_for

__all__ = [
    "Change",
    "Conflict",
    "Cost",
    "HoldOver",
    "NotAsShown",
    "NotPossible",
    "Plan",
    "SeriesDay",
    "SeriesInTheWay",
    "Taken",
    "Wish",
    "accept_swap",
    "add_space",
    "add_venue",
    "approve",
    "book",
    "book_series",
    "cancel",
    "cancel_as_shown",
    "cancel_rest",
    "cancelling",
    "close",
    "confirm",
    "decline_swap",
    "edition",
    "fill_in",
    "give_code",
    "hold",
    "lapse_swaps",
    "make_part_of",
    "move",
    "move_as_shown",
    "moving",
    "next_year",
    "note_absence",
    "note_arrival",
    "offer_next",
    "open_again",
    "pass_on",
    "plan_series",
    "propose_swap",
    "publish_tariff",
    "quotes",
    "refuse",
    "release",
    "release_hold",
    "rest_of",
    "shorten",
    "shorten_as_shown",
    "shortening",
    "stop_waiting",
    "swap",
    "sweep",
    "take_for",
    "take_offer",
    "wait_for",
    "wish_of",
    "withdraw_swap",
]
