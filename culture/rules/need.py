"""What a class is owed: one visit this year, and one for each year that was missed and not made good."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from culture.rules.coverage import Count, Visit, VisitState
from culture.rules.years import SchoolYear

HALF = Fraction(1, 2)


class Past(StrEnum):
    """How an earlier school year ended for a class. Its figure never changes; that it was made good is told beside it."""

    FULFILLED = "fulfilled"
    PARTLY = "partly"
    MISSED = "missed"  # not made good
    MADE_GOOD = "made_good"


@dataclass(frozen=True, slots=True)
class YearRecord:
    """An earlier school year of the pupils that are a class now. made_good: by a later visit declared to catch it up."""

    year: SchoolYear
    count: Count
    made_good: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """Visits a class is owed in a year. owed: 1 + the years to catch up. had: of this year and declared to catch up."""

    missed: tuple[SchoolYear, ...]
    owed: int
    had: int

    @property
    def left(self) -> int:
        return max(0, self.owed - self.had)


def past_year(record: YearRecord, missed_below: Fraction = HALF) -> Past:
    """How a year ended. missed_below: below this share reached the year counts as missed for the class, 0-1 (a policy).

    Rule C-26. Source: acceptance Case 26: 0/25 stays for ever, with "ej ersatt".
    Words: ersatt, ej ersatt, missat, tidigare läsår, catch up.
    """
    if record.count.fulfilled:
        return Past.FULFILLED
    if record.count.reached >= missed_below * record.count.enrolled and record.count.reached:
        return Past.PARTLY
    return Past.MADE_GOOD if record.made_good else Past.MISSED


def need_of(
    past: Iterable[YearRecord],
    had_this_year: bool,
    caught_up: int = 0,
    missed_below: Fraction = HALF,
    most_years: int | None = None,
) -> Need:
    """What a class is owed: this year's visit, and one for each earlier year that was missed and not made good before this year.

    had_this_year: some visit has counted this year. caught_up: visits of this year declared to catch up an earlier one, whose
    records are not yet marked made good. most_years: at most so many are caught up, the latest first; None = all.

    Rule C-27. Source: acceptance Case 26: need 2, one visit, 1 left.
    Words: behov, ta igen, ersätta, catch up, need.
    """
    missed = sorted((each.year for each in past if past_year(each, missed_below) is Past.MISSED), reverse=True)
    kept = tuple(missed if most_years is None else missed[:most_years])
    return Need(kept, 1 + len(kept), int(had_this_year) + min(caught_up, len(kept)))


def same_event_twice(klass: str, event: str, booked: Collection[tuple[str, str]]) -> bool:
    """Whether a class is booked to an event already. booked: (class, event) of what stands, each class by its id in the register.

    Which class is meant is settled before: "5 a" and "5A" of one school are the same row of the register.

    Rule C-28. Source: acceptance Case 44.
    Words: dubbelbokning, samma klass, två gånger, double.
    """
    return (klass, event) in booked


def is_activity_only(visit: Visit) -> bool:
    """Whether a confirmed visit is listed as an activity without counting: the event is not professional.

    Rule C-29. Source: acceptance Case 40: an own concert, "Prova på Kulturskolan".
    Words: aktivitet, inte professionell, egen konsert, activity.
    """
    return visit.state is VisitState.CONFIRMED and not visit.professional
