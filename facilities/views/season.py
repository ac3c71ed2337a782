"""A season as associations and the public see it: its days and principles, and our own wishes group by group."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, public, signed_in
from facilities import actions
from facilities.choices import ROUND_TONES
from facilities.forms.season import MessageForm, SectionForm, section_initial
from facilities.models import SeasonRound, Section, Space, WishList
from facilities.permissions import may_book_for
from facilities.views.doors import current_association, received_at
from facilities.views.principles_words import principles_in_words
from facilities.views.season_words import days_of, section_words
from records.refusals import NotAllowedNow


@public
@require_GET
def season_list(request: HttpRequest) -> HttpResponse:
    """Seasons, the newest first, with what our association has wished. At most three queries."""
    association = current_association(request)
    mine = {each.season_id: each for each in WishList.objects.filter(association=association)} if association else {}
    at = received_at(request)
    rows = [
        (season, ROUND_TONES[season.status], mine.get(season.pk), actions.is_open_for_wishes(season, at))
        for season in SeasonRound.objects.shown()
    ]
    return render(request, "facilities/season/list.html", {"rows": rows, "association": association})


@public
@require_GET
def season(request: HttpRequest, pk: int) -> HttpResponse:
    """One season: its days, halls, principles in words and as they are meant, and the seed of the lot."""
    found = get_object_or_404(SeasonRound.objects.seen_by(request.user).select_related("principles"), pk=pk)
    context = {
        "season": found,
        "tone": ROUND_TONES[found.status],
        "days": days_of(found),
        "halls": found.halls.select_related("venue").order_by("venue__name", "path"),
        "principles": principles_in_words(found.principles.for_rules()) if found.principles else None,
        "is_open": actions.is_open_for_wishes(found, received_at(request)),
        "association": current_association(request),
    }
    return render(request, "facilities/season/season.html", context)


@signed_in
@require_POST
def wishes_begin(request: Request, pk: int) -> HttpResponse:
    """Begin the association's list, or go on with it."""
    found = get_object_or_404(SeasonRound.objects.shown(), pk=pk)
    association = current_association(request)
    if association is None:
        raise Http404
    try:
        wishes = actions.begin_wishes(found, association, by=request.user, at=received_at(request))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
        return redirect("facilities:season_round", pk)
    return redirect("facilities:wishes", wishes.pk)


@signed_in
@require_http_methods(["GET", "POST"])
def wishes(request: Request, pk: int) -> HttpResponse:
    """Our list: the groups, what each lacks, and handing it in. POST hands in."""
    found = _list_or_404(request, pk)
    form = MessageForm(request.POST if request.method == "POST" else None, initial={"message": found.message})
    refused: NotAllowedNow | None = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_in_wishes(found, by=request.user, at=received_at(request), message=form.cleaned_data["message"])
        except NotAllowedNow as reason:
            refused = reason
        else:
            messages.success(request, _("Your wishes are handed in. You can change them until the last day."))
            return redirect("facilities:wishes", pk)
    sections = list(found.sections.prefetch_related("suits", "spaces__space__venue"))
    at = received_at(request)
    context = {
        "wishes": found,
        "season": found.season,
        "form": form,
        "refused": refused,
        "rows": [(section, section_words(section)) for section in sections],
        "passes": sum(section.passes for section in sections),
        "is_open": actions.is_open_for_wishes(found.season, at),
        "may": may_book_for(request.user, found.association, at),
        "last": actions.last_list(found),
    }
    return render(request, "facilities/season/wishes.html", context, status=409 if refused else 422 if form.errors else 200)


@signed_in
@require_POST
def wishes_copy(request: Request, pk: int) -> HttpResponse:
    """Copy last season's groups, in one press."""
    found = _list_or_404(request, pk)

    def copy() -> str:
        copied = actions.copy_last_season(found, by=request.user, at=received_at(request))
        return _("%(n)s groups were copied. Look through each: who is in it, and when.") % {"n": copied}

    return _pressed(request, pk, copy)


@signed_in
@require_POST
def wishes_take_back(request: Request, pk: int) -> HttpResponse:
    """Open a list that is handed in."""
    found = _list_or_404(request, pk)

    def take_back() -> str:
        actions.take_back_wishes(found, by=request.user, at=received_at(request))
        return _("You can change your wishes now. Do not forget to hand them in again.")

    return _pressed(request, pk, take_back)


@signed_in
@require_http_methods(["GET", "POST"])
def section_new(request: Request, pk: int) -> HttpResponse:
    """A group more in the list."""
    return _section_page(request, _list_or_404(request, pk), None)


@signed_in
@require_http_methods(["GET", "POST"])
def section_edit(request: Request, pk: int) -> HttpResponse:
    """One group, written again."""
    section = _section_or_404(request, pk)
    return _section_page(request, section.wishes, section)


@signed_in
@require_http_methods(["GET", "POST"])
def section_remove(request: Request, pk: int) -> HttpResponse:
    """Take a group out of the list, after a question."""
    section = _section_or_404(request, pk)
    if request.method == "GET":
        return render(request, "facilities/season/section_remove.html", {"section": section, "wishes": section.wishes})

    def remove() -> str:
        name = section.name
        actions.remove_section(section, by=request.user, at=received_at(request))
        return _("%(name)s is taken out of the list.") % {"name": name}

    return _pressed(request, section.wishes_id, remove)


def _section_page(request: Request, wishes: WishList, section: Section | None) -> HttpResponse:
    spaces = Space.objects.bookable().filter(path__0__in=wishes.season.halls.values("pk")).select_related("venue")
    usual: dict[str, Any] = {"passes": 1, "shortest": 60, "longest": 90, "sport": ""}
    initial = section_initial(section) if section else usual
    posted = request.POST if request.method == "POST" else None
    form = SectionForm(posted, spaces=spaces.order_by("venue__name", "path"), initial=initial)
    if posted is not None and form.is_valid():
        try:
            actions.save_section(wishes, form.wish(), by=request.user, at=received_at(request), section=section)
        except NotAllowedNow as refused:
            form.add_error(_FIELDS.get(refused.code), str(refused))
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
            more = "more" in request.POST
            return redirect("facilities:section_new", wishes.pk) if more else redirect("facilities:wishes", wishes.pk)
    context = {"form": form, "wishes": wishes, "section": section}
    return render(request, "facilities/season/section.html", context, status=422 if form.errors else 200)


_FIELDS = {
    "ages": "age_to",
    "members": "girls",
    "lengths": "longest",
    "hours": "best0",
    "too_short": "shortest",
    "days": "last",
    "halls": "place0",
    "name": "name",
}


def _pressed(request: Request, pk: int, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect("facilities:wishes", pk)


def _list_or_404(request: Request, pk: int) -> WishList:
    return get_object_or_404(WishList.objects.visible_to(request.user).select_related("season", "association"), pk=pk)


def _section_or_404(request: Request, pk: int) -> Section:
    mine = WishList.objects.visible_to(request.user).values("pk")
    rows = Section.objects.filter(wishes__in=mine).select_related("wishes__season", "wishes__association")
    return get_object_or_404(rows, pk=pk)
