"""Where an association's facts are kept: by those who report for it, or by an officer in its place."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request, needs, signed_in
from associations import actions
from associations.choices import YearStep
from associations.forms import AboutForm, Board, ContactForm, KeptForm, MembersForm, PersonForm, seats_from, seats_of
from associations.forms.facts import FactsForm
from associations.models import AgeBand, Association
from associations.permissions import may_change
from associations.views.page import association_or_404, form_page, home_of, refuse
from records.refusals import Refused


@signed_in
@require_http_methods(["GET", "POST"])
def contact(request: Request, pk: int) -> HttpResponse:
    return _facts(request, pk, ContactForm, title=_("Contact details"), step=YearStep.CONTACT)


@signed_in
@require_http_methods(["GET", "POST"])
def about(request: Request, pk: int) -> HttpResponse:
    return _facts(request, pk, AboutForm, title=_("About the association"))


@needs("associations.keep_register")
@require_http_methods(["GET", "POST"])
def kept(request: Request, pk: int) -> HttpResponse:
    return _facts(request, pk, KeptForm, title=_("Facts that officers keep"))


def _facts(
    request: Request, pk: int, form_class: Callable[..., FactsForm], *, title: str, step: YearStep | None = None
) -> HttpResponse:
    association, at = association_or_404(request, pk), now()
    form = form_class(association, request.POST or None)
    moved_on: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            _save_facts(association, form, step if "confirm" in request.POST else None, request, at)
        except actions.StalePage as stale:
            refuse(form, stale)
            moved_on = form.differences()
            form.renew(association)
        except Refused as refusal:
            refuse(form, refusal, "organisation_number" if refusal.code == "taken" else None)
        else:
            messages.success(request, _("Saved."))
            return redirect("associations:yearly", pk) if "confirm" in request.POST else redirect(home_of(request, association))
    return form_page(
        request,
        form,
        "associations/facts.html",
        title=title,
        association=association,
        back=home_of(request, association),
        may=may_change(request.user, association, localdate(at)),
        moved_on=moved_on,
        step=step,
        year=localdate(at).year,
    )


def _save_facts(association: Association, form: FactsForm, step: YearStep | None, request: Request, at: Any) -> None:
    day = localdate(at)
    facts, version = form.facts(day), form.cleaned_data["version"]
    actions.change_facts(association, facts=facts, version=version, by=request.user, at=at)
    if step:
        actions.confirm_step(association, year=day.year, step=step, by=request.user, at=at)


@signed_in
@require_http_methods(["GET", "POST"])
def board(request: Request, pk: int) -> HttpResponse:
    """The whole board on one page: change, add, end."""
    association, at = association_or_404(request, pk), now()
    day = localdate(at)
    running = list(association.board.not_over(day).in_order_of_role())
    rows = seats_from(running)
    seen, problem, moved_on = actions.fingerprint(running), "", False
    if request.method == "POST":
        formset = Board(_with_more_rows(request) if "add" in request.POST else request.POST)
        if "add" not in request.POST and formset.is_valid():
            try:
                actions.set_board(association, seats=seats_of(formset), seen=request.POST.get("seen", ""), by=request.user, at=at)
                if "confirm" in request.POST:
                    actions.confirm_step(association, year=day.year, step=YearStep.BOARD, by=request.user, at=at)
            except Refused as refusal:
                problem, moved_on = str(refusal), refusal.code == "stale"
            else:
                messages.success(request, _("The board is saved."))
                return redirect("associations:yearly" if "confirm" in request.POST else "associations:board", pk)
        seen = seen if moved_on else request.POST.get("seen", "")
    else:
        formset = Board(initial=rows)
        formset.extra = 0 if rows else 3
    context = {
        "association": association,
        "formset": formset,
        "seen": seen,
        "problem": problem,
        "running": running if moved_on else [],
        "may": may_change(request.user, association, day),
        "back": home_of(request, association),
        "year": day.year,
    }
    failed = problem or (request.method == "POST" and "add" not in request.POST)
    return render(request, "associations/board.html", context, status=409 if moved_on else 422 if failed else 200)


def _with_more_rows(request: Request) -> Any:
    """The typed rows and one more."""
    data = request.POST.copy()
    data["form-TOTAL_FORMS"] = str(min(int(data.get("form-TOTAL_FORMS") or 0) + 1, 60))
    return data


@signed_in
@require_http_methods(["GET", "POST"])
def members(request: Request, pk: int, year: int) -> HttpResponse:
    """Members in figures; with htmx the sums are counted while one types."""
    association, at = association_or_404(request, pk), now()
    day = localdate(at)
    figures = association.member_figures.filter(year=year).first()
    bands = list(AgeBand.objects.filter(in_use=True))
    form = MembersForm(bands, figures, request.POST or None, as_of=day)
    if request.htmx:
        return render(request, "associations/parts/member_sums.html", {"form": form})
    moved_on = False
    if request.method == "POST" and form.is_valid():
        try:
            actions.report_members(
                association,
                year=year,
                counts=form.counts(),
                active=form.cleaned_data["active"],
                as_of=form.cleaned_data["as_of"],
                version=form.cleaned_data["version"],
                confirm="confirm" in request.POST,
                by=request.user,
                at=at,
            )
        except actions.StalePage as stale:
            refuse(form, stale)
            moved_on = True
            form.renew(figures.version if figures else 0)
        except Refused as refusal:
            refuse(form, refusal, refusal.code)
        else:
            messages.success(request, _("The figures are confirmed.") if "confirm" in request.POST else _("The draft is saved."))
            return redirect("associations:yearly", pk)
    return form_page(
        request,
        form,
        "associations/members.html",
        association=association,
        year=year,
        figures=figures,
        earlier=None if figures else association.member_figures.filter(year__lt=year).with_totals().first(),
        back=home_of(request, association),
        may=may_change(request.user, association, day),
        moved_on=moved_on,
        yearly=year == day.year,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def people(request: Request, pk: int) -> HttpResponse:
    """Those who meet children, and whether their extracts hold."""
    association, at = association_or_404(request, pk), now()
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.list_person(association, **form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The person is on the list. Show the extract to an officer."))
            return redirect("associations:people", pk)
    return form_page(
        request,
        form,
        "associations/people.html",
        association=association,
        checks=association.record_checks.running().select_related("checked_by"),
        day=localdate(at),
        soon=localdate(at).replace(day=1),
        back=home_of(request, association),
        may=may_change(request.user, association, localdate(at)),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def person_end(request: Request, pk: int, check_pk: int) -> HttpResponse:
    association = association_or_404(request, pk)
    check = get_object_or_404(association.record_checks.running(), pk=check_pk)
    if request.method == "POST":
        try:
            actions.end_record_check(check, by=request.user, at=now())
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("%(name)s is no longer on the list.") % {"name": check.person})
        return redirect("associations:people", pk)
    context = {
        "title": _("Take %(name)s off the list?") % {"name": check.person},
        "lead": _("Do this when the person no longer meets children in the association."),
        "button": _("Take off the list"),
        "cancel_url": request.path.rsplit("/", 3)[0] + "/",
    }
    return render(request, "confirm.html", context)
