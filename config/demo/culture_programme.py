"""What is played and where in the culture act: producers, offers and times. Invented, except what Karlskoga's plan names."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from culture.choices import ArtForm, EvidenceKind

# name, what shows that they are professional, F-tax seen
PRODUCERS: tuple[tuple[str, str, str, bool], ...] = (
    ("Kammarorkestern Bergslagen", EvidenceKind.GRANT, "Statligt verksamhetsbidrag (exempel)", True),
    ("Teater Möckeln", EvidenceKind.UNION, "Medlem i Teatercentrum (exempel)", True),
    ("Danskollektivet Nio", EvidenceKind.EDUCATION, "Danshögskolan, fem dansare (exempel)", True),
    ("Cirkus Gnista", EvidenceKind.WORK, "Turnéer 2023–2025 (exempel)", True),
    ("Bergslagens museum", EvidenceKind.WORK, "Museipedagoger (exempel)", True),
    ("Skolbion i Karlskoga", EvidenceKind.WORK, "Biografen på Nya Folkets Hus (exempel)", True),
    ("Trumgruppen Takt", EvidenceKind.WORK, "Konserter 2025 (exempel)", False),
)


@dataclass(frozen=True, slots=True)
class Show:
    """One offer with its times. grades: years of schooling; weeks: counted from 1 September; space: (venue, space)."""

    title: str
    producer: str
    art: str
    grades: tuple[int, ...]
    weeks: tuple[int, ...]
    seats: int | None = 120
    groups: int | None = None
    price: int = 12_000
    space: tuple[str, str] | None = None
    touring: bool = False
    professional: bool = True
    access: tuple[str, ...] = ("step_free",)
    calm: bool = False

    @property
    def cost(self) -> Decimal:
        return Decimal(self.price)


HOUSE = ("nya-folkets-hus", "Scen")
SHOWS: tuple[Show, ...] = (
    Show("Kammarorkestern spelar sagor", "Kammarorkestern Bergslagen", ArtForm.MUSIC, (0, 4), (9, 21, 25), 180, space=HOUSE),
    Show("Dansa en bok", "Danskollektivet Nio", ArtForm.DANCE, (0, 1), (10, 20, 22, 29), None, 4, 9_000, calm=True),
    Show("Trollet i Timmerskogen", "Teater Möckeln", ArtForm.THEATRE, (1, 5), (8, 20, 23, 26), 150, space=HOUSE),
    Show("Gnistor: cirkus", "Cirkus Gnista", ArtForm.CIRCUS, (2, 6), (11, 14, 24, 28), 160, price=18_000, space=HOUSE),
    Show("Arbetarnas dag", "Bergslagens museum", ArtForm.HERITAGE, (3,), (9, 21, 24, 27, 30), None, 3, 4_500),
    Show("Skolbio: vinterns film", "Skolbion i Karlskoga", ArtForm.FILM, (2, 7), (10, 22, 26, 31), 110, price=5_000,
         space=("nya-folkets-hus", "Biograf")),
    Show("Dansverkstad", "Danskollektivet Nio", ArtForm.DANCE, (4, 8), (20, 23, 25, 32), 90, price=8_000, touring=True),
    Show("Språng: dansföreställning", "Danskollektivet Nio", ArtForm.DANCE, (8, 9), (11, 23, 33), 170, space=HOUSE),
    Show("Orkestern möter nian", "Kammarorkestern Bergslagen", ArtForm.MUSIC, (9,), (12, 27), 200, price=22_000, space=HOUSE),
    Show("Bild och form i verkstaden", "Bergslagens museum", ArtForm.ART, (6,), (21, 24, 30), None, 3, 4_000, calm=True),
)  # fmt: skip
DRAFT = Show("Trummor för alla", "Trumgruppen Takt", ArtForm.MUSIC, (3, 4, 5), (), 100, price=7_000)
TRY_IT = Show("Prova på Kulturskolan", "", ArtForm.MUSIC, (2,), (14, 15), 60, price=0, professional=False)


def day_of(first: int, week: int, weekday: int) -> date:
    """A weekday of a numbered week of the school year that begins in autumn *first*; not in the Christmas holidays."""
    start = date(first, 9, 1)
    day = start - timedelta(days=start.weekday()) + timedelta(weeks=week, days=weekday)
    return day + timedelta(weeks=3) if (day.month, day.day) >= (12, 21) or (day.month == 1 and day.day <= 8) else day
