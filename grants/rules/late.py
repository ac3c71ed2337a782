"""Late applications: how many days late, and what that costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from records.values import closes_after, local_day, rounded


class CountsFrom(StrEnum):
    """What makes an application received in a call: that it is handed in, or that it is complete."""

    SUBMISSION = "submission"
    COMPLETENESS = "completeness"


@dataclass(frozen=True, slots=True)
class LateStep:
    """What being from_day to to_day (both included) days late costs. percent: of the grant, 0-100 (10 = 10 %)."""

    from_day: int
    to_day: int
    percent: Decimal

    def __post_init__(self) -> None:
        if not 1 <= self.from_day <= self.to_day:
            raise ValueError("A late step must run forwards from day 1 or later.")
        if not 0 <= self.percent <= 100:
            raise ValueError("A late step takes between 0 and 100 percent.")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A call's closing time, and the price of being late.

    closes_at: aware, exclusive (records.values.closes_after). steps: from day 1 without gaps or overlaps; none = nothing late
    is considered. ValueError otherwise.
    """

    closes_at: datetime
    steps: tuple[LateStep, ...] = ()

    def __post_init__(self) -> None:
        _check_aware(self.closes_at)
        check_steps(self.steps)


class TooLate(Exception):
    """After the last step: refused, not reduced. days: how late. last_day: the last number of days that is considered."""

    def __init__(self, days: int, last_day: int) -> None:
        super().__init__(f"{days} days late; up to {last_day} days are considered.")
        self.days, self.last_day = days, last_day


def received_basis(submitted_at: datetime, completed_at: datetime | None, counts_from: str) -> datetime | None:
    """The instant from which lateness is counted: the submit, or the completion if that is what the call says.

    submitted_at: when the POST reached the server, set once. completed_at: when the last required piece arrived; equal to or
    before submitted_at when nothing was missing; None = something is still missing. counts_from: a CountsFrom value
    (ValueError otherwise). Returns None when completeness counts and something is still missing: lateness is not known yet.

    Rule G-05. Source: grant regulations, "complete application"; Case 9 (which of the two is a setting of the call).
    Words: komplett, komplettering, inkommen, mottagen, complete.
    """
    if CountsFrom(counts_from) is CountsFrom.SUBMISSION:
        return submitted_at
    return None if completed_at is None else max(submitted_at, completed_at)


def days_late(received_at: datetime, closes_at: datetime) -> int:
    """How many days late, in local days; 0 = in time.

    Both aware; closes_at exclusive. The day after the last day is day 1 until its midnight, whatever summer time does. A call
    that closes in the middle of a day counts the rest of that day as day 1. ValueError for an instant without zone.

    Rule G-06. Source: grant regulations, "late application"; Cases 1-3.
    Words: sen, sent, försenad, dagar, late, days.
    """
    _check_aware(received_at)
    _check_aware(closes_at)
    if received_at < closes_at:
        return 0
    last_day = local_day(closes_at - timedelta(microseconds=1))
    return max(1, (local_day(received_at) - last_day).days)


def late_percent(days: int, steps: Sequence[LateStep]) -> Decimal:
    """What so many days late costs, in percent of the grant. days: 0 or more. Raises TooLate after the last step.

    Rule G-08. Source: grant regulations, "late application". Steps are council decisions per year (grants.LateStep rows).
    Words: sen, avdrag, procent, late.
    """
    if days < 0:
        raise ValueError("Nobody is less than 0 days late.")
    if days == 0:
        return Decimal(0)
    for step in steps:
        if step.from_day <= days <= step.to_day:
            return step.percent
    raise TooLate(days, steps[-1].to_day if steps else 0)


def late_reduction(amount: Decimal, received_at: datetime, deadline: Deadline) -> Decimal:
    """The part of a grant that a late application loses.

    amount: kronor before this rule, not negative. received_at: aware instant of the submit (see received_basis).
    Returns kronor, rounded half up to öre, 0 <= result <= amount. Raises TooLate after the last step: refused, not reduced.

    Rule G-07. Source: grant regulations, "late application": Karlskoga, "Årligt föreningsbidrag", late but complete 1-7 days
    -10 %, 8-14 days -50 %, later not considered. Steps are council decisions per year (grants.LateStep rows).
    Words: sen, sent, för sent, försenad ansökan, avdrag, reducering, late.
    """
    if amount < 0:
        raise ValueError("A grant is not negative.")
    percent = late_percent(days_late(received_at, deadline.closes_at), deadline.steps)
    return rounded(amount * percent / 100)


def refused_from(deadline: Deadline) -> datetime:
    """The exclusive UTC instant after which an application is not considered at all: the end of the last late day.

    Rule G-09. Source: grant regulations, "late application".
    Words: avvisas, prövas inte, för sent, sista dag, refused.
    """
    if not deadline.steps:
        return deadline.closes_at
    last_day = local_day(deadline.closes_at - timedelta(microseconds=1))
    return closes_after(last_day + timedelta(days=deadline.steps[-1].to_day))


def check_steps(steps: Sequence[LateStep]) -> None:
    """ValueError unless the steps begin at day 1 and follow each other without gaps or overlaps.

    Rule G-10. Source: house convention: no number of days late is undefined.
    Words: steg, lucka, överlapp, gap.
    """
    expected = 1
    for step in steps:
        if step.from_day != expected:
            raise ValueError(f"The late steps leave a gap or overlap: expected day {expected}, got {step.from_day}.")
        expected = step.to_day + 1


def _check_aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("An instant must carry its time zone.")
