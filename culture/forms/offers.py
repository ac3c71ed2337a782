"""Offers: every fact in plain words, and how the list is narrowed."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from culture.choices import ArtForm, OfferStatus
from culture.models import Agreement, Offer, Producer
from culture.models.programme import OfferQuerySet
from culture.rules.years import LAST_INDEX, SchoolYear, cohort_of, grade_label, school_year_of
from facilities.choices import AccessFact
from records.forms import KronorField, Typed, WholeNumberField

FACTS = (
    "title",
    "agreement",
    "description",
    "art_form",
    "is_professional",
    "grades",
    "for_adapted",
    "seats",
    "groups",
    "minutes",
    "is_touring",
    "needs",
    "access",
    "is_calm",
    "has_sign_language",
    "language",
    "without_words",
    "price",
    "travel",
    "is_example",
)


def grade_choices(year: SchoolYear | None = None) -> list[tuple[str, str]]:
    """Years of schooling as they are called in a school year, this one unless said."""
    year = year or school_year_of(localdate())
    return [(str(index), grade_label(cohort_of(index, year), year)) for index in range(LAST_INDEX + 1)]


def in_capitals(choices: Any) -> list[tuple[str, str]]:
    return [(value, capfirst(str(word))) for value, word in choices]


class GradesField(forms.TypedMultipleChoiceField):
    """Grades as boxes to tick -> list of years of schooling."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"coerce": int, "widget": forms.CheckboxSelectMultiple, **options})


class OfferForm(forms.Form):
    title = forms.CharField(label=_("What is it called?"), max_length=150)
    description = forms.CharField(
        label=_("Describe it for the schools"), max_length=5000, required=False, widget=forms.Textarea({"rows": 5})
    )
    art_form = forms.ChoiceField(label=_("Art form"))
    is_professional = forms.BooleanField(
        label=_("Professional: counts towards the guarantee"),
        required=False,
        help_text=_("Needs evidence with the producer. What is not professional is shown as an activity and never counted."),
    )
    grades = GradesField(label=_("For which grades?"), error_messages={"required": _("Tick at least one grade.")})
    for_adapted = forms.BooleanField(label=_("Suits the adapted compulsory school"), required=False)
    seats = WholeNumberField(
        label=_("People at most"),
        required=False,
        min_value=1,
        max_value=32_000,
        help_text=_("Grown-ups are counted. Fill in this, or the number of classes, or both."),
    )
    groups = WholeNumberField(label=_("Classes at most"), required=False, min_value=1, max_value=1000)
    minutes = WholeNumberField(label=_("Length in minutes"), required=False, min_value=1, max_value=1440)
    is_touring = forms.BooleanField(
        label=_("Comes to the school"), required=False, help_text=_("Without this the classes go to the performance.")
    )
    needs = forms.CharField(
        label=_("What does it need of the room?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("For example floor space, darkness, power."),
    )
    access = forms.MultipleChoiceField(
        label=_("Accessibility that comes with it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what is there wherever it is given. What the venue has is added of itself."),
    )
    is_calm = forms.BooleanField(label=_("Calm: no sudden noise or light"), required=False)
    has_sign_language = forms.BooleanField(label=_("Sign language interpreted"), required=False)
    language = forms.CharField(label=_("Language, when it is not Swedish"), max_length=40, required=False, widget=Typed(size=20))
    without_words = forms.BooleanField(label=_("Needs no language"), required=False)
    price = KronorField(label=_("Price of a performance, without VAT"), min_value=0, max_value=99_999_999)
    travel = KronorField(label=_("Travel besides"), min_value=0, max_value=99_999_999, required=False)
    agreement = forms.ModelChoiceField(
        label=_("Agreement"), queryset=Agreement.objects.none(), required=False, empty_label=_("None yet")
    )
    is_example = forms.BooleanField(label=_("Example"), required=False, help_text=_("Shown as an example in lists."))

    def __init__(self, data: Any = None, *, producer: Producer, offer: Offer | None = None) -> None:
        known = {name: getattr(offer, name) for name in FACTS} if offer else {"is_professional": True}
        super().__init__(data, initial=known)
        if offer:
            self.initial["grades"] = [str(grade) for grade in offer.grades]
        self.fields["art_form"].choices = [("", _("Choose")), *in_capitals(ArtForm.choices)]  # type: ignore[attr-defined]
        self.fields["grades"].choices = grade_choices()  # type: ignore[attr-defined]
        self.fields["access"].choices = in_capitals(AccessFact.choices)  # type: ignore[attr-defined]
        self.fields["agreement"].queryset = producer.agreements.all()  # type: ignore[attr-defined]
        self.fields["agreement"].label_from_instance = _agreement_words  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not {"seats", "groups"} & set(self.errors) and not cleaned.get("seats") and not cleaned.get("groups"):
            self.add_error("seats", _("Say how many people or how many classes there is room for."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        return {**{name: self.cleaned_data[name] for name in FACTS}, "travel": self.cleaned_data["travel"] or 0}


def _agreement_words(agreement: Any) -> str:
    return f"{agreement.signed_on}{': ' if agreement.about else ''}{agreement.about}"


class ProducerChoice(forms.Form):
    """Whose offer it is: asked first, because its agreements are chosen among afterwards."""

    producent = forms.ModelChoiceField(
        label=_("Who gives it?"), queryset=Producer.objects.order_by("name"), empty_label=_("Choose")
    )


class OfferFilter(forms.Form):
    """How the list of offers is narrowed; the questions live in the address."""

    q = forms.CharField(label=_("Title or producer"), required=False, max_length=100)
    konstform = forms.ChoiceField(label=_("Art form"), required=False)
    arskurs = forms.TypedChoiceField(label=_("Grade"), required=False, coerce=int, empty_value=None)
    lage = forms.ChoiceField(label=_("Status"), required=False)
    turne = forms.ChoiceField(
        label=_("Where"),
        required=False,
        choices=[("", _("All")), ("1", _("Comes to the school")), ("0", _("The classes go there"))],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["konstform"].choices = [("", _("All")), *in_capitals(ArtForm.choices)]  # type: ignore[attr-defined]
        self.fields["arskurs"].choices = [("", _("All")), *grade_choices()]  # type: ignore[attr-defined]
        self.fields["lage"].choices = [("", _("All")), *in_capitals(OfferStatus.choices)]  # type: ignore[attr-defined]

    def narrowed(self, offers: OfferQuerySet) -> OfferQuerySet:
        """A question that cannot be read is left out."""
        self.is_valid()
        wanted = self.cleaned_data
        if words := wanted.get("q"):
            offers = offers.filter(title__icontains=words) | offers.filter(producer__name__icontains=words)
        if wanted.get("konstform"):
            offers = offers.filter(art_form=wanted["konstform"])
        if wanted.get("arskurs") is not None:
            offers = offers.filter(grades__contains=[wanted["arskurs"]])
        if wanted.get("lage"):
            offers = offers.filter(status=wanted["lage"])
        if wanted.get("turne"):
            offers = offers.filter(is_touring=wanted["turne"] == "1")
        return offers


class WhyForm(forms.Form):
    """Why something is done: kept in the log. label and hint in the words of the page."""

    reason = forms.CharField(label=_("Why?"), max_length=1000, widget=forms.Textarea({"rows": 3}))

    def __init__(self, data: Any = None, *, label: Any = None, hint: Any = "", required: bool = True) -> None:
        super().__init__(data)
        field = self.fields["reason"]
        field.label, field.help_text, field.required = label or field.label, hint, required
