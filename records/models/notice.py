"""The public notice board (kommunallagen 8:9-13): what was posted, when it was taken down."""

from datetime import date
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.choices import NoticeKind
from records.models.case import Case


class NoticeQuerySet(models.QuerySet["Notice"]):
    def on_the_board(self) -> "NoticeQuerySet":
        """Posted and not taken down: what anyone may read."""
        return self.filter(taken_down_at=None)

    def visible_to(self, user: Any) -> "NoticeQuerySet":
        """Anyone reads the board; those who read the register also read what was taken down."""
        return self if user.has_perm("records.read_register") else self.on_the_board()

    def to_take_down(self, day: date) -> "NoticeQuerySet":
        return self.on_the_board().filter(take_down_on__lte=day)


class Notice(models.Model):
    """One notice. What it says and when it was posted are fixed from the start; it is taken down once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind.choices)
    title = models.CharField(_("heading"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    committee = models.CharField(_("committee"), max_length=150, blank=True)
    meeting_on = models.DateField(_("date of the meeting"), null=True, blank=True)
    minutes_adjusted_on = models.DateField(_("minutes adjusted"), null=True, blank=True)
    minutes_kept_at = models.CharField(_("where the minutes are kept"), max_length=200, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    posted_at = models.DateTimeField(_("posted"))
    appeal_until = models.DateField(_("last day to appeal"), null=True, blank=True)
    take_down_on = models.DateField(_("is taken down"))
    taken_down_at = models.DateTimeField(_("taken down"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-posted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="notice_taken_down_after_posted", condition=Q(taken_down_at=None) | Q(taken_down_at__gte=F("posted_at"))
            ),
            models.CheckConstraint(
                name="notice_stands_through_the_last_day_to_appeal",
                condition=Q(appeal_until=None) | Q(take_down_on__gt=F("appeal_until")),
            ),
            models.CheckConstraint(
                name="notice_of_minutes_says_which_and_until_when",
                condition=~Q(kind=NoticeKind.MINUTES)
                | (
                    Q(meeting_on__isnull=False, minutes_adjusted_on__isnull=False, appeal_until__isnull=False)
                    & ~Q(committee="")
                    & ~Q(minutes_kept_at="")
                ),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="posted_stays", exclude=["taken_down_at"]),
            pgtrigger.Protect(
                name="taken_down_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__taken_down_at__isnull=False)
                & pgtrigger.Q(old__taken_down_at__df=pgtrigger.F("new__taken_down_at")),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("records:notice", args=[self.pk])
