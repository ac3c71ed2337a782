"""What higher rooms tell this one when the house starts: plain functions, no imports upward."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Link:
    """A door to a page of a higher room."""

    label: str
    url: str


# (association, half-year, user) -> what is counted from the attendance of that half-year.
half_year_links: list[Callable[[Any, Any, Any], list[Link]]] = []
