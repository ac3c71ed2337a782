"""What higher rooms tell the register when the house starts (AppConfig.ready): plain functions, no imports upward."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise

# user -> which cases this user may read / must never see, as a condition on Case. Those who may read the register
# ("records.read_register") read every case without an opening; a withholding (conflict of interest, a blind phase) beats both.
# A condition usually reads: lambda user: Q(pk__in=Application.objects.spoken_for_by(user).values("case")).
case_openings: list[Callable[[Any], Q]] = []
case_withholdings: list[Callable[[Any], Q]] = []

# (case, user) -> why this user may not see a case, as a sentence for the 403 page that tells nothing of the case; "" when the
# room has no reason of its own. Asked when somebody opens the address of a case that is not visible to them: without a reason
# they meet a 404, as a stranger does.
case_refusals: list[Callable[[Any, Any], str]] = []

# user -> which files this user may read beside those of their cases (attachments of a draft), as a condition on StoredFile.
file_openings: list[Callable[[Any], Q]] = []

# paths of stored bytes -> those of them that a row of the room still needs; the others, without a StoredFile, are tidied away.
path_owners: list[Callable[[Collection[str]], Collection[str]]] = []

# "<app>.<past tense>" -> the event in words, as the case page says it: "The application was handed in". Every verb that is noted
# is registered (a test compares). Words may name the event's changes: "Letter sent: %(subject)s" is filled from event.changes.
verb_words: dict[str, str | Promise] = {}
# A verb without words is shown to nobody but those who read the register, as "Something was noted in the case".
# Verbs that only those who read the register see: assessments, proposals, decisions not yet published, reads of protected things.
internal_verbs: set[str] = set()
# field name in event.changes -> its label on the case page; a field without a label is not shown. "grants.meeting" is the field
# meeting of events of grants only.
change_words: dict[str, str | Promise] = {}
# Fields whose numbers are kronor.
kronor_fields: set[str] = set()
# (app, field name) -> what its codes are called there: ("grants", "status") -> {"granted": "granted"}. Days, moments and kronor
# need none: they are recognised.
code_words: dict[tuple[str, str], Mapping[str, str | Promise]] = {}

# Called after commit with the key of each letter that may leave / each file that waits for the virus check. The worker's
# way in fills these when the house starts (records.apps), so that actions need not know the worker. An error in one is logged
# and changes nothing: the rows are there, and the periodic sweep finds them.
after_posting: list[Callable[[int], object]] = []
after_storing: list[Callable[[int], object]] = []

# (file, at) -> True when the room told whoever handed the file in, by a letter of its own. Called inside the transaction that
# puts the file in quarantine; when no room has told them, the records room writes a plain letter to the person who stored it.
file_infected: list[Callable[[Any, datetime], bool]] = []


@dataclass(frozen=True, slots=True)
class Disposable:
    """One kind of thing that a room can dispose of, with the rule suggested until the council has adopted one."""

    kind: str  # a slug: "grants-draft"
    title: str | Promise
    months: int | None  # suggested; None = suggested to be kept for ever
    dispose: Callable[[datetime, datetime], int]  # (older than, at) -> how many rows were changed; 0 the second time
    count: Callable[[datetime], int]  # (older than) -> how many would be


disposables: list[Disposable] = []


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


@dataclass(frozen=True, slots=True)
class Card:
    """What comes next or what stands, beside the tasks on the start page. lines: short sentences."""

    title: str
    lines: tuple[str, ...]
    url: str = ""
    link: str = ""  # the words of the link


# (user, hat, at) -> the cards this user sees under their tasks.
cards: list[Callable[[Any, Any, datetime], list[Card]]] = []
