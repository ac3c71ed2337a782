"""Classes with pupils counted per grade. Only numbers: no name of a pupil has a place here."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models.history import tracked
from culture.choices import ClassNeed, CountKind, CountSource
from culture.models.school import School
from culture.models.year import SchoolYear


class ClassGroupQuerySet(models.QuerySet["ClassGroup"]):
    def visible_to(self, user: Any) -> "ClassGroupQuerySet":
        return self.filter(school__in=School.objects.visible_to(user))

    def running(self) -> "ClassGroupQuerySet":
        """Classes that exist now: not merged or split into others."""
        return self.filter(closed_on=None)

    def with_counts(self) -> "ClassGroupQuerySet":
        return self.select_related("school", "year").prefetch_related("fragments")


@tracked()
class ClassGroup(models.Model):
    """A class in one school year. key: its name as it is recognised, "5 a" and "5A" are the same (case 44).

    closed_on: the day from which it is merged into or split between others; its official figures stay. previous: the class
    that the same pupils were the year before, when it is known: what they have met follows it.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="classes", verbose_name=_("school"))
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="classes", verbose_name=_("school year"))
    name = models.CharField(_("name"), max_length=40)
    key = models.CharField(max_length=40)
    adults = models.PositiveSmallIntegerField(_("adults who come along"), default=2)
    needs = ArrayField(
        models.CharField(max_length=20, choices=ClassNeed.choices), verbose_name=_("needs"), default=list, blank=True
    )
    wheelchairs = models.PositiveSmallIntegerField(_("places for wheelchairs"), default=0)
    language = models.CharField(_("language of the teaching, when not Swedish"), max_length=40, blank=True)
    is_adapted = models.BooleanField(_("adapted compulsory school"), default=False)
    opened_on = models.DateField(_("since"), null=True, blank=True)
    closed_on = models.DateField(_("until"), null=True, blank=True)
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="following")

    objects = ClassGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ["school", "key"]
        constraints = [
            models.UniqueConstraint(name="class_name_once_per_school_and_year", fields=["school", "year", "key"]),
            models.CheckConstraint(name="class_has_a_name", condition=~Q(name="") & ~Q(key="")),
            models.CheckConstraint(name="class_needs_are_known", condition=Q(needs__contained_by=list(ClassNeed.values))),
            models.CheckConstraint(
                name="class_closes_after_it_opens",
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
            ),
        ]
        indexes = [models.Index(fields=["year", "school"], name="class_of_year")]

    def __str__(self) -> str:
        return self.name

    @property
    def pupils(self) -> int:
        """As of today, over its grades. From prefetched fragments."""
        return sum(fragment.live for fragment in self.fragments.all())


@tracked()
class Fragment(models.Model):
    """The pupils of one grade in a class, counted. cohort: the autumn in which they began their first year of schooling (F).

    official: on the measuring date, None before it is counted. live: as of the latest count.
    """

    class_group = models.ForeignKey(ClassGroup, on_delete=models.CASCADE, related_name="fragments", verbose_name=_("class"))
    cohort = models.PositiveSmallIntegerField(_("began school in"))
    grade = models.PositiveSmallIntegerField(_("year of schooling"))  # 0 is the first; kept by the database
    official = models.PositiveSmallIntegerField(_("pupils on the measuring date"), null=True, blank=True)
    live = models.PositiveSmallIntegerField(_("pupils now"), default=0)

    class Meta:
        verbose_name = _("grade in a class")
        verbose_name_plural = _("grades in classes")
        ordering = ["-cohort"]
        constraints = [
            models.UniqueConstraint(name="grade_once_per_class", fields=["class_group", "cohort"]),
            models.CheckConstraint(name="grade_is_a_year_of_schooling", condition=Q(grade__lte=10)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="grade_follows_from_the_cohort",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("cohort", "class_group_id", "grade"),  # type: ignore[no-untyped-call]
                func="""
                    NEW.grade := (SELECT year.first FROM culture_classgroup class
                        JOIN culture_schoolyear year ON year.id = class.year_id
                        WHERE class.id = NEW.class_group_id) - NEW.cohort;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.class_group}: {self.cohort}"


class Count(models.Model):
    """One dated count of a grade in a class. Append-only: a new count is a new row; the latest of its kind is in force."""

    fragment = models.ForeignKey(Fragment, on_delete=models.PROTECT, related_name="counts")
    kind = models.CharField(_("kind"), max_length=10, choices=CountKind.choices)
    day = models.DateField(_("day"))
    pupils = models.PositiveSmallIntegerField(_("pupils"))
    source = models.CharField(_("source"), max_length=10, choices=CountSource.choices)
    counted_at = models.DateTimeField(_("entered"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        ordering = ["day", "pk"]
        triggers = [pgtrigger.Protect(name="count_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.fragment}: {self.pupils} ({self.day})"


class Move(models.Model):
    """That pupils of one class went on to another during the year: a merge has several of them to one, a split one to several."""

    source = models.ForeignKey(Fragment, on_delete=models.PROTECT, related_name="moves_out")
    target = models.ForeignKey(Fragment, on_delete=models.PROTECT, related_name="moves_in")
    before = models.PositiveSmallIntegerField(_("pupils in the class before"))
    pupils = models.PositiveSmallIntegerField(_("pupils who moved"))
    day = models.DateField(_("day"))
    noted_at = models.DateTimeField(_("entered"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("move between classes")
        verbose_name_plural = _("moves between classes")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(name="move_once_between_two", fields=["source", "target"]),
            models.CheckConstraint(name="move_goes_somewhere", condition=~Q(source=F("target"))),
            models.CheckConstraint(name="move_is_of_those_there", condition=Q(pupils__lte=F("before"))),
        ]
        triggers = [pgtrigger.Protect(name="move_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}: {self.pupils}"


class ListConfirmation(models.Model):
    """That the school has said, in a school year, that its list of classes is right. Said again after changes: a new row."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="list_confirmations")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="list_confirmations")
    classes = models.PositiveSmallIntegerField(_("classes"))
    pupils = models.PositiveIntegerField(_("pupils"))
    confirmed_at = models.DateTimeField(_("confirmed"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey("culture.SignedLink", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("confirmed list of classes")
        verbose_name_plural = _("confirmed lists of classes")
        ordering = ["-confirmed_at"]
        constraints = [
            models.CheckConstraint(name="list_confirmed_by_somebody", condition=Q(by__isnull=False) | Q(link__isnull=False))
        ]
        triggers = [pgtrigger.Protect(name="list_confirmation_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.school}: {self.year}"


class BlockedDays(models.Model):
    """Days on which a school or one of its classes cannot come. last: included."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="blocked_days")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="blocked_days")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=150, blank=True)
    said_at = models.DateTimeField(_("entered"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("days that do not suit")
        verbose_name_plural = _("days that do not suit")
        ordering = ["first", "pk"]
        constraints = [models.CheckConstraint(name="blocked_days_run_forward", condition=Q(last__gte=F("first")))]

    def __str__(self) -> str:
        return f"{self.first} - {self.last}"
