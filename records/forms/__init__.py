"""Form fields for the values every room asks for; the forms of the records room are beside them."""

from records.forms.fields import (
    LARGEST,
    DocumentField,
    KronorField,
    OrganisationNumberField,
    SwedishDateField,
    SwedishTimeField,
    Typed,
    WholeNumberField,
)

__all__ = [
    "LARGEST",
    "DocumentField",
    "KronorField",
    "OrganisationNumberField",
    "SwedishDateField",
    "SwedishTimeField",
    "Typed",
    "WholeNumberField",
]
