"""Assessment against the four criteria, by people who have no interest in the case and do not see each other first."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grants.choices import AssessmentStatus, ConflictSource, CriterionKey
from grants.models.application import CASEWORK, Application
from grants.models.scheme import Call


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def in_force(self) -> "ConflictQuerySet":
        return self.filter(lifted_at=None)


class Conflict(models.Model):
    """A conflict of interest (jäv): the person takes no part and does not see the case.

    Lifted only by somebody else, with a reason; the row stays. A second conflict of the same person is a new row.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="conflicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    source = models.CharField(max_length=10, choices=ConflictSource.choices)
    reason = models.TextField(_("reason"), blank=True)
    declared_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lift_reason = models.TextField(_("reason for stepping back in"), blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["declared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"], condition=Q(lifted_at=None), name="conflict_in_force_once_per_person"
            ),
            models.CheckConstraint(
                name="conflict_is_lifted_by_another_with_a_reason",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="") & ~Q(lifted_by=F("user"))),
            ),
        ]
        triggers = [pgtrigger.Protect(name="conflict_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user} – {self.application}"


class Assessor(models.Model):
    """A person appointed to assess in a call. In a blind call the appointed see no names until it is decided (Case 27)."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="assessors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessor_of")
    appointed_at = models.DateTimeField()
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("assessor")
        verbose_name_plural = _("assessors")
        constraints = [models.UniqueConstraint(fields=["call", "user"], name="assessor_appointed_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.call}"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def counted(self) -> "AssessmentQuerySet":
        """Those that count in the mean: done, and not voided by a conflict of interest."""
        return self.filter(status=AssessmentStatus.DONE)

    def visible_to(self, user: Any) -> "AssessmentQuerySet":
        """One's own; others' that are done, where this user may see them (Case 28)."""
        mine = Q(assessor=user) & ~Q(status=AssessmentStatus.VOIDED)
        shown = Application.objects.received().showing_aggregate_to(user).values("pk")
        others = Q(application__in=shown) & ~Q(status=AssessmentStatus.STARTED)
        if not user.has_role(*CASEWORK):
            return self.none()
        return self.filter(mine | others).exclude(application__in=Application.objects.with_interest_of(user).values("pk"))


class Assessment(models.Model):
    """One assessor's view of one application."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assessments")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assessments")
    status = models.CharField(max_length=8, choices=AssessmentStatus.choices, default=AssessmentStatus.STARTED)
    comment = models.TextField(_("comment"), blank=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField(_("saved"))
    done_at = models.DateTimeField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(fields=["application", "assessor"], name="assessment_once_per_assessor"),
            models.CheckConstraint(
                name="assessment_done_has_its_time", condition=~Q(status=AssessmentStatus.DONE) | Q(done_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} ({self.assessor})"


class Score(models.Model):
    """A level 0-5 on one criterion, or "does not apply", with the assessor's reason; neither while it is being written."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=15, choices=CriterionKey.choices)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    not_applicable = models.BooleanField(_("does not apply"), default=False)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once_per_criterion"),
            models.CheckConstraint(name="score_level_0_to_5", condition=Q(level=None) | Q(level__lte=5)),
            models.CheckConstraint(
                name="score_without_level_when_it_does_not_apply", condition=Q(not_applicable=False) | Q(level__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.level}"
