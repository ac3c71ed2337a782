"""The council's tariffs: a version is written as a draft, looked at, and fixed when it is published."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from facilities.models import CancelStep, HirerCategory, Rate, Share, Tariff, VatRate
from facilities.permissions import may_keep_venues
from facilities.rules import pricing
from facilities.rules.fees import indexed
from records import filing
from records.refusals import NotAllowedNow


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A tariff to write. Categories are named by key in the rules; they must exist. index_percent: what it was raised by."""

    name: str
    valid_from: date
    rules: pricing.Tariff
    source: str = ""
    is_example: bool = False
    index_percent: Decimal | None = None


def plan_of(tariff: Tariff) -> Plan:
    """A version as it could be written again."""
    return Plan(
        name=tariff.name,
        valid_from=tariff.valid_from,
        rules=tariff.for_rules(),
        source=tariff.source,
        is_example=tariff.is_example,
        index_percent=tariff.index_percent,
    )


def next_year(tariff: Tariff, *, percent: Decimal, valid_from: date, name: str) -> Plan:
    """The same tariff with every price raised (Rule F-53), to look at and publish."""
    old = plan_of(tariff)
    rules = replace(old.rules, rates=indexed(old.rules.rates, percent))
    return replace(old, name=name, valid_from=valid_from, rules=rules, index_percent=percent)


@transaction.atomic
def write_draft(plan: Plan, *, by: Any, at: datetime, draft: Tariff | None = None) -> Tariff:
    """Write a version that is not published yet, or write it again. NotAllowedNow when it has been published meanwhile."""
    _may(by)
    if draft is not None:
        tariff, verb = _locked(draft), "facilities.tariff_changed"
        for rows in (tariff.rates, tariff.shares, tariff.cancel_steps, tariff.vat_rates):
            rows.all().delete()
    else:
        tariff, verb = Tariff(), "facilities.tariff_drafted"
    categories: dict[str, HirerCategory | None] = {"": None, **{each.key: each for each in HirerCategory.objects.all()}}
    _write(tariff, plan, categories)
    filing.note(None, verb, by=by, at=at, changes={"tariff": [None, tariff.pk]})
    return tariff


@transaction.atomic
def publish_draft(draft: Tariff, *, by: Any, at: datetime) -> Tariff:
    """Fix a version: from its first day it holds for what is booked. NotAllowedNow without prices, or with one for the day."""
    _may(by)
    tariff = _locked(draft)
    if not tariff.rates.exists():
        raise NotAllowedNow(_("The tariff has no prices."), "no_rates")
    tariff.published_at = at
    try:
        with transaction.atomic():
            tariff.save(update_fields=["published_at"])
    except IntegrityError as twice:
        raise NotAllowedNow(_("There is already a tariff from that day."), "tariff_exists") from twice
    filing.note(None, "facilities.tariff_published", by=by, at=at, changes={"tariff": [None, tariff.pk]})
    return tariff


@transaction.atomic
def discard_draft(draft: Tariff, *, by: Any, at: datetime) -> None:
    """Throw a version away that was never published."""
    _may(by)
    tariff = _locked(draft)
    key = tariff.pk
    tariff.delete()
    filing.note(None, "facilities.tariff_discarded", by=by, at=at, changes={"tariff": [key, None]})


@transaction.atomic
def publish_tariff(plan: Plan, *, by: Any, at: datetime) -> Tariff:
    """Write a version of the prices and fix it at once. NotAllowedNow when one is published for the same day."""
    return publish_draft(write_draft(plan, by=by, at=at), by=by, at=at)


def _write(tariff: Tariff, plan: Plan, categories: dict[str, HirerCategory | None]) -> None:
    rules = plan.rules
    tariff.name, tariff.valid_from, tariff.source = plan.name, plan.valid_from, plan.source
    tariff.is_example, tariff.index_percent = plan.is_example, plan.index_percent
    tariff.rounds_up, tariff.minimum, tariff.other_municipality = rules.rounds_up, rules.minimum, rules.other_municipality
    tariff.reference, tariff.prices_include_vat = categories[rules.reference], rules.prices_include_vat
    tariff.no_show, tariff.no_show_fee = rules.no_show.value, rules.no_show_fee
    tariff.save()
    Rate.objects.bulk_create(_rate(tariff, rate, categories) for rate in rules.rates)
    Share.objects.bulk_create(
        Share(tariff=tariff, hirer=categories[share.hirer], form=share.form, percent=share.percent) for share in rules.shares
    )
    CancelStep.objects.bulk_create(
        CancelStep(tariff=tariff, days_before=step.days_before, percent=step.percent) for step in rules.cancel_steps
    )
    VatRate.objects.bulk_create(VatRate(tariff=tariff, since=rate.since, percent=rate.percent) for rate in rules.vat)


def _rate(tariff: Tariff, rate: pricing.Rate, categories: dict[str, HirerCategory | None]) -> Rate:
    return Rate(
        tariff=tariff,
        group=rate.group,
        hirer=categories[rate.hirer],
        form=rate.form,
        weekdays=sorted(rate.weekdays),
        starts=rate.starts,
        ends=rate.ends,
        kronor=rate.kronor,
        per_occasion=rate.unit is pricing.Unit.OCCASION,
        whole_day=rate.whole_day,
    )


def _locked(draft: Tariff) -> Tariff:
    tariff = Tariff.objects.select_for_update(of=("self",)).select_related("reference").filter(pk=draft.pk).first()
    if tariff is None or tariff.published_at:
        raise NotAllowedNow(_("The tariff is already published, or has been thrown away. Open the page again."), "published")
    return tariff


def _may(by: Any) -> None:
    if by is not None:
        may_keep_venues(by).or_refuse()
