"""Proposals of a plan: the frozen problem, what came out of it, and what an officer says about it."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from culture.choices import RUN_MOVES, EditKind, RunStatus
from culture.models.classes import ClassGroup, Fragment
from culture.models.performance import Performance
from culture.models.school import School
from culture.models.visit import Visit
from culture.models.year import SchoolYear
from records.models import Work


class PlanRunQuerySet(models.QuerySet["PlanRun"]):
    def visible_to(self, user: Any) -> "PlanRunQuerySet":
        return self.all() if user.is_authenticated and user.has_perm("culture.read") else self.none()

    def unfinished(self) -> "PlanRunQuerySet":
        return self.filter(status__in=[RunStatus.WAITING, RunStatus.RUNNING])


class PlanRun(Work):
    """One proposal. problem: canonical JSON of all that the plan depends on, frozen when the run was asked for; the same problem
    and seed give the same result byte for byte, so the digests of both are kept.

    result, reasons, verdict: canonical JSON from the rules; verdict is the checker's.
    """

    failed_verb = "culture.plan_failed"

    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="plan_runs", verbose_name=_("school year"))
    base = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by", verbose_name=_("goes on from")
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=RunStatus.choices, default=RunStatus.WAITING)
    seed = models.PositiveIntegerField(_("seed"))
    problem = models.TextField()
    problem_sha256 = models.CharField(max_length=64)
    result = models.TextField(blank=True)
    result_sha256 = models.CharField(max_length=64, blank=True)
    reasons = models.JSONField(default=list, blank=True)
    verdict = models.JSONField(default=dict, blank=True)
    unserved = models.PositiveIntegerField(_("pupils without a visit"), null=True, blank=True)
    bound = models.PositiveIntegerField(_("no plan can leave fewer"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PlanRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of a plan")
        verbose_name_plural = _("proposals of a plan")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="plan_run_published_has_its_time",
                condition=Q(status=RunStatus.PUBLISHED, published_at__isnull=False)
                | (~Q(status=RunStatus.PUBLISHED) & Q(published_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="plan_run_done_has_a_result_and_a_verdict",
                condition=~Q(status__in=[RunStatus.DONE, RunStatus.PUBLISHED]) | (~Q(result="") & ~Q(verdict={})),
            ),
            models.CheckConstraint(name="plan_run_failed_says_why", condition=~Q(status=RunStatus.FAILED) | ~Q(error="")),
        ]
        triggers = [
            pgtrigger.FSM(
                name="plan_run_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in RUN_MOVES.items() for new in sorted(moves)],
            ),
            pgtrigger.ReadOnly(name="plan_run_problem_stays", fields=["problem", "problem_sha256", "seed", "year"]),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.year}, {self.pk}"


class PlanRow(models.Model):
    """One class at one performance in a proposal. fixed: published or booked before, so the run may not move it."""

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="rows")
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="plan_rows")
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="plan_rows")
    host = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pupils = models.PositiveSmallIntegerField()
    adults = models.PositiveSmallIntegerField()
    fixed = models.BooleanField(default=False)
    edited = models.BooleanField(default=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_rows")

    class Meta:
        verbose_name = _("line of a proposal")
        verbose_name_plural = _("lines of a proposal")
        ordering = ["run", "performance", "class_group"]
        constraints = [models.UniqueConstraint(name="plan_row_once", fields=["run", "class_group", "performance"])]

    def __str__(self) -> str:
        return f"{self.class_group_id} -> {self.performance_id}"


class PlanEdit(models.Model):
    """What an officer said about a proposal: taken back with withdrawn_at, never changed. The run that goes on from it obeys."""

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="edits")
    kind = models.CharField(_("kind"), max_length=10, choices=EditKind.choices)
    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="+")
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="+")
    fragment = models.ForeignKey(Fragment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("edit of a proposal")
        verbose_name_plural = _("edits of a proposal")
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="plan_edit_once_in_force",
                fields=["run", "class_group", "performance", "fragment"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="plan_edit_allows_a_named_grade", condition=~Q(kind=EditKind.ALLOW) | Q(fragment__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.class_group_id} -> {self.performance_id}"
