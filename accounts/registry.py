"""What higher rooms tell about a person when the house starts (AppConfig.ready): plain functions, no imports upward."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Holding:
    """Something a person holds, as their own page shows it: 'treasurer, Karlskoga SK' since a day."""

    label: str
    since: date
    until: date | None = None
    url: str = ""


# user -> what they hold in the room (mandates, schools …), newest first.
holdings: list[Callable[[Any], list[Holding]]] = []

# user -> (heading, JSON-able content): the room's part of "download my data".
own_data: list[Callable[[Any], tuple[str, Any]]] = []

# user -> a sentence saying why the person cannot be erased yet ('' when they can), e.g. the only signatory.
still_needed: list[Callable[[Any], str]] = []
