"""Karlskoga's venues, and the rules of its tariff of 2019 (the newest found in public).

Real: the venues and their places in public sources, minimum charge, double tariff for other municipalities, who is subsidised for
what, when a cancellation costs the full rent, three working days to answer, when school halls can be booked. Not found, so
examples marked as such: kronor per hour, how large a part the subsidised pay, how halls are divided, opening hours.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from facilities.actions.spaces import add_space, add_venue
from facilities.actions.tariffs import Plan, publish_tariff
from facilities.choices import SpaceKind, UseForm
from facilities.models import BookingRules, HirerCategory, OpeningHours, Tariff, Venue
from facilities.rules.pricing import CancelStep, NoShow, Rate, Share
from facilities.rules.pricing import Tariff as TariffRules

SINCE = date(2019, 1, 1)
EXAMPLE = "Öppettider, delar och priser är exempel tills kommunen har lagt in sina egna."
RULES = """Den som ansvarar på plats ska ha fyllt 18 år.
Omklädningsrummen får användas 30 minuter före och 30 minuter efter tiden.
Fel och skador anmäls senast nästa vardag.
Avbokning senare än två dagar före kostar full hyra. En tid som inte används debiteras."""
EVERY_DAY = tuple((weekday, 8, 22) for weekday in range(7))
SCHOOL = (*((weekday, 16, 22) for weekday in range(5)), (5, 8, 22), (6, 8, 22))


@dataclass(frozen=True, slots=True)
class Hall:
    """One space and its parts by name. Parts are examples: the division was not found."""

    name: str
    kind: str
    group: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One venue. hours: (weekday, from, to) in whole hours."""

    key: str
    name: str
    halls: tuple[Hall, ...]
    hours: tuple[tuple[int, int, int], ...] = EVERY_DAY


def _school(key: str, name: str) -> Place:
    return Place(key, name, (Hall("Gymnastiksal", SpaceKind.GYM, "gymnastiksal"),), SCHOOL)


PLACES = (
    Place(
        "nobelhallen",
        "Nobelhallen",
        (Hall("A-hallen", SpaceKind.ICE, "is"), Hall("B-hallen", SpaceKind.SPORTS_HALL, "idrottshall", ("Halva 1", "Halva 2"))),
    ),
    Place("nobelstadion", "Nobelstadion", (Hall("Plan", SpaceKind.FIELD, "plan", ("Halva A", "Halva B")),)),
    Place("kemab-arena", "Kemab Arena", (Hall("Arenan", SpaceKind.SPORTS_HALL, "idrottshall", ("Del 1", "Del 2", "Del 3")),)),
    Place("utomhusrinken", "Utomhusrinken", (Hall("Rinken", SpaceKind.ICE, "utomhus"),)),
    Place(
        "nya-folkets-hus",
        "Nya Folkets Hus",
        (
            Hall("Festlokal", SpaceKind.PARTY, "festlokal"),
            Hall("Möteslokal", SpaceKind.MEETING, "moteslokal"),
            Hall("Scen", SpaceKind.STAGE, "scen"),
            Hall("Biograf", SpaceKind.CINEMA, "scen"),
            Hall("Musikrum", SpaceKind.MUSIC, "moteslokal"),
            Hall("Danssal", SpaceKind.DANCE, "moteslokal"),
            Hall("Utställningsrum", SpaceKind.EXHIBITION, "moteslokal"),
        ),
    ),
    Place("strandbadet", "Strandbadet", (Hall("Bassäng", SpaceKind.POOL, "bad", tuple(f"Bana {n}" for n in range(1, 7))),)),
    Place("ridhuset", "Ridhuset", (Hall("Manegen", SpaceKind.RIDING, "ridhus", ("Halva A", "Halva B")),)),
    Place("sparomradet", "Spårområdet", (Hall("Spåren", SpaceKind.OUTDOOR, "utomhus"),)),
    _school("ravasskolan", "Rävåsskolan"),
    _school("hasangsskolan", "Häsängsskolan"),
    _school("straningstorpsskolan", "Stråningstorpsskolan"),
    _school("aggerudsskolan", "Aggerudsskolan"),
    _school("bratenskolan", "Bråtenskolan"),
)

# Which associations pay as what. The category keys are those of the association register.
HIRERS: tuple[tuple[str, str, list[str], bool], ...] = (
    ("ungdom", "Barn- och ungdomsförening", ["barn-och-ungdom"], True),
    ("social", "Social förening", ["social"], False),
    ("funktionsnedsatta", "Funktionsnedsattas förening", ["funktionsnedsatta"], False),
    ("ovriga", "Annan förening eller privatperson", [], False),
)
SUBSIDISED = ("ungdom", "social", "funktionsnedsatta")
SUBSIDISED_FORMS = (
    UseForm.TRAINING,
    UseForm.STUDY_CIRCLE,
    UseForm.COURSE,
    UseForm.MEETING,
    UseForm.ANNUAL_MEETING,
)
EXAMPLE_SHARE = Decimal(25)  # percent that the subsidised pay: an example, not found
EXAMPLE_KRONOR = {  # per hour: examples, not found
    "is": 600,
    "idrottshall": 300,
    "gymnastiksal": 150,
    "plan": 250,
    "bad": 400,
    "ridhus": 250,
    "festlokal": 350,
    "moteslokal": 120,
    "scen": 400,
    "utomhus": 100,
}


@transaction.atomic
def enter_venues(*, by: Any, at: datetime) -> list[Venue]:
    """Enter what is not there yet: categories of hirers, venues with parts, hours and rules, and the tariff. Harmless twice."""
    for order, (key, name, categories, for_youth) in enumerate(HIRERS):
        facts = {"name": name, "association_categories": categories, "for_youth": for_youth, "order": order}
        HirerCategory.objects.get_or_create(key=key, defaults=facts)
    if not Tariff.objects.published().filter(valid_from=SINCE).exists():
        publish_tariff(_tariff(), by=by, at=at)
    there = set(Venue.objects.values_list("key", flat=True))
    return [_enter(place, by=by, at=at) for place in PLACES if place.key not in there]


def _tariff() -> Plan:
    rules = TariffRules(
        rates=tuple(Rate(group=group, kronor=Decimal(kronor)) for group, kronor in EXAMPLE_KRONOR.items()),
        shares=tuple(Share(hirer, form, EXAMPLE_SHARE) for hirer in SUBSIDISED for form in SUBSIDISED_FORMS),
        cancel_steps=(CancelStep(1, Decimal(100)),),
        minimum=Decimal(100),
        other_municipality=Decimal(2),
        reference="ovriga",
        no_show=NoShow.GREATER,
        no_show_fee=Decimal(500),
    )
    source = "Karlskogas taxa 2019 (regler). Kronor per timme och subventionens storlek är exempel."
    return Plan(name="Exempeltaxa med 2019 års regler", valid_from=SINCE, rules=rules, source=source, is_example=True)


def _enter(place: Place, *, by: Any, at: datetime) -> Venue:
    venue = add_venue(key=place.key, name=place.name, by=by, at=at, description=EXAMPLE, rules_to_accept=RULES)
    for order, hall in enumerate(place.halls):
        whole = add_space(venue, hall.name, by=by, at=at, kind=hall.kind, price_group=hall.group, order=order)
        for number, part in enumerate(hall.parts):
            facts = {"kind": hall.kind, "price_group": hall.group, "order": number, "is_example": True}
            name = f"{hall.name}, {part.lower()}"
            add_space(venue, name, by=by, at=at, parent=whole, **facts)
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=venue, weekday=weekday, opens=opens * 60, closes=closes * 60, since=SINCE)
        for weekday, opens, closes in place.hours
    )
    BookingRules.objects.create(venue=venue, shortest=60, grid=30, minimum_age=18, answer_days=3, days_ahead=365)
    return venue
