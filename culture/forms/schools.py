"""School units as an officer enters them, whom to write to there, links sent by hand, files to read in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from associations.forms.fields import PhoneField, PostcodeField
from culture.actions.asking import SENDABLE
from culture.choices import ClassNeed, ImportKind, LinkPurpose, Organiser, SchoolKind, SchoolStatus
from culture.forms.offers import GradesField, grade_choices, in_capitals
from culture.models import ClassGroup, School, SchoolContact, SchoolYear
from culture.rules.years import SchoolYear as Year
from facilities.forms.keep_place import DegreesField
from records.forms import Typed, WholeNumberField

FACTS = (
    "name",
    "status",
    "organiser",
    "organiser_name",
    "municipality",
    "kinds",
    "grades",
    "street",
    "postcode",
    "town",
    "latitude",
    "longitude",
    "email",
    "phone",
    "hall_capacity",
    "hall_step_free",
    "hall_note",
    "is_example",
)


class SchoolForm(forms.Form):
    """code: of a new school only; the national register changes it otherwise."""

    code = forms.RegexField(
        r"^\d{8}$",
        label=_("School unit code"),
        widget=Typed(size=10, keyboard="numeric"),
        help_text=_("Eight figures, as in the national register of school units."),
        error_messages={"invalid": _("The code has eight figures.")},
    )
    name = forms.CharField(label=_("Name"), max_length=150)
    status = forms.ChoiceField(label=_("Status"))
    organiser = forms.ChoiceField(label=_("Who runs it?"), widget=forms.RadioSelect)
    organiser_name = forms.CharField(label=_("Name of the organiser"), max_length=150, required=False)
    municipality = forms.RegexField(
        r"^\d{4}$", label=_("Municipality code"), required=False, widget=Typed(size=6, keyboard="numeric")
    )
    kinds = forms.MultipleChoiceField(label=_("Kinds of school"), required=False, widget=forms.CheckboxSelectMultiple)
    grades = GradesField(label=_("Grades"), required=False)
    street = forms.CharField(label=_("Address"), max_length=150, required=False)
    postcode = PostcodeField(label=_("Postcode"), required=False)
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    latitude = DegreesField(label=_("Latitude"), most=90, help_text=_("For example 59,327512. For the buses."))
    longitude = DegreesField(label=_("Longitude"), most=180, help_text=_("For example 14,523311."))
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Letters go here when the school has no contact.")
    )
    phone = PhoneField(label=_("Telephone"), required=False)
    hall_capacity = WholeNumberField(
        label=_("People in the hall at most"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Without it no touring performance can be given there."),
    )
    hall_step_free = forms.NullBooleanField(label=_("Is the hall step-free?"), required=False)
    hall_note = forms.CharField(label=_("About the hall"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))
    is_example = forms.BooleanField(label=_("Example"), required=False, help_text=_("Shown as an example in lists."))

    def __init__(self, data: Any = None, *, school: School | None = None) -> None:
        known: dict[str, Any] = {"status": SchoolStatus.ACTIVE, "organiser": Organiser.MUNICIPAL}
        super().__init__(data, initial={name: getattr(school, name) for name in FACTS} if school else known)
        if school:
            del self.fields["code"]
            self.initial["grades"] = [str(grade) for grade in school.grades]
        self.fields["status"].choices = in_capitals(SchoolStatus.choices)  # type: ignore[attr-defined]
        self.fields["organiser"].choices = in_capitals(Organiser.choices)  # type: ignore[attr-defined]
        self.fields["kinds"].choices = in_capitals(SchoolKind.choices)  # type: ignore[attr-defined]
        self.fields["grades"].choices = grade_choices()  # type: ignore[attr-defined]
        answers = [("unknown", _("We do not know")), ("true", _("Yes")), ("false", _("No"))]
        self.fields["hall_step_free"].widget = forms.RadioSelect(choices=answers)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"latitude", "longitude"} & set(self.errors) and (cleaned["latitude"] is None) != (cleaned["longitude"] is None):
            self.add_error("longitude", _("Write both latitude and longitude, or neither."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class SchoolFilter(forms.Form):
    """How the list of schools is narrowed; the questions live in the address."""

    q = forms.CharField(label=_("Name, code or organiser"), required=False, max_length=100)
    huvudman = forms.ChoiceField(label=_("Organiser"), required=False)
    lage = forms.ChoiceField(label=_("Status"), required=False)
    lasar = forms.TypedChoiceField(label=_("School year"), required=False, coerce=int)
    lista = forms.ChoiceField(
        label=_("The list of classes"),
        required=False,
        choices=[("", _("All")), ("ja", _("Confirmed")), ("nej", _("Not confirmed"))],
    )

    def __init__(self, data: Any = None, *, year: SchoolYear | None, years: Iterable[SchoolYear]) -> None:
        super().__init__(data, initial={"lasar": year.first if year else None})
        self.fields["lasar"].choices = [(each.first, str(each)) for each in years]  # type: ignore[attr-defined]
        self.fields["huvudman"].choices = [("", _("All")), *in_capitals(Organiser.choices)]  # type: ignore[attr-defined]
        self.fields["lage"].choices = [("", _("All")), *in_capitals(SchoolStatus.choices)]  # type: ignore[attr-defined]

    def narrowed(self, schools: Any) -> Any:
        """schools: with has_classes and is_confirmed."""
        self.is_valid()
        wanted = self.cleaned_data
        if words := wanted.get("q"):
            schools = schools.filter(Q(name__icontains=words) | Q(code__startswith=words) | Q(organiser_name__icontains=words))
        if wanted.get("huvudman"):
            schools = schools.filter(organiser=wanted["huvudman"])
        if wanted.get("lage"):
            schools = schools.filter(status=wanted["lage"])
        if wanted.get("lista"):
            schools = schools.filter(has_classes=True, is_confirmed=wanted["lista"] == "ja")
        return schools


class ContactForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("Of a grown-up who works at the school. Letters and links go there.")
    )
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    inviting = forms.BooleanField(
        label=_("Invite to sign in for the school"),
        required=False,
        help_text=_("A letter with an invitation. Links work without an account."),
    )


class LinkForm(forms.Form):
    """A link sent by hand. Purposes as in the letters that go out by themselves."""

    email = forms.ChoiceField(label=_("To whom?"), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("What for?"), widget=forms.RadioSelect)
    year = forms.ModelChoiceField(label=_("School year"), queryset=SchoolYear.objects.none(), empty_label=None)

    def __init__(
        self, data: Any = None, *, school: School, contacts: Iterable[SchoolContact], years: Any, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        found = [(contact.email, f"{contact.name}, {contact.email}" if contact.name else contact.email) for contact in contacts]
        if school.email and school.email.lower() not in dict(found):
            found.append((school.email.lower(), _("The school's own address, %(email)s") % {"email": school.email}))
        self.fields["email"].choices = found  # type: ignore[attr-defined]
        self.fields["purpose"].choices = in_capitals((value, LinkPurpose(value).label) for value in SENDABLE)  # type: ignore[attr-defined]
        self.fields["year"].queryset = years  # type: ignore[attr-defined]


class FollowForm(forms.Form):
    """What a closed school went on as."""

    successor = forms.ModelChoiceField(
        label=_("Which school came after it?"), queryset=School.objects.none(), required=False, empty_label=_("Choose")
    )
    nothing = forms.BooleanField(label=_("Nothing came after it"), required=False)

    def __init__(self, data: Any = None, *, school: School) -> None:
        super().__init__(data, initial={"successor": school.successor_id, "nothing": school.closed_for_good})
        others = School.objects.exclude(pk=school.pk).in_swedish_order()
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]
        self.fields["successor"].label_from_instance = _with_code  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("successor")) == bool(cleaned.get("nothing")):
            self.add_error("successor", _("Choose a school, or say that nothing came after it."))
        return cleaned


def _with_code(school: School) -> str:
    return f"{school} ({school.code})"


class DeclineForm(forms.Form):
    year = forms.ModelChoiceField(label=_("For which school year?"), queryset=SchoolYear.objects.none(), empty_label=None)
    reason = forms.CharField(
        label=_("What does the school say?"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any = None, *, years: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["year"].queryset = years  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """A file with schools or classes. It is read once and never kept."""

    kind = forms.ChoiceField(label=_("What is in the file?"), widget=forms.RadioSelect)
    year = forms.ModelChoiceField(
        label=_("School year"),
        queryset=SchoolYear.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("For classes."),
    )
    official = forms.BooleanField(
        label=_("The numbers are those of the measuring date"),
        required=False,
        help_text=_("For classes. Without this they are the pupils of today."),
    )
    file = forms.FileField(label=_("File"), error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")})

    def __init__(self, data: Any = None, files: Any = None, *, years: Any, initial: Any = None) -> None:
        super().__init__(data, files, initial=initial)
        words = {
            ImportKind.SCHOOL_UNITS: _("School units, JSON from the national register (Skolenhetsregistret v2)"),
            ImportKind.SS12000: _("Classes, JSON from the schools' system (SS 12000). Persons are counted and never kept."),
            ImportKind.CLASSES: _("Classes, a table (xlsx, ods or csv)"),
        }
        self.fields["kind"].choices = list(words.items())  # type: ignore[attr-defined]
        self.fields["year"].queryset = years  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") in {ImportKind.SS12000, ImportKind.CLASSES} and not cleaned.get("year"):
            self.add_error("year", _("Choose which school year the classes are of."))
        return cleaned


class ClassFactsForm(forms.Form):
    """What a class is called and what it needs: of the class as a whole, never of a pupil."""

    name = forms.CharField(label=_("The name of the class"), max_length=40)
    adults = WholeNumberField(label=_("Adults who come along"), min_value=0, max_value=50)
    needs = forms.MultipleChoiceField(
        label=_("What does the class need?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The class as a whole. Never write about a pupil."),
    )
    wheelchairs = WholeNumberField(label=_("Places for wheelchairs"), min_value=0, max_value=50, required=False)
    language = forms.CharField(label=_("Language of the teaching, when not Swedish"), max_length=40, required=False)
    is_adapted = forms.BooleanField(label=_("Adapted compulsory school"), required=False)

    def __init__(self, data: Any = None, *, group: ClassGroup) -> None:
        names = ("name", "adults", "needs", "wheelchairs", "language", "is_adapted")
        super().__init__(data, initial={name: getattr(group, name) for name in names})
        self.fields["needs"].choices = in_capitals(ClassNeed.choices)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "wheelchairs": self.cleaned_data["wheelchairs"] or 0}


class OfficialForm(forms.Form):
    """The pupils of the measuring date, corrected by an officer."""

    reason = forms.CharField(
        label=_("Why are they corrected?"),
        max_length=500,
        required=False,
        help_text=_("Needed when the number was stated before. Name no pupils."),
    )

    def __init__(self, data: Any = None, *, group: ClassGroup) -> None:
        super().__init__(data)
        self.parts = list(group.fragments.all())
        names = dict(grade_choices(Year(group.year.first)))
        for part in self.parts:
            label = _("Pupils in grade %(grade)s") % {"grade": names[str(part.grade)]}
            self.fields[f"pupils_{part.cohort}"] = WholeNumberField(
                label=label, initial=part.official, min_value=0, max_value=2000
            )
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    @property
    def counts(self) -> dict[int, int]:
        return {part.cohort: self.cleaned_data[f"pupils_{part.cohort}"] for part in self.parts}
