"""What an assessor types: a level, or "does not apply", and a reason for each criterion."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grants.actions.assessments import Given
from grants.models import Assessment, Criterion

NOT_APPLICABLE = "na"
LEVELS = [str(level) for level in range(6)]


class LevelSelect(forms.RadioSelect):
    """The levels as a row of radio buttons, each with the sentence that anchors it."""

    hints: Mapping[str, str] = {}


def level_name(key: str) -> str:
    return f"q-{key}-level"


def reason_name(key: str) -> str:
    return f"q-{key}-reason"


class AssessmentForm(forms.Form):
    """Nothing is required: the action says what is missing when the assessment is to be done."""

    def __init__(self, criteria: Iterable[Criterion], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            self._add(criterion)
        self.fields["q-comment"] = forms.CharField(
            label=_("Comment to your colleagues"), required=False, widget=forms.Textarea({"rows": 2})
        )

    def _add(self, criterion: Criterion) -> None:
        name = criterion.get_key_display()
        choices = [*((level, level) for level in LEVELS), (NOT_APPLICABLE, _("does not apply"))]
        widget = LevelSelect()
        widget.hints = {str(level): sentence for level, sentence in enumerate(criterion.anchors)}
        self.fields[level_name(criterion.key)] = forms.ChoiceField(
            label=_("Level for %(criterion)s") % {"criterion": name}, choices=choices, required=False, widget=widget
        )
        self.fields[reason_name(criterion.key)] = forms.CharField(
            label=_("Reason for %(criterion)s") % {"criterion": name}, required=False, widget=forms.Textarea({"rows": 2})
        )

    def given(self) -> dict[str, Given]:
        """What was typed, per criterion; to be asked when the form is valid."""
        return {criterion.key: self._given(criterion.key) for criterion in self.criteria}

    def _given(self, key: str) -> Given:
        level, reason = self.cleaned_data[level_name(key)], self.cleaned_data[reason_name(key)]
        if level == NOT_APPLICABLE:
            return Given(reason=reason, not_applicable=True)
        return Given(level=int(level) if level else None, reason=reason)

    @staticmethod
    def typed_in(assessment: Assessment) -> dict[str, str]:
        """What is saved, as initial values."""
        initial = {"q-comment": assessment.comment}
        for score in assessment.scores.all():
            level = NOT_APPLICABLE if score.not_applicable else "" if score.level is None else str(score.level)
            initial[level_name(score.criterion)] = level
            initial[reason_name(score.criterion)] = score.reason
        return initial


class ReasonForm(forms.Form):
    """One text: why."""

    reason = forms.CharField(label=_("Why"), widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args: Any, label: Any = "", hint: Any = "", required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["reason"]
        field.label, field.help_text, field.required = label or field.label, hint, required


class AppointForm(forms.Form):
    """Which officer is to assess in a call."""

    officer = forms.ModelChoiceField(
        label=_("Appoint an assessor"), queryset=User.objects.none(), empty_label=_("Choose an officer")
    )

    def __init__(self, *args: Any, officers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["officer"].queryset = officers  # type: ignore[attr-defined]
