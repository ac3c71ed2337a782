"""The application form as data: which questions are asked, what stands in the way of handing in, how far a section has come.

A draft keeps every answer as it was typed; only grants.rules.reading reads it. Codes, not sentences: forms turn them into words.
"""

from collections.abc import Mapping

from grants.rules.balances import sides
from grants.rules.conditions import both, seen_if
from grants.rules.form_changes import AnswerChange, FormChange, answer_changes, copied_answers, form_change
from grants.rules.form_json import FormNotReadable, form_from_json
from grants.rules.form_shape import (
    YES_OR_NO,
    Answer,
    Choice,
    Condition,
    Fault,
    Form,
    Kind,
    Progress,
    Question,
    Section,
    Seen,
    questions_of,
)
from grants.rules.reading import column_sum, fault_of, is_given, read

__all__ = [
    "YES_OR_NO",
    "Answer",
    "AnswerChange",
    "Choice",
    "Condition",
    "Fault",
    "Form",
    "FormChange",
    "FormNotReadable",
    "Kind",
    "Progress",
    "Question",
    "Section",
    "Seen",
    "answer_changes",
    "asked_files",
    "column_sum",
    "copied_answers",
    "fault_in",
    "fault_of",
    "faults",
    "form_change",
    "form_from_json",
    "handed_in_answers",
    "is_hidden",
    "progress_of",
    "questions_of",
    "read",
    "seen_questions",
]


def seen_questions(form: Form, answers: Mapping[str, Answer]) -> dict[str, Seen]:
    """For each question, in order, whether it is asked given *answers*: the one place where conditions are judged.

    Hidden when its conditions, or those of its section, are false; undetermined while they are not known (Cases 14 and 15).

    Rule G-71. Source: acceptance cases 14 and 15 (conditional questions, also in chains).
    Words: villkor, följdfråga, dold fråga, visas om.
    """
    seen: dict[str, Seen] = {}
    for section in form:
        of_section = seen_if(section.shown_if, seen, answers)
        for question in section.questions:
            seen[question.key] = both(of_section, seen_if(question.shown_if, seen, answers))
    return seen


def asked_files(form: Form, answers: Mapping[str, Answer]) -> list[Question]:
    """The files that are asked for, given the answers so far.

    Rule GF-21. Source: acceptance case 14: what is not asked is not required, files too.
    Words: bilaga, fil, villkor.
    """
    seen = seen_questions(form, answers)
    return [each for each in questions_of(form) if each.kind is Kind.FILE and seen[each.key] is Seen.SHOWN]


def is_hidden(section: Section, form: Form, answers: Mapping[str, Answer]) -> bool:
    """Whether a section is not asked at all, because every question in it is hidden.

    Rule GF-22. Source: acceptance case 14.
    Words: avsnitt, dolt, visas inte.
    """
    seen = seen_questions(form, answers)
    return bool(section.questions) and all(seen[question.key] is Seen.HIDDEN for question in section.questions)


def faults(form: Form, answers: Mapping[str, Answer]) -> dict[str, Fault]:
    """What stands in the way of handing in: question key -> fault, in the form's order; questions not asked are passed over.

    A question that cannot be decided yet is passed over too: what it depends on is named instead.

    Rule G-74. Source: acceptance cases 14 and 15.
    Words: saknas, fel, lämna in, sammanfattning.
    """
    seen = seen_questions(form, answers)
    found = {}
    for question in questions_of(form):
        if seen[question.key] is Seen.SHOWN and (fault := fault_in(question, form, answers, seen)):
            found[question.key] = fault
    return found


def fault_in(question: Question, form: Form, answers: Mapping[str, Answer], seen: Mapping[str, Seen]) -> Fault | None:
    """What is wrong with the answer to one question, by itself and together with the others.

    Rule GF-23. Source: scheme data: "the budget must balance", also over several tables.
    Words: fel, budget, balans, går inte jämnt upp.
    """
    if fault := fault_of(question, answers.get(question.key)):
        return fault
    both_sides = sides(question, form, answers, seen)
    return Fault.SIDES_DIFFER if both_sides is not None and both_sides[0] != both_sides[1] else None


def handed_in_answers(form: Form, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers as they are kept after hand-in: those of questions that are asked, read; the hidden ones are gone (Case 14).

    An answer that cannot be read is kept as typed, so that nothing is lost.

    Rule G-75. Source: acceptance case 14.
    Words: svar, inlämnat, dolda svar.
    """
    seen = seen_questions(form, answers)
    kept: dict[str, Answer] = {}
    for question in questions_of(form):
        answer = answers.get(question.key)
        if seen[question.key] is not Seen.SHOWN or answer is None or not is_given(answer):
            continue
        kept[question.key] = answer if fault_of(question, answer) else read(question, answer)
    return kept


def progress_of(section: Section, form: Form, answers: Mapping[str, Answer]) -> Progress:
    """How far one section has come. Cannot start: everything in it waits for an answer elsewhere (Case 15).

    Rule G-76. Source: acceptance case 15; DESIGN "task list".
    Words: status, avsnitt, klar, påbörjad, kan inte börja.
    """
    seen = seen_questions(form, answers)
    shown = [each for each in section.questions if seen[each.key] is Seen.SHOWN and each.kind is not Kind.FILE]
    waiting = any(seen[question.key] is Seen.UNDETERMINED for question in section.questions)
    if not shown:
        return Progress.CANNOT_START if waiting else Progress.DONE
    if not any(is_given(answers.get(question.key)) for question in shown):
        needed = any(question.required for question in shown)
        return Progress.NOT_STARTED if needed or waiting else Progress.DONE
    faulty = any(fault_in(question, form, answers, seen) for question in shown)
    return Progress.STARTED if faulty or waiting else Progress.DONE
