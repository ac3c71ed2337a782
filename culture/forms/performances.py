"""Performances: when and where, how much room, whom a place is given; and how their list is narrowed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from culture.choices import OfferStatus, PerformanceStatus, SchoolStatus
from culture.models import ClassGroup, Offer, Performance, School, SchoolYear
from facilities.forms.keep_fields import EndField, SpaceField, all_spaces, minutes_of, span_between
from facilities.forms.keep_place import DegreesField
from facilities.rules.opening import DAY, local_span
from records.forms import SwedishDateField, SwedishTimeField, WholeNumberField

VENUE, SCHOOL, ELSEWHERE = "venue", "school", "elsewhere"
_SEATS = _("Leave it empty for as many as the offer says.")


class WhenForm(forms.Form):
    """A day with a beginning and an end. clean() puts the Span in cleaned_data['span']."""

    day = SwedishDateField(label=_("Day"))
    starts = SwedishTimeField(label=_("Begins"), help_text=_("For example 10.00."))
    ends = EndField(label=_("Ends"), required=False, help_text=_("Leave it empty for the length of the offer."))

    def span(self, minutes: int | None) -> None:
        """minutes: how long it is when no end is typed."""
        cleaned = self.cleaned_data
        if self.errors.keys() & {"day", "starts", "ends"}:
            return
        try:
            if cleaned["ends"] is not None:
                cleaned["span"] = span_between(cleaned["day"], cleaned["starts"], cleaned["ends"])
            elif minutes:
                first = minutes_of(cleaned["starts"])
                cleaned["span"] = local_span(cleaned["day"], first, first + minutes)
            else:
                self.add_error("ends", _("The offer does not say how long it is. Write when it ends."))
        except ValidationError as slip:
            self.add_error("ends", slip)
        except ValueError:
            self.add_error("starts", _("There is no such time that day, because the clock goes forward."))


class PerformanceForm(WhenForm):
    """One time that an offer is given, and where."""

    offer = forms.ModelChoiceField(label=_("What is given?"), queryset=Offer.objects.none(), empty_label=_("Choose"))
    where = forms.ChoiceField(
        label=_("Where?"),
        widget=forms.RadioSelect,
        choices=[(VENUE, _("In one of our venues")), (SCHOOL, _("At a school")), (ELSEWHERE, _("Somewhere else"))],
        error_messages={"required": _("Choose where it is given.")},
    )
    space = SpaceField(label=_("Which venue?"), required=False, help_text=_("It is held for the performance at once."))
    host = forms.ModelChoiceField(
        label=_("Which school?"),
        queryset=School.objects.none(),
        required=False,
        empty_label=_("Not chosen yet"),
        help_text=_("The plan can choose it later."),
    )
    place = forms.CharField(label=_("Which place?"), max_length=150, required=False)
    place_step_free = forms.BooleanField(label=_("The place is step-free"), required=False)
    latitude = DegreesField(label=_("Latitude"), most=90, help_text=_("For example 59,327512. For the buses."))
    longitude = DegreesField(label=_("Longitude"), most=180, help_text=_("For example 14,523311."))
    seats = WholeNumberField(label=_("People at most"), required=False, min_value=1, max_value=32_000, help_text=_SEATS)
    groups = WholeNumberField(label=_("Classes at most"), required=False, min_value=1, max_value=1000, help_text=_SEATS)
    field_order = ["offer", "day", "starts", "ends", "where", "space", "host", "place", "place_step_free"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offers = Offer.objects.exclude(status=OfferStatus.WITHDRAWN).select_related("producer").order_by("title", "pk")
        self.fields["offer"].queryset = offers  # type: ignore[attr-defined]
        self.fields["host"].queryset = active_schools()  # type: ignore[attr-defined]
        self.fields["space"].offer(all_spaces())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        offer, where = cleaned.get("offer"), cleaned.get("where")
        self.span(offer.minutes if offer else None)
        if where == VENUE and not cleaned.get("space"):
            self.add_error("space", _("Choose a venue."))
        if where == ELSEWHERE and not cleaned.get("place"):
            self.add_error("place", _("Write where it is."))
        if not {"latitude", "longitude"} & set(self.errors) and (cleaned["latitude"] is None) != (cleaned["longitude"] is None):
            self.add_error("longitude", _("Write both latitude and longitude, or neither."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """As the action wants them: only what belongs to the place that was chosen."""
        typed = self.cleaned_data
        facts: dict[str, Any] = {"seats": typed["seats"], "groups": typed["groups"]}
        if typed["where"] == VENUE:
            return {**facts, "space": typed["space"]}
        if typed["where"] == SCHOOL:
            return {**facts, "is_touring": True, "host": typed["host"]}
        there = {name: typed[name] for name in ("place", "place_step_free", "latitude", "longitude")}
        return {**facts, **there}


def active_schools() -> Any:
    return School.objects.exclude(status__in=[SchoolStatus.CLOSED, SchoolStatus.PLANNED]).in_swedish_order()


class MoveForm(WhenForm):
    """Another time, and another of our venues."""

    place = forms.CharField(label=_("Which place?"), max_length=150, required=False)
    place_step_free = forms.BooleanField(label=_("The place is step-free"), required=False)
    space = SpaceField(label=_("Which venue?"), required=False)
    reason = forms.CharField(
        label=_("Why is it moved?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Kept in the log."),
    )

    def __init__(self, data: Any = None, *, performance: Performance) -> None:
        starts, ends = localtime(performance.starts_at), localtime(performance.ends_at)
        known = {"day": starts.date(), "starts": starts.time(), "ends": ends.time(), "space": performance.space_id}
        known |= {"place": performance.place, "place_step_free": performance.place_step_free}
        super().__init__(data, initial=known)
        if performance.is_touring or performance.space_id:
            del self.fields["place"], self.fields["place_step_free"]
        self.minutes = int((performance.ends_at - performance.starts_at).total_seconds() // 60)
        self.fields["ends"].help_text = _("Leave it empty for the same length as before.")
        if performance.is_touring:
            del self.fields["space"]
        else:
            self.fields["space"].offer(all_spaces())  # type: ignore[attr-defined]
            if not performance.space_id:
                self.fields["space"].help_text = _("Choose one when it moves into one of our venues.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.span(min(self.minutes, DAY))
        return cleaned


class RoomForm(forms.Form):
    seats = WholeNumberField(label=_("People at most"), required=False, min_value=1, max_value=32_000)
    groups = WholeNumberField(label=_("Classes at most"), required=False, min_value=1, max_value=1000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("seats") and not cleaned.get("groups"):
            self.add_error("seats", _("Say how many people or how many classes there is room for."))
        return cleaned


class HostForm(forms.Form):
    host = forms.ModelChoiceField(
        label=_("At which school?"), queryset=School.objects.none(), required=False, empty_label=_("Not chosen yet")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["host"].queryset = active_schools()  # type: ignore[attr-defined]
        self.fields["host"].label_from_instance = _with_hall  # type: ignore[attr-defined]


def _with_hall(school: School) -> str:
    if not school.hall_capacity:
        return gettext("%(school)s (we do not know how many the hall holds)") % {"school": school}
    people = ngettext("%(n)s person", "%(n)s people", school.hall_capacity) % {"n": school.hall_capacity}
    return f"{school} ({people})"


class ClassField(forms.ChoiceField):
    """One class, under its school, with its pupils. Cleans to the ClassGroup."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Which class?"), **options})
        self.groups: dict[str, ClassGroup] = {}

    def offer(self, groups: Iterable[ClassGroup], without: frozenset[int]) -> None:
        """groups: in order of school and class, with counts. without: those that have nothing booked this year, told in words."""
        by_school: dict[str, list[tuple[str, str]]] = {}
        for group in groups:
            self.groups[str(group.pk)] = group
            label = ngettext("%(class)s, %(n)s pupil", "%(class)s, %(n)s pupils", group.pupils)
            words = label % {"class": group.name, "n": group.pupils}
            if group.pk in without:
                words = gettext("%(class)s, nothing booked this year") % {"class": words}
            by_school.setdefault(group.school.name, []).append((str(group.pk), words))
        self.choices = [("", _("Choose")), *by_school.items()]

    def clean(self, value: Any) -> Any:
        return self.groups.get(super().clean(value))


class GiveForm(forms.Form):
    """A place for a class, given by hand."""

    group = ClassField()
    told = forms.TypedChoiceField(
        label=_("Does the school know?"),
        coerce=lambda value: value == "1",
        choices=[("1", _("Yes: book it at once")), ("0", _("No: it is planned until the plan is published"))],
        widget=forms.RadioSelect,
        initial="1",
    )
    catch_up_year = forms.ModelChoiceField(
        label=_("Makes good for an earlier school year"),
        queryset=SchoolYear.objects.none(),
        required=False,
        empty_label=_("No"),
        help_text=_("Then it does not count for this one."),
    )
    reason = forms.CharField(
        label=_("Why, if something does not suit"),
        max_length=500,
        required=False,
        help_text=_("Needed only to set aside a grade, a day that the school has said no to, or what the class needs."),
    )

    def __init__(self, data: Any = None, *, groups: Iterable[ClassGroup], without: frozenset[int], earlier: Any) -> None:
        super().__init__(data)
        self.fields["group"].offer(groups, without)  # type: ignore[attr-defined]
        self.fields["catch_up_year"].queryset = earlier  # type: ignore[attr-defined]


class MoveVisitForm(forms.Form):
    """Another performance for a class that has a place."""

    performance = forms.ModelChoiceField(
        label=_("To which performance?"), queryset=Performance.objects.none(), empty_label=_("Choose")
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        required=False,
        help_text=_("Needed only to set aside a grade, a day that the school has said no to, or what the class needs."),
    )

    def __init__(self, data: Any = None, *, performances: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["performance"].queryset = performances  # type: ignore[attr-defined]
        self.fields["performance"].label_from_instance = _with_room  # type: ignore[attr-defined]


def _with_room(performance: Performance) -> str:
    when = f"{localtime(performance.starts_at):%Y-%m-%d %H.%M}"
    left = []
    if performance.seats_left is not None:
        left.append(ngettext("%(n)s place left", "%(n)s places left", performance.seats_left) % {"n": performance.seats_left})
    if performance.groups_left is not None:
        words = ngettext("room for %(n)s class", "room for %(n)s classes", performance.groups_left)
        left.append(words % {"n": performance.groups_left})
    return f"{performance.offer}, {when} ({', '.join(left)})"


class CatchUpForm(MoveVisitForm):
    """A performance for those of a class who were absent from a visit."""

    pupils = WholeNumberField(label=_("How many pupils catch up?"), min_value=1, max_value=2000)
    field_order = ["performance", "pupils", "reason"]


class PerformanceFilter(forms.Form):
    """How the list of performances is narrowed; the questions live in the address."""

    lasar = forms.TypedChoiceField(label=_("School year"), required=False, coerce=int)
    utbud = forms.ModelChoiceField(label=_("Offer"), queryset=Offer.objects.none(), required=False, empty_label=_("All"))
    lage = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, data: Any = None, *, year: SchoolYear, years: Iterable[SchoolYear], offers: Any) -> None:
        super().__init__(data, initial={"lasar": year.first})
        self.fields["lasar"].choices = [(each.first, str(each)) for each in years]  # type: ignore[attr-defined]
        self.fields["utbud"].queryset = offers  # type: ignore[attr-defined]
        words = [(value, capfirst(str(word))) for value, word in PerformanceStatus.choices]
        self.fields["lage"].choices = [("", _("All")), *words]  # type: ignore[attr-defined]

    def narrowed(self, performances: Any) -> Any:
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("utbud"):
            performances = performances.filter(offer=wanted["utbud"])
        if wanted.get("lage"):
            performances = performances.filter(status=wanted["lage"])
        return performances
