"""The spaces of a venue: added, described, hung under each other, with what follows them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request
from facilities import actions
from facilities.choices import SpaceKind
from facilities.forms.keep_place import EquipmentForm, SpaceForm, SpaceMoveForm
from facilities.models import Space, SpaceEquipment, Venue
from facilities.views.keeping import form_page, in_the_way, officers, refuse
from records.refusals import Refused

FACTS = ("name", "kind", "price_group", "capacity", "order", "is_bookable", "is_example")


@officers
@require_http_methods(["GET", "POST"])
def space_new(request: Request, key: str) -> HttpResponse:
    """A new space; the address may name the one it is a part of, whose kind and price group it begins with."""
    venue = get_object_or_404(Venue, key=key)
    spaces = Space.objects.filter(venue=venue).order_by("path")
    form = SpaceForm(request.POST or None, parents=spaces, initial=_like(request.GET.get("part_of", ""), spaces))
    if request.method == "POST" and form.is_valid():
        facts = {**form.cleaned_data}
        try:
            actions.add_space(venue, facts.pop("name"), parent=facts.pop("parent"), by=request.user, at=now(), **facts)
        except Refused as refusal:
            refuse(form, refusal, "name" if refusal.code == "name_taken" else None)
        else:
            messages.success(request, _("The space is added."))
            return redirect("facilities:kept_venue", key)
    return form_page(request, form, "facilities/keep/form.html", **_page(venue, _("Add a space"), _("Add")))


def _like(key: str, spaces: Any) -> dict[str, Any]:
    whole = spaces.filter(pk=key).first() if key.isdecimal() and len(key) < 15 else None
    if whole is None:
        return {"kind": SpaceKind.OTHER}
    return {"parent": whole.pk, "kind": whole.kind, "price_group": whole.price_group, "name": f"{whole.name}, "}


@officers
@require_http_methods(["GET", "POST"])
def space_edit(request: Request, pk: int) -> HttpResponse:
    space = _space(pk)
    form = SpaceForm(request.POST or None, parents=None, initial={name: getattr(space, name) for name in FACTS})
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            actions.describe_space(space, changed, by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, "name" if refusal.code == "name_taken" else None)
        else:
            messages.success(request, _("Saved."))
            return redirect("facilities:kept_venue", space.venue.key)
    return form_page(request, form, "facilities/keep/space_form.html", space=space, **_page(space.venue, space.name, _("Save")))


@officers
@require_http_methods(["GET", "POST"])
def space_move(request: Request, pk: int) -> HttpResponse:
    """Make a space a part of another, or a whole. Bookings that would lie over each other are shown, and nothing is changed."""
    space, at = _space(pk), now()
    others = Space.objects.filter(venue=space.venue).exclude(path__contains=[space.pk]).order_by("path")
    form = SpaceMoveForm(request.POST or None, parents=others, initial={"parent": space.parent_id or ""})
    conflicts: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_part_of(space, form.cleaned_data["parent"], by=request.user, at=at)
        except actions.Taken as taken:
            conflicts = _both(taken, request, at)
        except Refused as refusal:
            refuse(form, refusal, "parent")
        else:
            messages.success(request, _("The space has moved in the tree. What stands booked in it has followed."))
            return redirect("facilities:kept_venue", space.venue.key)
    context = {**_page(space.venue, _("What is %(space)s a part of?") % {"space": space.name}, _("Save")), "conflicts": conflicts}
    return form_page(request, form, "facilities/keep/space_move.html", conflict=bool(conflicts), space=space, **context)


@officers
@require_http_methods(["GET", "POST"])
def space_equipment(request: Request, pk: int) -> HttpResponse:
    """What follows the space: a piano, a sound system, a curtain that two halls share."""
    space, at = _space(pk), now()
    things = (
        Space.objects.filter(venue=space.venue).exclude(path__contains=[space.pk]).exclude(pk__in=space.path).order_by("path")
    )
    now_following = [str(key) for key in SpaceEquipment.objects.filter(space=space).values_list("equipment", flat=True)]
    form = EquipmentForm(request.POST or None, things=things, initial={"things": now_following})
    conflicts: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_equipment(space, form.cleaned_data["things"], by=request.user, at=at)
        except actions.Taken as taken:
            conflicts = _both(taken, request, at)
        except Refused as refusal:
            refuse(form, refusal, "things")
        else:
            messages.success(request, _("Saved."))
            return redirect("facilities:kept_venue", space.venue.key)
    context = {**_page(space.venue, _("What follows %(space)s?") % {"space": space.name}, _("Save")), "conflicts": conflicts}
    return form_page(request, form, "facilities/keep/space_move.html", conflict=bool(conflicts), space=space, **context)


@officers
@require_http_methods(["GET", "POST"])
def space_remove(request: Request, pk: int) -> HttpResponse:
    """Take away a space that was added by mistake."""
    space = _space(pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        try:
            actions.remove_space(space, by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The space is taken away."))
            return redirect("facilities:kept_venue", space.venue.key)
    page = _page(space.venue, _("Take away %(space)s") % {"space": space.name}, _("Take away"))
    lead = _("Only a space that was never used can be taken away.")
    return form_page(request, form, "facilities/keep/form.html", lead=lead, tone="danger", **page)


def _both(taken: actions.Taken, request: Request, at: Any) -> list[Any]:
    """What would lie over something else."""
    return in_the_way(taken.conflicts, request.user, at)


def _space(pk: int) -> Space:
    return get_object_or_404(Space.objects.select_related("venue", "parent"), pk=pk)


def _page(venue: Venue, title: str, button: str) -> dict[str, Any]:
    return {"venue": venue, "title": title, "button": button, "back": reverse("facilities:kept_venue", args=[venue.key])}
