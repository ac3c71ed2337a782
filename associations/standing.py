"""Standing: what the register knows of associations, gathered for the rules, and what the rules found.

Between the models and the permissions (docs/decisions): it reads rows and asks the rules; pages and the rooms above ask it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate

from associations import wording
from associations.choices import LOOKS_BACK, DocumentKind, DocumentStatus, YearStep
from associations.models import (
    Association,
    Attendance,
    BankAccount,
    BoardMember,
    Category,
    DialogueMeeting,
    MemberFigures,
    RecordCheck,
    Requirement,
    YearlyConfirmation,
    YearlyDocument,
)
from associations.models import Dispensation as DispensationRow
from associations.rules import standing as rules
from associations.rules.facts import AssociationFacts, BoardSeat, Dispensation, Requirements
from associations.rules.finding import Finding
from records.values import Period, months_after

# The steps whose confirmation makes the year's facts confirmed; documents and account have requirements of their own.
CONFIRMED_STEPS = frozenset({YearStep.CONTACT, YearStep.BOARD, YearStep.MEMBERS, YearStep.RECORD_CHECKS})
_DAYS_OF_STATE_SUPPORT = 365


@dataclass(frozen=True, slots=True)
class Standing:
    """Every requirement of one association on one day, met or not."""

    association: Association
    day: date
    facts: AssociationFacts
    findings: tuple[Finding, ...]

    @property
    def met(self) -> bool:
        return all(self.findings)

    @property
    def number_met(self) -> int:
        return sum(1 for finding in self.findings if finding)

    @property
    def unmet(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For a page: title, sentence, rule, met, dispensed."""
        return [
            {
                "rule": finding.rule,
                "title": wording.title(finding.rule),
                "sentence": wording.sentence(finding),
                "met": finding.met,
                "dispensed": finding.dispensed_through is not None,
            }
            for finding in self.findings
        ]

    def as_json(self, only: Collection[str] = ()) -> list[dict[str, Any]]:
        """To be frozen with an application; only: these rules, none named = all."""
        return [as_json(finding) for finding in self.findings if not only or finding.rule in only]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the municipality asks on one day: the rules' input, and when documents begin to be asked for."""

    requirements: Requirements
    document_months: int  # months into the operating year before the year's documents are asked for


def of(association: Association, day: date | None = None) -> Standing:
    """The standing of one association on *day* (today). 11 queries."""
    return of_many([association], day)[association.pk]


def of_many(associations: Iterable[Association], day: date | None = None) -> dict[int, Standing]:
    """The standing of several associations, by id: 11 queries however many they are (one more without category selected)."""
    day, found = day or localdate(), list(associations)
    asked = asked_on(day)
    facts = facts_of_many(found, day, asked)
    return {
        each.pk: Standing(each, day, facts[each.pk], rules.standing(facts[each.pk], asked.requirements, day)) for each in found
    }


def requirements_on(day: date) -> Requirements:
    """What the municipality asks of associations on *day*. Three queries."""
    return asked_on(day).requirements


def asked_on(day: date) -> Asked:
    """Three queries: requirements in force, categories, this year's dialogue meetings."""
    rows = {row.rule: row for row in Requirement.objects.in_force(day)}
    categories = frozenset(Category.objects.values_list("key", flat=True))
    held = DialogueMeeting.objects.filter(held_on__year=day.year).order_by("-held_on").values_list("held_on", flat=True).first()

    def number(rule: str) -> int:
        return (rows[rule].number or 0) if rule in rows else 0

    def keys(rule: str) -> list[str]:
        return rows[rule].keys if rule in rows else []

    requirements = Requirements(
        members_needed=number("A-04"),
        fee_needed=Decimal(number("A-06")),
        board_roles=tuple(keys("A-07")),
        home_share=Decimal(number("A-10")),
        record_months=number("A-11") or 12,
        dialogue_on=held,
        categories=frozenset(keys("A-13")) or categories,
        kinds_excluded=frozenset(keys("A-14")),
        months_old=number("A-15"),
        documents=tuple(keys("A-16")),
        dispensable=frozenset(rule for rule, row in rows.items() if row.dispensable),
        dispensation_months=number("A-20") or 12,
        left_out=frozenset(wording.TITLES) - frozenset(rows),
    )
    return Asked(requirements, number("A-16"))


def document_years(association: Association, day: date, months: int) -> dict[str, int]:
    """kind -> the operating year that a document of that kind is to be about on *day*: reports look back, plans look ahead.

    months: how far into its operating year an association is before the year's documents are asked for.
    """
    running = association.operating_year(months_after(day, -months))
    return {kind: running - 1 if kind in LOOKS_BACK else running for kind in DocumentKind.values}


def facts_of_many(associations: Collection[Association], day: date, asked: Asked) -> dict[int, AssociationFacts]:
    """What the register knows of each association, by id. Eight queries."""
    pks = [each.pk for each in associations]
    figures = _newest_figures(pks, day)
    boards = _grouped(BoardMember.objects.filter(association__in=pks).not_over(day))
    checks = _grouped(RecordCheck.objects.filter(association__in=pks).running())
    years = _grouped(Attendance.objects.filter(association__in=pks).select_related("meeting"))
    documents = _grouped(YearlyDocument.objects.filter(association__in=pks).current())
    accounts = _grouped(BankAccount.objects.filter(association__in=pks).payable())
    confirmations = _grouped(YearlyConfirmation.objects.filter(association__in=pks, year=day.year))
    dispensations = _grouped(DispensationRow.objects.filter(association__in=pks).in_force(day))
    return {
        each.pk: AssociationFacts(
            organisation_number=each.organisation_number,
            category=each.category.key if each.category else None,
            kind=each.kind,
            statutes_approved_on=each.statutes_approved_on,
            democratic=True if each.democratic_on else None,
            open_to_all=True if each.open_to_all_on else None,
            member_fee=each.membership_fee,
            board=tuple(BoardSeat(row.role, Period(row.since, row.until)) for row in boards[each.pk]),
            seat_at_home=each.seat == settings.MUNICIPALITY["code"],
            activity_at_home=bool(each.acts_here),
            record_checks=_record_days(each, checks[each.pk]),
            dialogue_years=frozenset(row.meeting.held_on.year for row in years[each.pk]),
            founded_on=each.founded_on,
            **_members(figures.get(each.pk)),
            **_documents(each, documents[each.pk], day, asked.document_months),
            account_verified_on=next((localdate(row.verified_at) for row in accounts[each.pk]), None),
            entitled_to_state_support=each.entitled_to_state_support,
            state_support_applied_for=_lately(each.state_support_applied_on, day),
            confirmed_on=_confirmed(confirmations[each.pk]),
            dispensations=tuple(Dispensation(row.rule, Period(row.since, row.until)) for row in dispensations[each.pk]),
        )
        for each in associations
    }


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding that can be stored: its figures as JSON, and its words as they were."""
    return {
        "rule": finding.rule,
        "met": finding.met,
        "code": finding.code,
        "figures": {name: _json(figure) for name, figure in finding.figures.items()},
        "dispensed_through": finding.dispensed_through.isoformat() if finding.dispensed_through else None,
        "title": wording.title(finding.rule),
        "sentence": wording.sentence(finding),
    }


def _json(figure: Any) -> Any:
    if isinstance(figure, tuple):
        return list(figure)
    return str(figure) if isinstance(figure, Decimal | date) else figure


def _grouped(rows: Iterable[Any]) -> Mapping[int, list[Any]]:
    grouped: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.association_id].append(row)
    return grouped


def _newest_figures(pks: list[int], day: date) -> dict[int, Any]:
    """The newest confirmed figures of each association, not of a later year than *day*'s. One query."""
    rows = MemberFigures.objects.confirmed().filter(association__in=pks, year__lte=day.year).with_totals().order_by("year")
    return {row.association_id: row for row in rows}


def _members(figures: Any) -> dict[str, Any]:
    if figures is None:
        return {}
    return {"active_members": figures.active, "members": figures.total_members, "members_at_home": figures.total_here}


def _record_days(association: Association, checks: list[RecordCheck]) -> tuple[date | None, ...] | None:
    """None: the association has not said whether anyone meets children, or says yes and has named nobody."""
    if association.meets_children is False:
        return ()
    return tuple(check.shown_on for check in checks) or None


def _documents(association: Association, rows: list[YearlyDocument], day: date, months: int) -> dict[str, Any]:
    """Kinds accepted and waiting for the years in question; statutes hold until they are replaced, whatever their year."""
    years = document_years(association, day, months)
    asked = [row for row in rows if row.kind == DocumentKind.STATUTES or row.year == years[row.kind]]
    accepted = frozenset(row.kind for row in asked if row.status == DocumentStatus.ACCEPTED)
    waiting = frozenset(row.kind for row in asked if row.status == DocumentStatus.HANDED_IN)
    return {"documents_accepted": accepted, "documents_waiting": waiting - accepted}


def _lately(applied_on: date | None, day: date) -> bool:
    return applied_on is not None and 0 <= (day - applied_on).days <= _DAYS_OF_STATE_SUPPORT


def _confirmed(rows: list[YearlyConfirmation]) -> date | None:
    """When the year's facts became confirmed: the last of the steps, None while one is left."""
    days = {row.step: localdate(row.at) for row in rows if row.step in CONFIRMED_STEPS}
    return max(days.values()) if len(days) == len(CONFIRMED_STEPS) else None
