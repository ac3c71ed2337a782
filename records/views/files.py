"""Stored files, for everyone who may read the thing they belong to."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from records import files
from records.models import StoredFile
from records.permissions import opens_to
from records.views.doors import of_case_or_refusal


@opens_to("signed in")
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    stored: StoredFile = of_case_or_refusal(request, StoredFile.objects.visible_to(request.user).select_related("case"), pk)
    return files.serve(stored, request)
