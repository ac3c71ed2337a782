"""A half-year of an association in figures, for itself and for officers; never a name."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.permissions import Request, signed_in
from associations import registry
from associations.attending import summary
from associations.permissions import may_keep
from associations.rules.attendance import Half
from associations.views.page import association_or_404, home_of


@signed_in
@require_GET
def half_year(request: Request, pk: int, year: int, number: int) -> HttpResponse:
    association = association_or_404(request, pk)
    if number not in (1, 2) or not 1990 <= year <= 2099:
        raise Http404
    half = Half(year, number)
    links = [link for ask in registry.half_year_links for link in ask(association, half, request.user)]
    context = {
        "association": association,
        "half": half,
        "found": summary(association, half),
        "links": links,
        "back": home_of(request, association) if may_keep(request.user) else reverse("associations:attendance", args=[pk]),
    }
    return render(request, "associations/half_year.html", context)
