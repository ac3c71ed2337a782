"""Officers configure what can be applied for: schemes, their terms, and the calls."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import needs
from grants.actions import calls, schemes
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import CallStatus, CriterionKey, LateCountsFrom
from grants.forms.schemes import BaseLateSteps, CallForm, CloseForm, CriterionForm, LateStepFormSet, SchemeForm, plan_from
from grants.forms.terms import AttachmentFormSet, TermsForm, terms_from
from grants.models import Call, Scheme
from grants.views.public import shown
from grants.views.steps import received_at
from grants.views.workbench import workbench


@needs("grants.configure")
@require_GET
def scheme_list(request: HttpRequest) -> HttpResponse:
    """Every scheme with its newest version and its calls."""
    at = received_at(request)
    found = Scheme.objects.prefetch_related("versions__calls__late_steps", "versions__calls__version__scheme")
    rows = []
    for scheme in found:
        versions = sorted(scheme.versions.all(), key=lambda version: version.number)
        of_scheme = [call for version in versions for call in version.calls.all()]
        of_scheme.sort(key=lambda call: (call.opens_on, call.pk), reverse=True)
        rows.append(
            {"scheme": scheme, "version": versions[-1] if versions else None, "calls": [shown(call, at) for call in of_scheme]}
        )
    return render(request, "grants/scheme_list.html", {"rows": rows})


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def scheme_new(request: HttpRequest) -> HttpResponse:
    form = SchemeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        scheme = schemes.add_scheme(**form.cleaned_data, by=request.user, at=received_at(request))
        messages.success(request, _("The scheme is added. Write its questions and its calculation."))
        return redirect("grants:form_builder", scheme.pk)
    return render(request, "grants/scheme_form.html", {"form": form, "scheme": None}, status=422 if form.is_bound else 200)


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def scheme_describe(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = get_object_or_404(Scheme, pk=pk)
    now = {name: getattr(scheme, name) for name in ("name", "key", "purpose", "decided_by", "is_example")}
    form = SchemeForm(request.POST or None, initial=now, scheme=scheme)
    if request.method == "POST" and form.is_valid():
        changed = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        schemes.describe_scheme(scheme, **changed, by=request.user, at=received_at(request))
        messages.success(request, _("Saved."))
        return redirect("grants:scheme_list")
    return render(request, "grants/scheme_form.html", {"form": form, "scheme": scheme}, status=422 if form.is_bound else 200)


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def version_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Attachments, aims and requirements of the terms that are being prepared; they begin as a copy of the newest."""
    bench = workbench(pk)
    version = bench.version
    data = request.POST if request.method == "POST" else None
    first = {
        "valid_from": version.valid_from,
        "aims": "\n".join(aim["label"] for aim in version.aims),
        "requirements": version.requirements,
        "calculation_is_example": version.calculation_is_example,
    }
    form = TermsForm(data, initial=first)
    attachments = AttachmentFormSet(data, initial=version.attachments, prefix="a")
    if data is not None and form.is_valid() & attachments.is_valid():
        schemes.write_version(bench.scheme, terms_from(form, attachments, version), by=request.user, at=received_at(request))
        messages.success(request, _("Saved."))
        return redirect("grants:version_write", pk)
    context = bench.context("version_write", form=form, attachments=attachments)
    return render(request, "grants/version_form.html", context, status=422 if data is not None else 200)


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def call_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A new call, on the version of the scheme that holds on the day it opens."""
    scheme = get_object_or_404(Scheme, pk=pk)
    if not scheme.versions.exists():
        messages.warning(request, _("Write the terms of the scheme first."))
        return redirect("grants:form_builder", pk)
    return _call_page(request, scheme, None)


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def call_change(request: HttpRequest, pk: int) -> HttpResponse:
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("version__scheme"), pk=pk)
    if call.status != CallStatus.DRAFT:
        return redirect("grants:call_manage", pk)
    return _call_page(request, call.version.scheme, call)


def _call_page(request: HttpRequest, scheme: Scheme, call: Call | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    plan = calls.plan_of(call) if call else None
    form = CallForm(data, initial=_first(plan))
    steps = cast(BaseLateSteps, LateStepFormSet(data, prefix="s", initial=_steps(plan)))
    criteria = [CriterionForm(data, prefix=key, key=key, initial=_criterion(plan, key)) for key in CriterionKey.values]
    everything: list[Any] = [form, steps, *criteria]
    if data is not None and all([each.is_valid() for each in everything]):  # noqa: C419 - every form says what is wrong
        try:
            kept = _kept(request, scheme, call, plan_from(form, steps, criteria))
        except NotComplete as refused:
            form.add_error("opens_on", list(refused.missing))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
            return redirect("grants:scheme_list")
        else:
            messages.success(request, _("The call is saved. Look it through and publish it."))
            return redirect("grants:call_manage", kept.pk)
    context = {
        "form": form,
        "steps": steps,
        "criteria": criteria,
        "everything": everything,
        "scheme": scheme,
        "call": call,
    }
    return render(request, "grants/call_form.html", context, status=422 if data is not None else 200)


def _kept(request: HttpRequest, scheme: Scheme, call: Call | None, plan: calls.CallPlan) -> Call:
    at = received_at(request)
    if call is None:
        return calls.plan_in(scheme, plan, by=request.user, at=at)
    return calls.change_call(call, plan, by=request.user, at=at)


def _first(plan: calls.CallPlan | None) -> dict[str, Any]:
    if plan is None:
        return {
            "grant_year": localdate().year,
            "late_counts_from": LateCountsFrom.COMPLETENESS,
            "max_per_association": 1,
            "assessors_needed": 1,
        }
    names = [name for name in CallForm.base_fields if name != "instalment_shares"]
    shares = ", ".join(map(str, plan.instalment_shares))
    return {name: getattr(plan, name) for name in names} | {"instalment_shares": shares}


def _steps(plan: calls.CallPlan | None) -> list[dict[str, Any]]:
    rows = plan.late_steps if plan else ()
    return [{"from_day": step.from_day, "to_day": step.to_day, "percent": int(step.percent)} for step in rows]


def _criterion(plan: calls.CallPlan | None, key: str) -> dict[str, Any]:
    row = next((row for row in plan.criteria if row.key == key), None) if plan else None
    if row is None:
        return {"weight": 0 if plan else None}
    levels = {f"level{level}": text for level, text in enumerate(row.anchors)}
    return {"weight": row.weight, "threshold": row.threshold, **levels}


@needs("grants.configure")
@require_GET
def call_manage(request: HttpRequest, pk: int) -> HttpResponse:
    """One call for those who configure it: what publishing needs, and what can be done."""
    found = get_object_or_404(Call.objects.visible_to(request.user).select_related("version__scheme"), pk=pk)
    needs_first = calls.what_publishing_needs(found) if found.status == CallStatus.DRAFT else []
    prepared = found.version.scheme.versions.filter(published_at=None).exclude(pk=found.version_id).first()
    has_pot = any(part["kind"] == "pot_share" for part in found.version.parts)
    context = {
        "call": found,
        "row": shown(found, received_at(request)),
        "needs": needs_first,
        "has_pot": has_pot,
        "prepared": prepared if found.status == CallStatus.DRAFT else None,
    }
    return render(request, "grants/call_manage.html", context)


@needs("grants.configure")
@require_POST
def call_publish(request: HttpRequest, pk: int) -> HttpResponse:
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    try:
        calls.publish_call(call, by=request.user, at=received_at(request))
    except NotComplete as refused:
        messages.error(request, " ".join(refused.missing))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("The call is published. Its terms are fixed."))
    return redirect("grants:call_manage", pk)


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def call_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a call before its time (Case 6)."""
    call = get_object_or_404(Call.objects.visible_to(request.user), pk=pk)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            calls.close_call(call, reason=form.cleaned_data["reason"], by=request.user, at=received_at(request))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The call is closed. Nothing more is taken in."))
        return redirect("grants:call_manage", pk)
    context = {
        "title": _("Close the call"),
        "lead": call.title,
        "warning": _("What reaches us from now on is refused. This cannot be undone. You can give an association an extension."),
        "form": form,
        "button": _("Close the call"),
        "tone": "danger",
        "cancel_url": reverse("grants:call_manage", args=[pk]),
    }
    return render(request, "confirm.html", context, status=422 if form.is_bound else 200)


@needs("grants.configure")
@require_POST
def call_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The same call a year later, in one press."""
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("version__scheme"), pk=pk)
    try:
        copy = calls.copy_to_next_year(call, by=request.user, at=received_at(request))
    except NotComplete as refused:
        messages.error(request, " ".join(refused.missing))
        return redirect("grants:call_manage", pk)
    messages.success(request, _("The call is copied to next year. Check the dates and publish it."))
    return redirect("grants:call_change", copy.pk)
