"""The life of work that takes the worker minutes: taken by one, followed by its heartbeat, given up in words, swept up.

The rows decide, not the broker: the way in puts a row in line and tells the worker after commit; what the broker loses, or a
worker that dies leaves, a periodic sweep finds (in_line). Each room keeps its rows in a model of its own (records.models.Work).
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections, transaction
from django.utils.timezone import now
from django.utils.translation import gettext, override

from records.choices import WorkStatus
from records.filing.cases import note
from records.models import Work
from records.refusals import Refused

SILENT = timedelta(minutes=20)  # a worker that has said nothing for so long is taken for dead
MOST_ATTEMPTS = 3
W = TypeVar("W", bound=Work)
Clock = Callable[[], datetime]
Report = Callable[[str, int, int], None]  # what is done now, how far, of how much


def silently(level: str, done: int, of: int) -> None:
    """A Report that nobody reads."""


def carry_out(
    kind: type[W], key: int, do: Callable[[W, Report], bool], *, at: datetime, clock: Clock = now, apart: bool = False
) -> bool:
    """Do one waiting piece of work; True when it was done now. Harmless twice, and for two workers at once.

    do: does it and stores what came out (under *held*), outside any transaction of ours; what it raises is why the work failed.
    apart: do is one long transaction, so what it reports is written beside it, on a connection of its own.
    """
    work = claim(kind, key, at=at)
    if work is None:
        return False
    try:
        with _told_apart(work, clock) if apart else _told(work, clock) as report:
            return do(work, report)
    except Exception as error:
        fail(work, in_words(error), at=clock())
        return False


@transaction.atomic
def claim(kind: type[W], key: int, *, at: datetime) -> W | None:
    """Take waiting work; None when another has it, or nothing is left to do. The attempt is counted before it is made."""
    work = kind._default_manager.select_for_update(skip_locked=True).filter(pk=key, status=WorkStatus.WAITING).first()
    if work is None:
        return None
    work.status, work.attempts, work.heartbeat_at = WorkStatus.RUNNING, work.attempts + 1, at
    work.started_at, work.error = work.started_at or at, ""
    work.save(update_fields=["status", "attempts", "heartbeat_at", "started_at", "error"])
    return work


def beat(work: Work, progress: dict[str, Any], *, at: datetime) -> bool:
    """A sign of life, with how far it has come. False when the work is no longer this worker's. One query."""
    return bool(_still(work).update(progress=progress, heartbeat_at=at))


def held(work: W) -> W | None:
    """The row under its lock until commit, if it is still this worker's to finish; None when it was called off or taken over."""
    row: W | None = _still(work).select_for_update(of=("self",)).first()
    return row


def finish(row: Work, *, at: datetime, **found: Any) -> None:
    """Done. row: as *held* gave it, in the same transaction. found: what came out, field by field."""
    row.status, row.done_at, row.heartbeat_at = WorkStatus.DONE, at, None
    for name, value in found.items():
        setattr(row, name, value)
    row.save(update_fields=["status", "done_at", "heartbeat_at", *found])


@transaction.atomic
def fail(work: Work, words: str, *, at: datetime, **found: Any) -> bool:
    """It came to nothing, and why; noted in the log. False when the work is no longer this worker's."""
    row = held(work)
    if row is None:
        return False
    row.status, row.error, row.done_at, row.heartbeat_at = WorkStatus.FAILED, words[:1000], at, None
    for name, value in found.items():
        setattr(row, name, value)
    row.save(update_fields=["status", "error", "done_at", "heartbeat_at", *found])
    note(None, row.failed_verb, at=at, changes={"run": [row.pk, row.pk]})
    return True


def in_line(kind: type[W], *, at: datetime) -> list[int]:
    """What is left to do, oldest first: also what the broker has lost, and what a worker that died left. Harmless twice.

    Work that has killed its worker again and again is given up.
    """
    dead = kind._default_manager.filter(status=WorkStatus.RUNNING, heartbeat_at__lt=at - SILENT)
    dead.filter(attempts__lt=MOST_ATTEMPTS).update(status=WorkStatus.WAITING, heartbeat_at=None)
    for work in dead.filter(attempts__gte=MOST_ATTEMPTS):
        with override(settings.LANGUAGE_CODE):
            fail(work, gettext("The computation was broken off several times."), at=at)
    waiting = kind._default_manager.filter(status=WorkStatus.WAITING)
    return list(waiting.order_by("made_at", "pk").values_list("pk", flat=True))


def in_words(error: Exception) -> str:
    """Why work came to nothing: a refusal as its sentence, anything else for whoever looks after the system."""
    if isinstance(error, Refused):
        with override(settings.LANGUAGE_CODE):
            return str(error)
    return f"{type(error).__name__}: {error}"


def _still(work: W) -> Any:
    """The row while it is this worker's: another attempt at it is another's."""
    return type(work)._default_manager.filter(pk=work.pk, status=WorkStatus.RUNNING, attempts=work.attempts)


@contextmanager
def _told(work: Work, clock: Clock) -> Iterator[Report]:
    def report(level: str, done: int, of: int) -> None:
        beat(work, {"level": level, "done": done, "of": of}, at=clock())

    yield report


@contextmanager
def _told_apart(work: Work, clock: Clock) -> Iterator[Report]:
    """As _told, by a thread whose connection is its own: read by others while the transaction goes on, and never waited for."""
    with ThreadPoolExecutor(1) as teller:

        def report(level: str, done: int, of: int) -> None:
            teller.submit(beat, work, {"level": level, "done": done, "of": of}, at=clock())

        try:
            yield report
        finally:
            teller.submit(connections.close_all)
