"""Karlskoga's own schemes and calls, entered through the same actions that officers use. A second run changes nothing.

Known: windows, late steps, the seven attachments, the pot and the aims of the extra support, the last day of the summer-holiday
money (2022). Not found, and therefore marked as examples: the formula of the yearly support, the sentences of the levels, when
the extra support opens and how its pot is divided between spring and autumn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from grants.actions import karlskoga_texts as texts
from grants.actions.calls import CallPlan, Weight, plan_call, publish_call, version_for
from grants.actions.schemes import Terms, add_scheme, write_version
from grants.choices import CriterionKey, DecidedBy, LateCountsFrom
from grants.models import Call, Scheme
from grants.rules.late import LateStep

WEIGHTS = {
    CriterionKey.DEMOCRACY: 30,
    CriterionKey.INCLUSION: 30,
    CriterionKey.PUBLIC_HEALTH: 20,
    CriterionKey.EQUALITY: 20,
}
LATE_STEPS = (LateStep(1, 7, Decimal(10)), LateStep(8, 14, Decimal(50)))
ASSOCIATIONS = ("barn-och-ungdom", "social", "kultur", "funktionsnedsatta", "uppdrag")
ADULT_EDUCATION = ("studieforbund", "sisu")

# An example: the formula of the yearly support was not found.
EXAMPLE_PARTS = (
    {"kind": "base_amount", "kronor": "2000"},
    {"kind": "per_member", "kronor": "60", "age_from": 7, "age_to": 25, "only_at_home": True},
    {"kind": "at_most", "kronor": "80000"},
    {"kind": "late_reduction"},
    {"kind": "rounding", "unit": "10"},
)
REQUESTED = ({"kind": "requested_up_to"},)
EVERY_REQUIREMENT = tuple(f"A-{number:02d}" for number in range(1, 20))
BASIC_REQUIREMENTS = ("A-01", "A-02", "A-03", "A-05", "A-07", "A-08", "A-09", "A-11", "A-13", "A-14", "A-15", "A-17")


@dataclass(frozen=True, slots=True)
class Entry:
    """One scheme with its terms and this year's calls."""

    key: str
    name: str
    purpose: str
    decided_by: str
    terms: Terms
    calls: tuple[CallPlan, ...]


def entries(year: int) -> tuple[Entry, ...]:
    """The schemes, with the calls that take in applications during *year*."""
    return (_yearly(year), _extra(year), _summer(year))


@transaction.atomic
def enter_karlskoga(*, year: int, by: Any, at: datetime) -> list[Call]:
    """Enter the schemes that are missing, and publish the calls of *year* that are missing. Returns the calls of the year."""
    return [call for entry in entries(year) for call in _enter(entry, by=by, at=at)]


def _enter(entry: Entry, *, by: Any, at: datetime) -> Iterable[Call]:
    scheme = Scheme.objects.filter(key=entry.key).first()
    if scheme is None:
        scheme = add_scheme(key=entry.key, name=entry.name, purpose=entry.purpose, decided_by=entry.decided_by, by=by, at=at)
    version = scheme.versions.order_by("-number").first() or write_version(scheme, entry.terms, by=by, at=at)
    for plan in entry.calls:
        holds = version_for(scheme, plan.opens_on) or version
        yield _call(scheme, plan) or publish_call(plan_call(holds, plan, by=by, at=at), by=by, at=at)


def _call(scheme: Scheme, plan: CallPlan) -> Call | None:
    return Call.objects.filter(version__scheme=scheme, opens_on=plan.opens_on, closes_on=plan.closes_on).first()


def _yearly(year: int) -> Entry:
    plan = CallPlan(
        title=f"Årligt föreningsbidrag {year + 1}",
        grant_year=year + 1,
        opens_on=date(year, 6, 1),
        closes_on=date(year, 10, 1),
        late_steps=LATE_STEPS,
        criteria=_criteria(),
        anchors_are_examples=True,
        late_counts_from=LateCountsFrom.COMPLETENESS,
        categories=ASSOCIATIONS,
        pays_on=date(year + 1, 1, 29),
    )
    education = replace(
        plan,
        title=f"Årligt bidrag till studieförbund och SISU {year + 1}",
        closes_on=date(year, 10, 31),
        categories=ADULT_EDUCATION,
    )
    terms = Terms(
        valid_from=date(year, 1, 1),
        form=texts.YEARLY_FORM,
        parts=EXAMPLE_PARTS,
        attachments=texts.YEARLY_ATTACHMENTS,
        requirements=EVERY_REQUIREMENT,
        calculation_is_example=True,
    )
    return Entry(
        "arligt-foreningsbidrag", "Årligt föreningsbidrag", texts.YEARLY_PURPOSE, DecidedBy.DELEGATION, terms, (plan, education)
    )


def _extra(year: int) -> Entry:
    spring = CallPlan(
        title=f"Extra stöd våren {year}",
        grant_year=year,
        opens_on=date(year, 2, 1),
        closes_on=date(year, 4, 15),
        criteria=_criteria(),
        anchors_are_examples=True,
        late_counts_from=LateCountsFrom.SUBMISSION,
        max_per_association=3,
        budget=Decimal(500_000),
        assessors_needed=2,
        pays_on=date(year, 6, 30),
        report_due_on=date(year + 1, 3, 31),
    )
    autumn = replace(
        spring,
        title=f"Extra stöd hösten {year}",
        opens_on=date(year, 8, 15),
        closes_on=date(year, 10, 15),
        pays_on=date(year, 12, 18),
    )
    terms = Terms(
        valid_from=date(year, 1, 1),
        form=texts.EXTRA_FORM,
        parts=REQUESTED,
        attachments=texts.EXTRA_ATTACHMENTS,
        aims=texts.EXTRA_AIMS,
        requirements=BASIC_REQUIREMENTS,
    )
    return Entry("extra-stod", "Extra stöd", texts.EXTRA_PURPOSE, DecidedBy.COMMITTEE, terms, (spring, autumn))


def _summer(year: int) -> Entry:
    plan = CallPlan(
        title=f"Sommarlovspengar {year}",
        grant_year=year,
        opens_on=date(year, 4, 1),
        closes_on=date(year, 5, 30),
        criteria=_criteria(),
        anchors_are_examples=True,
        late_counts_from=LateCountsFrom.SUBMISSION,
        max_per_association=2,
        pays_on=date(year, 6, 15),
        report_due_on=date(year, 10, 1),
    )
    terms = Terms(
        valid_from=date(year, 1, 1),
        form=texts.SUMMER_FORM,
        parts=REQUESTED,
        requirements=BASIC_REQUIREMENTS,
    )
    return Entry("sommarlovspengar", "Sommarlovspengar", texts.SUMMER_PURPOSE, DecidedBy.DELEGATION, terms, (plan,))


def _criteria() -> Sequence[Weight]:
    return [Weight(key, weight, texts.ANCHORS[key]) for key, weight in WEIGHTS.items()]
