"""What a teacher or a pupil thought: a few questions, a few words, no name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from culture.choices import Who

_CHOOSE = _("Choose one of the answers.")


def _scale(first: object, second: object, third: object, fourth: object) -> list[tuple[int, object]]:
    return [(4, fourth), (3, third), (2, second), (1, first)]


class TellForm(forms.Form):
    """The answers are 1 to 4. Everything but who and the first question may be left out."""

    who = forms.ChoiceField(
        label=_("Are you a pupil or a teacher?"),
        choices=[(Who.PUPIL, _("Pupil")), (Who.TEACHER, _("Teacher, or another grown-up"))],
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE},
    )
    liked = forms.TypedChoiceField(
        label=_("Did you like it?"),
        choices=_scale(_("No, not at all"), _("A little"), _("Yes"), _("Yes, very much")),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _CHOOSE},
    )
    suited = forms.TypedChoiceField(
        label=_("Did it suit your age?"),
        help_text=_("Teachers: did it suit the class?"),
        choices=_scale(_("No, not at all"), _("A little"), _("Yes"), _("Yes, very well")),
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    again = forms.TypedChoiceField(
        label=_("Would you like to see or do something like it again?"),
        choices=_scale(_("No, not at all"), _("Perhaps"), _("Yes"), _("Yes, very much")),
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(
        label=_("In your own words"),
        help_text=_("Write nobody's name."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        required=False,
    )
