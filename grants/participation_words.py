"""Attendance in the whole support: tables and charts of participations, hall hours and kronor beside each other.

Only associations that have marked attendance are in them; for others than officers none of fewer than five people.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from associations.attended import Attended, summed
from facilities.rules.statistics import FEWEST, hidden_cells
from grants import attendance_words, whole_support
from grants.rules import whole_support as rules
from grants.whole_support import Support
from records.values import kronor_text, rounded

ZERO = Decimal(0)
BARS = 10


@dataclass(frozen=True, slots=True)
class Table:
    """A small table of figures in words. first: the heading of the rows' names. rows: (name, a text for each column)."""

    caption: str
    first: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def labelled(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each cell with its column's name, for narrow screens."""
        return [(name, list(zip(self.columns, cells, strict=True))) for name, cells in self.rows]


def participations_of(years: Sequence[tuple[int, Sequence[Support]]], *, exact: bool) -> dict[str, Any]:
    """What the page and the document show. years: (year, its support), the one that is shown first. exact: for officers."""
    marked = whole_support.with_cards(years[0][1], exact=exact)
    every = summed(row.cards for row in marked)
    tables = [
        _grouped(marked, _("Participations, hall hours and kronor by category"), _("Category"), _category),
        _grouped(marked, _("Participations, hall hours and kronor by area"), _("Area"), _area),
        _by_age(every, exact=exact),
        _by_year(years, exact=exact),
    ]
    return {
        "marked": len(marked),
        "participations": every.reach.times,
        "per_participation": _per(marked),
        "participation_tables": [table for table in tables if table.rows],
    }


def of_one(years: Sequence[tuple[int, Sequence[Support]]], *, exact: bool) -> list[Table]:
    """One association's participations over the years."""
    table = _by_year(years, exact=exact)
    return [table] if table.rows else []


def charts_of(rows: Sequence[Support], *, exact: bool) -> list[dict[str, Any]]:
    """Participations by age, and what each cost by category; none when nothing is marked."""
    marked = whole_support.with_cards(rows, exact=exact)
    ages = _shown_ages(summed(row.cards for row in marked), exact=exact)
    costs = [(name, each) for name, group in _groups(marked, _category) if (each := _per(group)) is not None]
    charts: list[tuple[str, list[tuple[str, Decimal]], str, str]] = [
        (_("Participations by age"), [(name, Decimal(times)) for name, times in ages if times is not None], _("Age"), ""),
        (_("Kronor per participation"), [(name, rounded(each)) for name, each in costs][:BARS], _("Category"), "kr"),
    ]
    return [
        {"title": title, "bars": bars, "column": column, "unit": unit}
        for title, bars, column, unit in charts
        if any(value for _name, value in bars)
    ]


def association_cells(row: Support, *, exact: bool) -> dict[str, Any]:
    """Participations and kronor per participation of one association, as figures; None when nothing or too little is marked."""
    if not whole_support.with_cards([row], exact=exact):
        return {"participations": None, "per_participation": None}
    return {"participations": row.cards.reach.times, "per_participation": row.per_participation}


def _per(rows: Sequence[Support]) -> Decimal | None:
    return rules.per_participation(sum((row.total for row in rows), ZERO), sum(row.cards.reach.times for row in rows))


def _category(row: Support) -> str:
    return str(row.association.category or _("not stated"))


def _area(row: Support) -> str:
    return str(row.association.area or _("not stated"))


def _groups(rows: Sequence[Support], named: Callable[[Support], str]) -> list[tuple[str, list[Support]]]:
    """(name, its rows), most participations first."""
    found: dict[str, list[Support]] = {}
    for row in rows:
        found.setdefault(named(row), []).append(row)
    return sorted(found.items(), key=lambda item: (-sum(row.cards.reach.times for row in item[1]), item[0]))


def _grouped(rows: Sequence[Support], caption: str, first: str, named: Callable[[Support], str]) -> Table:
    columns = (_("Participations"), _("Hall hours"), _("Kronor"), _("Kronor per participation"))
    lines = []
    for name, group in _groups(rows, named):
        money = sum((row.total for row in group), ZERO)
        lines.append((name, (*_times_and_hours(group), _kronor(money), _kronor(_per(group)))))
    return Table(caption, first, columns, tuple(lines))


def _times_and_hours(rows: Sequence[Support]) -> tuple[str, str]:
    return _whole(sum(row.cards.reach.times for row in rows)), _whole(sum((row.hours for row in rows), ZERO))


def _by_age(every: Attended, *, exact: bool) -> Table:
    """By age and, when no cell is too small for the reader, by sex."""
    caption, first = _("Participations by age"), _("Age")
    split = exact or not any(0 < reach.people < FEWEST for reach in every.cells.values())
    if not split:
        shown = _shown_ages(every, exact=exact)
        told = [(name, (_("not shown") if times is None else _whole(times),)) for name, times in shown]
        return Table(caption, first, (_("Together"),), tuple(told))
    columns = (_("Girls and women"), _("Boys and men"), _("Others"), _("Together"))
    bands = every.by_band_and_sex
    rows = [
        (
            attendance_words.age_text(*band),
            (_whole(girls.times), _whole(boys.times), _whole(others.times), _whole((girls + boys + others).times)),
        )
        for band, girls, boys, others in bands
    ]
    return Table(caption, first, columns, tuple(rows))


def _shown_ages(every: Attended, *, exact: bool) -> list[tuple[str, int | None]]:
    """(ages, participations or None when they are too few to show)."""
    hidden = frozenset[int]() if exact else hidden_cells([reach.people for _band, reach in every.by_band])
    return [
        (attendance_words.age_text(*band), None if index in hidden else reach.times)
        for index, (band, reach) in enumerate(every.by_band)
    ]


def _by_year(years: Sequence[tuple[int, Sequence[Support]]], *, exact: bool) -> Table:
    columns = (_("Participations"), _("Hall hours"), _("Kronor per participation"), _("Per girl"), _("Per boy"))
    lines = []
    for year, rows in years:
        marked = whole_support.with_cards(rows, exact=exact)
        if not marked:
            continue
        each = whole_support.participations_each(marked, exact=exact)
        both = (each.per_girl, each.per_boy) if each else (None, None)
        lines.append((str(year), (*_times_and_hours(marked), _kronor(_per(marked)), *map(_each, both))))
    return Table(_("Participations year by year, per girl and boy up to 25"), _("Year"), columns, tuple(lines))


def _whole(number: Decimal | int) -> str:
    return number_format(rounded(Decimal(number), Decimal(1)), decimal_pos=0, force_grouping=True)


def _each(number: Decimal | None) -> str:
    return number_format(number, decimal_pos=1) if number is not None else "–"


def _kronor(amount: Decimal | None) -> str:
    return _("%s kr") % kronor_text(amount) if amount is not None else "–"
