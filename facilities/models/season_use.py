"""How a season's times are used: notices that an unused time is taken back, and blocks that an association divides itself."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from associations.models.history import tracked
from facilities.models.season_time import SeasonTime


class UseNoticeQuerySet(models.QuerySet["UseNotice"]):
    def visible_to(self, user: Any) -> "UseNoticeQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("facilities.read_bookings"):
            return self.all()
        return self.filter(time__association__in=Association.objects.spoken_for_by(user).values("pk"))

    def open(self) -> "UseNoticeQuerySet":
        return self.filter(settled_at=None)

    def ran_out(self, day: date) -> "UseNoticeQuerySet":
        """Open ones whose last day for an answer has passed."""
        return self.open().filter(answer_by__lt=day)


@tracked()
class UseNotice(models.Model):
    """The association is told that a time is used too little, and why: it may answer; then the time is kept or taken back.

    held, used: dates that have been, and on how many of them the time was used (Rule FA-95).
    """

    time = models.ForeignKey(SeasonTime, on_delete=models.PROTECT, related_name="notices", verbose_name=_("time"))
    held = models.PositiveSmallIntegerField(_("dates that have been"))
    used = models.PositiveSmallIntegerField(_("dates that were used"))
    reason = models.TextField(_("reason"), max_length=1000)
    made_at = models.DateTimeField(_("sent"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer_by = models.DateField(_("last day to answer"))
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_back = models.BooleanField(_("taken back"), default=False)
    grounds = models.TextField(_("grounds"), max_length=1000, blank=True)

    objects = UseNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of unused time")
        verbose_name_plural = _("notices of unused time")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="use_notice_one_open_a_time", fields=["time"], condition=Q(settled_at=None)),
            models.CheckConstraint(name="use_notice_counts_dates", condition=Q(used__lte=F("held"))),
            models.CheckConstraint(name="use_notice_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="use_notice_settled_with_grounds",
                condition=Q(settled_at=None, settled_by=None, taken_back=False)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(grounds="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.time}: {self.used}/{self.held}"


@tracked()
class BlockShare(models.Model):
    """What one of the association's groups has of a block: minutes from local midnight within it, and who comes."""

    time = models.ForeignKey(SeasonTime, on_delete=models.PROTECT, related_name="shares", verbose_name=_("time"))
    name = models.CharField(_("name of the group"), max_length=80)
    starts = models.PositiveSmallIntegerField(_("begins"))
    ends = models.PositiveSmallIntegerField(_("ends"))
    age_from = models.PositiveSmallIntegerField(_("youngest"))
    age_to = models.PositiveSmallIntegerField(_("oldest"))
    girls = models.PositiveSmallIntegerField(_("girls and women"), default=0)
    boys = models.PositiveSmallIntegerField(_("boys and men"), default=0)
    made_at = models.DateTimeField(_("reported"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("share of a block")
        verbose_name_plural = _("shares of a block")
        ordering = ["starts", "pk"]
        constraints = [
            models.UniqueConstraint(name="block_share_name_once", fields=["time", "name", "starts"]),
            models.CheckConstraint(name="block_share_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="block_share_begins_before_it_ends", condition=Q(starts__lt=F("ends"))),
            models.CheckConstraint(name="block_share_ages_in_order", condition=Q(age_from__lte=F("age_to"))),
            models.CheckConstraint(name="block_share_has_members", condition=Q(girls__gt=0) | Q(boys__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts}-{self.ends}"
