"""Where officers and venue staff begin: what waits for them, what happens today, what closes soon."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from accounts.permissions import Request
from facilities.choices import TAKES_SPACE, BookingStatus, UseKind
from facilities.models import Booking, FaultReport, SeasonClash, Tariff, Venue
from facilities.permissions import may_keep_bookings, may_keep_venues
from facilities.rules.terms import working_days_left
from facilities.views.keeping import readers
from records.registry import Task
from records.values import opens_on

CLOSES_SOON = timedelta(days=21)

# (label, page, sentence, who: empty = all who read)
DOORS = (
    (gettext_lazy("Today's list"), "facilities:today", gettext_lazy("Who comes where and when, codes, who came."), ""),
    (gettext_lazy("Requests"), "facilities:request_list", gettext_lazy("Answer those who have asked for a time."), ""),
    (gettext_lazy("Bookings"), "facilities:kept_list", gettext_lazy("Find, move, cancel."), ""),
    (
        gettext_lazy("Book for somebody"),
        "facilities:behalf_book",
        gettext_lazy("For an association, a person, a company."),
        "keep",
    ),
    (gettext_lazy("Our own use"), "facilities:own_use", gettext_lazy("Swimming lessons, staff, maintenance."), "keep"),
    (
        gettext_lazy("Seasons"),
        "facilities:kept_seasons",
        gettext_lazy("Weekly times for next season: invite, follow the wishes."),
        "",
    ),
    (gettext_lazy("Closed times"), "facilities:closure_list", gettext_lazy("Close a space, and see what is cancelled."), ""),
    (gettext_lazy("Faults"), "facilities:fault_list", gettext_lazy("Reported, being mended, mended."), ""),
    (gettext_lazy("Waiting list and changes of place"), "facilities:kept_waiting", gettext_lazy("Who waits for what."), ""),
    (gettext_lazy("Venues and spaces"), "facilities:kept_venues", gettext_lazy("Facts, parts, rules, opening hours."), ""),
    (gettext_lazy("Tariffs"), "facilities:tariff_list", gettext_lazy("What it costs, now and next year."), ""),
    (gettext_lazy("Invoice basis"), "facilities:bill_list", gettext_lazy("What is to be billed, month by month."), "bills"),
    (gettext_lazy("Statistics"), "facilities:statistics", gettext_lazy("How the venues are used."), ""),
)


@readers
@require_GET
def desk(request: Request) -> HttpResponse:
    """About eleven queries, however many venues there are."""
    at = now()
    context = {
        "tasks": tasks_of(request.user, at),
        "venues": _today(at),
        "closures": _closing_soon(at),
        "doors": _doors(request.user),
        "day": localdate(at),
        "may_keep": may_keep_bookings(request.user),
    }
    return render(request, "facilities/keep/desk.html", context)


def tasks_of(user: Any, at: datetime) -> list[Task]:
    """What waits for somebody who keeps bookings, most urgent first; nothing for those who only read. Five queries."""
    if not may_keep_bookings(user):
        return []
    found = [_requests(localdate(at)), _faults(), _expected(at), _clashes(localdate(at))]
    if may_keep_venues(user):
        found.append(_tariff(localdate(at)))
    return sorted((task for task in found if task), key=lambda task: not task.urgent)


def _requests(today: date) -> Task | None:
    waiting = Booking.objects.filter(status=BookingStatus.REQUESTED).aggregate(n=Count("pk"), first=Min("answer_by"))
    if not waiting["n"]:
        return None
    left = working_days_left(today, waiting["first"])
    title = ngettext("%(n)s request to answer", "%(n)s requests to answer", waiting["n"]) % {"n": waiting["n"]}
    return Task(
        title, days_left_sentence(left), reverse("facilities:request_list"), _("Answer"), waiting["first"], urgent=left <= 0
    )


def days_left_sentence(left: int) -> str:
    """'The first is to be answered today.'"""
    if left < 0:
        return ngettext("The oldest is %(n)s working day late.", "The oldest is %(n)s working days late.", -left) % {"n": -left}
    if left == 0:
        return _("The oldest is to be answered today.")
    return ngettext("The oldest has %(n)s working day left.", "The oldest has %(n)s working days left.", left) % {"n": left}


def _faults() -> Task | None:
    found = FaultReport.objects.not_mended().aggregate(
        n=Count("pk"), fresh=Count("pk", filter=Q(status="open")), danger=Count("pk", filter=Q(is_danger=True))
    )
    if not found["fresh"] and not found["danger"]:
        return None
    title = ngettext("%(n)s fault that is not mended", "%(n)s faults that are not mended", found["n"]) % {"n": found["n"]}
    why = (
        ngettext("In %(n)s of them somebody can be hurt.", "In %(n)s of them somebody can be hurt.", found["danger"])
        % {"n": found["danger"]}
        if found["danger"]
        else _("Nobody has looked at: %(n)s.") % {"n": found["fresh"]}
    )
    return Task(title, why, reverse("facilities:fault_list"), _("See the faults"), urgent=bool(found["danger"]))


def _expected(at: datetime) -> Task | None:
    """Yesterday's uses that nobody has noted: came or not."""
    begins = opens_on(localdate(at) - timedelta(days=1))
    left = _uses().filter(starts_at__gte=begins, starts_at__lt=opens_on(localdate(at)), arrived_at=None, absent_at=None).count()
    if not left:
        return None
    title = ngettext("%(n)s time yesterday without a note", "%(n)s times yesterday without a note", left) % {"n": left}
    url = f"{reverse('facilities:today')}?day={localdate(at) - timedelta(days=1)}"
    return Task(title, _("Note who came and who did not."), url, _("Note"))


def _clashes(today: date) -> Task | None:
    """Days of seasons' weekly times that could not be booked and that nobody has settled."""
    rows = SeasonClash.objects.open().aggregate(n=Count("pk"), first=Min("day"), season=Min("hold__time__season"))
    if not rows["n"]:
        return None
    words = ngettext("%(n)s day of a weekly time to settle", "%(n)s days of weekly times to settle", rows["n"])
    url = reverse("facilities:season_decision", args=[rows["season"]])
    why = _("They could not be booked when the season was decided.")
    soon = rows["first"] <= today + timedelta(days=7)
    return Task(words % {"n": rows["n"]}, why, url, _("Settle"), rows["first"], urgent=soon)


def _tariff(today: date) -> Task | None:
    """A year without a tariff of its own, from October."""
    year = today.year + 1
    if today.month < 10 or Tariff.objects.filter(valid_from__year=year).exists():
        return None
    title = _("The tariff of %(year)s") % {"year": year}
    return Task(
        title, _("The prices of this year hold until there is a new tariff."), reverse("facilities:tariff_list"), _("Look")
    )


def _uses() -> Any:
    return Booking.objects.filter(status=BookingStatus.CONFIRMED).exclude(kind__in=[UseKind.CLOSURE, UseKind.OWN])


def _today(at: datetime) -> list[dict[str, Any]]:
    """The venues in use with how many times begin there today, and the first and the last of them. Two queries."""
    day = localdate(at)
    here = Booking.objects.filter(
        starts_at__gte=opens_on(day),
        starts_at__lt=opens_on(day + timedelta(days=1)),
        status__in=[BookingStatus.CONFIRMED, BookingStatus.REQUESTED],
    ).exclude(kind=UseKind.CLOSURE)
    found = {
        row["space__venue"]: row
        for row in here.values("space__venue").annotate(times=Count("pk"), first=Min("starts_at"), last=Max("ends_at")).order_by()
    }
    return [{"venue": venue, **found.get(venue.pk, {"times": 0})} for venue in Venue.objects.in_use().in_swedish_order()]


def _closing_soon(at: datetime) -> Iterable[Booking]:
    closures = Booking.objects.filter(
        kind=UseKind.CLOSURE, status__in=TAKES_SPACE, ends_at__gt=at, starts_at__lt=at + CLOSES_SOON
    )
    return closures.select_related("space__venue").order_by("starts_at", "pk")[:8]


def _doors(user: Any) -> list[dict[str, Any]]:
    """The pages that exist and that this person may open."""
    may = {
        "": True,
        "keep": bool(may_keep_bookings(user)),
        "bills": user.has_perm("facilities.read_bills"),
    }
    return [
        {"label": label, "text": text, "url": url} for label, page, text, whose in DOORS if may[whose] and (url := _address(page))
    ]


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
