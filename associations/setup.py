"""The first configuration: what Karlskoga asks of associations. Entered once; a second run changes nothing that is there.

is_example marks what no public source gave (docs/decisions): the municipality puts its own in its place.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify

from associations.choices import ActivityKind, BoardRole, DocumentKind, ExcludedKind
from associations.models import Activity, AgeBand, Area, Category, Requirement
from records import filing

_FROM = date(2023, 1, 1)
_PAGE = "Karlskoga kommun: Krav för att få föreningsbidrag"
_OLDER = "Karlskoga kommun: Föreningsbidrag (äldre sida)"
_EXAMPLE = "Exempel: inget offentligt värde hittat"

_CATEGORIES = (
    ("barn-och-ungdom", "Barn- och ungdomsförening"),
    ("social", "Social förening"),
    ("kultur", "Kulturförening"),
    ("funktionsnedsatta", "Funktionsnedsattas förening"),
    ("uppdrag", "Uppdragsförening"),
    ("studieforbund", "Studieförbund"),
    ("sisu", "SISU Idrottsutbildarna"),
)

# (first age, last age, key)
_AGE_BANDS = ((0, 6, "0-6"), (7, 15, "7-15"), (16, 25, "16-25"), (26, 64, "26-64"), (65, None, "65-"))

_SPORTS = (
    "Badminton",
    "Bandy",
    "Basket",
    "Bordtennis",
    "Boxning",
    "Bowling",
    "Brottning",
    "Cykel",
    "E-sport",
    "Fotboll",
    "Friidrott",
    "Golf",
    "Gymnastik",
    "Handboll",
    "Innebandy",
    "Ishockey",
    "Judo",
    "Kampsport",
    "Kanot",
    "Konståkning",
    "Motorsport",
    "Orientering",
    "Parasport",
    "Ridsport",
    "Segling",
    "Simning",
    "Skidor",
    "Skytte",
    "Tennis",
    "Volleyboll",
)
_ARTS = (
    "Bildkonst",
    "Cirkus",
    "Dans",
    "Film",
    "Körsång",
    "Litteratur",
    "Musik",
    "Orkester",
    "Slöjd",
    "Teater",
)
_OTHER = (
    "Bygd",
    "Friluftsliv",
    "Fritidsverksamhet",
    "Hembygd",
    "Hälsa",
    "Hörsel",
    "Integration",
    "Livräddning",
    "Nykterhet",
    "Odling",
    "Rörelsehinder",
    "Schack",
    "Scouting",
    "Sjöräddning",
    "Spårskötsel",
    "Språk och kultur",
    "Stöd",
    "Studier",
    "Syn",
    "Trygghet",
)
_ACTIVITIES = (
    *((name, ActivityKind.SPORT) for name in _SPORTS),
    *((name, ActivityKind.ART) for name in _ARTS),
    *((name, ActivityKind.OTHER) for name in _OTHER),
)

_AREAS = (
    "Aggerud",
    "Bofors",
    "Bregården",
    "Bråten",
    "Centrum",
    "Degerfors väg",
    "Ekebyn",
    "Granbergsdal",
    "Häsängen",
    "Karlsberg",
    "Karlsåby",
    "Linnebäck",
    "Lonntorp",
    "Möckelstrand",
    "Näset",
    "Rävåsen",
    "Sandviken",
    "Skranta",
    "Stråningstorp",
    "Valåsen",
)

_BOARD = [BoardRole.CHAIR, BoardRole.TREASURER, BoardRole.SECRETARY]

# rule -> (number, keys, dispensable, source, is it an example)
_REQUIREMENTS: dict[str, tuple[int | None, list[str], bool, str, bool]] = {
    "A-01": (None, [], False, _PAGE, False),
    "A-02": (None, [], False, _PAGE, False),
    "A-03": (None, [], False, _PAGE, False),
    "A-04": (10, [], True, _PAGE, False),
    "A-05": (None, [], False, _PAGE, False),
    "A-06": (1, [], False, _EXAMPLE, True),  # that there is a fee is known, not how large: one krona
    "A-07": (None, [str(role) for role in _BOARD], True, _PAGE, False),
    "A-08": (None, [], False, _PAGE, False),
    "A-09": (None, [], False, _PAGE, False),
    "A-10": (50, [], False, _PAGE, False),
    "A-11": (12, [], False, _EXAMPLE, True),  # that extracts are shown is known, not how many months they hold
    "A-12": (None, [], False, _PAGE, False),
    "A-13": (None, [key for key, _name in _CATEGORIES], False, _PAGE, False),
    "A-14": (None, [str(kind) for kind in ExcludedKind.values], False, _OLDER, False),
    "A-15": (6, [], False, _OLDER, False),
    "A-16": (5, [str(kind) for kind in DocumentKind.values], False, _EXAMPLE, True),  # the seven are known, the month is not
    "A-17": (None, [], False, _EXAMPLE, True),
    "A-18": (None, [], False, _OLDER, False),
    "A-19": (None, [], False, _OLDER, False),
    "A-20": (12, [], False, _PAGE, False),
}


@transaction.atomic
def karlskoga(at: datetime) -> None:
    """Enter Karlskoga's categories, age bands, activities, areas and requirements, where they are missing."""
    made = [_categories(), _age_bands(), _activities(), _areas(), _requirements()]
    if any(made):
        filing.note(None, "associations.configured", at=at, changes={"rows": [None, sum(made)]})


def _categories() -> int:
    return sum(
        Category.objects.get_or_create(key=key, defaults={"name": name, "order": order})[1]
        for order, (key, name) in enumerate(_CATEGORIES, start=1)
    )


def _age_bands() -> int:
    return sum(
        AgeBand.objects.get_or_create(key=key, defaults={"first_age": first, "last_age": last, "is_example": True})[1]
        for first, last, key in _AGE_BANDS
    )


def _activities() -> int:
    return sum(
        Activity.objects.get_or_create(key=slugify(name), defaults={"name": name, "kind": kind, "is_example": True})[1]
        for name, kind in _ACTIVITIES
    )


def _areas() -> int:
    return sum(Area.objects.get_or_create(key=slugify(name), defaults={"name": name, "is_example": True})[1] for name in _AREAS)


def _requirements() -> int:
    return sum(
        Requirement.objects.get_or_create(
            rule=rule,
            since=_FROM,
            defaults={"number": number, "keys": keys, "dispensable": dispensable, "source": source, "is_example": example},
        )[1]
        for rule, (number, keys, dispensable, source, example) in _REQUIREMENTS.items()
    )
