"""A school's own classes: their numbers, and the days on which they cannot come."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from culture.actions.ground import MOST_PUPILS
from culture.models import ClassGroup
from culture.rules.years import SchoolYear, cohort_of, grade_label
from records.forms.fields import SwedishDateField, WholeNumberField


def pupils_field(cohort: int) -> str:
    return f"pupils_{cohort}"


class CountForm(forms.Form):
    """How many pupils a class has now, by grade."""

    def __init__(self, data: Any = None, *, group: ClassGroup) -> None:
        super().__init__(data)
        self.parts = list(group.fragments.all())
        year = SchoolYear(group.year.first)
        for part in self.parts:
            self.fields[pupils_field(part.cohort)] = WholeNumberField(
                label=_("Pupils in grade %(grade)s") % {"grade": grade_label(part.cohort, year)},
                initial=part.live,
                min_value=0,
                max_value=MOST_PUPILS,
            )

    @property
    def counts(self) -> dict[int, int]:
        """cohort -> pupils."""
        return {part.cohort: self.cleaned_data[pupils_field(part.cohort)] for part in self.parts}


class NewClassForm(forms.Form):
    """A class with its pupils by grade; grades left empty are not in it."""

    name = forms.CharField(label=_("The name of the class"), max_length=40, help_text=_("For example 5A."))

    def __init__(self, data: Any = None, *, year: SchoolYear, grades: Sequence[int]) -> None:
        super().__init__(data)
        self.cohorts = {cohort_of(grade, year): grade_label(cohort_of(grade, year), year) for grade in grades}
        for cohort, label in self.cohorts.items():
            self.fields[pupils_field(cohort)] = WholeNumberField(
                label=_("Pupils in grade %(grade)s") % {"grade": label}, min_value=0, max_value=MOST_PUPILS, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.counts:
            self.add_error("name", _("Write how many pupils the class has in at least one grade."))
        return cleaned

    @property
    def counts(self) -> dict[int, int]:
        said = {cohort: self.cleaned_data.get(pupils_field(cohort)) for cohort in self.cohorts}
        return {cohort: pupils for cohort, pupils in said.items() if pupils}


class DaysForm(forms.Form):
    """Days on which a class, or the whole school, cannot come."""

    first = SwedishDateField(label=_("First day"))
    last = SwedishDateField(label=_("Last day"), required=False, help_text=_("Leave it empty for a single day."))
    group = forms.ModelChoiceField(
        label=_("Class"), queryset=ClassGroup.objects.none(), required=False, empty_label=_("The whole school")
    )
    reason = forms.CharField(
        label=_("What happens then"), max_length=150, required=False, help_text=_("For example national tests.")
    )

    def __init__(self, data: Any = None, *, groups: Any) -> None:
        super().__init__(data)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
