"""Who got how much of a season: girls and boys, ages, areas, sports, classes; beside the season before; as a page and a file."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.permissions import public
from facilities.rules.allocation.fairness import AgeGroup, Beside, By, Part, beside, parts_by, shown_parts
from facilities.views.result import shown_page
from facilities.views.result_reading import Result, decided_before, result_or_404
from records import spreadsheets
from records.values import rounded

TITLES: dict[By, Any] = {
    By.ALL: gettext_lazy("All"),
    By.SEX: gettext_lazy("Girls and boys"),
    By.AGE: gettext_lazy("Ages"),
    By.CLASS: gettext_lazy("Priority classes"),
    By.SPORT: gettext_lazy("Sports and arts"),
    By.AREA: gettext_lazy("Areas"),
}
_NAMES: dict[str, Any] = {
    "all": gettext_lazy("All groups"),
    "girls": gettext_lazy("Girls and women"),
    "boys": gettext_lazy("Boys and men"),
    "mixed": gettext_lazy("Groups of both"),
    AgeGroup.CHILDREN: gettext_lazy("To 12 years"),
    AgeGroup.YOUTH: gettext_lazy("13–20 years"),
    AgeGroup.ADULTS: gettext_lazy("21–64 years"),
    AgeGroup.OLDER: gettext_lazy("65 years and older"),
    "": gettext_lazy("Not told"),
}
TENTH = Decimal("0.1")
_SEXES, _AGES = ("girls", "boys", "mixed"), tuple(each.value for each in AgeGroup)


@public
@require_GET
def result_fairness(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures of a season with a chart where it says something, and every figure in tables. Two queries or three."""
    found = result_or_404(pk)
    before = decided_before(found.season)
    tables = [(TITLES[by], *_table(by, found, before)) for by in TITLES]
    sexes = dict(_named(found, By.SEX))
    context = {
        "before": before.season if before else None,
        "tables": [
            (title, rows, hides) for title, rows, hides in tables if rows and (hides or len(rows) > 1 or title == TITLES[By.ALL])
        ],
        "charts": _charts(found, sexes),
        "formats": spreadsheets.FORMATS,
        "attractive": found.problem.principles.attractive is not None,
    }
    return shown_page(request, "result_fairness", found, "fairness", **context)


@public
@require_GET
def result_fairness_table(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The same figures as a file."""
    if kind not in spreadsheets.FORMATS:
        raise Http404
    found = result_or_404(pk)
    before = decided_before(found.season)
    rows = [
        [TITLES[by], name, *_cells(row.now), *(_cells(row.before) if row.before else [None] * len(_FIGURES))]
        for by in TITLES
        for name, row in _table(by, found, before)[0]
    ]
    figures = [heading for heading, _figure in _FIGURES]
    earlier = [_("%(what)s, the season before") % {"what": heading} for heading in figures]
    headings = [_("Told apart by"), _("Groups of"), *figures, *earlier]
    return spreadsheets.download(kind, name=f"sasong-{pk}-rattvisa", headings=headings, rows=rows)


_FIGURES: tuple[tuple[Any, Any], ...] = (
    (gettext_lazy("Groups"), lambda part: part.groups),
    (gettext_lazy("Members"), lambda part: part.members),
    (gettext_lazy("Times wished"), lambda part: part.wished),
    (gettext_lazy("Times given"), lambda part: part.given),
    (gettext_lazy("Times per 100 members"), lambda part: part.passes_per_hundred),
    (gettext_lazy("Hours a week per 100 members"), lambda part: part.hours_per_hundred),
    (gettext_lazy("Attractive hours a week per 100 members"), lambda part: part.attractive_per_hundred),
)


def _cells(part: Part) -> list[Any]:
    return [figure(part) for _heading, figure in _FIGURES]


def _parts(result: Result, by: By) -> tuple[Part, ...]:
    return parts_by(by, result.problem.principles, result.reading.rows)


def _named(result: Result, by: By) -> list[tuple[str, Part]]:
    return [(part.key, part) for part in shown_parts(_parts(result, by))]


def _table(by: By, found: Result, before: Result | None) -> tuple[list[tuple[Any, Beside]], bool]:
    """(the rows that may be shown, whether some may not). A small group of the season before is not shown either."""
    every = _parts(found, by)
    now = shown_parts(every)
    old = shown_parts(_parts(before, by)) if before else ()
    rows = sorted(beside(now, old), key=lambda row: _place(by, row.now.key))
    return [(_NAMES.get(row.now.key, row.now.key), row) for row in rows], len(now) < len(every)


def _place(by: By, key: str) -> int:
    order = {By.SEX: _SEXES, By.AGE: _AGES}.get(by, ())
    return order.index(key) if key in order else 0


def _charts(found: Result, sexes: dict[str, Part]) -> list[dict[str, Any]]:
    """Girls beside boys, in all hours and in the attractive ones; the title says what the bars show."""
    girls, boys = sexes.get("girls"), sexes.get("boys")
    if girls is None or boys is None:
        return []
    every = _("100 girls and women get %(girls)s hours a week, 100 boys and men %(boys)s")
    charts = [_chart(every, _("Hours per 100"), sexes, lambda part: part.hours_per_hundred)]
    if found.problem.principles.attractive:
        best = _("100 girls and women get %(girls)s attractive hours a week, 100 boys and men %(boys)s")
        charts.append(_chart(best, _("Attractive hours per 100"), sexes, lambda part: part.attractive_per_hundred))
    return charts


def _chart(title: str, unit: str, sexes: dict[str, Part], figure: Any) -> dict[str, Any]:
    words = {key: number_format(rounded(figure(sexes[key]), TENTH), 1) for key in ("girls", "boys")}
    return {
        "title": title % words,
        "unit": unit,
        "bars": [(str(_NAMES[key]), figure(sexes[key])) for key in _SEXES if key in sexes],
    }
