"""Proposals, decisions and the committee's results, as they are typed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from grants.actions.decisions import Ruling
from grants.actions.proposals import Draft
from grants.choices import ItemResult, Outcome
from grants.models import Aggregate, Decision, Meeting
from records.forms import KronorField, SwedishDateField

_LONG = {"rows": 5}
_SHORT = {"rows": 2}
_RESULTS = [(each.value, capfirst(each.label)) for each in ItemResult]


class ProposalForm(forms.Form):
    """What the officer proposes. What the rules demand is said by the action, beside the field it belongs to."""

    outcome = forms.ChoiceField(label=_("What do you propose?"), widget=forms.RadioSelect)
    amount = KronorField(label=_("Amount"), required=False, help_text=_("Only when you propose a grant."))
    reasons = forms.CharField(
        label=_("Reasons"),
        help_text=_("They stand in the decision and its letter. Write to the association."),
        widget=forms.Textarea(_LONG),
    )
    override_reason = forms.CharField(
        label=_("Why you depart from the rules"),
        help_text=_("Needed for another amount than the rules give, and for a grant below the lowest level."),
        required=False,
        widget=forms.Textarea(_SHORT),
    )
    set_off = KronorField(label=_("Set off against repayment claims"), required=False)
    committee = forms.BooleanField(label=_("Put it before the committee, though a delegate may decide"), required=False)

    def __init__(self, aggregate: Aggregate, *args: Any, owed: Decimal = Decimal(0), new: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.aggregate = aggregate
        outcomes = [Outcome.GRANT, Outcome.REFUSE] if new else list(Outcome)
        words = {
            Outcome.GRANT: _("Grant the application"),
            Outcome.REFUSE: _("Annul the grant") if new else _("Refuse"),
            Outcome.DISMISS: _("Do not consider the application (too late, or not for the municipality to decide)"),
        }
        choice: Any = self.fields["outcome"]
        choice.choices = [(outcome.value, words[outcome]) for outcome in outcomes]
        if not owed:
            del self.fields["set_off"]
        for criterion in aggregate.criteria:
            self.fields[f"reason-{criterion.key}"] = forms.CharField(
                label=_("Reason for %(criterion)s") % {"criterion": criterion.name},
                required=False,
                initial=" ".join(dict.fromkeys(criterion.reasons)),
                widget=forms.Textarea(_SHORT),
            )

    def draft(self) -> Draft:
        typed = self.cleaned_data
        return Draft(
            outcome=typed["outcome"],
            amount=typed["amount"],
            reasons=typed["reasons"],
            override_reason=typed["override_reason"],
            set_off=typed.get("set_off") or Decimal(0),
            criterion_reasons={row.key: typed[f"reason-{row.key}"] for row in self.aggregate.criteria},
            committee=typed["committee"],
        )

    def criterion_fields(self) -> list[forms.BoundField]:
        return [self[f"reason-{criterion.key}"] for criterion in self.aggregate.criteria]


class DecideForm(forms.Form):
    """A delegate decides: as proposed with one press, or otherwise with a reason."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=[(each.value, capfirst(each.label)) for each in Outcome])
    amount = KronorField(label=_("Amount"), required=False)
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(_LONG))
    override_reason = forms.CharField(
        label=_("Why you depart from the proposal or the rules"), required=False, widget=forms.Textarea(_SHORT)
    )

    def ruling(self, set_off: Decimal = Decimal(0)) -> Ruling:
        typed = self.cleaned_data
        amount = typed["amount"] if typed["outcome"] == Outcome.GRANT else None
        kept = min(set_off, amount) if amount else Decimal(0)
        return Ruling(typed["outcome"], amount, typed["reasons"], typed["override_reason"], set_off=kept)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("outcome") == Outcome.GRANT and not typed.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Say how much is to be granted."))
        return typed

    @staticmethod
    def of(decision: Decision) -> dict[str, Any]:
        return {
            "outcome": decision.outcome,
            "amount": decision.amount,
            "reasons": decision.reasons,
            "override_reason": decision.override_reason,
        }


class RectifyForm(forms.Form):
    """A slip in a published decision: what was wrong, and the right amount if that was it."""

    amount = KronorField(label=_("The right amount"), required=False, help_text=_("Leave it as it is if the amount was right."))
    reasons = forms.CharField(label=_("What was wrong, and how it is corrected"), widget=forms.Textarea(_LONG))


class ResultForm(forms.Form):
    """What the committee did with one item."""

    result = forms.ChoiceField(label=_("What did the committee decide?"), choices=_RESULTS, widget=forms.RadioSelect)
    amount = KronorField(label=_("Amount"), required=False, help_text=_("Only for another amount than was proposed."))
    reasons = forms.CharField(
        label=_("The committee's reasons"),
        help_text=_("Needed unless the committee decided as proposed. They stand in the letter."),
        required=False,
        widget=forms.Textarea(_SHORT),
    )
    recused = forms.CharField(
        label=_("Members who left the room because of a conflict of interest"), required=False, max_length=300
    )

    def __init__(self, *args: Any, grants: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["result"]
        if not grants:
            choice.choices = [each for each in _RESULTS if each[0] != ItemResult.REFUSED]


class MeetingForm(forms.Form):
    held_on = SwedishDateField(label=_("Date of the meeting"))
    place = forms.CharField(label=_("Place"), max_length=120, required=False)


class AdjustForm(forms.Form):
    on = SwedishDateField(label=_("Day on which the minutes were adjusted"))


class _MeetingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Meeting) -> str:
        day = date_format(obj.held_on, "DATE_FORMAT")
        return f"{day}, {obj.place}" if obj.place else day


class MeetingChoiceForm(forms.Form):
    """On which meeting's list a proposal is put."""

    meeting = _MeetingField(label=_("Meeting"), queryset=Meeting.objects.none())

    def __init__(self, meetings: Sequence[Meeting], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["meeting"]
        choice.queryset = Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings]).order_by("held_on")
        choice.empty_label = None
