"""Everything that changes rows: one function per verb."""

from facilities.actions.booking import Wish, book, hold, release_hold, take_for
from facilities.actions.changes import cancel, cancel_rest, move, release, shorten, swap
from facilities.actions.ground import Conflict, NotPossible, Taken
from facilities.actions.prices import Plan, next_year, publish_tariff
from facilities.actions.series import SeriesDay, SeriesInTheWay, book_series, plan_series
from facilities.actions.spaces import add_space, add_venue, make_part_of
from facilities.actions.staff import approve, close, give_code, note_absence, note_arrival, open_again, refuse
from facilities.actions.waiting import offer_next, pass_on, stop_waiting, sweep, take_offer, wait_for

__all__ = [
    "Conflict",
    "NotPossible",
    "Plan",
    "SeriesDay",
    "SeriesInTheWay",
    "Taken",
    "Wish",
    "add_space",
    "add_venue",
    "approve",
    "book",
    "book_series",
    "cancel",
    "cancel_rest",
    "close",
    "give_code",
    "hold",
    "make_part_of",
    "move",
    "next_year",
    "note_absence",
    "note_arrival",
    "offer_next",
    "open_again",
    "pass_on",
    "plan_series",
    "publish_tariff",
    "refuse",
    "release",
    "release_hold",
    "shorten",
    "stop_waiting",
    "swap",
    "sweep",
    "take_for",
    "take_offer",
    "wait_for",
]
