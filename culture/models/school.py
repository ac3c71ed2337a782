"""School units, whom to write to there, and the days on which they cannot."""

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Collate, Lower
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from associations.models.history import tracked
from culture.choices import Organiser, SchoolKind, SchoolStatus
from culture.models.year import SchoolYear


class SchoolQuerySet(models.QuerySet["School"]):
    def visible_to(self, user: Any) -> "SchoolQuerySet":
        """All for those who plan culture or audit it, otherwise the schools that one speaks for."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.has_perm("culture.read") else self.spoken_for_by(user)

    def spoken_for_by(self, user: Any) -> "SchoolQuerySet":
        """Schools that name one of the person's own addresses as their contact, for those with the role of a school."""
        if not user.is_authenticated or not user.has_role(Role.SCHOOL):
            return self.none()
        contacts = SchoolContact.objects.on(localdate()).filter(email__in=user.verified_emails)
        return self.filter(pk__in=contacts.values("school"))

    def counted(self) -> "SchoolQuerySet":
        """Those whose pupils the guarantee holds for: a closed school keeps its history but has no pupils of its own."""
        return self.exclude(status__in=[SchoolStatus.CLOSED, SchoolStatus.PLANNED])

    def closed_without_successor(self) -> "SchoolQuerySet":
        """Closed units that nobody has said what became of: their history follows nobody yet (case 36)."""
        return self.filter(status=SchoolStatus.CLOSED, successor=None, closed_for_good=False)

    def in_swedish_order(self) -> "SchoolQuerySet":
        folded = Func(Lower("name"), Value("åäö"), Value("{|}"), function="translate")
        return self.order_by(Collate(folded, "C"), "code")


@tracked()
class School(models.Model):
    """A school unit. code: eight figures in the national register. grades: years of schooling it has, 0 is the first.

    successor: the unit that its pupils and history went on to, said by an officer. hall_capacity: people in the room where a
    touring performance is played. code_is_example: gives way to the code of the unit with the same name when the register is
    read. No name of a head teacher is kept: the register has it, we do not need it.
    """

    code = models.CharField(_("school unit code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=150)
    status = models.CharField(_("status"), max_length=10, choices=SchoolStatus.choices, default=SchoolStatus.ACTIVE)
    organiser = models.CharField(_("organiser"), max_length=12, choices=Organiser.choices, default=Organiser.MUNICIPAL)
    organiser_name = models.CharField(_("name of the organiser"), max_length=150, blank=True)
    municipality = models.CharField(_("municipality code"), max_length=4, blank=True)
    kinds = ArrayField(
        models.CharField(max_length=20, choices=SchoolKind.choices), verbose_name=_("kinds"), default=list, blank=True
    )
    grades = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("grades"), default=list, blank=True)
    street = models.CharField(_("address"), max_length=150, blank=True)
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    hall_capacity = models.PositiveIntegerField(_("people in the hall at most"), null=True, blank=True)
    hall_step_free = models.BooleanField(_("the hall is step-free"), null=True, blank=True)
    hall_note = models.TextField(_("about the hall"), blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )
    closed_for_good = models.BooleanField(_("nothing came after it"), default=False)
    is_example = models.BooleanField(_("example"), default=False)
    code_is_example = models.BooleanField(_("the code is an example"), default=False)
    read_on = models.DateField(_("read from the national register"), null=True, blank=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="school_code_has_eight_figures", condition=Q(code__regex=r"^\d{8}$")),
            models.CheckConstraint(name="school_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="school_is_not_its_own_successor", condition=Q(successor=None) | ~Q(successor=F("id"))),
            models.CheckConstraint(
                name="school_with_a_successor_is_closed",
                condition=Q(successor=None, closed_for_good=False)
                | Q(status=SchoolStatus.CLOSED, closed_for_good=False)
                | Q(status=SchoolStatus.CLOSED, successor=None),
            ),
            models.CheckConstraint(name="school_kinds_are_known", condition=Q(kinds__contained_by=list(SchoolKind.values))),
            models.CheckConstraint(
                name="school_grades_are_years_of_schooling", condition=Q(grades__contained_by=list(range(11)))
            ),
            models.CheckConstraint(
                name="school_lies_somewhere_on_earth",
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
            ),
        ]
        triggers = [pgtrigger.Protect(name="school_is_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name

    @property
    def is_mobile(self) -> bool:
        """Its pupils change all the time (a hospital school): the number on the measuring date says little (case 22)."""
        return SchoolKind.HOSPITAL in self.kinds


class SchoolContactQuerySet(models.QuerySet["SchoolContact"]):
    def on(self, day: date) -> "SchoolContactQuerySet":
        """In force on *day*; until is the first day without."""
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)


@tracked()
class SchoolContact(models.Model):
    """An address at the school that letters go to, and whose owner may sign in for it. A grown-up at work, never a pupil."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("school"))
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SchoolContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("culture contact")
        verbose_name_plural = _("culture contacts")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(name="school_contact_once", fields=["school", "email"], condition=Q(until=None)),
            models.CheckConstraint(name="school_contact_in_small_letters", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Participation(models.Model):
    """That an independent school takes no part in a year. Its pupils stay in the count, on a line of their own (case 20)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="participation")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="participation")
    declined_on = models.DateField(_("declined"))
    reason = models.TextField(_("reason"), blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("declined school year")
        verbose_name_plural = _("declined school years")
        constraints = [models.UniqueConstraint(name="school_declines_a_year_once", fields=["school", "year"])]

    def __str__(self) -> str:
        return f"{self.school}: {self.year}"
