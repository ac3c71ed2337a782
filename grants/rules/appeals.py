"""Appeals of decisions (laglighetsprövning): in time or not, and when a decision can no longer be appealed."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    NOT_ANNOUNCED = "not_announced"  # the time to appeal has not begun
    OPEN = "open"  # it can be appealed
    APPEALED = "appealed"  # a court tries it
    FINAL = "final"  # it has gained legal force


def is_in_time(lodged_on: date, appeal_until: date | None) -> bool:
    """Whether an appeal came in time. appeal_until: the last day, inclusive; None = the notice is not up, and time has not begun.

    Rule GP-11. Source: kommunallagen (2017:725) 13:5 (three weeks from the notice); Case 44.
    Words: överklagande, i tid, sista dag, anslagstavla, laglighetsprövning.
    """
    return appeal_until is None or lodged_on <= appeal_until


def standing(appeal_until: date | None, pending: Sequence[date], day: date) -> Standing:
    """Where a decision stands on a day. pending: the days on which appeals that are not settled came in.

    Rule GP-12. Source: kommunallagen (2017:725) 13:5 and 13:14-15; Case 44.
    Words: laga kraft, överklagad, överklagandetid, vunnit laga kraft.
    """
    if any(is_in_time(lodged_on, appeal_until) for lodged_on in pending):
        return Standing.APPEALED
    if appeal_until is None:
        return Standing.NOT_ANNOUNCED
    return Standing.OPEN if day <= appeal_until else Standing.FINAL
