"""Act five, what comes after the halls: three seasons' rounds of fixed weekly times, played by the actions that people call.

One runs. One is closed, with the wishes of a dozen associations waiting for a proposal; one is open for wishes now.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from config.demo import season_running
from config.demo.season_wishes import BEGUN_ONLY, HALLS, WISHES, Wanted
from config.demo.stage import Stage, at
from facilities import actions
from facilities.actions.rounds import RoundPlan
from facilities.actions.wishes import Hours, Place, SectionWish
from facilities.models import PrincipleSet, SeasonRound, Space, WishList
from facilities.rules.allocation.examples import SOME_TIME_FOR_ALL, YOUNG_FIRST

EXAMPLE = "Ett exempel i demonstrationen, inte antaget av kommunen."
OUTDOOR = (("nobelstadion", "Plan"), ("sparomradet", "Spåren"), ("aggerudsskolan", "Gymnastiksal"))
Spaces = dict[tuple[str, str], Space]


def keep_seasons(stage: Stage) -> None:
    """The whole act. No dice: the wishes are written down."""
    spaces = {(space.venue.key, space.name): space for space in Space.objects.select_related("venue")}
    running = _round_that_runs(stage, spaces)
    principles = _write_principles(stage)
    closed = _round_that_is_closed(stage, principles, spaces)
    opened = _round_that_is_open(stage, principles, spaces)
    groups = len(WISHES)
    stage.say(f"{running} is decided and runs; {groups} groups wish for {closed}; {opened} is open for wishes")


def _write_principles(stage: Stage) -> PrincipleSet:
    """One set for both rounds, and a draft of another to read, try and change."""
    officer, first = stage.staff["handlaggare"], at(stage.today - timedelta(days=70), 10)
    year = stage.today.year + 1
    adopted = replace(YOUNG_FIRST, name=f"Exempelprinciper {year}: barn och unga först")
    draft = replace(SOME_TIME_FOR_ALL, name=f"Utkast {year + 1}: alla får någon tid")
    later = at(stage.today - timedelta(days=3), 14)
    actions.write_principles(draft, by=officer, at=later, source=EXAMPLE, is_example=True)
    return actions.write_principles(adopted, by=officer, at=first, source=EXAMPLE, is_example=True)


def _next_season(today: date) -> tuple[date, date]:
    """From the last Monday of next August that is not long past, until the end of April."""
    year = today.year + (today >= date(today.year, 8, 1))
    last = date(year, 8, 31)
    return last - timedelta(days=last.weekday()), date(year + 1, 5, 1)


def _round_that_runs(stage: Stage, spaces: Spaces) -> SeasonRound:
    """School gyms, since last August."""
    next_since, next_until = _next_season(stage.today)
    since, until = next_since - timedelta(days=364), date(next_until.year - 1, next_until.month, next_until.day)
    plan = season_running.plan_of(stage, since, until, spaces, EXAMPLE)
    officer, year = stage.staff["handlaggare"], since.year
    season = _opened(stage, plan, plan.opens_on)
    wishes = season_running.in_gyms(WISHES)
    for number, club in enumerate(dict.fromkeys(wanted.club for wanted in wishes)):
        day = date(year, 5, 2 + number)
        _wish(stage, season, club, [each for each in wishes if each.club == club], spaces, at(day, 19))
    season = actions.close_round(season, by=officer, at=at(date(year, 5, 18), 8))
    season_running.use(stage, season_running.decide(stage, season))
    return season


def _round_that_is_closed(stage: Stage, principles: PrincipleSet, spaces: Spaces) -> SeasonRound:
    since, until = _next_season(stage.today)
    officer, today = stage.staff["handlaggare"], stage.today
    plan = RoundPlan(
        name=f"Fasta tider {since.year}/{until.year % 100:02d}",
        since=since,
        until=until,
        opens_on=today - timedelta(days=45),
        wishes_until=today - timedelta(days=7),
        proposed_on=today + timedelta(days=14),
        comments_until=today + timedelta(days=35),
        decided_on=today + timedelta(days=49),
        checked_on=since + timedelta(days=28),
        halls=tuple(spaces[venue, name] for venue, name, _parts in HALLS),
        principles=principles,
    )
    season = _opened(stage, plan, today - timedelta(days=45))
    clubs = dict.fromkeys(wanted.club for wanted in WISHES)
    for number, club in enumerate(clubs):
        day = today - timedelta(days=30 - number)
        _wish(stage, season, club, [each for each in WISHES if each.club == club], spaces, at(day, 19))
    return actions.close_round(season, by=officer, at=at(today - timedelta(days=6), 8))


def _round_that_is_open(stage: Stage, principles: PrincipleSet, spaces: Spaces) -> SeasonRound:
    """Summer outdoors: nobody has begun yet."""
    since, _until = _next_season(stage.today)
    begins, today = date(since.year, 5, 3), stage.today
    if begins <= today + timedelta(days=60):
        begins = date(since.year + 1, 5, 3)
    plan = RoundPlan(
        name=f"Sommartider {begins.year}",
        since=begins,
        until=date(begins.year, 8, 28),
        opens_on=today - timedelta(days=5),
        wishes_until=today + timedelta(days=25),
        proposed_on=today + timedelta(days=39),
        comments_until=today + timedelta(days=53),
        decided_on=today + timedelta(days=60),
        halls=tuple(spaces[key] for key in OUTDOOR),
        principles=principles,
    )
    return _opened(stage, plan, today - timedelta(days=5))


def _opened(stage: Stage, plan: RoundPlan, day: date) -> SeasonRound:
    officer = stage.staff["handlaggare"]
    season = actions.plan_round(plan, by=officer, at=at(day - timedelta(days=10), 13))
    return actions.open_round(season, by=officer, at=at(day, 9), seed=f"demonstration-{plan.since:%Y-%m-%d}")


def _wish(stage: Stage, season: SeasonRound, club: str, wanted: Iterable[Wanted], spaces: Spaces, when: datetime) -> WishList:
    troupe = stage.troupe(club)
    wishes = actions.begin_wishes(season, troupe.association, by=troupe.chair, at=when)
    for number, each in enumerate(wanted):
        actions.save_section(wishes, _as_wish(each, spaces), by=troupe.chair, at=when + timedelta(minutes=4 + 6 * number))
    if club == BEGUN_ONLY:
        return wishes
    return actions.hand_in_wishes(wishes, by=troupe.chair, at=when + timedelta(hours=1))


def _as_wish(wanted: Wanted, spaces: Spaces) -> SectionWish:
    return SectionWish(
        name=wanted.name,
        age_from=wanted.ages[0],
        age_to=wanted.ages[1],
        girls=wanted.people[0],
        boys=wanted.people[1],
        passes=wanted.passes,
        shortest=wanted.minutes[0],
        longest=wanted.minutes[1],
        sport=wanted.sport,
        division=wanted.division,
        disability=wanted.disability,
        hours=tuple(
            Hours(day, int(starts * 60), int(ends * 60), choice) for days, starts, ends, choice in wanted.hours for day in days
        ),
        places=tuple(Place(spaces[venue, name], parts) for venue, name, parts in wanted.places),
    )
