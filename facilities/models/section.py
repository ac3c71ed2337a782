"""What an association wishes of a season: its list, its sections, when and where each would train."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from associations.models.history import tracked
from facilities.models.hours import WEEKDAYS
from facilities.models.place import Space
from facilities.models.season import SeasonRound
from facilities.rules.allocation.conditions import TextFact

_DAY = 24 * 60


# The groups of a list that is handed in stand; to change them the list is taken back first.
_HANDED_IN = """
    IF EXISTS (
        SELECT 1 FROM facilities_wishlist
        WHERE id = COALESCE(NEW.wishes_id, OLD.wishes_id) AND handed_in_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'wishes that are handed in stand' USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


class WishListQuerySet(models.QuerySet["WishList"]):
    def visible_to(self, user: Any) -> "WishListQuerySet":
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("facilities.read_bookings"):
            return self.all()
        return self.filter(association__in=Association.objects.spoken_for_by(user).values("pk"))

    def handed_in(self) -> "WishListQuerySet":
        return self.exclude(handed_in_at=None)


@tracked()
class WishList(models.Model):
    """All that one association wishes of one season. Counts when it is handed in; until the last day it can be taken back."""

    season = models.ForeignKey(SeasonRound, on_delete=models.PROTECT, related_name="wish_lists", verbose_name=_("season"))
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="wish_lists")
    message = models.TextField(_("message to the municipality"), blank=True)
    made_at = models.DateTimeField(_("begun"))
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    objects = WishListQuerySet.as_manager()

    class Meta:
        verbose_name = _("wishes of a season")
        verbose_name_plural = _("wishes of seasons")
        ordering = ["association__name", "pk"]
        constraints = [
            models.UniqueConstraint(name="wishes_once_a_season", fields=["season", "association"]),
            models.CheckConstraint(
                name="wishes_handed_in_by_somebody",
                condition=Q(handed_in_at=None, handed_in_by=None) | Q(handed_in_at__isnull=False, handed_in_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.association}, {self.season}"


class Section(models.Model):
    """A group that trains together. age_from, age_to: what its youngest and oldest turn. shortest, longest: minutes of a pass.

    girls, boys: members as the association says; what attendance says stands beside it (Rule FA-04).
    """

    wishes = models.ForeignKey(WishList, on_delete=models.CASCADE, related_name="sections")
    name = models.CharField(_("name of the group"), max_length=80)
    sport = models.CharField(_("sport or art"), max_length=60, blank=True)
    division = models.CharField(_("division or level"), max_length=60, blank=True)
    age_from = models.PositiveSmallIntegerField(_("youngest"))
    age_to = models.PositiveSmallIntegerField(_("oldest"))
    girls = models.PositiveSmallIntegerField(_("girls and women"), default=0)
    boys = models.PositiveSmallIntegerField(_("boys and men"), default=0)
    disability = models.BooleanField(_("for people with disabilities"), default=False)
    passes = models.PositiveSmallIntegerField(_("times a week"), default=1)
    shortest = models.PositiveSmallIntegerField(_("shortest time"), default=60)
    longest = models.PositiveSmallIntegerField(_("longest time"), default=60)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    is_block = models.BooleanField(_("a block that we divide among our groups ourselves"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    before = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="after", verbose_name=_("last season")
    )

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(name="section_name_once", fields=["wishes", "name"]),
            models.CheckConstraint(name="section_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="section_ages_in_order", condition=Q(age_from__lte=F("age_to"))),
            models.CheckConstraint(name="section_has_members", condition=Q(girls__gt=0) | Q(boys__gt=0)),
            models.CheckConstraint(name="section_wishes_some_times", condition=Q(passes__gte=1, passes__lte=14)),
            models.CheckConstraint(
                name="section_length_in_half_hours",
                condition=Q(shortest__gte=30, longest__gte=F("shortest"), longest__lte=_DAY),
            ),
            models.CheckConstraint(
                name="section_begins_before_it_ends",
                condition=Q(since=None) | Q(until=None) | Q(since__isnull=False, until__isnull=False, since__lt=F("until")),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="handed_in_wishes_stand",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=_HANDED_IN,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        return self.girls + self.boys


class SuitableHours(models.Model):
    """Hours of a weekday that suit a group, minutes from midnight. choice: 1 best, 2 good enough."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="suits")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    starts = models.PositiveSmallIntegerField(_("from"))
    ends = models.PositiveSmallIntegerField(_("to"))
    choice = models.PositiveSmallIntegerField(_("choice"), default=1)

    class Meta:
        verbose_name = _("hours that suit")
        verbose_name_plural = _("hours that suit")
        ordering = ["weekday", "starts", "pk"]
        constraints = [
            models.UniqueConstraint(name="suitable_hours_once", fields=["section", "weekday", "starts", "ends"]),
            models.CheckConstraint(
                name="suitable_hours_of_a_weekday",
                condition=Q(weekday__lte=6, starts__lt=F("ends"), ends__lte=_DAY, choice__gte=1, choice__lte=2),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}–{self.ends}"


class WishedSpace(models.Model):
    """A space that a group accepts; the order is the wish. A whole hall with *parts*: any so many of its smallest parts."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="spaces")
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", verbose_name=_("space"))
    parts = models.PositiveSmallIntegerField(_("parts"), default=0)  # 0: all of it
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("wished space")
        verbose_name_plural = _("wished spaces")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(name="wished_space_once", fields=["section", "space", "parts"])]

    def __str__(self) -> str:
        return str(self.space)


def words_in_use() -> dict[TextFact, list[str]]:
    """How groups have written their sport and division, to hint at where a condition names them. One query."""
    rows = list(Section.objects.order_by().values_list("sport", "division").distinct()[:500])
    return {
        TextFact.SPORT: sorted({sport for sport, _division in rows if sport}),
        TextFact.DIVISION: sorted({division for _sport, division in rows if division}),
    }
