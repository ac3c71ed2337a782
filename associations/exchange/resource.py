"""The columns of the register's file, and how a row becomes an association (django-import-export)."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from import_export import fields, resources
from import_export.instance_loaders import BaseInstanceLoader
from tablib import Dataset

from associations.choices import IN_REGISTER, AssociationStatus, Signing, StatutesApprovedBy
from associations.exchange import values
from associations.models import Activity, Area, Association, Category

# The headings are the file's format, so they are the same whatever language the page has.
NUMBER = "Organisationsnummer"
_STATUS_WORDS: dict[str, str] = {
    AssociationStatus.APPLIED: "väntar på godkännande",
    AssociationStatus.REGISTERED: "registrerad",
    AssociationStatus.REFUSED: "avslagen",
    AssociationStatus.RESTING: "vilande",
    AssociationStatus.DISSOLVED: "upplöst",
}
_MAY_ARRIVE_AS = IN_REGISTER | {AssociationStatus.DISSOLVED}


_NUMBERS = values.Number()


class ByNumber(BaseInstanceLoader):  # type: ignore[misc]
    """All associations of the file in one query, by organisation number; a number that cannot be read is the row's own error."""

    def __init__(self, resource: "RegisterResource", dataset: Dataset) -> None:
        super().__init__(resource, dataset)
        cells = dataset[NUMBER] if NUMBER in (dataset.headers or []) else []
        numbers = {number for cell in cells if (number := _readable(cell))}
        rows = resource.get_queryset().filter(organisation_number__in=numbers)
        self.found = {row.organisation_number: row for row in rows}

    def get_instance(self, row: Mapping[str, Any]) -> Association | None:
        return self.found.get(_readable(row.get(NUMBER)))


def _readable(value: Any) -> str:
    try:
        return _NUMBERS.clean(value)
    except ValueError:
        return ""


def _column(heading: str, attribute: str, widget: Any) -> fields.Field:
    return fields.Field(column_name=heading, attribute=attribute, widget=widget)


class RegisterResource(resources.ModelResource):  # type: ignore[misc]
    """New rows become registered associations; known ones are changed in the columns that the file has.

    day: the day on which new associations come into the register when the file does not say. Unchanged rows are skipped; what
    changed stands on the instance as `changed` (attribute -> (old, new)). Never writes on a dry run: bulk without transactions.
    """

    day: date

    def __init__(self, day: date, *, lock: bool = False, at: datetime | None = None) -> None:
        super().__init__()
        self.day, self.lock, self.at = day, lock, at
        self.fields = {
            "organisation_number": _column(NUMBER, "organisation_number", values.Number()),
            "name": _column("Namn", "name", values.Text(150)),
            "status": _column("Status", "status", values.Choice(_STATUS_WORDS, empty=AssociationStatus.REGISTERED)),
            "category": _column("Kategori", "category", values.Row(Category)),
            "activity": _column("Verksamhet", "activity", values.Row(Activity)),
            "area": _column("Område", "area", values.Row(Area)),
            "seat": _column("Säte", "seat", values.Place()),
            "acts_here": _column("Verksam i kommunen", "acts_here", values.YesNo(nothing=None)),
            "meets_children": _column("Möter barn", "meets_children", values.YesNo(nothing=None)),
            "email": _column("E-post", "email", values.Email(254)),
            "phone": _column("Telefon", "phone", values.Text(30)),
            "street": _column("Adress", "street", values.Text(150)),
            "postcode": _column("Postnummer", "postcode", values.Postcode()),
            "town": _column("Ort", "town", values.Text(100)),
            "website": _column("Webbplats", "website", values.Website(200)),
            "federation": _column("Riksförbund", "federation", values.Text(150)),
            "founded_on": _column("Bildad", "founded_on", values.Day()),
            "registered_on": _column("Registrerad", "registered_on", values.Day()),
            "statutes_approved_on": _column("Stadgar godkända", "statutes_approved_on", values.Day()),
            "statutes_approved_by": _column(
                "Stadgar godkända av",
                "statutes_approved_by",
                values.Choice({StatutesApprovedBy.FEDERATION: "riksförbundet", StatutesApprovedBy.DEPARTMENT: "förvaltningen"}),
            ),
            "democratic_on": _column("Demokratisk (datum)", "democratic_on", values.Day()),
            "open_to_all_on": _column("Öppen för alla (datum)", "open_to_all_on", values.Day()),
            "membership_fee": _column("Medlemsavgift (kr)", "membership_fee", values.Kronor()),
            "signing": _column(
                "Firmateckning",
                "signing",
                values.Choice({Signing.ALONE: "ensam", Signing.TWO_JOINTLY: "två tillsammans"}, empty=Signing.ALONE),
            ),
            "is_public": _column("Visas öppet", "is_public", values.YesNo(nothing=True)),
            "description": _column("Beskrivning", "description", values.Text(2000)),
            "members": fields.Field(column_name="Medlemmar", attribute="members", widget=values.AsItIs(), readonly=True),
            "active_members": fields.Field(
                column_name="Aktiva medlemmar", attribute="active_members", widget=values.AsItIs(), readonly=True
            ),
        }
        self._seen: Counter[str] = Counter()
        # Asked for every row, so made once.
        self._import_fields = [field for field in self.fields.values() if not field.readonly]
        self._attributes = [field.attribute for field in self._import_fields]

    class Meta:
        model = Association
        import_id_fields = ["organisation_number"]
        instance_loader_class = ByNumber
        use_bulk = True
        batch_size = 1000
        skip_diff = True  # our own, of the columns in the file: a deep copy of every row costs more than all the rest
        store_instance = True
        use_transactions = False  # the caller's; and without one a dry run writes nothing

    def get_queryset(self) -> Any:
        rows = Association.objects.select_related("category", "activity", "area", "case")
        return rows.select_for_update(of=("self",)) if self.lock else rows

    def get_bulk_update_fields(self) -> list[str]:
        attributes = [field.attribute for field in self.get_import_fields() if field.attribute != "organisation_number"]
        return [*attributes, "version", "changed_at"]

    def get_import_fields(self) -> list[Any]:
        return self._import_fields

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        if new:
            instance.status = AssociationStatus.REGISTERED
        instance.before = {} if new else {name: getattr(instance, name) for name in self._attributes}

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        now = {name: getattr(instance, name) for name in self._attributes}
        new = instance.pk is None
        if new:
            now["registered_on"] = instance.registered_on = instance.registered_on or self.day
        instance.changed = {
            name: (instance.before.get(name), value) for name, value in now.items() if instance.before.get(name) != value
        }
        return not new and not instance.changed and not import_validation_errors

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True) -> None:
        errors = dict(import_validation_errors or {})
        for attribute, sentence in self._faults(instance):
            errors.setdefault(attribute, [sentence])
        super().validate_instance(instance, errors, validate_unique)

    def _faults(self, instance: Any) -> list[tuple[str, str]]:
        found = []
        self._seen[instance.organisation_number] += 1
        if self._seen[instance.organisation_number] > 1:
            found.append(("organisation_number", _("The organisation number stands more than once in the file.")))
        if not instance.name:
            found.append(("name", _("The name is missing.")))
        if bool(instance.statutes_approved_on) != bool(instance.statutes_approved_by):
            found.append(("statutes_approved_by", _("Give both the day and who approved the statutes, or neither.")))
        if "status" in instance.changed and instance.pk:
            found.append(("status", _("The status of an association is changed on its page, not by import.")))
        if not instance.pk and instance.status not in _MAY_ARRIVE_AS:
            found.append(("status", _("A new association can be registrerad, vilande or upplöst.")))
        if instance.status in IN_REGISTER and not instance.registered_on:
            found.append(("registered_on", _("The day of registration is missing.")))
        return found

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        instance.version += bool(instance.pk)
        instance.changed_at = self.at

    def headings(self) -> dict[str, str]:
        """attribute -> heading."""
        return {field.attribute: field.column_name for field in self.fields.values()}

    def shown(self, attribute: str, value: Any) -> str:
        """A value as it stands in the file."""
        field = self.fields[attribute]
        return str(field.widget.render(value)) if value is not None else ""
