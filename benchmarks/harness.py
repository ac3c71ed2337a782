"""How figures are taken: medians of several runs, work by several at once, and a table a person can read."""

import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import Manager, get_context
from random import Random
from typing import Any

from django.db import connection, connections

RUNS = 5
SEED = 20261123
Figures = dict[str, Any]


@dataclass
class Bench:
    """What a benchmark is given. small: the same in under 20 seconds. random: seeded, the same every time."""

    small: bool
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - data, not secrets
    begun: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        print(f"  {time.monotonic() - self.begun:6.1f} s  {text}", flush=True)

    def median_ms(self, work: Callable[[], object], runs: int = RUNS) -> float:
        """The median time of *work* in milliseconds, after one run that is not counted."""
        work()
        return statistics.median(_seconds(work) for _ in range(runs)) * 1000

    def at_once(
        self, clients: int, work: Callable[[Any], object], things: Sequence[Any]
    ) -> tuple[float, list[object], list[Exception]]:
        """Do *work* on each of *things* by *clients* threads with a connection each: (seconds, answers, errors)."""
        answers: list[Any] = []
        errors: list[Exception] = []

        def one(share: Sequence[Any]) -> None:
            try:
                for thing in share:
                    try:
                        answers.append(work(thing))
                    except Exception as error:  # counted, and shown as a figure
                        errors.append(error)
            finally:
                connection.close()

        begun = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(one, [things[number::clients] for number in range(clients)]))
        return time.perf_counter() - begun, answers, errors

    def in_processes(self, clients: int, work: Callable[[Any], Any], things: Sequence[Any]) -> tuple[float, list[Any], list[str]]:
        """As at_once, by *clients* processes, as a web server has: none waits for the Python of another.

        work: a function of a module. Its answers, and the errors as text, come back when all are done. The clock starts when
        every process has its connection.
        """
        connections.close_all()
        with Manager() as manager, ProcessPoolExecutor(clients, mp_context=get_context("fork")) as pool:
            gate = manager.Barrier(clients)
            shares = [things[number::clients] for number in range(clients)]
            done = list(pool.map(_share, [gate] * clients, [work] * clients, shares))
        seconds = max(ended for _begun, ended, *_rest in done) - min(begun for begun, *_rest in done)
        return seconds, [each for *_clock, got, _lost in done for each in got], [each for *_clock, lost in done for each in lost]


def _share(gate: Any, work: Callable[[Any], Any], things: Sequence[Any]) -> tuple[float, float, list[Any], list[str]]:
    answers: list[Any] = []
    errors: list[str] = []
    connection.ensure_connection()
    gate.wait()
    begun = time.perf_counter()
    for thing in things:
        try:
            answers.append(work(thing))
        except Exception as error:  # counted, and shown as a figure
            errors.append(f"{type(error).__name__}: {error}")
    ended = time.perf_counter()
    connection.close()
    return begun, ended, answers, errors


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def table(figures: Figures) -> str:
    """The figures as lines, objects indented under their name."""
    return "\n".join(_lines(figures, ""))


def _lines(figures: Figures, indent: str) -> list[str]:
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}", *_lines(value, indent + "  ")]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [
                f"{indent}{name}",
                *(f"{indent}  " + ", ".join(f"{key} {_shown(one)}" for key, one in row.items()) for row in value),
            ]
        else:
            lines.append(f"{indent}{name:<{44 - len(indent)}}{_shown(value):>16}")
    return lines


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}".replace(",", " ")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", " ")
    return str(value)
