"""/stil/: every component on one page, with made-up content. Only in the demonstration and while developing."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.permissions import public
from records.forms import KronorField, OrganisationNumberField, SwedishDateField, SwedishTimeField, WholeNumberField
from records.registry import Task


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="Föreningens namn", max_length=100)
    number = OrganisationNumberField(label="Organisationsnummer")
    amount = KronorField(label="Sökt belopp", help_text="Hela kronor.")
    members = WholeNumberField(label="Aktiva medlemmar", min_value=0)
    day = SwedishDateField(label="Årsmötets datum")
    start = SwedishTimeField(label="Starttid", required=False)
    purpose = forms.CharField(
        label="Vad ska ni göra?", widget=forms.Textarea(attrs={"rows": 4}), help_text="Några meningar räcker.", required=False
    )
    category = forms.ChoiceField(
        label="Kategori", choices=[("", "Välj"), ("b", "Barn- och ungdomsförening"), ("k", "Kulturförening")]
    )
    seat = forms.ChoiceField(
        label="Har föreningen sitt säte i kommunen?", choices=[("y", "Ja"), ("n", "Nej")], widget=forms.RadioSelect
    )
    aims = forms.MultipleChoiceField(
        label="Vilka syften gäller det?",
        choices=[("d", "Motverka diskriminering"), ("j", "Mer jämställda föreningar"), ("i", "Integration")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    statutes = forms.FileField(label="Stadgar", help_text="PDF, högst 20 MB.", required=False)
    true = forms.BooleanField(label="Uppgifterna är riktiga och styrelsen står bakom ansökan")


class SampleFilter(forms.Form):
    q = forms.CharField(label="Sök", required=True)
    status = forms.ChoiceField(label="Status", choices=[("", "Alla"), ("w", "Väntar på beslut")], required=True)
    page = forms.CharField(widget=forms.HiddenInput, required=False)


AT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
TASKS = [
    Task("Komplettera ansökan om årligt bidrag", "Budgeten saknar intäkter.", "#", "Komplettera", date(2026, 12, 4), urgent=True),
    Task(
        "Lämna föreningens uppgifter för 2026",
        "Antal medlemmar per ålder och årsmötets datum.",
        "#",
        "Fyll i",
        date(2026, 12, 31),
    ),
]
LINES = [
    {"rule": "G-03", "text": "Grundbidrag till godkänd förening", "arithmetic": "", "amount": Decimal(2000)},
    {
        "rule": "G-04",
        "text": "84 medlemmar 7–25 år",
        "arithmetic": "84 × 125 kr = 10 500 kr",
        "amount": Decimal(10500),
    },
    {"rule": "G-07", "text": "Ansökan kom 3 dagar för sent", "arithmetic": "12 500 kr × 10 %", "amount": Decimal("-1250")},
]
FIGURES = [
    {"value": "1 000 000 kr", "label": "Årets pott"},
    {"value": "612 500 kr", "label": "Beviljat", "note": "61 % av potten"},
    {"value": "20 av 25", "label": "Ansökningar bedömda"},
]
EVENTS = [
    {"at": AT, "title": "Beslut publicerat", "by": "Karin Ek", "text": "Föreningen får 11 250 kr."},
    {"at": datetime(2026, 10, 9, 8, 12, tzinfo=UTC), "title": "Komplettering inlämnad", "by": "Bofors SK"},
    {"at": datetime(2026, 9, 28, 18, 42, tzinfo=UTC), "title": "Ansökan inlämnad", "by": "Bofors SK"},
]
FILES = [
    {
        "name": "stadgar-2026.pdf",
        "url": "#",
        "size": 184_000,
        "note": "26 september",
        "status": "Kontrollerad",
        "tone": "success",
    },
    {"name": "budget.xlsx", "url": "", "size": 1_536_000, "status": "Väntar på kontroll", "tone": "waiting"},
]
BARS = [("Barn och ungdom", 412_000), ("Kultur", 138_500), ("Funktionsnedsatta", 42_000), ("Socialt", 20_000)]
SUMMARY = [
    ("Förening", "Bofors SK"),
    ("Organisationsnummer", "857500-1238"),
    ("Sökt belopp", "12 500 kr", "#", "Ändra"),
]


@public
@require_http_methods(["GET", "POST"])
def style_guide(request: HttpRequest) -> HttpResponse:
    form = SampleForm(request.POST or ({} if "fel" in request.GET else None), request.FILES or None)
    status = 422 if form.is_bound and not form.is_valid() else 200
    page = Paginator(range(1, 96), 20).get_page(request.GET.get("page", 2))
    context = {
        "form": form,
        "filter": SampleFilter(),
        "tasks": TASKS,
        "lines": LINES,
        "total": sum(line["amount"] for line in LINES),  # type: ignore[misc]
        "figures": FIGURES,
        "events": EVENTS,
        "files": FILES,
        "bars": BARS,
        "summary": SUMMARY,
        "page": page,
        "steps": ["Föreningen", "Vad ni vill göra", "Budget", "Bilagor", "Granska och lämna in"],
        "tones": [
            ("Beviljad", "success"),
            ("Komplettera", "warning"),
            ("Avslag", "danger"),
            ("Väntar på beslut", "waiting"),
            ("Inlämnad", "info"),
            ("Utkast", "neutral"),
        ],
    }
    return render(request, "style_guide.html", context, status=status)
