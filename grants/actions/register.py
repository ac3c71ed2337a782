"""What the association register says, in the shape an application freezes at hand-in."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from associations import standing
from associations.choices import DocumentKind, DocumentStatus
from associations.models import Association, MemberFigures
from associations.rules.members import MemberCount
from grants.rules.form_shape import CHOSEN, NUMBERS, Answers, Form
from grants.rules.questions import Seen, column_sum, questions_of, seen_questions
from records.models import StoredFile


def facts_of(association: Association, day: date) -> dict[str, Any]:
    """What we know of the association, as JSON; no personal data.

    as_of: the day it was read. members: figures by band as grants.actions.register.members_from reads them, with the year and
    the day they were counted. board_roles: keys of the seats that are filled. account: as people read it, with the day an
    officer verified it.
    """
    facts: dict[str, Any] = {
        "as_of": day.isoformat(),
        "name": association.name,
        "organisation_number": association.number_with_hyphen,
        "category": association.category.name if association.category else "",
        "category_key": association.category.key if association.category else "",
        "activity": association.activity.name if association.activity else "",
        "membership_fee": str(association.membership_fee) if association.membership_fee is not None else None,
        "board_roles": sorted(set(association.board.in_office(day).values_list("role", flat=True))),
    }
    account = association.bank_accounts.current().first()
    if account is not None:
        verified = account.verified_at.date().isoformat() if account.verified_at else None
        facts["account"] = {"text": str(account), "verified_on": verified}
    figures = (
        MemberFigures.objects.confirmed()
        .filter(association=association, year__lte=day.year)
        .prefetch_related("counts__age_band")
        .order_by("-year")
        .first()
    )
    if figures is not None:
        facts |= _member_facts(figures)
    return facts


def _member_facts(figures: MemberFigures) -> dict[str, Any]:
    return {
        "members_year": figures.year,
        "members_counted_on": figures.as_of.isoformat(),
        "active_members": figures.active,
        "members": [
            {
                "age_from": row.age_band.first_age,
                "age_to": row.age_band.last_age,
                "count": row.count,
                "sex": row.sex,
                "at_home": row.lives_here,
            }
            for row in figures.counts.all()
            if row.count
        ],
    }


def members_from(facts: dict[str, Any]) -> tuple[MemberCount, ...]:
    """The members in an application's frozen facts, for the calculation."""
    return tuple(MemberCount(**row) for row in facts.get("members", ()))


def quantities_from(form: Form, answers: Answers) -> dict[str, Decimal]:
    """The amounts and numbers of a handed-in application, by question key, for the calculation.

    A table gives the sum of each of its columns as "key.column". What was not asked is 0; what was asked and not answered is
    left out, so that nothing is guessed. "asked" is called "requested".
    """
    quantities: dict[str, Decimal] = {}
    seen = seen_questions(form, answers)
    for question in questions_of(form):
        answer = answers.get(question.key)
        summed = [column.key for column in question.columns if column.kind in NUMBERS]
        if question.kind not in NUMBERS and not summed:
            continue
        if seen[question.key] is Seen.HIDDEN:
            quantities |= {name: Decimal(0) for name in [question.key, *(f"{question.key}.{key}" for key in summed)]}
        elif answer:
            quantities |= {f"{question.key}.{key}": column_sum(answer, key) for key in summed}
            if not summed:
                quantities["requested" if question.key == "asked" else question.key] = Decimal(str(answer))
    return quantities


def choices_from(form: Form, answers: Answers) -> dict[str, tuple[str, ...]]:
    """What was chosen, by question key; nothing chosen, and a question that was not asked, is an empty tuple."""
    chosen: dict[str, tuple[str, ...]] = {}
    for question in questions_of(form):
        if question.kind in CHOSEN:
            answer = answers.get(question.key, ())
            chosen[question.key] = (answer,) if isinstance(answer, str) else tuple(map(str, answer))
    return chosen


def standing_of(association: Association, day: date, requirements: Collection[str]) -> list[dict[str, Any]]:
    """The scheme's requirements on this association as JSON, met or not, with their words as they were."""
    return standing.of(association, day).as_json(only=requirements) if requirements else []


def documents_of(association: Association, day: date) -> dict[str, StoredFile]:
    """The yearly documents that hold on *day*, accepted or waiting to be: kind -> file. Statutes hold whatever their year."""
    years = standing.document_years(association, day, standing.asked_on(day).document_months)
    rows = association.documents.filter(status__in=[DocumentStatus.ACCEPTED, DocumentStatus.HANDED_IN])
    known: dict[str, StoredFile] = {}
    for row in rows.select_related("file").order_by("year"):
        if row.kind == DocumentKind.STATUTES or row.year == years[row.kind]:
            known[row.kind] = row.file
    return known
