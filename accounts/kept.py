"""Text that someone had typed when their session ran out: kept for an hour in their new session, never lost.

Kept: the text fields of the form. Never kept: files, passwords, codes, the forgery token.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, QueryDict

SECONDS = 3600
MOST_FORMS = 3
MOST_CHARACTERS = 300_000
_SESSION_KEY = "kept_text"
_NEVER = re.compile(r"password|passwd|losenord|secret|token|^code$|^otp", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kept:
    """One form as it was sent. fields: (name, value) in order, a name may come twice; files: there were files, not kept."""

    path: str
    fields: list[tuple[str, str]]
    files: bool

    @property
    def texts(self) -> list[str]:
        """What the person wrote, for the eye: longer than a choice in a list."""
        return [value for _name, value in self.fields if len(value) > 20 or " " in value.strip()]


def worth_keeping(posted: QueryDict) -> list[tuple[str, str]]:
    """The fields of a form that may be kept, shortest loss first: nothing at all when the form is enormous."""
    fields = [(name, value) for name, values in posted.lists() for value in values if not _NEVER.search(name)]
    return fields if sum(len(value) for _name, value in fields) <= MOST_CHARACTERS else []


def as_posted(request: HttpRequest, path: str) -> Kept:
    return Kept(path=path, fields=worth_keeping(request.POST), files=bool(request.FILES))


def keep(request: HttpRequest, *, path: str, at: datetime) -> None:
    """Put the posted form into the session, to be shown again at *path*. Keeps nothing for an address that asks too often."""
    if not ratelimit.consume(request, action="keep_text"):
        return
    kept = as_posted(request, path)
    entry = {"path": path, "fields": kept.fields, "files": kept.files, "at": at.timestamp()}
    others = [other for other in _fresh(request, at) if other["path"] != path]
    request.session[_SESSION_KEY] = [entry, *others][:MOST_FORMS]
    request.session.set_expiry(SECONDS)


def kept_for(request: HttpRequest, *, at: datetime) -> Kept | None:
    """The form kept for the page of this request."""
    path = request.get_full_path()
    for entry in _fresh(request, at):
        if entry["path"] == path:
            return Kept(path=path, fields=[(name, value) for name, value in entry["fields"]], files=entry["files"])
    return None


def forget(request: HttpRequest, path: str) -> None:
    if entries := request.session.get(_SESSION_KEY):
        request.session[_SESSION_KEY] = [entry for entry in entries if entry["path"] != path]


def lengthen(request: HttpRequest) -> None:
    """A session that was short because it only held a form lives as any other once the person has signed in."""
    if request.session.get("_session_expiry") == SECONDS:
        request.session.set_expiry(None)


def _fresh(request: HttpRequest, at: datetime) -> list[dict[str, Any]]:
    entries: Iterable[dict[str, Any]] = request.session.get(_SESSION_KEY, [])
    return [entry for entry in entries if entry["at"] > at.timestamp() - SECONDS]
