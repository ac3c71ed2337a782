"""Opening hours and booking rules of a venue or of one of its spaces."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from facilities import actions
from facilities.forms.keep_fields import hours_text
from facilities.forms.keep_hours import ADDED, ExceptionForm, RulesForm, SeasonForm
from facilities.models import BookingRules, HoursException, OpeningHours, Space, Venue
from facilities.models.hours import WEEKDAYS
from facilities.permissions import may_keep_venues
from facilities.rules.opening import HOLIDAY
from facilities.views.keeping import ShownBooking, do, form_page, officers, readers, refuse, shown_bookings
from records.refusals import Refused
from records.values import Period

Place = Venue | Space
UNTIL = "until"  # in the address, beside "season": the exclusive last day of the season that is changed


@dataclass(frozen=True, slots=True)
class Season:
    """Ordinary hours of a stretch of days, as people read them. hours: one text for each kind of day."""

    days: Period[date]
    hours: list[tuple[Any, str]]
    is_now: bool

    @property
    def last(self) -> date | None:
        return self.days.until - timedelta(days=1) if self.days.until else None


def place_of(venue: str | None, space: int | None) -> Place:
    """The venue with this key, or the space with this number. Raises 404."""
    if space is not None:
        return get_object_or_404(Space.objects.select_related("venue"), pk=space)
    return get_object_or_404(Venue, key=venue)


def address(page: str, place: Place) -> str:
    """A page of a venue or of a space: 'facilities:hours' and 'facilities:space_hours'."""
    if isinstance(place, Venue):
        return reverse(f"facilities:{page}", args=[place.key])
    return reverse(f"facilities:space_{page}", args=[place.pk])


def _context(place: Place) -> dict[str, Any]:
    venue = place if isinstance(place, Venue) else place.venue
    return {"place": place, "venue": venue, "is_venue": isinstance(place, Venue), "hours_url": address("hours", place)}


def _of(place: Place) -> dict[str, Place]:
    return {"venue": place} if isinstance(place, Venue) else {"space": place}


@readers
@require_GET
def hours(request: Request, key: str | None = None, pk: int | None = None) -> HttpResponse:
    """Seasons, exceptions to come, versions of the rules. Four queries."""
    place = place_of(key, pk)
    exceptions = HoursException.objects.filter(**_of(place), day__gte=localdate()).order_by("day", "opens")
    versions = list(BookingRules.objects.filter(**_of(place)).order_by("since"))
    versions.sort(key=lambda rules: rules.since or date.min)
    context = {
        **_context(place),
        "seasons": seasons_of(place, localdate()),
        "exceptions": _days_with_exceptions(exceptions),
        "versions": [(rules, _rules_rows(rules), _holds(rules, versions)) for rules in versions],
        "keeps": may_keep_venues(request.user),
        "season_url": address("season", place),
        "exception_url": address("exception", place),
        "exception_remove_url": address("exception_remove", place),
        "rules_url": address("rules", place),
    }
    return render(request, "facilities/keep/hours.html", context)


def seasons_of(place: Place, today: date) -> list[Season]:
    """The seasons that are not over, in order. One query."""
    found: dict[tuple[date, date | None], list[OpeningHours]] = {}
    for row in OpeningHours.objects.filter(**_of(place)).order_by("since", "weekday", "opens"):
        if row.until is None or row.until > today:
            found.setdefault((row.since, row.until), []).append(row)
    return [
        Season(Period(since, until), _written(rows), since <= today and (until is None or today < until))
        for (since, until), rows in found.items()
    ]


def _written(rows: Sequence[OpeningHours]) -> list[tuple[Any, str]]:
    """Each kind of day with its hours. A day without any is closed; a public holiday without any is as other days."""
    texts = []
    for weekday, name in WEEKDAYS:
        own = [(row.opens, row.closes) for row in rows if row.weekday == weekday]
        without = _("as other days") if weekday == HOLIDAY else pgettext("a space", "closed")
        texts.append((name, hours_text(own) or without))
    return texts


def _days_with_exceptions(rows: Any) -> list[dict[str, Any]]:
    days: dict[date, dict[str, Any]] = {}
    for row in rows:
        day = days.setdefault(row.day, {"day": row.day, "reason": row.reason, "beside": not row.overrides, "hours": []})
        day["hours"].append((row.opens, row.closes))
    return [{**day, "text": hours_text(day["hours"])} for day in days.values()]


def _rules_rows(rules: BookingRules) -> list[tuple[Any, Any]]:
    """Key and value, limits that there are none of left out."""
    minutes = _("%(n)s min")
    rows = [
        (_("Length"), _length(rules)),
        (_("Begins every"), minutes % {"n": rules.grid}),
        (_("Set-up before"), minutes % {"n": rules.before} if rules.before else ""),
        (_("Cleaning after"), minutes % {"n": rules.after} if rules.after else ""),
        (_("Days ahead, at least"), rules.days_before or ""),
        (_("Days ahead, fewer than"), rules.days_ahead or ""),
        (_("Coming bookings per hirer, at most"), rules.quota or ""),
        (_("Age of the person responsible"), rules.minimum_age or ""),
        (
            _("Can be cancelled until"),
            _("%(n)s hours before") % {"n": rules.cancel_hours} if rules.cancel_hours else _("it begins"),
        ),
        (_("How it is booked"), _answered(rules)),
    ]
    return [row for row in rows if row[1] != ""]


def _length(rules: BookingRules) -> str:
    if rules.longest:
        return _("%(least)s–%(most)s min") % {"least": rules.shortest, "most": rules.longest}
    return _("at least %(least)s min") % {"least": rules.shortest}


def _answered(rules: BookingRules) -> str:
    if not rules.needs_approval:
        return _("at once")
    return _("after an answer within %(n)s working days") % {"n": rules.answer_days}


def _holds(rules: BookingRules, versions: Sequence[BookingRules]) -> bool:
    """Whether this version holds today."""
    begun = [each for each in versions if each.since is None or each.since <= localdate()]
    return bool(begun) and begun[-1] == rules


# Seasons -------------------------------------------------------------------------------------------------------------------


@officers
@require_http_methods(["GET", "POST"])
def season(request: Request, key: str | None = None, pk: int | None = None) -> HttpResponse:
    """Write a season; ?season= and ?until= name the one that is changed."""
    place, at = place_of(key, pk), now()
    before = _season_named(request, place)
    form = SeasonForm(request.POST or None, initial=_typed(place, before))
    outside: list[ShownBooking] = []
    if request.method == "POST" and form.is_valid():
        terms: dict[str, Any] = {"by": request.user, "at": at, "anyway": "anyway" in request.POST}
        try:
            if before and "remove" in request.POST:
                actions.remove_season(place, before, **terms)
            else:
                actions.write_season(place, form.days(), form.hours(), instead_of=before, **terms)
        except actions.StandsOutside as refusal:
            outside = shown_bookings(refusal.bookings, request.user, at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The opening hours are saved."))
            return redirect(address("hours", place))
    context = {**_context(place), "outside": outside, "before": before, "removing": "remove" in request.POST}
    return form_page(request, form, "facilities/keep/season.html", conflict=bool(outside), **context)


def _season_named(request: Request, place: Place) -> Period[date] | None:
    """The season that the address names; 404 when there is none such any longer."""
    since = request.GET.get("season")
    if not since:
        return None
    try:
        until = date.fromisoformat(request.GET[UNTIL]) if request.GET.get(UNTIL) else None
        days = Period(date.fromisoformat(since), until)
    except ValueError:
        raise Http404 from None
    if not OpeningHours.objects.filter(**_of(place), since=days.since, until=days.until).exists():
        raise Http404
    return days


def _typed(place: Place, days: Period[date] | None) -> dict[str, Any]:
    """A season as it is typed in the form; a new one begins with the hours that hold today."""
    first: dict[str, Any] = {"since": localdate()}
    if days is not None:
        first = {"since": days.since, "last": days.until - timedelta(days=1) if days.until else None}
    else:
        days = next((each.days for each in seasons_of(place, localdate()) if each.is_now), None)
    if days is not None:
        for row in OpeningHours.objects.filter(**_of(place), since=days.since, until=days.until).order_by("opens"):
            typed = first.setdefault(f"day{row.weekday}", [])
            typed += [(row.opens, row.closes)] if row.opens is not None else []
    return first


# Exceptions ----------------------------------------------------------------------------------------------------------------


@officers
@require_http_methods(["GET", "POST"])
def exception(request: Request, key: str | None = None, pk: int | None = None) -> HttpResponse:
    """Other hours on some days in a row."""
    place, at = place_of(key, pk), now()
    form = ExceptionForm(request.POST or None)
    outside: list[ShownBooking] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        terms: dict[str, Any] = {"reason": typed["reason"], "by": request.user, "at": at, "anyway": "anyway" in request.POST}
        try:
            actions.add_exceptions(place, form.days(), form.opens(), overrides=typed["how"] != ADDED, **terms)
        except actions.StandsOutside as refusal:
            outside = shown_bookings(refusal.bookings, request.user, at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The other hours are saved."))
            return redirect(address("hours", place))
    context = {**_context(place), "outside": outside}
    return form_page(request, form, "facilities/keep/exception.html", conflict=bool(outside), **context)


@officers
@require_POST
def exception_remove(request: Request, key: str | None = None, pk: int | None = None) -> HttpResponse:
    place = place_of(key, pk)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise Http404 from None
    done = _("The ordinary hours hold that day again.")
    return do(request, lambda: actions.remove_exceptions(place, day, by=request.user, at=now()), done, address("hours", place))


# Rules ---------------------------------------------------------------------------------------------------------------------


@officers
@require_http_methods(["GET", "POST"])
def rules(request: Request, key: str | None = None, pk: int | None = None) -> HttpResponse:
    """Write a version of the rules; ?version= names the one that is changed or copied from."""
    place = place_of(key, pk)
    version = request.GET.get("version", "")
    written = BookingRules.objects.filter(**_of(place), pk=version if version.isdecimal() and len(version) < 15 else 0).first()
    form = RulesForm(request.POST or None, instance=written or BookingRules())
    if request.method == "POST" and form.is_valid():
        try:
            if written and "remove" in request.POST:
                actions.remove_rules(written, by=request.user, at=now())
            else:
                actions.write_rules(place, form.facts(), since=form.cleaned_data["since"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The booking rules are saved."))
            return redirect(address("hours", place))
    return form_page(request, form, "facilities/keep/rules.html", written=written, **_context(place))
