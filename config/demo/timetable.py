"""Who has which hall when in the demonstration. Invented, for associations that do not exist."""

from dataclasses import dataclass

from facilities.choices import UseForm

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


@dataclass(frozen=True, slots=True)
class Slot:
    """The same time every week. starts, ends: quarters as decimals of hours; young: of the people, under 25."""

    association: str
    venue: str
    space: str
    weekday: int
    starts: float
    ends: float
    title: str
    people: int
    young: int
    form: str = UseForm.TRAINING


# Every time of the season, from the autumn until the end of April.
SEASON: tuple[Slot, ...] = (
    Slot("Nobelstadens Hockey", "nobelhallen", "A-hallen", MON, 17, 18.5, "P13", 24, 22),
    Slot("Nobelstadens Hockey", "nobelhallen", "A-hallen", WED, 17, 18.5, "P13", 24, 22),
    Slot("Nobelstadens Hockey", "nobelhallen", "A-hallen", THU, 19, 20.5, "Damjuniorer", 19, 19),
    Slot("Nobelstadens Hockey", "nobelhallen", "A-hallen", FRI, 17, 19, "P15", 22, 20),
    Slot("Bregårdens Konståkare", "nobelhallen", "A-hallen", TUE, 16, 18, "Grundgrupp", 18, 16),
    Slot("Bregårdens Konståkare", "nobelhallen", "A-hallen", THU, 16, 18, "Tävlingsgrupp", 14, 13),
    Slot("Bregårdens Konståkare", "nobelhallen", "A-hallen", SUN, 10, 12, "Alla grupper", 31, 28),
    Slot("Karlsåby Innebandy", "nobelhallen", "B-hallen", MON, 18, 19.5, "F12", 17, 15),
    Slot("Karlsåby Innebandy", "nobelhallen", "B-hallen", THU, 18, 19.5, "P14", 19, 17),
    Slot("Häsängens Handboll", "nobelhallen", "B-hallen", TUE, 17.5, 19, "F14", 16, 14),
    Slot("Häsängens Handboll", "nobelhallen", "B-hallen", FRI, 16.5, 18, "P10", 21, 19),
    Slot("Parasport Nobel", "nobelhallen", "B-hallen, halva 1", WED, 17, 18.5, "Boccia", 12, 5),
    Slot("Rörelse för Alla", "nobelhallen", "B-hallen, halva 2", WED, 17, 18.5, "Sittgymnastik", 15, 1),
    Slot("Nya Basket Möckeln", "kemab-arena", "Arenan, del 1", MON, 17, 18.5, "F13", 14, 12),
    Slot("Nya Basket Möckeln", "kemab-arena", "Arenan, del 1", THU, 17, 18.5, "P13", 16, 14),
    Slot("Granbergsdals GF", "kemab-arena", "Arenan, del 2", MON, 16.5, 18, "Truppgymnastik 9–11 år", 22, 20),
    Slot("Granbergsdals GF", "kemab-arena", "Arenan, del 2", THU, 16.5, 18, "Truppgymnastik 12–14 år", 19, 17),
    Slot("Bråtens Bordtennis", "kemab-arena", "Arenan, del 3", TUE, 18, 20, "Alla åldrar", 14, 6),
    Slot("Möckelns IF", "kemab-arena", "Arenan", WED, 17, 19, "F15 vinterträning", 26, 24),
    Slot("Möckelns IF", "kemab-arena", "Arenan", SAT, 9, 12, "Fotbollslek", 48, 44),
    Slot("Bofors Sim", "strandbadet", "Bassäng, bana 1", MON, 17, 19, "Teknikgrupp", 12, 11),
    Slot("Bofors Sim", "strandbadet", "Bassäng, bana 2", MON, 17, 19, "Teknikgrupp", 12, 11),
    Slot("Bofors Sim", "strandbadet", "Bassäng, bana 1", WED, 17, 19, "Tävlingsgrupp", 11, 11),
    Slot("Bofors Sim", "strandbadet", "Bassäng, bana 1", FRI, 16.5, 18.5, "Simskola fortsättning", 14, 13),
    Slot("Degerns Kanot", "strandbadet", "Bassäng, bana 6", THU, 19, 20.5, "Kantträning", 9, 6),
    Slot("Karlskoga Ridvänner", "ridhuset", "Manegen, halva a", TUE, 17, 19, "Ponnygrupp", 8, 8),
    Slot("Karlskoga Ridvänner", "ridhuset", "Manegen", SAT, 10, 13, "Hoppträning", 12, 10),
    Slot("Möckelns Dansförening", "nya-folkets-hus", "Danssal", TUE, 17, 19, "Jazzdans 10–13 år", 18, 17),
    Slot("Möckelns Dansförening", "nya-folkets-hus", "Danssal", THU, 17, 19, "Modern dans", 15, 13),
    Slot("Bergslagens Kammarkör", "nya-folkets-hus", "Scen", WED, 18.5, 21, "Körövning", 32, 3, UseForm.REHEARSAL),
    Slot("Alfreds Amatörteater", "nya-folkets-hus", "Scen", MON, 18, 21, "Repetition", 16, 9, UseForm.REHEARSAL),
    Slot("Språkcaféet Hörnan", "nya-folkets-hus", "Möteslokal", THU, 17.5, 19.5, "Språkkafé", 24, 9, UseForm.STUDY_CIRCLE),
    Slot("Musikföreningen Rost", "nya-folkets-hus", "Musikrum", FRI, 17, 21, "Replokal", 6, 6, UseForm.REHEARSAL),
    Slot("Valåsens Karate", "aggerudsskolan", "Gymnastiksal", TUE, 18, 20, "Nybörjare", 19, 14),
    Slot("Möckelns Scouter", "bratenskolan", "Gymnastiksal", WED, 18, 19.5, "Spårarscouter", 18, 16),
    Slot("Hörselrådet Möckeln", "nya-folkets-hus", "Möteslokal", MON, 14, 16, "Träffpunkt", 21, 0, UseForm.MEETING),
)

# (association, venue, space, days from today, starts, ends, title, people, young, form): times of their own.
SINGLE: tuple[tuple[str, str, str, int, float, float, str, int, int, str], ...] = (
    ("Nobelstadens Hockey", "nobelhallen", "A-hallen", -40, 13, 16, "Seriematch J18", 60, 40, UseForm.MATCH),
    ("Nobelstadens Hockey", "nobelhallen", "A-hallen", 23, 13, 16, "Seriematch J18", 60, 40, UseForm.MATCH),
    ("Häsängens Handboll", "nobelhallen", "B-hallen", -19, 10, 15, "Sammandrag F12", 80, 72, UseForm.MATCH),
    ("Karlsåby Innebandy", "nobelhallen", "B-hallen", 16, 10, 15, "Sammandrag P12", 90, 80, UseForm.MATCH),
    ("Jazz i Parken", "nya-folkets-hus", "Scen", -12, 18, 22, "Höstkonsert", 110, 12, UseForm.PAID_EVENT),
    ("Filmstudion Strand", "nya-folkets-hus", "Biograf", -5, 18, 21, "Visning för medlemmar", 64, 12, UseForm.MEETING),
    ("Filmstudion Strand", "nya-folkets-hus", "Biograf", 9, 18, 21, "Visning för medlemmar", 64, 12, UseForm.MEETING),
    ("Karlskoga Konstrunda", "nya-folkets-hus", "Utställningsrum", 3, 10, 18, "Vinterutställning", 40, 4, UseForm.EXHIBITION),
    ("Hembygdens Vänner i Möckeln", "nya-folkets-hus", "Möteslokal", 5, 18, 20, "Styrelsemöte", 11, 0, UseForm.MEETING),
    ("Kvinnor i Rörelse", "ravasskolan", "Gymnastiksal", 2, 18, 19.5, "Prova på-kväll", 25, 6, UseForm.TRAINING),
    ("Skranta Boxning", "hasangsskolan", "Gymnastiksal", 4, 18, 20, "Läger", 22, 16, UseForm.COURSE),
    ("Stråningstorps Tennis", "straningstorpsskolan", "Gymnastiksal", 6, 17, 19, "Minitennis", 14, 13, UseForm.TRAINING),
    ("Lonntorps Skidor", "sparomradet", "Spåren", 10, 10, 14, "Skidskolans dag", 70, 52, UseForm.COURSE),
    ("Aggeruds BK", "nobelstadion", "Plan, halva a", 12, 10, 12, "Snöfotboll", 24, 22, UseForm.TRAINING),
    ("Ungdomens Hus Vänner", "utomhusrinken", "Rinken", 8, 17, 20, "Disco på is", 80, 74, UseForm.TRAINING),
)

# (association, days until the time, starts, ends, title, people, days ago that it was asked for): for the party hall,
# where a person answers.
ASKED: tuple[tuple[str, int, float, float, str, int, int], ...] = (
    ("Somaliska Familjeföreningen", 30, 14, 20, "Familjefest", 90, 6),
    ("Matlaget Skranta", 22, 17, 21, "Julbord för alla", 60, 3),
    ("Finska Föreningen Sisu-Möckeln", 11, 17, 22, "Självständighetsfirande", 70, 2),
    ("Rollspelarna i Källaren", 51, 12, 20, "Konvent", 45, 1),
)
