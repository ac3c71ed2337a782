"""What higher rooms tell the register when the house starts (AppConfig.ready): plain functions, no imports upward."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
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


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that is asked of a person now: a row under "what you need to do" on the start page."""

    title: str  # an active sentence: "Add to your application for yearly support"
    why: str  # one sentence that says what is missing or what happens
    url: str  # the very page where it is done
    button: str  # the verb of that page
    due: date | None = None  # the last local day
    urgent: bool = False  # shown first and marked, whatever its day
    group: str = ""  # heading the task is listed under, when a role has many kinds


# (user, hat, at) -> what is asked of this user now. hat: the association or school the user acts for, or None.
tasks: list[Callable[[Any, Any, datetime], list[Task]]] = []
