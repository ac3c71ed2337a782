"""Assessment against the four criteria, by people who have no interest in the case and do not see each other first."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.choices import AssessmentStatus, ConflictSource, CriterionKey
from grants.models.application import Application


class Conflict(models.Model):
    """A conflict of interest (jäv): the person takes no part and does not see the case."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    source = models.CharField(max_length=10, choices=ConflictSource.choices)
    reason = models.TextField(_("reason"), blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="conflict_once_per_person")]

    def __str__(self) -> str:
        return f"{self.user} – {self.application}"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def counted(self) -> "AssessmentQuerySet":
        """Those that count in the mean: done, and not voided by a conflict of interest."""
        return self.filter(status=AssessmentStatus.DONE)

    def visible_to(self, user: Any) -> "AssessmentQuerySet":
        """One's own, and others' once one's own on the same application is done (Case 28)."""
        mine = self.filter(assessor=user)
        done = Assessment.objects.filter(assessor=user, status=AssessmentStatus.DONE).values("application")
        seen = Application.objects.for_casework_by(user).values("pk")
        return self.filter(Q(pk__in=mine.values("pk")) | Q(application__in=done)).filter(application__in=seen)


class Assessment(models.Model):
    """One assessor's view of one application."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assessments")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    status = models.CharField(max_length=8, choices=AssessmentStatus.choices, default=AssessmentStatus.STARTED)
    comment = models.TextField(_("comment"), blank=True)
    started_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(fields=["application", "assessor"], name="assessment_once_per_assessor"),
            models.CheckConstraint(
                name="assessment_done_has_its_time", condition=~Q(status=AssessmentStatus.DONE) | Q(done_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} ({self.assessor})"


class Score(models.Model):
    """A level 0-5 on one criterion, or none when the criterion does not apply, with the assessor's reason."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=15, choices=CriterionKey.choices)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once_per_criterion"),
            models.CheckConstraint(name="score_level_0_to_5", condition=Q(level=None) | Q(level__lte=5)),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.level}"
