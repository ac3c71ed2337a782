"""Deciding a season, and undoing that, as work that the worker does: who asked for it, how far it has come, what came of it."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from facilities.choices import WORK_TONES, SeasonTask
from facilities.models.proposal import SeasonStep
from facilities.models.season import SeasonRound
from records.choices import WORK_MOVES, WorkStatus
from records.models import Work


class SeasonWorkQuerySet(models.QuerySet["SeasonWork"]):
    def visible_to(self, user: Any) -> "SeasonWorkQuerySet":
        reads = user.is_authenticated and user.has_perm("facilities.read_bookings")
        return self.all() if reads else self.none()

    def unfinished(self) -> "SeasonWorkQuerySet":
        return self.filter(status__in=[WorkStatus.WAITING, WorkStatus.RUNNING])

    def latest_of_each(self) -> "SeasonWorkQuerySet":
        """Of each season the work that was asked for last: what was before it is history."""
        return self.exclude(Exists(SeasonWork.objects.filter(season=OuterRef("season"), pk__gt=OuterRef("pk"))))


class SeasonWork(Work):
    """One decision, or the undoing of one. step: the version that the officer read and decides. reason: why it is undone.

    refused: it came to nothing because something has changed, not because something broke. result: what was made of it,
    {"bookings": n, "clashes": n}.
    """

    failed_verb = "facilities.season_work_failed"

    season = models.ForeignKey(SeasonRound, on_delete=models.PROTECT, related_name="works", verbose_name=_("season"))
    task = models.CharField(_("what"), max_length=10, choices=SeasonTask.choices)
    step = models.ForeignKey(
        SeasonStep, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposal")
    )
    reason = models.TextField(_("reason"), blank=True)
    refused = models.BooleanField(default=False)
    result = models.JSONField(default=dict, blank=True)

    objects = SeasonWorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("work on a decision")
        verbose_name_plural = _("work on decisions")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="season_work_one_at_a_time",
                fields=["season"],
                condition=Q(status__in=[WorkStatus.WAITING, WorkStatus.RUNNING]),
            ),
            models.CheckConstraint(name="season_work_failed_says_why", condition=~Q(status=WorkStatus.FAILED) | ~Q(error="")),
            models.CheckConstraint(
                name="season_work_says_what",
                condition=Q(task=SeasonTask.DECIDE, step__isnull=False) | (Q(task=SeasonTask.UNDO) & ~Q(reason="")),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="season_work_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in WORK_MOVES.items() for new in sorted(moves)],
            ),
            pgtrigger.ReadOnly(name="season_work_stays", fields=["season", "task", "step", "reason", "made_at", "made_by"]),
        ]

    def __str__(self) -> str:
        return f"{self.season}, {self.get_task_display()}"

    @property
    def tone(self) -> str:
        return WORK_TONES[self.status]
