"""Numbers that people type: organisation number, giro and bank account; and the one they must not type in free text."""

import re
from datetime import date

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import luhn

_SEPARATORS = re.compile(r"[\s\u00a0\u2007\u2009\u202f.\u2010-\u2015\u2212-]+")
_PERSONAL = re.compile(
    r"(?<![0-9])(?P<century>1[89]|20)?(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    r"[ \u00a0]?[-+\u2010-\u2015\u2212]?[ \u00a0]?(?P<last>[0-9]{4})(?![0-9])"
)

# Words that say that what follows is somebody's number, up to the digits themselves.
_SAID_TO_BE_PERSONAL = re.compile(
    r"(personn|pers\.? ?nr|p-?nr|samordn|född|födelse|personal|born|henkilö)[^0-9]{0,30}$", re.IGNORECASE
)

CODES = ("number_not_digits", "number_wrong_length", "number_check_digit", "number_belongs_to_a_person", "iban_invalid")


class NumberRefused(ValueError):
    """A typed number that cannot be right; *code* is one of CODES, the sentence is made above the rules."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def organisation_number(text: str) -> str:
    """The ten digits of a Swedish organisation number, as stored.

    text: "802400-1234", "8024001234" or with the leading 16 of the authorities ("16802400-1234"). The check digit must hold, and
    the third digit be 2 or more: below it is a personal or co-ordination number, which is never an association's.
    Raises NumberRefused: number_not_digits, number_wrong_length, number_belongs_to_a_person, number_check_digit.

    Rule A-31. Source: lag (1974:174) om identitetsbeteckning för juridiska personer m.fl.; Skatteverket SKV 709.
    Words: organisationsnummer, orgnr, orgnummer, föreningens nummer.
    """
    digits = _digits(text)
    if len(digits) == 12 and digits.startswith("16"):
        digits = digits[2:]
    if len(digits) == 12 and contains_personal_number(digits):
        raise NumberRefused("number_belongs_to_a_person")
    if len(digits) != 10:
        raise NumberRefused("number_wrong_length")
    if digits[2] < "2":
        raise NumberRefused("number_belongs_to_a_person")
    return _checked(digits)


def organisation_number_text(number: str) -> str:
    """A stored organisation number as people read it: "802400-1234". number: ten digits.

    Rule A-32. Source: Skatteverket SKV 709 (a hyphen before the last four).
    Words: organisationsnummer, visa.
    """
    return f"{number[:-4]}-{number[-4:]}"


def bank_giro(text: str) -> str:
    """The seven or eight digits of a bank giro number, as stored. Raises NumberRefused (length, digits, check digit).

    Rule A-33. Source: Bankgirot, "Bankgironummer" (7-8 digits, check digit modulus 10).
    Words: bankgiro, bg, kontonummer, konto.
    """
    return _checked(_of_length(_digits(text), 7, 8))


def bank_giro_text(number: str) -> str:
    """A stored bank giro number as people read it: "5050-1055" or "123-4566".

    Rule A-34. Source: Bankgirot, "Bankgironummer" (a hyphen before the last four).
    Words: bankgiro, visa.
    """
    return f"{number[:-4]}-{number[-4:]}"


def plus_giro(text: str) -> str:
    """The two to eight digits of a plus giro number, as stored. Raises NumberRefused (length, digits, check digit).

    Rule A-35. Source: PlusGirot, "PlusGirokontonummer" (2-8 digits, check digit modulus 10).
    Words: plusgiro, pg, postgiro, konto.
    """
    return _checked(_of_length(_digits(text), 2, 8))


def plus_giro_text(number: str) -> str:
    """A stored plus giro number as people read it, in pairs from the right: "12 34 56-7".

    Rule A-36. Source: PlusGirot, "PlusGirokontonummer" (check digit after a hyphen, the rest in pairs).
    Words: plusgiro, visa.
    """
    stem = number[:-1]
    start = len(stem) % 2
    pairs = [stem[:start], *(stem[at : at + 2] for at in range(start, len(stem), 2))]
    return "\u00a0".join(pair for pair in pairs if pair) + f"-{number[-1]}"


def iban(text: str) -> str:
    """An IBAN without spaces and in capitals, as stored; country, length, bank code and check digits hold.

    Raises NumberRefused: iban_invalid.

    Rule A-37. Source: ISO 13616; SWIFT IBAN registry.
    Words: iban, bankkonto, kontonummer, konto.
    """
    try:
        return IBAN(_SEPARATORS.sub("", text).upper()).compact
    except SchwiftyException as wrong:
        raise NumberRefused("iban_invalid") from wrong


def iban_text(number: str) -> str:
    """A stored IBAN as people read it, in groups of four.

    Rule A-38. Source: ISO 13616 (print format).
    Words: iban, visa.
    """
    return "\u00a0".join(number[at : at + 4] for at in range(0, len(number), 4))


def contains_personal_number(text: str) -> bool:
    """Whether *text* holds what is a personal identity number or a co-ordination number: a real date and the right check digit.

    With or without century, hyphen, plus sign or a space: "19850709-9805", "850709 9805", "8507699802". A figure that only looks
    like one (an organisation number, a giro, a date) is let through. So are ten digits in a row that begin with 0, as a telephone
    number does ("0701234567"), unless a word before them says what they are ("personnummer 0701234567"): the years 2000-2009
    begin with 0 too, but in what associations write a telephone number is what such digits are.

    Rule A-39. Source: dataskyddslagen (2018:218) 3:10 (personal identity numbers only where clearly justified).
    Words: personnummer, samordningsnummer, fritext, personuppgift.
    """
    return any(_is_personal(match) and not _is_telephone(match) for match in _PERSONAL.finditer(text))


def _is_telephone(match: re.Match[str]) -> bool:
    bare = match[0].isdigit() and not match["century"]
    return bare and match[0].startswith("0") and not _SAID_TO_BE_PERSONAL.search(match.string[: match.start()])


def _is_personal(match: re.Match[str]) -> bool:
    # Not the personnummer package: it guesses the century from today's date, and a rule has no clock.
    year, month, day, last = match["year"], match["month"], int(match["day"]), match["last"]
    centuries = [match["century"]] if match["century"] else ["19", "20"]
    unknown_birthday = day == 60 or (
        day > 60 and month == "00"
    )  # co-ordination number of someone whose day of birth is not known
    return luhn.is_valid(f"{year}{month}{match['day']}{last}") and (
        unknown_birthday or any(_is_date(int(century + year), int(month), day - 60 if day > 60 else day) for century in centuries)
    )


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _digits(text: str) -> str:
    digits = _SEPARATORS.sub("", text)
    if not (digits.isascii() and digits.isdigit()):
        raise NumberRefused("number_not_digits")
    return digits


def _of_length(digits: str, shortest: int, longest: int) -> str:
    if not shortest <= len(digits) <= longest:
        raise NumberRefused("number_wrong_length")
    return digits


def _checked(digits: str) -> str:
    if not luhn.is_valid(digits):
        raise NumberRefused("number_check_digit")
    return digits
