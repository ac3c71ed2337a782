"""Act six, the culture guarantee: last school year done and locked, this one planned, answered and half confirmed.

Made by the actions that people call. The dice are this act's own, so that the acts before it stay as they are.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounts import actions as accounts
from accounts.choices import Role
from accounts.models import User
from config.demo.cast import PASSWORD
from config.demo.culture_programme import DRAFT, PRODUCERS, SHOWS, TRY_IT, Show, day_of
from config.demo.stage import Stage, at
from culture import actions, setup
from culture.choices import ArtForm, SchoolKind, VisitStatus, Who
from culture.fitting import fragments_for
from culture.models import ClassGroup, Offer, Performance, Producer, School, SchoolYear, Visit
from facilities.actions import Taken
from facilities.models import Space
from records.refusals import NotAllowedNow

SIGN_IN = ("Rävåsskolan", "Bråtenskolan", "Lonnhyttans friskola")  # schools whose contact has an account
PARALLEL = ("Rävåsskolan", "Exempelskolan Öster")  # two classes in a grade
MIXED = {"Granbergsdals friskola": ((0, 1, 2), (3, 4, 5, 6)), "Lonnhyttans friskola": ((0, 1, 2, 3), (4, 5, 6), (7, 8, 9))}
DECLINES = "Granbergsdals friskola"
NOT_CONFIRMED = "Exempelskolan Väster"  # has not confirmed its list
SICK = "Gnistor: cirkus"  # one of its times is cancelled


def keep_the_guarantee(stage: Stage) -> None:
    """The whole act. Some ten seconds."""
    dice = Random(stage.dice.random())  # noqa: S311  not for secrets
    officer, first = stage.staff["kulturhandlaggare"], stage.year
    before = setup.karlskoga(first - 1, by=officer, at=at(date(first - 1, 6, 2), 9))
    year = setup.karlskoga(first, by=officer, at=at(date(first, 6, 1), 9))
    _contacts(stage, at(date(first - 1, 8, 17), 9))
    _classes(stage, before, dice)
    offers = _programme(stage, first)
    _last_year(stage, before, offers, dice)
    _next_classes(stage, before, year, dice)
    _times(stage, year, offers)
    told = _propose_and_publish(stage, year, at(date(first, 9, 23), 10))
    stage.say(f"{len(told)} visits of {ClassGroup.objects.filter(year=year).count()} classes in the culture plan")
    _answers(stage, year, dice)
    actions.measure_due(at=at(date(first, 10, 16), 6))
    _autumn(stage, year, dice)
    _cancelled(stage, year)
    _opinions(stage, year, dice)


# Schools and classes --------------------------------------------------------------------------------------------------


def _contacts(stage: Stage, when: datetime) -> None:
    """A contact at every school; three of them have accounts."""
    officer = stage.staff["kulturhandlaggare"]
    for school in School.objects.order_by("code"):
        place = school.name.lower().translate(str.maketrans("åäö ", "aao-"))
        email = f"kulturombud@{place}.example"
        actions.add_contact(school, email=email, name=f"Kulturombudet på {school.name}", by=officer, at=when)
        if school.name in SIGN_IN:
            person = accounts.add_person(email, at=when, name=f"Kulturombudet på {school.name}")
            accounts.demonstration_password(person, PASSWORD)
            by = stage.staff["administrator"]
            accounts.give_role(person, role=Role.SCHOOL, by=by, at=when, since=when.date(), reason="Demonstration")
            stage.schools.append((email, person.name))


def _classes(stage: Stage, year: SchoolYear, dice: Random) -> None:
    """Last year's classes, counted on the measuring date."""
    when = at(date(year.first, 8, 24), 10)
    for school in School.objects.order_by("code"):
        for name, grades in _class_names(school):
            counts = {year.first - grade: _size(school, grades, dice) for grade in grades}
            _add(stage, school, year, name, counts, when)
    actions.measure_due(at=at(date(year.first, 10, 16), 6))


def _class_names(school: School) -> Iterable[tuple[str, tuple[int, ...]]]:
    if SchoolKind.HOSPITAL in school.kinds:
        return [("Sjukhusgruppen", (3, 5, 8))]
    if school.name in MIXED:
        return [(f"{'F' if not grades[0] else grades[0]}-{grades[-1]}", grades) for grades in MIXED[school.name]]
    letters = "AB" if school.name in PARALLEL else "A"
    found = [(f"{grade or 'F'}{letter}", (grade,)) for grade in school.grades for letter in letters]
    return [*found, ("Anpassade 4-6", (4, 5, 6))] if SchoolKind.ADAPTED in school.kinds else found


def _size(school: School, grades: tuple[int, ...], dice: Random) -> int:
    if len(grades) > 1:
        return dice.randint(1, 3) if SchoolKind.HOSPITAL in school.kinds else dice.randint(4, 7)
    return dice.randint(19, 27)


def _add(stage: Stage, school: School, year: SchoolYear, name: str, counts: dict[int, int], when: datetime) -> ClassGroup:
    adapted = name.startswith("Anpassade")
    facts: dict[str, Any] = {"needs": ["step_free", "calm"], "is_adapted": True, "adults": 4} if adapted else {"adults": 2}
    by = stage.staff["kulturhandlaggare"]
    return actions.add_class(school, year, name, counts, by=by, at=when, **facts)


def _next_classes(stage: Stage, before: SchoolYear, year: SchoolYear, dice: Random) -> None:
    """This year's classes: last year's a year older, new first years, new sevens; the schools confirm their lists."""
    officer, when = stage.staff["kulturhandlaggare"], at(date(year.first, 8, 20), 10)
    for school in School.objects.order_by("code"):
        actions.carry_over(school, before, year, by=officer, at=when)
        there = set(ClassGroup.objects.filter(school=school, year=year).values_list("name", flat=True))
        for name, grades in _class_names(school):
            if name not in there and len(grades) == 1:
                _add(stage, school, year, name, {year.first - grades[0]: _size(school, grades, dice)}, when)
        if school.name != NOT_CONFIRMED:
            actions.confirm_list(school, year, by=officer, at=at(date(year.first, 9, 14), 11))
    declines = School.objects.get(name=DECLINES)
    actions.decline(declines, year, reason="Skolan har ett eget kulturprogram.", by=officer, at=at(date(year.first, 9, 10), 9))
    prao = School.objects.get(name="Exempelskolan Öster")
    monday = day_of(year.first, 12, 0)
    actions.block_days(
        prao, monday, monday + timedelta(days=4), year=year, by=officer, at=when, reason="Prao för årskurs 8 och 9"
    )


# The programme --------------------------------------------------------------------------------------------------------


def _programme(stage: Stage, first: int) -> dict[str, Offer]:
    """Producers with their papers, and what they offer. One has no F-tax, so its offer stays a draft (case 41)."""
    officer, when = stage.staff["kulturhandlaggare"], at(date(first - 1, 6, 8), 10)
    for name, kind, text, has_tax in PRODUCERS:
        producer = actions.add_producer(name, by=officer, at=when, is_example=True)
        actions.add_evidence(producer, kind=kind, text=text, seen_on=when.date(), by=officer, at=when)
        actions.note_tax(producer, approved=has_tax, seen_on=when.date(), by=officer, at=when)
        if has_tax:
            actions.sign_agreement(
                producer, signed_on=when.date(), first=when.date(), about="Skolföreställningar", by=officer, at=when
            )
    offers = {show.title: _offer(stage, show, when) for show in (*SHOWS, TRY_IT)}
    _offer(stage, DRAFT, when, publish=False)
    return offers


def _offer(stage: Stage, show: Show, when: datetime, *, publish: bool = True) -> Offer:
    officer = stage.staff["kulturhandlaggare"]
    producer = Producer.objects.get(name=show.producer) if show.producer else Producer.objects.get(is_own=True)
    offer = actions.add_offer(
        producer,
        show.title,
        by=officer,
        at=when,
        agreement=producer.agreements.first(),
        description="Ett exempel i demonstrationen.",
        art_form=show.art,
        grades=list(show.grades),
        seats=show.seats,
        groups=show.groups,
        minutes=60,
        price=show.cost,
        travel=Decimal(900) if show.touring else Decimal(0),
        is_touring=show.touring,
        is_professional=show.professional,
        access=list(show.access),
        is_calm=show.calm,
        for_adapted=show.calm,
        without_words=show.art in {ArtForm.DANCE, ArtForm.MUSIC, ArtForm.CIRCUS},
        is_example=True,
    )
    return actions.publish_offer(offer, by=officer, at=when) if publish else offer


def _times(stage: Stage, year: SchoolYear, offers: dict[str, Offer]) -> None:
    """When everything is given this year; the venue is held, and another day tried when it is taken."""
    planned = at(date(year.first, 8, 27), 10)
    spaces = {(space.venue.key, space.name): space for space in Space.objects.select_related("venue")}
    for number, show in enumerate((*SHOWS, TRY_IT)):
        for week in show.weeks:
            _plan(stage, offers[show.title], show, day_of(year.first, week, number % 5), planned, spaces)


def _plan(
    stage: Stage, offer: Offer, show: Show, day: date, when: datetime, spaces: dict[tuple[str, str], Space]
) -> Performance | None:
    for later in range(3):
        begins = at(day + timedelta(days=7 * later), 10)
        try:
            return actions.plan_performance(
                offer,
                begins,
                begins + timedelta(hours=1),
                by=stage.staff["kulturhandlaggare"],
                at=when,
                space=spaces[show.space] if show.space else None,
                is_touring=show.touring,
                place="" if show.space or show.touring else "Kulturverkstaden (exempel)",
                place_step_free=not show.space and not show.touring,
            )
        except (Taken, NotAllowedNow):
            continue
    return None


# School years ---------------------------------------------------------------------------------------------------------


def _last_year(stage: Stage, year: SchoolYear, offers: dict[str, Offer], dice: Random) -> None:
    """Planned, published, and confirmed but for a few that never came; the figures are locked in August."""
    officer = stage.staff["kulturhandlaggare"]
    _times(stage, year, offers)
    for number, visit in enumerate(_give_places(stage, year, at(date(year.first, 9, 23), 10))):
        when = at(visit.day + timedelta(days=1 + number % 5), 14)
        if number % 13 == 6:
            actions.miss_visit(visit, reason="Klassen hade fått fel dag.", by=officer, at=when)
        else:
            here = max(1, visit.pupils - dice.choice((0, 0, 0, 1, 2)))
            actions.confirm_visit(visit, here, by=officer, at=when)
    actions.lock_due(at=at(date(year.first + 1, 8, 16), 5))


def _propose_and_publish(stage: Stage, year: SchoolYear, when: datetime) -> list[Visit]:
    """Classes of several grades are divided by hand; for all others the computed plan is published as it is."""
    officer = stage.staff["kulturhandlaggare"]
    _give_places(stage, year, when, told=False, only_divided=True)
    run = actions.ask_for_plan(year, by=officer, at=when, name="Förslag för hela läsåret", seed=year.first)
    actions.compute_plan(run.pk, at=when, clock=lambda: when)
    run.refresh_from_db()
    return actions.publish_plan(run, by=officer, at=when + timedelta(hours=3))


def _give_places(stage: Stage, year: SchoolYear, when: datetime, *, told: bool = True, only_divided: bool = False) -> list[Visit]:
    """Each class gets the first professional performance that suits it and has room: by hand, as an officer does it.

    only_divided: only classes of several grades, at schools that take part.
    """
    officer = stage.staff["kulturhandlaggare"]
    shows = list(
        Performance.objects.standing()
        .filter(year=year, is_touring=False, offer__is_professional=True)
        .select_related("offer")
        .order_by("starts_at", "pk")
    )
    given = []
    for group in ClassGroup.objects.filter(year=year).running().with_counts().order_by("school__code", "key"):
        if only_divided and (len(group.fragments.all()) == 1 or group.school.name == DECLINES):
            continue
        for performance in shows:
            if not fragments_for(group, performance.offer):
                continue
            try:
                given.append(actions.give_place(group, performance, by=officer, at=when, told=told))
                break
            except NotAllowedNow:
                continue
    return given


def _answers(stage: Stage, year: SchoolYear, dice: Random) -> None:
    """Most schools answer yes; two say no, one asks for another time; some have not answered yet."""
    officer, when = stage.staff["kulturhandlaggare"], at(date(year.first, 10, 6), 15)
    visits = list(Visit.objects.unanswered().filter(class_group__year=year).order_by("pk"))
    for number, visit in enumerate(visits):
        if number % 11 == 5:
            continue
        answer, reason = "yes", ""
        if number in {7, 31}:
            answer, reason = "no", dice.choice(("Klassen är på lägerskola.", "Vi har nationella prov den dagen."))
        elif number == 18:
            answer, reason = "change", "Hellre en förmiddag senare i veckan."
        actions.answer_visit(visit, answer, reason=reason, by=officer, at=when)


def _autumn(stage: Stage, year: SchoolYear, dice: Random) -> None:
    """What has taken place is confirmed by the schools, but for the latest week and one that was missed."""
    officer = stage.staff["kulturhandlaggare"]
    past = Visit.objects.filter(class_group__year=year, status=VisitStatus.BOOKED, day__lt=stage.today)
    for number, visit in enumerate(past.select_related("class_group__school", "performance").order_by("day", "pk")):
        when = at(visit.day + timedelta(days=1 + number % 4), 14)
        if visit.day > stage.today - timedelta(days=7) or when.date() > stage.today:
            continue
        by = _speaker(visit.class_group.school) or officer
        if number == 3:
            actions.miss_visit(visit, reason="Bussen kom inte.", by=by, at=when)
            continue
        absent = dice.choice((0, 0, 0, 1, 2, 5))
        here = max(1, visit.pupils - absent)
        actions.confirm_visit(visit, here, absent=visit.pupils - here, by=by, at=when)


def _speaker(school: School) -> User | None:
    emails = school.contacts.values_list("email", flat=True)
    return User.objects.filter(email__in=list(emails)).first()


def _cancelled(stage: Stage, year: SchoolYear) -> None:
    """A circus time ahead is cancelled: its classes go first in the next proposal (case 9)."""
    ahead = Performance.objects.standing().filter(year=year, offer__title=SICK, starts_at__gt=at(stage.today), groups_taken__gt=0)
    if (performance := ahead.order_by("starts_at").first()) is not None:
        reason = "Artisterna är sjuka. Vi planerar nya tider."
        actions.cancel_performance(
            performance, reason=reason, by=stage.staff["kulturhandlaggare"], at=at(stage.today - timedelta(days=2), 10)
        )


def _opinions(stage: Stage, year: SchoolYear, dice: Random) -> None:
    """Pupils and teachers at one performance say what they thought."""
    visit = Visit.objects.filter(class_group__year=year, status=VisitStatus.CONFIRMED).order_by("day", "pk").first()
    if visit is None:
        return
    when = at(visit.day + timedelta(days=6), 13)
    if when.date() > stage.today:
        return
    link, _token = actions.evaluation_link(visit, by=stage.staff["kulturhandlaggare"], at=when)
    words = ("Det bästa jag sett!", "Lite högt ljud.", "Vi pratade om det hela veckan.", "", "", "")
    for number in range(9):
        who = Who.TEACHER if number > 6 else Who.PUPIL
        answers = {"liked": dice.choice((2, 3, 4, 4)), "suited": dice.choice((3, 4, 4)), "again": dice.choice((2, 3, 4, 4))}
        actions.evaluate(link, who, at=when, words=dice.choice(words), **answers)
