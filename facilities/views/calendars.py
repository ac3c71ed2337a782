"""Calendars to subscribe to: when a space is taken for anyone, an association's and a person's by a secret address."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.permissions import Request, public, signed_in
from facilities.actions import feeds
from facilities.models import CalendarFeed, Space
from facilities.rules.calendars import Entry, calendar_file, entity_tag, last_changed
from facilities.views.doors import current_association
from records.refusals import Refused
from records.values import local_day, opens_on

# Files ------------------------------------------------------------------------------------------------------------------------


@public
@require_safe
def calendar_feed(request: HttpRequest, uid: uuid.UUID, token: str) -> HttpResponseBase:
    """The calendar behind a secret address. A wrong address and one that is taken away are the same: not found."""
    at = now()
    feed = CalendarFeed.objects.opened_by(uid, token)
    if feed is None or (feed.user and not feed.user.is_active):
        raise Http404
    with feeds.in_language_of(feed):
        return _calendar(request, str(feed), feeds.times_of_feed(feed, at), at, cache="private, no-cache")


@public
@require_safe
def calendar_of_space(request: HttpRequest, pk: int) -> HttpResponseBase:
    """When a space is taken, for anyone: no names."""
    at = now()
    space = get_object_or_404(Space.objects.filter(venue__is_in_use=True).select_related("venue"), pk=pk)
    with translation.override("sv"):
        return _calendar(request, str(space), feeds.times_of_space(space, at), at, cache="public, max-age=300")


def _calendar(request: HttpRequest, name: str, entries: Sequence[Entry], at: datetime, *, cache: str) -> HttpResponseBase:
    """304 when the program has it already; what a calendar shows moves on each midnight."""
    tag, midnight = entity_tag(name, entries), opens_on(local_day(at))
    changed = int(max(last_changed(entries) or midnight, midnight).timestamp())
    answer = get_conditional_response(request, etag=tag, last_modified=changed)
    if answer is None:
        answer = HttpResponse(calendar_file(name, entries), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="kalender.ics"'
    answer["ETag"] = tag
    answer["Last-Modified"] = http_date(changed)
    answer["Cache-Control"] = cache
    answer["X-Robots-Tag"] = "noindex"
    return answer


# Addresses --------------------------------------------------------------------------------------------------------------------


@signed_in
@require_GET
def calendar_list(request: Request) -> HttpResponse:
    """The addresses of the association one acts for and one's own, and how to make them."""
    association = current_association(request)
    working = {feed.association_id: feed for feed in CalendarFeed.objects.visible_to(request.user).working()}
    context = {
        "association": association,
        "feed_of_association": working.get(association.pk) if association else None,
        "own_feed": working.get(None),
    }
    return render(request, "facilities/calendars/calendar_list.html", context)


@signed_in
@require_POST
def calendar_make(request: Request) -> HttpResponse:
    association = current_association(request) if request.POST.get("whose") == "association" else None
    try:
        feeds.make_feed(association, by=request.user, at=now())
        messages.success(request, _("The calendar has an address. Add it in your calendar program."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("facilities:calendar_list")


@signed_in
@require_http_methods(["GET", "POST"])
def calendar_renew(request: Request, pk: int) -> HttpResponse:
    """A new address, after a question: everybody who has the old one loses the calendar."""
    feed = _feed_or_404(request, pk)
    if request.method == "POST":
        feeds.renew_feed(feed, by=request.user, at=now())
        messages.success(request, _("The calendar has a new address. The old one no longer works."))
        return redirect("facilities:calendar_list")
    return _question(
        request,
        title=_("Change the address of the calendar?"),
        warning=_("Everybody who subscribes with the old address loses the calendar and has to be given the new one."),
        button=_("Change the address"),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def calendar_revoke(request: Request, pk: int) -> HttpResponse:
    """No address any more, after a question."""
    feed = _feed_or_404(request, pk)
    if request.method == "POST":
        feeds.revoke_feed(feed, by=request.user, at=now())
        messages.success(request, _("The calendar can no longer be subscribed to."))
        return redirect("facilities:calendar_list")
    return _question(
        request,
        title=_("Stop the subscription?"),
        warning=_("The address stops working for everybody who has it. You can make a new one later."),
        button=_("Stop the subscription"),
        tone="danger",
    )


def _feed_or_404(request: Request, pk: int) -> CalendarFeed:
    return get_object_or_404(CalendarFeed.objects.visible_to(request.user).working(), pk=pk)


def _question(request: Request, **context: Any) -> HttpResponse:
    return render(request, "confirm.html", {"cancel_url": reverse("facilities:calendar_list"), **context})
