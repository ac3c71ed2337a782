"""The application form as data: which questions are asked, what an answer must be, and how far a section has come.

A draft keeps every answer as it was typed; only here is it read. Codes, not sentences: forms turn them into words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from associations.rules.numbers import contains_personal_number
from records.values import parse_day, parse_kronor, parse_whole_number

Answer = str | list[str]


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
    PERSONAL_NUMBER = "personal_number"
    NOT_AN_AMOUNT = "not_an_amount"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DAY = "not_a_day"
    NOT_A_CHOICE = "not_a_choice"


@dataclass(frozen=True, slots=True)
class Condition:
    """A question is asked only when another one has been answered with *equals*."""

    question: str
    equals: str


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: str


YES_OR_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Question:
    """One question. max_length: characters, for texts. The question with key "asked" sets the amount applied for."""

    key: str
    label: str
    kind: Kind
    required: bool = True
    hint: str = ""
    max_length: int = 4000
    choices: tuple[Choice, ...] = ()
    shown_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form."""

    key: str
    title: str
    questions: tuple[Question, ...]
    hint: str = ""


Form = tuple[Section, ...]


def form_from_json(rows: Iterable[Mapping[str, Any]]) -> Form:
    """The form that a scheme version keeps as JSON, checked.

    ValueError, saying which key is wrong, when a key is missing or used twice, a kind is unknown, a choice question has fewer
    than two choices, or a condition points at a question that does not come earlier.

    Rule G-60. Source: house convention "schemes are data": the form belongs to the version it was published with.
    Words: formulär, frågor, avsnitt, form.
    """
    earlier: set[str] = set()
    section_keys: set[str] = set()
    sections = []
    for row in rows:
        questions = []
        for asked in row.get("questions", ()):
            question = _question(asked)
            if question.key in earlier:
                raise ValueError(f"Two questions have the key {question.key!r}.")
            if question.shown_if and question.shown_if.question not in earlier:
                raise ValueError(f"{question.key!r} depends on a question that does not come before it.")
            earlier.add(question.key)
            questions.append(question)
        key = str(row["key"])
        if key in section_keys:
            raise ValueError(f"Two sections have the key {key!r}.")
        section_keys.add(key)
        sections.append(Section(key, str(row["title"]), tuple(questions), str(row.get("hint", ""))))
    return tuple(sections)


def _question(row: Mapping[str, Any]) -> Question:
    kind = Kind(row["kind"])
    choices = tuple(Choice(str(choice["key"]), str(choice["label"])) for choice in row.get("choices", ()))
    if kind in (Kind.CHOICE, Kind.CHOICES) and len(choices) < 2:
        raise ValueError(f"{row['key']!r} needs at least two choices.")
    condition = row.get("shown_if")
    return Question(
        key=str(row["key"]),
        label=str(row["label"]),
        kind=kind,
        required=bool(row.get("required", True)),
        hint=str(row.get("hint", "")),
        max_length=int(row.get("max_length", 4000)),
        choices=choices,
        shown_if=Condition(str(condition["question"]), str(condition["equals"])) if condition else None,
    )


def seen_questions(form: Form, answers: Mapping[str, Answer]) -> dict[str, Seen]:
    """For each question, in order, whether it is asked given *answers*.

    Hidden when what it depends on is hidden or was answered otherwise; undetermined while that is unanswered or itself
    undetermined (Cases 14 and 15).

    Rule G-71. Source: acceptance cases 14 and 15 (conditional questions, also in chains).
    Words: villkor, följdfråga, dold fråga, visas om.
    """
    seen: dict[str, Seen] = {}
    for section in form:
        for question in section.questions:
            seen[question.key] = _seen(question.shown_if, seen, answers)
    return seen


def _seen(condition: Condition | None, seen: Mapping[str, Seen], answers: Mapping[str, Answer]) -> Seen:
    if condition is None:
        return Seen.SHOWN
    if seen[condition.question] is not Seen.SHOWN:
        return seen[condition.question]
    answer = answers.get(condition.question)
    if not answer:
        return Seen.UNDETERMINED
    chosen = answer if isinstance(answer, list) else [answer]
    return Seen.SHOWN if condition.equals in chosen else Seen.HIDDEN


def fault_of(question: Question, answer: Answer | None) -> Fault | None:
    """What is wrong with *answer* as typed, or None. An empty answer is a fault only when the question is required.

    Rule G-72. Source: house convention "forms accept what people in Sweden write".
    Words: fel, saknas, obligatorisk, kontroll, validering.
    """
    if not _given(answer):
        return Fault.MISSING if question.required else None
    try:
        read(question, answer or "")
    except _Unreadable as unreadable:
        return unreadable.fault
    return None


class _Unreadable(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def read(question: Question, answer: Answer) -> Answer:
    """*answer* in the form it is kept after hand-in: amounts as "12000.50", days as ISO dates, texts without outer spaces.

    ValueError when it cannot be read; ask fault_of first for the reason.

    Rule G-73. Source: house convention "forms accept what people in Sweden write".
    Words: tolka, svar, belopp, datum.
    """
    if question.kind is Kind.CHOICES:
        chosen = answer if isinstance(answer, list) else [answer]
        return [_choice(question, key) for key in chosen]
    text = (answer[0] if isinstance(answer, list) else answer).strip()
    if question.kind in (Kind.TEXT, Kind.LONG_TEXT):
        if len(text) > question.max_length:
            raise _Unreadable(Fault.TOO_LONG)
        if contains_personal_number(text):
            raise _Unreadable(Fault.PERSONAL_NUMBER)
        return text
    return _READERS[question.kind](question, text)


def _choice(question: Question, text: str) -> str:
    if text not in (choice.key for choice in question.choices):
        raise _Unreadable(Fault.NOT_A_CHOICE)
    return text


def _yes_no(question: Question, text: str) -> str:
    if text not in YES_OR_NO:
        raise _Unreadable(Fault.NOT_A_CHOICE)
    return text


def _confirm(question: Question, text: str) -> str:
    if text != "yes":
        raise _Unreadable(Fault.NOT_A_CHOICE)
    return text


def _amount(question: Question, text: str) -> str:
    return str(_parsed(parse_kronor, text, Fault.NOT_AN_AMOUNT))


def _number(question: Question, text: str) -> str:
    number = _parsed(parse_whole_number, text, Fault.NOT_A_NUMBER)
    if not 0 <= number < 10**9:
        raise _Unreadable(Fault.NOT_A_NUMBER)
    return str(number)


def _day(question: Question, text: str) -> str:
    return _parsed(parse_day, text, Fault.NOT_A_DAY).isoformat()


Parsed = TypeVar("Parsed")


def _parsed(parse: Callable[[str], Parsed], text: str, fault: Fault) -> Parsed:
    try:
        return parse(text)
    except ValueError:
        raise _Unreadable(fault) from None


_READERS = {
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.CONFIRM: _confirm,
    Kind.AMOUNT: _amount,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
}


def _given(answer: Answer | None) -> bool:
    return bool(answer.strip() if isinstance(answer, str) else answer)


def faults(form: Form, answers: Mapping[str, Answer]) -> dict[str, Fault]:
    """What stands in the way of handing in: question key -> fault, in the form's order; questions not asked are passed over.

    A question that cannot be decided yet is passed over too: what it depends on is named instead.

    Rule G-74. Source: acceptance cases 14 and 15.
    Words: saknas, fel, lämna in, sammanfattning.
    """
    seen = seen_questions(form, answers)
    found = {}
    for question in _questions(form):
        if seen[question.key] is Seen.SHOWN and (fault := fault_of(question, answers.get(question.key))):
            found[question.key] = fault
    return found


def handed_in_answers(form: Form, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers as they are kept after hand-in: those of questions that are asked, read; the hidden ones are gone (Case 14).

    An answer that cannot be read is kept as typed, so that nothing is lost.

    Rule G-75. Source: acceptance case 14.
    Words: svar, inlämnat, dolda svar.
    """
    seen = seen_questions(form, answers)
    kept: dict[str, Answer] = {}
    for question in _questions(form):
        answer = answers.get(question.key)
        if seen[question.key] is not Seen.SHOWN or answer is None or not _given(answer):
            continue
        kept[question.key] = answer if fault_of(question, answer) else read(question, answer)
    return kept


def progress_of(section: Section, form: Form, answers: Mapping[str, Answer]) -> Progress:
    """How far one section has come. Cannot start: everything in it waits for an answer elsewhere (Case 15).

    Rule G-76. Source: acceptance case 15; DESIGN "task list".
    Words: status, avsnitt, klar, påbörjad, kan inte börja.
    """
    seen = seen_questions(form, answers)
    shown = [question for question in section.questions if seen[question.key] is Seen.SHOWN]
    waiting = any(seen[question.key] is Seen.UNDETERMINED for question in section.questions)
    if not shown:
        return Progress.CANNOT_START if waiting else Progress.DONE
    if not any(_given(answers.get(question.key)) for question in shown):
        needed = any(question.required for question in shown)
        return Progress.NOT_STARTED if needed or waiting else Progress.DONE
    faulty = any(fault_of(question, answers.get(question.key)) for question in shown)
    return Progress.STARTED if faulty or waiting else Progress.DONE


@dataclass(frozen=True, slots=True)
class FormChange:
    """What differs between two forms, as question keys, in the order of the form they stand in."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    reworded: tuple[str, ...]


def form_change(old: Form, new: Form) -> FormChange:
    """What was added, dropped and reworded from *old* to *new*; a question keeps its identity by its key.

    Rule G-67. Source: acceptance case 16 ("offered upgrade listing dropped and added keys").
    Words: formulär, ändrat, ny fråga, borttagen fråga, förra året.
    """
    before = {question.key: question for question in _questions(old)}
    after = {question.key: question for question in _questions(new)}
    return FormChange(
        added=tuple(key for key in after if key not in before),
        dropped=tuple(key for key in before if key not in after),
        reworded=tuple(key for key, question in after.items() if key in before and before[key] != question),
    )


def copied_answers(old: Form, new: Form, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers of an earlier application that fit *new*: same key and kind, and still a choice that exists.

    Days, confirmations and the amount applied for are left out: they belong to the year they were written in.

    Rule G-68. Source: DOMAIN "what people complain about: ten working days of retyping because nothing can be copied".
    Words: kopiera, förra årets ansökan, copy.
    """
    before = {question.key: question for question in _questions(old)}
    copied: dict[str, Answer] = {}
    for question in _questions(new):
        answer = answers.get(question.key)
        if answer is None or question.key not in before or before[question.key].kind is not question.kind:
            continue
        if question.kind in (Kind.DAY, Kind.CONFIRM) or question.key == "asked" or fault_of(question, answer):
            continue
        copied[question.key] = answer
    return copied


@dataclass(frozen=True, slots=True)
class AnswerChange:
    question: Question
    before: Answer
    after: Answer


def answer_changes(form: Form, before: Mapping[str, Answer], after: Mapping[str, Answer]) -> tuple[AnswerChange, ...]:
    """The answers that differ, in the form's order; an empty text stands for no answer.

    Rule G-69. Source: acceptance case 20 ("diff shown").
    Words: skillnad, ändrat svar, komplettering, diff.
    """
    return tuple(
        AnswerChange(question, before.get(question.key, ""), after.get(question.key, ""))
        for question in _questions(form)
        if before.get(question.key, "") != after.get(question.key, "")
    )


def _questions(form: Sequence[Section]) -> list[Question]:
    return [question for section in form for question in section.questions]
