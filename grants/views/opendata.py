"""Open data: grants as files that anyone may take, use and share; and the page that says what they are."""

import json
from collections.abc import Iterator
from typing import Any

from defusedcsv import csv
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import public
from grants.choices import ChangeWord
from grants.exchange import dcat, giving
from grants.models import Decision

SHOWN = 20  # changes on the page
_COLUMNS = {  # 360Giving's heading -> where the value is
    "Identifier": ("id",),
    "Title": ("title",),
    "Description": ("description",),
    "Currency": ("currency",),
    "Amount Applied For": ("amountAppliedFor",),
    "Amount Awarded": ("amountAwarded",),
    "Amount Disbursed": ("amountDisbursed",),
    "Award Date": ("awardDate",),
    "URL": ("url",),
    "Planned Dates:Start Date": ("plannedDates", 0, "startDate"),
    "Planned Dates:End Date": ("plannedDates", 0, "endDate"),
    "Recipient Org:Identifier": ("recipientOrganization", 0, "id"),
    "Recipient Org:Name": ("recipientOrganization", 0, "name"),
    "Recipient Ind:Identifier": ("recipientIndividual", "id"),
    "Recipient Ind:Name": ("recipientIndividual", "name"),
    "Funding Org:Identifier": ("fundingOrganization", 0, "id"),
    "Funding Org:Name": ("fundingOrganization", 0, "name"),
    "Funding Org:Department": ("fundingOrganization", 0, "department"),
    "Grant Programme:Code": ("grantProgramme", 0, "code"),
    "Grant Programme:Title": ("grantProgramme", 0, "title"),
    "From An Open Call?": ("fromOpenCall",),
    "Last Modified": ("dateModified",),
    "Data Source": ("dataSource",),
}


@public
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What can be taken, in which formats, and the latest changes."""
    log = giving.change_log()
    context = {
        "has_grants": Decision.objects.open_grants().exists(),
        "changes": [{"line": line, "word": ChangeWord(line.change.kind).label, "who": _name(line)} for line in log[:SHOWN]],
        "more": max(0, len(log) - SHOWN),
        "licence": settings.OPEN_DATA_LICENCE,
        "licence_name": "CC0 1.0" if "/publicdomain/zero/" in settings.OPEN_DATA_LICENCE else _("the licence"),
    }
    return render(request, "grants/open_data.html", context)


@public
@require_safe
def open_grants_json(request: HttpRequest) -> HttpResponse:
    """The package in 360Giving JSON. When a check finds something that must not be let out nothing is, and 500 tells us.

    Without any grant there is no right package (its schema asks for one at least): the page of the open data says so.
    """
    package = giving.package()
    return _open(redirect("grants:open_data")) if package is None else _json(package, "beviljade-bidrag.json")


@public
@require_safe
def open_grants_csv(request: HttpRequest) -> HttpResponse:
    """The same grants as 360Giving's flat table."""
    rows = ([_at(grant, path) for path in _COLUMNS.values()] for grant in giving.checked_grants())
    return _csv(list(_COLUMNS), rows, "beviljade-bidrag-360giving.csv")


@public
@require_safe
def open_changes_json(request: HttpRequest) -> HttpResponse:
    """Every change since the first grant, newest first."""
    head = ("grant", "at", "change", "amountBefore", "amountAfter")
    return _json({"changes": [dict(zip(head, row, strict=True)) for row in _changes()]}, "andringar.json")


@public
@require_safe
def open_changes_csv(request: HttpRequest) -> HttpResponse:
    return _csv(["Identifier", "Time", "Change", "Amount Before", "Amount After"], _changes(), "andringar.csv")


@public
@require_safe
def open_catalogue(request: HttpRequest) -> HttpResponse:
    """The description that dataportal.se harvests."""
    log = giving.change_log()
    content = dcat.catalogue(log[0].change.at if log else None, has_grants=Decision.objects.open_grants().exists())
    return _open(HttpResponse(content, content_type="application/rdf+xml; charset=utf-8"))


def _changes() -> Iterator[list[Any]]:
    for line in giving.change_log():
        change = line.change
        yield [
            line.grant,
            giving.instant(change.at),
            change.kind.value,
            giving.number(change.before),
            giving.number(change.after),
        ]


def _name(line: giving.LoggedChange) -> str:
    return giving.recipient_of(line.application).name


def _at(grant: dict[str, Any], path: tuple[str | int, ...]) -> Any:
    """The value at a path; '' where there is none."""
    found: Any = grant
    for step in path:
        found = found[step] if isinstance(step, int) and found else found.get(step) if isinstance(found, dict) else None
        if found is None:
            return ""
    return found


def _json(content: dict[str, Any], name: str) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return _open(answer)


def _csv(headings: list[str], rows: Iterator[list[Any]], name: str) -> HttpResponse:
    """Commas and UTF-8 with a byte order mark, as 360Giving reads it; formulas are defused."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    sheet = csv.writer(answer)
    sheet.writerow(headings)
    sheet.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return _open(answer)


def _open(answer: HttpResponse) -> HttpResponse:
    """Any page on the web may read it."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
