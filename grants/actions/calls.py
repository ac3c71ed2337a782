"""Calls: prepared, published (then fixed), closed by an officer, copied to the next year."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grants.actions import versions
from grants.actions.refusals import NotComplete
from grants.actions.schemes import fix_version
from grants.choices import CallStatus, LateCountsFrom
from grants.models import Call, Criterion, LateStep, Scheme, SchemeVersion
from grants.permissions.casework import may_close, may_configure
from grants.rules import late
from records import filing
from records.values import closes_after, months_after, opens_on


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one criterion weighs. anchors: six sentences, what level 0 ... 5 means."""

    key: str
    weight: int
    anchors: Sequence[str]
    threshold: int | None = None


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What a call says. Dates are local; closes_on None is a continuous call."""

    title: str
    grant_year: int
    opens_on: date
    closes_on: date | None = None
    late_steps: Sequence[late.LateStep] = ()
    criteria: Sequence[Weight] = ()
    anchors_are_examples: bool = False
    late_counts_from: str = LateCountsFrom.COMPLETENESS
    max_per_association: int = 1
    categories: Sequence[str] = ()
    budget: Decimal | None = None
    blind: bool = False
    assessors_needed: int = 1
    pays_on: date | None = None
    instalment_shares: Sequence[int] = ()
    report_due_on: date | None = None


@transaction.atomic
def plan_call(version: SchemeVersion, plan: CallPlan, *, by: Any, at: datetime) -> Call:
    """Begin a call; only officers see it until it is published.

    ValueError when the late steps do not follow each other from day 1 (grants.rules.late, G-10).
    """
    call = Call(version=version)
    _write(call, plan)
    filing.note(None, "grants.call_planned", by=by, at=at, changes={"call": [None, call.pk]})
    return call


def version_for(scheme: Scheme, day: date) -> SchemeVersion | None:
    """The version that a call which opens on *day* stands on: the published one that holds that day.

    Before anything is published it is the one that is being prepared, which the first call fixes. None: there are published
    versions, and none holds that early; or no version at all.
    """
    if scheme.versions.published().exists():
        return scheme.versions.valid_on(day)
    return scheme.versions.order_by("-number").first()


@transaction.atomic
def plan_in(scheme: Scheme, plan: CallPlan, *, by: Any, at: datetime) -> Call:
    """Begin a call on the version of the scheme that holds on the day it opens. NotComplete when none does."""
    return plan_call(_valid(scheme, plan.opens_on), plan, by=by, at=at)


def _valid(scheme: Scheme, day: date) -> SchemeVersion:
    version = version_for(scheme, day)
    if version is None:
        sentence = _("No terms of the scheme hold on %(day)s yet. Choose a later day, or publish a version that holds then.")
        raise NotComplete([sentence % {"day": date_format(day, "j F Y")}], ["opens_on"])
    return version


@transaction.atomic
def change_call(call: Call, plan: CallPlan, *, by: Any, at: datetime) -> Call:
    """Change everything in a call that is not published. NotAllowedNow afterwards.

    It then stands on the version that holds on the day it opens; one that is being prepared and that it was begun on, it keeps.
    """
    call = _locked(call)
    may_configure(call).or_refuse()
    if call.version.published_at is not None:
        call.version = _valid(call.version.scheme, plan.opens_on)
    call.late_steps.all().delete()
    call.criteria.all().delete()
    _write(call, plan)
    filing.note(None, "grants.call_changed", by=by, at=at, changes={"call": [call.pk, call.pk]})
    return call


def _write(call: Call, plan: CallPlan) -> None:
    call.title, call.grant_year = plan.title, plan.grant_year
    call.opens_on, call.closes_on = plan.opens_on, plan.closes_on
    call.opens_at = opens_on(plan.opens_on)
    call.closes_at = closes_after(plan.closes_on) if plan.closes_on else None
    call.refuses_at = late.refused_from(late.Deadline(call.closes_at, tuple(plan.late_steps))) if call.closes_at else None
    call.late_counts_from = plan.late_counts_from
    call.max_per_association = plan.max_per_association
    call.anchors_are_examples = plan.anchors_are_examples
    call.categories = list(plan.categories)
    call.budget, call.blind, call.assessors_needed = plan.budget, plan.blind, plan.assessors_needed
    call.pays_on, call.report_due_on = plan.pays_on, plan.report_due_on
    call.instalment_shares = list(plan.instalment_shares)
    call.save()
    LateStep.objects.bulk_create(
        LateStep(call=call, from_day=step.from_day, to_day=step.to_day, percent=step.percent) for step in plan.late_steps
    )
    Criterion.objects.bulk_create(
        Criterion(call=call, key=row.key, weight=row.weight, threshold=row.threshold, anchors=list(row.anchors))
        for row in plan.criteria
    )


@transaction.atomic
def publish_call(call: Call, *, by: Any, at: datetime) -> Call:
    """Make a call public. From now on its terms, and the scheme version it stands on, cannot change (database triggers).

    NotComplete when the weights do not sum to 100 or a level has no sentence.
    """
    call = _locked(call)
    may_configure(call).or_refuse()
    if missing := what_publishing_needs(call):
        raise NotComplete(missing)
    fix_version(call.version, at=at)
    call.status = CallStatus.PUBLISHED
    call.save(update_fields=["status"])
    filing.note(None, "grants.call_published", by=by, at=at, changes={"call": [call.pk, call.pk]})
    return call


def what_publishing_needs(call: Call) -> list[str]:
    """What must be mended before the call can be published, one sentence each."""
    needs = []
    criteria = list(call.criteria.all())
    if criteria and (total := sum(row.weight for row in criteria)) != 100:
        needs.append(_("The weights of the criteria must sum to 100; now they sum to %d.") % total)
    if any(len([text for text in row.anchors if text.strip()]) != 6 for row in criteria):
        needs.append(_("Every criterion needs a sentence for each of the levels 0 to 5."))
    if call.version.published_at is None:
        return needs + versions.what_publishing_needs(call.version)
    holds = version_for(call.version.scheme, call.opens_on)
    if holds is not None and holds.pk != call.version_id:
        sentence = _("Version %(number)s of the terms holds from %(day)s. Choose Change and save, and the call stands on it.")
        needs.append(sentence % {"number": holds.number, "day": date_format(holds.valid_from, "j F Y")})
    return needs


@transaction.atomic
def close_call(call: Call, *, reason: str, by: Any, at: datetime) -> Call:
    """Close a published call before its time (Case 6): what reaches the server from now on is refused."""
    call = _locked(call)
    may_close(call, at).or_refuse()
    call.status, call.closed_at = CallStatus.CLOSED, at
    call.save(update_fields=["status", "closed_at"])
    filing.note(None, "grants.call_closed", by=by, at=at, reason=reason, changes={"call": [call.pk, call.pk]})
    return call


@transaction.atomic
def copy_to_next_year(call: Call, *, by: Any, at: datetime) -> Call:
    """The same call a year later, on the terms that hold when it opens, being prepared: check the dates and publish."""
    plan = plan_of(call)
    title = plan.title.replace(str(plan.grant_year), str(plan.grant_year + 1))
    later = replace(
        plan,
        title=title,
        grant_year=plan.grant_year + 1,
        opens_on=months_after(plan.opens_on, 12),
        closes_on=_year_later(plan.closes_on),
        pays_on=_year_later(plan.pays_on),
        report_due_on=_year_later(plan.report_due_on),
    )
    return plan_in(call.version.scheme, later, by=by, at=at)


def plan_of(call: Call) -> CallPlan:
    """What a call says, to change or copy."""
    return CallPlan(
        title=call.title,
        grant_year=call.grant_year,
        opens_on=call.opens_on,
        closes_on=call.closes_on,
        late_steps=call.steps(),
        criteria=[Weight(row.key, row.weight, row.anchors, row.threshold) for row in call.criteria.all()],
        anchors_are_examples=call.anchors_are_examples,
        late_counts_from=call.late_counts_from,
        max_per_association=call.max_per_association,
        categories=call.categories,
        budget=call.budget,
        blind=call.blind,
        assessors_needed=call.assessors_needed,
        pays_on=call.pays_on,
        instalment_shares=call.instalment_shares,
        report_due_on=call.report_due_on,
    )


def _year_later(day: date | None) -> date | None:
    return months_after(day, 12) if day else None


def _locked(call: Call) -> Call:
    return Call.objects.select_for_update(of=("self",)).select_related("version__scheme").get(pk=call.pk)
