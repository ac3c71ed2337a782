"""Small numbers stay hidden, also from somebody who subtracts."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from culture.rules.suppress import TOTAL, Row, public_table

COLUMNS = ("F", "1", "2")


def table(numbers, columns=COLUMNS, parent="all", **more):
    """numbers: {row: ((reached, enrolled), …)}."""
    rows = [Row(parent, None)]
    rows += [
        Row(name, parent, tuple((column, *pair) for column, pair in zip(columns, pairs, strict=True)))
        for name, pairs in numbers.items()
    ]
    return public_table(columns, rows, **more)


def equations(found, rows):
    """Every sum of the table as (parts, whole)."""
    children = {name: [row.name for row in rows if row.parent == name] for name in (row.name for row in rows)}
    columns = (*found.columns, TOTAL)
    yield from (([(row.name, column) for column in found.columns], (row.name, TOTAL)) for row in rows)
    for name, below in children.items():
        if below:
            yield from (([(child, column) for child in below], (name, column)) for column in columns)


def found_by_subtraction(found, rows):
    """The hidden cells that linear algebra gives exactly: all that adding and subtracting sums can do."""
    unknown = sorted(found.hidden)
    place = {cell: number for number, cell in enumerate(unknown)}
    lines = []
    for parts, whole in equations(found, rows):
        line = [Fraction(0)] * len(unknown)
        for cell, sign in [*((part, 1) for part in parts), (whole, -1)]:
            if cell in place:
                line[place[cell]] += sign
        lines.append(line)
    rank, solved = 0, set()
    for column in range(len(unknown)):
        pivot = next((number for number in range(rank, len(lines)) if lines[number][column]), None)
        if pivot is None:
            continue
        lines[rank], lines[pivot] = lines[pivot], lines[rank]
        lines[rank] = [value / lines[rank][column] for value in lines[rank]]
        for number, line in enumerate(lines):
            if number != rank and line[column]:
                lines[number] = [a - line[column] * b for a, b in zip(line, lines[rank], strict=True)]
        rank += 1
    for line in lines[:rank]:
        if sum(bool(value) for value in line) == 1:
            solved.add(unknown[next(number for number, value in enumerate(line) if value)])
    return solved


def small(pair):
    return any(0 < number < 5 for number in pair)


def test_a_small_cell_takes_others_with_it():
    found = table({"A": ((3, 4), (20, 20), (9, 30)), "B": ((25, 25), (20, 22), (12, 12)), "C": ((8, 9), (7, 7), (30, 30))})
    assert found.shown("A", "F") is None
    assert len(found.hidden) == 4  # itself, one in its row, one in its column, and the fourth corner
    assert found.shown("all") == (134, 159)
    assert ("C", "1") in found.hidden  # the fewest pupils


def test_a_table_without_small_numbers_is_shown_whole():
    assert table({"A": ((5, 5), (0, 20), (9, 30)), "B": ((25, 25), (20, 22), (12, 12))}).hidden == frozenset()


def test_a_single_number_that_is_small_hides_everything():
    found = table({"A": ((2, 3),)}, columns=("F",))
    assert all(found.shown(row, column) is None for row, column in found.cells)


def test_missing_pupils_are_small_numbers_when_asked():
    numbers = {"A": ((18, 20), (20, 30), (9, 30)), "B": ((25, 35), (20, 30), (12, 22))}
    assert table(numbers).hidden == frozenset()
    assert table(numbers, missing_too=True).shown("A", "F") is None


@pytest.mark.parametrize(
    "rows", [[Row("a", "b"), Row("b", "a")], [Row("a", None), Row("b", None)], [Row("a", None), Row("a", "a")]]
)
def test_rows_that_are_no_tree_are_refused(rows):
    with pytest.raises(ValueError, match="tree"):
        public_table(COLUMNS, [Row(row.name, row.parent, (("F", 1, 2),)) for row in rows])


cells = st.tuples(st.integers(0, 7), st.integers(0, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(max_examples=150)
@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=3))
def test_nobody_finds_a_small_number_even_by_trying_every_table(lines):
    """Brute force: every table of numbers that are not negative and agree with what is shown."""
    columns, names = ("F", "1"), "ABC"[: len(lines)]
    found = table(dict(zip(names, lines, strict=True)), columns)
    inner = [(name, column) for name in names for column in columns]
    for group in (0, 1):  # reached and missing are different pupils; one more or less of either changes the enrolled
        possible = agreeing(found, names, columns, inner, group)
        for cell in inner:
            if small(found.cells[cell]) and group == (0 if found.cells[cell][0] else 1):
                assert len({world[cell] for world in possible}) > 1


def group_of(pair, group):
    return (pair[0], pair[1] - pair[0])[group]


def agreeing(found, names, columns, inner, group):
    shown = {cell: group_of(pair, group) for cell, pair in found.cells.items() if cell not in found.hidden}
    near = {cell: [shown[cell]] if cell in shown else list(range(group_of(found.cells[cell], group) + 2))[-3:] for cell in inner}
    worlds = []
    for values in product(*(near[cell] for cell in inner)):
        world = dict(zip(inner, values, strict=True))
        sums = {(name, TOTAL): sum(world[name, column] for column in columns) for name in names}
        sums |= {("all", column): sum(world[name, column] for name in names) for column in columns}
        sums["all", TOTAL] = sum(world.values())
        if all(shown.get(cell, value) == value for cell, value in sums.items()):
            worlds.append(world)
    return worlds


def test_subtraction_finds_nothing_in_a_municipality_with_lines_for_organisers():
    random = Random(5)
    for _ in range(30):
        columns = tuple(str(grade) for grade in range(random.randint(1, 6)))
        rows = [Row("all", None), Row("municipal", "all"), Row("independent", "all")]
        for number in range(random.randint(2, 9)):
            values = []
            for column in columns:
                enrolled = random.choice((0, 0, 1, 3, 12, 25, 40))
                values.append((column, random.randint(0, enrolled), enrolled))
            rows.append(Row(f"s{number}", random.choice(("municipal", "independent")), tuple(values)))
        found = public_table(columns, rows)
        exposed = found_by_subtraction(found, rows) if len(found.hidden) < len(found.cells) else set()
        assert not [cell for cell in exposed if small(found.cells[cell])]
