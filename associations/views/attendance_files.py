"""A file of attendance: upload, look at what it would change and which rows are left out, confirm."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, signed_in
from associations import actions, tasks
from associations.attendance_words import held_by, read_so_far, shown_notes
from associations.choices import FileStatus
from associations.exchange.attendance_table import EXAMPLE, HEADINGS
from associations.forms.attendance import AttendanceFileForm
from associations.models import AttendanceImport
from associations.permissions import may_mark
from associations.views.attendance import own_or_404
from associations.views.page import form_page, refuse
from records import spreadsheets
from records.refusals import Refused

MOST_SHOWN = 200
ON_THEIR_WAY = (FileStatus.WAITING, FileStatus.READING, FileStatus.CONFIRMED, FileStatus.FAILED)


@signed_in
@require_http_methods(["GET", "POST"])
def attendance_file(request: Request, pk: int) -> HttpResponse:
    association, at = own_or_404(request, pk), now()
    form = AttendanceFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            kept = actions.hand_in_attendance(association, name=upload.name, file=upload.file, by=request.user, at=at)
        except Refused as refusal:
            refuse(form, refusal, "file")
        else:
            _ask_the_worker(kept)
            return redirect("associations:attendance_preview", pk, kept.pk)
    return form_page(
        request,
        form,
        "associations/attendance_file.html",
        association=association,
        earlier=association.attendance_imports.defer("content", "report").select_related("uploaded_by")[:10],
        may=may_mark(request.user, association, localdate(at)),
    )


def _ask_the_worker(kept: AttendanceImport) -> None:
    """After commit, of what waits for it; the sweep finds what the broker loses."""
    task = {FileStatus.WAITING: tasks.read_attendance, FileStatus.CONFIRMED: tasks.write_attendance}.get(FileStatus(kept.status))
    if task is not None:
        transaction.on_commit(partial(task.apply_async, [kept.pk], retry=False), robust=True)


@signed_in
@require_GET
def attendance_template(request: Request, pk: int, suffix: str) -> HttpResponse:
    """An empty table with the right headings and one row as an example."""
    own_or_404(request, pk)
    if suffix not in spreadsheets.FORMATS:
        raise Http404
    return spreadsheets.download(suffix, name="narvaro-mall", headings=HEADINGS, rows=[EXAMPLE])


@signed_in
@require_http_methods(["GET", "POST"])
def attendance_preview(request: Request, pk: int, import_pk: int) -> HttpResponse:
    """What the file held, what it would change, and each row that is left out; afterwards what it did.

    While the worker reads or writes, the page says how far it has come, and renews itself with and without script.
    """
    association, at = own_or_404(request, pk), now()
    kept = get_object_or_404(association.attendance_imports.defer("content"), pk=import_pk)
    if kept.status == FileStatus.DISCARDED:
        messages.info(request, _("The file has been thrown away."))
        return redirect("associations:attendance_file", pk)
    if request.method == "POST":
        try:
            kept = actions.confirm_attendance(kept, by=request.user, at=at)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            _ask_the_worker(kept)
            if kept.status == FileStatus.APPLIED:
                messages.success(request, _("The file is read in."))
        return redirect("associations:attendance_preview", pk, import_pk)
    if kept.status in ON_THEIR_WAY:
        context = {"association": association, "kept": kept, "waits": kept.status != FileStatus.FAILED}
        context["so_far"] = read_so_far(kept.progress)
        part = "parts/attendance_progress" if request.htmx else "attendance_progress"
        return render(request, f"associations/{part}.html", context)
    if request.htmx:  # it is done now: the whole page comes instead of the piece
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "associations/attendance_preview.html", {"association": association, **_told(kept)})


def _told(kept: AttendanceImport) -> dict[str, object]:
    notes = shown_notes([*kept.report["notes"], *kept.report.get("found_nothing", ())])
    refused = [note for note in notes if note.refused]
    remarks = [note for note in notes if not note.refused]
    plan = kept.report["plan"]
    return {
        "kept": kept,
        "held": held_by(kept.report),
        "plan": plan,
        "applied": kept.status == FileStatus.APPLIED,
        "changes_something": plan["new"] or plan["changed"] or plan["removed"],
        "refused": refused[:MOST_SHOWN],
        "refused_count": len(refused) + kept.report["more_refused"],
        "remarks": remarks[:MOST_SHOWN],
        "remarks_count": len(remarks) + kept.report["more_remarks"],
    }


@signed_in
@require_POST
def attendance_discard(request: Request, pk: int, import_pk: int) -> HttpResponse:
    association = own_or_404(request, pk)
    kept = get_object_or_404(association.attendance_imports.defer("content"), pk=import_pk)
    try:
        actions.discard_attendance(kept, by=request.user, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The file is thrown away. Nothing was changed."))
    return redirect("associations:attendance_file", pk)
