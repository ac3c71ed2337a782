"""Members in figures: how many are in an age band, put together from the bands that were reported."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MemberCount:
    """Some members of an association, in figures: age in years turned this calendar year, both ends included.

    age_to: None = no upper end. sex: the register's key ("" where it was not asked). at_home: lives in the municipality.
    """

    age_from: int
    age_to: int | None
    count: int
    sex: str = ""
    at_home: bool = True

    def __post_init__(self) -> None:
        if self.age_from < 0 or self.count < 0 or (self.age_to is not None and self.age_to < self.age_from):
            raise ValueError("An age band must run upwards from 0, and a number of members cannot be negative.")


class BandsDoNotFit(ValueError):
    """The asked ages cut through a reported band, so the number is not known. *band* is the one that is cut."""

    def __init__(self, age_from: int, age_to: int | None, band: MemberCount) -> None:
        super().__init__(f"Ages {_ages(age_from, age_to)} cut through the reported band {_ages(band.age_from, band.age_to)}.")
        self.age_from, self.age_to, self.band = age_from, age_to, band


def members_between(
    counts: Iterable[MemberCount], age_from: int, age_to: int | None, *, sex: str | None = None, only_at_home: bool = False
) -> int:
    """How many members turn *age_from* to *age_to* years this calendar year (both included; age_to None = and older).

    sex: only this key; None = everyone. only_at_home: leave out members who live in another municipality.
    Raises BandsDoNotFit when a reported band with anyone in it lies partly inside and partly outside: no number is guessed.

    Rule A-41. Source: grant regulations, "members"; age is the year one turns, as in RF's rules for state LOK support.
    Words: medlemmar, ålder, åldersgrupp, bidragsgrundande, age band.
    """
    total = 0
    for band in counts:
        if not band.count or (sex is not None and band.sex != sex) or (only_at_home and not band.at_home):
            continue
        if _lies_outside(band, age_from, age_to):
            continue
        if band.age_from < age_from or (age_to is not None and (band.age_to is None or band.age_to > age_to)):
            raise BandsDoNotFit(age_from, age_to, band)
        total += band.count
    return total


def age_in(year: int, born: int) -> int:
    """The age, in whole years, that someone born in the year *born* turns during *year*. ValueError when born later.

    Rule A-42. Source: RF's rules for state LOK support (age by calendar year).
    Words: ålder, fyller, födelseår.
    """
    if born > year:
        raise ValueError("Nobody is counted before they are born.")
    return year - born


def _lies_outside(band: MemberCount, age_from: int, age_to: int | None) -> bool:
    return (band.age_to is not None and band.age_to < age_from) or (age_to is not None and band.age_from > age_to)


def _ages(age_from: int, age_to: int | None) -> str:
    return f"{age_from}–" if age_to is None else f"{age_from}–{age_to}"
