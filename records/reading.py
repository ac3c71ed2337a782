"""What the case page shows: everything that happened, for this reader."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from records import registry
from records.choices import LetterStatus, ScanStatus, Secrecy
from records.models import Case, Letter, StoredFile
from records.registry import CaseLink, Task
from records.wording import changes_in_words, in_words

SCAN_TONES: dict[str, str] = {
    ScanStatus.WAITING: "waiting",
    ScanStatus.UNSCANNED: "warning",
    ScanStatus.INFECTED: "danger",
}


@dataclass(frozen=True, slots=True)
class CaseStory:
    """One case as one reader sees it."""

    events: list[dict[str, Any]]
    letters: list[Letter]
    files: list[dict[str, Any]]
    notices: list[Any]
    links: list[CaseLink]


def story_of(case: Case, reader: Any) -> CaseStory:
    """Five queries and those of registry.case_links, however much has happened. The reader has been let in by visible_to."""
    keeps = reader.has_perm("records.read_register")
    letters = list(case.letters.visible_to(reader).defer("html").select_related("pdf"))
    files = case.files.all() if keeps else case.files.filter(internal=False)
    return CaseStory(
        events=_events(case, {letter.pk: letter for letter in letters}, keeps=keeps),
        letters=letters,
        files=[_file(file) for file in files],
        notices=list(case.notices.all()),
        links=[link for links in registry.case_links for link in links(case, reader)],
    )


def _events(case: Case, letters: dict[int, Letter], *, keeps: bool) -> list[dict[str, Any]]:
    """The latest first. Others than those who read the register see only what a room has given open words to."""
    events = case.events.select_related("by").order_by("-at", "-pk")
    if not keeps:
        events = events.filter(verb__in=set(registry.verb_words) - registry.internal_verbs)
    return [_event(event, letters) for event in events]


def _event(event: Any, letters: dict[int, Letter]) -> dict[str, Any]:
    named = event.changes.get("letter") or [None, None]
    letter = letters.get(named[1])
    lines = [letter.subject if letter else "", event.reason, *changes_in_words(event)]
    return {"at": event.at, "by": event.by, "title": in_words(event), "text": " · ".join(line for line in lines if line)}


def _file(file: StoredFile) -> dict[str, Any]:
    status, tone = _status(file)
    return {
        "name": file.name,
        "url": file.get_absolute_url() if file.is_readable else "",
        "size": file.size,
        "note": date_format(localtime(file.received_at), "DATE_FORMAT"),
        "status": capfirst(status),
        "tone": tone,
    }


def _status(file: StoredFile) -> tuple[str, str]:
    if file.disposed_at:
        return gettext("disposed of"), "neutral"
    if file.secrecy == Secrecy.MARKED:
        return file.get_secrecy_display(), "danger"
    if file.scan in SCAN_TONES:
        return file.get_scan_display(), SCAN_TONES[file.scan]
    return "", "neutral"


def failed_letters(user: Any, hat: Any, at: Any) -> list[Task]:
    """What those who keep the register are asked: letters that could not be delivered."""
    if not user.has_perm("records.keep_register"):
        return []
    failed = Letter.objects.visible_to(user).filter(status=LetterStatus.FAILED).count()
    if not failed:
        return []
    title = ngettext("%(n)s letter could not be delivered", "%(n)s letters could not be delivered", failed)
    return [
        Task(
            title=title % {"n": failed},
            why=gettext("Mend the address and try again, or send the letter by ordinary post."),
            url=reverse("records:outbox"),
            button=gettext("Open the outbox"),
            urgent=True,
        )
    ]
