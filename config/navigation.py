"""The main navigation: what stands in the head of every page, for whom. A page that does not exist yet is left out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role

CASEWORK = frozenset({Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Entry:
    """One link. page: a url name without arguments; shown: asked with the request."""

    label: str | Promise
    page: str
    shown: Callable[[HttpRequest], bool]


def stranger(request: HttpRequest) -> bool:
    return not request.user.is_authenticated


def everyone(request: HttpRequest) -> bool:
    return True


def without_role(request: HttpRequest) -> bool:
    """Strangers and volunteers: the public side."""
    return stranger(request) or not roles(request.user)


def wears(kind: str) -> Callable[[HttpRequest], bool]:
    """Acts for a thing of this kind right now (accounts.hats)."""
    return lambda request: getattr(getattr(request, "hat", None), "kind", "") == kind


def holds(*wanted: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(roles(request.user) & frozenset(wanted))


def roles(user: Any) -> frozenset[str]:
    return user.roles if user.is_authenticated else frozenset()


ENTRIES: list[Entry] = [
    Entry(_("Start"), "home", everyone),
    Entry(_("Grants"), "grants:call_list", without_role),
    Entry(_("Our applications"), "grants:application_list", wears("association")),
    Entry(_("Our association"), "associations:mine", wears("association")),
    Entry(_("Applications"), "grants:casework_list", holds(*CASEWORK)),
    Entry(_("Decisions"), "grants:decision_list", holds(*CASEWORK)),
    Entry(_("Payments"), "grants:payment_list", holds(Role.OFFICER, Role.AUDITOR)),
    Entry(_("Associations"), "associations:association_list", holds(*CASEWORK)),
    Entry(_("Cases"), "records:case_list", holds(*CASEWORK)),
    Entry(_("People"), "accounts:people", holds(Role.ADMINISTRATOR)),
    Entry(
        _("Notice board"),
        "records:notice_board",
        lambda request: without_role(request) or holds(Role.COMMITTEE_SECRETARY)(request),
    ),
    Entry(_("Who got grants"), "grants:granted_list", stranger),
]


@cache
def address(page: str) -> str:
    """The page's address, or '' while the page does not exist."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


def links(request: HttpRequest) -> list[dict[str, object]]:
    """The links of this request's navigation, the one that holds the page marked current. No queries of its own."""
    found = [(entry, address(entry.page)) for entry in ENTRIES if entry.shown(request)]
    there = [(entry, url) for entry, url in found if url]
    current = max((url for _entry, url in there if _holds(url, request.path)), key=len, default=None)
    return [{"label": entry.label, "url": url, "current": url == current} for entry, url in there]


def _holds(url: str, path: str) -> bool:
    """Whether *path* lies at or under *url*; the start page holds only itself."""
    return path == url or (url != "/" and path.startswith(url))
