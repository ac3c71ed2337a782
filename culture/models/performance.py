"""Performances of an offer, and the guarantee plan: what each grade gets in a school year."""

from datetime import date, datetime

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models.history import tracked
from culture.choices import PERFORMANCE_MOVES, ArtForm, PerformanceStatus
from culture.models.programme import Offer
from culture.models.school import School
from culture.models.year import SchoolYear
from facilities.models import Booking, Space
from records.values import local_day


class PerformanceQuerySet(models.QuerySet["Performance"]):
    def standing(self) -> "PerformanceQuerySet":
        return self.filter(status=PerformanceStatus.PLANNED)

    def in_year(self, year: SchoolYear) -> "PerformanceQuerySet":
        return self.filter(year=year)

    def with_programme(self) -> "PerformanceQuerySet":
        return self.select_related("offer__producer", "space__venue", "host", "year")


@tracked("seats_taken", "groups_taken")
class Performance(models.Model):
    """One time that an offer is given: in a venue (booking holds it), or touring to a host school.

    seats, groups: room at this performance, at most the offer's and the host's hall. seats_taken, groups_taken: kept by the
    database from the visits, and never above the room: that is what makes it impossible to book too many (case 29).
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="performances", verbose_name=_("offer"))
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="performances", verbose_name=_("school year"))
    status = models.CharField(_("status"), max_length=10, choices=PerformanceStatus.choices, default=PerformanceStatus.PLANNED)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    is_touring = models.BooleanField(_("comes to the school"), default=False)
    host = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="hosted", verbose_name=_("host school")
    )
    space = models.ForeignKey(Space, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("venue"))
    booking = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="performance", verbose_name=_("booking")
    )
    place = models.CharField(_("place, when it is none of our venues"), max_length=150, blank=True)
    place_step_free = models.BooleanField(_("the place is step-free"), default=False)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    seats = models.PositiveSmallIntegerField(_("people at most"), null=True, blank=True)
    groups = models.PositiveSmallIntegerField(_("classes at most"), null=True, blank=True)
    seats_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    groups_taken = models.PositiveSmallIntegerField(default=0, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.TextField(_("reason"), blank=True)

    objects = PerformanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("performance")
        verbose_name_plural = _("performances")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(name="performance_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="performance_holds_somebody",
                condition=Q(seats__isnull=False, seats__gt=0) | Q(groups__isnull=False, groups__gt=0),
            ),
            models.CheckConstraint(
                name="performance_seats_never_exceeded", condition=Q(seats=None) | Q(seats_taken__lte=F("seats"))
            ),
            models.CheckConstraint(
                name="performance_groups_never_exceeded", condition=Q(groups=None) | Q(groups_taken__lte=F("groups"))
            ),
            models.CheckConstraint(
                name="performance_tours_or_has_a_place",
                condition=Q(is_touring=True, space=None) | Q(is_touring=False, host=None),
            ),
            models.CheckConstraint(
                name="performance_cancelled_has_its_time_and_reason",
                condition=(
                    Q(status=PerformanceStatus.CANCELLED, cancelled_at__isnull=False, seats_taken=0) & ~Q(cancel_reason="")
                )
                | (~Q(status=PerformanceStatus.CANCELLED) & Q(cancelled_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["year", "starts_at"], name="performance_of_year")]
        triggers = [
            pgtrigger.FSM(
                name="performance_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in PERFORMANCE_MOVES.items() for new in sorted(moves)],
            ),
            pgtrigger.Protect(name="performance_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="visits_follow_the_performance",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("starts_at", "offer_id"),  # type: ignore[no-untyped-call]
                func="""
                    UPDATE culture_visit SET performance_id = performance_id WHERE performance_id = NEW.id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer}, {local_day(self.starts_at):%Y-%m-%d}"

    @property
    def day(self) -> date:
        return local_day(self.starts_at)

    @property
    def seats_left(self) -> int | None:
        """None when people are not counted here."""
        return None if self.seats is None else self.seats - self.seats_taken

    @property
    def groups_left(self) -> int | None:
        return None if self.groups is None else self.groups - self.groups_taken

    def has_ended(self, at: datetime) -> bool:
        return self.ends_at <= at


class GuaranteeItemQuerySet(models.QuerySet["GuaranteeItem"]):
    def for_school(self, school: School) -> "GuaranteeItemQuerySet":
        """What the school gets this year: fixed items, and rotating ones when it is its turn."""
        return self.filter(Q(is_rotating=False) | Q(schools=school)).distinct()


@tracked()
class GuaranteeItem(models.Model):
    """What every pupil of a grade is to meet in a year. is_rotating: not every school each year; schools: whose turn it is."""

    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="items", verbose_name=_("school year"))
    grade = models.PositiveSmallIntegerField(_("year of schooling"))
    title = models.CharField(_("title"), max_length=150)
    art_form = models.CharField(_("art form"), max_length=12, choices=ArtForm.choices)
    offer = models.ForeignKey(
        Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="items", verbose_name=_("offer")
    )
    is_rotating = models.BooleanField(_("rotates between schools"), default=False)
    schools = models.ManyToManyField(School, blank=True, related_name="+", verbose_name=_("schools whose turn it is"))
    is_professional = models.BooleanField(_("professional"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_example = models.BooleanField(_("example"), default=False)

    objects = GuaranteeItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of the guarantee")
        verbose_name_plural = _("parts of the guarantee")
        ordering = ["year", "grade", "order", "pk"]
        constraints = [
            models.UniqueConstraint(name="guarantee_item_once_per_grade", fields=["year", "grade", "title"]),
            models.CheckConstraint(name="guarantee_item_is_for_a_year_of_schooling", condition=Q(grade__lte=10)),
        ]

    def __str__(self) -> str:
        return self.title
