"""What was counted of an attendance, in words: every reason of grants.rules.counted has its sentence here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grants.rules.counted import Counted, Rejected

REJECTED: dict[str, str | Promise] = {
    "too_short": gettext_lazy("It lasted %(found)s minutes, at least %(needed)s are needed."),
    "too_few": gettext_lazy("%(found)s who may count were there, at least %(needed)s are needed."),
    "no_leader": gettext_lazy("%(found)s leaders were there, at least %(needed)s are needed."),
    "all_counted_already": gettext_lazy("Everybody who was there is counted at an earlier session."),
}
LEFT_OUT: dict[str, str | Promise] = {
    "too_young": gettext_lazy("younger than those who count"),
    "too_old": gettext_lazy("older than those who count"),
    "elsewhere": gettext_lazy("live in another municipality"),
    "tried_out": gettext_lazy("have tried out as many times as count"),
    "over_size": gettext_lazy("more than a session is paid for"),
    "already_that_day": gettext_lazy("counted earlier the same day"),
    "already_that_week": gettext_lazy("counted as many times as is allowed that week"),
    "already_that_year": gettext_lazy("counted as many times as is allowed that year"),
}


@dataclass(frozen=True, slots=True)
class ShownRejected:
    day: date
    clock: str
    group: str
    sentence: str


def shown_rejected(rows: Iterable[Rejected]) -> list[ShownRejected]:
    """The sessions that pay nothing, in order of time, each with its reason."""
    return [
        ShownRejected(
            row.day,
            f"{row.starts // 60:02d}.{row.starts % 60:02d}",
            row.group,
            str(REJECTED[row.reason]) % {"found": row.found, "needed": row.needed},
        )
        for row in sorted(rows)
    ]


def shown_left_out(counted: Iterable[Counted]) -> list[tuple[str, int]]:
    """Why marks in the sessions that pay are not counted, and how many, the commonest first."""
    sums: dict[str, int] = {}
    for each in counted:
        for reason, marks in each.left_out:
            sums[reason] = sums.get(reason, 0) + marks
    return [(str(LEFT_OUT[reason]), marks) for reason, marks in sorted(sums.items(), key=lambda item: (-item[1], item[0]))]
