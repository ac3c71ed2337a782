"""Proposals, the committee's list, and decisions, which are never edited once published."""

from datetime import date
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from grants.choices import CriterionKey, DecisionKind, ItemResult, MeetingStatus, Outcome, Route
from grants.models.application import Application
from records.choices import Secrecy
from records.models import Letter, Notice

_set_off_within_amount = Q(set_off=0) | Q(set_off__gt=0, amount__isnull=False, set_off__lte=F("amount"))
_amount_goes_with_grant = Q(outcome=Outcome.GRANT, amount__isnull=False, amount__gt=0) | (
    ~Q(outcome=Outcome.GRANT) & Q(amount__isnull=True)
)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def upcoming(self, day: date) -> "MeetingQuerySet":
        """Planned and not passed, the next one first."""
        return self.filter(status=MeetingStatus.PLANNED, held_on__gte=day).order_by("held_on")


class Meeting(models.Model):
    """A sitting of the committee: its list, its minutes, and the delegated decisions reported to it."""

    held_on = models.DateField(_("date"), unique=True)
    status = models.CharField(max_length=8, choices=MeetingStatus.choices, default=MeetingStatus.PLANNED)
    minutes_adjusted_on = models.DateField(_("minutes adjusted"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="meeting")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["held_on"]
        constraints = [
            models.CheckConstraint(
                name="meeting_adjusted_has_its_date_and_notice",
                condition=~Q(status=MeetingStatus.ADJUSTED) | Q(minutes_adjusted_on__isnull=False, notice__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d}"


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """Those of applications the user may handle; for committee members those on a list, less conflicts of interest."""
        handled = Q(application__in=Application.objects.for_casework_by(user).values("pk"))
        if user.has_role(Role.COMMITTEE_MEMBER):
            withheld = Application.objects.withheld_from(user).values("pk")
            return self.filter(handled | (Q(meeting__isnull=False) & ~Q(application__in=withheld)))
        return self.filter(handled)

    def open(self) -> "ProposalQuerySet":
        return self.filter(closed_at=None)


class Proposal(models.Model):
    """What an officer proposes, with the calculation and the reasons that go into the decision.

    rule_amount: what the rules arrive at, before the officer departs from them. set_off: the part of the grant that
    settles the association's repayment claims (Case 51). basis: scores, coverage, who stepped out, budget figures.
    replaces: the published decision that this proposes to replace (Case 43). reviewed_by: a second pair of eyes that
    looks, but does not decide (Case 38).
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="proposals")
    replaces = models.ForeignKey("Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    rule_amount = models.DecimalField(_("amount by the rules"), max_digits=12, decimal_places=2, null=True, blank=True)
    set_off = models.DecimalField(_("set off against a claim"), max_digits=12, decimal_places=2, default=Decimal(0))
    calculation = models.JSONField(default=list)
    basis = models.JSONField(default=dict, blank=True)
    reasons = models.TextField(_("reasons"))
    override_reason = models.TextField(_("reason for departing from the rule"), blank=True)
    route = models.CharField(max_length=10, choices=Route.choices)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    result = models.CharField(_("what the committee did"), max_length=13, choices=ItemResult.choices, blank=True)
    result_reason = models.TextField(_("reason"), blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

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
            models.CheckConstraint(
                name="proposal_departs_from_the_rules_with_a_reason",
                condition=~Q(outcome=Outcome.GRANT)
                | Q(rule_amount__isnull=False, amount=F("rule_amount"))
                | ~Q(override_reason=""),
            ),
            models.CheckConstraint(
                name="proposal_is_reviewed_by_another",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(reviewed_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="proposal_result_is_of_a_listed_and_closed_item",
                condition=Q(result="") | Q(meeting__isnull=False, closed_at__isnull=False),
            ),
            models.CheckConstraint(name="proposal_sets_off_within_the_amount", condition=_set_off_within_amount),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_outcome_display()}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """Published ones of applications the user may read; unpublished only for casework."""
        handled = Q(application__in=Application.objects.for_casework_by(user).values("pk"))
        own = Q(application__in=Application.objects.visible_to(user).values("pk"), published_at__isnull=False)
        return self.filter(handled | own)

    def staged(self) -> "DecisionQuerySet":
        """Decided, and not yet told anyone."""
        return self.filter(published_at=None)

    def latest_of_each(self) -> "DecisionQuerySet":
        """The last decision of each application, published or not: what the budget is bound by (Case 35)."""
        return self.filter(replaced_by=None)

    def in_force(self) -> "DecisionQuerySet":
        """The last published decision of each application: neither replaced by another published one nor ended."""
        return self.filter(published_at__isnull=False, ending=None).exclude(replaced_by__published_at__isnull=False)

    def open_grants(self) -> "DecisionQuerySet":
        """Grants in force that anyone may read of: what the municipality stands by today. Not cases marked with secrecy."""
        return self.in_force().filter(outcome=Outcome.GRANT, application__case__secrecy=Secrecy.OPEN)

    def assessed_high_on(self, criterion: str, level: int) -> "DecisionQuerySet":
        """Those whose application was found to reach at least this level on a criterion, as the basis of the decision says."""
        path = f'$.criteria[*] ? (@.key == "{CriterionKey(criterion)}" && @.level.double() >= {level:d})'
        found = Func(
            F("basis"),
            Value(path),
            template="jsonb_path_exists(%(expressions)s::jsonpath)",
            output_field=models.BooleanField(),
        )
        return self.alias(assessed_high=found).filter(assessed_high=True)

    def unreported(self) -> "DecisionQuerySet":
        """Published delegated decisions that no meeting has been told of yet (Case 39)."""
        return self.filter(published_at__isnull=False, route=Route.DELEGATE, reported=None)


class Decision(models.Model):
    """What was decided, by whom, on which rule and number. Published ones are protected by a database trigger.

    decided_by: one person; for the committee the secretary who recorded it. recused: elected members who left the room.
    letter: the letter that is released when the decision is published.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(max_length=13, choices=DecisionKind.choices, default=DecisionKind.ORIGINAL)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    set_off = models.DecimalField(_("set off against a claim"), max_digits=12, decimal_places=2, default=Decimal(0))
    calculation = models.JSONField(default=list)
    reasons = models.TextField(_("reasons"))
    override_reason = models.TextField(_("reason for departing from the rule"), blank=True)
    basis = models.JSONField(default=dict, blank=True)  # scores by criterion, who stepped out, budget figures
    recused = models.CharField(_("members who left the room"), max_length=300, blank=True)
    route = models.CharField(max_length=10, choices=Route.choices)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    decided_at = models.DateTimeField(_("decided"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
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
            models.CheckConstraint(name="decision_sets_off_within_the_amount", condition=_set_off_within_amount),
            models.CheckConstraint(
                name="decision_published_has_its_letter", condition=Q(published_at=None) | Q(letter__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="decision_published_is_never_edited",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="decision_published_is_never_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_outcome_display()}"
