"""Who may act for an association, and acts that take two."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from associations.choices import MandateKind, MandateSource
from associations.models.association import Association
from associations.models.board import DateRange
from associations.models.history import tracked


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self, day: date) -> "MandateQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def signatories(self) -> "MandateQuerySet":
        return self.filter(kind=MandateKind.SIGNATORY)


@tracked()
class Mandate(models.Model):
    """One person's right to act for one association, half open in time."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="mandates")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandates")
    kind = models.CharField(_("kind"), max_length=12, choices=MandateKind.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("how it came about"), max_length=12, choices=MandateSource.choices, default=MandateSource.OFFICER)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ["-since", "-pk"]
        constraints = [
            # A mandate that is ended the day it began was never in force: since = until, and in_force() skips it.
            models.CheckConstraint(
                name="mandate_does_not_end_before_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
            ExclusionConstraint(
                name="mandate_of_a_kind_held_once_at_a_time",
                expressions=[
                    ("association", RangeOperators.EQUAL),
                    ("user", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.association}"


class JointActQuerySet(models.QuerySet["JointAct"]):
    def waiting(self) -> "JointActQuerySet":
        return self.filter(confirmed_at=None)


@tracked()
class JointAct(models.Model):
    """An act that takes two signatories: prepared by one, confirmed by another.

    key: what the act is about, '<app>.<verb>.<pk>', unique per association. digest: of what was prepared; when the
    content changes the preparation starts over, so nobody confirms something else than what was prepared.
    """

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="joint_acts")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(_("prepared"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = JointActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act by two")
        verbose_name_plural = _("acts by two")
        constraints = [
            models.UniqueConstraint(name="joint_act_once_per_key", fields=["association", "key"]),
            models.CheckConstraint(
                name="joint_act_takes_two_people",
                condition=Q(confirmed_by=None, confirmed_at=None)
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("prepared_by"))),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class MandateOfferQuerySet(models.QuerySet["MandateOffer"]):
    def waiting(self) -> "MandateOfferQuerySet":
        """Not accepted, not withdrawn; may have grown too old."""
        return self.filter(withdrawn_at=None, mandate=None)


class MandateOffer(models.Model):
    """Somebody is asked to act for an association. The letter goes when the offer is confirmed, where two sign jointly."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="offers")
    kind = models.CharField(_("kind"), max_length=12, choices=MandateKind.choices)
    email = models.EmailField(_("e-mail address"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="mandate_offer")
    mandate = models.OneToOneField(Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="offer")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = MandateOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of a mandate")
        verbose_name_plural = _("offers of mandates")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="mandate_offer_accepted_or_withdrawn_not_both", condition=Q(mandate=None) | Q(withdrawn_at=None)
            ),
            models.UniqueConstraint(
                "association",
                "kind",
                Lower("email"),
                name="mandate_offer_waits_once_per_person_and_kind",
                condition=Q(mandate=None, withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.association}"

    @property
    def joint_key(self) -> str:
        """The key of the act by two that this offer needs where two sign jointly."""
        return f"associations.mandate_offer.{self.pk}"
