"""What the association register says, in the shape an application freezes at hand-in."""

from datetime import date
from typing import Any

from associations.models import Association


def facts_of(association: Association, day: date) -> dict[str, Any]:
    """What we know of the association, as JSON."""
    return {"name": association.name, "organisation_number": association.organisation_number}


def standing_of(association: Association, day: date, requirements: list[str]) -> list[dict[str, Any]]:
    """Every requirement of the scheme, as JSON: rule, met, code, figures, dispensed_through."""
    return []


def documents_of(association: Association, day: date) -> dict[str, Any]:
    """The newest yearly document of each kind that the register holds: kind -> StoredFile."""
    return {}
