"""A checksum of a school year's figures: who has the report can see that the numbers behind it are the same."""

import hashlib
import json
from collections.abc import Iterable

Line = tuple[str, int, tuple[int, ...]]  # school unit code, year of schooling (-1: the school as a whole), its numbers


def seal_of(year: int, version: int, lines: Iterable[Line]) -> str:
    """SHA-256, hexadecimal, of the figures of a version. year: the autumn in which the school year begins.

    The lines are sorted and written in one way only, so that the order in which they are read does not matter. Names are not in
    it: a school that changes its name has the same figures.

    Rule C-110. Source: goal, "signed version of the locked year"; house convention: the same input gives the same bytes.
    Words: kontrollsumma, sigill, sha-256, låst, version, seal.
    """
    plain = [[code, grade, list(numbers)] for code, grade, numbers in sorted(lines)]
    text = json.dumps({"lines": plain, "version": version, "year": year}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
