"""The programme: producers, what shows that they are professional, agreements, offers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from associations.models.history import tracked
from culture.choices import OFFER_MOVES, ArtForm, EvidenceKind, OfferStatus
from facilities.choices import AccessFact
from records.models import StoredFile


@tracked()
class Producer(models.Model):
    """Who plays, teaches or shows. is_own: the municipality's own (the Culture School), which sends no invoice."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    organisation_number = models.CharField(_("organisation number"), max_length=12, blank=True)
    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("association")
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    website = models.URLField(_("website"), blank=True)
    is_own = models.BooleanField(_("the municipality's own"), default=False)
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("producer")
        verbose_name_plural = _("producers")
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="producer_has_a_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name


class TaxCheck(models.Model):
    """That somebody looked up, on a day, whether the producer is approved for F-tax. Append-only: the latest one counts."""

    producer = models.ForeignKey(Producer, on_delete=models.PROTECT, related_name="tax_checks")
    approved = models.BooleanField(_("approved for F-tax"))
    seen_on = models.DateField(_("looked up"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # last day included
    noted_at = models.DateTimeField(_("entered"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("F-tax check")
        verbose_name_plural = _("F-tax checks")
        ordering = ["-seen_on", "-pk"]
        triggers = [pgtrigger.Protect(name="tax_check_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.producer}: {self.seen_on}"

    def covers(self, day: date) -> bool:
        """Whether the producer is approved on *day*, by this look."""
        return self.approved and (self.valid_until is None or day <= self.valid_until)


class Evidence(models.Model):
    """What shows that a producer is professional, kept for the report of Skapande skola."""

    producer = models.ForeignKey(Producer, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=10, choices=EvidenceKind.choices)
    text = models.CharField(_("what it says"), max_length=300)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_on = models.DateField(_("seen"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("evidence of being professional")
        verbose_name_plural = _("evidence of being professional")
        ordering = ["-seen_on", "-pk"]
        constraints = [models.CheckConstraint(name="evidence_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.producer}: {self.text}"


class Agreement(models.Model):
    """A contract with a producer. F-tax is looked at for the day on which it is signed. last: included."""

    producer = models.ForeignKey(Producer, on_delete=models.PROTECT, related_name="agreements")
    signed_on = models.DateField(_("signed"))
    first = models.DateField(_("from"))
    last = models.DateField(_("to"), null=True, blank=True)
    about = models.CharField(_("what about"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-signed_on", "-pk"]
        constraints = [models.CheckConstraint(name="agreement_runs_forward", condition=Q(last=None) | Q(last__gte=F("first")))]

    def __str__(self) -> str:
        return f"{self.producer}: {self.signed_on}"


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: Any) -> "OfferQuerySet":
        """The whole programme for those who plan it; what is published for everybody else."""
        if user.is_authenticated and user.has_perm("culture.read"):
            return self.all()
        return self.published()

    def published(self) -> "OfferQuerySet":
        return self.filter(status=OfferStatus.PUBLISHED)


@tracked()
class Offer(models.Model):
    """Something that classes can see or do. grades: years of schooling it is for, 0 is the first.

    seats: people at most, grown-ups included; groups: classes at most; one of them or both. price: kronor for one performance,
    without VAT; travel: kronor besides. is_professional: counts towards the guarantee. access: what it can do for those who
    need it; without_words: can be followed in any language.
    """

    producer = models.ForeignKey(Producer, on_delete=models.PROTECT, related_name="offers", verbose_name=_("producer"))
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("agreement")
    )
    status = models.CharField(_("status"), max_length=10, choices=OfferStatus.choices, default=OfferStatus.DRAFT)
    title = models.CharField(_("title"), max_length=150)
    description = models.TextField(_("description"), blank=True)
    art_form = models.CharField(_("art form"), max_length=12, choices=ArtForm.choices)
    is_professional = models.BooleanField(_("professional"), default=True)
    grades = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("grades"))
    for_adapted = models.BooleanField(_("suits the adapted compulsory school"), default=False)
    seats = models.PositiveSmallIntegerField(_("people at most"), null=True, blank=True)
    groups = models.PositiveSmallIntegerField(_("classes at most"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    is_touring = models.BooleanField(_("comes to the school"), default=False)
    needs = models.TextField(_("what it needs of the room"), blank=True)
    access = ArrayField(
        models.CharField(max_length=20, choices=AccessFact.choices), verbose_name=_("accessibility"), default=list, blank=True
    )
    is_calm = models.BooleanField(_("calm: no sudden noise or light"), default=False)
    has_sign_language = models.BooleanField(_("sign language interpreted"), default=False)
    language = models.CharField(_("language"), max_length=40, blank=True)
    without_words = models.BooleanField(_("needs no language"), default=False)
    price = models.DecimalField(_("price of a performance, kronor"), max_digits=10, decimal_places=2, default=Decimal(0))
    travel = models.DecimalField(_("travel, kronor"), max_digits=10, decimal_places=2, default=Decimal(0))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(name="offer_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="offer_holds_somebody", condition=Q(seats__isnull=False, seats__gt=0) | Q(groups__isnull=False, groups__gt=0)
            ),
            models.CheckConstraint(
                name="offer_grades_are_years_of_schooling", condition=Q(grades__contained_by=list(range(11)), grades__len__gt=0)
            ),
            models.CheckConstraint(
                name="offer_access_is_among_the_facts", condition=Q(access__contained_by=list(AccessFact.values))
            ),
            models.CheckConstraint(name="offer_costs_not_negative", condition=Q(price__gte=0, travel__gte=0)),
            models.CheckConstraint(
                name="offer_published_has_its_time", condition=~Q(status=OfferStatus.PUBLISHED) | Q(published_at__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="offer_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in OFFER_MOVES.items() for new in sorted(moves)],
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def cost(self) -> Decimal:
        """Kronor for one performance."""
        return self.price + self.travel
