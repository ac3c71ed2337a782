"""Schemes and calls: what can be applied for, when, on which terms. Council decisions are rows, never constants."""

from datetime import date, datetime
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.choices import CallStatus, CriterionKey, DecidedBy, LateCountsFrom
from grants.rules import late, windows


class SchemeVersionQuerySet(models.QuerySet["SchemeVersion"]):
    def published(self) -> "SchemeVersionQuerySet":
        return self.exclude(published_at=None)

    def valid_on(self, day: date) -> "SchemeVersion | None":
        """The published version that holds on *day*: the last to begin by then; of two from the same day the later number."""
        return self.published().filter(valid_from__lte=day).order_by("valid_from", "number").last()


class Scheme(models.Model):
    """A form of support, such as the yearly support or the extra support."""

    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("purpose"), blank=True)
    decided_by = models.CharField(_("who decides"), max_length=12, choices=DecidedBy.choices, default=DecidedBy.DELEGATION)
    is_example = models.BooleanField(_("example, not adopted by the municipality"), default=False)

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SchemeVersion(models.Model):
    """The terms of a scheme from a date. Fixed once published; a change is a new version.

    parts: the calculation, as grants.rules.calculation.parts_to_json writes it.
    form: as grants.rules.questions.form_from_json reads it; the question "asked" sets the amount applied for.
    attachments: [{"key", "label", "required", "yearly_document"}]; yearly_document is the kind in the register, or "".
    aims: [{"key", "label"}]; at least one must be chosen when the list is not empty. requirements: keys of
    associations.rules.standing that must be met.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions", verbose_name=_("scheme"))
    number = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    parts = models.JSONField(default=list)
    form = models.JSONField(default=list)
    attachments = models.JSONField(default=list)
    aims = models.JSONField(default=list, blank=True)
    requirements = models.JSONField(default=list, blank=True)
    calculation_is_example = models.BooleanField(_("the calculation is an example"), default=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = SchemeVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme version")
        verbose_name_plural = _("scheme versions")
        ordering = ["scheme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_number_once"),
            models.UniqueConstraint(fields=["scheme"], condition=Q(published_at=None), name="scheme_version_one_being_prepared"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_version_is_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} ({self.number})"


class CallQuerySet(models.QuerySet["Call"]):
    def announced(self) -> "CallQuerySet":
        """What the public may read: published, open or not, and closed ones."""
        return self.exclude(status=CallStatus.DRAFT)

    def visible_to(self, user: Any) -> "CallQuerySet":
        """Announced calls for everyone; those being prepared for those who configure calls."""
        return self.all() if user.has_perm("grants.configure") else self.announced()

    def for_category(self, key: str) -> "CallQuerySet":
        """Calls that associations of this category may apply in; a call that names no category takes all."""
        return self.filter(Q(categories=[]) | Q(categories__contains=[key]))

    def open_at(self, at: datetime) -> "CallQuerySet":
        """Calls that take in applications now, late ones included while a late step still runs."""
        return self.filter(status=CallStatus.PUBLISHED, opens_at__lte=at).filter(Q(refuses_at=None) | Q(refuses_at__gt=at))


# What applicants rely on: a database trigger refuses a change once the call is published.
FIXED_AT_PUBLISH = (
    "version_id",
    "title",
    "grant_year",
    "opens_on",
    "closes_on",
    "opens_at",
    "closes_at",
    "refuses_at",
    "late_counts_from",
    "max_per_association",
    "categories",
)

_TERMS_CHANGE = "OLD.status <> 'draft' AND (NEW.status = 'draft' OR ROW({}) IS DISTINCT FROM ROW({}))".format(
    ", ".join(f"OLD.{column}" for column in FIXED_AT_PUBLISH), ", ".join(f"NEW.{column}" for column in FIXED_AT_PUBLISH)
)

_CALL_IS_PUBLISHED = """
    IF EXISTS (SELECT 1 FROM grants_call WHERE id = COALESCE(NEW.call_id, OLD.call_id) AND status <> 'draft') THEN
        RAISE EXCEPTION 'the terms of a published call are fixed';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


def _fixed_with_its_call(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_CALL_IS_PUBLISHED,
    )


class Call(models.Model):
    """One window of a scheme: opens, closes, and what lateness costs. Instants are exclusive UTC (Rule G-07)."""

    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="calls", verbose_name=_("scheme"))
    # A later version in which the form alone is mended: new applications begin with it, drafts are offered it (Case 16).
    mended = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    title = models.CharField(_("title"), max_length=150)
    grant_year = models.PositiveSmallIntegerField(_("grant year"))
    opens_on = models.DateField(_("opens"))
    closes_on = models.DateField(_("last day"), null=True, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    refuses_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=CallStatus.choices, default=CallStatus.DRAFT)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    categories = ArrayField(models.SlugField(), default=list, blank=True, verbose_name=_("for these categories"))
    late_counts_from = models.CharField(
        _("lateness is counted from"), max_length=12, choices=LateCountsFrom.choices, default=LateCountsFrom.COMPLETENESS
    )
    max_per_association = models.PositiveSmallIntegerField(_("applications per association"), default=1)
    budget = models.DecimalField(_("budget, kronor"), max_digits=14, decimal_places=2, null=True, blank=True)
    anchors_are_examples = models.BooleanField(_("the sentences of the levels are examples"), default=False)
    blind = models.BooleanField(_("assessors do not see who applies"), default=False)
    assessors_needed = models.PositiveSmallIntegerField(_("assessments per application"), default=1)
    pays_on = models.DateField(_("paid out"), null=True, blank=True)
    instalment_shares = models.JSONField(default=list, blank=True)  # percent, e.g. [40, 40, 20]; empty = all at once
    report_due_on = models.DateField(_("follow-up report due"), null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-opens_on", "title"]
        constraints = [
            models.CheckConstraint(
                name="call_closes_after_it_opens", condition=Q(closes_at=None) | Q(closes_at__gt=F("opens_at"))
            ),
            models.CheckConstraint(
                name="call_last_day_and_instant_together",
                condition=Q(closes_on__isnull=True, closes_at__isnull=True, refuses_at__isnull=True)
                | Q(closes_on__isnull=False, closes_at__isnull=False, refuses_at__isnull=False, refuses_at__gte=F("closes_at")),
            ),
            models.CheckConstraint(name="call_budget_not_negative", condition=Q(budget=None) | Q(budget__gte=0)),
            models.CheckConstraint(name="call_takes_at_least_one", condition=Q(max_per_association__gte=1)),
            models.CheckConstraint(
                name="call_closed_has_its_time",
                condition=Q(status=CallStatus.CLOSED, closed_at__isnull=False)
                | (~Q(status=CallStatus.CLOSED) & Q(closed_at__isnull=True)),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_call_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(_TERMS_CHANGE),
            ),
            pgtrigger.Protect(
                name="published_call_stays", operation=pgtrigger.Delete, condition=pgtrigger.Condition("OLD.status <> 'draft'")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def form_version(self) -> SchemeVersion:
        """The version whose form an application that begins now is written in."""
        return self.mended or self.version

    def steps(self) -> tuple[late.LateStep, ...]:
        """What lateness costs, for the rules."""
        return tuple(late.LateStep(row.from_day, row.to_day, row.percent) for row in self.late_steps.all())

    def window(self, extended_until: datetime | None = None) -> windows.Window:
        """When the call takes in applications, for the rules; with one association's extension when it has one."""
        return windows.extended(
            windows.Window(self.opens_at, self.closes_at, self.steps(), closed_at=self.closed_at), extended_until
        )


class LateStep(models.Model):
    """What so many days late costs, in percent; after the last step an application is not considered (Rule G-07)."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="late_steps")
    from_day = models.PositiveSmallIntegerField(_("from day"))
    to_day = models.PositiveSmallIntegerField(_("to day"))
    percent = models.DecimalField(_("reduction, percent"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("late step")
        verbose_name_plural = _("late steps")
        ordering = ["from_day"]
        constraints = [
            models.UniqueConstraint(fields=["call", "from_day"], name="late_step_once_per_day"),
            models.CheckConstraint(name="late_step_runs_forward", condition=Q(from_day__gte=1, to_day__gte=F("from_day"))),
            models.CheckConstraint(name="late_step_is_a_percentage", condition=Q(percent__gte=0, percent__lte=100)),
        ]
        triggers = [_fixed_with_its_call("late_step_is_fixed")]

    def __str__(self) -> str:
        return f"{self.from_day}-{self.to_day}: {self.percent} %"


class Criterion(models.Model):
    """How much one of the four criteria weighs in a call, and what each level means. Weights of a call sum to 100."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    key = models.CharField(_("criterion"), max_length=15, choices=CriterionKey.choices)
    weight = models.PositiveSmallIntegerField(_("weight"), validators=[MinValueValidator(0), MaxValueValidator(100)])
    threshold = models.PositiveSmallIntegerField(_("lowest level to be granted"), null=True, blank=True)
    anchors = models.JSONField(default=list)  # six sentences, what level 0, 1 ... 5 means

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "key"], name="criterion_once_per_call"),
            models.CheckConstraint(name="criterion_weight_within_100", condition=Q(weight__lte=100)),
            models.CheckConstraint(name="criterion_threshold_is_a_level", condition=Q(threshold=None) | Q(threshold__lte=5)),
        ]
        triggers = [_fixed_with_its_call("criterion_is_fixed")]

    def __str__(self) -> str:
        return f"{self.get_key_display()} {self.weight}"
