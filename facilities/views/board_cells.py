"""The board as tables: a hall's week or a weekday in the halls, its parts as rows and the time of day across."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.forms.fields import clock_text
from facilities.rules.allocation.hall_table import Holder, Stretch, hall_day, lanes_of
from facilities.rules.allocation.plan import Pass
from facilities.rules.allocation.principles import DAY, STEP
from facilities.rules.allocation.problem import Hall
from facilities.views.proposal_reading import Read, hours, weekday_name

HOUR = 60


@dataclass(frozen=True, slots=True)
class Item:
    """Somebody's time in a cell. parts: what it takes of the hall, '' for all of it; dates: when not the whole season."""

    title: str
    club: str
    time: str
    parts: str
    full: str
    locked: bool = False
    url: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """kind: pass, standing, free or closed. across: half hours; down: rows of parts."""

    kind: str
    across: int
    down: int
    time: str
    items: tuple[Item, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A part's row. name: '' when the hall has no parts."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Group:
    """A hall on a weekday: its rows, and the same as a list for a phone."""

    name: str
    url: str
    lines: list[Line]
    listed: list[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """caption; heads: the hours across, two half hours each."""

    caption: str
    heads: list[str]
    groups: list[Group]


def week_tables(read: Read, hall: Hall) -> list[Table]:
    """A hall's week: the working days and the weekend apart, since they are open at other hours."""
    found = []
    for days, caption in ((range(5), _("Monday to Friday")), (range(5, 7), _("Saturday and Sunday"))):
        rows = [(weekday_name(day), f"?weekday={day}", hall, day) for day in days]
        table = _table(read, caption, rows)
        found += [table] if table else []
    return found


def day_table(read: Read, halls: Iterable[Hall], weekday: int) -> Table | None:
    """A weekday in some halls; None when all are closed."""
    return _table(read, weekday_name(weekday), [(hall.name, f"?hall={hall.key}", hall, weekday) for hall in halls])


def _table(read: Read, caption: str, rows: Sequence[tuple[str, str, Hall, int]]) -> Table | None:
    begins, ends = _hours(read, [(hall.key, day) for _name, _url, hall, day in rows])
    if begins >= ends:
        return None
    groups = [_group(read, name, url, hall, day, begins, ends) for name, url, hall, day in rows]
    return Table(caption, [clock_text(minute) for minute in range(begins, ends, HOUR)], groups)


def _hours(read: Read, places: Sequence[tuple[str, int]]) -> tuple[int, int]:
    """From the first that is open or taken to the last, on whole hours."""
    wanted = set(places)
    spans = [(row.opens, row.closes) for row in read.problem.openings if (row.hall, row.weekday) in wanted]
    spans += [(each.starts, each.ends) for each in read.plan.passes if (each.hall, each.weekday) in wanted]
    if not spans:
        return 0, 0
    return min(first for first, _ in spans) // HOUR * HOUR, -(-max(last for _, last in spans) // HOUR) * HOUR


def _group(read: Read, name: str, url: str, hall: Hall, day: int, begins: int, ends: int) -> Group:
    lanes = lanes_of(hall)
    stretches = hall_day(read.problem, read.plan, hall, day, begins, ends)
    lines = [Line(read.part_name(hall, lane) if len(lanes) > 1 else "", []) for lane in lanes]
    for each in stretches:
        lines[each.lane].cells.append(_cell(read, hall, day, each))
    return Group(name, url, lines, _listed(read, hall, day, stretches))


def _cell(read: Read, hall: Hall, day: int, each: Stretch) -> Cell:
    across, time = (each.ends - each.starts) // STEP, hours(each.starts, each.ends)
    if not each.holders:
        url = _gap_url(read, hall, day, each.starts, each.ends) if each.open else ""
        return Cell("free" if each.open else "closed", across, each.lanes, time, url=url)
    items = tuple(item(read, hall, holder) for holder in each.holders)
    return Cell("pass" if any(one.url for one in items) else "standing", across, each.lanes, time, items)


def item(read: Read, hall: Hall, holder: Holder) -> Item:
    """A pass as a link to its page, or what stands."""
    time = hours(holder.starts, holder.ends)
    if not isinstance(holder, Pass):
        words, parts = read.standing_words(holder), read.leaves_words(hall, hall.leaves_of(holder.space))
        return Item(words, "", time, parts, _joined(time, words, parts))
    section = read.sections[holder.section]
    parts, locked = read.leaves_words(hall, holder.leaves), _("locked") if holder.locked else ""
    return Item(
        section.name,
        section.club,
        time,
        parts,
        _joined(f"{weekday_name(holder.weekday)} {time}", f"{section.club} {section.name}", parts or hall.name, locked),
        holder.locked,
        reverse("facilities:board_pass", args=[read.run.pk, holder.section, holder.weekday]),
        f"p{holder.section}-{holder.weekday}",
    )


def _joined(*words: str) -> str:
    return ", ".join(word for word in words if word)


def _gap_url(read: Read, hall: Hall, day: int, starts: int, ends: int) -> str:
    return f"{reverse('facilities:board_lacking', args=[read.run.pk])}?hall={hall.key}&day={day}&starts={starts}&ends={ends}"


# The same as a list, for a phone ----------------------------------------------------------------------------------------------


def _listed(read: Read, hall: Hall, day: int, stretches: Sequence[Stretch]) -> list[Cell]:
    """Everybody once, in order of time, and what is free between: how many parts from when to when."""
    holders = dict.fromkeys(holder for each in stretches for holder in each.holders)
    rows = [(holder.starts, 1, Cell("listed", 1, 1, "", (item(read, hall, holder),))) for holder in holders]
    free = [0] * (DAY // STEP + 1)
    for each in stretches:
        if each.open and not each.holders:
            for slot in range(each.starts // STEP, each.ends // STEP):
                free[slot] += each.lanes
    for number, starts, ends in _runs(free):
        parts = ngettext("%(n)s part", "%(n)s parts", number) % {"n": number} if len(lanes_of(hall)) > number else ""
        url = _gap_url(read, hall, day, starts, ends)
        rows.append((starts, 0, Cell("free", 1, 1, _joined(hours(starts, ends), parts), url=url)))
    return [cell for _starts, _kind, cell in sorted(rows, key=lambda row: row[:2])]


def _runs(free: Sequence[int]) -> Iterable[tuple[int, int, int]]:
    """(parts, from, to) where the same number of parts is free; not where none is."""
    begun = 0
    for slot in range(1, len(free)):
        if free[slot] != free[begun]:
            if free[begun]:
                yield free[begun], begun * STEP, slot * STEP
            begun = slot
