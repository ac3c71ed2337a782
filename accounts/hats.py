"""Hats: one person may speak for several associations and schools, and says which one right now.

A room registers a function in AppConfig.ready():  hats.providers.append(hats_of_mandates)
A view reads request.hat (None without any; use truth, not `is None`: it is lazy) and request.hats.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from accounts.choices import Role

SESSION_KEY = "hat"


@dataclass(frozen=True, slots=True)
class Hat:
    """One thing a person speaks for. kind: 'association', 'school' …; key: unique within the kind, e.g. the row's id."""

    kind: str
    key: str
    label: str
    url: str

    @property
    def id(self) -> str:
        """What the session and the form carry: 'association:12'."""
        return f"{self.kind}:{self.key}"


# user -> their hats today; one query each at most.
providers: list[Callable[[Any], list[Hat]]] = []


def hats_of(user: Any) -> list[Hat]:
    """All hats of *user*, in the order the rooms stand in. Someone who also works here has the municipality's hat, last."""
    if not user.is_authenticated:
        return []
    hats = [hat for provider in providers for hat in provider(user)]
    if hats and user.roles - {Role.SCHOOL}:
        hats.append(Hat(kind="municipality", key=settings.MUNICIPALITY["code"], label=settings.MUNICIPALITY["name"], url="/"))
    return hats


def chosen(hats: list[Hat], session: SessionBase) -> Hat | None:
    """The hat the session remembers if the person still has it, else the first."""
    remembered = session.get(SESSION_KEY)
    return next((hat for hat in hats if hat.id == remembered), hats[0] if hats else None)


def put_on(hat_id: str, user: Any, session: SessionBase) -> Hat | None:
    """Switch to the hat *hat_id* and remember it; None when the person has no such hat."""
    hat = next((hat for hat in hats_of(user) if hat.id == hat_id), None)
    if hat:
        session[SESSION_KEY] = hat.id
    return hat
