"""When schools are reminded: of their list, of answering, before a visit, after it, and once more."""

from datetime import date

# kind -> days from the day it is about (before it: negative), the first and the last on which it may still go out
WINDOWS: dict[str, tuple[int, int]] = {
    "classes": (-14, 0),
    "answer": (-5, 0),
    "before": (-7, -1),
    "confirm": (0, 60),
    "confirm_again": (7, 60),
}


def is_due(kind: str, about: date, today: date) -> bool:
    """Whether a reminder may go out today. about: the last day to answer or confirm the list, or the day of the visit.

    What came late (a visit booked three days ahead) goes out at once; what is past its last day never does.

    Rule C-87. Source: issue: reminders before and after; acceptance Case 29 (nobody is told what does not hold).
    Words: påminnelse, svara, bekräfta, före besöket, reminder.
    """
    first, last = WINDOWS[kind]
    return first <= (today - about).days <= last
