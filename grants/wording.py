"""Codes and answers as sentences: for pages, letters and exports alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from associations.choices import BoardRole
from grants.rules.questions import Answer, Fault, Form, Kind, Question, Seen, seen_questions
from records.values import kronor_text


def fault_sentence(question: Question, fault: Fault) -> str:
    """What is wrong with an answer and what to do about it."""
    if fault is Fault.TOO_LONG:
        return _("Shorten the text to at most %d characters.") % question.max_length
    if fault is Fault.MISSING and question.kind is Kind.CONFIRM:
        return _("Tick the box if this is true.")
    return {
        Fault.MISSING: _("Answer this question."),
        Fault.PERSONAL_NUMBER: _("Take away the personal identity number. We do not need it, and others may read this."),
        Fault.NOT_AN_AMOUNT: _("Write an amount in kronor, for example 12 000 or 12 000,50."),
        Fault.NOT_A_NUMBER: _("Write a whole number, for example 25."),
        Fault.NOT_A_DAY: _("Write the date with day, month and year, for example 4 December 2026 or 2026-12-04."),
        Fault.NOT_A_CHOICE: _("Choose one of the answers in the list."),
    }[fault]


def choice_label(question: Question, key: str) -> str:
    if question.kind in (Kind.YES_NO, Kind.CONFIRM):
        return {"yes": _("Yes"), "no": _("No")}.get(key, key)
    return next((choice.label for choice in question.choices if choice.key == key), key)


def shown_answer(question: Question, answer: Answer | None) -> str:
    """An answer as people read it; '' when there is none. What cannot be read is shown as it was typed."""
    if not answer:
        return ""
    if question.kind in (Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.CONFIRM):
        return ", ".join(choice_label(question, key) for key in ([answer] if isinstance(answer, str) else answer))
    text = answer if isinstance(answer, str) else ", ".join(answer)
    if question.kind is Kind.AMOUNT:
        return _amount(text)
    return _day(text) if question.kind is Kind.DAY else text


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
                if seen[question.key] is not Seen.HIDDEN
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
