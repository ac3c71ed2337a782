"""Groups, their people, and the sessions on their attendance cards.

A session is one row: who was there stands in arrays of participants, not in a row for each mark. Ten million participations are
then a few hundred megabytes, and the support of an association is counted from two queries. What foreign keys would have kept,
a trigger keeps: everyone who is marked belongs to the association.
"""

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from associations.choices import FileStatus, SessionKind, Sex
from associations.models.association import Association


class ActivityGroupQuerySet(models.QuerySet["ActivityGroup"]):
    def running(self) -> "ActivityGroupQuerySet":
        return self.filter(closed_on=None)

    def in_swedish_order(self) -> "ActivityGroupQuerySet":
        folded = Func(models.functions.Lower("name"), Value("åäö"), Value("{|}"), function="translate")
        return self.order_by(models.functions.Collate(folded, "C"), "pk")


class ActivityGroup(models.Model):
    """A group of an association with a card of its own: a team, a class, a choir.

    number: what a club system calls the card, unique in the association; "" when the group was made here. weekday, starts,
    minutes: its usual time, which a new card begins with.
    """

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(_("name of the group"), max_length=150)
    activity = models.CharField(_("activity"), max_length=150)
    place = models.CharField(_("place"), max_length=150, blank=True)
    number = models.CharField(max_length=120, blank=True)
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True)  # 0 is Monday
    starts = models.TimeField(_("begins at"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    objects = ActivityGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            models.CheckConstraint(name="activity_group_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="activity_group_weekday_of_seven", condition=Q(weekday=None) | Q(weekday__lte=6)),
            models.CheckConstraint(
                name="activity_group_minutes_within_a_day", condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=1440)
            ),
            models.UniqueConstraint(
                name="activity_group_number_once_in_association", fields=["association", "number"], condition=~Q(number="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def in_order_of_name(self) -> "ParticipantQuerySet":
        folded = Func(models.functions.Lower("name"), Value("åäö"), Value("{|}"), function="translate")
        return self.order_by(models.functions.Collate(folded, "C"), "pk")


class Participant(models.Model):
    """One person of one association, as its leaders know them. Read by those who act for the association and by nobody else.

    identity: a keyed hash of the personal number, different in each association, so that a file with the same person finds the
    same row; the number itself is never stored. external: the person's id in the association's club system. A person with a
    protected identity has no row: they are numbers on the session.
    """

    id = models.AutoField(primary_key=True)  # four bytes: it stands in every mark
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="participants")
    name = models.CharField(_("name"), max_length=150)
    birth_year = models.PositiveSmallIntegerField(_("birth year"))
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)
    lives_here = models.BooleanField(_("lives in the municipality"), default=True)
    is_member = models.BooleanField(_("member"), default=True)
    identity = models.CharField(max_length=64, blank=True, validators=[MinLengthValidator(64)])
    external = models.CharField(max_length=50, blank=True)
    groups = models.ManyToManyField(ActivityGroup, through="GroupPlace", related_name="people")

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                name="participant_born_in_a_believable_year", condition=Q(birth_year__gte=1900, birth_year__lte=2100)
            ),
            models.UniqueConstraint(
                name="participant_identity_once_in_association", fields=["association", "identity"], condition=~Q(identity="")
            ),
            models.UniqueConstraint(
                name="participant_external_once_in_association",
                fields=["association", "external"],
                condition=~Q(external="") & Q(identity=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GroupPlace(models.Model):
    """A person's place on a group's card: as participant or as leader."""

    group = models.ForeignKey(ActivityGroup, on_delete=models.CASCADE, related_name="places")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="places")
    leads = models.BooleanField(_("leader"), default=False)

    class Meta:
        verbose_name = _("place in a group")
        verbose_name_plural = _("places in groups")
        constraints = [models.UniqueConstraint(name="place_in_group_once", fields=["group", "participant"])]

    def __str__(self) -> str:
        return f"{self.participant} – {self.group}"


_OF_THE_ASSOCIATION = """
IF EXISTS (
    SELECT 1 FROM unnest(NEW.present || NEW.leaders || NEW.disabled) AS marked(id)
    LEFT JOIN associations_participant person ON person.id = marked.id AND person.association_id = NEW.association_id
    WHERE person.id IS NULL
) THEN
    RAISE EXCEPTION 'somebody who is marked does not belong to the association' USING ERRCODE = 'foreign_key_violation';
END IF;
RETURN NEW;
"""


class ActivitySessionQuerySet(models.QuerySet["ActivitySession"]):
    def visible_to(self, user: Any) -> "ActivitySessionQuerySet":
        """The cards of the associations this user speaks for. Officers read totals, never cards."""
        return self.filter(association__in=Association.objects.spoken_for_by(user))

    def between(self, first: date, until: date) -> "ActivitySessionQuerySet":
        """From *first* up to, not including, *until*."""
        return self.filter(day__gte=first, day__lt=until)


class ActivitySession(models.Model):
    """One occasion on a group's card.

    present and leaders: participants, nobody in both; disabled: those of them who are counted as having a disability there.
    anonymous: [birth year, sex, number, leads, disability] of people who are only numbers. code: what a club system calls the
    session. Local day and time. version: counts saves.
    """

    id = models.AutoField(primary_key=True)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="sessions")
    group = models.ForeignKey(ActivityGroup, on_delete=models.PROTECT, related_name="sessions")
    day = models.DateField(_("day"))
    starts = models.TimeField(_("begins at"))
    minutes = models.PositiveSmallIntegerField(_("length in minutes"))
    kind = models.CharField(_("kind"), max_length=8, choices=SessionKind.choices, default=SessionKind.TRAINING)
    activity = models.CharField(_("activity"), max_length=150, blank=True)  # "": the group's
    place = models.CharField(_("place"), max_length=150, blank=True)  # "": the group's
    present = ArrayField(models.IntegerField(), default=list)
    leaders = ArrayField(models.IntegerField(), default=list)
    disabled = ArrayField(models.IntegerField(), default=list)
    anonymous = models.JSONField(default=list)
    code = models.CharField(max_length=50, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ActivitySessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [models.Index(fields=["association", "day"], name="session_of_association_by_day")]
        constraints = [
            models.CheckConstraint(name="session_minutes_within_a_day", condition=Q(minutes__gte=1, minutes__lte=1440)),
            models.UniqueConstraint(
                name="session_once_at_a_time_on_a_card", fields=["group", "day", "starts"], condition=Q(code="")
            ),
            models.UniqueConstraint(name="session_code_once_on_a_card", fields=["group", "code"], condition=~Q(code="")),
            models.CheckConstraint(name="session_nobody_leads_and_takes_part", condition=~Q(present__overlap=F("leaders"))),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="marked_belong_to_the_association",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_OF_THE_ASSOCIATION,
            )
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.day:%Y-%m-%d}"

    @property
    def everyone(self) -> int:
        """Participations, those who are only numbers too."""
        return len(self.present) + sum(int(each[2]) for each in self.anonymous if not each[3])

    @property
    def everyone_led(self) -> int:
        return len(self.leaders) + sum(int(each[2]) for each in self.anonymous if each[3])


class AttendanceImportQuerySet(models.QuerySet["AttendanceImport"]):
    def unconfirmed(self) -> "AttendanceImportQuerySet":
        """Those that nothing has been written from, nor will be without somebody's word."""
        return self.filter(status__in=[FileStatus.WAITING, FileStatus.READING, FileStatus.PREVIEWED])


class AttendanceImport(models.Model):
    """A file of attendance between the look and the word. What is kept is what was read, packed, without personal numbers;
    it is dropped when it has been written or thrown away.

    path: a large file that waits for the worker, gone when it has been read. progress: {"done", "of"} in bytes and what was found
    so far. error: why a file could not be read, as a sentence.
    """

    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="attendance_imports")
    file_name = models.CharField(_("file name"), max_length=200)
    content = models.BinaryField()
    report = models.JSONField(default=dict)
    status = models.CharField(_("status"), max_length=10, choices=FileStatus.choices, default=FileStatus.PREVIEWED)
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    progress = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=300, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    applied_at = models.DateTimeField(_("imported"), null=True, blank=True)

    objects = AttendanceImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of attendance")
        verbose_name_plural = _("imports of attendance")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="attendance_import_applied_has_its_time",
                condition=Q(status=FileStatus.APPLIED, applied_at__isnull=False)
                | (~Q(status=FileStatus.APPLIED) & Q(applied_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="attendance_import_keeps_no_file_that_is_read",
                condition=Q(path="") | Q(status__in=[FileStatus.WAITING, FileStatus.READING]),
            ),
            models.CheckConstraint(
                name="attendance_import_confirmed_by_somebody",
                condition=~Q(status=FileStatus.CONFIRMED) | Q(confirmed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
