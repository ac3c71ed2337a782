"""Act five, the halls: Karlskoga's venues, a season of bookings, requests, closures, a waiting list and faults.

Made by the actions that people call. The dice are this act's own, so that the acts before it stay as they are.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from accounts.models import User
from config.demo.stage import Stage, at
from config.demo.timetable import ASKED, SEASON, SINGLE, Slot
from facilities import actions
from facilities.actions.karlskoga import enter_venues
from facilities.choices import BookingStatus, FaultStatus, UseForm, UseKind
from facilities.models import Booking, Space, Tariff, Venue
from facilities.rules.opening import local_span
from facilities.rules.series import Pattern
from facilities.rules.spans import Span
from records.refusals import NotAllowedNow

NOTED = timedelta(days=21)  # how far back the staff have noted who came
NO_SHOWS = 4
JANUARY = 1


def keep_venues(stage: Stage) -> None:
    """The whole act. Seconds, not minutes."""
    dice = Random(stage.dice.random())  # noqa: S311  not for secrets
    opened = date(stage.year - 1, 3, 2)
    enter_venues(by=stage.staff["handlaggare"], at=at(opened, 9))
    spaces = {(space.venue.key, space.name): space for space in Space.objects.select_related("venue")}
    _describe(stage, spaces, at(opened, 10))
    _close_for_christmas(stage)
    booked = [_season(stage, slot, spaces) for slot in SEASON]
    _own_use(stage, spaces)
    _single(stage, spaces)
    _requests(stage, spaces)
    _private(stage, spaces)
    stage.say(f"{sum(booked)} times of a season, and {len(SINGLE)} others, booked in {Venue.objects.count()} venues")
    _cancel_late(stage, dice)
    _note_who_came(stage, dice)
    _closures(stage, spaces)
    _waiting_list(stage, spaces)
    _faults(stage, spaces)
    _next_tariff(stage)


def _season_of(stage: Stage) -> tuple[date, date]:
    """From the last Monday of August until the end of April, around today."""
    first = date(stage.year, 8, 31) if stage.today >= date(stage.year, 8, 31) else date(stage.year - 1, 8, 31)
    return first - timedelta(days=first.weekday()), date(first.year + 1, 4, 30)


def _describe(stage: Stage, spaces: dict[tuple[str, str], Space], when: datetime) -> None:
    """Accessibility and capacity, so that one can filter: examples, and labelled so."""
    officer = stage.staff["handlaggare"]
    facts = {
        "access": ["step_free", "toilet", "parking"],
        "access_note": "Exempel i demonstrationen, inte kontrollerat på plats.",
        "is_example": True,
    }
    for venue in Venue.objects.all():
        more = ["changing_room"] if venue.key in {"nobelhallen", "kemab-arena", "strandbadet"} else []
        more += ["hearing_loop", "wheelchair_seats", "lift"] if venue.key == "nya-folkets-hus" else []
        actions.describe_venue(venue, {**facts, "access": facts["access"] + more}, by=officer, at=when)  # type: ignore[operator]
    rooms = {"Festlokal": 120, "Möteslokal": 30, "Scen": 200, "Biograf": 120, "Musikrum": 8, "Danssal": 30, "Utställningsrum": 60}
    for name, people in rooms.items():
        actions.describe_space(spaces["nya-folkets-hus", name], {"capacity": people}, by=officer, at=when)
    asked = {
        "needs_approval": True,
        "answer_days": 3,
        "shortest": 120,
        "grid": 30,
        "minimum_age": 18,
        "after": 60,
        "days_ahead": 365,
    }
    actions.write_rules(spaces["nya-folkets-hus", "Festlokal"], asked, since=None, by=officer, at=when)


def _close_for_christmas(stage: Stage) -> None:
    first, _last = _season_of(stage)
    days = [date(first.year, 12, day) for day in (24, 25, 26, 31)] + [date(first.year + 1, JANUARY, 1)]
    when = at(date(first.year, 5, 4), 9)
    for venue in Venue.objects.order_by("pk"):
        actions.add_exceptions(venue, days, [], reason="Jul och nyår", by=stage.staff["handlaggare"], at=when)


def _span(day: date, starts: float, ends: float) -> Span:
    return local_span(day, int(starts * 60), int(ends * 60))


def _free(space: Space, day: date, starts: float, ends: float, *, by: User, when: datetime) -> Span:
    """The time on the first day on or after *day* on which the space is open and free."""
    for later in range(14):
        span = _span(day + timedelta(days=later), starts, ends)
        if actions.look(space, span, actions.Wish(form=""), by=by, at=when, own=True).is_free:
            return span
    raise ValueError(f"{space} has no such time for two weeks.")


def _wish(stage: Stage, association: str, title: str, people: int, young: int, form: str) -> actions.Wish:
    """Girls and boys as in the association."""
    troupe = stage.troupe(association)
    women = round(people * troupe.girls / 100)
    return actions.Wish(
        association=troupe.association,
        title=title,
        people=people,
        young=young,
        women=women,
        men=people - women,
        form=form,
        age=40,
    )


def _season(stage: Stage, slot: Slot, spaces: dict[tuple[str, str], Space]) -> int:
    """Book a weekly time for the whole season; the days that are not open are skipped. How many times."""
    first, last = _season_of(stage)
    begins = first + timedelta(days=slot.weekday)
    pattern = Pattern(begins, last, int(slot.starts * 60), int(slot.ends * 60))
    wish = _wish(stage, slot.association, slot.title, slot.people, slot.young, slot.form)
    space, when = spaces[slot.venue, slot.space], at(date(first.year, 6, 1) + timedelta(days=slot.weekday), 19)
    shut = [day.day for day in actions.plan_series(space, pattern, wish, at=when) if not day.is_free]
    chair = stage.troupe(slot.association).chair
    return len(actions.book_series(space, pattern, wish, by=chair, at=when, skip=shut))


def _own_use(stage: Stage, spaces: dict[tuple[str, str], Space]) -> None:
    first, last = _season_of(stage)
    for weekday in (0, 2):
        pattern = Pattern(first + timedelta(days=weekday), last, 9 * 60, 11 * 60)
        lane, when = spaces["strandbadet", "Bassäng, bana 1"], at(date(first.year, 6, 8), 10)
        by = stage.staff["vaktmastare"]
        shut = [day.day for day in actions.plan_series(lane, pattern, actions.Wish(form=""), at=when) if not day.is_free]
        actions.take_series_for(lane, pattern, title="Skolornas simundervisning", by=by, at=when, skip=shut)


def _single(stage: Stage, spaces: dict[tuple[str, str], Space]) -> None:
    """Times of their own; one that meets something of the season is left out."""
    for name, venue, space, days, starts, ends, title, people, young, form in SINGLE:
        day = stage.today + timedelta(days=days)
        booked_on = min(day, stage.today) - timedelta(days=12)
        wish = _wish(stage, name, title, people, young, form)
        try:
            actions.book(
                spaces[venue, space], _span(day, starts, ends), wish, by=stage.troupe(name).chair, at=stage_time(booked_on)
            )
        except NotAllowedNow:
            continue


def stage_time(day: date) -> datetime:
    """When volunteers book: in the evening."""
    return at(day, 20, 15)


def _requests(stage: Stage, spaces: dict[tuple[str, str], Space]) -> None:
    """Late, to be answered now, fresh; one approved and one refused before."""
    hall = spaces["nya-folkets-hus", "Festlokal"]
    for name, days, starts, ends, title, people, ago in ASKED:
        day = stage.today + timedelta(days=days)
        wish = _wish(stage, name, title, people, 0, UseForm.PARTY)
        chair, asked = stage.troupe(name).chair, stage_time(stage.today - timedelta(days=ago))
        actions.book(hall, _free(hall, day, starts, ends, by=chair, when=asked), wish, by=chair, at=asked)
    officer, earlier = stage.staff["handlaggare"], stage.today - timedelta(days=25)
    for number, (name, title) in enumerate((("Visans Vänner Bofors", "Visafton"), ("E-sport Möckeln", "Lan-kväll"))):
        wish = _wish(stage, name, title, 40, 0, UseForm.PARTY)
        chair, when = stage.troupe(name).chair, stage_time(earlier)
        span = _free(hall, stage.today + timedelta(days=15 + number), 18, 22, by=chair, when=when)
        request = actions.book(hall, span, wish, by=chair, at=when)
        answered = at(earlier + timedelta(days=1), 10)
        if number:
            actions.refuse(request, reason="Lokalen är stängd för målning den kvällen.", by=officer, at=answered)
        else:
            actions.approve(request, by=officer, at=answered)


def _private(stage: Stage, spaces: dict[tuple[str, str], Space]) -> None:
    """People who have rung, and got a code for the door."""
    officer, staff = stage.staff["handlaggare"], stage.staff["vaktmastare"]
    rung = (("Ingrid Exempelsson", 2, 13, 17, "50-årsfest"), ("Bo Exempelsson", 33, 12, 18, "Dop"))
    for name, days, starts, ends, title in rung:
        wish = actions.Wish(
            hirer_name=name, title=title, form=UseForm.PARTY, people=40, on_behalf=True, reason="Ringde kundtjänst."
        )
        hall, when = spaces["nya-folkets-hus", "Festlokal"], at(stage.today - timedelta(days=4), 11)
        span = _free(hall, stage.today + timedelta(days=days), starts, ends, by=officer, when=when)
        booking = actions.book(hall, span, wish, by=officer, at=when)
        actions.give_code(booking, f"{4100 + days}#", by=staff, at=when)


def _cancel_late(stage: Stage, dice: Random) -> None:
    """Three times cancelled the day before: the fee stays."""
    past = list(_used(stage, stage.today - timedelta(days=45), stage.today - timedelta(days=24)))
    for booking in dice.sample(past, 3):
        chair = stage.troupe(booking.association.name).chair if booking.association else None
        actions.cancel(booking, by=chair, at=booking.starts_at - timedelta(hours=20), reason="Sjukdom i gruppen.")


def _note_who_came(stage: Stage, dice: Random) -> None:
    """The last weeks, until yesterday; the evening of yesterday is left to note."""
    staff = stage.staff["vaktmastare"]
    past = list(_used(stage, stage.today - NOTED, stage.today - timedelta(days=1)))
    absent = set(dice.sample(range(len(past)), NO_SHOWS))
    for number, booking in enumerate(past):
        note = actions.note_absence if number in absent else actions.note_arrival
        note(booking, by=staff, at=booking.starts_at + timedelta(minutes=20))


def _used(stage: Stage, first: date, until: date) -> Iterator[Booking]:
    """Bookings of hirers that began in [first, until)."""
    rows = Booking.objects.filter(kind=UseKind.BOOKING, status=BookingStatus.CONFIRMED, starts_at__gte=at(first, 0))
    yield from rows.filter(starts_at__lt=at(until, 0)).select_related("space", "association").order_by("starts_at", "pk")


def _closures(stage: Stage, spaces: dict[tuple[str, str], Space]) -> None:
    """One that is over, and one in two weeks that cancels what stands there."""
    staff = stage.staff["vaktmastare"]
    past = stage.today - timedelta(days=55)
    actions.close(
        spaces["utomhusrinken", "Rinken"], _span(past, 8, 22), reason="Ingen is än", by=staff, at=at(past, 7), cancelling=True
    )
    day = stage.today + timedelta(days=12)
    span = Span(_span(day, 7, 8).starts, _span(day + timedelta(days=1), 21, 22).ends)
    when = at(stage.today - timedelta(days=2), 9)
    actions.close(spaces["nobelhallen", "B-hallen"], span, reason="Golvet slipas och lackas", by=staff, at=when, cancelling=True)


def _waiting_list(stage: Stage, spaces: dict[tuple[str, str], Space]) -> None:
    """Two wait for a taken time; a third gets an offer, because somebody let a time go last night."""
    rink = _coming(stage, spaces["nobelhallen", "A-hallen"])
    court = _coming(stage, spaces["kemab-arena", "Arenan"])
    when = stage_time(stage.today - timedelta(days=3))
    for name in ("Bregårdens Konståkare", "Lonntorps Skidor"):
        troupe = stage.troupe(name)
        form = UseForm.TRAINING
        actions.wait_for(rink.space, rink.span, troupe.association, form=form, by=troupe.chair, at=when, title="Extra istid")
    handball = stage.troupe("Häsängens Handboll")
    actions.wait_for(court.space, court.span, handball.association, form=UseForm.TRAINING, by=handball.chair, at=when, people=18)
    let_go = at(stage.today, 0, 5)
    chair = stage.troupe(court.association.name).chair if court.association else None
    actions.cancel(court, by=chair, at=let_go, reason="Laget spelar cup.")


def _coming(stage: Stage, space: Space) -> Booking:
    """The first time of a hirer there that begins in four days or later."""
    rows = Booking.objects.filter(space=space, kind=UseKind.BOOKING, status=BookingStatus.CONFIRMED)
    coming = rows.filter(starts_at__gte=at(stage.today + timedelta(days=4), 0)).select_related("space", "association")
    found = coming.exclude(association__name="Bregårdens Konståkare").order_by("starts_at").first()
    if found is None:
        raise ValueError(f"Nothing is booked in {space}.")
    return found


def _faults(stage: Stage, spaces: dict[tuple[str, str], Space]) -> None:
    """Reported, dangerous, being mended with the space closed, mended and answered."""
    staff, today = stage.staff["vaktmastare"], stage.today
    reports = (
        ("Nobelstadens Hockey", "nobelhallen", "A-hallen", 2, "En lampa över spelarbåset blinkar.", False),
        ("Möckelns IF", "kemab-arena", "Arenan, del 2", 1, "Handbollsmålet står löst och kan välta.", True),
        ("Karlskoga Ridvänner", "ridhuset", "Manegen", 6, "Bevattningen i ridhusets bortre hörn läcker.", False),
        ("Möckelns Dansförening", "nya-folkets-hus", "Danssal", 20, "Spegeln närmast dörren har en spricka.", False),
    )
    made = []
    for name, venue, space, ago, what, danger in reports:
        place, reporter = spaces[venue, space], stage.troupe(name).chair
        when = stage_time(today - timedelta(days=ago))
        made.append(actions.report_fault(place.venue, what, space=place, is_danger=danger, by=reporter, at=when))
    leak, mirror = made[2], made[3]
    morning = at(today - timedelta(days=5), 8)
    actions.follow_fault(leak, to=FaultStatus.MENDING, answer="Rörmokaren kommer i veckan.", by=staff, at=morning)
    half = spaces["ridhuset", "Manegen, halva b"]
    closed = Span(at(today - timedelta(days=1), 7), at(today + timedelta(days=6), 16))
    yesterday = at(today - timedelta(days=1), 7)
    try:
        actions.close_for_fault(leak, half, closed, by=staff, at=yesterday)
    except actions.Taken as shown:  # the page shows what stands there; the second press cancels it
        seen = [conflict.booking for conflict in shown.conflicts]
        actions.close_for_fault(leak, half, closed, by=staff, at=yesterday, seen=seen)
    mended = at(today - timedelta(days=16), 14)
    actions.follow_fault(mirror, to=FaultStatus.DONE, answer="Spegeln är bytt. Tack!", by=staff, at=mended)


def _next_tariff(stage: Stage) -> None:
    """A draft for the coming year, three percent dearer, to try and to publish."""
    held = Tariff.objects.select_related("reference").in_force(stage.today).first()
    if held is None:
        raise ValueError("There is no tariff.")
    year = stage.today.year + 1
    plan = actions.next_year(held, percent=Decimal(3), valid_from=date(year, 1, 1), name=f"Exempeltaxa {year}")
    source = "Exempel i demonstrationen: uppräkning med 3 %."
    actions.write_draft(replace(plan, source=source), by=stage.staff["handlaggare"], at=at(stage.today - timedelta(days=3), 15))
