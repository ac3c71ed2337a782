"""The first configuration: Karlskoga's schools and its published culture plan. Entered once; a second run changes nothing.

Found in public: five municipal schools by name, that there are nine or ten, two independent ones by place, and what the plan says
for F-4. Not found: school unit codes, numbers of pupils, halls, and grades 5-9 of the plan. What stands for those is marked as an
example: the codes give way to the real ones when the national register is read in.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from culture.actions import add_producer, add_school, open_year, promise
from culture.choices import ArtForm, Organiser, SchoolKind
from culture.models import GuaranteeItem, Producer, School, SchoolYear
from records import filing

PLAN = "Karlskoga kommun: kulturgarantin (publicerad plan för F-4)"
EXAMPLE = "Exempel: ingen offentlig uppgift hittad"
F_6 = tuple(range(7))
F_9 = tuple(range(10))
UPPER = (7, 8, 9)


@dataclass(frozen=True, slots=True)
class _School:
    """A school as it is entered. known: its name is from a public source; place: (latitude, longitude), an example."""

    code: str
    name: str
    grades: tuple[int, ...]
    hall: int | None
    place: tuple[float, float]
    kinds: tuple[str, ...] = (SchoolKind.PRESCHOOL_CLASS, SchoolKind.COMPULSORY)
    organiser: str = Organiser.MUNICIPAL
    known: bool = False
    step_free: bool = True


SCHOOLS = (
    _School("99188301", "Rävåsskolan", F_6, 150, (59.3325, 14.5260), known=True),
    _School("99188302", "Häsängsskolan", F_6, 120, (59.3210, 14.5120), known=True),
    _School("99188303", "Stråningstorpsskolan", F_6, 100, (59.3400, 14.5080), known=True),
    _School("99188304", "Aggerudsskolan", F_9, 180, (59.3095, 14.5310), known=True),
    _School(
        "99188305",
        "Bråtenskolan",
        F_9,
        200,
        (59.3180, 14.4930),
        kinds=(SchoolKind.PRESCHOOL_CLASS, SchoolKind.COMPULSORY, SchoolKind.ADAPTED),
        known=True,
    ),
    _School("99188306", "Granbergsdals friskola", F_6, 60, (59.4010, 14.5590), organiser=Organiser.INDEPENDENT, known=True),
    _School("99188307", "Lonnhyttans friskola", F_9, None, (59.2930, 14.4700), organiser=Organiser.INDEPENDENT, known=True),
    _School("99188308", "Exempelskolan Norr", F_6, 90, (59.3460, 14.5400)),
    _School("99188309", "Exempelskolan Söder", F_6, None, (59.2990, 14.5200), step_free=False),
    _School("99188310", "Exempelskolan Väster", F_6, 110, (59.3240, 14.4780)),
    _School("99188311", "Exempelskolan Öster", UPPER, 220, (59.3300, 14.5480)),
    _School(
        "99188312",
        "Exempelskolan på sjukhuset",
        F_9,
        None,
        (59.3330, 14.5310),
        kinds=(SchoolKind.COMPULSORY, SchoolKind.HOSPITAL),
    ),
)

# grade -> (title, art form, rotates between schools, professional)
ITEMS: dict[int, tuple[tuple[str, str, bool, bool], ...]] = {
    0: (
        ("Konserthuset eller kammarorkestern", ArtForm.MUSIC, False, True),
        ("Besök på biblioteket", ArtForm.LITERATURE, False, True),
        ("Dansa en bok", ArtForm.DANCE, False, True),
    ),
    1: (
        ("Dansverkstad", ArtForm.DANCE, False, True),
        ("Teaterföreställning", ArtForm.THEATRE, False, True),
        ("Rising stars: körkonsert i Nobelhallen", ArtForm.MUSIC, False, True),
    ),
    2: (
        ("Cirkus", ArtForm.CIRCUS, False, True),
        ("Prova på Kulturskolan: blås och stråk", ArtForm.MUSIC, True, False),
        ("Skolbio", ArtForm.FILM, False, True),
        ("Rising stars: körkonsert i Nobelhallen", ArtForm.MUSIC, False, True),
    ),
    3: (
        ("Arbetarmuseum, hembygd och fornby", ArtForm.HERITAGE, False, True),
        ("Slöjd", ArtForm.CRAFT, False, True),
        ("Prova på dans och teater", ArtForm.DANCE, True, False),
    ),
    4: (
        ("Dansverkstad", ArtForm.DANCE, False, True),
        ("Konserthuset eller annat", ArtForm.MUSIC, False, True),
    ),
}
EXAMPLES = {
    5: ("Teaterföreställning", ArtForm.THEATRE),
    6: ("Konst och form", ArtForm.ART),
    7: ("Skolbio", ArtForm.FILM),
    8: ("Dansföreställning", ArtForm.DANCE),
    9: ("Konsert", ArtForm.MUSIC),
}


@transaction.atomic
def karlskoga(first: int, *, by: Any, at: datetime) -> SchoolYear:
    """Enter the school year that begins in autumn *first*, the schools, the Culture School and the plan. Harmless twice."""
    year = open_year(
        first,
        by=by,
        at=at,
        list_by=date(first, 10, 10),
        answer_by=date(first, 11, 30),
        locks_on=date(first + 1, 8, 15),
    )
    made = [_enter_school(school, by=by, at=at) for school in SCHOOLS]
    if not Producer.objects.filter(is_own=True).exists():
        add_producer("Kulturskolan i Karlskoga", is_own=True, by=by, at=at)
    promised = _promise(year, by=by, at=at)
    if any(made) or promised:
        changes = {"schools": [None, sum(made)], "items": [None, promised]}
        filing.note(None, "culture.configured", by=by, at=at, changes=changes)
    return year


def _enter_school(school: _School, *, by: Any, at: datetime) -> bool:
    """A school that is known by another code (the real one, from the register) is left as it is."""
    if School.objects.filter(code=school.code).exists() or School.objects.filter(name__iexact=school.name).exists():
        return False
    latitude, longitude = school.place
    add_school(
        code=school.code,
        name=school.name,
        by=by,
        at=at,
        organiser=school.organiser,
        organiser_name="Karlskoga kommun" if school.organiser == Organiser.MUNICIPAL else "",
        municipality="1883",
        kinds=[str(kind) for kind in school.kinds],
        grades=list(school.grades),
        town="Karlskoga",
        latitude=latitude,
        longitude=longitude,
        hall_capacity=school.hall,
        hall_step_free=school.step_free if school.hall else None,
        hall_note="Skolenhetskod, läge och sal är exempel tills kommunen har lagt in sina egna.",
        code_is_example=True,
        is_example=not school.known,
    )
    return True


def _promise(year: SchoolYear, *, by: Any, at: datetime) -> int:
    there = set(GuaranteeItem.objects.filter(year=year).values_list("grade", "title"))
    made = 0
    for grade, items in ITEMS.items():
        for order, (title, art, rotates, professional) in enumerate(items):
            if (grade, title) not in there:
                facts: dict[str, Any] = {"is_rotating": rotates, "is_professional": professional, "source": PLAN, "order": order}
                promise(year, grade, title, art_form=art, by=by, at=at, **facts)
                made += 1
    for grade, (title, art) in EXAMPLES.items():
        if (grade, title) not in there:
            promise(year, grade, title, art_form=art, source=EXAMPLE, is_example=True, by=by, at=at)
            made += 1
    return made
