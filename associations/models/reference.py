"""What the council or the department has decided for all associations: categories, activities, areas, age bands, requirements.

is_example marks a value that no public source gave: shipped so that the house can be tried, to be replaced by the
municipality's own.
"""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.choices import ActivityKind


class Category(models.Model):
    """A kind of association that the municipality supports (a council decision, so a row)."""

    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """A sport, an art form or another main activity."""

    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=5, choices=ActivityKind.choices)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A part of the municipality."""

    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=100)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AgeBand(models.Model):
    """One age group of the member figures; the age is the one a person turns during the year. Both ends belong to it."""

    key = models.SlugField(unique=True)
    first_age = models.PositiveSmallIntegerField(_("from age"))
    last_age = models.PositiveSmallIntegerField(_("to age"), null=True, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("age band")
        verbose_name_plural = _("age bands")
        ordering = ["first_age"]
        constraints = [
            models.CheckConstraint(
                name="age_band_ends_after_it_begins", condition=Q(last_age=None) | Q(last_age__gte=F("first_age"))
            ),
            models.UniqueConstraint(name="age_band_in_use_begins_once", fields=["first_age"], condition=Q(in_use=True)),
        ]

    def __str__(self) -> str:
        if self.last_age is None:
            return str(_("%(age)s years and older") % {"age": self.first_age})
        return str(_("%(first)s–%(last)s years") % {"first": self.first_age, "last": self.last_age})


class RequirementQuerySet(models.QuerySet["Requirement"]):
    def in_force(self, day: date) -> "RequirementQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


class Requirement(models.Model):
    """One requirement that the municipality makes, for a period. The test is the rule of that id (associations.rules).

    number and keys: what the rule needs to know (members, months, percent; roles, kinds of document …). A rule without a row in
    force is not asked.
    """

    rule = models.CharField(_("rule"), max_length=12)  # the id printed everywhere: "A-04"
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    keys = ArrayField(models.CharField(max_length=30), verbose_name=_("kinds"), default=list, blank=True)
    dispensable = models.BooleanField(_("dispensation possible"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["rule", "since"]
        constraints = [
            models.CheckConstraint(name="requirement_ends_after_it_begins", condition=Q(until=None) | Q(until__gt=F("since"))),
            models.UniqueConstraint(name="requirement_begins_once_a_day", fields=["rule", "since"]),
        ]

    def __str__(self) -> str:
        return self.rule
