"""Performances of a school year, day by day as in a calendar; and one of them: who comes, what room is left, who waits."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.permissions import Request
from culture.choices import VISIT_TONES, PerformanceStatus, VisitStatus
from culture.forms.offers import grade_choices
from culture.forms.performances import GiveForm, PerformanceFilter
from culture.models import ClassGroup, Offer, Performance, SchoolYear, Visit
from culture.rules.years import SchoolYear as Year
from culture.views.offers import grades_text
from culture.views.office import asked, readers, year_in_address
from records.spreadsheets import FORMATS, download

EVERY_MONTH = "alla"


@readers
@require_GET
def performance_list(request: Request) -> HttpResponse:
    """A month at a time, or the whole school year. Constant queries; csv and xlsx have the whole year."""
    year = year_in_address(request)
    if year is None:
        return render(request, "culture/office/performances.html", {"year": None})
    offers = Offer.objects.visible_to(request.user).order_by("title", "pk")
    form = PerformanceFilter(asked(request, year), year=year, years=SchoolYear.objects.order_by("-first"), offers=offers)
    waiting = Count("visits", filter=Q(visits__status=VisitStatus.WAITING))
    rows = Performance.objects.in_year(year).with_programme().annotate(waiting=waiting).order_by("starts_at", "pk")
    found = list(form.narrowed(rows) if request.GET else rows)
    if (kind := request.GET.get("format")) in FORMATS:
        return download(kind, name="forestallningar", headings=_headings(), rows=[_line(each) for each in found])
    months = _months(found)
    month = _month_shown(request.GET.get("manad", ""), months)
    shown = found if month == EVERY_MONTH else [each for each in found if f"{each.day:%Y-%m}" == month]
    context = {
        "year": year,
        "form": form,
        "months": [(key, date_format(date.fromisoformat(f"{key}-01"), "F Y"), count) for key, count in months.items()],
        "month": month,
        "days": _days(shown),
        "count": len(found),
    }
    return render(request, "culture/office/performances.html", context)


def _months(performances: Iterable[Performance]) -> dict[str, int]:
    """'2027-02' -> how many, in order."""
    found: dict[str, int] = {}
    for performance in performances:
        key = f"{performance.day:%Y-%m}"
        found[key] = found.get(key, 0) + 1
    return found


def _month_shown(asked: str, months: dict[str, int]) -> str:
    """The month asked for; else the first from this one on that has something; else the last that has."""
    if asked in months or asked == EVERY_MONTH:
        return asked
    this = f"{localdate():%Y-%m}"
    return next((key for key in months if key >= this), next(reversed(months), EVERY_MONTH))


def _days(performances: Iterable[Performance]) -> list[tuple[date, list[tuple[Performance, str, str]]]]:
    found: dict[date, list[tuple[Performance, str, str]]] = {}
    for performance in performances:
        found.setdefault(performance.day, []).append((performance, *room_left(performance)))
    return list(found.items())


def room_left(performance: Performance) -> tuple[str, str]:
    """What is left, in words and as a tone: '20 of 60 places left', 'full'."""
    if performance.status == PerformanceStatus.CANCELLED:
        return _("cancelled"), "danger"
    words = []
    if performance.seats_left is not None:
        words.append(_("%(left)s of %(all)s places left") % {"left": performance.seats_left, "all": performance.seats})
    if performance.groups_left is not None:
        told = ngettext("room for %(n)s class", "room for %(n)s classes", performance.groups_left)
        words.append(told % {"n": performance.groups_left})
    if performance.seats_left == 0 or performance.groups_left == 0:
        return _("full"), "success"
    return ", ".join(words), "info" if performance.groups_taken else "neutral"


def _headings() -> list[str]:
    return [
        _("Day"),
        _("Begins"),
        _("Ends"),
        _("Offer"),
        _("Producer"),
        _("Where"),
        _("Status"),
        _("People at most"),
        _("Taken"),
        _("Classes at most"),
        _("Classes"),
        _("In the waiting list"),
    ]


def _line(performance: Performance) -> list[Any]:
    starts, ends = localtime(performance.starts_at), localtime(performance.ends_at)
    words = [starts.date(), f"{starts:%H.%M}", f"{ends:%H.%M}", performance.offer.title, performance.offer.producer.name]
    numbers = [performance.seats, performance.seats_taken, performance.groups, performance.groups_taken, performance.waiting]  # type: ignore[attr-defined]
    return [*words, where(performance), str(performance.get_status_display()), *numbers]


def where(performance: Performance) -> str:
    """Where it is given, in words. From selected rows."""
    if performance.is_touring:
        return str(performance.host) if performance.host else _("at a school, not chosen yet")
    return f"{performance.space.venue}, {performance.space.name}" if performance.space else performance.place


@readers
@require_GET
def performance(request: Request, pk: int) -> HttpResponse:
    """One performance: who comes, what is left, who waits, what was taken away. Constant queries."""
    return shown(request, performance_or_404(pk), None)


def performance_or_404(pk: int) -> Performance:
    return get_object_or_404(Performance.objects.with_programme().select_related("booking"), pk=pk)


def shown(request: Request, found: Performance, form: GiveForm | None, *, every: bool = False) -> HttpResponse:
    """The page of a performance. form: of a place that could not be given."""
    visits = list(
        Visit.objects.with_all().filter(performance=found).order_by("class_group__school__name", "class_group__key", "pk")
    )
    coming = [visit for visit in visits if visit.status not in {VisitStatus.WAITING, VisitStatus.CANCELLED}]
    every = every or request.GET.get("alla") == "1"
    standing = found.status == PerformanceStatus.PLANNED
    open_to_give = standing and request.user.has_perm("culture.plan") and not found.has_ended(now())
    if open_to_give and form is None:
        form = give_form(found, None, every=every)
    text, tone = room_left(found)
    context = {
        "performance": found,
        "back": f"{reverse('culture:performance_list')}?lasar={found.year.first}&manad={found.day:%Y-%m}",
        "where": where(found),
        "room": text,
        "tone": tone,
        "grades": grades_text(found.offer, dict(grade_choices(Year(found.year.first)))),
        "coming": [(visit, VISIT_TONES[visit.status]) for visit in coming],
        "waiting": sorted((visit for visit in visits if visit.status == VisitStatus.WAITING), key=lambda each: each.arrival or 0),
        "gone": [visit for visit in visits if visit.status == VisitStatus.CANCELLED],
        "pupils": sum(visit.pupils for visit in coming),
        "adults": sum(visit.adults for visit in coming),
        "form": form if open_to_give else None,
        "every": every,
        "standing": standing,
        "is_over": found.has_ended(now()),
    }
    status = 422 if form and form.errors else 200
    return render(request, "culture/office/performance.html", context, status=status)


def give_form(performance: Performance, data: Any, *, every: bool) -> GiveForm:
    """The classes that can be given a place: those the offer is for, or every one of the year. Five queries."""
    groups = ClassGroup.objects.filter(year=performance.year).running().with_counts().order_by("school__name", "key")
    there = Visit.objects.filter(offer=performance.offer, class_group__year=performance.year).taking_seats()
    groups = groups.exclude(pk__in=there.values("class_group"))
    if not every:
        groups = groups.filter(fragments__grade__in=performance.offer.grades, fragments__live__gt=0).distinct()
    booked = set(
        Visit.objects.taking_seats()
        .filter(class_group__year=performance.year, offer__is_professional=True)
        .values_list("class_group", flat=True)
    )
    found = list(groups)
    earlier = SchoolYear.objects.filter(first__lt=performance.year.first).order_by("-first")
    return GiveForm(data, groups=found, without=frozenset(group.pk for group in found) - booked, earlier=earlier)
