"""One change of a form at a time, on lists of rows: sections and questions put in, moved and taken away. Saves nothing."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Row = dict[str, Any]
List = list[Row]
Change = Callable[[List], List]


def free_key(stem: str, taken: Iterable[str]) -> str:
    """The first key of its kind that is not taken."""
    known = set(taken)
    return next(key for number in range(1, 10_000) if (key := f"{stem}{number}") not in known)


def keys_in(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """Every key of a form: sections' and questions'."""
    return {key for row in rows for key in (row["key"], *(question["key"] for question in row.get("questions", ())))}


def put_section(section: Mapping[str, Any], key: str = "") -> Change:
    """A section changed, or a new one last. Its questions are kept."""

    def change(rows: List) -> List:
        if not key:
            return [*rows, {**section, "key": free_key("part", keys_in(rows)), "questions": []}]
        return [_same(row, section, "questions") if row["key"] == key else row for row in rows]

    return change


def put_question(question: Mapping[str, Any], into: str, key: str = "") -> Change:
    """A question changed where it stands, moved last into another section, or a new one last in it.

    question["key"]: of a new one, "" for the first that is free; a question keeps its key for ever.
    """

    def change(rows: List) -> List:
        here = next((row["key"] for row in rows if any(each["key"] == key for each in row["questions"])), "") if key else ""
        named = {**question, "key": key or question.get("key") or free_key("q", keys_in(rows))}
        if here and here == into:
            return [{**row, "questions": [named if each["key"] == key else each for each in row["questions"]]} for row in rows]
        without = [{**row, "questions": [each for each in row["questions"] if each["key"] != key]} for row in rows]
        return [{**row, "questions": [*row["questions"], named]} if row["key"] == into else row for row in without]

    return change


def moved_or_removed(do: str) -> Change:
    """ "up:section:KEY", "down:question:KEY" or "remove:question:KEY". Anything else changes nothing.

    A question that is first in its section moves up to the end of the section before, and the other way round.
    """
    verb, _colon, rest = do.partition(":")
    what, _colon, key = rest.partition(":")
    if verb not in {"up", "down", "remove"} or what not in {"section", "question"}:
        return lambda rows: rows
    return (
        (lambda rows: _section_moved(rows, verb, key)) if what == "section" else (lambda rows: _question_moved(rows, verb, key))
    )


def _section_moved(rows: List, verb: str, key: str) -> List:
    place = next((number for number, row in enumerate(rows) if row["key"] == key), None)
    if place is None:
        return rows
    others = [row for row in rows if row["key"] != key]
    if verb == "remove":
        return others
    to = max(place - 1, 0) if verb == "up" else place + 1
    return [*others[:to], rows[place], *others[to:]]


def _question_moved(rows: List, verb: str, key: str) -> List:
    rows = [{**row, "questions": list(row["questions"])} for row in rows]
    for number, row in enumerate(rows):
        for place, question in enumerate(row["questions"]):
            if question["key"] == key:
                row["questions"].pop(place)
                if verb != "remove":
                    _put_back(rows, number, place, question, verb)
                return rows
    return rows


def _put_back(rows: List, number: int, place: int, question: Row, verb: str) -> None:
    """A question that was at a place of a section, one step up or down."""
    questions = rows[number]["questions"]
    if verb == "up" and place == 0 and number > 0:
        rows[number - 1]["questions"].append(question)
    elif verb == "down" and place == len(questions) and number + 1 < len(rows):
        rows[number + 1]["questions"].insert(0, question)
    else:
        questions.insert(max(place - 1, 0) if verb == "up" else place + 1, question)


def _same(old: Row, new: Mapping[str, Any], *kept: str) -> Row:
    return {"key": old["key"], **new, **{name: old[name] for name in kept}}
