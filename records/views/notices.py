"""The public notice board, and the secretary who posts on it."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from records import filing
from records.forms.notices import NoticeForm
from records.forms.register import ReasonForm
from records.models import Notice
from records.permissions import needs, public
from records.refusals import NotAllowedNow


@public
@require_safe
def notice_board(request: HttpRequest) -> HttpResponse:
    notices = Notice.objects.on_the_board()
    return render(request, "records/notice_board.html", {"notices": notices})


@public
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice that was taken down is gone for the public (410 with a word about it), and kept for the register."""
    found = get_object_or_404(Notice.objects.select_related("case"), pk=pk)
    if not Notice.objects.visible_to(request.user).filter(pk=pk).exists():
        return render(request, "records/notice_gone.html", status=410)
    return render(request, "records/notice.html", {"notice": found, "facts": _facts(found)})


def _facts(notice: Notice) -> list[tuple[str, str]]:
    facts: list[tuple[str, Any]] = [
        (_("Committee"), notice.committee),
        (_("Date of the meeting"), notice.meeting_on),
        (_("The minutes were adjusted"), notice.minutes_adjusted_on),
        (_("Posted"), notice.posted_at),
        (_("Last day to appeal"), notice.appeal_until),
        (_("Is taken down"), None if notice.taken_down_at else notice.take_down_on),
        (_("Taken down"), notice.taken_down_at),
        (_("The minutes are kept at"), notice.minutes_kept_at),
        (_("Contact"), notice.contact),
    ]
    return [(label, _shown(value)) for label, value in facts if value]


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        there = localtime(value)
        return _("%(day)s at %(clock)s") % {"day": date_format(there, "DATE_FORMAT"), "clock": f"{there:%H.%M}"}
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)


@needs("records.post_notice")
@require_http_methods(["GET", "POST"])
def notice_new(request: HttpRequest) -> HttpResponse:
    form = NoticeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            posted = filing.post_notice(at=now(), by=request.user, **form.cleaned_data)
        except NotAllowedNow as refusal:
            form.add_error("take_down_on" if refusal.code == "take_down_on" else None, str(refusal))
        else:
            messages.success(request, _("The notice is on the board."))
            return redirect(posted)
    return render(request, "records/notice_new.html", {"form": form}, status=422 if form.errors else 200)


@needs("records.post_notice")
@require_http_methods(["GET", "POST"])
def notice_take_down(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            filing.take_down(found, at=now(), by=request.user, reason=form.cleaned_data["reason"])
        except NotAllowedNow as moved_on:
            messages.warning(request, str(moved_on))
        else:
            messages.success(request, _("The notice is taken down."))
        return redirect(found)
    words = {
        "title": _("Take down the notice"),
        "lead": found.title,
        "warning": _("The notice comes down by itself on its day. A notice that is taken down cannot be put up again."),
        "button": _("Take it down"),
        "tone": "danger",
        "cancel_url": found.get_absolute_url(),
    }
    return render(request, "confirm.html", {"form": form, **words}, status=422 if form.errors else 200)
