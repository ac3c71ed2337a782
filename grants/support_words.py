"""The equality analysis in words and figures: each chart's message, the tables, and what the figures do not say."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from grants import participation_words, whole_support
from grants.attendance_words import age_text
from grants.choices import CriterionKey
from grants.whole_support import Each, Support
from records.values import kronor_text, rounded

ZERO = Decimal(0)
BARS = 10
Years = Sequence[tuple[int, Sequence[Support]]]


def analysis_of(years: Years, *, exact: bool) -> dict[str, Any]:
    """All that the page and the document show of the first of the years. exact: small numbers of people too, for officers."""
    rows = years[0][1]
    cash, hall, hours = whole_support.cash_each(rows), whole_support.hall_each(rows), whole_support.hours_each(rows)
    both = whole_support.all_each(cash, hall)
    times = whole_support.participations_each(whole_support.with_cards(rows, exact=exact), exact=exact)
    return {
        **_sums(rows),
        "associations": len(rows),
        "message": equality_sentence(both),
        "equality": [
            {"label": _("Cash grants, kronor"), "each": cash, "unit": "kr"},
            {"label": _("Subsidised hall time, kronor"), "each": hall, "unit": "kr"},
            {"label": _("Together, kronor"), "each": both, "unit": "kr"},
            {"label": _("Hall hours"), "each": hours, "unit": "h"},
            *([{"label": _("Participations"), "each": times, "unit": ""}] if times else []),
        ],
        "girls": both.girls_counted,
        "boys": both.boys_counted,
        "charts": [*charts_of(rows, both), *participation_words.charts_of(rows, exact=exact)],
        **participation_words.participations_of(years, exact=exact),
        "before": [_before(year, each) for year, each in years[1:]],
    }


def _sums(rows: Sequence[Support]) -> dict[str, Decimal]:
    sums = {name: sum((getattr(row, name) for row in rows), ZERO) for name in ("cash", "hall", "hours")}
    return {**sums, "total": sums["cash"] + sums["hall"]}


def _before(year: int, rows: Sequence[Support]) -> dict[str, Any]:
    both = whole_support.all_each(whole_support.cash_each(rows), whole_support.hall_each(rows))
    return {"year": year, **_sums(rows), "each": both}


def equality_sentence(both: Each) -> str:
    """What a girl and a boy got, and the difference."""
    if both.per_girl is None or both.per_boy is None or both.gap is None:
        return _("What reached each girl and boy cannot be said: too few have reported their members.")
    figures = {"girl": kronor_text(rounded(both.per_girl, Decimal(1))), "boy": kronor_text(rounded(both.per_boy, Decimal(1)))}
    percent = number_format(rounded(abs(both.gap) * 100, Decimal(1)), decimal_pos=0)
    if percent == "0":
        return _("A girl got %(girl)s kr and a boy %(boy)s kr: alike.") % figures
    if both.gap < 0:
        return _("A girl got %(girl)s kr and a boy %(boy)s kr: %(percent)s %% less.") % {**figures, "percent": percent}
    return _("A girl got %(girl)s kr and a boy %(boy)s kr: %(percent)s %% more.") % {**figures, "percent": percent}


def charts_of(rows: Sequence[Support], both: Each) -> list[dict[str, Any]]:
    """Each chart with its message as its title; none without anything to show."""
    categories = [(name or _("not stated"), cash + hall) for name, cash, hall in whole_support.by_key(rows, "category")]
    areas = [(name or _("not stated"), cash + hall) for name, cash, hall in whole_support.by_key(rows, "area")]
    ages = [(_band(band), part) for band, part in whole_support.by_age(rows)]
    earned = whole_support.by_criterion(rows)
    criteria = [(_criterion(key), earned[key]) for key in [*CriterionKey.values, ""] if earned.get(key)]
    each = [(_("A girl"), both.per_girl or ZERO), (_("A boy"), both.per_boy or ZERO)] if both.per_girl or both.per_boy else []
    charts = [
        (_("What reached each girl and boy"), each, _("Who")),
        (_most(_("%s got most of the support"), categories), categories[:BARS], _("Category")),
        (_most(_("Most went to %s"), areas), areas[:BARS], _("Area")),
        (_("Cash grants by the ages of the members"), ages, _("Age")),
        (_("What earned the cash grants"), criteria, _("Criterion")),
    ]
    return [
        {"title": title, "bars": [(name, rounded(value, Decimal(1))) for name, value in bars], "column": column, "unit": "kr"}
        for title, bars, column in charts
        if any(value for _name, value in bars)
    ]


def headings() -> list[str]:
    return [
        _("Association"),
        _("Organisation number"),
        _("Category"),
        _("Area"),
        _("Cash grants, kronor"),
        _("Subsidised hall time, kronor"),
        _("Together, kronor"),
        _("Hall hours"),
        _("Girls up to 25"),
        _("Boys up to 25"),
        _("Participations"),
        _("Kronor per participation"),
    ]


def cells(row: Support, *, exact: bool) -> list[Any]:
    """A line of the file. exact: small numbers of people too, for officers."""
    known, marked = row.association, participation_words.association_cells(row, exact=exact)
    return [
        known.name,
        known.number_with_hyphen,
        str(known.category or ""),
        str(known.area or ""),
        row.cash,
        row.hall,
        row.total,
        row.hours,
        row.members("girls"),
        row.members("boys"),
        marked["participations"],
        marked["per_participation"],
    ]


def _most(sentence: str, bars: Sequence[tuple[str, Decimal]]) -> str:
    return sentence % bars[0][0] if bars else ""


def _band(band: tuple[int, int | None]) -> str:
    return _("members not reported") if band[0] < 0 else age_text(*band)


def _criterion(key: str) -> str:
    return str(CriterionKey(key).label).capitalize() if key else _("not assessed")
