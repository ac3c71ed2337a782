"""What a booking costs by the tariff in force, and the council's tariffs themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from facilities.models import Booking, CancelStep, HirerCategory, Rate, Share, Tariff, VatRate
from facilities.permissions import may_keep_venues
from facilities.rules import pricing
from facilities.rules.fees import indexed, is_youth_activity
from records import filing
from records.lines import lines_to_json
from records.refusals import NotAllowedNow
from records.values import local_day


def tariff_rules(published: int) -> pricing.Tariff:
    """The tariff with this key as the rules read it. Only for published ones: they never change, so they are kept."""
    return _kept(published)[1]


@lru_cache(maxsize=16)
def _kept(published: int) -> tuple[Tariff, pricing.Tariff]:
    tariff = Tariff.objects.select_related("reference").get(pk=published)
    return tariff, tariff.for_rules()


def put_prices(bookings: Sequence[Booking]) -> None:
    """Count the prices of bookings of one hirer by the tariffs of their days and freeze them on the rows, not saved here.

    At most two queries, however many. NotAllowedNow when a day or a time has no price.
    """
    last = max(local_day(booking.starts_at) for booking in bookings)
    tariffs = [_kept(pk)[0] for pk in Tariff.objects.in_force(last).values_list("pk", flat=True)]
    category = _category(bookings[0])
    for booking in bookings:
        day = local_day(booking.starts_at)
        tariff = next((each for each in tariffs if each.valid_from <= day), None)
        if tariff is None:
            raise NotAllowedNow(_("There is no price for that day yet. Contact the municipality."), "no_tariff")
        _put_price(booking, tariff, category)


def put_price(booking: Booking) -> None:
    """As put_prices, for one."""
    put_prices([booking])


def _put_price(booking: Booking, tariff: Tariff, category: HirerCategory | None) -> None:
    booking.tariff, booking.hirer = tariff, category or tariff.reference
    try:
        price = pricing.price_of(booking.hire(), tariff_rules(tariff.pk))
    except pricing.NoRate as gap:
        raise NotAllowedNow(_("The tariff has no price for that time. Contact the municipality."), "no_rate") from gap
    booking.lines = lines_to_json(price.lines)
    booking.payable, booking.full, booking.vat = price.payable, price.full, price.vat


def _category(booking: Booking) -> HirerCategory | None:
    """The category that hires: the association's, unless what they do is no youth activity (Rule F-54). At most one query.

    None: pays the full price.
    """
    if booking.association is None or booking.association.category is None:
        return booking.hirer
    key = booking.association.category.key
    category = HirerCategory.objects.filter(association_categories__contains=[key]).first()
    known = booking.people is not None and booking.young is not None
    if category and category.for_youth and known and not is_youth_activity(booking.young or 0, booking.people or 0):
        return None
    return category


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A tariff to publish. Categories are named by key in the rules; they must exist."""

    name: str
    valid_from: date
    rules: pricing.Tariff
    source: str = ""
    is_example: bool = False


@transaction.atomic
def publish_tariff(plan: Plan, *, by: Any, at: datetime) -> Tariff:
    """Write a version of the prices and fix it. NotAllowedNow when one is published for the same day."""
    if by is not None:
        may_keep_venues(by).or_refuse()
    if Tariff.objects.published().filter(valid_from=plan.valid_from).exists():
        raise NotAllowedNow(_("There is already a tariff from that day."), "tariff_exists")
    categories: dict[str, HirerCategory | None] = {"": None, **{each.key: each for each in HirerCategory.objects.all()}}
    rules = plan.rules
    tariff = Tariff.objects.create(
        name=plan.name,
        valid_from=plan.valid_from,
        source=plan.source,
        is_example=plan.is_example,
        rounds_up=rules.rounds_up,
        minimum=rules.minimum,
        other_municipality=rules.other_municipality,
        reference=categories[rules.reference],
        no_show=rules.no_show.value,
        no_show_fee=rules.no_show_fee,
        prices_include_vat=rules.prices_include_vat,
    )
    Rate.objects.bulk_create(_rate(tariff, rate, categories) for rate in rules.rates)
    Share.objects.bulk_create(
        Share(tariff=tariff, hirer=categories[share.hirer], form=share.form, percent=share.percent) for share in rules.shares
    )
    CancelStep.objects.bulk_create(
        CancelStep(tariff=tariff, days_before=step.days_before, percent=step.percent) for step in rules.cancel_steps
    )
    VatRate.objects.bulk_create(VatRate(tariff=tariff, since=rate.since, percent=rate.percent) for rate in rules.vat)
    tariff.published_at = at
    tariff.save(update_fields=["published_at"])
    filing.note(None, "facilities.tariff_published", by=by, at=at, changes={"tariff": [None, tariff.pk]})
    return tariff


def next_year(tariff: Tariff, *, percent: Any, valid_from: date, name: str) -> Plan:
    """The same tariff with every price raised (Rule F-53), to look at and publish."""
    old = tariff.for_rules()
    rules = pricing.Tariff(
        rates=indexed(old.rates, percent),
        shares=old.shares,
        cancel_steps=old.cancel_steps,
        vat=old.vat,
        rounds_up=old.rounds_up,
        minimum=old.minimum,
        other_municipality=old.other_municipality,
        reference=old.reference,
        no_show=old.no_show,
        no_show_fee=old.no_show_fee,
        prices_include_vat=old.prices_include_vat,
    )
    return Plan(name=name, valid_from=valid_from, rules=rules, source=tariff.source, is_example=tariff.is_example)


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
