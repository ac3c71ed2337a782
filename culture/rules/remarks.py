"""What people type about a class: numbers of persons are found also when a figure in them is wrong."""

import re

_LAST = r"(?:\d{4}|[A-Za-z]{2}\d{2})(?![\dA-Za-z])"
_LIKE = re.compile(rf"(?<!\d)(?:(?:19|20)\d\d(?P<month>\d\d)(?P<day>\d\d)[-+ ]?|\d\d(?P<m>\d\d)(?P<d>\d\d)[-+]){_LAST}")


def looks_like_personal_number(text: str) -> bool:
    """Whether *text* holds something written as a personal number: YYYYMMDD-NNNN, with or without the hyphen, or YYMMDD-NNNN.

    The day must be one of a calendar (61-91 in a co-ordination number); the check digit need not be right: a child whose number
    was mistyped is pointed out all the same. Temporary ones with letters ("20150709TF10") are found too.

    Rule C-84. Source: acceptance Case 25: the pattern is refused at entry; dataskyddslagen (2018:218) 3:10.
    Words: personnummer, anmärkning, fritext, elev, mönster, personal number.
    """
    return any(_is_day(match) for match in _LIKE.finditer(text))


def _is_day(match: re.Match[str]) -> bool:
    month, day = int(match["month"] or match["m"]), int(match["day"] or match["d"])
    return 1 <= month <= 12 and 1 <= (day - 60 if day > 60 else day) <= 31
