"""What higher rooms tell the register when the house starts (AppConfig.ready): plain functions, no imports upward."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

# user -> which cases this user may read / must never see (conflict of interest), as a condition on Case.
case_openings: list[Callable[[Any], Q]] = []
case_withholdings: list[Callable[[Any], Q]] = []


@dataclass(frozen=True, slots=True)
class CaseLink:
    """What the case page shows of a thing in a higher room."""

    label: str
    url: str
    status: str = ""


# (case, user) -> links to the things that point at this case.
case_links: list[Callable[[Any, Any], list[CaseLink]]] = []
