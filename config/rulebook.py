"""The rules of every room, read from their own source: id, place, first sentence and source. Nothing is imported to do it."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_RULE = re.compile(
    r"^[ ]*Rule (?P<id>[A-Z]{1,2}-[0-9]{2,3}[a-z]?)\. Source: (?P<source>.+?)(?=\n[ ]*Words:|\n[ ]*\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_WORDS = re.compile(r"^[ ]*Words: (?P<words>.+?)(?=\n[ ]*\n|\Z)", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"[\w-]+")

BY_ID, OWN_WORD, BEGINS, IN_TEXT, NOT_AT_ALL = range(5)  # how well a word fits a rule


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. path: from the root of the repository. sentence: the first of its docstring. words: what else people call it."""

    id: str
    name: str
    path: str
    line: int
    sentence: str
    source: str
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A public function or class that may be a rule: its name, where it is, its docstring ("" = none)."""

    name: str
    is_function: bool
    path: str
    line: int
    docstring: str


def rule_files(root: Path) -> list[Path]:
    """The files that hold rules: everything under */rules/, records.values and records.lines."""
    return sorted(
        [
            *root.glob("*/rules/**/*.py"),
            *root.glob("records/values*"),
            *root.glob("records/values/**/*.py"),
            *root.glob("records/lines.py"),
        ]
    )


def places(root: Path) -> Iterator[Place]:
    """Every public function and class at the top of a file of rules, in order."""
    for path in rule_files(root):
        if not path.is_file():
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                is_function, doc = isinstance(node, ast.FunctionDef), ast.get_docstring(node) or ""
                yield Place(node.name, is_function, path.relative_to(root).as_posix(), node.lineno, doc)


def rules(root: Path) -> list[Rule]:
    """Every rule there is, by id."""
    found = (_rule(place) for place in places(root))
    return sorted((rule for rule in found if rule is not None), key=lambda rule: rule.id)


def matching(every: Sequence[Rule], wanted: Iterable[str]) -> list[Rule]:
    """The rules that all the wanted words fit, the best first.

    A word fits best as an id, then as a word of the name or of Words, then as the beginning of one (or, from six letters, a part
    of a compound). Only when nothing fits that well is the rest of the docstring searched.
    """
    words = " ".join(wanted).casefold().split()
    if not words:
        return list(every)
    ranked = [(max(_rank(rule, word) for word in words), rule) for rule in every]
    best = min((rank for rank, _ in ranked), default=NOT_AT_ALL)
    worst = {BY_ID: BY_ID, OWN_WORD: BEGINS, BEGINS: BEGINS, IN_TEXT: IN_TEXT, NOT_AT_ALL: BY_ID}[best]
    kept = [(rank, rule) for rank, rule in ranked if rank <= worst]
    return [rule for _, rule in sorted(kept, key=lambda pair: (pair[0], pair[1].id))]


def _rank(rule: Rule, word: str) -> int:
    own = {*rule.name.casefold().split("_"), *rule.words}
    own |= {part for words in rule.words for part in words.split()}
    if word == rule.id.casefold():
        return BY_ID
    if word in own or word == rule.name.casefold():
        return OWN_WORD
    if any(each.startswith(word) or (len(word) > 5 and word in each) for each in own):
        return BEGINS
    return IN_TEXT if word in (each.casefold() for each in _WORD.findall(rule.text)) else NOT_AT_ALL


def _rule(place: Place) -> Rule | None:
    match = _RULE.search(place.docstring)
    if match is None:
        return None
    words = _WORDS.search(place.docstring)
    return Rule(
        id=match["id"],
        name=place.name,
        path=place.path,
        line=place.line,
        sentence=" ".join(place.docstring.split("\n\n")[0].split()),
        source=" ".join(match["source"].split()),
        words=tuple(word.strip(" .\n").casefold() for word in words["words"].split(",")) if words else (),
        text=place.docstring,
    )
