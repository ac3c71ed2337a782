"""Versions of a scheme: tried on earlier applications, compared, published from a day, taken out as a file and read in."""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import needs, signed_in
from grants.actions import pots, preview, versions
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.calculation_words import shown_lines
from grants.choices import CallStatus
from grants.file_words import problem_text
from grants.forms.versions import FileForm, PublishForm
from grants.models import Application, Call, Scheme, SchemeVersion
from grants.part_words import shown_parts
from grants.rules.parts_json import parts_from_json
from grants.rules.questions import form_from_json, questions_of
from grants.rules.scheme_file import FileNotReadable
from grants.rules.version_changes import VersionChange
from grants.rules.weaknesses import weaknesses
from grants.views.steps import received_at
from grants.views.workbench import Workbench, workbench
from grants.weakness_words import shown_weaknesses

SHOWN = 200  # applications with their lines on one page


@needs("grants.configure")
@require_GET
def version_try(request: HttpRequest, pk: int) -> HttpResponse:
    """Who would gain and who would lose, on the applications of an earlier year."""
    bench = workbench(pk)
    years = preview.years_of(bench.scheme)
    asked = request.GET.get("ar", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else next(iter(years), None)
    trial = None
    if year and bench.parts:
        trial = preview.try_on(bench.scheme, bench.parts, year, user=request.user, at=received_at(request), names=bench.names)
    rows = [(row, shown_lines(row.after.lines)) for row in trial.rows[:SHOWN]] if trial else []
    found = shown_weaknesses(weaknesses(bench.parts), bench.names)
    context = {"years": years, "year": year, "trial": trial, "rows": rows, "weaknesses": found}
    return render(request, "grants/schemes/version_try.html", bench.context("version_try", **context))


@needs("grants.configure")
@require_GET
def version_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions beside each other: what was added, taken away and changed."""
    bench = workbench(pk)
    known = {version.number: version for version in bench.scheme.versions.order_by("number")}
    numbers = list(known)
    first = _chosen(request.GET.get("fran", ""), numbers, numbers[-2] if len(numbers) > 1 else None)
    second = _chosen(request.GET.get("till", ""), numbers, numbers[-1] if len(numbers) > 1 else None)
    context: dict[str, Any] = {"known": known.values(), "first": first, "second": second, "change": None}
    if first is not None and second is not None:
        before, after = known[first], known[second]
        change = versions.change_between(before, after)
        context |= {"change": change, "before": before, "after": after, **_in_words(bench, before, after, change)}
    return render(request, "grants/schemes/version_compare.html", bench.context("version_compare", **context))


def _chosen(text: str, known: list[int], usual: int | None) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 and int(text) in known else usual


def _in_words(bench: Workbench, before: SchemeVersion, after: SchemeVersion, change: VersionChange) -> dict[str, Any]:
    old, new = (_texts(bench, version) for version in (before, after))
    parts = [("" if row.before is None else old[row.before], "" if row.after is None else new[row.after]) for row in change.parts]
    was, now = (
        {question.key: question.label for question in questions_of(form_from_json(each.form))} for each in (before, after)
    )
    form = change.form
    return {
        "part_rows": parts,
        "added": [now[key] for key in form.added],
        "dropped": [was[key] for key in form.dropped],
        "reworded": [(was[key], now[key]) for key in form.reworded],
    }


def _texts(bench: Workbench, version: SchemeVersion) -> list[str]:
    names = Workbench(bench.scheme, version, form_from_json(version.form), parts_from_json(version.parts)).names
    return [text for _name, text in shown_parts(parts_from_json(version.parts), names)]


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def version_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix the version that is being prepared, from a day; what was found in its calculation is said once more."""
    bench = workbench(pk)
    found = shown_weaknesses(weaknesses(bench.parts), bench.names)
    data = request.POST if request.method == "POST" else None
    warned = any(row.is_warning and not row.blocks for row in found)
    form = PublishForm(data, initial={"valid_from": bench.version.valid_from}, asks=warned)
    if data is not None and form.is_valid():
        try:
            version = versions.publish_version(
                bench.scheme, valid_from=form.cleaned_data["valid_from"], by=request.user, at=received_at(request)
            )
        except NotComplete as refused:
            messages.error(request, " ".join(refused.missing))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("Version %d is published and fixed. Plan a call on it.") % version.number)
        return redirect("grants:version_publish", pk)
    is_new = bench.version.pk is not None and bench.version.published_at is None
    context = {
        "form": form,
        "weaknesses": found,
        "needs": versions.what_publishing_needs(bench.version) if is_new else [],
        "is_new": is_new,
        "rows": shown_parts(bench.parts, bench.names),
        "history": bench.scheme.versions.order_by("-number"),
        "open_calls": _calls_to_mend(bench.scheme, received_at(request)),
        "quiet": True,
    }
    page = bench.context("version_publish", **context)
    return render(request, "grants/schemes/version_publish.html", page, status=422 if form.is_bound else 200)


def _calls_to_mend(scheme: Scheme, at: datetime) -> list[Call]:
    """Calls that still take in applications, or will, with an older form than the newest that is published."""
    last = scheme.versions.exclude(published_at=None).aggregate(last=Max("number"))["last"] or 0
    rows = Call.objects.filter(version__scheme=scheme, status=CallStatus.PUBLISHED).select_related("version", "mended")
    still_open = rows.filter(Q(refuses_at=None) | Q(refuses_at__gt=at))
    return [call for call in still_open if call.form_version.number < last]


@needs("grants.configure")
@require_GET
def scheme_export(request: HttpRequest, pk: int) -> HttpResponse:
    """One readable file with the version that is asked for, else the newest."""
    scheme = get_object_or_404(Scheme, pk=pk)
    number = request.GET.get("version", "")
    rows = scheme.versions.select_related("scheme").order_by("-number")
    found = rows.filter(number=int(number)).first() if number.isdecimal() and len(number) < 5 else rows.first()
    version = found or get_object_or_404(rows, pk=0)
    text = json.dumps(versions.file_of(version), ensure_ascii=False, indent=2) + "\n"
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{scheme.key}-{version.number}.json"'
    return response


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def scheme_import(request: HttpRequest) -> HttpResponse:
    """Read a file in: it becomes a version that is being prepared. Every fault is told with its path."""
    data = request.POST if request.method == "POST" else None
    form = FileForm(data, request.FILES or None)
    problems: list[tuple[str, str]] = []
    if data is not None and form.is_valid():
        try:
            version = versions.take_in(versions.read_file(form.cleaned_data["file"]), by=request.user, at=received_at(request))
        except FileNotReadable as wrong:
            problems = [(each.path, problem_text(each.code)) for each in wrong.problems]
        else:
            messages.success(
                request, _("The file is read in as a version that is being prepared. Look at it before you publish.")
            )
            return redirect("grants:calculation", version.scheme_id)
    context = {"form": form, "problems": problems}
    return render(request, "grants/schemes/scheme_import.html", context, status=422 if form.is_bound else 200)


@needs("grants.configure")
@require_POST
def call_mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a published call use the form of the scheme's newest published version (Case 16)."""
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("version__scheme"), pk=pk)
    newest = call.version.scheme.versions.exclude(published_at=None).order_by("-number").first() or call.version
    try:
        versions.mend_form(call, newest, by=request.user, at=received_at(request))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("The call uses the mended form. Open drafts are offered it; what is handed in stays."))
    return redirect("grants:version_publish", call.version.scheme_id)


@signed_in
@require_http_methods(["GET", "POST"])
def draft_move(request: HttpRequest, pk: int) -> HttpResponse:
    """The applicant's choice: put the draft on the mended form, having seen what comes and goes (Case 16)."""
    rows = Application.objects.spoken_for_by(request.user).select_related("call__version", "call__mended", "mended")
    application = get_object_or_404(rows, pk=pk)
    offered = application.call.form_version
    if not application.is_draft or offered == application.version:
        return redirect("grants:application", pk)
    if request.method == "POST":
        try:
            versions.move_to_mended(application, by=request.user, at=received_at(request))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The application now has the mended form. Look through your answers."))
        return redirect("grants:application", pk)
    change = versions.change_between(application.version, offered)
    was, now = (
        {question.key: question.label for question in questions_of(form_from_json(each.form))}
        for each in (application.version, offered)
    )
    context = {
        "application": application,
        "added": [now[key] for key in change.form.added],
        "dropped": [(was[key], bool(application.answers.get(key))) for key in change.form.dropped],
        "reworded": [now[key] for key in change.form.reworded],
    }
    return render(request, "grants/schemes/draft_move.html", context)


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def call_pot(request: HttpRequest, pk: int) -> HttpResponse:
    """The pot of a call: what everybody claims, what the sharing would give, and the sharing itself."""
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("version__scheme"), pk=pk)
    if request.method == "POST":
        try:
            pots.share_out(call, by=request.user, at=received_at(request))
        except NotComplete as refused:
            messages.error(request, " ".join(refused.missing))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The pot is shared out. The amounts of the applications count with it."))
        return redirect("grants:call_pot", pk)
    found = pots.claims_in(call)
    shares = found.pot.shares if found.pot else {}
    context = {
        "call": call,
        "has_pot": pots.pot_part(parts_from_json(call.version.parts)) is not None,
        "pot": found.pot,
        "rows": [(each, claim, shares.get(each.pk)) for each, claim in found.claims.items()],
        "uncounted": found.uncounted,
        "last": call.pots.select_related("shared_by").last(),
    }
    return render(request, "grants/schemes/call_pot.html", context)
