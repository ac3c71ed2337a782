"""Small numbers on public pages: hidden, and so many more with them that nobody finds them by subtraction."""

import heapq
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

SMALL = 5
_NOBODY_COST = 1_000_000  # a cell with nobody in it hides little: it is taken last

Cell = tuple[str, str]  # row, column; TOTAL is the column of a row's sum
TOTAL = "*"
_GROUND = ("", "", "")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a public table. parent: the row that it is summed in; None for the row of everything.

    values: (column, reached, enrolled); only rows that no other is summed in have any. Sums are made here: they are right.
    """

    name: str
    parent: str | None
    values: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PublicTable:
    """All cells of a table, the sums too, as (reached, enrolled), and which are hidden. columns: without TOTAL."""

    columns: tuple[str, ...]
    cells: Mapping[Cell, tuple[int, int]]
    hidden: frozenset[Cell]

    def shown(self, row: str, column: str = TOTAL) -> tuple[int, int] | None:
        """(reached, enrolled) of a cell, or None when they are hidden."""
        return None if (row, column) in self.hidden else self.cells[row, column]


def public_table(columns: Sequence[str], rows: Sequence[Row], small: int = SMALL, *, missing_too: bool = False) -> PublicTable:
    """A table for a public page: cells with 1 to *small* - 1 enrolled or reached are hidden, and further ones with them.

    rows: a tree whose leaves have values; every column sums into the parents, every row into TOTAL. After it no hidden number can
    be found by adding and subtracting what is shown: each is on a closed walk of hidden cells along which one pupil can be moved.
    Further cells are chosen to hide as few pupils as possible; equal ones by order of rows and columns. Where even hiding
    everything would not do (a table of one row and one column), everything is hidden. missing_too: cells with so few missing
    are small as well. ValueError for rows that are no tree.

    Rule C-46. Source: acceptance, "rules assumed": cells under 5 are suppressed with one further cell; OSL 21 kap.
    Words: små tal, dölja, undertryckning, prickning, röjande, suppression, sekretess.
    """
    groups = _summed(columns, rows)
    cells = {cell: (reached, reached + missing) for cell, (reached, missing) in groups.items()}
    net = _Net(columns, rows, groups)
    risky = {cell: (*cells[cell], groups[cell][1] * missing_too) for cell in cells}
    small_cells = [cell for cell, numbers in risky.items() if any(0 < number < small for number in numbers)]
    hidden = set(small_cells)
    for cell in small_cells:
        reached, missing = groups[cell]
        for group in (*([0] if reached else ()), *([1] if missing and (missing_too or not reached) else ())):
            hidden |= net.cover(cell, group, hidden)
    return PublicTable(tuple(columns), cells, frozenset(hidden))


def _summed(columns: Sequence[str], rows: Sequence[Row]) -> dict[Cell, tuple[int, int]]:
    """(reached, missing) of every cell and sum. The two are different pupils, so each can be moved without the other."""
    parents = {row.name: row.parent for row in rows}
    if len(parents) != len(rows) or sum(row.parent is None for row in rows) != 1 or TOTAL in columns:
        raise ValueError("The rows must be a tree with one root, each once.")
    cells = {(row.name, column): (0, 0) for row in rows for column in (*columns, TOTAL)}
    for row in rows:
        for column, reached, enrolled in row.values:
            for name in _upward(row.name, parents):
                for where in (column, TOTAL):
                    before = cells[name, where]
                    cells[name, where] = before[0] + reached, before[1] + enrolled - reached
    return cells


def _upward(name: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    seen: set[str] = set()
    while name is not None:
        if name in seen or name not in parents:
            raise ValueError("The rows must be a tree with one root, each once.")
        seen.add(name)
        yield name
        name = parents[name]


class _Net:
    """The table as a network: a sum is a node, a cell is an edge between the two sums that it stands in.

    Pupils flow from the total of everything over the totals of the rows into the cells, and by the columns back. Adding one to a
    cell and taking it from others so that every sum stays is a walk around the network: a hidden number can be found by
    subtraction exactly when no walk of hidden cells goes through it.
    """

    def __init__(self, columns: Sequence[str], rows: Sequence[Row], groups: Mapping[Cell, tuple[int, int]]) -> None:
        self.groups = groups
        self.order = {cell: number for number, cell in enumerate(groups)}
        inner = {row.parent for row in rows}
        self.ends: dict[Cell, tuple[Hashable, Hashable]] = {}
        for row in rows:
            for column in (*columns, TOTAL):
                up: Hashable = _GROUND if row.parent is None else (row.parent, column)
                down: Hashable = (row.name, column) if row.name in inner else row.name
                self.ends[row.name, column] = (up, down) if column == TOTAL else (down, up)
        self.around: dict[Hashable, list[tuple[Cell, Hashable, bool]]] = {}
        for cell, (low, high) in self.ends.items():
            self.around.setdefault(low, []).append((cell, high, True))
            self.around.setdefault(high, []).append((cell, low, False))

    def cover(self, cell: Cell, group: int, hidden: Set[Cell]) -> Set[Cell]:
        """The cells to hide, cheapest together, so that *cell* is on a walk along which one can be moved; all if none is."""
        low, high = self.ends[cell]
        walks = [self._walk(start, end, cell, group, hidden) for start, end in ((high, low), (low, high))]
        found = [walk for walk in walks if walk is not None]
        if not found:
            return self.groups.keys()
        return set(min(found, key=lambda walk: (walk[0], [self.order[each] for each in walk[1]]))[1])

    def _walk(
        self, start: Hashable, end: Hashable, around: Cell, group: int, hidden: Set[Cell]
    ) -> tuple[int, tuple[Cell, ...]] | None:
        """The cheapest way from a node to another without one cell: (cost, cells). Backwards only where there is one to take."""
        best: dict[Hashable, int] = {start: 0}
        queue: list[tuple[int, int, Hashable, tuple[Cell, ...]]] = [(0, 0, start, ())]
        pushed = 0
        while queue:
            cost, _, node, path = heapq.heappop(queue)
            if node == end:
                return cost, path
            if cost > best[node]:
                continue
            for cell, other, forwards in self.around[node]:
                if cell == around or not (forwards or self.groups[cell][group]):
                    continue
                price = cost + (0 if cell in hidden else self._price(cell))
                if other not in best or price < best[other]:
                    best[other] = price
                    pushed += 1
                    heapq.heappush(queue, (price, pushed, other, (*path, cell)))
        return None

    def _price(self, cell: Cell) -> int:
        pupils = sum(self.groups[cell])
        return 1 + pupils if pupils else _NOBODY_COST
