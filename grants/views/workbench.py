"""What the pages of a scheme's terms share: the version that is being prepared, and the words of its questions."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from associations.models import Category
from grants.actions.counting import names_in
from grants.actions.versions import newest, stamp_of
from grants.models import Scheme, SchemeVersion
from grants.rules.calculation import Part
from grants.rules.form_shape import CHOSEN, NUMBERS
from grants.rules.parts_json import parts_from_json
from grants.rules.questions import Form, Kind, form_from_json, questions_of
from grants.wording import choice_label

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Workbench:
    """A scheme and its newest version, being prepared or published."""

    scheme: Scheme
    version: SchemeVersion
    form: Form
    parts: tuple[Part, ...]

    @property
    def names(self) -> dict[str, str]:
        """What questions, columns and answers are called, by key; categories too."""
        return names_in(self.form) | {f"category={key}": name for key, name in Category.objects.values_list("key", "name")}

    @property
    def quantities(self) -> Choices:
        """What an amount can be counted on: members, and what the form asks for in kronor or numbers."""
        found: Choices = [("members", _("Members, by age"))]
        for question in questions_of(self.form):
            if question.kind in NUMBERS:
                found.append(("requested" if question.key == "asked" else question.key, question.label))
            summed = [column for column in question.columns if column.kind in NUMBERS]
            found += [(f"{question.key}.{each.key}", f"{question.label}, {each.label}") for each in summed]
        return found

    @property
    def groups(self) -> Choices:
        """Whom a part can be for: a category of associations, or those who gave an answer."""
        found: Choices = [(f"category={each.key}", each.name) for each in Category.objects.order_by("name")]
        for question in questions_of(self.form):
            if question.kind in CHOSEN:
                keys = ["yes", "no"] if question.kind is Kind.YES_NO else [choice.key for choice in question.choices]
                found += [(f"{question.key}={key}", f"{question.label} – {choice_label(question, key)}") for key in keys]
        return found

    def context(self, tab: str, **more: Any) -> dict[str, Any]:
        tabs = [
            ("calculation", _("Calculation")),
            ("form_builder", _("Questions")),
            ("version_write", _("Attachments, aims, requirements")),
            ("version_try", _("Try")),
            ("version_compare", _("Compare")),
            ("version_publish", _("Publish")),
        ]
        return {
            "bench": self,
            "scheme": self.scheme,
            "version": self.version,
            "tabs": [(label, reverse(f"grants:{name}", args=[self.scheme.pk]), name == tab) for name, label in tabs],
            "parts_stamp": stamp_of(self.version.parts),
            "form_stamp": stamp_of(self.version.form),
            **more,
        }


def workbench(pk: int) -> Workbench:
    """A 404 for a scheme that does not exist. Only behind grants.configure."""
    scheme = get_object_or_404(Scheme, pk=pk)
    version = newest(scheme) or SchemeVersion(scheme=scheme, number=1, valid_from=localdate())
    return Workbench(scheme, version, form_from_json(version.form), parts_from_json(version.parts))
