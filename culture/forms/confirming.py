"""What a school says about a visit: so many came, or why nobody did; and its answer to the plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from culture.actions.ground import MOST_PUPILS
from culture.choices import SchoolAnswer, VisitStatus
from culture.models import Visit
from culture.rules.years import SchoolYear, grade_label
from records.forms.fields import WholeNumberField

_NUMBER = _("Write how many pupils came, in figures.")


def came_field(cohort: int) -> str:
    """The name of a grade's number in the form."""
    return f"came_{cohort}"


class ConfirmForm(forms.Form):
    """How many came: one number, or one for each grade. Filled in with the pupils of the class, so that most need only press.

    ask: the numbers are more than the class has, and the person is asked whether there were guests.
    """

    def __init__(self, data: Any = None, *, visit: Visit, ask: bool = False) -> None:
        super().__init__(data, prefix=f"v{visit.pk}")
        self.visit = visit
        self.parts = list(visit.parts.all())
        year = SchoolYear(visit.class_group.year.first)
        said = visit.status == VisitStatus.CONFIRMED
        for part in self.parts:
            alone = len(self.parts) == 1
            label = _("Pupils who came") if alone else _("Grade %(grade)s") % {"grade": grade_label(part.fragment.cohort, year)}
            self.fields[came_field(part.fragment.cohort)] = WholeNumberField(
                label=label,
                initial=self._filled_in(part, said=said, alone=alone),
                min_value=0,
                max_value=MOST_PUPILS,
                help_text=_("%(n)s in the class") % {"n": part.fragment.live},
                error_messages={"required": _NUMBER, "invalid": _NUMBER},
            )
        if said or visit.status == VisitStatus.MISSED or visit.class_group.year.locked_at:
            self.fields["reason"] = forms.CharField(label=_("Why the number is changed"), required=False, max_length=500)
        if ask:
            self.fields["guests"] = forms.BooleanField(label=_("Yes, there were more than the class has"), required=False)

    def _filled_in(self, part: Any, *, said: bool, alone: bool) -> int:
        if said and part.attended is not None:
            return int(part.attended)
        if said and alone and self.visit.attended is not None:
            return self.visit.attended
        return int(part.pupils)

    @property
    def grades(self) -> list[forms.BoundField]:
        return [self[came_field(part.fragment.cohort)] for part in self.parts]

    @property
    def numbers(self) -> int | dict[int, int]:
        """As the action wants them: one number, or cohort -> number."""
        said = {part.fragment.cohort: self.cleaned_data[came_field(part.fragment.cohort)] for part in self.parts}
        return next(iter(said.values())) if len(said) == 1 else said


class MissedForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the class did not come"),
        help_text=_("In a few words, without names: illness, the bus did not come, a clash with a test."),
        max_length=500,
        error_messages={"required": _("Say in a few words why the class did not come. Name nobody.")},
    )


class AnswerForm(forms.Form):
    """The answer to a visit in the published plan."""

    answer = forms.ChoiceField(
        label=_("Can the class come?"),
        choices=[
            (SchoolAnswer.YES, _("Yes, we come")),
            (SchoolAnswer.CHANGE, _("We want to come, but another time")),
            (SchoolAnswer.NO, _("No, we cannot come")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    reason = forms.CharField(
        label=_("What would suit, or why not"),
        help_text=_("Needed when you ask for another time or cannot come. Name no pupils."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
