"""The assessors' desk: one assessment, conflicts of interest."""

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.choices import Role
from accounts.permissions import for_roles
from grants.actions import assessments, conflicts
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import AssessmentStatus
from grants.evidence import Evidence, evidence_for
from grants.forms.assessment import AssessmentForm, ReasonForm, level_name, reason_name
from grants.models import Application, Assessment, Conflict, Proposal, aggregate_of
from grants.permissions.assessing import may_assess
from grants.rules.questions import form_from_json
from grants.views.assessment_list import blind_label, seen_by
from grants.views.doors import DESK, handled, of_handled, stop_if_interested
from grants.wording import shown_sections


@for_roles(Role.OFFICER)
@require_http_methods(["GET", "POST"])
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Assess one application: levels beside what the register says. Saved while one types; done with one press."""
    user: Any = request.user
    application = handled(request, pk, seen_by(user))
    mine = application.assessments.filter(assessor=user).exclude(status=AssessmentStatus.VOIDED).first()
    if request.method == "POST":
        return _write(request, application)
    if mine is None and not (answer := may_assess(request.user, application)):
        messages.info(request, str(answer.reason))
    initial = AssessmentForm.typed_in(mine) if mine else {}
    form = AssessmentForm(application.call.criteria.all(), initial=initial)
    return _page(request, application, form, mine)


def _write(request: HttpRequest, application: Application) -> HttpResponse:
    form = AssessmentForm(application.call.criteria.all(), request.POST)
    by_itself = request.headers.get("X-Autosave") == "yes"
    if not form.is_valid():
        return _page(request, application, form, None, status=422)
    at = now()
    try:
        mine = assessments.start(application, by=request.user, at=at)
        comment = form.cleaned_data["q-comment"]
        mine = assessments.save(mine, scores=form.given(), comment=comment, by=request.user, at=at)
        if "done" in request.POST:
            assessments.finish(mine, by=request.user, at=at)
    except NotComplete as refused:
        form.add_error(None, list(refused.missing))
        return _page(request, application, form, None, status=422)
    except NotAllowedNow as refused:
        if by_itself:
            return JsonResponse({"problem": str(refused)}, status=409)
        form.add_error(None, str(refused))
        return _page(request, application, form, None, status=409)
    if by_itself:
        return JsonResponse({"edition": 0})
    messages.success(request, _("Your assessment is done.") if "done" in request.POST else _("Your assessment is saved."))
    return redirect("grants:assessment_list") if "done" in request.POST else redirect("grants:assessment", application.pk)


def _page(
    request: HttpRequest, application: Application, form: AssessmentForm, mine: Assessment | None, status: int = 200
) -> HttpResponse:
    user: Any = request.user
    blind = Application.objects.blind_to(user).filter(pk=application.pk).exists()
    shown = Application.objects.showing_aggregate_to(user).filter(pk=application.pk).exists()
    others = Assessment.objects.visible_to(user).filter(application=application).exclude(assessor=user)
    mine = mine or application.assessments.filter(assessor=user).first()
    context = {
        "application": application,
        "name": blind_label(application) if blind else application.association.name,
        "blind": blind,
        "form": form,
        "mine": mine,
        "is_done": mine is not None and mine.status == AssessmentStatus.DONE,
        "answer": may_assess(request.user, application),
        "criteria": _criteria(form, evidence_for(application, exact=user.has_role(Role.OFFICER))),
        "sections": _sections(application, blind),
        "aggregate": aggregate_of(application) if shown else None,
        "others": others.select_related("assessor").prefetch_related("scores"),
    }
    return render(request, "grants/decide/assessment.html", context, status=status)


def _criteria(form: AssessmentForm, evidence: dict[str, list[Evidence]]) -> list[dict[str, Any]]:
    return [
        {
            "criterion": criterion,
            "level": form[level_name(criterion.key)],
            "reason": form[reason_name(criterion.key)],
            "evidence": evidence.get(criterion.key, []),
        }
        for criterion in form.criteria
    ]


def _sections(application: Application, blind: bool) -> Sequence[Any]:
    """The application's answers; in a blind call with the association's name taken out of them."""
    sections = shown_sections(form_from_json(application.version.form), application.answers)
    if not blind:
        return sections
    return [
        {
            "title": section.title,
            "answers": [
                {"question": answer.question, "text": without_names(answer.text, application)} for answer in section.answers
            ],
        }
        for section in sections
    ]


def without_names(text: str, application: Application) -> str:
    """*text* without the association's name, number, address and people: what a blind assessor may read."""
    association = application.association
    known = [association.name, association.organisation_number, association.number_with_hyphen, association.email]
    known += [association.website, association.phone, association.street]
    known += list(association.board.values_list("name", flat=True))
    for word in sorted({word for word in known if len(word) > 3}, key=len, reverse=True):
        text = re.sub(re.escape(word), "[…]", text, flags=re.IGNORECASE)
    return text


@for_roles(Role.OFFICER)
@require_POST
def assessment_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    application = handled(request, pk, seen_by(request.user))
    mine = get_object_or_404(application.assessments.all(), assessor__pk=request.user.pk)
    try:
        assessments.reopen(mine, by=request.user, at=now())
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    return redirect("grants:assessment", application.pk)


@for_roles(*DESK)
@require_GET
def assessment_of_another(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else's assessment: 403 until one's own is done (Case 28)."""
    found = get_object_or_404(Assessment.objects.select_related("application__call", "assessor"), pk=pk)
    stop_if_interested(request, found.application_id)
    if not seen_by(request.user).filter(pk=found.application_id).exists():
        raise Http404
    if not Assessment.objects.visible_to(request.user).filter(pk=pk).exists():
        raise PermissionDenied(_("You see what the others have written when your own assessment is done."))
    blind = Application.objects.blind_to(request.user).filter(pk=found.application_id).exists()
    name = blind_label(found.application) if blind else found.application.association.name
    return render(request, "grants/decide/assessment_of_another.html", {"assessment": found, "name": name})


@for_roles(*DESK, Role.COMMITTEE_MEMBER)
@require_http_methods(["GET", "POST"])
def conflict_declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Step out of a case oneself; after that one does not see it."""
    application = handled(request, pk, _may_step_out_of(request.user))
    form = ReasonForm(request.POST or None, label=_("Why do you have a conflict of interest?"))
    if request.method == "POST" and form.is_valid():
        conflicts.declare(application, reason=form.cleaned_data["reason"], by=request.user, at=now())
        messages.success(request, _("You have stepped out of the case. It is no longer shown to you."))
        return redirect("home")
    blind = Application.objects.blind_to(request.user).filter(pk=application.pk).exists()
    name = blind_label(application) if blind else application.association.name
    context = {"application": application, "form": form, "name": name}
    return render(request, "grants/decide/conflict_declare.html", context, status=422 if form.errors else 200)


def _may_step_out_of(user: Any) -> QuerySet[Application]:
    """What one handles or assesses, and for committee members what stands on a list."""
    seen = Q(pk__in=seen_by(user).values("pk"))
    listed = Proposal.objects.visible_to(user).filter(meeting__isnull=False).values("application")
    return Application.objects.filter(seen | Q(pk__in=listed))


@for_roles(Role.OFFICER, Role.DECISION_MAKER)
@require_http_methods(["GET", "POST"])
def conflict_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody else back into a case, with a reason."""
    rows = Conflict.objects.filter(application__in=Application.objects.for_casework_by(request.user)).select_related(
        "application__association", "application__call", "user"
    )
    conflict = of_handled(request, rows, pk)
    form = ReasonForm(request.POST or None, label=_("Why is there no conflict of interest?"))
    if request.method == "POST" and form.is_valid():
        try:
            conflicts.step_back_in(conflict, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except NotAllowedNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The person sees the case again and can take part in it."))
            return redirect("grants:assessment_list")
    return render(
        request, "grants/decide/conflict_lift.html", {"conflict": conflict, "form": form}, status=422 if form.errors else 200
    )
