"""Proposals, the committee's list, and decisions, which are never edited once published."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.choices import DecisionKind, MeetingStatus, Outcome, Route
from grants.models.application import Application

_amount_goes_with_grant = Q(outcome=Outcome.GRANT, amount__isnull=False, amount__gt=0) | (
    ~Q(outcome=Outcome.GRANT) & Q(amount__isnull=True)
)


class Meeting(models.Model):
    """A sitting of the committee: its list, its minutes, and the delegated decisions reported to it."""

    held_on = models.DateField(_("date"), unique=True)
    status = models.CharField(max_length=8, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED)
    minutes_adjusted_on = models.DateField(_("minutes adjusted"), null=True, blank=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["held_on"]
        constraints = [
            models.CheckConstraint(
                name="meeting_adjusted_has_its_date",
                condition=~Q(status=MeetingStatus.ADJUSTED) | Q(minutes_adjusted_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d}"


class Proposal(models.Model):
    """What an officer proposes, with the calculation and the reasons that go into the decision."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposals")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    calculation = models.JSONField(default=list)
    reasons = models.TextField(_("reasons"))
    override_reason = models.TextField(_("reason for departing from the rule"), blank=True)
    route = models.CharField(max_length=10, choices=Route.choices)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["proposed_at"]
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(closed_at=None), name="proposal_one_open"),
            models.CheckConstraint(name="proposal_amount_only_when_granting", condition=_amount_goes_with_grant),
            models.CheckConstraint(
                name="proposal_on_a_list_goes_to_the_committee", condition=Q(meeting=None) | Q(route=Route.COMMITTEE)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_outcome_display()}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """Published ones of applications the user may read; unpublished only for casework."""
        handled = Q(application__in=Application.objects.for_casework_by(user).values("pk"))
        own = Q(application__in=Application.objects.visible_to(user).values("pk"), published_at__isnull=False)
        return self.filter(handled | own)

    def in_force(self) -> "DecisionQuerySet":
        """The last published decision of each application: not replaced by another published one."""
        return self.filter(published_at__isnull=False).exclude(replaced_by__published_at__isnull=False)

    def unreported(self) -> "DecisionQuerySet":
        """Published delegated decisions that no meeting has been told of yet (Case 39)."""
        return self.filter(published_at__isnull=False, route=Route.DELEGATE, reported=None)


class Decision(models.Model):
    """What was decided, by whom, on which rule and number. Published ones are protected by a database trigger."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(max_length=13, choices=DecisionKind.choices, default=DecisionKind.ORIGINAL)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    calculation = models.JSONField(default=list)
    reasons = models.TextField(_("reasons"))
    basis = models.JSONField(default=dict, blank=True)  # scores by criterion, who stepped out, budget figures
    route = models.CharField(max_length=10, choices=Route.choices)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="decision_number_once"),
            models.CheckConstraint(name="decision_amount_only_when_granting", condition=_amount_goes_with_grant),
            models.CheckConstraint(
                name="decision_of_the_committee_names_its_meeting",
                condition=Q(route=Route.COMMITTEE, meeting__isnull=False) | Q(route=Route.DELEGATE, meeting__isnull=True),
            ),
            models.CheckConstraint(
                name="decision_after_the_first_names_the_old",
                condition=Q(number=1, replaces__isnull=True) | Q(number__gt=1, replaces__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_outcome_display()}"


class DelegationReport(models.Model):
    """A delegated decision was reported to this meeting; once only (Case 39)."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="reported")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="reported_decisions")
    reported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.decision} → {self.meeting}"
