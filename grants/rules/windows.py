"""When a call is open, and for whom."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from grants.rules.late import Deadline, LateStep, check_steps, refused_from


class CallState(StrEnum):
    """What a call is at an instant."""

    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    LATE = "late"  # still considered, at a price
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """A call's opening hours. Aware instants.

    closes_at: exclusive; None = a continuous fund, open until somebody closes it. steps: what lateness costs. closed_at: when
    an officer closed it by hand; None = nobody did.
    """

    opens_at: datetime
    closes_at: datetime | None = None
    steps: tuple[LateStep, ...] = ()
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        if any(at is not None and at.tzinfo is None for at in (self.opens_at, self.closes_at, self.closed_at)):
            raise ValueError("An instant must carry its time zone.")
        if self.closes_at is not None and self.closes_at <= self.opens_at:
            raise ValueError("A call must close after it opens.")
        check_steps(self.steps)


def call_state(window: Window, at: datetime) -> CallState:
    """Whether the call takes in an application handed in at *at* (the instant the POST reached the server).

    A continuous fund is closed before it opens like any other. Once an officer has closed the call by hand nothing is taken in,
    late or not.

    Rule G-01. Source: grant regulations, "application period"; Cases 6 and 10.
    Words: öppen, stängd, ansökningsperiod, ansökningsomgång, löpande, open, closed.
    """
    if at < window.opens_at:
        return CallState.NOT_YET_OPEN
    if window.closed_at is not None and at >= window.closed_at:
        return CallState.CLOSED
    if window.closes_at is None or at < window.closes_at:
        return CallState.OPEN
    return CallState.LATE if at < refused_from(Deadline(window.closes_at, window.steps)) else CallState.CLOSED


def extended(window: Window, until: datetime | None) -> Window:
    """The window as it is for an applicant who was given an individual extension. until: aware, exclusive; None = no extension.

    The later of the two closing times holds, the late steps count from it, and closing the call by hand before it does not take
    the extension back. A continuous fund needs no extension.

    Rule G-02. Source: grant regulations, "extension for particular reasons"; Case 5.
    Words: anstånd, förlängd tid, undantag, extension.
    """
    if until is None or window.closes_at is None or until <= window.closes_at:
        return window
    closed_at = None if window.closed_at is None else max(window.closed_at, until)
    return replace(window, closes_at=until, closed_at=closed_at)


def deadline_of(window: Window) -> Deadline | None:
    """The closing time and late steps of a window; None for a continuous fund, where nobody is late.

    Rule G-03. Source: grant regulations, "application period".
    Words: sista ansökningsdag, deadline.
    """
    return None if window.closes_at is None else Deadline(window.closes_at, window.steps)
