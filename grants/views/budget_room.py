"""The budget room of a call: how far the pot reaches, what another weight or way to share would do, scenarios side by side."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.choices import Role
from accounts.permissions import for_roles
from grants.actions import budget_room as actions
from grants.actions.budget_room import Room
from grants.actions.counting import remaining
from grants.actions.refusals import NotAllowedNow
from grants.choices import CriterionKey, ShareMethod
from grants.forms.budget_room import NameForm, RoomForm
from grants.models import Application, Call, Scenario
from grants.permissions.budget_room import READERS, may_enter, may_save
from grants.rules import budget_room as rules

STEP = 10  # percent that a weight is moved to show what it does
ZERO = Decimal(0)


@for_roles(*READERS)
@require_http_methods(["GET", "POST"])
def budget_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a way to share what is left; save it under a name. What is entered lives in the address."""
    call = _entered(request, pk)
    typed = request.POST if request.method == "POST" else request.GET
    form = RoomForm(typed, criteria=list(call.criteria.all()), pot=actions.pot_of(call))
    naming = NameForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not (answer := may_save(request.user)):
        raise PermissionDenied(answer.reason)
    if request.method == "POST" and form.is_valid() and naming.is_valid():
        try:
            actions.save_scenario(call, form.choice(), name=naming.cleaned_data["name"], by=request.user, at=now())
        except NotAllowedNow as refused:
            naming.add_error("name", str(refused))
        else:
            messages.success(request, _("The scenario is saved. It changes no budget."))
            return redirect(f"{request.path}?{_address(request)}" if _address(request) else request.path)
    context = {"call": call, "form": form, "naming": naming, "may_save": may_save(request.user), "budget": _budget(call)}
    if form.is_valid():
        context |= _shown(actions.open_room(call, at=now(), unit=form.choice().unit), form)
    context["scenarios"] = list(Scenario.objects.in_room(call))
    status = 422 if form.errors or naming.errors else 200
    return render(request, "grants/room/budget_room.html", context, status=status)


@for_roles(*READERS)
@require_GET
def budget_left(request: HttpRequest, pk: int) -> HttpResponse:
    """What is left of the budget just now, for the page to keep fresh."""
    return render(request, "grants/room/left.html", {"budget": _budget(_entered(request, pk))})


@for_roles(*READERS)
@require_GET
def scenario_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Scenarios side by side: what each application gets in each, and the difference to the first."""
    call = _entered(request, pk)
    kept = list(Scenario.objects.in_room(call))
    wanted = {int(key) for key in request.GET.getlist("s") if key.isdigit()}
    chosen = [row for row in kept if row.pk in wanted] or kept[:4]
    room = actions.open_room(call, at=now()) if chosen else None
    context = {
        "call": call,
        "kept": kept,
        "chosen": chosen,
        "columns": _columns(call, chosen, room),
        "rows": _rows(chosen, request.user),
    }
    return render(request, "grants/room/compare.html", context)


@for_roles(Role.OFFICER, Role.DECISION_MAKER)
@require_POST
def scenario_throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = get_object_or_404(Scenario.objects.select_related("call"), pk=pk)
    call = _entered(request, scenario.call_id)
    actions.throw_away(scenario, by=request.user, at=now())
    messages.success(request, _("The scenario is thrown away."))
    return redirect("grants:budget_room", call.pk)


def _entered(request: HttpRequest, pk: int) -> Call:
    """The call, for those who may be in its room; 403 that says why for others."""
    call = get_object_or_404(Call.objects.announced().select_related("version__scheme").prefetch_related("criteria"), pk=pk)
    if not (answer := may_enter(request.user, call)):
        raise PermissionDenied(answer.reason)
    return call


def _address(request: HttpRequest) -> str:
    """What was entered, as an address; nothing else of the form."""
    typed = request.POST.copy()
    for key in ("csrfmiddlewaretoken", "name"):
        typed.pop(key, None)
    return typed.urlencode()


def _budget(call: Call) -> dict[str, Any]:
    left = remaining(call)
    return {} if left is None else {"total": call.budget, "left": left, "committed": (call.budget or ZERO) - left}


# How a scenario comes out -------------------------------------------------------------------------------------------------------


def _shown(room: Room, form: RoomForm) -> dict[str, Any]:
    choice = form.choice()
    scenario = actions.scenario_of(room, choice)
    shares = rules.share(room.entries, scenario)
    ranked = sorted(room.entries, key=lambda entry: (-shares.granted.get(entry.number, ZERO), entry.number))
    if scenario.method is rules.Method.RANKED:
        ranked = sorted(room.entries, key=lambda entry: _rank(shares, entry.number))
    standing = rules.share(
        room.entries, rules.Scenario(scenario.method, scenario.pot, room.criteria, scenario.cap, scenario.least)
    )
    return {
        "room": room,
        "shares": shares,
        "rows": [_row(room, shares, entry, standing.granted) for entry in ranked],
        "asked": sum((entry.asked for entry in room.entries), ZERO),
        "given": sum(shares.granted.values(), ZERO),
        "tied": [_name(room, number) for number in shares.cut] if shares.is_tied else [],
        "moved": scenario.criteria != room.criteria,
        "effects": _effects(room, scenario, shares) if scenario.method is rules.Method.RANKED else [],
        "typed": [(field.html_name, field.value()) for field in (*form.ways, *form.weights) if field.value() is not None],
        "criteria": [CriterionKey(row.key).label for row in room.criteria],
        "is_floating": scenario.method is rules.Method.FLOATING,
        "foot_span": 1 + (len(room.criteria) + 1 if room.criteria else 0) + (scenario.method is rules.Method.FLOATING),
    }


def _rank(shares: rules.Shares, number: int) -> tuple[bool, bool, Decimal, int]:
    score = shares.scores[number]
    return number in shares.barred, score is None, -(score or ZERO), number


def _row(room: Room, shares: rules.Shares, entry: rules.Entry, standing: Mapping[int, Decimal]) -> dict[str, Any]:
    granted = shares.granted.get(entry.number, ZERO)
    return {
        "application": room.applications[entry.number],
        "asked": entry.asked,
        "late": room.late.get(entry.number),
        "units": entry.units,
        "levels": [
            {"name": CriterionKey(criterion.key).label, "mean": _level(entry, criterion.key)} for criterion in room.criteria
        ],
        "score": shares.scores[entry.number],
        "granted": granted,
        "change": granted - standing.get(entry.number, ZERO),
        "why": _why(shares, entry),
        "is_cut": entry.number in shares.cut,
    }


def _level(entry: rules.Entry, key: str) -> Decimal | None:
    """The mean of the assessors' levels on one criterion."""
    levels = [level for each in entry.assessments if (level := each[key]) is not None]
    return Decimal(sum(levels)) / len(levels) if levels else None


def _why(shares: rules.Shares, entry: rules.Entry) -> str:
    """Why an application gets nothing, or less than it asks for."""
    number = entry.number
    for numbers, words in (
        (shares.barred, _("below the lowest level of a criterion")),
        (shares.unscored, _("not assessed")),
        (shares.cut, _("equal score at the cut: somebody must choose") if shares.is_tied else _("does not fit in what is left")),
        (shares.below, _("ranked below the cut")),
        (shares.useless, _("would get less than is useful")),
    ):
        if number in numbers:
            return words
    return _("no members reported") if not shares.granted.get(number) and not entry.units else ""


def _name(room: Room, number: int) -> str:
    return room.applications[number].association.name


def _effects(room: Room, scenario: rules.Scenario, shares: rules.Shares) -> list[dict[str, Any]]:
    """For each criterion: who gains and who loses when it weighs ten percent more, all else in proportion."""
    effects = []
    for criterion in scenario.criteria:
        to = min(100, int(criterion.weight) + STEP)
        criteria = rules.weight_moved(scenario.criteria, criterion.key, to)
        moved = rules.share(room.entries, rules.Scenario(scenario.method, scenario.pot, criteria, scenario.cap, scenario.least))
        changes = [(_name(room, row.number), row.change) for row in rules.differences(shares.granted, moved.granted)]
        effects.append(
            {
                "name": CriterionKey(criterion.key).label,
                "now": criterion.weight,
                "to": to,
                "gains": [(name, change) for name, change in changes if change > 0],
                "loses": [(name, -change) for name, change in changes if change < 0],
                "tied": moved.is_tied,
            }
        )
    return effects


# Side by side -------------------------------------------------------------------------------------------------------------------


def _columns(call: Call, chosen: Sequence[Scenario], room: Room | None) -> list[dict[str, Any]]:
    """One column for each scenario: how it shares, what it gives out, and whether anything has changed since it was saved."""
    columns = []
    for row in chosen:
        granted = [Decimal(amount) for amount in row.result["granted"].values()]
        same_unit = room is not None and row.method != ShareMethod.FLOATING
        columns.append(
            {
                "scenario": row,
                "given": sum(granted, ZERO),
                "count": len(granted),
                "left": Decimal(row.result["left"]),
                "rate": Decimal(row.result["rate"]) if row.result["rate"] else None,
                "weights": [(key.label, row.choices["weights"][key]) for key in CriterionKey if key in row.choices["weights"]],
                "tied": len(row.result["cut"]) > 1,
                "is_old": same_unit and room is not None and room.basis != row.basis,
            }
        )
    return columns


def _rows(chosen: Sequence[Scenario], user: Any) -> list[dict[str, Any]]:
    """One row for each application in any of them, by name; the first scenario is what the others are compared with."""
    keys = {int(key) for row in chosen for key in row.result["asked"]}
    named = Application.objects.for_casework_by(user).filter(pk__in=keys).select_related("association", "case")
    rows = []
    for application in sorted(named, key=lambda each: (each.association.name.casefold(), each.pk)):
        amounts = [Decimal(row.result["granted"].get(str(application.pk), "0")) for row in chosen]
        changes = [None, *(amount - amounts[0] for amount in amounts[1:])]
        cells = [
            {"scenario": row.name, "amount": amount, "change": change}
            for row, amount, change in zip(chosen, amounts, changes, strict=True)
        ]
        asked = next(row.result["asked"][str(application.pk)] for row in chosen if str(application.pk) in row.result["asked"])
        rows.append({"application": application, "asked": Decimal(asked), "cells": cells})
    return rows
