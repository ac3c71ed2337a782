"""Applications of one association that may ask for the same thing twice: pairs, with why, for an officer to look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from grants.choices import ApplicationStatus
from grants.models import Application
from grants.rules.double_funding import Sought, signs

GONE = (ApplicationStatus.WITHDRAWN, ApplicationStatus.REFUSED, ApplicationStatus.DISMISSED, ApplicationStatus.ENDED)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two applications, the earlier first, and why they are shown together."""

    first: Application
    second: Application
    why: tuple[str, ...]

    @property
    def both(self) -> tuple[Application, Application]:
        return self.first, self.second


def pairs_seen_by(user: Any, years: Iterable[int]) -> list[Pair]:
    """Every pair among what this user may handle. One query; no text of any case is shown."""
    rows = _rows(user).filter(call__grant_year__in=list(years)).order_by("association__name", "received_at", "pk")
    by_association: dict[int, list[Application]] = {}
    for row in rows:
        by_association.setdefault(row.association_id, []).append(row)
    return [pair for mine in by_association.values() for pair in _pairs(mine)]


def beside(application: Application, user: Any) -> list[Pair]:
    """The pairs that one application is in. One query."""
    mine = list(_rows(user).filter(association=application.association_id).order_by("received_at", "pk"))
    return [pair for pair in _pairs(mine) if application.pk in (pair.first.pk, pair.second.pk)]


def _rows(user: Any) -> Any:
    return (
        Application.objects.for_casework_by(user)
        .exclude(status__in=GONE)
        .select_related("association", "case", "call__version__scheme")
    )


def _pairs(rows: Sequence[Application]) -> list[Pair]:
    found = []
    for first, second in combinations(rows, 2):
        if why := signs(_sought(first), _sought(second)):
            found.append(Pair(first, second, tuple(_words()[sign] for sign in why)))
    return found


def _sought(row: Application) -> Sought:
    text = " ".join(answer if isinstance(answer, str) else " ".join(map(str, answer or ())) for answer in row.answers.values())
    return Sought(row.call.version.scheme.key, row.call.grant_year, row.asked, text, frozenset(row.aims))


def _words() -> dict[str, str]:
    return {
        "same_text": _("much of the text is the same"),
        "same_amount": _("the same amount is applied for"),
        "same_aim": _("the same aim, in the same year"),
    }
