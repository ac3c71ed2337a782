"""The groups of an association, and who stands on their cards."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Request, signed_in
from associations import actions
from associations.forms.attendance import CardPersonForm, GroupForm
from associations.models import ActivityGroup, Association, GroupPlace
from associations.permissions import may_mark
from associations.views.attendance import own_or_404
from associations.views.page import form_page, refuse
from records.refusals import Refused


@signed_in
@require_GET
def group(request: Request, pk: int, group_pk: int) -> HttpResponse:
    """Who stands on the card. Two queries for the people, however many."""
    association, row = _group_or_404(request, pk, group_pk)
    places = row.places.select_related("participant").order_by("-leads", "participant__name", "pk")
    context = {
        "association": association,
        "group": row,
        "places": places,
        "may": may_mark(request.user, association, localdate()),
    }
    return render(request, "associations/group.html", context)


def _group_or_404(request: Request, pk: int, group_pk: int) -> tuple[Association, ActivityGroup]:
    association = own_or_404(request, pk)
    return association, get_object_or_404(association.groups.running(), pk=group_pk)


@signed_in
@require_http_methods(["GET", "POST"])
def group_new(request: Request, pk: int) -> HttpResponse:
    association = own_or_404(request, pk)
    back = reverse("associations:attendance", args=[pk])
    return _group_form(request, association, None, title=_("A new group"), back=back)


@signed_in
@require_http_methods(["GET", "POST"])
def group_change(request: Request, pk: int, group_pk: int) -> HttpResponse:
    association, row = _group_or_404(request, pk, group_pk)
    return _group_form(request, association, row, title=row.name, back=reverse("associations:group", args=[pk, group_pk]))


def _group_form(request: Request, association: Association, row: ActivityGroup | None, *, title: str, back: str) -> HttpResponse:
    known = {name: getattr(row, name) for name in GroupForm.base_fields} if row else {}
    form = GroupForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_group(association, row, **form.cleaned_data, by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The group is saved."))
            return redirect("associations:group", association.pk, saved.pk)
    may = may_mark(request.user, association, localdate())
    return form_page(request, form, title=title, button=_("Save"), back=back, may=may)


@signed_in
@require_http_methods(["GET", "POST"])
def group_close(request: Request, pk: int, group_pk: int) -> HttpResponse:
    _association, row = _group_or_404(request, pk, group_pk)
    if request.method == "POST":
        try:
            actions.close_group(row, by=request.user, at=now())
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The group is closed."))
        return redirect("associations:attendance", pk)
    context = {
        "title": _("Close %(group)s?") % {"group": row},
        "lead": _("Do this when the group does not meet any more. Its sessions and figures stay."),
        "button": _("Close the group"),
        "cancel_url": reverse("associations:group", args=[pk, group_pk]),
    }
    return render(request, "confirm.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def person_new(request: Request, pk: int, group_pk: int) -> HttpResponse:
    """Somebody new on the card; "and one more" keeps the page."""
    association, row = _group_or_404(request, pk, group_pk)
    return _person_form(request, association, row, None)


@signed_in
@require_http_methods(["GET", "POST"])
def person_change(request: Request, pk: int, group_pk: int, place_pk: int) -> HttpResponse:
    association, row = _group_or_404(request, pk, group_pk)
    place = get_object_or_404(row.places.select_related("participant"), pk=place_pk)
    return _person_form(request, association, row, place)


def _person_form(request: Request, association: Association, row: ActivityGroup, place: GroupPlace | None) -> HttpResponse:
    known: dict[str, Any] = {}
    if place:
        known = {name: getattr(place.participant, name) for name in CardPersonForm.base_fields if name != "leads"}
        known["leads"] = place.leads
    form = CardPersonForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            person = place.participant if place else None
            saved = actions.save_person(row, person, **form.cleaned_data, by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, refusal.code)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": saved})
            page = "person_new" if "more" in request.POST else "group"
            return redirect(f"associations:{page}", association.pk, row.pk)
    return form_page(
        request,
        form,
        "associations/card_person.html",
        association=association,
        group=row,
        place=place,
        may=may_mark(request.user, association, localdate()),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def person_leave(request: Request, pk: int, group_pk: int, place_pk: int) -> HttpResponse:
    _association, row = _group_or_404(request, pk, group_pk)
    place = get_object_or_404(row.places.select_related("participant", "group__association"), pk=place_pk)
    if request.method == "POST":
        try:
            actions.leave_group(place, by=request.user, at=now())
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("%(name)s is taken off the card.") % {"name": place.participant})
        return redirect("associations:group", pk, group_pk)
    context = {
        "title": _("Take %(name)s off the card?") % {"name": place.participant},
        "lead": _("The sessions that the person has been at stay."),
        "button": _("Take off the card"),
        "cancel_url": reverse("associations:group", args=[pk, group_pk]),
    }
    return render(request, "confirm.html", context)
