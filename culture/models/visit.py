"""A class's place in a performance, and what the school said about how it went."""

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from associations.models.history import tracked
from culture.choices import TAKES_SEATS, VISIT_MOVES, CancelledBy, SchoolAnswer, VisitSource, VisitStatus
from culture.models.classes import ClassGroup, Fragment
from culture.models.performance import Performance
from culture.models.programme import Offer
from culture.models.school import School
from culture.models.year import SchoolYear

# Keeps what is taken of a performance, whoever writes the visit. The check constraints of the performance then refuse too much.
_TAKE = """
    IF TG_OP <> 'INSERT' AND OLD.status IN ('planned', 'booked', 'confirmed') THEN
        UPDATE culture_performance SET seats_taken = seats_taken - OLD.seats, groups_taken = groups_taken - 1
        WHERE id = OLD.performance_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status IN ('planned', 'booked', 'confirmed') THEN
        UPDATE culture_performance SET seats_taken = seats_taken + NEW.seats, groups_taken = groups_taken + 1
        WHERE id = NEW.performance_id;
    END IF;
    RETURN NULL;
"""


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: Any) -> "VisitQuerySet":
        """All for those who plan; for a school its own classes', once it has been told of them."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("culture.read"):
            return self.all()
        theirs = self.filter(class_group__school__in=School.objects.spoken_for_by(user))
        return theirs.exclude(status=VisitStatus.PLANNED)

    def taking_seats(self) -> "VisitQuerySet":
        return self.filter(status__in=TAKES_SEATS)

    def waiting(self) -> "VisitQuerySet":
        return self.filter(status=VisitStatus.WAITING).order_by("arrival")

    def to_confirm(self, now: Any) -> "VisitQuerySet":
        """Booked visits whose performance is over."""
        return self.filter(status=VisitStatus.BOOKED, performance__ends_at__lte=now)

    def without_another(self) -> "VisitQuerySet":
        """Those of classes that have no professional visit that stands: what came to nothing has not been replaced."""
        others = Visit.objects.taking_seats().filter(offer__is_professional=True).values("class_group")
        return self.exclude(class_group__in=others)

    def unanswered(self) -> "VisitQuerySet":
        return self.filter(status=VisitStatus.BOOKED, answer=SchoolAnswer.NONE)

    def with_all(self) -> "VisitQuerySet":
        related = ("class_group__school", "class_group__year", "performance__offer__producer", "performance__space__venue")
        return self.select_related(*related, "performance__host").prefetch_related("parts__fragment")


@tracked()
class Visit(models.Model):
    """A class's place in a performance. offer and day are the performance's, kept by the database so that it can refuse twins.

    pupils, adults, seats: people expected, as they were when it was made; seats is their sum. arrival: place in the order of
    those who wait for this performance. priority: what this class lost was not its own doing, so the next plan takes it first.
    catch_up_of: for those who were absent from that visit. catch_up_year: makes good for an earlier year, so it never counts
    for this one. attended: pupils in the latest attendance, None unless confirmed.
    """

    class_group = models.ForeignKey(ClassGroup, on_delete=models.PROTECT, related_name="visits", verbose_name=_("class"))
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, related_name="visits", verbose_name=_("performance"))
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="visits", editable=False)
    day = models.DateField(_("day"), editable=False)
    status = models.CharField(_("status"), max_length=10, choices=VisitStatus.choices)
    source = models.CharField(_("made by"), max_length=10, choices=VisitSource.choices)
    pupils = models.PositiveSmallIntegerField(_("pupils"))
    adults = models.PositiveSmallIntegerField(_("adults"))
    seats = models.PositiveSmallIntegerField(_("people"))
    arrival = models.PositiveIntegerField(_("place in the queue"), null=True, blank=True)
    priority = models.BooleanField(_("goes first in the next plan"), default=False)
    catch_up_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="caught_up_by")
    catch_up_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(_("the school's answer"), max_length=10, choices=SchoolAnswer.choices, default=SchoolAnswer.NONE)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer_reason = models.TextField(_("what the school says"), blank=True)
    attended = models.PositiveSmallIntegerField(_("pupils who came"), null=True, blank=True)
    surplus = models.PositiveSmallIntegerField(_("more than the class has"), default=0)
    cancelled_by = models.CharField(max_length=12, choices=CancelledBy.choices, blank=True)
    cancel_reason = models.TextField(_("reason"), blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="visit_once_per_event",
                fields=["class_group", "offer"],
                condition=Q(status__in=TAKES_SEATS, catch_up_of=None),
            ),
            models.UniqueConstraint(name="visit_once_a_day", fields=["class_group", "day"], condition=Q(status__in=TAKES_SEATS)),
            models.UniqueConstraint(
                name="visit_waits_once", fields=["class_group", "performance"], condition=Q(status=VisitStatus.WAITING)
            ),
            models.UniqueConstraint(name="visit_has_its_own_place_in_the_queue", fields=["performance", "arrival"]),
            models.CheckConstraint(
                name="visit_waiting_has_a_place_in_the_queue", condition=~Q(status=VisitStatus.WAITING) | Q(arrival__isnull=False)
            ),
            models.CheckConstraint(name="visit_seats_are_its_people", condition=Q(seats=F("pupils") + F("adults"))),
            models.CheckConstraint(
                name="visit_attended_exactly_when_confirmed",
                condition=Q(status=VisitStatus.CONFIRMED, attended__isnull=False)
                | (~Q(status=VisitStatus.CONFIRMED) & Q(attended__isnull=True)),
            ),
            models.CheckConstraint(
                name="visit_cancelled_by_somebody",
                condition=(Q(status=VisitStatus.CANCELLED) & ~Q(cancelled_by=""))
                | (~Q(status=VisitStatus.CANCELLED) & Q(cancelled_by="")),
            ),
            models.CheckConstraint(
                name="visit_answered_has_its_time",
                condition=Q(answer=SchoolAnswer.NONE, answered_at=None)
                | (~Q(answer=SchoolAnswer.NONE) & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(name="visit_is_not_its_own_catch_up", condition=Q(catch_up_of=None) | ~Q(catch_up_of=F("id"))),
        ]
        indexes = [
            models.Index(fields=["performance", "status"], name="visit_of_performance"),
            models.Index(fields=["day"], condition=Q(status=VisitStatus.BOOKED), name="visit_booked_by_day"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_visit_is_of_its_performance",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("performance_id", "offer_id", "day"),  # type: ignore[no-untyped-call]
                func="""
                    SELECT offer_id, (starts_at AT TIME ZONE 'Europe/Stockholm')::date INTO NEW.offer_id, NEW.day
                    FROM culture_performance WHERE id = NEW.performance_id;
                    IF (SELECT year_id FROM culture_performance WHERE id = NEW.performance_id)
                        <> (SELECT year_id FROM culture_classgroup WHERE id = NEW.class_group_id) THEN
                        RAISE EXCEPTION 'a class of one school year visits a performance of another'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_is_of_one_school_year';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="visit_takes_its_seats",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.UpdateOf("performance_id", "status", "seats"),  # type: ignore[no-untyped-call]
                func=_TAKE,
            ),
            pgtrigger.FSM(
                name="visit_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in VISIT_MOVES.items() for new in sorted(moves)],
            ),
            pgtrigger.Protect(name="visit_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.class_group}: {self.performance}"

    @property
    def when(self) -> date:
        return self.day


class VisitPart(models.Model):
    """A grade of the class that comes along. off_grade: it is not among the grades the offer is for; an officer allowed it."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="parts")
    fragment = models.ForeignKey(Fragment, on_delete=models.PROTECT, related_name="visit_parts")
    pupils = models.PositiveSmallIntegerField(_("pupils"))
    off_grade = models.BooleanField(_("not for this grade, but allowed"), default=False)
    attended = models.PositiveSmallIntegerField(_("pupils who came"), null=True, blank=True)

    class Meta:
        verbose_name = _("grade on a visit")
        verbose_name_plural = _("grades on a visit")
        ordering = ["fragment"]
        constraints = [models.UniqueConstraint(name="grade_goes_once_on_a_visit", fields=["visit", "fragment"])]

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.fragment_id}"


class Attendance(models.Model):
    """What the school said: so many came. Append-only: number 2 corrects number 1 and says why; the latest is in force.

    absent: pupils of those enrolled who are declared absent, None when nobody said; surplus: more than the class has, asked
    about and confirmed. missed: the whole class did not come.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="attendances")
    number = models.PositiveSmallIntegerField(_("number"))
    pupils = models.PositiveSmallIntegerField(_("pupils who came"))
    adults = models.PositiveSmallIntegerField(_("adults who came"), null=True, blank=True)
    absent = models.PositiveSmallIntegerField(_("absent"), null=True, blank=True)
    surplus = models.PositiveSmallIntegerField(_("more than the class has"), default=0)
    missed = models.BooleanField(_("the class did not come"), default=False)
    remark = models.TextField(_("remark"), blank=True)
    reason = models.TextField(_("reason for the correction"), blank=True)
    said_at = models.DateTimeField(_("said"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    link = models.ForeignKey("culture.SignedLink", on_delete=models.PROTECT, null=True, blank=True, related_name="attendances")

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["visit", "number"]
        constraints = [
            models.UniqueConstraint(name="attendance_number_once_per_visit", fields=["visit", "number"]),
            models.CheckConstraint(name="attendance_said_by_somebody", condition=Q(by__isnull=False) | Q(link__isnull=False)),
            models.CheckConstraint(name="attendance_missed_means_nobody_came", condition=Q(missed=False) | Q(pupils=0)),
        ]
        triggers = [pgtrigger.Protect(name="attendance_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.visit_id}.{self.number}: {self.pupils}"


class AttendancePart(models.Model):
    """The attendance divided by grade, when the school divided it."""

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="parts")
    fragment = models.ForeignKey(Fragment, on_delete=models.PROTECT, related_name="+")
    pupils = models.PositiveSmallIntegerField(_("pupils who came"))

    class Meta:
        verbose_name = _("attendance of a grade")
        verbose_name_plural = _("attendance of grades")
        ordering = ["fragment"]
        constraints = [models.UniqueConstraint(name="grade_attends_once", fields=["attendance", "fragment"])]
        triggers = [pgtrigger.Protect(name="attendance_part_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.attendance_id}: {self.pupils}"
