"""How the guarantee stands, counted and stored: read for all of Sweden in a second, and always what a recount gives."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from culture.models.classes import ClassGroup, Fragment
from culture.models.school import School
from culture.models.year import SchoolYear


class Figures(models.Model):
    """The numbers of one line. Pupils, never percentages: totals are sums of pupils.

    official, live: pupils on the measuring date and today. reached, live_reached: at least so many of those, the figure of the
    guarantee; upper: at most so many. extra, live_extra: how many more are proved of the classes that merged or split together
    than of each by itself; they count in sums alone. booked, planned: how many more if what is booked, and planned, takes place.
    """

    official = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    extra = models.PositiveIntegerField(default=0)
    upper = models.PositiveIntegerField(default=0)
    live = models.PositiveIntegerField(default=0)
    live_reached = models.PositiveIntegerField(default=0)
    live_extra = models.PositiveIntegerField(default=0)
    planned = models.PositiveIntegerField(default=0)
    booked = models.PositiveIntegerField(default=0)

    NUMBERS = ("official", "reached", "extra", "upper", "live", "live_reached", "live_extra", "planned", "booked")

    class Meta:
        abstract = True

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(getattr(self, name) for name in self.NUMBERS)


class ClassCoverage(Figures):
    """The figures of a class: not the sum of its grades', whose lower bounds know less (case 1). Derived: written by recount."""

    class_group = models.OneToOneField(ClassGroup, on_delete=models.CASCADE, primary_key=True, related_name="coverage")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("coverage of a class")
        verbose_name_plural = _("coverage of classes")
        constraints = [
            models.CheckConstraint(
                name="class_reached_is_among_its_pupils",
                condition=Q(reached__lte=F("official"), live_reached__lte=F("live"), upper__gte=F("reached")),
            )
        ]
        indexes = [models.Index(fields=["year", "school"], name="class_coverage_of_year")]

    def __str__(self) -> str:
        return f"{self.class_group_id}: {self.reached}/{self.official}"


class FragmentCoverage(Figures):
    """The figures of one grade in a class. Derived: written by recount."""

    fragment = models.OneToOneField(Fragment, on_delete=models.CASCADE, primary_key=True, related_name="coverage")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("coverage of a grade in a class")
        verbose_name_plural = _("coverage of grades in classes")
        constraints = [
            models.CheckConstraint(
                name="grade_reached_is_among_its_pupils",
                condition=Q(reached__lte=F("official"), live_reached__lte=F("live"), upper__gte=F("reached")),
            )
        ]
        indexes = [models.Index(fields=["year", "school", "grade"], name="grade_coverage_of_year")]

    def __str__(self) -> str:
        return f"{self.fragment_id}: {self.reached}/{self.official}"


class SchoolCoverage(models.Model):
    """A school in a school year as one row, for the matrix: sums of the rows above, written with them.

    whole: numbers in the order of SUMMED; grades: [grade, *numbers] for each. As text: a page reads fourteen
    thousand rows and takes apart those that it shows.
    """

    SUMMED = ("official", "reached", "upper", "live", "live_reached", "planned", "booked", "classes")

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="coverage")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    whole = models.TextField(default="[]")
    grades = models.TextField(default="[]")

    class Meta:
        verbose_name = _("coverage of a school")
        verbose_name_plural = _("coverage of schools")
        constraints = [models.UniqueConstraint(name="school_coverage_once", fields=["year", "school"])]

    def __str__(self) -> str:
        return f"{self.school_id}: {self.whole}"


class CoverageVersion(models.Model):
    """The figures of a school year as they were when it was locked, or when something was corrected after that."""

    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    reason = models.TextField(_("reason"), blank=True)
    made_at = models.DateTimeField(_("made"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("version of the figures")
        verbose_name_plural = _("versions of the figures")
        ordering = ["year", "number"]
        constraints = [
            models.UniqueConstraint(name="coverage_version_once_per_year", fields=["year", "number"]),
            models.CheckConstraint(name="coverage_version_says_why", condition=Q(number=1) | ~Q(reason="")),
        ]
        triggers = [pgtrigger.Protect(name="coverage_version_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.year}, {self.number}"


class CoverageLine(Figures):
    """One school and grade in a version; grade None: the school as a whole (sums of classes)."""

    version = models.ForeignKey(CoverageVersion, on_delete=models.PROTECT, related_name="lines")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField(null=True)
    classes = models.PositiveIntegerField(default=0)
    declined_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("line of a version")
        verbose_name_plural = _("lines of a version")
        ordering = ["version", "school", "grade"]
        constraints = [
            models.UniqueConstraint(name="coverage_line_once", fields=["version", "school", "grade"], nulls_distinct=False)
        ]
        triggers = [pgtrigger.Protect(name="coverage_line_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.school_id} {self.grade}"
