"""The council's tariffs: every version readable by a person, a new one drafted from the old, tried and published."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from facilities import actions
from facilities.choices import UseForm
from facilities.forms.keep_fields import hours_text
from facilities.forms.keep_tariff import NextYearForm, plan_from, tariff_forms
from facilities.models import Rate, Share, Space, Tariff
from facilities.models.hours import WEEKDAYS
from facilities.models.tariff import NoShowKind
from facilities.models.usual import Usual, usual_hires
from facilities.permissions import may_keep_venues
from facilities.rules import pricing
from facilities.rules.opening import DAY
from facilities.views.keeping import do, form_page, officers, readers, refuse
from records.refusals import Refused
from records.values import kronor_text

TRIED = 5  # usual bookings that a draft is tried on
DAY_NAMES = dict(WEEKDAYS)


@readers
@require_GET
def tariff_list(request: Request) -> HttpResponse:
    """Every version, the newest first; which one holds today. One query."""
    today = localdate()
    tariffs = list(Tariff.objects.order_by("-valid_from", "-pk"))
    published = [tariff for tariff in tariffs if tariff.published_at]
    held = next((tariff for tariff in published if tariff.valid_from <= today), None)
    rows = [(tariff, *_state(tariff, held, today)) for tariff in tariffs if tariff.published_at or may_keep_venues(request.user)]
    context = {"rows": rows, "latest": published[0] if published else None, "keeps": may_keep_venues(request.user)}
    return render(request, "facilities/keep/tariff_list.html", context)


def _state(tariff: Tariff, held: Tariff | None, today: date) -> tuple[str, str]:
    if tariff.published_at is None:
        return _("Draft"), "neutral"
    if tariff == held:
        return _("Holds now"), "success"
    return (_("Coming"), "waiting") if tariff.valid_from > today else (_("Earlier"), "neutral")


@readers
@require_GET
def tariff(request: Request, pk: int) -> HttpResponse:
    """One version in words; a draft also beside the one it takes the place of. At most twelve queries."""
    found = get_object_or_404(_seen_by(request), pk=pk)
    before = Tariff.objects.select_related("reference").in_force(found.valid_from - timedelta(days=1)).exclude(pk=pk).first()
    context = {
        "tariff": found,
        "groups": _groups(found),
        "shares": _shares(found),
        "steps": [_step(step.days_before, step.percent) for step in found.cancel_steps.all()],
        "no_show": _no_show(found),
        "vat": list(found.vat_rates.all()),
        "before": before,
        "tried": _tried(found, before) if before or not found.published_at else [],
        "keeps": may_keep_venues(request.user),
        "is_past": not found.published_at and found.valid_from < localdate(),
    }
    return render(request, "facilities/keep/tariff.html", context)


def _seen_by(request: Request) -> Any:
    """Drafts are the officers'."""
    rows = Tariff.objects.select_related("reference")
    return rows if may_keep_venues(request.user) else rows.published()


@dataclass(frozen=True, slots=True)
class Group:
    """The prices of the spaces of a group."""

    name: str
    spaces: str
    rows: list[dict[str, Any]]


def _groups(found: Tariff) -> list[Group]:
    """Prices by group of spaces, the ones for every space last. Two queries."""
    spaces: dict[str, list[str]] = {}
    wholes = Space.objects.filter(parent=None).exclude(price_group="").select_related("venue").order_by("venue__name", "path")
    for space in wholes:
        spaces.setdefault(space.price_group, []).append(str(space))
    rates: dict[str, list[dict[str, Any]]] = {}
    for rate in found.rates.select_related("hirer"):
        rates.setdefault(rate.group, []).append(_rate(rate))
    return [
        Group(group or _("Every other space"), "; ".join(spaces.get(group, [])), rows)
        for group, rows in sorted(rates.items(), key=lambda pair: (pair[0] == "", pair[0]))
    ]


def _rate(rate: Rate) -> dict[str, Any]:
    whole = (rate.starts, rate.ends) == (0, DAY)
    return {
        "who": rate.hirer or _("Everybody"),
        "form": capfirst(rate.get_form_display()) if rate.form else _("All forms"),
        "days": ", ".join(str(DAY_NAMES[day]) for day in rate.weekdays) or _("Every day"),
        "hours": _("All day") if whole else hours_text([(rate.starts, rate.ends)]),
        "kronor": rate.kronor,
        "per": _("per occasion") if rate.per_occasion else _("per hour"),
        "whole_day": rate.whole_day,
    }


def _shares(found: Tariff) -> list[dict[str, Any]]:
    """Who pays a part, for what: one row for each hirer and percentage. One query."""
    rows: dict[tuple[str, Decimal], list[Share]] = {}
    for share in found.shares.select_related("hirer"):
        rows.setdefault((str(share.hirer or _("Everybody")), share.percent), []).append(share)
    return [
        {
            "who": who,
            "percent": percent / 100,
            "forms": ", ".join(str(share.get_form_display()) if share.form else _("all forms of use") for share in shares),
        }
        for (who, percent), shares in rows.items()
    ]


def _step(days_before: int, percent: Decimal) -> str:
    when = {0: _("the same day"), 1: _("the day before or later")}.get(days_before) or _("%(n)s days before or later") % {
        "n": days_before
    }
    return _("Cancelled %(when)s: %(percent)s %% of the price.") % {"when": when, "percent": kronor_text(percent)}


def _no_show(found: Tariff) -> str:
    fee = {"fee": kronor_text(found.no_show_fee)}
    return {
        NoShowKind.FIXED: _("Booked and not used: the price, and %(fee)s kr more."),
        NoShowKind.PRICE: _("Booked and not used: the full price."),
        NoShowKind.PRICE_PLUS: _("Booked and not used: the full price, and %(fee)s kr more."),
        NoShowKind.GREATER: _("Booked and not used: the full price, but at least %(fee)s kr."),
    }[NoShowKind(found.no_show)] % fee


@dataclass(frozen=True, slots=True)
class Tried:
    """A usual booking by the old tariff and by this one. None: there is no price for it."""

    usual: Usual
    when: str
    what: str
    old: Decimal | None
    new: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.old is None or self.new is None else self.new - self.old


def _tried(found: Tariff, before: Tariff | None) -> list[Tried]:
    old, new = before.for_rules() if before else None, found.for_rules()
    return [_try(usual, old, new, found.valid_from) for usual in usual_hires(TRIED, at=now())]


def _try(usual: Usual, old: pricing.Tariff | None, new: pricing.Tariff, day: date) -> Tried:
    hire = usual.hire_from(day)
    ends = usual.hour * 60 + int(usual.length.total_seconds() // 60)
    when = f"{DAY_NAMES[usual.weekday]} {hours_text([(usual.hour * 60, ends)])}"
    form = str(UseForm(usual.form).label) if usual.form else ""
    what = ", ".join(part for part in (usual.group, usual.hirer_name, form) if part)
    return Tried(usual, when, what, _price(hire, old), _price(hire, new))


def _price(hire: pricing.Hire, tariff: pricing.Tariff | None) -> Decimal | None:
    if tariff is None:
        return None
    try:
        return pricing.price_of(hire, tariff).payable
    except pricing.NoRate:
        return None


# Drafts --------------------------------------------------------------------------------------------------------------------


@officers
@require_http_methods(["GET", "POST"])
def tariff_next(request: Request, pk: int) -> HttpResponse:
    """A new version out of this one, every price raised by a percentage."""
    old = get_object_or_404(Tariff.objects.select_related("reference"), pk=pk)
    first = date(max(old.valid_from.year, localdate().year) + 1, 1, 1)
    form = NextYearForm(request.POST or None, initial={"valid_from": first, "name": _("Tariff %(year)s") % {"year": first.year}})
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.write_draft(actions.next_year(old, **form.cleaned_data), by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The draft is written. Look it through, try it, change it and publish it."))
            return redirect("facilities:tariff", draft.pk)
    return form_page(request, form, "facilities/keep/tariff_next.html", tariff=old)


@officers
@require_http_methods(["GET", "POST"])
def tariff_edit(request: Request, pk: int) -> HttpResponse:
    draft = get_object_or_404(Tariff.objects.select_related("reference").filter(published_at=None), pk=pk)
    everything = tariff_forms(draft, request.POST if request.method == "POST" else None)
    if request.method == "POST" and all([each.is_valid() for each in everything.values()]):  # noqa: C419 - all say what is wrong
        try:
            actions.write_draft(plan_from(everything, draft), draft=draft, by=request.user, at=now())
        except Refused as refusal:
            refuse(everything["form"], refusal)
        else:
            messages.success(request, _("The draft is saved."))
            stays = request.POST.get("next") == "stay"
            return redirect("facilities:tariff_edit" if stays else "facilities:tariff", pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "facilities/keep/tariff_edit.html", {"tariff": draft, **everything}, status=status)


@officers
@require_POST
def tariff_publish(request: Request, pk: int) -> HttpResponse:
    draft = get_object_or_404(Tariff, pk=pk)
    done = _("The tariff is published and fixed. It holds for what is booked from its first day.")
    return do(request, lambda: actions.publish_draft(draft, by=request.user, at=now()), done, "facilities:tariff", pk)


@officers
@require_POST
def tariff_discard(request: Request, pk: int) -> HttpResponse:
    draft = get_object_or_404(Tariff, pk=pk)
    done = _("The draft is thrown away.")
    return do(request, lambda: actions.discard_draft(draft, by=request.user, at=now()), done, "facilities:tariff_list")
