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
from grants.actions.letters import calculation_rows
from grants.choices import CriterionKey
from grants.exchange.giving import recipient_of, why_of
from grants.models import Call, Decision, Scheme
from grants.models.decision import DecisionQuerySet
from records.values import local_day

PER_PAGE = 50
# Rule GO-02: anybody else is an individual, whom no search finds by name.
_ORGANISATION = Q(application__association__organisation_number__regex=r"^[0-9]{2}[2-9][0-9]{7}$")
HIGH = 3  # of 5: from this level on an application is said to serve a criterion well


class GrantedFilter(forms.Form):
    q = forms.CharField(label=_("Association, case number or word"), required=False, max_length=100)
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none(), required=False, empty_label=_("All"))
    year = forms.TypedChoiceField(label=_("Grant year"), required=False, coerce=int, empty_value=None)

    criterion = forms.ChoiceField(
        label=_("Serves well"), required=False, choices=[("", _("Any criterion")), *CriterionKey.choices]
    )

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
    context = {
        "form": form,
        "page": page,
        "rows": [_row(decision) for decision in page],
        "total": total,
        "csv_query": csv_query.urlencode(),
        "high": HIGH,
    }
    return render(request, "grants/granted_list.html", context)


@public
@require_GET
def granted(request: HttpRequest, pk: int) -> HttpResponse:
    """One grant: the amount, the reasons and how it was counted."""
    decision = get_object_or_404(_public(), pk=pk)
    recipient = recipient_of(decision.application)
    context = {
        "decision": decision,
        "application": decision.application,
        "recipient": recipient,
        "why": why_of(decision) if recipient.is_individual else decision.reasons,
        "lines": () if recipient.is_individual else calculation_rows(decision),
    }
    return render(request, "grants/granted.html", context)


def _row(decision: Decision) -> dict[str, Any]:
    return {"decision": decision, "recipient": recipient_of(decision.application), "why": why_of(decision)}


def _public() -> DecisionQuerySet:
    return Decision.objects.open_grants().select_related(
        "application__association", "application__call__version__scheme", "application__case", "meeting"
    )


def _chosen(form: GrantedFilter) -> QuerySet[Decision]:
    chosen = _public().order_by("-published_at", "pk")
    if not form.is_valid():
        return chosen
    if criterion := form.cleaned_data["criterion"]:
        chosen = chosen.assessed_high_on(criterion, HIGH)
    return chosen.filter(_wanted(form))


def _wanted(form: GrantedFilter) -> Q:
    """What the words, the scheme and the year ask for; every word must be somewhere in the name, the case or the reasons."""
    wanted = Q()
    for word in form.cleaned_data["q"].split():
        name, case = Q(application__association__name__icontains=word), Q(application__case__search__contains=word.lower())
        wanted &= (name | case | Q(reasons__icontains=word)) & _ORGANISATION
    if scheme := form.cleaned_data["scheme"]:
        wanted &= Q(application__call__version__scheme=scheme)
    if year := form.cleaned_data["year"]:
        wanted &= Q(application__call__grant_year=year)
    return wanted


def _as_csv(decisions: QuerySet[Decision]) -> HttpResponse:
    """Semicolons and a byte order mark, as Swedish spreadsheets open it; formulas are defused."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="beviljade-bidrag.csv"'
    rows = csv.writer(answer, delimiter=";")
    rows.writerow(
        ["diarienummer", "förening", "organisationsnummer", "bidragsform", "bidragsår", "belopp", "beslutsdatum", "skäl"]
    )
    for decision in decisions.iterator(chunk_size=500):
        application = decision.application
        recipient = recipient_of(application)
        rows.writerow(
            [
                str(application.case),
                recipient.name,
                "" if recipient.is_individual else application.association.organisation_number,
                application.call.version.scheme.name,
                application.call.grant_year,
                str(decision.amount).replace(".", ","),
                local_day(decision.decided_at).isoformat(),
                why_of(decision),
            ]
        )
    return answer
