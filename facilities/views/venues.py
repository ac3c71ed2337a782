"""Venues as officers keep them: facts, pictures; and the pictures themselves, for everybody."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.permissions import Request, public
from facilities import actions
from facilities.choices import AccessFact
from facilities.forms.keep_place import PictureForm, PictureTextForm, VenueForm
from facilities.models import BookingRules, FaultReport, HoursException, OpeningHours, Space, SpaceEquipment, Venue, VenuePicture
from facilities.permissions import may_keep_venues
from facilities.views.keeping import do, form_page, officers, readers, refuse
from records import storage
from records.refusals import Refused

_A_DAY = 86_400  # seconds a browser may keep a picture


@readers
@require_GET
def kept_venues(request: Request) -> HttpResponse:
    """Every venue with how many spaces it has. One query."""
    counted = Count("spaces", distinct=True)
    venues = Venue.objects.annotate(parts=counted, shut=Count("spaces", filter=Q(spaces__is_bookable=False), distinct=True))
    context = {"venues": venues.order_by("-is_in_use").in_swedish_order(), "keeps": may_keep_venues(request.user)}
    return render(request, "facilities/keep/venue_list.html", context)


@readers
@require_GET
def kept_venue(request: Request, key: str) -> HttpResponse:
    """One venue: facts, pictures, the tree of spaces, where hours and rules are its own. Nine queries."""
    venue = get_object_or_404(Venue, key=key)
    spaces = list(Space.objects.filter(venue=venue).order_by("path"))
    context = {
        "venue": venue,
        "access": [label for value, label in AccessFact.choices if value in venue.access],
        "pictures": venue.pictures.select_related("file"),
        "spaces": _with_what_is_theirs(spaces),
        "own": _own({"venue": venue}),
        "faults": FaultReport.objects.filter(venue=venue).not_mended().count(),
        "keeps": may_keep_venues(request.user),
        "day": localdate(),
    }
    return render(request, "facilities/keep/venue.html", context)


def _with_what_is_theirs(spaces: list[Space]) -> list[dict[str, Any]]:
    """Each space with how deep it hangs, what follows it, and whether it has hours and rules of its own. Three queries."""
    keys = [space.pk for space in spaces]
    hours = set(OpeningHours.objects.filter(space__in=keys).values_list("space", flat=True))
    rules = set(BookingRules.objects.filter(space__in=keys).values_list("space", flat=True))
    names = {space.pk: space.name for space in spaces}
    follows: dict[int, list[str]] = {}
    for space, thing in SpaceEquipment.objects.filter(space__in=keys).values_list("space", "equipment"):
        follows.setdefault(space, []).append(names.get(thing, ""))
    return [
        {
            "space": space,
            "depth": len(space.path) - 1,
            "follows": ", ".join(sorted(follows.get(space.pk, []))),
            "hours": space.pk in hours,
            "rules": space.pk in rules,
        }
        for space in spaces
    ]


def _own(place: dict[str, Any]) -> dict[str, int]:
    return {
        "hours": OpeningHours.objects.filter(**place).count(),
        "exceptions": HoursException.objects.filter(**place, day__gte=localdate()).count(),
        "rules": BookingRules.objects.filter(**place).count(),
    }


@officers
@require_http_methods(["GET", "POST"])
def venue_new(request: Request) -> HttpResponse:
    form = VenueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            venue = actions.add_venue(key=form.key, **form.cleaned_data, by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, "name" if refusal.code == "name_taken" else None)
        else:
            messages.success(request, _("The venue is added. Add its spaces, opening hours and rules."))
            return redirect("facilities:kept_venue", venue.key)
    return form_page(request, form, "facilities/keep/venue_form.html", venue=None)


@officers
@require_http_methods(["GET", "POST"])
def venue_edit(request: Request, key: str) -> HttpResponse:
    venue = get_object_or_404(Venue, key=key)
    form = VenueForm(request.POST or None, instance=venue)
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        try:
            actions.describe_venue(venue, changed, by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("facilities:kept_venue", key)
    return form_page(request, form, "facilities/keep/venue_form.html", venue=venue)


# Pictures ----------------------------------------------------------------------------------------------------------------


@officers
@require_http_methods(["GET", "POST"])
def picture_add(request: Request, key: str) -> HttpResponse:
    venue = get_object_or_404(Venue, key=key)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_picture(venue, form.cleaned_data["picture"], form.cleaned_data["alt"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, "picture")
        else:
            messages.success(request, _("The picture is added. Everybody can see it."))
            return redirect("facilities:kept_venue", key)
    context: dict[str, Any] = {
        "title": _("Add a picture"),
        "button": _("Add"),
        "back": reverse("facilities:kept_venue", args=[key]),
    }
    return form_page(request, form, "facilities/keep/form.html", venue=venue, multipart=True, **context)


@officers
@require_http_methods(["GET", "POST"])
def picture_edit(request: Request, pk: int) -> HttpResponse:
    picture = get_object_or_404(VenuePicture.objects.select_related("venue"), pk=pk)
    form = PictureTextForm(request.POST or None, initial={"alt": picture.alt, "order": picture.order})
    if request.method == "POST" and form.is_valid():
        actions.describe_picture(picture, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, _("Saved."))
        return redirect("facilities:kept_venue", picture.venue.key)
    back = reverse("facilities:kept_venue", args=[picture.venue.key])
    context: dict[str, Any] = {"title": _("Describe the picture"), "button": _("Save"), "back": back, "picture": picture}
    return form_page(request, form, "facilities/keep/form.html", **context)


@officers
@require_POST
def picture_remove(request: Request, pk: int) -> HttpResponse:
    picture = get_object_or_404(VenuePicture.objects.select_related("venue"), pk=pk)
    done, key = _("The picture is taken away."), picture.venue.key
    return do(request, lambda: actions.remove_picture(picture, by=request.user, at=now()), done, "facilities:kept_venue", key)


@public
@require_safe
def venue_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A picture of a venue. We have drawn it ourselves, so it can be shown; one that is not virus checked yet is not there."""
    picture = get_object_or_404(VenuePicture.objects.select_related("file"), pk=pk)
    if not picture.file.is_readable:
        raise Http404
    content = storage.open_bytes(picture.file.path)
    response = FileResponse(content, content_type=picture.file.content_type)
    response["Cache-Control"] = f"public, max-age={_A_DAY}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
