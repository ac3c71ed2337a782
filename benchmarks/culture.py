"""The culture plan: a Karlskoga, a Gothenburg, and all Sweden by municipality; coverage, cost, reasons, planning anew."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from random import Random
from typing import Any

from benchmarks.data.culture import municipality
from benchmarks.harness import SEED, Bench, Figures
from culture.rules.plan.arcs import ground_of
from culture.rules.plan.check import faults_of
from culture.rules.plan.explain import reasons_of
from culture.rules.plan.flow import fewest_pupils, fewest_unserved
from culture.rules.plan.planner import Effort, Made, make_plan
from culture.rules.plan.problem import Problem
from culture.rules.plan.proposal import LevelName, plan_bytes
from culture.rules.plan.windows import Sweeps

MUNICIPALITIES, CLASSES = 290, 55_000
COVERAGE = Effort(cost=False, cover=60, line=0)
LARGE = Effort(line=0)
SPARE = 1.6  # seats offered for each that is needed


def measure(bench: Bench) -> Figures:
    """Seconds of the wall; cpu_seconds those of this process. Every plan is checked: faults counts what the checker found."""
    karlskoga, gothenburg = ((6, 60, 24), (10, 140, 48)) if bench.small else ((14, 150, 60), (150, 3_029, 990))
    once = Sweeps(schools=(5,), nodes=1)
    quick = Effort(nodes=1, whole=600, rounds=4, sweeps=once, wide=once, narrow=replace(once, worse=2000), line=0)
    return {
        "seed": SEED,
        "karlskoga": _town(bench, "Karlskoga", _problem(1, karlskoga), quick if bench.small else Effort()),
        "gothenburg": _town(bench, "Gothenburg", _problem(2, gothenburg), quick if bench.small else LARGE),
        "sweden": _sweden(bench, 5 if bench.small else MUNICIPALITIES),
    }


def _problem(number: int, size: tuple[int, int, int]) -> Problem:
    return municipality(_dice(number), *size, spare=SPARE, seed=SEED)


def _dice(number: int) -> Random:
    return Random(SEED + number)  # noqa: S311 - data, not secrets


class _Clock:
    """When each step of a plan began, and the work done until then."""

    def __init__(self, bench: Bench, name: str) -> None:
        self.bench, self.name, self.step = bench, name, ""
        self.begun, self.worked = time.perf_counter(), time.process_time()
        self.at: dict[str, float] = {}

    def __call__(self, step: str, _done: int, _of: int) -> None:
        if step != self.step:
            self.step, self.at[str(step)] = step, time.perf_counter() - self.begun
            self.bench.say(f"{self.name}: {step}")


def _town(bench: Bench, name: str, problem: Problem, effort: Effort) -> Figures:
    clock = _Clock(bench, name)
    made = make_plan(problem, clock, effort=effort)
    seconds, worked = time.perf_counter() - clock.begun, time.process_time() - clock.worked
    unserved, cost = made.plan.level(LevelName.UNSERVED), made.plan.level(LevelName.COST)
    figures: Figures = {
        "schools": len(problem.schools),
        "classes": len(problem.classes),
        "performances": len(problem.performances),
        "possible_bookings": len(made.ground.arcs),
        "coverage_seconds": clock.at["cost"],
        "coverage_proved": unserved.proved,
        "pupils_unserved": made.plan.pupils_unserved,
        "bound_unserved": fewest_pupils(made.ground, unserved.bound),
        "cost": cost.value,
        "cost_bound": cost.bound,
        "cost_gap": cost.gap,
        "cost_seconds": seconds - clock.at["cost"],
        "cpu_seconds": worked,
    }
    bench.say(f"{name}: reasons, check, planning anew")
    reason_seconds, reasons = _timed(lambda: reasons_of(made.board, made.plan, search=False))
    check_seconds, faults = _timed(lambda: faults_of(problem, made.plan))
    replan_seconds, anew = _replanned(problem, made, effort)
    floor_seconds, _sum = _timed(lambda: sum(booking.klass != "" for booking in made.plan.bookings))
    figures |= {
        "replan_seconds": replan_seconds,
        "replan_pupils_unserved": anew.plan.pupils_unserved,
        "reason_seconds": reason_seconds,
        "reasons": len(reasons),
        "check_seconds": check_seconds,
        "check_floor_seconds": floor_seconds,
        "faults": len(faults) + len(faults_of(anew.problem, anew.plan)),
    }
    bench.say(f"{name}: the same again, its rows shuffled")
    other = make_plan(_shuffled(problem), lambda *_step: None, effort=effort)
    figures["same_plan_twice"] = plan_bytes(other.plan) == plan_bytes(made.plan)
    return figures


@dataclass(frozen=True, slots=True)
class _Anew:
    problem: Problem
    plan: Any


def _replanned(problem: Problem, made: Made, effort: Effort) -> tuple[float, _Anew]:
    """The fullest performance is cancelled; everything else that is published stands."""
    counts: dict[str, int] = {}
    for booking in made.plan.bookings:
        counts[booking.performance] = counts.get(booking.performance, 0) + 1
    gone = max(sorted(counts), key=lambda key: counts[key])
    left = replace(
        problem,
        performances=tuple(each for each in problem.performances if each.key != gone),
        fixed=tuple(booking for booking in made.plan.bookings if booking.performance != gone),
        hosts=tuple(host for host in made.plan.hosts if host.performance != gone),
    )
    seconds, anew = _timed(lambda: make_plan(left, lambda *_step: None, effort=effort))
    return seconds, _Anew(left, anew.plan)


def _shuffled(problem: Problem) -> Problem:
    rows: dict[str, Any] = {}
    for name in ("schools", "classes", "performances"):
        each = list(getattr(problem, name))
        _dice(3).shuffle(each)
        rows[name] = tuple(each)
    return replace(problem, **rows)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


# All Sweden -----------------------------------------------------------------------------------------------------------


def _sizes(municipalities: int) -> list[tuple[int, int, int, int]]:
    """(number, schools, classes, performances) of each: a few large, many small, 55,000 classes together."""
    weights = [1 / (rank + 3) ** 0.85 for rank in range(MUNICIPALITIES)]
    classes = [max(20, round(CLASSES * weight / sum(weights))) for weight in weights]
    step = MUNICIPALITIES // municipalities
    return [
        (number, max(2, each // 12), each, max(10, each * 2 // 5))
        for number, each in list(enumerate(classes))[step // 2 :: step][:municipalities]
    ]


def _bounds(size: tuple[int, int, int, int]) -> tuple[int, int, int]:
    """(pupils, bound of those without a visit, classes with a reason): no plan is made for it."""
    ground = ground_of(_of(size))
    pupils = sum(klass.pupils for klass in ground.problem.classes)
    return pupils, fewest_pupils(ground, fewest_unserved(ground)), sum(not arcs for arcs in ground.of_class)


def _covered(size: tuple[int, int, int, int]) -> tuple[int, int, int, int, float, int]:
    """(classes, pupils without a visit, bound, faults, seconds of reasons, how far the first level is from its bound)."""
    problem = _of(size)
    made = make_plan(problem, lambda *_step: None, effort=COVERAGE)
    seconds, _reasons = _timed(lambda: reasons_of(made.board, made.plan, search=False))
    level = made.plan.level(LevelName.UNSERVED)
    bound, faults = fewest_pupils(made.ground, level.bound), len(faults_of(problem, made.plan))
    return len(problem.classes), made.plan.pupils_unserved, bound, faults, seconds, level.value - level.bound


def _is_same_again(size: tuple[int, int, int, int]) -> bool:
    one, other = (make_plan(each, lambda *_step: None, effort=COVERAGE).plan for each in (_of(size), _shuffled(_of(size))))
    return plan_bytes(one) == plan_bytes(other)


def _of(size: tuple[int, int, int, int]) -> Problem:
    number, schools, classes, performances = size
    return _problem(100 + number, (schools, classes, performances))


def _sweden(bench: Bench, municipalities: int) -> Figures:
    sizes = sorted(_sizes(municipalities), key=lambda size: -size[2])
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        bench.say(f"Sweden: building {municipalities} municipalities, the time of which is not counted apart")
        build_seconds, _built = _timed(lambda: list(pool.map(_built_only, sizes)))
        bench.say("Sweden: bounds and what has no option")
        bound_seconds, bounds = _timed(lambda: list(pool.map(_bounds, sizes)))
        bench.say("Sweden: coverage")
        cover_seconds, covered = _timed(lambda: list(pool.map(_covered, sizes)))
        bench.say("Sweden: the same again, its rows shuffled")
        twice = all(pool.map(_is_same_again, sizes))
    return _summed(build_seconds, bound_seconds, bounds, cover_seconds, covered) | {"same_plan_twice": twice}


def _built_only(size: tuple[int, int, int, int]) -> int:
    return len(_of(size).classes)


def _summed(
    build: float,
    bound: float,
    bounds: Sequence[tuple[int, int, int]],
    cover: float,
    covered: Sequence[tuple[int, int, int, int, float, int]],
) -> Figures:
    pupils = sum(each for each, *_rest in bounds)
    unserved, least = sum(each[1] for each in covered), sum(each[2] for each in covered)
    return {
        "municipalities": len(covered),
        "classes": sum(each[0] for each in covered),
        "pupils": pupils,
        "build_seconds": build,
        "bound_seconds": bound - build,
        "coverage_seconds": cover - build,
        "coverage_proved": not any(each[5] for each in covered),
        "pupils_unserved": unserved,
        "bound_unserved": least,
        "points_from_bound": 100 * sum(each[5] for each in covered) / pupils,  # of the first level, years missed weighed in
        "reason_seconds": sum(each[4] for each in covered),
        "faults": sum(each[3] for each in covered),
    }
