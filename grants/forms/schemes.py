"""What officers write about a scheme and its calls; the terms of a version are in grants.forms.terms."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.models import Category
from grants.actions.calls import CallPlan, Weight
from grants.choices import CriterionKey, DecidedBy, LateCountsFrom
from grants.models import Scheme
from grants.rules.late import LateStep, check_steps
from records.forms import KronorField, SwedishDateField, WholeNumberField


class SchemeForm(forms.Form):
    """The words around a scheme."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    key = forms.SlugField(
        label=gettext_lazy("Short name"),
        help_text=gettext_lazy("Letters a–z, figures and hyphens. Used in files and cannot be changed."),
    )
    purpose = forms.CharField(label=gettext_lazy("Purpose"), widget=forms.Textarea({"rows": "5"}), required=False)
    decided_by = forms.ChoiceField(label=gettext_lazy("Who decides"), choices=DecidedBy.choices, widget=forms.RadioSelect)
    is_example = forms.BooleanField(label=gettext_lazy("An example, not adopted by the municipality"), required=False)

    def __init__(self, *args: Any, scheme: Scheme | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].disabled = scheme is not None
        self.scheme = scheme

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if self.scheme is None and Scheme.objects.filter(key=key).exists():
            raise ValidationError(_("Another scheme has this short name."))
        return key


class CloseForm(forms.Form):
    """Why a call is closed before its time."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it closed?"),
        help_text=gettext_lazy("Kept in the log."),
        max_length=1000,
        widget=forms.Textarea({"rows": "3"}),
    )


class CallForm(forms.Form):
    """One window: dates, what late costs, how it is decided and paid."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=150)
    grant_year = WholeNumberField(label=gettext_lazy("Grant year"), min_value=2020, max_value=2100)
    opens_on = SwedishDateField(label=gettext_lazy("Opens"))
    closes_on = SwedishDateField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: open all year. The day is included.")
    )
    late_counts_from = forms.ChoiceField(
        label=gettext_lazy("Lateness is counted from"), choices=LateCountsFrom.choices, widget=forms.RadioSelect
    )
    max_per_association = WholeNumberField(label=gettext_lazy("Applications per association"), min_value=1, max_value=50)
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("For these categories"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: for all associations."),
    )
    budget = KronorField(label=gettext_lazy("Budget"), required=False, max_value=Decimal("999999999999"))
    assessors_needed = WholeNumberField(label=gettext_lazy("Assessments per application"), min_value=1, max_value=20)
    blind = forms.BooleanField(label=gettext_lazy("Assessors do not see who applies"), required=False)
    pays_on = SwedishDateField(label=gettext_lazy("Paid out"), required=False)
    instalment_shares = forms.CharField(
        label=gettext_lazy("Instalments, percent"),
        required=False,
        help_text=gettext_lazy("For example 40, 40, 20. Empty: all at once."),
    )
    report_due_on = SwedishDateField(label=gettext_lazy("Follow-up report due"), required=False)
    anchors_are_examples = forms.BooleanField(
        label=gettext_lazy("The sentences of the levels are examples, not adopted by the municipality"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = self.fields["categories"]
        assert isinstance(categories, forms.MultipleChoiceField)
        categories.choices = list(Category.objects.order_by("name").values_list("key", "name"))

    def clean_instalment_shares(self) -> list[int]:
        typed = self.cleaned_data["instalment_shares"].replace("%", " ").replace(",", " ").split()
        if not typed:
            return []
        if not all(part.isdecimal() for part in typed) or sum(int(part) for part in typed) != 100:
            raise ValidationError(_("Write whole percentages that sum to 100, for example 40, 40, 20."))
        return [int(part) for part in typed]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The last day must not come before the first."))
        return cleaned


class LateStepForm(forms.Form):
    from_day = WholeNumberField(label=gettext_lazy("From day"), min_value=1, max_value=365)
    to_day = WholeNumberField(label=gettext_lazy("To day"), min_value=1, max_value=365)
    percent = WholeNumberField(label=gettext_lazy("Reduction, percent"), min_value=0, max_value=100)


class BaseLateSteps(BaseFormSet):  # type: ignore[type-arg]
    """The steps follow each other from day 1 (Rule G-10)."""

    def clean(self) -> None:
        if any(self.errors):
            return
        try:
            check_steps(self.steps())
        except ValueError:
            raise ValidationError(_("The steps must begin at day 1 and follow each other without a gap.")) from None

    def steps(self) -> list[LateStep]:
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        try:
            return sorted(
                (LateStep(row["from_day"], row["to_day"], Decimal(row["percent"])) for row in filled),
                key=lambda step: step.from_day,
            )
        except ValueError:
            raise ValidationError(_("A step must end on the day it begins or later.")) from None


LateStepFormSet = formset_factory(LateStepForm, formset=BaseLateSteps, extra=1, can_delete=True)


class CriterionForm(forms.Form):
    """One of the four criteria: its weight, and a sentence for each level."""

    weight = WholeNumberField(label=gettext_lazy("Weight"), min_value=0, max_value=100)
    threshold = forms.TypedChoiceField(
        label=gettext_lazy("Lowest level to be granted"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", gettext_lazy("None")), *((level, level) for level in range(6))],
    )

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key, self.name = key, CriterionKey(key).label
        for level in range(6):
            self.fields[f"level{level}"] = forms.CharField(
                label=_("Level %d") % level, required=False, max_length=500, widget=forms.Textarea({"rows": "2"})
            )

    def weight_of(self) -> Weight:
        cleaned = self.cleaned_data
        return Weight(self.key, cleaned["weight"], [cleaned[f"level{level}"] for level in range(6)], cleaned["threshold"])


def plan_from(form: CallForm, steps: BaseLateSteps, criteria: list[CriterionForm]) -> CallPlan:
    """What the three forms say together. Criteria with weight 0 take no part."""
    return CallPlan(
        **form.cleaned_data,
        late_steps=steps.steps() if form.cleaned_data["closes_on"] else [],
        criteria=[each.weight_of() for each in criteria if each.cleaned_data["weight"]],
    )
