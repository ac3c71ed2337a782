"""Swapping times with another association: choose whose, propose, answer."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Request, signed_in
from facilities import actions
from facilities.choices import BookingStatus, SwapStatus, UseKind
from facilities.forms.own import SwapFilter, SwapForm
from facilities.models import Booking, SwapProposal
from facilities.permissions import may_answer_for, may_change
from facilities.rules.opening import DAY, local_instant
from facilities.views.doors import current_association, received_at
from facilities.views.own import found_or_404
from records.refusals import NotAllowedNow
from records.values import local_day

AROUND = timedelta(days=14)
PER_PAGE = 30


@signed_in
@require_GET
def swap_choose(request: Request, pk: int) -> HttpResponse:
    """The times of other associations in the same venue around the day: which one would we rather have?"""
    ours = found_or_404(request, pk)
    form = SwapFilter(request.GET)
    day = (form.cleaned_data["day"] if form.is_valid() else None) or local_day(ours.starts_at)
    at = received_at(request)
    page = Paginator(_of_others(ours, at, day), PER_PAGE).get_page(request.GET.get("page"))
    context = {"booking": ours, "form": form, "page": page, "may": may_change(request.user, ours, at)}
    return render(request, "facilities/swap_choose.html", context, status=422 if form.errors else 200)


def _of_others(ours: Booking, at: Any, day: Any) -> Any:
    """What other associations have booked in the venue, two weeks before and after a day, still to come."""
    since, until = local_instant(day - AROUND, 0), local_instant(day + AROUND, DAY)
    rows = Booking.objects.filter(
        space__venue=ours.space.venue_id,
        kind=UseKind.BOOKING,
        status=BookingStatus.CONFIRMED,
        association__isnull=False,
        starts_at__gt=max(since, at),
        starts_at__lt=until,
    )
    others = rows.exclude(association=ours.association)
    return others.select_related("space__venue", "association").order_by("starts_at", "pk")


@signed_in
@require_http_methods(["GET", "POST"])
def swap_propose(request: Request, pk: int, other: int) -> HttpResponse:
    """Ours for theirs, side by side, before it is proposed."""
    ours = found_or_404(request, pk)
    theirs = get_object_or_404(_of_others(ours, received_at(request), local_day(_starts(other))), pk=other)
    form = SwapForm(request.POST if request.method == "POST" else None)
    refused: NotAllowedNow | None = None
    if request.method == "POST" and form.is_valid():
        try:
            proposal = actions.propose_swap(
                ours, theirs, message=form.cleaned_data["message"], by=request.user, at=received_at(request)
            )
        except NotAllowedNow as reason:
            refused = reason
        else:
            messages.success(request, _("Your proposal is sent. Nothing changes until they say yes."))
            return redirect("facilities:swap", proposal.pk)
    context = {"ours": ours, "theirs": theirs, "form": form, "refused": refused}
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "facilities/swap_propose.html", context, status=status)


def _starts(pk: int) -> Any:
    return get_object_or_404(Booking.objects.only("starts_at"), pk=pk).starts_at


@signed_in
@require_GET
def swap_list(request: Request) -> HttpResponse:
    """Proposals to and from the association one acts for."""
    association, at = current_association(request), received_at(request)
    rows = SwapProposal.objects.visible_to(request.user).with_both() if association else SwapProposal.objects.none()
    found = [row for row in rows[:100] if association and association.pk in (row.ours.association_id, row.theirs.association_id)]
    waiting = [row for row in found if _is_open(row, at)]
    context = {
        "association": association,
        "to_answer": [row for row in waiting if association and row.theirs.association_id == association.pk],
        "proposed": [row for row in waiting if association and row.ours.association_id == association.pk],
        "over": [row for row in found if row not in waiting][:20],
    }
    return render(request, "facilities/swap_list.html", context)


def _is_open(row: SwapProposal, at: Any) -> bool:
    return row.status == SwapStatus.PROPOSED and row.open_until > at and row.is_as_proposed


@signed_in
@require_http_methods(["GET", "POST"])
def swap(request: Request, pk: int) -> HttpResponse:
    """One proposal: both times side by side, and yes or no for those who are asked."""
    row = get_object_or_404(SwapProposal.objects.visible_to(request.user).with_both(), pk=pk)
    at = received_at(request)
    refused: NotAllowedNow | None = None
    if request.method == "POST":
        try:
            said = _answered(request, row)
        except NotAllowedNow as reason:
            refused = reason
        else:
            messages.success(request, said)
            return redirect("facilities:swap", pk)
    context = {
        "row": row,
        "is_open": _is_open(row, at),
        "may_answer": bool(may_answer_for(request.user, row.theirs, at)),
        "may_withdraw": bool(may_answer_for(request.user, row.ours, at)),
        "refused": refused,
    }
    return render(request, "facilities/swap.html", context, status=409 if refused else 200)


def _answered(request: Request, row: SwapProposal) -> str:
    at, answer = received_at(request), request.POST.get("answer")
    if answer == "yes":
        actions.accept_swap(row, by=request.user, at=at)
        return _("You have swapped times. Both associations get a letter.")
    if answer == "no":
        actions.decline_swap(row, by=request.user, at=at)
        return _("You said no. Nothing is changed.")
    actions.withdraw_swap(row, by=request.user, at=at)
    return _("The proposal is taken back.")
