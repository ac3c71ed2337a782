"""Act of the leaders: groups and their cards, one file from a club system, and activity support that is counted from them."""

import io
import re
from datetime import date, time, timedelta
from typing import Any

from django.utils.text import slugify

from accounts import actions as accounts
from accounts.models import User
from associations import actions
from associations.actions import mandates
from associations.choices import MandateKind
from associations.models import ActivityGroup, Participant
from associations.rules.attendance import Half, half_of
from config.demo.cast import PASSWORD
from config.demo.names import FIRST_NAMES
from config.demo.stage import Stage, Troupe, at
from grants.actions import drafts, submission
from grants.actions.calls import CallPlan, plan_call, publish_call
from grants.actions.schemes import Terms, add_scheme, write_version
from grants.choices import LateCountsFrom
from grants.models import Call, SchemeVersion
from records.models import Letter

# association, group, activity, place, weekday (0 Monday), hour, born, how many, girls
GROUPS = (
    ("Möckelns IF", "Flickor 2014", "Fotboll", "Nobelstadion", 0, 17, 2014, 14, True),
    ("Möckelns IF", "Pojkar 2012", "Fotboll", "Nobelstadion", 2, 18, 2012, 13, False),
    ("Alfreds Amatörteater", "Ungteatern", "Teater", "Folkets Hus", 1, 18, 2011, 9, True),
)
BY_FILE = "Aggeruds BK"
SURNAMES = "ABDEFGHJKLMNPRSTVW"  # a letter is enough for a child nobody is
FORM = (
    {
        "key": "word",
        "title": "Intygande",
        "questions": [
            {"key": "true", "label": "Närvaron stämmer med dem som var där.", "kind": "confirm"},
        ],
    },
)
PARTS = (
    {
        "kind": "activity_counting", "age_from": 7, "age_to": 25, "disability_any_age": True, "minutes": 60, "least": 3,
        "most": 30, "leaders": 1, "leader_age_from": 13, "per_day": 1,
    },
    {"kind": "per_leader", "kronor": "21", "more": "5"},
    {"kind": "per_participation", "kronor": "7"},
)  # fmt: skip


def keep_attendance(stage: Stage) -> None:
    """Weekly sessions since the spring, marked by leaders; last spring's support applied for by one association."""
    spring, _autumn = _enter_scheme(stage)
    leaders = {name: _leader(stage, stage.troupe(name)) for name in dict.fromkeys(row[0] for row in GROUPS)}
    sessions = sum(_keep_group(stage, leaders[row[0]], row) for row in GROUPS)
    _read_file(stage, stage.troupe(BY_FILE))
    _apply(stage, stage.troupe("Möckelns IF"), spring)
    stage.leaders = [(user.email, f"{user}, ledare i {name}") for name, user in leaders.items()]
    stage.say(f"{sessions} attendance cards, one file of attendance, one application for activity support")


def _enter_scheme(stage: Stage) -> tuple[Call, Call]:
    """Activity support as state LOK support was counted in 2017-21: an example, and labelled so."""
    officer, when = stage.staff["handlaggare"], at(date(stage.year, 1, 16), 9)
    scheme = add_scheme(
        key="aktivitetsstod",
        name="Aktivitetsstöd",
        purpose="Stöd till ledarledd verksamhet för unga 7–25 år. Ett exempel i demonstrationen, inte antaget av kommunen.",
        is_example=True,
        by=officer,
        at=when,
    )
    terms = Terms(valid_from=when.date(), form=FORM, parts=PARTS, requirements=("A-05",), calculation_is_example=True)
    version = write_version(scheme, terms, by=officer, at=when)
    spring = _call(stage, version, Half(stage.year, 1), date(stage.year, 7, 1), date(stage.year, 8, 25))
    return spring, _call(stage, version, Half(stage.year, 2), date(stage.year + 1, 1, 1), date(stage.year + 1, 2, 25))


def _call(stage: Stage, version: SchemeVersion, half: Half, opens: date, closes: date) -> Call:
    officer, when = stage.staff["handlaggare"], at(date(stage.year, 1, 16), 10)
    plan = CallPlan(
        title=f"Aktivitetsstöd {'våren' if half.number == 1 else 'hösten'} {half.year}",
        grant_year=closes.year,
        opens_on=opens,
        closes_on=closes,
        criteria=[],
        anchors_are_examples=True,
        late_counts_from=LateCountsFrom.SUBMISSION,
        max_per_association=1,
        budget=None,
    )
    return publish_call(plan_call(version, plan, by=officer, at=when), by=officer, at=when)


def _leader(stage: Stage, troupe: Troupe) -> User:
    """Somebody who may mark attendance and nothing else, invited by the chair."""
    day = date(stage.year, 1, 20)
    email = f"ledare@{slugify(troupe.association.name)}.example"
    name = f"{stage.dice.choice(FIRST_NAMES)} Ledarsson"
    user = accounts.demonstration_password(accounts.add_person(email, at=at(day), name=name), PASSWORD)
    offer = mandates.invite_mandate(
        troupe.association, email=email, kind=MandateKind.LEADER, by=troupe.chair, at=stage.some_time(day)
    )
    letter = Letter.objects.get(key=f"accounts.invitation.{offer.invitation_id}")
    found = re.search(r"/([A-Za-z0-9_-]{43})/", letter.html)
    if found is None:
        raise ValueError("The letter of invitation carries no link.")
    mandates.accept_mandate(found[1], by=user, at=stage.some_time(day + timedelta(days=1)))
    return user


def _keep_group(stage: Stage, leader: User, row: tuple[str, str, str, str, int, int, int, int, bool]) -> int:
    """A group, its people, and a session a week in the terms until today; how many sessions."""
    name, title, activity, place, weekday, hour, born, number, girls = row
    when = at(date(stage.year, 1, 22), 20)
    usual: dict[str, Any] = {"weekday": weekday, "starts": time(hour), "minutes": 75}
    association = stage.troupe(name).association
    group = actions.save_group(association, name=title, activity=activity, place=place, by=leader, at=when, **usual)
    facts: dict[str, Any] = {"lives_here": True, "is_member": True, "by": leader, "at": when}
    sex = "female" if girls else "male"
    children = [
        actions.save_person(group, name=_name(stage, title, each), birth_year=born + each % 2, sex=sex, leads=False, **facts)
        for each in range(number)
    ]
    leaders = [
        actions.save_person(group, name=str(each), birth_year=1984 + place * 17, sex="", leads=True, **facts)
        for place, each in enumerate((leader, f"Hjälpledare {title}"))
    ]
    return sum(_meet(stage, group, day, children, leaders, leader) for day in _days(stage, weekday))


def _name(stage: Stage, title: str, number: int) -> str:
    return f"{stage.dice.choice(FIRST_NAMES)} {SURNAMES[(number + len(title)) % len(SURNAMES)]}."


def _days(stage: Stage, weekday: int) -> list[date]:
    """The group's day each week of February to May and September to November, up to today."""
    days = [date(stage.year, 2, 1) + timedelta(days=each) for each in range(330)]
    return [day for day in days if day.weekday() == weekday and day.month in (2, 3, 4, 5, 9, 10, 11) and day < stage.today]


def _meet(
    stage: Stage, group: ActivityGroup, day: date, children: list[Participant], leaders: list[Participant], by: User
) -> int:
    dice = stage.dice
    marks = {child.pk: "present" for child in children if dice.randrange(100) < 84}
    marks |= {each.pk: "leader" for each in leaders[: 1 + dice.randrange(2)]}
    short = dice.randrange(24) == 0
    starts = group.starts or time(18)
    when = at(day, starts.hour, 40)
    actions.mark(group, day=day, starts=starts, minutes=45 if short else 75, changes=marks, by=by, at=when)
    return 1


def _read_file(stage: Stage, troupe: Troupe) -> None:
    """What a club system sends, with birth dates only: nobody's personal number is invented. One row cannot be read."""
    day = half_of(stage.today).first
    day += timedelta(days=(3 - day.weekday()) % 7 + 70)
    when = at(max(stage.today - timedelta(days=4), date(stage.year, 10, 1)), 20)
    kept = actions.upload_attendance(
        troupe.association, name="aggerud-hosten.xml", file=io.BytesIO(_dak(day).encode()), by=troupe.chair, at=when
    )
    actions.apply_attendance(kept, by=troupe.chair, at=when)


def _dak(first: date) -> str:
    people = "".join(
        f'<Deltagare id="p{number}"><Foernamn>{FIRST_NAMES[number]}</Foernamn><Efternamn>Å.</Efternamn>'
        f"<Personnummer>{'' if number == 9 else f'2013{number + 1:02d}15'}</Personnummer></Deltagare>\n"
        for number in range(10)
    )
    here = "".join(
        f'<Deltagare id="p{number}"><Handikapp>false</Handikapp><Naervarande>true</Naervarande></Deltagare>\n'
        for number in range(10)
    )
    sessions = "".join(
        f'<Sammankomst kod="AGG-{week}" Datum="{first + timedelta(days=7 * week)}">\n<StartTid>17:30:00</StartTid>'
        f"<StoppTid>19:00:00</StoppTid><Aktivitet>Fotboll</Aktivitet><Lokal>Aggeruds IP</Lokal><Typ>Traening</Typ>"
        f'<Metod>Add</Metod>\n<DeltagarLista>{here}</DeltagarLista>\n<LedarLista><Ledare id="l1"><Handikapp>false</Handikapp>'
        f"<Naervarande>true</Naervarande></Ledare></LedarLista></Sammankomst>\n"
        for week in range(4)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<Aktivitetskort xmlns="http://sverigesforeningssystem.se/importSchema.xsd">\n'
        f'<Kommun kommunID="1883" version="2.2"><Foerening foereningsID="17" foereningsNamn="{BY_FILE}">\n'
        '<Naervarokort NaervarokortNummer="4"><Aktivitet>Fotboll</Aktivitet><Lokal>Aggeruds IP</Lokal>'
        f"<NamnPaaKort>Knatte</NamnPaaKort><Sammankomster>\n{sessions}</Sammankomster></Naervarokort></Foerening></Kommun>\n"
        f'<DeltagarRegister>\n{people}</DeltagarRegister>\n<LedarRegister><Ledare id="l1"><Foernamn>Ludvig</Foernamn>'
        "<Efternamn>Ledarsson</Efternamn><Personnummer>19820615</Personnummer></Ledare></LedarRegister></Aktivitetskort>\n"
    )


def _apply(stage: Stage, troupe: Troupe, call: Call) -> None:
    when = stage.some_time(date(stage.year, 8, 12))
    draft = drafts.start(call, troupe.association, by=troupe.chair, at=when)
    draft = drafts.save_section(draft, "word", answers={"true": "yes"}, edition=draft.edition, by=troupe.chair, at=when)
    submission.hand_in(draft, by=troupe.chair, at=when)
