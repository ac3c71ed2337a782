"""How venues are used, in figures: groups by age and sex, booked and used, the same time last year, cells too small to show."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from facilities.rules.series import same_day_last_year
from records.values import ORE, Period, rounded

FEWEST = 5  # people: fewer than so many are not shown to the public
EVEN = (Fraction(2, 5), Fraction(3, 5))  # a group between these is as many of both


class AgeBand(StrEnum):
    """How young a group is: the share of it that is under 25."""

    YOUNG = "young"  # everybody
    MOSTLY_YOUNG = "mostly_young"  # at least half
    MOSTLY_ADULT = "mostly_adult"  # fewer than half
    ADULT = "adult"  # nobody
    UNKNOWN = "unknown"


class SexBand(StrEnum):
    GIRLS = "girls"  # more than 60 percent girls and women
    EVEN = "even"
    BOYS = "boys"
    UNKNOWN = "unknown"


def age_band(young: int | None, people: int | None) -> AgeBand:
    """The band of a group. young: of the people, how many are under 25; people: how many in all. None = not told.

    Rule F-70. Source: Karlskoga's tariff of 2019: youth activity is at least half under 25 (Rule F-54).
    Words: ålder, åldersgrupp, unga, ungdom, under 25, age.
    """
    if young is None or not people or young > people:
        return AgeBand.UNKNOWN
    if young == people:
        return AgeBand.YOUNG
    if not young:
        return AgeBand.ADULT
    return AgeBand.MOSTLY_YOUNG if 2 * young >= people else AgeBand.MOSTLY_ADULT


def sex_band(women: int | None, men: int | None) -> SexBand:
    """The band of a group by its girls and women, boys and men: even when each is at least 40 percent. None = not told.

    Rule F-71. Source: SCB, "På tal om kvinnor och män": 40-60 percent counts as an even division.
    Words: kön, flickor, pojkar, kvinnor, män, jämställdhet, sex.
    """
    if women is None or men is None or not women + men:
        return SexBand.UNKNOWN
    share = Fraction(women, women + men)
    if share < EVEN[0]:
        return SexBand.BOYS
    return SexBand.GIRLS if share > EVEN[1] else SexBand.EVEN


def used_share(used: Decimal, unused: Decimal) -> Decimal | None:
    """The part of the booked time that was used, 0-1; None where nothing has been noted.

    used: hours when the hirer came. unused: hours when nobody came, or that were cancelled late. What nobody has noted is in
    neither.

    Rule F-72. Source: issue "booked against used" (in Odense booked 89 percent, used 68 percent).
    Words: nyttjande, nyttjandegrad, bokat och använt, tomma tider, utilisation.
    """
    return used / (used + unused) if used + unused else None


def same_period_last_year(period: Period[date]) -> Period[date]:
    """The same days a year earlier, as many months of it; a 29 February becomes the 28th. ValueError without an end.

    Rule F-73. Source: acceptance Case 29.
    Words: förra året, samma period, jämförelse, skottdag, last year.
    """
    if period.until is None:
        raise ValueError("Only a period with an end can be compared.")
    last_day = same_day_last_year(period.until - timedelta(days=1))
    return Period(same_day_last_year(period.since), last_day + timedelta(days=1))


def change(now: Decimal, before: Decimal) -> Decimal | None:
    """How much more it is than before, as a share of before: 0.25 = a quarter more; None when there was nothing before.

    Rule F-74. Source: issue "comparison with the same period last year".
    Words: förändring, ökning, minskning, jämfört med förra året, change.
    """
    return (now - before) / before if before else None


def hidden_cells(people: Sequence[int | None]) -> frozenset[int]:
    """Which cells of a public table are not shown: those with fewer than 5 people, or with how many nobody knows.

    people: for each cell the largest number of people known to be in it at one time; 0 = the cell is empty, and shown. When
    just one cell would be hidden the smallest of the others is hidden too, because the sum would tell it.

    Rule F-75. Source: SCB, "Handbok i statistisk röjandekontroll": cells of fewer than five, with secondary suppression.
    Words: små tal, sekretess, dölj, färre än fem, röjande, small cells.
    """
    small = {index for index, count in enumerate(people) if count is None or 0 < count < FEWEST}
    others = [(count, index) for index, count in enumerate(people) if count and index not in small]
    if len(small) == 1 and others:
        small.add(min(others)[1])
    return frozenset(small)


def per_head(amount: Decimal, people: int) -> Decimal | None:
    """An amount shared by so many people, to two decimals; None when there is nobody. people: not negative.

    Rule F-76. Source: Karlskoga's purpose of support (equality); issue "kronor and hall hours per girl and boy".
    Words: per person, per flicka, per pojke, per medlem, jämställdhet.
    """
    if people < 0:
        raise ValueError("There are never fewer people than none.")
    return rounded(amount / people, ORE) if people else None
