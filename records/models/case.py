"""The register: cases with numbers without gaps, and the log of what happened in each."""

import re
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Lower, LPad
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records import registry
from records.choices import Secrecy

_REFERENCE = re.compile(r"(?P<series>\S+?)[ -](?P<year>\d{4})-(?P<number>\d{1,9})")


def marked_with_ground(name: str) -> models.CheckConstraint:
    """A secrecy mark names the section of law it leans on; an open thing names none."""
    return models.CheckConstraint(
        name=name,
        condition=(Q(secrecy=Secrecy.OPEN, secrecy_ground="") | (Q(secrecy=Secrecy.MARKED) & ~Q(secrecy_ground=""))),
    )


class Series(models.Model):
    """The last number used in one series and local year; its row is the lock."""

    name = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "year"], name="series_once_per_year")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any) -> "CaseQuerySet":
        """What this user may read. Every view starts here, so a stranger meets a 404.

        Those who may read the register read all of it; others what a higher room opens to them (registry.case_openings). What is
        withheld (registry.case_withholdings: conflict of interest, a blind phase) is taken from both.
        """
        if not user.is_authenticated:
            return self.none()
        opened = Q(pk__in=[])
        for opens in registry.case_openings:
            opened |= opens(user)
        cases = self if user.has_perm("records.read_register") else self.filter(opened)
        for withholds in registry.case_withholdings:
            cases = cases.exclude(withholds(user))
        return cases

    def numbered(self, reference: str) -> "CaseQuerySet":
        """The case with this number, printed ('KFN 2026-00012') or as in an address ('KFN-2026-00012'); else none."""
        match = _REFERENCE.fullmatch(reference.strip())
        return self.filter(**match.groupdict()) if match else self.none()

    def matching(self, words: str) -> "CaseQuerySet":
        """Cases whose number, subject or sender holds every one of *words*, whatever the case of the letters (trigram index)."""
        cases = self
        for word in words.lower().split():
            cases = cases.filter(search__contains=word)
        return cases


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["title", "sender", "closed_at", "secrecy", "secrecy_ground"],
    model_name="CaseHistory",
    obj_field=pghistory.ObjForeignKey(related_name="history"),
    append_only=True,
)
class Case(models.Model):
    """One matter in the register (OSL 5:2): date, number, sender or recipient, short subject."""

    series = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    title = models.CharField(_("subject"), max_length=200)
    sender = models.CharField(_("from or to"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    secrecy = models.CharField(_("secrecy"), max_length=10, choices=Secrecy.choices, default=Secrecy.OPEN)
    secrecy_ground = models.CharField(_("section of law"), max_length=60, blank=True)
    search = models.GeneratedField(
        expression=Lower(
            Concat(
                F("series"), Value(" "), Cast("year", models.CharField()), Value("-"),
                LPad(Cast("number", models.CharField()), 5, Value("0")), Value(" "), F("title"), Value(" "), F("sender"),
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )  # fmt: skip

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-year", "-number", "series"]
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="case_number_once"),
            models.CheckConstraint(
                name="case_closed_after_it_opened", condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at"))
            ),
            marked_with_ground("case_secrecy_names_its_ground"),
        ]
        indexes = [GinIndex(OpClass(F("search"), "gin_trgm_ops"), name="case_search_trigrams")]
        triggers = [
            pgtrigger.ReadOnly(name="number_stays", fields=["series", "year", "number", "opened_at"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("records:case", args=[self.slug])

    @property
    def reference(self) -> str:
        """As it is printed: 'KFN 2026-00012'."""
        return f"{self.series} {self.year}-{self.number:05d}"

    @property
    def slug(self) -> str:
        """As it stands in an address: 'KFN-2026-00012'."""
        return self.reference.replace(" ", "-")

    @property
    def is_marked(self) -> bool:
        return self.secrecy == Secrecy.MARKED


class Event(models.Model):
    """One thing that happened: who, when, what, why. Never changed, never deleted (database trigger)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", null=True, blank=True)
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verb = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.verb
