"""Reminders about a follow-up report: each once, whatever happens to the job that sends them."""

from collections.abc import Collection
from datetime import date, timedelta

OFFSETS = (-14, -3, 1, 14)  # the example in the regulations; a call may have its own


def due_reminder(
    due_on: date, day: date, sent: Collection[int], offsets: Collection[int] = OFFSETS, known_since: date | None = None
) -> int | None:
    """The reminder to send on *day*, as its offset in days from the due date; None = none.

    due_on: when the report is due. sent: offsets already sent. offsets: days before (negative) or after the due date.
    known_since: the day the association was told of the due date; reminders that would have gone out before that are not
    sent. It is the latest offset that has been reached, if it has not been sent: run twice it is sent once, after a day's
    stop it is sent a day late, and after a long stop only the newest goes out, not the whole pile. To be asked only while the
    report is missing.

    Rule G-53. Source: grant regulations, "follow-up report"; Case 48: -14, -3, +1 and +14 days.
    Words: påminnelse, påminna, redovisning, förfallodag, reminder.
    """
    first_day = known_since or date.min
    reached = [offset for offset in offsets if first_day <= due_on + timedelta(days=offset) <= day]
    latest = max(reached, default=None)
    return None if latest is None or latest in sent else latest


def is_overdue(due_on: date, day: date) -> bool:
    """Whether a report that has not come in is late on *day*: the due date has passed.

    Rule G-54. Source: grant regulations, "follow-up report".
    Words: försenad redovisning, förfallen, overdue.
    """
    return day > due_on
