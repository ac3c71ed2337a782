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
    """One link. page: a url name without arguments; shown: asked with the request; room: the addresses it stands for."""

    label: str | Promise
    page: str
    shown: Callable[[HttpRequest], bool]
    room: str = ""  # the beginning of the addresses; empty: the page's own
    also: tuple[str, ...] = ()  # more such rooms


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


# The longest room wins, so that /bidrag/ansokningar/ is not taken for /bidrag/.
ENTRIES: list[Entry] = [
    Entry(_("Start"), "home", everyone),
    # the public, and volunteers
    Entry(_("Grants"), "grants:call_list", lambda request: without_role(request) and not wears("association")(request)),
    Entry(_("Our applications"), "grants:application_list", wears("association"), room="/bidrag/"),
    Entry(_("Our grants"), "grants:own_grants", wears("association"), also=("/bidrag/redovisningar/",)),
    Entry(_("Our association"), "associations:mine", wears("association"), room="/foreningar/"),
    Entry(_("Find a venue"), "facilities:venue_list", without_role, room="/lokaler/"),
    Entry(_("Our bookings"), "facilities:booking_list", wears("association")),
    Entry(_("Our classes"), "culture:school_home", wears("school"), room="/kulturgaranti/skola/"),
    Entry(_("Associations"), "associations:public_list", stranger),
    # the municipality
    Entry(_("Applications"), "grants:casework_list", holds(*CASEWORK)),
    Entry(_("Assessment"), "grants:assessment_list", holds(Role.OFFICER)),
    Entry(_("Decisions"), "grants:decision_list", holds(*CASEWORK)),
    Entry(_("The committee"), "grants:meeting_list", holds(Role.COMMITTEE_SECRETARY, Role.COMMITTEE_MEMBER, Role.DECISION_MAKER)),
    Entry(
        _("Payments"),
        "grants:payment_list",
        holds(Role.OFFICER, Role.DECISION_MAKER, Role.AUDITOR),
        also=("/bidrag/redovisningar/", "/bidrag/aterkrav/"),
    ),
    Entry(_("Associations"), "associations:association_list", holds(*CASEWORK), room="/foreningar/"),
    Entry(_("Cases"), "records:case_list", holds(*CASEWORK)),
    Entry(_("Venues"), "facilities:desk", holds(Role.OFFICER, Role.VENUE_STAFF, Role.AUDITOR), room="/lokaler/"),
    Entry(_("Culture guarantee"), "culture:desk", holds(Role.CULTURE_OFFICER, Role.AUDITOR), room="/kulturgaranti/"),
    Entry(_("The culture plan"), "culture:plan_list", holds(Role.CULTURE_OFFICER, Role.AUDITOR), room="/kulturgaranti/plan/"),
    Entry(_("Culture guarantee"), "culture:public", stranger),
    Entry(_("People"), "accounts:people", holds(Role.ADMINISTRATOR)),
    Entry(
        _("Notice board"), "records:notice_board", lambda request: stranger(request) or holds(Role.COMMITTEE_SECRETARY)(request)
    ),
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
    rooms = [(entry.room or url, *entry.also) for entry, url in there]
    current = max((room for these in rooms for room in these if _holds(room, request.path)), key=len, default=None)
    return [
        {"label": entry.label, "url": url, "current": current in these} for (entry, url), these in zip(there, rooms, strict=True)
    ]


def _holds(room: str, path: str) -> bool:
    """Whether *path* lies at or under *room*; the start page holds only itself."""
    return path == room or (room != "/" and path.startswith(room))
