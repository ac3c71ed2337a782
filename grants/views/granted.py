"""Who got what and why: published grants, for anyone. Associations by name, people never."""

from typing import Any

from defusedcsv import csv
from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.permissions import public
from grants.calculation_words import shown_lines
from grants.choices import Outcome
from grants.models import Call, Decision, Scheme
from records.values import local_day

PER_PAGE = 50


class GrantedFilter(forms.Form):
    q = forms.CharField(label=_("Association"), required=False, max_length=100)
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none(), required=False, empty_label=_("All"))
    year = forms.TypedChoiceField(label=_("Grant year"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = Scheme.objects.order_by("name")  # type: ignore[attr-defined]
        years = Call.objects.announced().values_list("grant_year", flat=True).order_by("-grant_year").distinct()
        self.fields["year"].choices = [("", _("All")), *((year, year) for year in years)]  # type: ignore[attr-defined]


@public
@require_GET
def granted_list(request: HttpRequest) -> HttpResponse:
    """Every grant in force, newest first, with the sum of what the filter chose. Also as csv."""
    form = GrantedFilter(request.GET)
    decisions = _chosen(form)
    if request.GET.get("format") == "csv":
        return _as_csv(decisions)
    page = Paginator(decisions, PER_PAGE).get_page(request.GET.get("page"))
    total = decisions.aggregate(kronor=Sum("amount"))["kronor"]
    csv_query = request.GET.copy()
    csv_query["format"] = "csv"
    context = {"form": form, "page": page, "total": total, "csv_query": csv_query.urlencode()}
    return render(request, "grants/granted_list.html", context)


@public
@require_GET
def granted(request: HttpRequest, pk: int) -> HttpResponse:
    """One grant: the amount, the reasons and how it was counted."""
    decision = get_object_or_404(_public(), pk=pk)
    context = {"decision": decision, "application": decision.application, "lines": shown_lines(decision.calculation)}
    return render(request, "grants/granted.html", context)


def _public() -> QuerySet[Decision]:
    """Published grants in force: what the municipality stands by today."""
    grants = Decision.objects.in_force().filter(outcome=Outcome.GRANT)
    return grants.select_related("application__association", "application__call__version__scheme", "application__case", "meeting")


def _chosen(form: GrantedFilter) -> QuerySet[Decision]:
    chosen = _public().order_by("-published_at", "pk")
    if not form.is_valid():
        return chosen
    wanted = Q()
    if words := form.cleaned_data["q"]:
        wanted &= Q(application__association__name__icontains=words)
    if scheme := form.cleaned_data["scheme"]:
        wanted &= Q(application__call__version__scheme=scheme)
    if year := form.cleaned_data["year"]:
        wanted &= Q(application__call__grant_year=year)
    return chosen.filter(wanted)


def _as_csv(decisions: QuerySet[Decision]) -> HttpResponse:
    """Semicolons and a byte order mark, as Swedish spreadsheets open it; formulas are defused."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="beviljade-bidrag.csv"'
    rows = csv.writer(answer, delimiter=";")
    rows.writerow(["diarienummer", "förening", "organisationsnummer", "bidragsform", "bidragsår", "belopp", "beslutsdatum"])
    for decision in decisions.iterator(chunk_size=500):
        application = decision.application
        rows.writerow(
            [
                str(application.case),
                application.association.name,
                application.association.organisation_number,
                application.call.version.scheme.name,
                application.call.grant_year,
                str(decision.amount).replace(".", ","),
                local_day(decision.decided_at).isoformat(),
            ]
        )
    return answer
