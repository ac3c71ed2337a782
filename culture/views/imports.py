"""Files with schools and classes: looked at first, then exactly that is written. The file itself is never kept."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from culture import actions
from culture.actions.importing import MAX_TABLE
from culture.choices import ImportKind, ImportStatus, Organiser, SchoolKind, SchoolStatus
from culture.exchange.plan import Cell, Plan
from culture.exchange.reading import HEADINGS, MAX_BYTES
from culture.forms.offers import WhyForm, grade_choices
from culture.forms.schools import ImportForm
from culture.models import ClassGroup, School, SchoolImport, SchoolYear
from culture.rules.years import SchoolYear as Year
from culture.views.office import form_page, planners, refuse
from culture.views.voices import year_shown
from records.refusals import FileRefused, Refused
from records.spreadsheets import download

AROUND = 1_000_000  # bytes of a form around its file
_WORDS: dict[str, dict[str, Any]] = {
    "status": dict(SchoolStatus.choices),
    "organiser": dict(Organiser.choices),
    "kinds": dict(SchoolKind.choices),
}


class InMemory(MemoryFileUploadHandler):
    """Holds an upload in memory however large it is: a file that names pupils never touches the disk."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *more: Any) -> None:  # noqa: N803
        self.activated = content_length <= MAX_BYTES + AROUND


@csrf_exempt  # the token is checked inside, when it is settled where the file goes
@planners
@require_http_methods(["GET", "POST"])
def import_new(request: Request) -> HttpResponse:
    request.upload_handlers = [InMemory(request)]
    return _import_new(request)


@csrf_protect
def _import_new(request: Request) -> HttpResponse:
    years = SchoolYear.objects.order_by("-first")
    year = year_shown("", localdate())
    form = ImportForm(request.POST or None, request.FILES or None, years=years, initial={"year": year})
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + AROUND:
        form.add_error("file", _("The file is too large. It may be at most 100 MB."))
    if request.method == "POST" and form.is_valid():
        try:
            kept = _upload(request, form)
        except Refused as refusal:
            refuse(form, refusal, {"locked": "year"} if not isinstance(refusal, FileRefused) else {refusal.code: "file"})
        else:
            return redirect("culture:import_preview", kept.pk)
    earlier = SchoolImport.objects.defer("content").select_related("uploaded_by", "year")[:20]
    context = {"earlier": earlier, "headings": HEADINGS, "year": year}
    return form_page(request, form, "culture/office/import_new.html", **context)  # type: ignore[arg-type]


def _upload(request: Request, form: ImportForm) -> SchoolImport:
    typed, by, at = form.cleaned_data, request.user, now()
    file = typed["file"]
    if typed["kind"] == ImportKind.SCHOOL_UNITS:
        return actions.upload_school_units(file.read(MAX_BYTES + 1), by=by, at=at)[0]
    facts = {"year": typed["year"], "official": typed["official"], "by": by, "at": at}
    if typed["kind"] == ImportKind.SS12000:
        return actions.upload_ss12000(file, **facts)[0]
    return actions.upload_class_list(file.read(MAX_TABLE + 1), file.name, **facts)[0]


@planners
@require_http_methods(["GET", "POST"])
def import_preview(request: Request, pk: int) -> HttpResponse:
    """What the file would change, value by value, and which rows are left out and why."""
    kept = get_object_or_404(SchoolImport.objects.select_related("year", "school"), pk=pk)
    if kept.status != ImportStatus.PREVIEWED:
        return redirect("culture:import_new")
    asks = kept.official or bool(kept.year and kept.year.locked_at)
    hint = _("Needed when figures that were stated before are corrected.")
    form = WhyForm(request.POST or None, label=_("Why are the figures changed?"), hint=hint, required=False)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            facts = {"digest": request.POST.get("digest", ""), "reason": form.cleaned_data["reason"]}
            done = actions.apply_import(kept, by=request.user, at=now(), **facts)
        except Refused as refusal:
            status = 409
            beside = {"official": "reason", "no_reason": "reason", "locked": "reason", "personal_number": "reason"}
            refuse(form, refusal, beside if asks else None)
        else:
            told = _("Read in: %(new)s new and %(changed)s changed.") % {"new": done.new_rows, "changed": done.changed_rows}
            messages.success(request, told)
            return redirect("culture:kept_schools")
    plan = actions.look_again(kept)
    page = Paginator(plan.changes, 100).get_page(request.GET.get("page"))
    units = kept.kind == ImportKind.SCHOOL_UNITS
    shown = [(change, [_in_words(cell) if units else _of_grade(cell) for cell in change.cells]) for change in page]
    context = {
        "kept": kept,
        "plan": plan,
        "page": page,
        "shown": shown,
        "form": form,
        "asks": asks,
        "unmapped": _unmapped(plan, units),
    }
    return render(request, "culture/office/import_preview.html", context, status=status)


def _in_words(cell: Cell) -> Cell:
    """A value of the register as people read it."""
    label = str(School._meta.get_field(cell.name).verbose_name)  # type: ignore[union-attr]
    return Cell(label, _values(cell.name, cell.old), _values(cell.name, cell.new))


def _of_grade(cell: Cell) -> Cell:
    return Cell(_("Grade %(grade)s") % {"grade": cell.name}, cell.old, cell.new)


def _values(name: str, text: str) -> str:
    words = dict(grade_choices()) if name == "grades" else _WORDS.get(name)
    return ", ".join(str(words.get(part, part)) for part in text.split(", ")) if words and text else text


def _unmapped(plan: Plan, units: bool) -> int:
    """Schools that the file closes: what came after them is said by hand afterwards (case 36)."""
    return sum(change.row.get("status") == SchoolStatus.CLOSED and not change.is_new for change in plan.changes) if units else 0


@planners
@require_POST
def import_discard(request: Request, pk: int) -> HttpResponse:
    actions.discard_import(get_object_or_404(SchoolImport, pk=pk), by=request.user, at=now())
    messages.success(request, _("The file is thrown away. Nothing was changed."))
    return redirect("culture:import_new")


@planners
@require_GET
def class_table(request: Request, first: int) -> HttpResponse:
    """The classes of a school year as they are now, with the columns that are read in. Two queries."""
    year = get_object_or_404(SchoolYear, first=first)
    groups = ClassGroup.objects.filter(year=year).running().with_counts().order_by("school__code", "key")
    names = dict(grade_choices(Year(first)))
    rows = [
        [group.school.code, group.name, names[str(part.grade)], part.live, group.adults]
        for group in groups
        for part in group.fragments.all()
    ]
    return download("xlsx", name=f"klasser-{first}", headings=HEADINGS, rows=rows)
