"""Classes that become others during the year: merged into one, or split into two or three."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from culture.actions.ground import MOST_PUPILS
from culture.forms.offers import grade_choices
from culture.models import ClassGroup
from culture.rules.years import SchoolYear as Year
from records.forms import SwedishDateField, WholeNumberField

PIECES = (1, 2, 3)


class ChangeForm(forms.Form):
    """What both ask: since when, and why when the school year is locked."""

    day = SwedishDateField(label=_("Since which day?"))
    reason = forms.CharField(
        label=_("Why?"), max_length=500, required=False, help_text=_("Needed when the school year is locked. Name no pupils.")
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"day": localdate()})


class MergeForm(ChangeForm):
    groups = forms.ModelMultipleChoiceField(
        label=_("Which classes are merged?"),
        queryset=ClassGroup.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least two classes.")},
    )
    name = forms.CharField(label=_("What is the new class called?"), max_length=40)
    field_order = ["groups", "name", "day", "reason"]

    def __init__(self, data: Any = None, *, groups: Any) -> None:
        super().__init__(data)
        self.fields["groups"].queryset = groups  # type: ignore[attr-defined]

    def clean_groups(self) -> Any:
        chosen = self.cleaned_data["groups"]
        if len(chosen) < 2:
            raise forms.ValidationError(_("Choose at least two classes."))
        return chosen


class SplitForm(ChangeForm):
    """Two new classes, or three, that together have the pupils of the old one, grade by grade."""

    def __init__(self, data: Any = None, *, group: ClassGroup) -> None:
        super().__init__(data)
        self.parts = list(group.fragments.all())
        labels = dict(grade_choices(Year(group.year.first)))
        for number in PIECES:
            optional = number > 2
            label = _("The third class, if there is one") if optional else _("The name of class %(n)s") % {"n": number}
            self.fields[f"name_{number}"] = forms.CharField(label=label, max_length=40, required=not optional)
            for part in self.parts:
                words = _("Pupils in grade %(grade)s") % {"grade": labels[str(part.grade)]}
                self.fields[self._field(number, part.cohort)] = WholeNumberField(
                    label=words, min_value=0, max_value=MOST_PUPILS, required=False, help_text=_("of %(n)s") % {"n": part.live}
                )
        self.order_fields([*(name for name in self.fields if name not in {"day", "reason"}), "day", "reason"])

    @staticmethod
    def _field(number: int, cohort: int) -> str:
        return f"pupils_{number}_{cohort}"

    @property
    def pieces(self) -> list[tuple[forms.BoundField, list[forms.BoundField]]]:
        """(name, numbers) of each new class, as they stand in the form."""
        return [(self[f"name_{n}"], [self[self._field(n, part.cohort)] for part in self.parts]) for n in PIECES]

    def into(self) -> dict[str, dict[int, int]]:
        """name -> pupils per cohort, as the action wants it."""
        typed = self.cleaned_data
        return {
            typed[f"name_{number}"]: {part.cohort: typed[self._field(number, part.cohort)] or 0 for part in self.parts}
            for number in PIECES
            if typed.get(f"name_{number}")
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = [cleaned[f"name_{number}"].casefold() for number in PIECES if cleaned.get(f"name_{number}")]
        if len(set(names)) < len(names):
            self.add_error("name_2", _("The new classes must have different names."))
        if not self.errors:
            into = self.into()
            for part in self.parts:
                if sum(counts[part.cohort] for counts in into.values()) != part.live:
                    sentence = _("Together the new classes must have %(n)s pupils of this grade.") % {"n": part.live}
                    self.add_error(self._field(1, part.cohort), sentence)
        return cleaned
