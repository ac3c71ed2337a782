"""A file into the register: upload, look at what would change, confirm exactly that."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Request, needs
from associations import actions
from associations.choices import ImportStatus
from associations.exchange.reading import MAX_BYTES
from associations.forms import UploadForm
from associations.models import RegisterImport
from associations.views.page import form_page, refuse
from records.refusals import FileRefused, Refused

keepers = needs("associations.keep_register")


@keepers
@require_http_methods(["GET", "POST"])
def import_new(request: Request) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            content = upload.read(MAX_BYTES + 1)
            kept, _plan = actions.upload_register(name=upload.name, content=content, by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, "file")
        else:
            return redirect("associations:import_preview", kept.pk)
    earlier = RegisterImport.objects.defer("content").select_related("uploaded_by")[:20]
    return form_page(request, form, "associations/import_new.html", earlier=earlier)


@keepers
@require_http_methods(["GET", "POST"])
def import_preview(request: Request, pk: int) -> HttpResponse:
    """What the file would change, cell by cell. Nothing is written until it is confirmed."""
    kept, at = get_object_or_404(RegisterImport, pk=pk), now()
    if kept.status != ImportStatus.PREVIEWED:
        return redirect("associations:import_new")
    status = 200
    if request.method == "POST":
        try:
            done = actions.apply_import(kept, digest=request.POST.get("digest", ""), by=request.user, at=at)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            status = 409
        else:
            told = _("Imported: %(new)s new and %(changed)s changed associations.")
            messages.success(request, told % {"new": done.new_rows, "changed": done.changed_rows})
            return redirect("associations:association_list")
    try:
        plan = actions.look_again(kept, at=at)
    except FileRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("associations:import_new")
    page = Paginator(plan.changes, 100).get_page(request.GET.get("page"))
    return render(request, "associations/import_preview.html", {"kept": kept, "plan": plan, "page": page}, status=status)


@keepers
@require_POST
def import_discard(request: Request, pk: int) -> HttpResponse:
    actions.discard_import(get_object_or_404(RegisterImport, pk=pk), by=request.user, at=now())
    messages.success(request, _("The file is thrown away. Nothing was changed."))
    return redirect("associations:import_new")
