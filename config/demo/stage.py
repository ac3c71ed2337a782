"""What every act of the demonstration shares: the day it is played, the dice, the people and the papers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from weasyprint import HTML

from accounts.models import User
from associations.models import Association
from config.demo.names import ASSOCIATIONS
from grants.models import Application
from records.values import STOCKHOLM

Say = Callable[[str], None]


@dataclass(slots=True)
class Troupe:
    """One association on the stage, with the people who act for it."""

    number: int  # place in names.ASSOCIATIONS: what differs between troupes follows from it, never from a key of the database
    association: Association
    chair: User
    second: User | None  # the second signatory, where two sign jointly
    members: tuple[int, int, int, int, int]
    girls: int  # percent girls and women
    meets_children: bool


@dataclass(slots=True)
class Stage:
    """The demonstration while it is being played. year: of the latest yearly window that has closed (1 October).

    size: how many associations take part; with fewer than all, only those scenes are played that need nobody by name.
    """

    today: date
    dice: Random
    say: Say
    size: int = len(ASSOCIATIONS)
    staff: dict[str, User] = field(default_factory=dict)
    troupes: list[Troupe] = field(default_factory=list)
    schools: list[tuple[str, str]] = field(default_factory=list)  # (e-mail, name) of those who sign in for a school
    leaders: list[tuple[str, str]] = field(default_factory=list)  # the same of those who mark attendance

    @property
    def year(self) -> int:
        return self.today.year if self.today > date(self.today.year, 10, 15) else self.today.year - 1

    @property
    def is_whole(self) -> bool:
        return self.size >= len(ASSOCIATIONS)

    def troupe(self, name: str) -> Troupe:
        return next(troupe for troupe in self.troupes if troupe.association.name == name)

    def troupe_of(self, application: Application) -> Troupe:
        return next(troupe for troupe in self.troupes if troupe.association.pk == application.association_id)

    def some_time(self, day: date) -> datetime:
        """An evening hour of the local *day*: when volunteers do these things."""
        return at(day, self.dice.randint(17, 21), self.dice.randint(0, 59))

    def office_time(self, day: date) -> datetime:
        """An hour of a working day on or after *day*."""
        while day.weekday() > 4:
            day += timedelta(days=1)
        return at(day, self.dice.randint(8, 15), self.dice.randint(0, 59))


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=STOCKHOLM)


@cache
def _pdf(title: str) -> bytes:
    body = f"<h1>{title}</h1><p>Exempel för demonstrationen.</p>"
    html = f"<html lang='sv'><head><title>{title}</title></head><body>{body}</body></html>"
    return bytes(HTML(string=html).write_pdf() or b"")


def paper(title: str, filename: str) -> Any:
    """A small PDF as a person would upload it."""
    return SimpleUploadedFile(filename, _pdf(title), content_type="application/pdf")


def luhn_digit(digits: str) -> str:
    """The check digit that makes *digits* valid (mod 10)."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
