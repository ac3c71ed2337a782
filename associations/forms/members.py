"""Members in figures: a table of age band x sex x home."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from associations.choices import Sex
from associations.models import AgeBand, MemberFigures
from associations.municipalities import MUNICIPALITIES
from records.forms import SwedishDateField, Typed, WholeNumberField

_HERE = settings.MUNICIPALITY["code"]
_HOMES = ((True, MUNICIPALITIES.get(_HERE, _HERE)), (False, _("Elsewhere")))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: an age band and a home, with a field per sex."""

    key: str
    home: Any
    cells: list[BoundField]
    sum: int


@dataclass(frozen=True, slots=True)
class Group:
    """One age band of the table, with its sum."""

    band: AgeBand
    lines: list[Line]
    sum: int


class MembersForm(forms.Form):
    """Counts; an empty box is none."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    active = WholeNumberField(
        label=_("How many of the members are active?"),
        min_value=0,
        max_value=100_000,
        help_text=_("Active: has taken part in the association's activities during the year."),
    )
    as_of = SwedishDateField(label=_("On which day did you count?"))

    def __init__(self, bands: list[AgeBand], figures: MemberFigures | None, data: Any = None, **initial: Any) -> None:
        self.bands = bands
        cells = figures.as_cells() if figures else {}
        known = {"version": 0, **initial}
        if figures:
            known |= {"version": figures.version, "active": figures.active, "as_of": figures.as_of}
        known |= {_name(*cell): count for cell, count in cells.items() if count}
        super().__init__(data, initial=known)
        for band in bands:
            for home, where in _HOMES:
                for sex in Sex:
                    self.fields[_name(band.pk, sex, home)] = WholeNumberField(
                        label=f"{band}, {sex.label}, {where}",
                        required=False,
                        min_value=0,
                        max_value=100_000,
                        widget=Typed({"class": "ds-input count"}, size=5, keyboard="numeric"),
                    )

    @property
    def sexes(self) -> list[Sex]:
        """The columns, in order."""
        return list(Sex)

    def counts(self) -> dict[tuple[int, str, bool], int]:
        """(age band id, sex, lives here) -> count, only of those that are not 0."""
        cells = ((cell, self.cleaned_data.get(_name(*cell)) or 0) for cell in self._cells())
        return {cell: count for cell, count in cells if count}

    def groups(self) -> list[Group]:
        """The table, with sums of what is typed or saved."""
        return [self._group(band) for band in self.bands]

    @property
    def total(self) -> int:
        return sum(self._value(*cell) for cell in self._cells())

    @property
    def total_here(self) -> int:
        return sum(self._value(*cell) for cell in self._cells() if cell[2])

    def _group(self, band: AgeBand) -> Group:
        lines = [
            Line(
                f"{band.pk}-{home:d}",
                where,
                [self[_name(band.pk, sex, home)] for sex in Sex],
                sum(self._value(band.pk, sex, home) for sex in Sex),
            )
            for home, where in _HOMES
        ]
        return Group(band, lines, sum(line.sum for line in lines))

    def _cells(self) -> Iterator[tuple[int, str, bool]]:
        return ((band.pk, str(sex.value), home) for band in self.bands for home, _where in _HOMES for sex in Sex)

    def _value(self, band: int, sex: str, home: bool) -> int:
        name = _name(band, sex, home)
        if not self.is_bound:
            return self.initial.get(name) or 0
        return 0 if name in self.errors else self.cleaned_data.get(name) or 0

    def renew(self, version: int) -> None:
        """Let the same figures be saved on top of the newest, once the person has been told."""
        data = dict(self.data.items())
        data["version"] = str(version)
        self.data = data


def _name(band: int, sex: str, home: bool) -> str:
    return f"c{band}-{sex}-{'here' if home else 'away'}"
