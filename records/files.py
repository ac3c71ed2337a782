"""Serving stored files: as attachments, from an address of their own, never what is not safe to open."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import now

from records import filing, storage
from records.choices import ScanStatus
from records.models import StoredFile

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


_REFUSALS: dict[str, int] = {ScanStatus.WAITING: 409, ScanStatus.INFECTED: 403}


def serve(file: StoredFile, request: HttpRequest) -> HttpResponseBase:
    """The file as a download, or a page that says why not (409 not yet, 403 quarantine, 410 disposed of).

    The caller has decided that this user may read it (StoredFile.objects.visible_to, or a rule of its own). Reading what is
    marked as secret is noted in the log; other reads are not.
    """
    if not file.is_readable:
        return _not_readable(file, request)
    if file.is_marked:
        filing.note(file.case, "records.file_read", by=request.user, at=now(), changes={"file": [None, file.pk]})
    content = storage.open_bytes(file.path)
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=file.content_type, headers=HEADERS)


def _not_readable(file: StoredFile, request: HttpRequest) -> HttpResponse:
    status = 410 if file.disposed_at else _REFUSALS[file.scan]
    return render(request, "records/file_not_readable.html", {"file": file}, status=status)
