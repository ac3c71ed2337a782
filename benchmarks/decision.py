"""A season decided and undone: halls, clubs and groups of a made-up season, every week of every time a booking."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection
from django.urls import reverse

from accounts.actions import add_person, give_role
from accounts.choices import Role
from associations.choices import AssociationStatus
from associations.models import Association, Category
from benchmarks.data.seasons import season as made_up
from benchmarks.harness import Bench, Figures
from benchmarks.season import QUICK
from facilities import actions
from facilities.choices import RoundStatus, RunStatus, StepKind, UseKind
from facilities.models import Booking, OpeningHours, PrincipleSet, SeasonRound, SeasonRun, SeasonStep, Section, Space, WishList
from facilities.rules.allocation.engine import proposed
from facilities.rules.allocation.plan import plan_digest
from facilities.rules.allocation.principles import principles_to_json
from facilities.rules.allocation.problem import Hall, Problem, digest
from facilities.rules.allocation.reasons import Reasons
from facilities.rules.allocation.stored import to_text
from facilities.rules.pricing import CancelStep, Rate, Share, Tariff

AT = datetime(2027, 6, 14, 9, 0, tzinfo=UTC)


def measure(bench: Bench) -> Figures:
    """Times of the wall; *_cpu_seconds is this process's own, *_database_cpu_seconds that of the database meanwhile."""
    officer, problem = _people(), made_up("small" if bench.small else "a")
    bench.say("a proposal, quickly made")
    season = _shown(problem, officer)
    reverse("home")  # the addresses of the house are read once in a process
    figures: Figures = {"associations": WishList.objects.count(), "groups": Section.objects.count()}
    bench.say("foreseen")
    figures |= _timed("foresee", lambda: actions.foresee(season, at=AT))
    bench.say("decided")
    figures |= _timed("decide", lambda: actions.decide_season(season, by=officer, at=AT))
    given = Booking.objects.filter(kind=UseKind.SEASON)
    figures |= {"times": season.times.count(), "bookings": given.count(), "unpriced": given.filter(tariff=None).count()}
    bench.say("undone")
    figures |= _timed("undo", lambda: actions.undo_decision(season, reason="Prov", by=officer, at=AT))
    figures["left_lost"] = given.taking_space().count()
    return figures


def _timed(name: str, work: Callable[[], object]) -> Figures:
    asked = 0

    def counted(execute: Callable[..., object], *statement: object) -> object:
        nonlocal asked
        asked += 1
        return execute(*statement)

    with connection.execute_wrapper(counted):
        wall, cpu, database = time.perf_counter(), time.process_time(), _database_cpu()
        work()
        cpu, wall, database = time.process_time() - cpu, time.perf_counter() - wall, _database_cpu() - database
    return {
        f"{name}_seconds": wall,
        f"{name}_cpu_seconds": cpu,
        f"{name}_database_cpu_seconds": database,
        f"{name}_queries": asked,
    }


def _database_cpu() -> float:
    """Seconds that the process behind our connection has used until now; 0 where that cannot be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        path = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not path.exists():
        return 0.0
    used = path.read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def _people() -> Any:
    officer = add_person("bench@example.org", name="Bench", password="kaffe-och-bulle-17", at=AT)  # noqa: S106 - nobody's
    give_role(officer, role=Role.OFFICER, limit=None, by=None, at=datetime(2020, 1, 1, tzinfo=UTC))
    rules = Tariff(
        rates=(
            Rate(kronor=Decimal(120)),
            Rate(kronor=Decimal(180), starts=17 * 60, ends=22 * 60, weekdays=frozenset(range(5))),
        ),
        shares=(Share("", "training", Decimal(20)),),
        cancel_steps=(CancelStep(1, Decimal(100)),),
    )
    actions.publish_tariff(actions.Plan(name="Bench", valid_from=date(2020, 1, 1), rules=rules), by=None, at=AT)
    return officer


def _shown(problem: Problem, officer: Any) -> SeasonRound:
    """The problem as rows, and a quick plan of it that is shown."""
    halls: dict[str, Space] = {}
    spaces: dict[str, Space] = {}
    for hall in problem.halls:
        halls[hall.key], found = _hall(hall)
        spaces |= found
    principles = PrincipleSet.objects.create(name="Bench", principles=principles_to_json(problem.principles))
    season = SeasonRound.objects.create(
        name="Bench",
        since=problem.since,
        until=problem.until,
        opens_on=date(2027, 3, 1),
        wishes_until=date(2027, 4, 1),
        proposed_on=date(2027, 5, 1),
        comments_until=date(2027, 5, 20),
        decided_on=date(2027, 6, 14),
        principles=principles,
        seed="lott",
        status=RoundStatus.CLOSED,
    )
    season.halls.set(list(halls.values()))
    problem = _with_keys(problem, season, officer, spaces)
    plan = proposed(problem, QUICK)
    run = SeasonRun.objects.create(
        season=season,
        status=RunStatus.DONE,
        problem=to_text(problem),
        problem_sha256=digest(problem),
        made_at=AT,
        made_by=officer,
    )
    step = SeasonStep.objects.create(
        run=run,
        number=0,
        kind=StepKind.COMPUTED,
        made_at=AT,
        plan=to_text(plan),
        plan_sha256=plan_digest(plan),
        reasons=to_text(Reasons((), ())),
    )
    SeasonRound.objects.filter(pk=season.pk).update(status=RoundStatus.PROPOSED, shown=step)
    return SeasonRound.objects.get(pk=season.pk)


def _hall(hall: Hall) -> tuple[Space, dict[str, Space]]:
    venue = actions.add_venue(key=hall.key.lower(), name=hall.name, by=None, at=AT)
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=venue, weekday=weekday, opens=480, closes=1320, since=date(2020, 1, 1)) for weekday in range(7)
    )
    found: dict[str, Space] = {}
    for each in hall.spaces:
        found[each.key] = actions.add_space(venue, each.key, parent=found.get(each.parent or ""), by=None, at=AT)
    return found[hall.key], found


def _with_keys(problem: Problem, season: SeasonRound, officer: Any, spaces: dict[str, Space]) -> Problem:
    """Clubs and groups as rows; the problem with the keys of all rows."""
    category = Category.objects.get_or_create(key="bench", defaults={"name": "Bench"})[0]
    clubs = {
        name: Association.objects.create(
            name=name,
            organisation_number=f"80240{number:05}",
            category=category,
            status=AssociationStatus.REGISTERED,
            registered_on=date(2020, 1, 1),
            email=f"klubb{number}@example.org",
        )
        for number, name in enumerate(sorted({section.club for section in problem.sections}))
    }
    lists = {name: WishList.objects.create(season=season, association=club, made_at=AT) for name, club in clubs.items()}
    rows = {}
    for each in problem.sections:
        rows[each.key] = Section.objects.create(
            wishes=lists[each.club],
            name=each.name,
            age_from=each.ages[0],
            age_to=each.ages[1],
            girls=each.girls,
            boys=each.boys,
            passes=each.passes,
            shortest=each.shortest,
            longest=each.longest,
            since=each.since,
            until=each.until,
        )
    WishList.objects.update(handed_in_at=AT, handed_in_by=officer)

    def key(name: str) -> str:
        return str(spaces[name].pk)

    return replace(
        problem,
        halls=tuple(
            replace(
                hall,
                key=key(hall.key),
                spaces=tuple(
                    replace(each, key=key(each.key), parent=key(each.parent) if each.parent else None) for each in hall.spaces
                ),
            )
            for hall in problem.halls
        ),
        openings=tuple(replace(each, hall=key(each.hall)) for each in problem.openings),
        standing=tuple(replace(each, hall=key(each.hall), space=key(each.space)) for each in problem.standing),
        sections=tuple(
            replace(
                each,
                key=str(rows[each.key].pk),
                spaces=tuple(
                    replace(one, hall=key(one.hall), space=key(one.space) if one.space else one.space) for one in each.spaces
                ),
            )
            for each in problem.sections
        ),
    )
