"""What the pages of those who plan culture have in common: doors, forms, refusals, buttons, the school year in the address."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from accounts.permissions import Request, needs
from culture.models import SchoolYear
from culture.views.voices import year_shown
from records.refusals import Refused
from records.values import parse_day

readers = needs("culture.read")  # culture officers, auditors
planners = needs("culture.plan")  # culture officers

FORM = "culture/office/form.html"


def form_page(request: Request, form: Any, template: str = FORM, *, conflict: bool = False, **context: Any) -> HttpResponse:
    """A page around a form. 422 when something in it needs correcting, 409 when something is in the way."""
    status = 409 if conflict else 422 if form.is_bound and not form.is_valid() else 200
    return render(request, template, {"form": form, **context}, status=status)


def refuse(form: Any, refusal: Refused, beside: Mapping[str, str] | None = None) -> None:
    """Show a refusal beside the field that its code belongs to, or above the form. beside: code -> field."""
    field = (beside or {}).get(refusal.code)
    form.add_error(field if field in form.fields else None, str(refusal))


def do(request: Request, act: Callable[[], Any], done: str, back: str, *args: Any) -> HttpResponseRedirect:
    """Press of a button: do it and say so, or say why not; then back to the page."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(back, *args)


def year_or_404(first: int) -> SchoolYear:
    year = SchoolYear.objects.filter(first=first).first()
    if year is None:
        raise Http404
    return year


def year_in_address(request: Request) -> SchoolYear | None:
    """The school year of ?lasar=, else the one of today, else the latest. None when none is opened. One query."""
    return year_shown(request.GET.get("lasar", ""), localdate())


def asked(request: Request, year: SchoolYear | None) -> Any:
    """What the address asks, with the school year that is shown; None when it asks nothing."""
    if not request.GET:
        return None
    data = request.GET.copy()
    if year:
        data["lasar"] = str(year.first)
    return data


def day_in_address(request: Request, name: str = "dag") -> date | None:
    try:
        return parse_day(request.GET.get(name, ""))
    except ValueError:
        return None


def number_in_address(request: Request, name: str) -> int | None:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 12 else None
