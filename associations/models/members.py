"""Members in figures, per year: never names."""

from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from associations.choices import Sex
from associations.models.association import Association
from associations.models.history import tracked
from associations.models.reference import AgeBand


class MemberFiguresQuerySet(models.QuerySet["MemberFigures"]):
    def confirmed(self) -> "MemberFiguresQuerySet":
        return self.filter(confirmed_at__isnull=False)

    def with_totals(self) -> "MemberFiguresQuerySet":
        """Adds total_members and total_here (members who live in the municipality), newest year first; no query of its own."""
        return self.annotate(
            total_members=Sum("counts__count", default=0),
            total_here=Sum("counts__count", filter=Q(counts__lives_here=True), default=0),
        ).order_by("-year")


@tracked()
class MemberFigures(models.Model):
    """The members of one association in one year, counted on one day; a draft until confirmed."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="member_figures")
    year = models.PositiveSmallIntegerField(_("year"))
    as_of = models.DateField(_("counted on"))
    active = models.PositiveIntegerField(_("active members"), default=0)
    reported_at = models.DateTimeField(_("reported"))
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = MemberFiguresQuerySet.as_manager()

    class Meta:
        verbose_name = _("member figures")
        verbose_name_plural = _("member figures")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(name="member_figures_once_a_year", fields=["association", "year"]),
            models.CheckConstraint(
                name="member_figures_confirmed_by_somebody",
                condition=Q(confirmed_at=None, confirmed_by=None) | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.association} {self.year}"

    def as_cells(self) -> Mapping[tuple[int, str, bool], int]:
        """(age band id, sex, lives here) -> count; one query unless the counts are prefetched."""
        return {(row.age_band_id, row.sex, row.lives_here): row.count for row in self.counts.all()}


@tracked()
class MemberCount(models.Model):
    """One cell of the figures: how many of one age band and sex, at home in the municipality or elsewhere."""

    figures = models.ForeignKey(MemberFigures, on_delete=models.CASCADE, related_name="counts")
    age_band = models.ForeignKey(AgeBand, on_delete=models.PROTECT, related_name="+")
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices)
    lives_here = models.BooleanField(_("lives in the municipality"))
    count = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("member count")
        verbose_name_plural = _("member counts")
        constraints = [
            models.UniqueConstraint(name="member_count_once_per_cell", fields=["figures", "age_band", "sex", "lives_here"]),
            models.CheckConstraint(name="member_count_is_believable", condition=Q(count__lte=100_000)),
        ]

    def __str__(self) -> str:
        return str(self.count)
