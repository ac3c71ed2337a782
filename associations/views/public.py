"""The association register as anyone may see it: what the association has chosen to show, never people."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.permissions import public
from associations.forms import PublicFilter
from associations.models import Association
from associations.models.association import AssociationQuerySet

PER_PAGE = 30


@public
@require_GET
def public_list(request: HttpRequest) -> HttpResponse:
    form = PublicFilter(request.GET)
    found = Association.objects.public().select_related("category", "activity", "area")
    if form.is_valid():
        found = _narrowed(found, form.cleaned_data)
    page = Paginator(found.in_swedish_order(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "associations/public_list.html", {"form": form, "page": page})


def _narrowed(found: AssociationQuerySet, wanted: dict[str, Any]) -> AssociationQuerySet:
    if wanted["q"]:
        found = found.filter(Q(name__icontains=wanted["q"]) | Q(activity__name__icontains=wanted["q"]))
    return found.filter(**{name: wanted[name] for name in ("category", "activity", "area") if wanted[name]})


@public
@require_GET
def public_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Association.objects.public().select_related("category", "activity", "area")
    return render(request, "associations/public_detail.html", {"association": get_object_or_404(rows, pk=pk)})
