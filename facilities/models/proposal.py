"""Proposals of a season's times: the frozen problem, every version of the plan, and what associations say about it."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from associations.models.history import tracked
from facilities.choices import RUN_MOVES, RUN_TONES, RunStatus, StepKind
from facilities.models.season import SeasonRound
from facilities.models.section import Section
from records.models import Work


class SeasonRunQuerySet(models.QuerySet["SeasonRun"]):
    def visible_to(self, user: Any) -> "SeasonRunQuerySet":
        reads = user.is_authenticated and user.has_perm("facilities.read_bookings")
        return self.all() if reads else self.none()

    def unfinished(self) -> "SeasonRunQuerySet":
        return self.filter(status__in=[RunStatus.WAITING, RunStatus.RUNNING])


class SeasonRun(Work):
    """One proposal. problem: canonical JSON of all that the plan depends on, frozen when it was asked for; the same problem gives
    the same plan byte for byte.

    What came out is its first step.
    """

    failed_verb = "facilities.proposal_failed"

    season = models.ForeignKey(SeasonRound, on_delete=models.PROTECT, related_name="runs", verbose_name=_("season"))
    name = models.CharField(_("name"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=RunStatus.choices, default=RunStatus.WAITING)
    problem = models.TextField()
    problem_sha256 = models.CharField(max_length=64)

    objects = SeasonRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of a season")
        verbose_name_plural = _("proposals of a season")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="season_run_failed_says_why", condition=~Q(status=RunStatus.FAILED) | ~Q(error="")),
        ]
        triggers = [
            pgtrigger.FSM(
                name="season_run_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in RUN_MOVES.items() for new in sorted(moves)],
            ),
            pgtrigger.ReadOnly(name="season_run_problem_stays", fields=["problem", "problem_sha256", "season"]),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.season}, {self.pk}"

    @property
    def tone(self) -> str:
        return RUN_TONES[self.status]


class SeasonStepQuerySet(models.QuerySet["SeasonStep"]):
    def standing(self) -> "SeasonStepQuerySet":
        """Those that are not undone, the newest first: the first of a run is what the run proposes now."""
        return self.filter(undone_at=None).order_by("-number")


class SeasonStep(models.Model):
    """One version of a proposal: 0 as it was computed, then one for each edit. Only undone_at is ever written again.

    said: what the officer did, {"section": key, "from": [...], "to": [...], ...}. fixed, refused: the locks and noes of the whole
    version, as rows of facilities.rules.allocation.problem. plan, reasons: canonical JSON (Rule FA-37). errors: the independent
    checker's; none = sound. costs: sections whose times differ from the version before, [[key, passes before, passes after]].
    """

    run = models.ForeignKey(SeasonRun, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("what"), max_length=10, choices=StepKind.choices)
    said = models.JSONField(default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    fixed = models.JSONField(default=list, blank=True)
    refused = models.JSONField(default=list, blank=True)
    plan = models.TextField()
    plan_sha256 = models.CharField(max_length=64)
    reasons = models.TextField()
    errors = models.JSONField(default=list, blank=True)
    costs = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(_("made"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = SeasonStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a proposal")
        verbose_name_plural = _("versions of a proposal")
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(name="season_step_number_once", fields=["run", "number"]),
            models.CheckConstraint(name="season_first_step_stays", condition=~Q(number=0) | Q(undone_at=None)),
        ]
        triggers = [
            pgtrigger.Protect(
                name="season_step_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["undone_at"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.run}, {self.number}"


class SeasonCommentQuerySet(models.QuerySet["SeasonComment"]):
    def visible_to(self, user: Any) -> "SeasonCommentQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("facilities.read_bookings"):
            return self.all()
        return self.filter(association__in=Association.objects.spoken_for_by(user).values("pk"))

    def unanswered(self) -> "SeasonCommentQuerySet":
        return self.filter(answered_at=None)


@tracked()
class SeasonComment(models.Model):
    """What an association says about a proposal that is shown, about one of its groups or all; and the municipality's answer."""

    season = models.ForeignKey(SeasonRound, on_delete=models.PROTECT, related_name="comments", verbose_name=_("season"))
    step = models.ForeignKey(SeasonStep, on_delete=models.PROTECT, related_name="comments", verbose_name=_("proposal"))
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="season_comments")
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="comments", verbose_name=_("group")
    )
    text = models.TextField(_("comment"), max_length=2000)
    made_at = models.DateTimeField(_("written"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SeasonCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment on a proposal")
        verbose_name_plural = _("comments on a proposal")
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(name="season_comment_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="season_comment_answered_in_words",
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="season_comment_answered_after_it_was_written",
                condition=Q(answered_at=None) | Q(answered_at__gte=F("made_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.association}, {self.season}"
