"""Personal identity numbers in files of attendance: read for birth year and sex, and never shown."""

import re
from dataclasses import dataclass
from datetime import date

from stdnum import luhn

FEMALE, MALE = "female", "male"
_NUMBER = re.compile(r"(?P<day>(?:18|19|20)[0-9]{6}|[0-9]{6})(?P<sign>[-+]?)(?P<last>[0-9]{4}|[A-Z][0-9]{3}|[XxTt*]{4})?")
_LIKE_ONE = re.compile(r"(?<![0-9])((?:18|19|20)?[0-9]{6})[ ]?[-+\u2010-\u2015\u2212]?[ ]?([0-9A-Za-z]{1}[0-9]{3})(?![0-9])")
_SPACE = re.compile(r"[\s\u00a0\u200b\ufeff.]+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")


class IdentityRefused(ValueError):
    """What stands where the personal number should be cannot be read. code: in CODES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


CODES = ("identity_missing", "identity_unreadable", "identity_no_such_day", "identity_in_the_future")


@dataclass(frozen=True, slots=True)
class Identity:
    """What is kept of a personal number. number: twelve digits, only to make a keyed hash of; "" when it is a birth date.

    doubtful: the check digit does not hold. The person was there all the same: they count, and the association is told.
    """

    born: int
    sex: str
    number: str
    doubtful: bool = False


def identity(text: str, on: date) -> Identity:
    """What a personal identity number says: birth year, sex, and the whole number in twelve digits.

    text: "19980315-8515", "980315-8515", a co-ordination number (day + 60), or a birth date alone ("19980315", also followed by
    0000, XXXX or ****), which gives neither sex nor number. on: a day after the birth, the session's or the import's; of two
    digits the century is the latest that is not later, one hundred years earlier with a plus sign.
    Raises IdentityRefused: identity_missing, identity_unreadable, identity_no_such_day, identity_in_the_future.

    Rule A-58. Source: folkbokföringslagen (1991:481) 18 §; lag (2022:1697) om samordningsnummer; DAK 2.2 (twelve digits).
    Words: personnummer, samordningsnummer, födelsedatum, kön, ålder.
    """
    bare = _DASHES.sub("-", _SPACE.sub("", text)).upper()
    if not bare or not bare.strip("0-"):
        raise IdentityRefused("identity_missing")
    match = _NUMBER.fullmatch(bare)
    if match is None:
        raise IdentityRefused("identity_unreadable")
    digits, last = match["day"], match["last"] or ""
    year = _year(digits, plus=match["sign"] == "+", on=on)
    known = last.isdigit() and last != "0000"
    _check_day(year, int(digits[-4:-2]), int(digits[-2:]), known=known)
    if year > on.year:
        raise IdentityRefused("identity_in_the_future")
    if not known:
        return Identity(year, "", "")
    doubtful = not luhn.is_valid(digits[-6:] + last)
    return Identity(year, MALE if int(last[2]) % 2 else FEMALE, f"{year}{digits[-4:]}{last}", doubtful)


def masked(text: str) -> str:
    """*text* with everything that looks like a personal number but its year taken out: "1998••••-••••".

    Rule A-59. Source: dataskyddslagen (2018:218) 3:10; receivers of DAK files show what was wrong, never whose.
    Words: personnummer, dölja, maskera, felrapport, import.
    """
    return _LIKE_ONE.sub(lambda match: f"{match[1][:-4]}••••-••••", text)


def _year(digits: str, *, plus: bool, on: date) -> int:
    if len(digits) == 8:
        return int(digits[:4])
    year = on.year - on.year % 100 + int(digits[:2])
    if year > on.year:
        year -= 100
    return year - 100 if plus else year


def _check_day(year: int, month: int, day: int, *, known: bool) -> None:
    if known and day > 60:
        day -= 60  # a co-ordination number
        if month == 0:
            return  # of somebody whose day of birth is not known
    if known and day == 60:
        return
    try:
        date(year, month, day)
    except ValueError:
        raise IdentityRefused("identity_no_such_day") from None
