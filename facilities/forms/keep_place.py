"""What officers write about venues and their spaces."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.choices import AccessFact, SpaceKind
from facilities.forms.keep_fields import capitalised, indented
from facilities.models import Rate, Space, Venue
from records.filetypes import IMAGES
from records.forms import DocumentField, Typed, WholeNumberField

PICTURE_SIZE = 15_000_000  # bytes


class DegreesField(forms.CharField):
    """'59,327512' -> Decimal; six decimals, about a tenth of a metre."""

    def __init__(self, *, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(**{"required": False, "widget": Typed(size=14, keyboard="decimal"), **options})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = str(value or "").strip().replace(",", ".").rstrip("°")
        if not typed:
            return None
        try:
            degrees = Decimal(typed).quantize(Decimal("0.000001"))
        except InvalidOperation:
            degrees = Decimal(self.most + 1)
        if not abs(degrees) <= self.most:
            raise ValidationError(_("Write degrees with decimals, for example %(example)s.") % {"example": "59,327512"})
        return degrees


class VenueForm(forms.ModelForm):  # type: ignore[type-arg]
    """The facts of a venue. The key is made of the name once and stays."""

    latitude = DegreesField(
        label=gettext_lazy("Latitude"), most=90, help_text=gettext_lazy("For example 59,327512. Empty: not on the map.")
    )
    longitude = DegreesField(label=gettext_lazy("Longitude"), most=180, help_text=gettext_lazy("For example 14,523311."))
    access = forms.MultipleChoiceField(
        label=gettext_lazy("Accessibility"),
        required=False,
        choices=AccessFact.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only what is there. People choose venues by it."),
    )

    class Meta:
        model = Venue
        fields = (
            "name",
            "description",
            "address",
            "latitude",
            "longitude",
            "access",
            "access_note",
            "email",
            "phone",
            "rules_to_accept",
            "is_in_use",
            "is_example",
        )
        help_texts = {
            "rules_to_accept": gettext_lazy("Read and accepted by everybody who books, and sent with the letter."),
            "is_in_use": gettext_lazy("Without this nobody finds it, and what stands booked stays."),
            "is_example": gettext_lazy("Shown as an example, not as the municipality's own facts."),
        }
        widgets = {
            "description": forms.Textarea({"rows": "4"}),
            "access_note": forms.Textarea({"rows": "3"}),
            "rules_to_accept": forms.Textarea({"rows": "6"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = capfirst(str(field.label))
        _choices(self, "access", capitalised(AccessFact.choices))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None) and not self.errors:
            self.add_error("longitude", _("Write both latitude and longitude, or neither."))
        return cleaned

    @property
    def key(self) -> str:
        """For the address of a new venue."""
        return slugify(self.cleaned_data["name"])[:50] or "lokal"

    def _post_clean(self) -> None:
        """The action writes, under its lock; the instance stays as it is."""


class PictureForm(forms.Form):
    picture = DocumentField(label=gettext_lazy("Picture"), allowed=IMAGES, max_size=PICTURE_SIZE)
    alt = forms.CharField(
        label=gettext_lazy("What does the picture show?"),
        max_length=200,
        help_text=gettext_lazy("Read aloud to those who do not see it, for example: The A hall seen from the stand."),
    )


class PictureTextForm(forms.Form):
    alt = forms.CharField(label=gettext_lazy("What does the picture show?"), max_length=200)
    order = WholeNumberField(label=gettext_lazy("Order"), min_value=0, max_value=1000)


class SpaceForm(forms.Form):
    """The facts of a space; what it is a part of is changed on a page of its own."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    parent = forms.ChoiceField(label=gettext_lazy("Part of"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=SpaceKind.choices)
    price_group = forms.ChoiceField(
        label=gettext_lazy("Price group"), required=False, help_text=gettext_lazy("The groups stand in the tariff.")
    )
    capacity = WholeNumberField(label=gettext_lazy("People at most"), required=False, min_value=1, max_value=100_000)
    order = WholeNumberField(label=gettext_lazy("Order in lists"), min_value=0, max_value=1000, initial=0)
    is_bookable = forms.BooleanField(label=gettext_lazy("Can be booked"), required=False, initial=True)
    is_example = forms.BooleanField(label=gettext_lazy("An example, not the municipality's own facts"), required=False)

    def __init__(self, *args: Any, parents: Iterable[Space] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "kind", capitalised(SpaceKind.choices))
        if parents is None:
            del self.fields["parent"]
        else:
            self.offered = {str(space.pk): space for space in parents}
            _choices(self, "parent", [("", _("Nothing: a whole of its own")), *_indented(self.offered)])
        groups = sorted(_groups() | {str(self.initial.get("price_group") or "")} - {""})
        _choices(
            self, "price_group", [("", _("None: the price that holds for every space")), *((group, group) for group in groups)]
        )

    def clean_parent(self) -> Space | None:
        return self.offered.get(self.cleaned_data["parent"])


def _choices(form: Any, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _indented(spaces: dict[str, Space]) -> list[tuple[str, str]]:
    return [(key, indented(space)) for key, space in spaces.items()]


def _groups() -> set[str]:
    """The price groups that tariffs and spaces name."""
    named = Rate.objects.exclude(group="").order_by().values_list("group", flat=True).distinct()
    used = Space.objects.exclude(price_group="").order_by().values_list("price_group", flat=True).distinct()
    return set(named) | set(used)


class SpaceMoveForm(forms.Form):
    """What a space is a part of."""

    parent = forms.ChoiceField(label=gettext_lazy("Part of"), required=False)

    def __init__(self, *args: Any, parents: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(space.pk): space for space in parents}
        _choices(self, "parent", [("", _("Nothing: a whole of its own")), *_indented(self.offered)])

    def clean_parent(self) -> Space | None:
        return self.offered.get(self.cleaned_data["parent"])


class EquipmentForm(forms.Form):
    """What follows a space: whoever books it has these too."""

    things = forms.MultipleChoiceField(
        label=gettext_lazy("What comes along?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Whoever books the space holds these too, so that nobody else can have them then."),
    )

    def __init__(self, *args: Any, things: Iterable[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(space.pk): space for space in things}
        _choices(self, "things", [(key, thing.name) for key, thing in self.offered.items()])

    def clean_things(self) -> list[Space]:
        return [self.offered[key] for key in self.cleaned_data["things"]]
