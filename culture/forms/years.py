"""School years: their dates, what a plan is weighed by, and what each grade is promised."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from culture.choices import ArtForm
from culture.forms.offers import grade_choices, in_capitals
from culture.models import GuaranteeItem, Offer, School, SchoolYear
from culture.rules.years import SchoolYear as Year
from records.forms import SwedishDateField, WholeNumberField


class YearForm(forms.Form):
    """The dates of a school year. first: of a new one only."""

    first = WholeNumberField(
        label=_("In which autumn does it begin?"), min_value=2000, max_value=2199, help_text=_("For example 2026 for 2026/27.")
    )
    official_on = SwedishDateField(
        label=_("Measuring date"), required=False, help_text=_("15 October unless said. The pupils of this day are counted.")
    )
    list_by = SwedishDateField(label=_("Schools confirm their classes at the latest"), required=False)
    answer_by = SwedishDateField(label=_("Schools answer the plan at the latest"), required=False)
    locks_on = SwedishDateField(
        label=_("Figures are locked on"), required=False, help_text=_("After this day a change becomes a new version.")
    )

    def __init__(self, data: Any = None, *, year: SchoolYear | None = None, initial: Any = None) -> None:
        names = ("official_on", "list_by", "answer_by", "locks_on")
        super().__init__(data, initial={name: getattr(year, name) for name in names} if year else initial)
        if year:
            del self.fields["first"]
            self.fields["official_on"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        official, locks = cleaned.get("official_on"), cleaned.get("locks_on")
        if official and locks and locks <= official:
            self.add_error("locks_on", _("The figures are locked after the measuring date."))
        return cleaned

    def dates(self) -> dict[str, Any]:
        names = ("official_on", "list_by", "answer_by", "locks_on")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name] or name != "official_on"}


class TermsForm(forms.Form):
    """What a plan is weighed by."""

    bus_seats = WholeNumberField(label=_("Seats in a bus"), min_value=1, max_value=200)
    buses_a_day = WholeNumberField(
        label=_("Buses a day at most"),
        min_value=0,
        max_value=10_000,
        required=False,
        help_text=_("Empty: as many as are needed."),
    )
    bus_price = WholeNumberField(label=_("Price of a bus, kronor"), min_value=0, max_value=1_000_000)
    repeat_price = WholeNumberField(
        label=_("What an art form met again weighs, kronor"),
        min_value=0,
        max_value=1_000_000,
        help_text=_("A class that meets the same art form again weighs as much as this costs."),
    )
    empty_seat_price = WholeNumberField(label=_("What an empty seat weighs, kronor"), min_value=0, max_value=100_000)

    def __init__(self, data: Any = None, *, year: SchoolYear) -> None:
        super().__init__(data, initial={name: getattr(year, name) for name in self.base_fields})


class PromiseForm(forms.Form):
    """What every pupil of a grade is to meet in the school year: fixed, or in turn between schools."""

    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int)
    title = forms.CharField(label=_("What do the pupils meet?"), max_length=150)
    art_form = forms.ChoiceField(label=_("Art form"))
    offer = forms.ModelChoiceField(
        label=_("Offer"), queryset=Offer.objects.none(), required=False, empty_label=_("Not chosen yet")
    )
    is_professional = forms.BooleanField(label=_("Professional: counts towards the guarantee"), required=False, initial=True)
    is_rotating = forms.BooleanField(
        label=_("Rotates between schools"), required=False, help_text=_("Not every school each year. Tick whose turn it is.")
    )
    schools = forms.ModelMultipleChoiceField(
        label=_("Schools whose turn it is"), queryset=School.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    source = forms.CharField(label=_("Where is it decided?"), max_length=200, required=False)
    order = WholeNumberField(label=_("Order within the grade"), min_value=0, max_value=1000, required=False)

    def __init__(self, data: Any = None, *, year: SchoolYear, item: GuaranteeItem | None = None, initial: Any = None) -> None:
        known = {name: getattr(item, name) for name in self.base_fields if name not in {"schools", "offer"}} if item else initial
        super().__init__(data, initial=known)
        if item:
            self.initial["schools"], self.initial["offer"] = item.schools.all(), item.offer_id
        self.fields["grade"].choices = grade_choices(Year(year.first))  # type: ignore[attr-defined]
        self.fields["art_form"].choices = [("", _("Choose")), *in_capitals(ArtForm.choices)]  # type: ignore[attr-defined]
        self.fields["offer"].queryset = Offer.objects.published().order_by("title")  # type: ignore[attr-defined]
        self.fields["schools"].queryset = School.objects.counted().in_swedish_order()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("schools") and not cleaned.get("is_rotating"):
            self.add_error("is_rotating", _("Tick this too, or leave the schools empty: otherwise it is for every school."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "order": self.cleaned_data["order"] or 0, "schools": list(self.cleaned_data["schools"])}
