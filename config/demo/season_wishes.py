"""What associations wish for a season in the demonstration. Invented, for groups that do not exist.

More is wished on weekdays between five and eight than there is room for, as in every municipality, and some can train at no other
time: somebody has to be told no, and why.
"""

from dataclasses import dataclass

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WEEKDAYS = (MON, TUE, WED, THU, FRI)

# (venue, space, parts): parts 0 = all of it.
ICE = ("nobelhallen", "A-hallen", 0)
B = ("nobelhallen", "B-hallen", 0)
HALF_B = ("nobelhallen", "B-hallen", 1)
ARENA = ("kemab-arena", "Arenan", 0)
THIRD, TWO_THIRDS = ("kemab-arena", "Arenan", 1), ("kemab-arena", "Arenan", 2)
RAVAS, HASANG, STRANING, AGGERUD, BRATEN = (
    (key, "Gymnastiksal", 0) for key in ("ravasskolan", "hasangsskolan", "straningstorpsskolan", "aggerudsskolan", "bratenskolan")
)
HALLS = (ICE, B, ARENA, RAVAS, HASANG, STRANING, AGGERUD, BRATEN)

# (weekdays, from, to, choice): hours as decimals; choice 1 best, 2 good enough.
EVENING = ((WEEKDAYS, 17, 20, 1),)
EARLY = ((WEEKDAYS, 16, 19, 1),)
AFTER_WORK = (((MON, TUE, WED, THU), 18, 20.5, 1),)
EVENING_OR_LATER = ((WEEKDAYS, 17, 20, 1), (WEEKDAYS, 20, 22, 2))
WEEKEND_TOO = ((WEEKDAYS, 17, 20, 1), ((SAT, SUN), 9, 15, 2))
Hours = tuple[tuple[tuple[int, ...], float, float, int], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A group and its wish. minutes: shortest and longest; people: girls and boys."""

    club: str
    name: str
    sport: str
    ages: tuple[int, int]
    people: tuple[int, int]
    passes: int
    minutes: tuple[int, int]
    places: tuple[tuple[str, str, int], ...]
    hours: Hours = EVENING
    division: str = ""
    disability: bool = False


HOCKEY, FIGURES, FLOORBALL, HANDBALL = "Nobelstadens Hockey", "Bregårdens Konståkare", "Karlsåby Innebandy", "Häsängens Handboll"
BASKET, GYMNASTICS, FOOTBALL, KARATE = "Nya Basket Möckeln", "Granbergsdals GF", "Möckelns IF", "Valåsens Karate"
TENNIS, TABLE_TENNIS, PARASPORT, EASE = "Stråningstorps Tennis", "Bråtens Bordtennis", "Parasport Nobel", "Rörelse för Alla"
BOXING = "Skranta Boxning"

WISHES: tuple[Wanted, ...] = (
    Wanted(HOCKEY, "U9", "ishockey", (7, 9), (6, 18), 2, (60, 60), (ICE,), EARLY),
    Wanted(HOCKEY, "U11", "ishockey", (10, 11), (4, 17), 2, (60, 90), (ICE,)),
    Wanted(HOCKEY, "U13", "ishockey", (12, 13), (3, 19), 3, (60, 90), (ICE,)),
    Wanted(HOCKEY, "U16", "ishockey", (14, 16), (0, 21), 3, (90, 90), (ICE,)),
    Wanted(HOCKEY, "Damjuniorer", "ishockey", (15, 20), (19, 0), 2, (90, 90), (ICE,)),
    Wanted(HOCKEY, "A-lag herr", "ishockey", (18, 35), (0, 24), 3, (90, 90), (ICE,), AFTER_WORK, "division 2"),
    Wanted(FIGURES, "Skridskoskola", "konståkning", (5, 8), (24, 7), 1, (60, 60), (ICE,), WEEKEND_TOO),
    Wanted(FIGURES, "Grundgrupp", "konståkning", (8, 12), (18, 1), 2, (60, 90), (ICE,), EARLY),
    Wanted(FIGURES, "Tävlingsgrupp", "konståkning", (11, 18), (14, 0), 3, (90, 90), (ICE,)),
    Wanted(FLOORBALL, "F12", "innebandy", (11, 12), (17, 0), 2, (60, 90), (B, ARENA)),
    Wanted(FLOORBALL, "P12", "innebandy", (11, 12), (0, 19), 2, (60, 90), (B, ARENA)),
    Wanted(FLOORBALL, "P14", "innebandy", (13, 14), (0, 19), 2, (90, 90), (B, ARENA)),
    Wanted(FLOORBALL, "Herrar A", "innebandy", (19, 34), (0, 22), 2, (90, 90), (B, ARENA), AFTER_WORK, "division 1"),
    Wanted(FLOORBALL, "Motion", "innebandy", (30, 58), (3, 15), 1, (60, 90), (B, ARENA), EVENING),
    Wanted(HANDBALL, "F10", "handboll", (9, 10), (18, 0), 1, (60, 60), (HALF_B, THIRD), EARLY),
    Wanted(HANDBALL, "F14", "handboll", (13, 14), (16, 0), 3, (90, 90), (B, ARENA)),
    Wanted(HANDBALL, "P12", "handboll", (11, 12), (0, 15), 2, (60, 90), (B, ARENA)),
    Wanted(HANDBALL, "P16", "handboll", (15, 16), (0, 14), 3, (90, 90), (B, ARENA)),
    Wanted(HANDBALL, "Dam A", "handboll", (18, 33), (17, 0), 3, (90, 90), (B, ARENA), EVENING, "division 2"),
    Wanted(BASKET, "F13", "basket", (12, 13), (14, 0), 2, (60, 90), (TWO_THIRDS, B)),
    Wanted(BASKET, "P13", "basket", (12, 13), (0, 16), 2, (60, 90), (TWO_THIRDS, B)),
    Wanted(BASKET, "P17", "basket", (15, 17), (0, 13), 2, (90, 90), (ARENA,)),
    Wanted(BASKET, "Basketlek", "basket", (7, 9), (11, 13), 1, (60, 60), (THIRD, RAVAS, HASANG), EARLY),
    Wanted(BASKET, "Seniorer", "basket", (20, 45), (4, 12), 1, (90, 90), (ARENA, B), EVENING),
    Wanted(GYMNASTICS, "Trupp 9–11 år", "gymnastik", (9, 11), (22, 2), 2, (90, 120), (THIRD, TWO_THIRDS)),
    Wanted(GYMNASTICS, "Trupp 12–15 år", "gymnastik", (12, 15), (19, 0), 2, (90, 120), (TWO_THIRDS, B)),
    Wanted(GYMNASTICS, "Barngymnastik", "gymnastik", (4, 6), (16, 12), 1, (60, 60), (RAVAS, BRATEN), EARLY),
    Wanted(GYMNASTICS, "Motionsgympa", "gymnastik", (30, 80), (26, 4), 2, (60, 60), (BRATEN, RAVAS), EVENING_OR_LATER),
    Wanted(FOOTBALL, "F15 vinterträning", "fotboll", (14, 15), (26, 0), 1, (90, 120), (ARENA,), WEEKEND_TOO),
    Wanted(FOOTBALL, "P15 vinterträning", "fotboll", (14, 15), (0, 24), 1, (90, 120), (ARENA,)),
    Wanted(FOOTBALL, "Fotbollslek", "fotboll", (6, 8), (22, 26), 1, (60, 90), (ARENA, B), WEEKEND_TOO),
    Wanted(KARATE, "Nybörjare", "karate", (8, 12), (9, 10), 2, (60, 90), (AGGERUD, HASANG), EARLY),
    Wanted(KARATE, "Fortsättning", "karate", (13, 25), (7, 9), 2, (90, 90), (AGGERUD,)),
    Wanted(KARATE, "Vuxna", "karate", (26, 55), (6, 9), 1, (90, 90), (AGGERUD,), EVENING_OR_LATER),
    Wanted(TENNIS, "Minitennis", "tennis", (6, 9), (8, 9), 2, (60, 60), (STRANING, BRATEN), EARLY),
    Wanted(TENNIS, "Ungdom", "tennis", (10, 16), (9, 12), 2, (60, 90), (STRANING,)),
    Wanted(TABLE_TENNIS, "Alla åldrar", "bordtennis", (10, 70), (4, 14), 2, (90, 120), (HASANG, THIRD), EVENING_OR_LATER),
    Wanted(PARASPORT, "Boccia", "parasport", (12, 60), (5, 7), 1, (90, 90), (HALF_B, THIRD), disability=True),
    Wanted(PARASPORT, "Rullstolsbasket", "parasport", (14, 45), (3, 9), 1, (90, 90), (HALF_B, TWO_THIRDS), disability=True),
    Wanted(EASE, "Sittgymnastik", "gymnastik", (60, 88), (11, 4), 1, (60, 60), (HALF_B, RAVAS), EARLY, disability=True),
    Wanted(BOXING, "Ungdom", "boxning", (12, 18), (6, 14), 2, (90, 90), (HASANG, AGGERUD)),
)
BEGUN_ONLY = BOXING  # has written its group, and not handed in
