"""What an application form is made of: sections of questions, what an answer may be, and when a question is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Row = dict[str, str]  # one row of a table: column key -> what was typed
Answer = str | list[str] | list[Row]


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    AMOUNT = "amount"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    CONFIRM = "confirm"  # a box that must be ticked when it is required
    TABLE = "table"
    FILE = "file"  # a heading among the attachments, asked for only when the question is


CHOSEN = (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO)  # what a condition can be put on, besides numbers
NUMBERS = (Kind.AMOUNT, Kind.NUMBER)
IN_COLUMNS = (Kind.TEXT, Kind.AMOUNT, Kind.NUMBER)
TEXTS = (Kind.TEXT, Kind.LONG_TEXT)


class Seen(StrEnum):
    """Whether a question is asked, given the answers so far."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    UNDETERMINED = "undetermined"


class Progress(StrEnum):
    CANNOT_START = "cannot_start"
    NOT_STARTED = "not_started"
    STARTED = "started"
    DONE = "done"


class Fault(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    PERSONAL_NUMBER = "personal_number"
    NOT_AN_AMOUNT = "not_an_amount"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DAY = "not_a_day"
    NOT_A_CHOICE = "not_a_choice"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_THE_PATTERN = "not_the_pattern"
    IN_A_ROW = "in_a_row"
    TOO_MANY_ROWS = "too_many_rows"
    NOT_BALANCED = "not_balanced"
    SIDES_DIFFER = "sides_differ"


class Pattern(StrEnum):
    """The safe list of what a short text can be required to look like."""

    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    WEB = "web"
    ORGANISATION_NUMBER = "organisation_number"


class Compares(StrEnum):
    """How a condition compares an answer with its value."""

    EQUALS = "equals"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something about the answer to an earlier question."""

    question: str
    value: str
    compares: Compares = Compares.EQUALS


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that must all hold (every), or of which one must."""

    every: bool
    of: tuple["Condition | Group", ...]


Conditions = Condition | Group


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. Amounts and numbers are summed, and the calculation may use the sum."""

    key: str
    label: str
    kind: Kind = Kind.TEXT


THIS = "this"  # what a balance calls the question it stands on


@dataclass(frozen=True, slots=True)
class Balance:
    """Amounts anywhere in the form that must sum to the same on both sides.

    left, right: a question's key, or the key of a table and one of its columns ("costs.kronor"); "this" and "this.kronor" are
    the question that the balance stands on. The others come before it.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]


YES_OR_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. The question with key "asked" sets the amount applied for.

    min_length, max_length: characters, for texts. pattern: for short texts; "" = anything. at_least, at_most: as an answer is
    kept ("1000", "2026-01-31"), for amounts, numbers and days; "" = no limit. columns: of a table; balance: two of them whose
    sums must be equal. balances: what must sum to the same over several questions. most_rows: of a table.
    """

    key: str
    label: str
    kind: Kind
    required: bool = True
    hint: str = ""
    max_length: int = 4000
    choices: tuple[Choice, ...] = ()
    shown_if: Conditions | None = None
    min_length: int = 0
    pattern: str = ""
    at_least: str = ""
    at_most: str = ""
    columns: tuple[Column, ...] = ()
    balance: tuple[str, ...] = ()
    balances: Balance | None = None
    most_rows: int = 20


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form."""

    key: str
    title: str
    questions: tuple[Question, ...]
    hint: str = ""
    shown_if: Conditions | None = None


Form = tuple[Section, ...]
Answers = Mapping[str, Answer]


def questions_of(form: Sequence[Section]) -> list[Question]:
    """Every question of the form, in order.

    Rule GF-20. Source: house convention "schemes are data".
    Words: frågor, formulär.
    """
    return [question for section in form for question in section.questions]
