"""Two forms, or two sets of answers to one form: what differs, and what can be taken over."""

from collections.abc import Mapping
from dataclasses import dataclass

from grants.rules.form_shape import Answer, Form, Kind, Question, questions_of
from grants.rules.reading import fault_of


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
    before = {question.key: question for question in questions_of(old)}
    after = {question.key: question for question in questions_of(new)}
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
    before = {question.key: question for question in questions_of(old)}
    copied: dict[str, Answer] = {}
    for question in questions_of(new):
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
        for question in questions_of(form)
        if before.get(question.key, "") != after.get(question.key, "")
    )
