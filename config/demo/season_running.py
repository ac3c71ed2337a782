"""A season that runs: school gyms, decided in the summer, with bookings, a comment, unused dates, a notice and an offer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from config.demo.season_wishes import AGGERUD, BRATEN, GYMNASTICS, HASANG, RAVAS, STRANING, WEEKDAYS, Wanted
from config.demo.stage import Stage, at
from facilities import actions
from facilities.actions.rounds import RoundPlan
from facilities.models import Booking, SeasonRound, SeasonTime, Space
from facilities.rules.allocation.examples import YOUNG_FIRST

GYMS = (RAVAS, HASANG, STRANING, AGGERUD, BRATEN)
REASON = "Ingen har kommit de senaste gångerna. Behöver ni tiden, och i så fall till vad?"
COMMENT = "Vi hade hellre haft tisdagen, då vår ledare slutar tidigare. Går det att byta?"
ANSWER = "Tisdagen hålls av en grupp på samma steg som drog en lägre lott. Ni kan be dem byta när säsongen har börjat."


# Grown-ups who would train every weekday evening: more than there is room for, so somebody is told no and is next in order.
EAGER = tuple(
    Wanted(GYMNASTICS, name, "gymnastik", ages, people, 5, (90, 90), (STRANING,), ((WEEKDAYS, 17, 20, 1),))
    for name, ages, people in (("Seniorgympa", (65, 85), (18, 5)), ("Dansgympa", (30, 60), (21, 2)))
)


def in_gyms(wishes: Iterable[Wanted]) -> list[Wanted]:
    """The wishes that school gyms can meet, and two that want more than there is."""
    return [*(each for each in wishes if all(place in GYMS for place in each.places)), *EAGER]


def plan_of(stage: Stage, since: date, until: date, spaces: dict[tuple[str, str], Space], source: str) -> RoundPlan:
    """The round as it was planned in the spring before."""
    officer, year = stage.staff["handlaggare"], since.year
    principles = actions.write_principles(
        replace(YOUNG_FIRST, name=f"Exempelprinciper {year}: barn och unga först"),
        by=officer,
        at=at(date(year, 4, 2), 10),
        source=source,
        is_example=True,
    )
    return RoundPlan(
        name=f"Gymnastiksalar {year}/{until.year % 100:02d}",
        since=since,
        until=until,
        opens_on=date(year, 4, 20),
        wishes_until=date(year, 5, 17),
        proposed_on=date(year, 5, 25),
        comments_until=date(year, 6, 7),
        decided_on=date(year, 6, 15),
        checked_on=since + timedelta(days=28),
        halls=tuple(spaces[venue, name] for venue, name, _parts in GYMS),
        principles=principles,
    )


def decide(stage: Stage, season: SeasonRound) -> list[SeasonTime]:
    """From closed wishes to bookings: computed, shown, commented, decided."""
    officer, year = stage.staff["handlaggare"], season.since.year
    when = at(date(year, 5, 25), 9)
    run = actions.ask_for_proposal(season, by=officer, at=when)
    actions.compute_proposal(run.pk, at=when, clock=lambda: when)
    season = actions.show_proposal(run, by=officer, at=at(date(year, 5, 26), 10))
    wishes = season.wish_lists.select_related("association").order_by("pk")[0]
    by = wishes.handed_in_by
    comment = actions.write_comment(season, wishes.association, COMMENT, by=by, at=at(date(year, 5, 30), 20))
    actions.answer_comment(comment, ANSWER, by=officer, at=at(date(year, 6, 2), 13))
    actions.decide_season(season, by=officer, at=at(date(year, 6, 15), 10))
    return list(season.times.select_related("association", "section", "hall__venue").order_by("pk"))


def use(stage: Stage, times: list[SeasonTime]) -> None:
    """What has been noted since it began: most came, one group did not; a date is given back."""
    keeper, officer = stage.staff["vaktmastare"], stage.staff["handlaggare"]
    unused = next(time for time in reversed(times) if time.starts > 17 * 60)
    for time in times:
        for number, booking in enumerate(_past(time, at(stage.today, 8))[-6:]):
            if time == unused and number:
                actions.note_absence(booking, by=keeper, at=booking.ends_at)
            elif number % 5 != 4:
                actions.note_arrival(booking, by=keeper, at=booking.starts_at)
    actions.send_notice(unused, REASON, by=officer, at=at(stage.today - timedelta(days=2), 9))
    young = [time for time in times if time.section and time.section.name == "Ungdom"]
    released = next(time for time in young if time.hall.venue.key == STRANING[0])
    coming = [booking for booking in _dates(released) if booking.starts_at > at(stage.today + timedelta(days=2))]
    if coming:
        speaker = stage.troupe(released.association.name).chair  # it goes to the next in order
        actions.release_day(released, localdate(coming[0].starts_at), by=speaker, at=at(stage.today, 8))


def _dates(time: SeasonTime) -> list[Booking]:
    return list(Booking.objects.filter(series__season_hold__time=time).order_by("starts_at", "pk"))


def _past(time: SeasonTime, now: datetime) -> list[Booking]:
    return [booking for booking in _dates(time) if booking.ends_at < now]
