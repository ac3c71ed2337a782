"""What an officer does to a proposal by hand: an act as the address carries it, where a pass may go, whom it changes with."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.rules.numbers import contains_personal_number
from facilities.forms.fields import length_in_words
from facilities.models import SeasonRun
from facilities.models.hours import WEEKDAYS
from facilities.rules.allocation.board import Act, Edit
from facilities.rules.allocation.plan import Pass, Plan
from facilities.rules.allocation.principles import DAY, STEP
from facilities.rules.allocation.problem import Fixed, Problem, Section

LENGTHS = range(STEP, 6 * 60 + 1, STEP)
HIDDEN = ("act", "section", "weekday", "place", "to_weekday", "starts", "ends", "other", "at", "to")


class PassGone(Exception):
    """The act is about a pass that the plan has not, or has not any more."""


class AskForm(forms.Form):
    """A new proposal: what it is called, and whose locks it obeys."""

    name = forms.CharField(
        label=gettext_lazy("What the proposal is called"),
        help_text=gettext_lazy("For yourself, so that you can tell it from others."),
        max_length=100,
        required=False,
    )
    base = forms.ModelChoiceField(
        label=gettext_lazy("Keep the locks of"), queryset=SeasonRun.objects.none(), required=False,
        empty_label=gettext_lazy("None: begin anew"),
    )  # fmt: skip

    def __init__(self, *args: Any, bases: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["base"].queryset = bases  # type: ignore[attr-defined]


def _number(most: int) -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, max_value=most, widget=forms.HiddenInput)


def _word(length: int = 40) -> forms.CharField:
    return forms.CharField(required=False, max_length=length, widget=forms.HiddenInput)


class ActForm(forms.Form):
    """One act, how it may be done, and why. Everything but the reason is carried from page to page."""

    act = forms.ChoiceField(choices=[(each.value, each.value) for each in Act], widget=forms.HiddenInput)
    section, weekday = _word(), _number(6)
    place, to_weekday, starts, ends = _word(80), _number(6), _number(DAY), _number(DAY)
    other, at, to = _word(), _number(DAY), _word()
    force = forms.BooleanField(label=gettext_lazy("Do it all the same, and say why"), required=False)
    push = forms.BooleanField(label=gettext_lazy("Others whose times are not locked give way"), required=False)
    on = _number(1_000_000)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if contains_personal_number(reason):
            raise ValidationError(_("That looks like a personal identity number. Take it away."))
        return reason

    def edit(self, problem: Problem, plan: Plan) -> Edit:
        """The act as the rules read it. PassGone; ValueError when the address lacks what the act needs."""
        typed = self.cleaned_data
        act = Act(typed["act"])
        what = None if act is Act.ADD else self._pass(plan, typed["section"], typed["weekday"])
        other = self._pass(plan, *_named(typed["other"])) if act is Act.SWAP else None
        return Edit(act=act, what=what, to=self._to(problem, act, what), other=other, at=typed["at"] or 0)

    @staticmethod
    def _pass(plan: Plan, section: str, weekday: int | None) -> Pass:
        found = next((each for each in plan.of(section) if each.weekday == weekday), None)
        if found is None:
            raise PassGone
        return found

    def _to(self, problem: Problem, act: Act, what: Pass | None) -> Fixed | None:
        typed = self.cleaned_data
        if act is Act.SPLIT and what is not None and typed["to"]:
            return self._known(problem, Fixed(typed["to"], what.hall, what.weekday, typed["at"] or 0, what.ends))
        if act not in (Act.MOVE, Act.ADD):
            return None
        hall, _colon, space = typed["place"].partition(":")
        times = (typed["to_weekday"], typed["starts"], typed["ends"])
        if None in times or not typed["starts"] < typed["ends"]:
            raise ValueError("A time has a weekday, a beginning and an end.")
        return self._known(problem, Fixed(typed["section"], hall, *times, space))

    @staticmethod
    def _known(problem: Problem, to: Fixed) -> Fixed:
        hall = next((each for each in problem.halls if each.key == to.hall), None)
        if hall is None or (to.space and to.space not in {space.key for space in hall.spaces}):
            raise ValueError("No such place.")
        if to.section not in {each.key for each in problem.sections}:
            raise ValueError("No such group.")
        return to


def _named(typed: str) -> tuple[str, int | None]:
    """'12-3' -> section 12 on a Thursday."""
    section, _dash, weekday = typed.rpartition("-")
    return section, int(weekday) if weekday.isdecimal() else None


def place_key(hall: str, space: str = "") -> str:
    return f"{hall}:{space}" if space else hall


class WhereForm(forms.Form):
    """Where a pass could be set, and how long: what the table of times is made for."""

    place = forms.ChoiceField(label=gettext_lazy("Place"))
    length = forms.TypedChoiceField(label=gettext_lazy("Length"), coerce=int)

    def __init__(self, *args: Any, section: Section, problem: Problem, words: Callable[..., str], **options: Any) -> None:
        super().__init__(*args, **options)
        wished = [(place_key(each.hall, each.space), words(each.hall, each.space, each.parts)) for each in section.spaces]
        known = {key for key, _name in wished}
        groups: list[tuple[str, Any]] = [(str(_("Wished")), wished)] if wished else []
        for hall in problem.halls:
            keys = ((place_key(hall.key, space.key if at else ""), space.key) for at, space in enumerate(hall.spaces))
            rows = [(key, words(hall.key, space)) for key, space in keys if key not in known]
            groups += [(hall.name, rows)] if rows else []
        self.fields["place"].choices = groups  # type: ignore[attr-defined]
        self.fields["length"].choices = [(each, length_in_words(each)) for each in LENGTHS]  # type: ignore[attr-defined]


class SwapFilter(forms.Form):
    """Which passes to choose among."""

    q = forms.CharField(label=gettext_lazy("Association or group"), required=False, max_length=80)
    day = forms.ChoiceField(label=gettext_lazy("Weekday"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        days = [(str(number), capfirst(str(name))) for number, name in WEEKDAYS if number <= 6]
        self.fields["day"].choices = [("", _("All")), *days]  # type: ignore[attr-defined]


class SplitForm(forms.Form):
    """Where a pass is divided, and whose the rest is."""

    at = forms.TypedChoiceField(label=gettext_lazy("The two parts"), coerce=int)
    to = forms.ChoiceField(label=gettext_lazy("The second part goes to"), required=False)

    def __init__(self, *args: Any, times: Sequence[tuple[int, str]], groups: Iterable[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["at"].choices = list(times)  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", _("Whoever it suits")), *groups]  # type: ignore[attr-defined]
