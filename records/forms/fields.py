"""Form fields for the values every room asks for: they read what people write and answer with a sentence that helps."""

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NotANumber
from stdnum.se import orgnr

from records import storage, values
from records.filetypes import DOCUMENTS, JPEG, FileType
from records.refusals import FileRefused

LARGEST = Decimal("9999999999.99")  # what a column of twelve digits holds


class Typed(forms.TextInput):
    """A short text input; suffix: the unit that the field template writes after it."""

    suffix: str | Any = ""

    def __init__(self, attrs: dict[str, Any] | None = None, *, size: int, keyboard: str = "text", suffix: Any = "") -> None:
        super().__init__({"size": size, "inputmode": keyboard, "autocomplete": "off", **(attrs or {})})
        self.suffix = suffix


class KronorField(forms.Field):
    """'12 000,50 kr', '12000' or '12 000:-' -> Decimal('12000.50'). A minus is refused unless allow_negative."""

    default_error_messages = {
        "invalid": _("Write the amount in figures, for example 12 000."),
        "negative": _("The amount cannot be negative."),
        "smallest": _("The amount must be at least %(limit)s kr."),
        "largest": _("The amount can be at most %(limit)s kr."),
    }

    def __init__(
        self,
        *,
        allow_negative: bool = False,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int = LARGEST,
        **options: Any,
    ) -> None:
        self.allow_negative = allow_negative
        self.smallest = None if min_value is None else Decimal(min_value)
        self.largest = Decimal(max_value)
        super().__init__(**{"widget": Typed(size=14, keyboard="decimal", suffix=_("kr")), **options})

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, Decimal):
            return value
        typed = "" if value is None else str(value).strip()
        if not typed:
            return None
        minus = typed[0] in "-−–"
        try:
            amount = values.parse_kronor(typed.lstrip("-−–").removesuffix(":-"))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return -amount if minus else amount

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value < 0 and not self.allow_negative:
            raise ValidationError(self.error_messages["negative"], code="negative")
        if self.smallest is not None and value < self.smallest:
            raise self._beyond("smallest", self.smallest)
        if abs(value) > self.largest:
            raise self._beyond("largest", self.largest)

    def prepare_value(self, value: Any) -> Any:
        return values.kronor_text(value) if isinstance(value, Decimal) else value

    def _beyond(self, code: str, limit: Decimal) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"limit": values.kronor_text(limit)})


class SwedishDateField(forms.DateField):
    """'2026-12-04', '4/12 2026', '4 december 2026' -> date. Shown as 2026-12-04."""

    default_error_messages = {"invalid": _("Write the date with day, month and year, for example 4 December 2026 or 2026-12-04.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": Typed(size=18), "help_text": _("For example 2026-12-04 or 4 December 2026."), **options})

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        try:
            return values.parse_day(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value


class SwedishTimeField(forms.TimeField):
    """'18', '18.00', 'kl. 18:00' -> time. Shown as 18.00."""

    default_error_messages = {"invalid": _("Write the time in figures, for example 18.00.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": Typed(size=7), **options})

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        try:
            return values.parse_clock(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H.%M}" if isinstance(value, time) else value


class WholeNumberField(forms.IntegerField):
    """'1 200' -> 1200. min_value and max_value as Django's IntegerField."""

    default_error_messages = {"invalid": _("Write a whole number in figures, for example 25.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": Typed(size=8, keyboard="numeric"), **options})

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            return values.parse_whole_number(str(value))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class OrganisationNumberField(forms.CharField):
    """'857500-1234', '16 8575001234' -> '8575001234' when the check digit is right. A personal number is turned away."""

    default_error_messages = {
        "invalid": _("An organisation number has ten digits, for example 857500-1238."),
        "check": _("The organisation number is not right. Check that every digit is as in your registration certificate."),
        "personal": _("This looks like a personal identity number. Write the association's organisation number."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"widget": Typed(size=16, keyboard="numeric"), "help_text": _("Ten digits, for example 857500-1238."), **options}
        )

    def to_python(self, value: Any) -> str:
        typed = "".join(character for character in super().to_python(value) or "" if character not in " -–\u00a0\u2011")
        if not typed:
            return ""
        digits = typed[2:] if len(typed) == 12 and typed.startswith("16") else typed
        if len(typed) == 12 and typed[:2] in {"18", "19", "20"}:
            raise ValidationError(self.error_messages["personal"], code="personal")
        if len(digits) != 10 or not digits.isascii() or not digits.isdigit():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if digits[2] in "01":
            raise ValidationError(self.error_messages["personal"], code="personal")
        try:
            return orgnr.validate(digits)
        except NotANumber:
            raise ValidationError(self.error_messages["check"], code="check") from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) == 10 and value.isdigit():
            return f"{value[:6]}-{value[6:]}"
        return value


class DocumentField(forms.FileField):
    """A file to hand in, looked at before the form is valid: size, and kind by content. Save it with filing.store_file.

    allowed, max_size (bytes): the same as store_file's. What is wrong is said beside the field; the rest of the form keeps
    what was typed (a browser never refills a file input).
    """

    default_error_messages = {"required": _("Choose a file.")}

    def __init__(self, *, allowed: Collection[FileType] = DOCUMENTS, max_size: int | None = None, **options: Any) -> None:
        self.allowed = allowed
        self.max_size = min(max_size or settings.FILE_MAX_SIZE, settings.FILE_MAX_SIZE)
        accepted = sorted({kind.extension for kind in allowed} | ({".jpeg"} if JPEG in allowed else set()))
        widget = forms.FileInput(attrs={"accept": ",".join(accepted), "data-max-size": self.max_size})
        names = ", ".join(sorted(kind.name for kind in allowed))
        hint = format_lazy(_("{names}. At most {limit} MB."), names=names, limit=self.max_size // 1_000_000)
        super().__init__(**{"widget": widget, "help_text": hint, **options})

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        if upload is not None:
            try:
                storage.look_at(upload, allowed=self.allowed, max_size=self.max_size)
            except FileRefused as refusal:
                raise ValidationError(str(refusal), code=refusal.code) from None
        return upload
