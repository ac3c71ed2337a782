"""A season's round: its dates, its halls, and the principles that it is allocated by."""

import hashlib
import json
from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models.history import tracked
from facilities.choices import ROUND_MOVES, RoundStatus
from facilities.models.place import Space
from facilities.rules.allocation.principles import Principles, principles_from_json
from facilities.rules.season_use import UseLimits
from records.models import Case

_IS_PUBLISHED = pgtrigger.Condition("OLD.published_at IS NOT NULL")


@tracked()
class PrincipleSet(models.Model):
    """The council's principles in one version, as data. Fixed when it is published (database trigger)."""

    name = models.CharField(_("name"), max_length=100)
    principles = models.JSONField(_("principles"))  # facilities.rules.allocation.principles, Rule FA-11
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_example = models.BooleanField(_("example"), default=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        verbose_name = _("principles")
        verbose_name_plural = _("principles")
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(name="principles_have_a_name", condition=~Q(name=""))]
        triggers = [
            pgtrigger.Protect(
                name="published_principles_stand",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=_IS_PUBLISHED,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def for_rules(self) -> Principles:
        """As the rules read them."""
        return principles_from_json(self.principles)

    @property
    def version(self) -> str:
        """What the set says, as twelve figures and letters: another text, another version."""
        said = [self.name, self.principles, self.source, self.is_example]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]


class SeasonRoundQuerySet(models.QuerySet["SeasonRound"]):
    def shown(self) -> "SeasonRoundQuerySet":
        """Those that associations and the public may read of."""
        return self.exclude(status=RoundStatus.PLANNED)

    def seen_by(self, user: Any) -> "SeasonRoundQuerySet":
        return self if user.has_perm("facilities.read_bookings") else self.shown()

    def past_their_day(self, today: date) -> "SeasonRoundQuerySet":
        """Open rounds whose last day for wishes has passed."""
        return self.filter(status=RoundStatus.OPEN, wishes_until__lt=today)


@tracked()
class SeasonRound(models.Model):
    """One season of weekly times. since, until: half open days. The other days are the last on which something may be done.

    seed: what the lot is drawn from; published with the invitation, before anybody has wished. shown: the version of a proposal
    that associations and the public read, and that is decided. case: of the decision; kept when the decision is undone.
    use_percent, use_dates, answer_days: the limits of the check of real use (UseLimits); examples until an officer has set them.
    """

    name = models.CharField(_("name"), max_length=100)
    since = models.DateField(_("the season begins"))
    until = models.DateField(_("the season ends"))
    opens_on = models.DateField(_("invitation"))
    wishes_until = models.DateField(_("last day for wishes"))
    proposed_on = models.DateField(_("proposal"))
    comments_until = models.DateField(_("last day for comments"))
    decided_on = models.DateField(_("decision"))
    checked_on = models.DateField(_("check of real use"), null=True, blank=True)
    principles = models.ForeignKey(
        PrincipleSet, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds", verbose_name=_("principles")
    )
    halls = models.ManyToManyField(Space, related_name="rounds", blank=True, verbose_name=_("halls"))
    seed = models.CharField(_("seed of the lot"), max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=RoundStatus.choices, default=RoundStatus.PLANNED)
    shown = models.ForeignKey(
        "facilities.SeasonStep",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposal shown"),
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("case"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    use_percent = models.PositiveSmallIntegerField(_("used too little below, percent"), default=UseLimits().least_percent)
    use_dates = models.PositiveSmallIntegerField(_("known dates at least"), default=UseLimits().least_known)
    answer_days = models.PositiveSmallIntegerField(_("days to answer a notice"), default=UseLimits().answer_days)
    use_is_example = models.BooleanField(_("example"), default=True)

    objects = SeasonRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("season")
        verbose_name_plural = _("seasons")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(name="season_begins_before_it_ends", condition=Q(since__lt=F("until"))),
            models.CheckConstraint(
                name="season_days_come_in_order",
                condition=Q(opens_on__lte=F("wishes_until"))
                & Q(wishes_until__lt=F("proposed_on"))
                & Q(proposed_on__lte=F("comments_until"))
                & Q(comments_until__lt=F("decided_on")),
            ),
            models.CheckConstraint(
                name="season_use_limits_can_be_kept",
                condition=Q(use_percent__gte=1, use_percent__lte=100, use_dates__gte=1, answer_days__gte=1, answer_days__lte=90),
            ),
            models.CheckConstraint(
                name="season_open_has_principles_and_seed",
                condition=Q(status=RoundStatus.PLANNED) | (Q(principles__isnull=False) & ~Q(seed="")),
            ),
            models.CheckConstraint(
                name="season_proposed_shows_a_proposal",
                condition=~Q(status__in=[RoundStatus.PROPOSED, RoundStatus.DECIDED]) | Q(shown__isnull=False),
            ),
            models.CheckConstraint(
                name="season_decided_by_somebody_in_a_case",
                condition=Q(status=RoundStatus.DECIDED, case__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                | (~Q(status=RoundStatus.DECIDED) & Q(decided_at=None, decided_by=None)),
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="season_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in ROUND_MOVES.items() for new in sorted(moves)],
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def use_limits(self) -> UseLimits:
        return UseLimits(self.use_percent, self.use_dates, self.answer_days)
