"""Every acceptance case of grants that the product has reached is a test that says its number."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOMS = (
    "accounts",
    "architecture",
    "associations",
    "grants",
    "records",
)  # the cases of venues and culture have numbers of their own
REACHED = {1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 14, 15, 16, 17, 20, 21, 22, 24, 25, 26, 27, 28, 29, 31, 32, 35, 36, 38, 39}
REACHED |= {41, 42, 43, 44, 46, 47, 48, 51, 52, 53, 54, 55, 60, 61, 62, 63, 65}


def test_every_case_has_a_test_under_its_number():
    named = {number for room in ROOMS for path in (TESTS / room).rglob("test_*.py") for number in numbers_in(path)}
    assert REACHED - named == set()


def numbers_in(path):
    """The numbers in "Case 12." and "Cases 1-3" of the docstrings of tests."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            found = re.match(r"Case (\d+)", ast.get_docstring(node) or "")
            if found:
                yield int(found[1])
