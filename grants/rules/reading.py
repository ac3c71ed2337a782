"""Reading an answer: what was typed, what is wrong with it, and how it is kept after hand-in."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from associations.rules.numbers import contains_personal_number, organisation_number
from grants.rules.form_shape import NUMBERS, TEXTS, YES_OR_NO, Answer, Column, Fault, Kind, Pattern, Question, Row
from records.values import parse_day, parse_kronor, parse_whole_number

PATTERNS: Mapping[str, re.Pattern[str]] = {
    Pattern.EMAIL: re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+"),
    Pattern.PHONE: re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]"),
    Pattern.POSTCODE: re.compile(r"[1-9][0-9]{2} ?[0-9]{2}"),
    Pattern.WEB: re.compile(r"https?://[^\s/.]+(?:\.[^\s/.]+)+(?:/\S*)?", re.IGNORECASE),
}


class Unreadable(ValueError):
    """An answer that is not what the question asks for."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def is_given(answer: Answer | None) -> bool:
    """Whether anything was answered: an empty text, and a table of empty rows, is nothing.

    Rule GF-10. Source: house convention "forms accept what people in Sweden write".
    Words: besvarad, tomt svar.
    """
    if isinstance(answer, str):
        return bool(answer.strip())
    return any(any(cell.strip() for cell in row.values()) if isinstance(row, dict) else row for row in answer or ())


def fault_of(question: Question, answer: Answer | None) -> Fault | None:
    """What is wrong with *answer* as typed, or None. An empty answer is a fault only when the question is required.

    A file is never at fault here: its place is among the attachments.

    Rule G-72. Source: house convention "forms accept what people in Sweden write".
    Words: fel, saknas, obligatorisk, kontroll, validering.
    """
    if question.kind is Kind.FILE:
        return None
    if answer is None or not is_given(answer):
        return Fault.MISSING if question.required else None
    try:
        read(question, answer)
    except Unreadable as unreadable:
        return unreadable.fault
    return None


def read(question: Question, answer: Answer) -> Answer:
    """*answer* in the form it is kept after hand-in: amounts as "12000.50", days as ISO dates, texts without outer spaces.

    A table keeps its rows that hold anything, each cell read. ValueError when it cannot be read; ask fault_of first for the
    reason.

    Rule G-73. Source: house convention "forms accept what people in Sweden write".
    Words: tolka, svar, belopp, datum.
    """
    if question.kind is Kind.TABLE:
        return _table(question, answer)
    if question.kind is Kind.CHOICES:
        chosen = answer if isinstance(answer, list) else [answer]
        return [_choice(question, str(key)) for key in chosen]
    first = answer[0] if isinstance(answer, list) else answer
    text = str(first).strip()
    if question.kind in TEXTS:
        return _text(question, text)
    return _READERS[question.kind](question, text)


def row_faults(question: Question, answer: Answer) -> list[tuple[int, Column, Fault]]:
    """What is wrong in a table, cell by cell: number of the row from 1, column, fault.

    Rule GF-11. Source: house convention "errors beside the field".
    Words: tabell, rad, budget, fel.
    """
    found = []
    for number, row in enumerate(_rows(answer), start=1):
        for column in question.columns:
            try:
                _cell(column, row.get(column.key, "").strip())
            except Unreadable as unreadable:
                found.append((number, column, unreadable.fault))
    return found


def column_sum(answer: Answer, column: str) -> Decimal:
    """The sum of one column of a table, in kronor or pieces; what cannot be read counts as nothing.

    Rule GF-12. Source: scheme data: a budget as a table whose sums the calculation uses.
    Words: summa, budget, tabell, kolumn.
    """
    return sum((_number_in(row.get(column, "")) for row in _rows(answer)), Decimal(0))


def _number_in(text: str) -> Decimal:
    try:
        return parse_kronor(text)
    except ValueError:
        return Decimal(0)


def _rows(answer: Answer) -> list[Row]:
    return [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []


def _table(question: Question, answer: Answer) -> list[Row]:
    rows = [row for row in _rows(answer) if any(cell.strip() for cell in row.values())]
    if len(rows) > question.most_rows:
        raise Unreadable(Fault.TOO_MANY_ROWS)
    if row_faults(question, answer):
        raise Unreadable(Fault.IN_A_ROW)
    read_rows = [{column.key: _cell(column, row.get(column.key, "").strip()) for column in question.columns} for row in rows]
    if question.balance and len({column_sum(list(read_rows), key) for key in question.balance}) > 1:
        raise Unreadable(Fault.NOT_BALANCED)
    return read_rows


def _cell(column: Column, text: str) -> str:
    if not text:
        return ""
    if column.kind in NUMBERS:
        return (_amount if column.kind is Kind.AMOUNT else _number)(_FREE, text)
    if len(text) > 200:
        raise Unreadable(Fault.TOO_LONG)
    if contains_personal_number(text):
        raise Unreadable(Fault.PERSONAL_NUMBER)
    return text


def _text(question: Question, text: str) -> str:
    if len(text) > question.max_length:
        raise Unreadable(Fault.TOO_LONG)
    if len(text) < question.min_length:
        raise Unreadable(Fault.TOO_SHORT)
    if question.pattern == Pattern.ORGANISATION_NUMBER:
        return _parsed(organisation_number, text, Fault.NOT_THE_PATTERN)
    if contains_personal_number(text):
        raise Unreadable(Fault.PERSONAL_NUMBER)
    if question.pattern and PATTERNS[question.pattern].fullmatch(text) is None:
        raise Unreadable(Fault.NOT_THE_PATTERN)
    return text


def _choice(question: Question, text: str) -> str:
    if text not in (choice.key for choice in question.choices):
        raise Unreadable(Fault.NOT_A_CHOICE)
    return text


def _yes_no(question: Question, text: str) -> str:
    if text not in YES_OR_NO:
        raise Unreadable(Fault.NOT_A_CHOICE)
    return text


def _confirm(question: Question, text: str) -> str:
    if text != "yes":
        raise Unreadable(Fault.NOT_A_CHOICE)
    return text


def _amount(question: Question, text: str) -> str:
    amount = _parsed(parse_kronor, text, Fault.NOT_AN_AMOUNT)
    _within(amount, question, Decimal)
    return str(amount)


def _number(question: Question, text: str) -> str:
    number = _parsed(parse_whole_number, text, Fault.NOT_A_NUMBER)
    if not 0 <= number < 10**9:
        raise Unreadable(Fault.NOT_A_NUMBER)
    _within(Decimal(number), question, Decimal)
    return str(number)


def _day(question: Question, text: str) -> str:
    day = _parsed(parse_day, text, Fault.NOT_A_DAY)
    _within(day, question, date.fromisoformat)
    return day.isoformat()


Parsed = TypeVar("Parsed")


def _within(value: Parsed, question: Question, limit: Callable[[str], Parsed]) -> None:
    if question.at_least and value < limit(question.at_least):  # type: ignore[operator]
        raise Unreadable(Fault.TOO_SMALL)
    if question.at_most and value > limit(question.at_most):  # type: ignore[operator]
        raise Unreadable(Fault.TOO_LARGE)


def _parsed(parse: Callable[[str], Parsed], text: str, fault: Fault) -> Parsed:
    try:
        return parse(text)
    except ValueError:
        raise Unreadable(fault) from None


_FREE = Question("", "", Kind.TEXT)  # a cell has no limits of its own
_READERS = {
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.CONFIRM: _confirm,
    Kind.AMOUNT: _amount,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
}
