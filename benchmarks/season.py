"""The season: a proposal with its reasons and bounds, edits of it, and the independent check, at two sizes."""

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from random import Random
from typing import Any

from benchmarks.data.seasons import season, with_last_season
from benchmarks.harness import RUNS, SEED, Bench, Figures
from facilities.rules.allocation.chains import Insertion, heat_of
from facilities.rules.allocation.check_proofs import errors_in
from facilities.rules.allocation.edits import costs_of, replanned_state
from facilities.rules.allocation.engine import Effort, proposed, started
from facilities.rules.allocation.model import compiled
from facilities.rules.allocation.plan import Plan, plan_bytes, plan_digest
from facilities.rules.allocation.problem import Fixed, Problem, Refused, Standing, canonical
from facilities.rules.allocation.reasons import Why, reasons, reasons_of

EDITS = 20
CHECKED = 2  # edits whose plans are checked too: the check builds everything again
QUICK = Effort(rung_sweeps=0, soft_sweeps=0, dives=False, nodes=50)


def measure(bench: Bench) -> Figures:
    """Each size in a process of its own, so that its memory is its own."""
    sizes = {"a": "small", "b": "middle"} if bench.small else {"a": "a", "b": "b"}
    figures: Figures = {}
    for name, size in sizes.items():
        bench.say(f"{name}: a season of size {size}")
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as alone:
            figures[name] = alone.submit(_size, size, 8 if bench.small else EDITS).result()
    return figures


def _size(size: str, edits: int) -> Figures:
    plain = season(size)
    problem = with_last_season(plain, proposed(plain, QUICK).passes)
    begun, cpu = time.perf_counter(), time.process_time()
    plan = proposed(problem)
    planned = time.perf_counter() - begun
    why = reasons(problem, plan)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    binding = plan.first_binding()
    figures: Figures = {
        "sections": len(problem.sections),
        "wished": sum(section.passes for section in problem.sections),
        "given": len(plan.passes),
        "seconds": seconds,
        "plan_seconds": planned,
        "cpu_seconds": cpu,
        "floor_seconds": _floor(problem),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "first_binding_rung": int(binding.of) + 1 if binding else 0,
        "first_binding_value": binding.wished - binding.value if binding else 0,
        "first_binding_bound": binding.wished - (binding.bound or 0) if binding else 0,
        "rungs": [
            {"rung": int(level.of) + 1, "wished": level.wished, "given": level.wished - level.value}
            for level in plan.levels
            if level.name == "rung"
        ],
        "refused": len(why.refusals),
        "certified": sum(refusal.certified for refusal in why.refusals),
        "envy": sum(refusal.why is Why.NOT_PROVED for refusal in why.refusals),
        "checker_errors": len(errors_in(problem, plan, why)),
        "digest": plan_digest(plan)[:16],
    }
    figures |= _edits(problem, plan, edits)
    figures["same_plan_twice"] = plan_bytes(proposed(_shuffled(problem))) == plan_bytes(plan)
    return figures


def _floor(problem: Problem) -> float:
    """The least that a plan costs: each section in order takes the first time that is free. Median."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        model = compiled(canonical(problem))
        insertion = Insertion(started(model), heat_of(model))
        for at in range(len(model.groups)):
            while insertion.state.missing(at) >= 0 and insertion.give(at, chains=False) is not None:
                pass
        times.append(time.perf_counter() - begun)
    return sorted(times)[RUNS // 2]


def _shuffled(problem: Problem) -> Problem:
    random = Random(SEED)  # noqa: S311

    def mixed(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(rows, len(rows)))

    return replace(
        problem,
        halls=mixed(problem.halls),
        openings=mixed(problem.openings),
        sections=mixed(problem.sections),
        standing=mixed(problem.standing),
    )


def _edits(problem: Problem, plan: Plan, count: int) -> Figures:
    """Locks, refusals and closures one by one, each from the published plan, with reasons and whom it costs."""
    random = Random(SEED)  # noqa: S311
    times, moved, wrong = [], [], 0
    for number in range(count):
        edited = _edited(random, problem, plan, number)
        begun = time.perf_counter()
        after, state = replanned_state(compiled(canonical(edited)), plan)
        costs = costs_of(plan, after)
        why = reasons_of(state, after)
        times.append(time.perf_counter() - begun)
        moved.append(len(costs))
        if number < CHECKED:
            wrong += len(errors_in(edited, after, why))
    return {
        "edit_p50_ms": sorted(times)[len(times) // 2] * 1000,
        "edit_p95_ms": sorted(times)[int(len(times) * 0.95)] * 1000,
        "edit_sections_touched": sum(moved) / len(moved),
        "edit_checker_errors": wrong,
    }


def _edited(random: Random, problem: Problem, plan: Plan, number: int) -> Problem:
    each = random.choice(plan.passes)
    if number % 3 == 0:
        lock = Fixed(each.section, each.hall, each.weekday, each.starts, each.ends)
        return replace(problem, fixed=(lock,))
    if number % 3 == 1:
        return replace(problem, refused=(Refused(each.section, each.hall, each.weekday),))
    evening = Standing(hall=each.hall, space=each.hall, weekday=each.weekday, starts=each.starts, ends=each.ends, label="Match")
    return replace(problem, standing=(*problem.standing, evening))
