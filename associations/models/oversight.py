"""What the municipality notes about an association: criminal-record extracts shown, dialogue meetings, dispensations."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from associations.models.association import Association
from associations.models.board import DateRange
from associations.models.history import tracked
from records.models import Case


class RecordCheckQuerySet(models.QuerySet["RecordCheck"]):
    def running(self) -> "RecordCheckQuerySet":
        """People who meet children now."""
        return self.filter(ended_on=None)


@tracked()
class RecordCheck(models.Model):
    """Somebody who meets children, and when they showed an extract from the criminal record: never the paper, never its words.

    The association says who; the officer who saw the extract notes the day.
    """

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="record_checks")
    person = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=100)
    shown_on = models.DateField(_("shown"), null=True, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    next_due = models.DateField(_("to be shown again by"), null=True, blank=True)
    ended_on = models.DateField(_("left the role"), null=True, blank=True)

    objects = RecordCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a criminal record extract")
        verbose_name_plural = _("notes on criminal record extracts")
        ordering = ["person", "pk"]
        constraints = [
            models.CheckConstraint(name="record_check_is_of_somebody", condition=~Q(person="") & ~Q(role="")),
            models.CheckConstraint(
                name="record_check_shown_to_somebody_and_due_later",
                condition=Q(shown_on=None, checked_by=None, next_due=None)
                | Q(shown_on__isnull=False, checked_by__isnull=False, next_due__isnull=False, next_due__gt=F("shown_on")),
            ),
            models.UniqueConstraint(
                "association", Lower("person"), name="record_check_once_per_person", condition=Q(ended_on=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.role}"


class DialogueMeeting(models.Model):
    """A meeting between the municipality and the associations, which all of them attend."""

    title = models.CharField(_("title"), max_length=150)
    held_on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("dialogue meeting")
        verbose_name_plural = _("dialogue meetings")
        ordering = ["-held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.title}, {self.held_on}"


@tracked()
class Attendance(models.Model):
    """An association was present at a dialogue meeting."""

    meeting = models.ForeignKey(DialogueMeeting, on_delete=models.PROTECT, related_name="attendances")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="attendances")
    noted_at = models.DateTimeField(_("noted"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [models.UniqueConstraint(name="attendance_once_per_meeting", fields=["meeting", "association"])]

    def __str__(self) -> str:
        return f"{self.association} – {self.meeting}"


class DispensationQuerySet(models.QuerySet["Dispensation"]):
    def in_force(self, day: date) -> "DispensationQuerySet":
        return self.filter(since__lte=day, until__gt=day)


@tracked()
class Dispensation(models.Model):
    """A requirement that need not be met for a time, half open; decided by an official, with a reason."""

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="dispensations")
    rule = models.CharField(_("requirement"), max_length=12)  # id of the rule in associations.rules.standing
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))
    reason = models.TextField(_("reason"))
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="dispensations")

    objects = DispensationQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispensation")
        verbose_name_plural = _("dispensations")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(name="dispensation_ends_after_it_begins", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(name="dispensation_has_a_reason", condition=~Q(reason="")),
            ExclusionConstraint(
                name="dispensation_once_at_a_time",
                expressions=[
                    ("association", RangeOperators.EQUAL),
                    ("rule", RangeOperators.EQUAL),
                    (DateRange("since", "until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.association}"

    @property
    def last_day(self) -> date:
        """The last day of the dispensation, as people say it."""
        return self.until - timedelta(days=1)
