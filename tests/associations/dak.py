"""DAK files for tests: our own, with people nobody is."""

from stdnum import luhn

NAMESPACES = {
    "2.1": "http://aktivitetskort.net.umea.se/importSchema.xsd",
    "2.2": "http://sverigesforeningssystem.se/importSchema.xsd",
}


def number(year, ordinal=1, *, month=3, day=15, girl=False):
    """A personal number that is right by its check digit."""
    nine = f"{year % 100:02d}{month:02d}{day:02d}{ordinal:02d}{2 if girl else 1}"
    return f"{year // 100}{nine}{luhn.calc_check_digit(nine)}"


def person(key, personal, *, first="Kim", last="Exempel", kind="Deltagare", more=""):
    return (
        f'    <{kind} id="{key}">\n      <Foernamn>{first}</Foernamn>\n      <Efternamn>{last}</Efternamn>\n'
        f"      <Personnummer>{personal}</Personnummer>{more}\n    </{kind}>\n"
    )


def mark(key, *, kind="Deltagare", here="true", disabled="false", attributes=""):
    return f'<{kind} id="{key}"{attributes}>\n<Handikapp>{disabled}</Handikapp>\n<Naervarande>{here}</Naervarande>\n</{kind}>\n'


def session(
    code, *, day="2026-03-02", starts="18:00:00", stops="19:00:00", method="Add", people=(), leaders=(), kind="Traening", more=""
):
    marks = "".join(each if each.startswith("<") else mark(each) for each in people)
    led = "".join(mark(each, kind="Ledare") for each in leaders)
    return (
        f'<Sammankomst kod="{code}" Datum="{day}">\n<StartTid>{starts}</StartTid>\n<StoppTid>{stops}</StoppTid>{more}\n'
        f"<Aktivitet>Fotboll</Aktivitet>\n<Lokal>Nobelstadion</Lokal>\n<Typ>{kind}</Typ>\n<Metod>{method}</Metod>\n"
        f"<DeltagarLista>\n{marks}</DeltagarLista>\n<LedarLista>\n{led}</LedarLista>\n</Sammankomst>\n"
    )


def card(*sessions, number="323", name="F12"):
    return (
        f'<Naervarokort NaervarokortNummer="{number}">\n<Aktivitet>Fotboll</Aktivitet>\n<Lokal>Nobelstadion</Lokal>\n'
        f"<NamnPaaKort>{name}</NamnPaaKort>\n<Sammankomster>\n{''.join(sessions)}</Sammankomster>\n</Naervarokort>\n"
    )


def whole(*cards, people="", leaders="", version="2.2", municipality="1883", organisation="", of="2400", head=None):
    organisation = f' organisationsnummer="{organisation}"' if organisation else ""
    head = '<?xml version="1.0" encoding="utf-8"?>\n' if head is None else head
    return (
        f'{head}<Aktivitetskort xmlns="{NAMESPACES[version]}">\n<Kommun kommunID="{municipality}" version="{version}">\n'
        f'<Foerening foereningsID="{of}" foereningsNamn="Teaterboden"{organisation}>\n{"".join(cards)}</Foerening>\n</Kommun>\n'
        f"<DeltagarRegister>\n{people}</DeltagarRegister>\n<LedarRegister>\n{leaders}</LedarRegister>\n</Aktivitetskort>\n"
    )


def usual(*, method="Add", version="2.2", people=("p1", "p2", "p3"), **more):
    """Three children and a leader at one session."""
    register = "".join(person(f"p{n}", number(2014, n, girl=n == 1), first=f"Barn{n}") for n in (1, 2, 3))
    led = person("l1", number(1985, 9), first="Leo", kind="Ledare")
    return whole(
        card(session("A-1", method=method, people=people, leaders=("l1",))), people=register, leaders=led, version=version, **more
    )
