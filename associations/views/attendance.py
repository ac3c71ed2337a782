"""Attendance: the association's own overview, the card of a group on a phone, and its sessions."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Request, signed_in
from associations import actions
from associations.attending import halves_with_sessions
from associations.cards import Card, card_of, typed, usual_time
from associations.forms.attendance import CardForm, NamelessFormSet, RemoveForm, SessionForm, WhenForm, nameless_from
from associations.models import ActivityGroup, ActivitySession, Association
from associations.permissions import may_mark
from associations.rules.attendance import half_of
from associations.views.page import association_or_404, refuse
from records import spreadsheets
from records.refusals import Refused
from records.values import parse_clock, parse_day

PER_PAGE = 50


def own_or_404(request: Request, pk: int) -> Association:
    """An association this person speaks for. Nobody else opens a card, officers neither."""
    return get_object_or_404(Association.objects.spoken_for_by(request.user), pk=pk)


@signed_in
@require_GET
def attendance(request: Request, pk: int) -> HttpResponse:
    """Groups to mark, the latest sessions, files and figures. Officers are led to the figures: they open no cards."""
    association, day = association_or_404(request, pk), localdate()
    if not Association.objects.spoken_for_by(request.user).filter(pk=pk).exists():
        half = next(iter(halves_with_sessions(association)), half_of(day))
        return redirect("associations:half_year", pk, half.year, half.number)
    groups = list(association.groups.running().in_swedish_order())
    order = sorted(groups, key=lambda group: usual_time(group, day)[0] != day or group.weekday is None)
    context = {
        "association": association,
        "groups": order,
        "today": day.weekday(),
        "sessions": _listed(association)[:5],
        "halves": halves_with_sessions(association),
        "may": may_mark(request.user, association, day),
    }
    return render(request, "associations/attendance.html", context)


def _listed(association: Association) -> Any:
    return association.sessions.select_related("group").order_by("-day", "-starts", "-pk")


@signed_in
@require_http_methods(["GET", "POST"])
def card(request: Request, pk: int, group_pk: int) -> HttpResponse:
    """The card: last time's group filled in, one press to save. A script sends again what a lost connection kept back."""
    association, at = own_or_404(request, pk), now()
    group = get_object_or_404(association.groups, pk=group_pk)
    day, starts = _when(request, group, localdate(at))
    shown = card_of(group, day, starts)
    form = CardForm(request.POST or None, initial={"minutes": shown.minutes, "kind": _kind(shown)})
    nameless = NamelessFormSet(request.POST or None, prefix="n", initial=_nameless(shown))
    if request.method == "POST":
        if form.is_valid() and nameless.is_valid():
            try:
                session = _save(request, shown, form, nameless, at)
            except Refused as refusal:
                refuse(form, refusal, refusal.code)
            else:
                return _saved(request, association, session)
        if _by_script(request):
            return JsonResponse({"problem": _problem(form, nameless)}, status=422)
        _as_typed(request, shown)
    context = {
        "association": association,
        "group": group,
        "card": shown,
        "shown": request.POST.get("shown", shown.shown),
        "form": form,
        "nameless": nameless,
        "when": WhenForm(initial={"dag": day, "tid": starts}),
        "may": may_mark(request.user, association, localdate(at)),
        "ahead": day > localdate(at),
    }
    return render(request, "associations/card.html", context, status=422 if form.errors or nameless.is_bound else 200)


def _when(request: Request, group: ActivityGroup, today: date) -> tuple[date, time]:
    """The day and time in the address; what cannot be read is the usual."""
    day, starts = usual_time(group, today)
    said = request.POST if request.method == "POST" else request.GET
    try:
        return parse_day(said.get("dag", "")) if said.get("dag") else day, parse_clock(said["tid"]) if said.get("tid") else starts
    except ValueError:
        return day, starts


def _kind(card: Card) -> str:
    known = card.session or card.prefilled
    return known.kind if known else "training"


def _nameless(card: Card) -> list[dict[str, Any]]:
    return [{"born": each.born, "sex": each.sex, "number": each.number, "leads": each.leader} for each in card.anonymous]


def _save(request: Request, card: Card, form: CardForm, nameless: Any, at: datetime) -> ActivitySession:
    said = typed(request.POST.get("shown", ""), request.POST)
    people = nameless_from(nameless)
    return actions.mark(
        card.group,
        day=card.day,
        starts=card.starts,
        minutes=form.cleaned_data["minutes"],
        kind=form.cleaned_data["kind"],
        changes=said.changes,
        first=said.whole,
        disabled=said.disabled,
        anonymous=people if nameless.has_changed() or card.session is None else None,
        by=request.user,
        at=at,
    )


def _saved(request: Request, association: Association, session: ActivitySession) -> HttpResponse:
    told = _("The attendance of %(group)s is saved: %(here)s participants and %(led)s leaders.") % {
        "group": session.group,
        "here": session.everyone,
        "led": session.everyone_led,
    }
    url = reverse("associations:attendance", args=[association.pk])
    if _by_script(request):
        if "quiet" not in request.POST:
            messages.success(request, told)
        return JsonResponse({"saved": told, "url": url})
    messages.success(request, told)
    return redirect(url)


def _by_script(request: Request) -> bool:
    return request.headers.get("X-Card") == "yes"


def _problem(form: CardForm, nameless: Any) -> str:
    sentences = [str(error) for errors in form.errors.values() for error in errors]
    sentences += [str(error) for row in nameless.errors for errors in row.values() for error in errors]
    return " ".join(sentences)


def _as_typed(request: Request, card: Card) -> None:
    """Show the card as it was filled in."""
    whole = typed(",".join([request.POST.get("shown", ""), card.shown]), request.POST)
    for row in card.rows:
        row.mark = whole.whole.get(row.person.pk, row.mark)
        row.disabled = whole.disabled.get(row.person.pk, False)


@signed_in
@require_GET
def session_list(request: Request, pk: int) -> HttpResponse:
    association = own_or_404(request, pk)
    page = Paginator(_listed(association), PER_PAGE).get_page(request.GET.get("page"))
    may = may_mark(request.user, association, localdate())
    return render(request, "associations/session_list.html", {"association": association, "page": page, "may": may})


@signed_in
@require_GET
def session_export(request: Request, pk: int, suffix: str) -> HttpResponse:
    """The sessions as a file, in figures: no names."""
    association = own_or_404(request, pk)
    headings = [_("Day"), _("Begins at"), _("Minutes"), _("Group"), _("Kind"), _("Participants"), _("Leaders")]
    rows = [
        (
            each.day,
            f"{each.starts:%H.%M}",
            each.minutes,
            each.group.name,
            each.get_kind_display(),
            each.everyone,
            each.everyone_led,
        )
        for each in _listed(association)
    ]
    kind = spreadsheets.CSV if suffix == "csv" else spreadsheets.XLSX
    return spreadsheets.download(kind, name=f"narvaro-{association.organisation_number}", headings=headings, rows=rows)


@signed_in
@require_http_methods(["GET", "POST"])
def session_change(request: Request, pk: int, session_pk: int) -> HttpResponse:
    """Another day, time, length or kind; or take the session away."""
    association, at = own_or_404(request, pk), now()
    session = get_object_or_404(association.sessions.select_related("group"), pk=session_pk)
    known = {"day": session.day, "starts": session.starts, "minutes": session.minutes, "kind": session.kind}
    taking_away = "remove" in request.POST
    form = SessionForm(request.POST if request.method == "POST" and not taking_away else None, initial=known)
    reason = RemoveForm(request.POST if taking_away else None)
    if request.method == "POST" and (reason if taking_away else form).is_valid():
        try:
            if taking_away:
                actions.remove_session(session, reason=reason.cleaned_data["reason"], by=request.user, at=at)
                messages.success(request, _("The session is taken away."))
            else:
                actions.change_session(session, **form.cleaned_data, by=request.user, at=at)
                messages.success(request, _("Saved."))
        except Refused as refusal:
            refuse(reason if taking_away else form, refusal, refusal.code)
        else:
            return redirect("associations:session_list", pk)
    context = {
        "association": association,
        "session": session,
        "form": form,
        "reason": reason,
        "may": may_mark(request.user, association, localdate(at)),
    }
    failed = form.errors or reason.errors
    return render(request, "associations/session.html", context, status=422 if failed else 200)
