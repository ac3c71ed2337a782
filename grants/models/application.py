"""An application and what is attached to it, asked about it and extended for it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case as Choose
from django.db.models import Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from associations.models import Association
from grants.choices import ASSESSED_IN, DECIDED, RECEIVED, ApplicationStatus, AssessmentStatus, LateCountsFrom
from grants.models.scheme import Call, Criterion, SchemeVersion
from grants.rules import late, windows
from grants.rules.form_shape import Answers
from grants.rules.questions import asked_files, form_from_json
from grants.wording import ShownFact, ShownSection, fact_rows, lateness_sentence, shown_sections
from records.models import Case, StoredFile

_ASSESSED = Count("assessments", filter=Q(assessments__status=AssessmentStatus.DONE))

# Roles that read every application that was handed in, conflicts of interest excepted.
CASEWORK = (Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY, Role.AUDITOR)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """What this user may read. Every view starts here, so a stranger meets a 404.

        Their own associations' applications, drafts too; for casework roles every one handed in, less those in which they
        have a conflict of interest.
        """
        own = Q(association__in=Association.objects.spoken_for_by(user))
        if not user.has_role(*CASEWORK):
            return self.filter(own)
        return self.filter(own | Q(pk__in=Application.objects.for_casework_by(user).values("pk")))

    def spoken_for_by(self, user: Any) -> "ApplicationQuerySet":
        """The applications of the associations this user speaks for, drafts too."""
        return self.filter(association__in=Association.objects.spoken_for_by(user))

    def for_casework_by(self, user: Any) -> "ApplicationQuerySet":
        """What this user may handle: received, nothing they have an interest in, nothing they assess without names."""
        if not user.has_role(*CASEWORK):
            return self.none()
        return self.received().exclude(pk__in=Application.objects.withheld_from(user).values("pk"))

    def received(self) -> "ApplicationQuerySet":
        return self.filter(status__in=RECEIVED)

    def withheld_from(self, user: Any) -> "ApplicationQuerySet":
        """What this user must not meet anywhere: a conflict of interest, or a blind call the user assesses in."""
        interested = Application.objects.with_interest_of(user).values("pk")
        blind = Application.objects.blind_to(user).values("pk")
        return self.filter(Q(pk__in=interested) | Q(pk__in=blind))

    def with_interest_of(self, user: Any) -> "ApplicationQuerySet":
        """A conflict of interest in force: declared, or found in the register whether or not anyone has looked (Case 25)."""
        conflicts = Application.objects.filter(conflicts__user=user)
        declared = Application.objects.filter(conflicts__user=user, conflicts__lifted_at=None).values("pk")
        lifted = conflicts.exclude(pk__in=declared).values("pk")
        linked = Q(association__in=Association.objects.with_link_to(user)) & ~Q(pk__in=lifted)
        return self.filter(Q(pk__in=declared) | linked)

    def blind_to(self, user: Any) -> "ApplicationQuerySet":
        """Those the user assesses without knowing who applies, until they are decided (Case 27)."""
        return self.filter(call__blind=True, call__in=user.assessor_of.values("call")).exclude(status__in=DECIDED)

    def to_assess_by(self, user: Any) -> "ApplicationQuerySet":
        """What this officer may assess now, blind calls included; where assessors are appointed, only by them."""
        if not user.has_role(Role.OFFICER):
            return self.none()
        appointed = Q(call__in=user.assessor_of.values("call")) | ~Q(call__in=Call.objects.filter(assessors__isnull=False))
        interested = Application.objects.with_interest_of(user).values("pk")
        assessed = self.filter(appointed, status__in=ASSESSED_IN, call__in=Criterion.objects.values("call"))
        return assessed.exclude(pk__in=interested)

    def with_coverage(self) -> "ApplicationQuerySet":
        """Adds `assessed`: how many assessments count; `call.assessors_needed` says how many are asked for."""
        counted = Application.objects.filter(pk=OuterRef("pk")).annotate(n=_ASSESSED).values("n")
        return self.annotate(assessed=Subquery(counted))

    def covered(self) -> "ApplicationQuerySet":
        """Those with as many assessments as the call asks for."""
        enough = Application.objects.alias(n=_ASSESSED).filter(n__gte=F("call__assessors_needed"))
        return self.filter(pk__in=enough.values("pk"))

    def showing_aggregate_to(self, user: Any) -> "ApplicationQuerySet":
        """Where this user may see others' assessments and their mean (Case 28).

        Their own is done; or assessing is over; or enough are done and the user was neither appointed nor has begun.
        """
        done = user.assessments.filter(status=AssessmentStatus.DONE).values("application")
        begun = user.assessments.filter(status=AssessmentStatus.STARTED).values("application")
        outside = (
            Q(pk__in=Application.objects.covered().values("pk")) & ~Q(pk__in=begun) & ~Q(call__in=user.assessor_of.values("call"))
        )
        return self.filter(Q(pk__in=done) | ~Q(status__in=ASSESSED_IN) | outside)

    def with_deadline(self, at: datetime) -> "ApplicationQuerySet":
        """Adds extension_ends, deadline_at and counted_from (now, when it is not settled), for lists: no query of its own.

        counted_from >= deadline_at is late; a continuous call has no deadline_at.
        """
        extension = Extension.objects.filter(call=OuterRef("call"), association=OuterRef("association")).values("closes_at")
        by_completeness = When(call__late_counts_from=LateCountsFrom.COMPLETENESS, then=Coalesce(F("completed_at"), Value(at)))
        return self.annotate(
            extension_ends=Subquery(extension[:1]),
            deadline_at=Greatest(F("call__closes_at"), Coalesce(Subquery(extension[:1]), F("call__closes_at"))),
            counted_from=Choose(by_completeness, default=F("received_at"), output_field=models.DateTimeField()),
        )

    def late(self) -> "ApplicationQuerySet":
        """After with_deadline: those that are late."""
        return self.filter(Q(deadline_at__isnull=False) & Q(counted_from__gte=F("deadline_at")))

    def matching(self, words: str) -> "ApplicationQuerySet":
        """Applications whose association, organisation number or case number holds every one of *words*."""
        found = self
        for word in words.split():
            digits = word.replace("-", "")
            number = Q(association__organisation_number__contains=digits) if digits.isdigit() and len(digits) >= 4 else Q()
            found = found.filter(Q(association__name__icontains=word) | Q(case__search__contains=word.lower()) | number)
        return found

    def awaiting_decision(self) -> "ApplicationQuerySet":
        return self.filter(status=ApplicationStatus.PROPOSED)

    def undecided(self) -> "ApplicationQuerySet":
        return self.filter(status__in=RECEIVED - DECIDED - {ApplicationStatus.WITHDRAWN})


class Application(models.Model):
    """One association's application in one call.

    answers: question key -> answer, as typed while a draft, read at submit. facts and standing: what the register
    said at submit, frozen. received_at is set once, when the POST reached the server (Case 4, database trigger).
    edition counts saves, and section_editions remembers the last one of each section: a page that was opened on an
    older edition of its section is told so. ordinal: the association's first, second ... application in the call.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications", verbose_name=_("call"))
    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, related_name="applications", verbose_name=_("association")
    )
    # The version whose form it is written in, when that is not the call's own (Case 16).
    mended = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ordinal = models.PositiveSmallIntegerField(default=1)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="application")
    status = models.CharField(max_length=12, choices=ApplicationStatus.choices, default=ApplicationStatus.DRAFT, db_index=True)
    answers = models.JSONField(default=dict, blank=True)
    aims = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    asked = models.DecimalField(_("amount applied for"), max_digits=12, decimal_places=2, null=True, blank=True)
    granted = models.DecimalField(_("amount granted"), max_digits=12, decimal_places=2, null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    standing = models.JSONField(default=list, blank=True)
    edition = models.PositiveIntegerField(default=0)
    section_editions = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("saved"))
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    completed_at = models.DateTimeField(_("complete"), null=True, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "association", "ordinal"],
                condition=~Q(status=ApplicationStatus.WITHDRAWN),
                name="application_once_per_call",
            ),
            models.CheckConstraint(
                name="application_received_has_time_and_case",
                condition=Q(status=ApplicationStatus.DRAFT, received_at__isnull=True, case__isnull=True)
                | Q(~Q(status=ApplicationStatus.DRAFT), received_at__isnull=False, case__isnull=False),
            ),
            models.CheckConstraint(
                name="application_amount_only_when_granted",
                condition=Q(status=ApplicationStatus.GRANTED, granted__isnull=False, granted__gt=0)
                | (~Q(status=ApplicationStatus.GRANTED) & Q(granted__isnull=True)),
            ),
            models.CheckConstraint(name="application_asked_not_negative", condition=Q(asked=None) | Q(asked__gte=0)),
            models.CheckConstraint(name="application_ordinal_from_one", condition=Q(ordinal__gte=1)),
            models.CheckConstraint(
                name="application_complete_only_when_received", condition=Q(completed_at=None) | Q(received_at__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="received_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.received_at IS NOT NULL AND NEW.received_at IS DISTINCT FROM OLD.received_at"),
            ),
            pgtrigger.Protect(
                name="received_stays", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__received_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.association} – {self.call}"

    @property
    def is_draft(self) -> bool:
        return self.status == ApplicationStatus.DRAFT

    @property
    def version(self) -> SchemeVersion:
        """The version whose form and attachments it has. Its calculation, aims and requirements are the call's."""
        return self.mended or self.call.version

    def headings(self, answers: Answers | None = None) -> list[dict[str, Any]]:
        """The attachments that are asked for: those of the version, and the form's files that *answers* ask for (Case 14).

        Each {"key", "label", "required", "yearly_document"}. answers: by default those of the application.
        """
        asked = asked_files(form_from_json(self.version.form), self.answers if answers is None else answers)
        files = [{"key": each.key, "label": each.label, "required": each.required, "yearly_document": ""} for each in asked]
        return [*self.version.attachments, *files]

    def shown_sections(self) -> list[ShownSection]:
        """What the application says, section by section, as it is read."""
        return shown_sections(form_from_json(self.version.form), self.answers)

    def chosen_aims(self) -> list[str]:
        """The labels of the aims the application serves."""
        return [aim["label"] for aim in self.call.version.aims if aim["key"] in self.aims]

    def shown_facts(self) -> list[ShownFact]:
        """What the register said when the application was handed in, each with its source."""
        return fact_rows(self.facts)

    @property
    def counted_at(self) -> datetime | None:
        """The instant lateness is counted from: hand-in, or completeness where the call says so (Case 9); None until known."""
        if self.received_at is None:
            return None
        return late.received_basis(self.received_at, self.completed_at, self.call.late_counts_from)

    def extended_until(self) -> datetime | None:
        """The end of the association's own extension in the call, if it was given one."""
        if "extension_ends" in self.__dict__:
            known: datetime | None = self.__dict__["extension_ends"]
            return known
        extension = Extension.objects.filter(call=self.call_id, association=self.association_id).first()
        return extension.closes_at if extension else None

    def lateness(self, at: datetime) -> "Lateness":
        """How late the application is, and what that costs. at: when it is not known yet, counted as if it were now."""
        deadline = windows.deadline_of(self.call.window(self.extended_until()))
        counted_at = self.counted_at
        days = late.days_late(counted_at or at, deadline.closes_at) if deadline else 0
        try:
            percent = late.late_percent(days, deadline.steps if deadline else ())
        except late.TooLate:
            percent = None
        return Lateness(days, percent, known=counted_at is not None, deadline=deadline)


@dataclass(frozen=True, slots=True)
class Lateness:
    """days: late, 0 = in time. percent: what it costs (Rule G-07); None = too late to be considered. known: settled."""

    days: int
    percent: Decimal | None
    known: bool
    deadline: late.Deadline | None

    @property
    def sentence(self) -> str:
        """With the rule's id; '' in a continuous call, where nobody is late."""
        return lateness_sentence(self.days, self.percent) if self.deadline else ""


class Attachment(models.Model):
    """A file under one heading of an application. Replaced, never overwritten."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="attachments")
    key = models.CharField(max_length=40)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["key", "added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "key"], condition=Q(replaced_at=None), name="attachment_one_per_heading"
            )
        ]

    def __str__(self) -> str:
        return self.key


class CompletionRequest(models.Model):
    """Sections opened again for the applicant until a day; nothing else may change.

    before: the answers of those sections when asked. after: what the applicant has typed since, taken into the
    application when answered; kept, but not taken in, when it lapses.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="completion_requests")
    sections = ArrayField(models.CharField(max_length=40), verbose_name=_("sections"))
    message = models.TextField(_("what is missing"))
    due_on = models.DateField(_("answer by"))
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_at=None, lapsed_at=None), name="completion_one_at_a_time"
            ),
            models.CheckConstraint(
                name="completion_answered_or_lapsed", condition=Q(answered_at__isnull=True) | Q(lapsed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.message


class Extension(models.Model):
    """A later last day for one association in one call, given by an officer with a reason (Case 5)."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="extensions")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="+")
    closes_on = models.DateField(_("last day"))
    closes_at = models.DateTimeField()
    reason = models.TextField(_("reason"))
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "association"], name="extension_once_per_call")]

    def __str__(self) -> str:
        return f"{self.association}: {self.closes_on}"
