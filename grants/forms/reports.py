"""Follow-up reports and repayment claims, as people type them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from associations.rules.numbers import contains_personal_number
from grants.actions.report_plan import Planned
from records.forms import KronorField, SwedishDateField, WholeNumberField
from records.values import kronor_text


class ReportForm(forms.Form):
    """What was done with the grant. Nothing is refused while it is only saved; the action says what handing in needs."""

    done = forms.CharField(label=_("What did you do with the grant?"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)
    effect = forms.CharField(
        label=_("What difference did it make?"),
        help_text=_("Compare with what you wrote in the application. Write no names and no personal numbers."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
    )
    girls = WholeNumberField(label=_("Girls and women who took part"), required=False)
    boys = WholeNumberField(label=_("Boys and men who took part"), required=False)
    others = WholeNumberField(label=_("Others, or not stated, who took part"), required=False)
    spent = KronorField(label=_("How much of the grant did you use?"))
    explanation = forms.CharField(
        label=_("Why was not all of it used?"),
        help_text=_("Only if you used less than you were granted."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(self, *args: Any, plan: Sequence[Planned] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = list(plan)
        for row in self.plan:
            hint = _("You planned %(amount)s kr.") % {"amount": kronor_text(row.amount)} if row.amount is not None else ""
            self.fields[row.field] = KronorField(label=row.label, required=row.needed, help_text=hint)

    def full_clean(self) -> None:
        """What the page calls needed is needed when the report is handed in, not while it is written."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True

    def clean(self) -> dict[str, Any]:
        for name in ("done", "effect", "explanation"):
            if contains_personal_number(self.cleaned_data.get(name, "")):
                self.add_error(name, _("Take out the personal number. We only need to know how many, never who."))
        return self.cleaned_data

    @property
    def answers(self) -> dict[str, str]:
        numbers = {name: self.cleaned_data.get(name) for name in ("girls", "boys", "others")}
        words = {name: self.cleaned_data.get(name, "") for name in ("done", "effect")}
        numbers |= {row.field: self.cleaned_data.get(row.field) for row in self.plan}
        return words | {name: "" if number is None else str(number) for name, number in numbers.items()}

    @property
    def actuals(self) -> list[Any]:
        """The fields of what it came to."""
        return [self[row.field] for row in self.plan]


class ReviewForm(forms.Form):
    reason = forms.CharField(
        label=_("What needs to be added?"),
        help_text=_("Needed when you return the report. The association reads it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


class ClaimForm(forms.Form):
    amount = KronorField(label=_("Amount to pay back"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    due_on = SwedishDateField(label=_("Pay back by"), required=False, help_text=_("Left empty: 30 days from today."))


class RepaymentForm(forms.Form):
    amount = KronorField(label=_("Amount that came in"))
    on = SwedishDateField(label=_("Day"))


class WaiveForm(forms.Form):
    reason = forms.CharField(label=_("Why is the rest given up?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
