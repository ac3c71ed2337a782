"""Tariffs: what the council has decided that things cost, in versions that are fixed when they are published."""

from datetime import date
from decimal import Decimal
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from facilities.choices import UseForm
from facilities.rules import pricing


class HirerCategory(models.Model):
    """Who hires, as the tariff sees it: a council decision, so a row."""

    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=100)
    association_categories = ArrayField(
        models.SlugField(), verbose_name=_("categories of association that belong to it"), default=list, blank=True
    )
    for_youth = models.BooleanField(_("only for youth activity"), default=False)  # at least half under 25 (Rule F-54)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("category of hirer")
        verbose_name_plural = _("categories of hirers")
        ordering = ["order", "name"]
        triggers = [pgtrigger.ReadOnly(name="hirer_key_stays", fields=["key"])]  # published tariffs go by it

    def __str__(self) -> str:
        return self.name


class TariffQuerySet(models.QuerySet["Tariff"]):
    def published(self) -> "TariffQuerySet":
        return self.exclude(published_at=None)

    def in_force(self, day: date) -> "TariffQuerySet":
        """The published tariff of a day first; older ones after it."""
        return self.published().filter(valid_from__lte=day).order_by("-valid_from", "-pk")


class NoShowKind(models.TextChoices):
    FIXED = pricing.NoShow.FIXED.value, _("a fixed fee")
    PRICE = pricing.NoShow.PRICE.value, _("the price")
    PRICE_PLUS = pricing.NoShow.PRICE_PLUS.value, _("the price and a fee")
    GREATER = pricing.NoShow.GREATER.value, _("the price or a fee, whichever is greater")


_KRONOR: dict[str, Any] = {"max_digits": 10, "decimal_places": 2}
_FIXED = pgtrigger.Condition("OLD.published_at IS NOT NULL")
_TARIFF_IS_PUBLISHED = """
    IF EXISTS (
        SELECT 1 FROM facilities_tariff WHERE id = COALESCE(NEW.tariff_id, OLD.tariff_id) AND published_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a published tariff is fixed';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def fixed_with_its_tariff(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_TARIFF_IS_PUBLISHED,
    )


class Tariff(models.Model):
    """One version of the prices, from a day until the next. Fixed when it is published (database trigger)."""

    name = models.CharField(_("name"), max_length=100)
    valid_from = models.DateField(_("from"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    index_percent = models.DecimalField(_("raised by, percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    rounds_up = models.PositiveSmallIntegerField(_("paid per so many minutes"), default=15)
    minimum = models.DecimalField(_("minimum charge, kronor"), default=Decimal(0), **_KRONOR)
    other_municipality = models.DecimalField(_("other municipality: times"), max_digits=4, decimal_places=2, default=Decimal(1))
    reference = models.ForeignKey(
        HirerCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pays the full price")
    )
    no_show = models.CharField(_("not used"), max_length=10, choices=NoShowKind.choices, default=NoShowKind.PRICE)
    no_show_fee = models.DecimalField(_("fee when not used, kronor"), default=Decimal(0), **_KRONOR)
    prices_include_vat = models.BooleanField(_("prices include VAT"), default=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = TariffQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(
                name="tariff_published_once_a_day", fields=["valid_from"], condition=Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="tariff_numbers_not_negative",
                condition=Q(minimum__gte=0, no_show_fee__gte=0, other_municipality__gte=1, rounds_up__gte=1),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="published_tariff_is_fixed", operation=pgtrigger.Update | pgtrigger.Delete, condition=_FIXED),
        ]

    def __str__(self) -> str:
        return self.name

    def for_rules(self) -> pricing.Tariff:
        """The whole version as the rules read it. Four queries."""
        return pricing.Tariff(
            rates=tuple(rate.for_rules() for rate in self.rates.select_related("hirer")),
            shares=tuple(
                pricing.Share(share.hirer.key if share.hirer else "", share.form, share.percent)
                for share in self.shares.select_related("hirer")
            ),
            cancel_steps=tuple(pricing.CancelStep(step.days_before, step.percent) for step in self.cancel_steps.all()),
            vat=tuple(pricing.VatRate(rate.since, rate.percent) for rate in self.vat_rates.all()),
            rounds_up=self.rounds_up,
            minimum=self.minimum,
            other_municipality=self.other_municipality,
            reference=self.reference.key if self.reference else "",
            no_show=pricing.NoShow(self.no_show),
            no_show_fee=self.no_show_fee,
            prices_include_vat=self.prices_include_vat,
        )


class Rate(models.Model):
    """One price. Empty group, hirer or form: whichever."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="rates")
    group = models.SlugField(_("price group"), blank=True)
    hirer = models.ForeignKey(HirerCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    form = models.CharField(_("form of use"), max_length=15, choices=UseForm.choices, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    starts = models.PositiveSmallIntegerField(_("from minute"), default=0)
    ends = models.PositiveSmallIntegerField(_("until minute"), default=1440)
    kronor = models.DecimalField(_("kronor"), **_KRONOR)
    per_occasion = models.BooleanField(_("per occasion, not per hour"), default=False)
    whole_day = models.DecimalField(_("at most for one day, kronor"), null=True, blank=True, **_KRONOR)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="rate_not_negative", condition=Q(kronor__gte=0) & (Q(whole_day=None) | Q(whole_day__gte=0))
            ),
            models.CheckConstraint(name="rate_within_a_day", condition=Q(starts__lt=F("ends"), ends__lte=1440)),
            models.CheckConstraint(name="rate_weekdays_are_days", condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6])),
        ]
        triggers = [fixed_with_its_tariff("rate_is_fixed")]

    def __str__(self) -> str:
        return f"{self.group} {self.kronor}"

    def for_rules(self) -> pricing.Rate:
        return pricing.Rate(
            group=self.group,
            hirer=self.hirer.key if self.hirer else "",
            form=self.form,
            weekdays=frozenset(self.weekdays),
            starts=self.starts,
            ends=self.ends,
            kronor=self.kronor,
            unit=pricing.Unit.OCCASION if self.per_occasion else pricing.Unit.HOUR,
            whole_day=self.whole_day,
        )


class Share(models.Model):
    """The part that a category of hirer pays for a form of use. Empty: whichever."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="shares")
    hirer = models.ForeignKey(HirerCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    form = models.CharField(_("form of use"), max_length=15, choices=UseForm.choices, blank=True)
    percent = models.DecimalField(_("pays, percent"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("subsidised share")
        verbose_name_plural = _("subsidised shares")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="share_is_a_percentage", condition=Q(percent__gte=0, percent__lte=100))]
        triggers = [fixed_with_its_tariff("share_is_fixed")]

    def __str__(self) -> str:
        return f"{self.hirer} {self.form}: {self.percent} %"


class CancelStep(models.Model):
    """What cancelling at most so many local days before costs, in percent of the price."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="cancel_steps")
    days_before = models.PositiveSmallIntegerField(_("days before, at most"))
    percent = models.DecimalField(_("percent of the price"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("cancellation fee")
        verbose_name_plural = _("cancellation fees")
        ordering = ["days_before"]
        constraints = [
            models.UniqueConstraint(name="cancel_step_once_per_day", fields=["tariff", "days_before"]),
            models.CheckConstraint(name="cancel_step_is_a_percentage", condition=Q(percent__gte=0, percent__lte=100)),
        ]
        triggers = [fixed_with_its_tariff("cancel_step_is_fixed")]

    def __str__(self) -> str:
        return f"{self.days_before}: {self.percent} %"


class VatRate(models.Model):
    """VAT in percent on uses that begin on this day or later."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="vat_rates")
    since = models.DateField(_("from"))
    percent = models.DecimalField(_("VAT, percent"), max_digits=4, decimal_places=2)

    class Meta:
        verbose_name = _("VAT rate")
        verbose_name_plural = _("VAT rates")
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(name="vat_rate_once_a_day", fields=["tariff", "since"]),
            models.CheckConstraint(name="vat_rate_not_negative", condition=Q(percent__gte=0)),
        ]
        triggers = [fixed_with_its_tariff("vat_rate_is_fixed")]

    def __str__(self) -> str:
        return f"{self.percent} %"
