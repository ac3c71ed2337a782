"""What a culture officer says about a proposal: its name, what to show of it, which grade may go, why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from culture.choices import ArtForm
from culture.models import ClassGroup, Fragment, Performance, PlanRun, SchoolYear
from culture.rules import years


class AskForm(forms.Form):
    """A new proposal: what it is called, and which one it goes on from."""

    name = forms.CharField(
        label=_("What the proposal is called"),
        help_text=_("For yourself, so that you can tell it from others: 'with two more concerts'."),
        max_length=100,
        required=False,
    )
    base = forms.ModelChoiceField(
        label=_("Go on from what you said about"),
        help_text=_("Where classes go, and do not go, is then kept."),
        queryset=PlanRun.objects.none(),
        required=False,
        empty_label=_("Nothing: begin anew"),
    )

    def __init__(self, *args: Any, year: SchoolYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        runs = PlanRun.objects.filter(year=year, status__in=["done", "published"]).select_related("year")
        self.fields["base"].queryset = runs.defer("problem", "result", "reasons")  # type: ignore[attr-defined]


class ClassFilter(forms.Form):
    """Which classes of a proposal to show. The answers stand in the address."""

    skola = forms.ChoiceField(label=_("School"), required=False)
    arskurs = forms.ChoiceField(label=_("Grade"), required=False)
    visa = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All classes")),
            ("utan", _("Classes without a visit")),
            ("andrade", _("What you have changed")),
            ("bokade", _("What is booked already")),
        ],
    )

    def __init__(self, *args: Any, groups: list[ClassGroup], first: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = sorted({(group.school.name, str(group.school_id)) for group in groups})
        grades = sorted({part.grade for group in groups for part in group.fragments.all() if part.live})
        self.fields["skola"].choices = [("", _("All")), *((pk, name) for name, pk in schools)]  # type: ignore[attr-defined]
        named = [(str(grade), years.grade_label(first - grade, years.SchoolYear(first))) for grade in grades]
        self.fields["arskurs"].choices = [("", _("All")), *named]  # type: ignore[attr-defined]


class ShowFilter(forms.Form):
    """Which performances of a proposal to show."""

    konstform = forms.ChoiceField(label=_("Art form"), required=False, choices=[("", _("All")), *ArtForm.choices])
    visa = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All performances")), ("tomma", _("Nobody goes there")), ("lediga", _("With room left"))],
    )


class AllowForm(forms.Form):
    """A part of a class that may go to something that is not for its grade, and why."""

    performance = forms.ModelChoiceField(label=_("Performance"), queryset=Performance.objects.none(), empty_label=None)
    fragment = forms.ModelChoiceField(label=_("Grade that may come"), queryset=Fragment.objects.none(), empty_label=None)
    reason = forms.CharField(
        label=_("Why it may come all the same"),
        max_length=200,
        error_messages={"required": _("The offer is not for that grade. Say why it may come all the same.")},
    )

    def __init__(self, *args: Any, group: ClassGroup, performances: list[Performance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = years.SchoolYear(group.year.first)
        shows = self.fields["performance"]
        shows.queryset = Performance.objects.filter(pk__in=[each.pk for each in performances])  # type: ignore[attr-defined]
        shows.choices = [(each.pk, f"{each.offer}, {each.day:%Y-%m-%d}") for each in performances]  # type: ignore[attr-defined]
        parts = self.fields["fragment"]
        live = [part for part in group.fragments.all() if part.live]
        parts.queryset = Fragment.objects.filter(pk__in=[part.pk for part in live])  # type: ignore[attr-defined]
        parts.choices = [(part.pk, years.grade_label(part.cohort, year)) for part in live]  # type: ignore[attr-defined]


class WhyForm(forms.Form):
    """A reason that the school reads."""

    reason = forms.CharField(
        label=_("What the school gets to read"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": _("Say why.")},
    )
