"""Codes and answers as sentences: for pages, letters and exports alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from associations.choices import BoardRole
from grants.rules.balances import named
from grants.rules.form_shape import Compares, Condition, Conditions, Pattern
from grants.rules.questions import Answer, Fault, Form, Kind, Question, Seen, column_sum, questions_of, seen_questions
from grants.rules.reading import row_faults
from records.values import kronor_text


def fault_sentence(question: Question, fault: Fault, answer: Answer | None = None) -> str:
    """What is wrong with an answer and what to do about it. answer: for a table, to say in which row."""
    if fault is Fault.MISSING and question.kind is Kind.CONFIRM:
        return _("Tick the box if this is true.")
    if fault in _LIMITS:
        return _limit_sentence(question, fault)
    if fault is Fault.NOT_THE_PATTERN:
        return _pattern_sentence(question)
    if question.kind is Kind.TABLE and fault is not Fault.MISSING:
        return _table_sentence(question, fault, answer or "")
    return {
        Fault.MISSING: _("Answer this question."),
        Fault.PERSONAL_NUMBER: _("Take away the personal identity number. We do not need it, and others may read this."),
        Fault.NOT_AN_AMOUNT: _("Write an amount in kronor, for example 12 000 or 12 000,50."),
        Fault.NOT_A_NUMBER: _("Write a whole number, for example 25."),
        Fault.NOT_A_DAY: _("Write the date with day, month and year, for example 4 December 2026 or 2026-12-04."),
        Fault.NOT_A_CHOICE: _("Choose one of the answers in the list."),
    }[fault]


_LIMITS = (Fault.TOO_LONG, Fault.TOO_SHORT, Fault.TOO_SMALL, Fault.TOO_LARGE)


def _limit_sentence(question: Question, fault: Fault) -> str:
    if fault is Fault.TOO_LONG:
        return _("Shorten the text to at most %d characters.") % question.max_length
    if fault is Fault.TOO_SHORT:
        return _("Write at least %d characters.") % question.min_length
    limit = question.at_least if fault is Fault.TOO_SMALL else question.at_most
    shown = {Kind.AMOUNT: _amount, Kind.DAY: _day}.get(question.kind, str)(limit)
    if question.kind is Kind.DAY:
        sentence = _("Write %s or a later date.") if fault is Fault.TOO_SMALL else _("Write %s or an earlier date.")
    else:
        sentence = _("Write at least %s.") if fault is Fault.TOO_SMALL else _("Write at most %s.")
    return sentence % shown


def _pattern_sentence(question: Question) -> str:
    return {
        Pattern.EMAIL: _("Write an e-mail address, for example namn@exempel.se."),
        Pattern.PHONE: _("Write a telephone number, for example 0586-123 45."),
        Pattern.POSTCODE: _("Write a postcode, for example 691 31."),
        Pattern.WEB: _("Write a web address that begins with https://."),
        Pattern.ORGANISATION_NUMBER: _("Write an organisation number with ten digits, for example 857500-1238."),
    }[Pattern(question.pattern)]


def _table_sentence(question: Question, fault: Fault, answer: Answer) -> str:
    if fault is Fault.TOO_MANY_ROWS:
        return _("Write at most %d rows.") % question.most_rows
    if fault is Fault.NOT_BALANCED:
        labels = {column.key: column.label for column in question.columns}
        sums = [f"{labels[key]} {_amount(str(column_sum(answer, key)))}" for key in question.balance]
        return _("The sums must be equal. Now they are: %s.") % ", ".join(sums)
    for number, column, wrong in row_faults(question, answer):
        cell = Question("", "", column.kind, max_length=200)
        return _("Row %(number)d, %(column)s: %(sentence)s") % {
            "number": number,
            "column": column.label,
            "sentence": fault_sentence(cell, wrong),
        }
    return _("Something in the table cannot be read.")


def condition_sentence(conditions: Conditions, questions: Sequence[Question]) -> str:
    """When a question is asked, for those who see all of them at once."""
    by_key = {question.key: question for question in questions}
    if isinstance(conditions, Condition) and conditions.compares is Compares.EQUALS:
        on = by_key[conditions.question]
        return _("Answer if you chose “%(answer)s” on “%(question)s”.") % {
            "answer": choice_label(on, conditions.value),
            "question": on.label,
        }
    return _("Answer if %s.") % conditions_text(conditions, by_key)


def conditions_text(conditions: Conditions, by_key: Mapping[str, Question]) -> str:
    """ "“Are you many?” is “Yes” and “How many?” is at least 5"."""
    if not isinstance(conditions, Condition):
        words = _(" and ") if conditions.every else _(" or ")
        return words.join(_inside(each, by_key) for each in conditions.of)
    on = by_key[conditions.question]
    sentence = {
        Compares.EQUALS: _("“%(question)s” is “%(value)s”"),
        Compares.IS_NOT: _("“%(question)s” is not “%(value)s”"),
        Compares.AT_LEAST: _("“%(question)s” is at least %(value)s"),
        Compares.AT_MOST: _("“%(question)s” is at most %(value)s"),
    }[conditions.compares]
    return sentence % {"question": on.label, "value": choice_label(on, conditions.value)}


def _inside(conditions: Conditions, by_key: Mapping[str, Question]) -> str:
    """A group within a group stands in brackets, so that "and" and "or" cannot be read together."""
    text = conditions_text(conditions, by_key)
    return text if isinstance(conditions, Condition) or len(conditions.of) == 1 else f"({text})"


def balance_names(question: Question, form: Form) -> tuple[str, str]:
    """What stands on each side of a question's balance: "Incomes, Kronor + How much do you apply for?"."""
    names = {}
    for each in questions_of(form):
        names[each.key] = each.label
        names |= {f"{each.key}.{column.key}": f"{each.label}, {column.label}" for column in each.columns}
    left, right = (" + ".join(_("“%s”") % names[name] for name in side) for side in (named(question).left, named(question).right))
    return left, right


def balance_hint(question: Question, form: Form) -> str:
    """What must sum to the same, told before anything is wrong."""
    left, right = balance_names(question, form)
    return _("%(left)s must come to as much as %(right)s.") % {"left": left, "right": right}


def balance_sentence(question: Question, form: Form, both_sides: tuple[Decimal, Decimal]) -> str:
    """What differs, and by how much."""
    figures = {"left": kronor_text(both_sides[0]), "right": kronor_text(both_sides[1])}
    difference = kronor_text(abs(both_sides[0] - both_sides[1]))
    now = _("Now it is %(left)s kr against %(right)s kr, %(difference)s kr apart.") % {**figures, "difference": difference}
    return f"{balance_hint(question, form)} {now}"


def choice_label(question: Question, key: str) -> str:
    if question.kind in (Kind.YES_NO, Kind.CONFIRM):
        return {"yes": _("Yes"), "no": _("No")}.get(key, key)
    return next((choice.label for choice in question.choices if choice.key == key), key)


def shown_answer(question: Question, answer: Answer | None) -> str:
    """An answer as people read it; '' when there is none. What cannot be read is shown as it was typed."""
    if not answer:
        return ""
    if question.kind is Kind.TABLE:
        return _shown_table(question, answer)
    if question.kind in (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.CONFIRM):
        keys = [answer] if isinstance(answer, str) else [str(key) for key in answer]
        return ", ".join(choice_label(question, key) for key in keys)
    text = answer if isinstance(answer, str) else ", ".join(map(str, answer))
    if question.kind is Kind.AMOUNT:
        return _amount(text)
    return _day(text) if question.kind is Kind.DAY else text


def _shown_table(question: Question, answer: Answer) -> str:
    """One line for each row, and the sums last."""
    lines = []
    for row in answer if isinstance(answer, list) else ():
        if isinstance(row, dict):
            cells = [(column, row.get(column.key, "")) for column in question.columns]
            lines.append(" · ".join(_shown_cell(column.label, column.kind, text) for column, text in cells if text))
    summed = [column for column in question.columns if column.kind is not Kind.TEXT]
    sums = " · ".join(_shown_cell(each.label, each.kind, str(column_sum(answer, each.key))) for each in summed)
    return "\n".join([*lines, *([_("Sum: %s") % sums] if sums else [])])


def _shown_cell(label: str, kind: Kind, text: str) -> str:
    return text if kind is Kind.TEXT else f"{label} {_amount(text) if kind is Kind.AMOUNT else text}"


def _amount(text: str) -> str:
    try:
        return f"{kronor_text(Decimal(text))}\u00a0kr"
    except InvalidOperation:
        return text


def _day(text: str) -> str:
    try:
        return date_format(date.fromisoformat(text), "j F Y")
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    question: Question
    text: str


@dataclass(frozen=True, slots=True)
class ShownSection:
    key: str
    title: str
    answers: tuple[ShownAnswer, ...]


def shown_sections(form: Form, answers: Mapping[str, Answer]) -> list[ShownSection]:
    """The whole form as it is read: every question that is asked, with its answer."""
    seen = seen_questions(form, answers)
    return [
        ShownSection(
            section.key,
            section.title,
            tuple(
                ShownAnswer(question, shown_answer(question, answers.get(question.key)))
                for question in section.questions
                if seen[question.key] is not Seen.HIDDEN and question.kind is not Kind.FILE
            ),
        )
        for section in form
    ]


def lateness_sentence(days: int, percent: Decimal | None) -> str:
    """How late, and what it costs, with the rule to read out on the telephone. percent None: too late to be considered."""
    if not days:
        return _("In time.")
    late = ngettext("%d day late", "%d days late", days) % days
    if percent is None:
        return _("%(days)s: too late to be considered (rule G-07).") % {"days": late}
    return _("%(days)s: the grant is reduced by %(percent)s %% (rule G-07).") % {
        "days": late,
        "percent": kronor_text(percent),
    }


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One thing the register says. source: where it comes from and when it was read or counted."""

    label: str
    text: str
    source: str


def fact_rows(facts: Mapping[str, Any]) -> list[ShownFact]:
    """The facts of an application as they are read, each with its source."""
    if not facts:
        return []
    register = _("The association register, %s") % _day(facts["as_of"])
    missing = _("not stated")
    rows = [
        ShownFact(_("Association"), facts["name"], register),
        ShownFact(_("Organisation number"), facts["organisation_number"], register),
        ShownFact(_("Category"), facts["category"] or missing, register),
        ShownFact(_("Membership fee"), _amount(facts["membership_fee"]) if facts["membership_fee"] else missing, register),
        ShownFact(_("Board"), _board(facts["board_roles"]) or missing, register),
        ShownFact(_("Bank account"), _account(facts.get("account")) or missing, register),
    ]
    if "members" in facts:
        counted = _("The members in figures, counted on %s") % _day(facts["members_counted_on"])
        rows.append(ShownFact(_("Active members"), str(facts["active_members"]), counted))
        rows.append(ShownFact(_("Members"), _members(facts["members"]), counted))
    else:
        rows.append(ShownFact(_("Members"), missing, register))
    return rows


def _board(roles: list[str]) -> str:
    return ", ".join(str(BoardRole(role).label) for role in roles)


def _account(account: Mapping[str, Any] | None) -> str:
    if not account:
        return ""
    state = _("checked %s") % _day(account["verified_on"]) if account["verified_on"] else _("not checked yet")
    return f"{account['text']} ({state})"


def _members(rows: list[dict[str, Any]]) -> str:
    """ "84 in all: 7–12 years 30, 13–20 years 54; 61 live in the municipality"."""
    bands: dict[tuple[int, int | None], int] = {}
    for row in rows:
        band = (row["age_from"], row["age_to"])
        bands[band] = bands.get(band, 0) + row["count"]
    parts = [
        (_("%d years and older") % first if last is None else _("%(first)d–%(last)d years") % {"first": first, "last": last})
        + f" {count}"
        for (first, last), count in sorted(bands.items())
    ]
    at_home = sum(row["count"] for row in rows if row["at_home"])
    return _("%(total)d in all: %(bands)s; %(at_home)d live in the municipality") % {
        "total": sum(bands.values()),
        "bands": ", ".join(parts),
        "at_home": at_home,
    }
