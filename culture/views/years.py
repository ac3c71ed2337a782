"""School years for those who plan culture: opened, dated, what each grade is promised, locked, and the versions after that."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from culture import actions
from culture.choices import VisitStatus
from culture.forms.offers import WhyForm
from culture.forms.years import PromiseForm, TermsForm, YearForm
from culture.models import CoverageVersion, GuaranteeItem, ListConfirmation, School, SchoolYear, Visit
from culture.rules.figures import percent_text
from culture.rules.years import school_year_of
from culture.views.figures import grade_name
from culture.views.office import do, form_page, number_in_address, planners, readers, refuse, year_or_404
from records.refusals import Refused


@readers
@require_GET
def year_list(request: Request) -> HttpResponse:
    years = SchoolYear.objects.annotate(
        promised=Count("items", distinct=True),
        given=Count("performances", filter=Q(performances__status="planned"), distinct=True),
    )
    return render(request, "culture/office/years.html", {"years": years.order_by("-first")})


@readers
@require_GET
def year(request: Request, first: int) -> HttpResponse:
    """One school year: its dates, the plan of the guarantee grade by grade, what is left before it is locked, versions."""
    found = year_or_404(first)
    items: dict[int, list[GuaranteeItem]] = {}
    for item in found.items.select_related("offer").prefetch_related("schools").order_by("grade", "order", "pk"):
        items.setdefault(item.grade, []).append(item)
    context = {
        "year": found,
        "grades": [(grade, grade_name(grade, first), items.get(grade, [])) for grade in sorted({*range(10), *items})],
        "left": left_before_locking(found),
        "versions": versions_of(found),
        "may_copy": not items and SchoolYear.objects.filter(first=first - 1, items__isnull=False).exists(),
    }
    return render(request, "culture/office/year.html", context)


def left_before_locking(year: SchoolYear) -> dict[str, int]:
    """What schools have not said yet, and would have to be corrected afterwards. Two queries."""
    with_classes = School.objects.filter(classes__year=year).distinct()
    confirmed = ListConfirmation.objects.filter(year=year).values("school")
    visits = Visit.objects.filter(class_group__year=year)
    return {
        "lists": with_classes.exclude(pk__in=confirmed).count(),
        "visits": visits.filter(status=VisitStatus.BOOKED, performance__ends_at__lte=now()).count(),
    }


def versions_of(year: SchoolYear) -> list[tuple[CoverageVersion, int, int, str]]:
    """(version, reached, pupils, percent), the latest first. One query."""
    whole = Q(lines__grade=None)
    rows = CoverageVersion.objects.filter(year=year).select_related("by").order_by("-number")
    sums = {name: Sum(f"lines__{name}", filter=whole) for name in ("reached", "extra", "official")}
    found = []
    for row in rows.annotate(**{f"sum_{name}": total for name, total in sums.items()}):
        reached, pupils = (_sum(row, "reached") + _sum(row, "extra")), _sum(row, "official")
        found.append((row, reached, pupils, percent_text(reached, pupils)))
    return found


def _sum(row: CoverageVersion, name: str) -> int:
    return getattr(row, f"sum_{name}") or 0


def _of(year: SchoolYear, title: str, button: str, **more: Any) -> dict[str, Any]:
    kicker = _("School year %(year)s") % {"year": year}
    return {"title": title, "kicker": kicker, "button": button, "back": reverse("culture:year", args=[year.first]), **more}


@planners
@require_http_methods(["GET", "POST"])
def year_new(request: Request) -> HttpResponse:
    latest = SchoolYear.objects.order_by("-first").first()
    form = YearForm(request.POST or None, initial={"first": latest.first + 1 if latest else school_year_of(localdate()).start})
    if request.method == "POST" and form.is_valid():
        first = form.cleaned_data["first"]
        if SchoolYear.objects.filter(first=first).exists():
            form.add_error("first", _("That school year is opened already."))
        else:
            made = actions.open_year(first, by=request.user, at=now(), **form.dates())
            messages.success(request, _("The school year is opened. Say what each grade is promised."))
            return redirect("culture:year", made.first)
    context: dict[str, Any] = {"title": _("Open a school year"), "button": _("Open"), "back": reverse("culture:year_list")}
    return form_page(request, form, **context)


@planners
@require_http_methods(["GET", "POST"])
def year_dates(request: Request, first: int) -> HttpResponse:
    found = year_or_404(first)
    form = YearForm(request.POST or None, year=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_dates(found, by=request.user, at=now(), **form.dates())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("culture:year", first)
    return form_page(request, form, **_of(found, _("Change the dates"), _("Save")))


@planners
@require_http_methods(["GET", "POST"])
def year_terms(request: Request, first: int) -> HttpResponse:
    """Buses, and what the next plan avoids."""
    found = year_or_404(first)
    form = TermsForm(request.POST or None, year=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_terms(found, by=request.user, at=now(), **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("culture:year", first)
    lead = _("The next plan is weighed by this. The numbers are examples until the municipality has its own.")
    return form_page(request, form, **_of(found, _("Buses and weights"), _("Save"), lead=lead))


@planners
@require_http_methods(["GET", "POST"])
def year_lock(request: Request, first: int) -> HttpResponse:
    """Lock the figures as version 1. What is not confirmed yet is shown before."""
    found = year_or_404(first)
    if request.method == "POST":
        done = _("The figures of %(year)s are locked as version 1.") % {"year": found}
        return do(request, partial(actions.lock_year, found, by=request.user, at=now()), done, "culture:year", first)
    return render(request, "culture/office/year_lock.html", {"year": found, "left": left_before_locking(found)})


@planners
@require_http_methods(["GET", "POST"])
def promise_new(request: Request, first: int) -> HttpResponse:
    """Something that every pupil of a grade is to meet: fixed, or in turn between schools."""
    found = year_or_404(first)
    start = {"grade": number_in_address(request, "arskurs"), "is_professional": True}
    form = PromiseForm(request.POST or None, year=found, initial=start)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        try:
            actions.promise(found, facts.pop("grade"), facts.pop("title"), by=request.user, at=now(), **facts)
        except Refused as refusal:
            refuse(form, refusal, {"there": "title", "personal_number": "title"})
        else:
            messages.success(request, _("It is in the plan of the guarantee."))
            return redirect("culture:year", first)
    return form_page(request, form, "culture/office/promise_form.html", **_of(found, _("Add to the guarantee"), _("Add")))


def _item_or_404(pk: int) -> GuaranteeItem:
    return get_object_or_404(GuaranteeItem.objects.select_related("year", "offer").prefetch_related("schools"), pk=pk)


@planners
@require_http_methods(["GET", "POST"])
def promise_edit(request: Request, pk: int) -> HttpResponse:
    item = _item_or_404(pk)
    form = PromiseForm(request.POST or None, year=item.year, item=item)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_promise(item, by=request.user, at=now(), **form.facts())
        except Refused as refusal:
            refuse(form, refusal, {"there": "title", "personal_number": "title"})
        else:
            messages.success(request, _("Saved."))
            return redirect("culture:year", item.year.first)
    context = _of(item.year, _("Change what is promised"), _("Save"))
    return form_page(request, form, "culture/office/promise_form.html", **context)


@planners
@require_http_methods(["GET", "POST"])
def promise_remove(request: Request, pk: int) -> HttpResponse:
    item = _item_or_404(pk)
    form = WhyForm(request.POST or None, hint=_("Kept in the log."))
    if request.method == "POST" and form.is_valid():
        first = item.year.first
        try:
            actions.take_back_promise(item, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, {"no_reason": "reason", "personal_number": "reason"})
        else:
            messages.success(request, _("It is taken out of the guarantee."))
            return redirect("culture:year", first)
    title = _("Take “%(title)s” out of the guarantee") % {"title": item}
    return form_page(request, form, **_of(item.year, title, _("Take out"), tone="danger"))


@planners
@require_POST
def promise_copy(request: Request, first: int) -> HttpResponse:
    """What the school year before promised, once more; whose turn it is, is said anew."""
    found, before = year_or_404(first), year_or_404(first - 1)
    try:
        made = actions.promise_again(found, before, by=request.user, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        told = ngettext("%(n)s part is fetched from %(year)s.", "%(n)s parts are fetched from %(year)s.", len(made))
        messages.success(request, told % {"n": len(made), "year": before})
    return redirect("culture:year", first)
