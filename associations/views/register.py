"""The officers' register: find, look at everything, decide, keep."""

from collections.abc import Callable
from functools import reduce
from operator import and_
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, needs, signed_in
from associations import actions, standing, year
from associations.choices import TRANSITIONS, AssociationStatus, MandateKind
from associations.exchange.writing import TYPES, register_file
from associations.forms import ReasonForm, RegisterFilter
from associations.models import Association, BankAccount, Mandate, YearlyConfirmation
from associations.models.association import AssociationQuerySet
from associations.permissions import may_handle, may_keep, signs
from associations.standing import CONFIRMED_STEPS
from associations.views.page import association_or_404, form_page, home_of, refuse
from records.refusals import Refused

PER_PAGE = 50
readers = needs("associations.read_register")
keepers = needs("associations.keep_register")


@readers
@require_GET
def association_list(request: Request) -> HttpResponse:
    form = RegisterFilter(request.GET)
    found = _found(request, form)
    page = Paginator(found.in_swedish_order(), PER_PAGE).get_page(request.GET.get("page"))
    questions = request.GET.copy()
    questions.pop("page", None)
    context = {"form": form, "page": page, "formats": list(TYPES), "questions": questions.urlencode()}
    return render(request, "associations/association_list.html", {**context, "may_keep": may_keep(request.user)})


@readers
@require_GET
def association_export(request: Request, suffix: str) -> HttpResponse:
    """The same associations as in the list, as a file."""
    if suffix not in TYPES:
        raise Http404
    found, day = _found(request, RegisterFilter(request.GET)).in_swedish_order(), localdate()
    headers = {"Content-Disposition": f'attachment; filename="foreningar-{day.isoformat()}.{suffix}"'}
    return HttpResponse(register_file(found, suffix, day), content_type=TYPES[suffix], headers=headers)


def _found(request: Request, form: RegisterFilter) -> AssociationQuerySet:
    found = Association.objects.visible_to(request.user).select_related("category", "activity", "area")
    return _narrowed(found, form.cleaned_data) if form.is_valid() else found


def _narrowed(found: AssociationQuerySet, wanted: dict[str, Any]) -> AssociationQuerySet:
    if wanted["q"]:
        digits = "".join(filter(str.isdigit, wanted["q"]))
        matches = Q(name__icontains=wanted["q"])
        found = found.filter(matches | Q(organisation_number__startswith=digits) if len(digits) > 3 else matches)
    for name in ("status", "category", "activity", "area"):
        if wanted[name]:
            found = found.filter(**{name: wanted[name]})
    return _lacking(found, wanted["lacks"]) if wanted["lacks"] else found


def _lacking(found: AssociationQuerySet, what: str) -> AssociationQuerySet:
    """Associations that lack something, by subqueries: the list stays one query."""
    day = localdate()
    here = {"association": OuterRef("pk")}
    if what == "category":
        return found.filter(category=None)
    if what == "account":
        return found.exclude(Exists(BankAccount.objects.payable().filter(**here)))
    if what == "signatory":
        return found.exclude(Exists(Mandate.objects.in_force(day).filter(kind=MandateKind.SIGNATORY, **here)))
    steps = [Exists(YearlyConfirmation.objects.filter(year=day.year, step=step, **here)) for step in sorted(CONFIRMED_STEPS)]
    return found.exclude(reduce(and_, steps))


@readers
@require_GET
def casework(request: Request, pk: int) -> HttpResponse:
    """Everything about one association on one page."""
    association, day = association_or_404(request, pk), localdate()
    found = standing.of(association, day)
    context = {
        "association": association,
        "standing": found,
        "left": year.requirement_rows(found, met=False),
        "met": year.requirement_rows(found, met=True),
        "overview": year.of(association, day),
        "slots": year.slots(association, day),
        "board": association.board.not_over(day).in_order_of_role(),
        "mandates": association.mandates.in_force(day).select_related("user").order_by("since", "pk"),
        "accounts": association.bank_accounts.select_related("verified_by", "evidence"),
        "figures": association.member_figures.with_totals()[:5],
        "checks": association.record_checks.running().select_related("checked_by"),
        "attendances": association.attendances.select_related("meeting").order_by("-meeting__held_on")[:5],
        "dispensations": association.dispensations.select_related("decided_by"),
        "may": may_handle(request.user, association, day),
        "may_keep": may_keep(request.user),
        "day": day,
    }
    return render(request, "associations/casework.html", context)


@keepers
@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    association = association_or_404(request, pk)
    try:
        actions.approve(association, by=request.user, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is registered, and a letter is on its way.") % {"name": association})
    return redirect("associations:casework", pk)


@keepers
@require_http_methods(["GET", "POST"])
def refuse_registration(request: Request, pk: int) -> HttpResponse:
    association = association_or_404(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse(association, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The registration is refused, and a letter with the reason is on its way."))
            return redirect("associations:casework", pk)
    return form_page(
        request,
        form,
        title=_("Refuse to register %(name)s") % {"name": association},
        button=_("Refuse"),
        tone="danger",
        back=reverse("associations:casework", args=[pk]),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def status_change(request: Request, pk: int, to: str) -> HttpResponse:
    """Let an association rest, take it up again, take it out of the register."""
    association = association_or_404(request, pk)
    if to not in TRANSITIONS[association.status] or to not in _VERBS:
        raise Http404
    act, title, lead, button = _VERBS[to]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(association, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Done."))
            return redirect(home_of(request, association))
    return form_page(
        request,
        form,
        title=title % {"name": association},
        lead=lead,
        button=button,
        tone="danger" if to == AssociationStatus.DISSOLVED else "",
        back=home_of(request, association),
        may=may_keep(request.user) or signs(request.user, association, localdate()),
    )


_VERBS: dict[str, tuple[Callable[..., Association], Any, Any, Any]] = {
    AssociationStatus.RESTING: (
        actions.rest,
        gettext_lazy("Let %(name)s rest?"),
        gettext_lazy("A resting association stays in the register but is not asked for anything and applies for nothing."),
        gettext_lazy("Let it rest"),
    ),
    AssociationStatus.DISSOLVED: (
        actions.dissolve,
        gettext_lazy("Take %(name)s out of the register?"),
        gettext_lazy("Do this when the association has been dissolved. What it owes can still be reported."),
        gettext_lazy("Take it out"),
    ),
    AssociationStatus.REGISTERED: (
        actions.wake,
        gettext_lazy("Take up %(name)s again?"),
        gettext_lazy("The association is active again, and is asked for this year's facts."),
        gettext_lazy("Take it up again"),
    ),
}
