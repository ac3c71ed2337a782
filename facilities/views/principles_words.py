"""Principles in words: each part's sentences beside their formal meaning, and what is wrong or surprising in each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from facilities.rules.allocation.editing import Part
from facilities.rules.allocation.principles import Principles
from facilities.rules.allocation.sentences import Line, example_sentence, published
from facilities.rules.allocation.validate import FATAL, Remark, Wrong, remarks

OTHER = "soft"  # remarks on what is looked at after the ladder


@dataclass(frozen=True, slots=True)
class Told:
    """A remark in words. example: somebody whom it is about, in Swedish. is_fatal: it has to be corrected before publishing."""

    text: str
    example: str = ""
    is_fatal: bool = False


@dataclass(slots=True)
class Row:
    """A principle: its sentence and its formal meaning, as they are published, and what is remarked on it."""

    line: Line
    place: int
    is_first: bool = True
    is_last: bool = True
    told: list[Told] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """A part of the principles. told: what is remarked on the whole of it."""

    rows: list[Row] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownPrinciples:
    """All parts in order. overlaps: pairs of classes of which some sections fit both."""

    name: str
    classes: Section
    ladder: Section
    windows: Section
    limits: Section
    attractive: Section
    soft: Section
    lot: Section
    overlaps: list[str]
    is_usable: bool


def principles_in_words(principles: Principles, *, checked: bool = False) -> ShownPrinciples:
    """The published sentences beside their meaning. checked: with what is wrong or surprising, for who writes them."""
    parts = {part: Section() for part in ("classes", "ladder", "windows", "limits", "attractive", "soft", "lot")}
    for line in published(principles):
        rows = parts[line.part].rows
        if rows:
            rows[-1].is_last = False
        rows.append(Row(line, len(rows), is_first=not rows))
    found = remarks(principles) if checked else ()
    for remark in found:
        for part, place, text in _said(remark, principles):
            told = Told(text, example_sentence(remark.example), remark.wrong in FATAL)
            rows = parts[part].rows
            (rows[place].told if place is not None and place < len(rows) else parts[part].told).append(told)
    names = {each.key: each.name for each in principles.classes}
    pairs = [remark.what.partition(" ") for remark in found if remark.wrong is Wrong.OVERLAP]
    overlaps = [
        _("%(first)s comes before %(second)s") % {"first": names.get(first, first), "second": names.get(second, second)}
        for first, _space, second in pairs
    ]
    usable = not any(remark.wrong in FATAL for remark in found)
    return ShownPrinciples(name=principles.name, overlaps=overlaps, is_usable=usable, **parts)


def _said(remark: Remark, principles: Principles) -> Iterator[tuple[str, int | None, str]]:
    """(part, row or None for the whole part, sentence)."""
    what = remark.what
    match remark.wrong:
        case Wrong.OVERLAP:
            return
        case Wrong.EMPTY:
            yield what, None, _parts()[what]
        case Wrong.NOT_PROVED:
            yield what, None, _("There are too many combinations to try them all, so gaps may be left that nobody is told of.")
        case Wrong.SAME_KEY | Wrong.NEVER:
            yield Part.CLASSES, _class(principles, what), _of_class(remark.wrong)
        case Wrong.UNKNOWN_CLASS:
            place, _colon, key = what.partition(": ")
            yield Part.LADDER, int(place) - 1, _("There is no class %(key)s.") % {"key": key}
        case Wrong.RUNG_TWICE | Wrong.RUNG_ORDER | Wrong.NO_RUNG:
            yield _of_rungs(remark, principles)
        case wrong if wrong in (rows := _rows()):
            yield rows[wrong][0], int(what) - 1, rows[wrong][1]
        case wrong:
            part, text = _wholes()[wrong]
            yield part, None, text


def _parts() -> dict[str, str]:
    return {"classes": _("Add at least one class."), "ladder": _("Choose in which order the classes get their times.")}


def _of_class(wrong: Wrong) -> str:
    if wrong is Wrong.SAME_KEY:
        return _("Another class has the same short name.")
    return _("No group can be in this class: the classes before it take all, or the conditions cannot all be so.")


def _of_rungs(remark: Remark, principles: Principles) -> tuple[str, int | None, str]:
    key, _space, number = remark.what.rpartition(" ")
    place = _class(principles, key)
    name = principles.classes[place].name if place is not None else key
    words = {"name": name, "n": int(number)}
    if remark.wrong is Wrong.RUNG_TWICE:
        return Part.LADDER, None, _("Time number %(n)s of %(name)s stands on two steps.") % words
    if remark.wrong is Wrong.RUNG_ORDER:
        return Part.LADDER, None, _("Time number %(n)s of %(name)s stands on an earlier step than the one before it.") % words
    if int(number) == 1:
        return Part.CLASSES, place, _("The class is on no step of the order, so it gets no times.")
    return Part.CLASSES, place, _("Time number %(n)s of the week is on no step of the order, so it is never given.") % words


def _rows() -> dict[Wrong, tuple[str, str]]:
    return {
        Wrong.EMPTY_RUNG: (Part.LADDER, _("The step has no classes, or no times.")),
        Wrong.UNREACHABLE: (Part.LADDER, _("Nobody is ever on this step.")),
        Wrong.WINDOW_NEVER: (Part.WINDOWS, _("There can be no such group: the conditions cannot all be so.")),
        Wrong.UNUSED: (Part.WINDOWS, _("The hours are kept for groups that may not train then, so nobody can use them.")),
        Wrong.LIMIT_NEVER: (Part.LIMITS, _("This never counts: a limit before it counts first, or no time is so short.")),
    }


def _wholes() -> dict[Wrong, tuple[str, str]]:
    return {
        Wrong.NO_CLASS: (Part.CLASSES, _("Some groups are in no class, so they get no times.")),
        Wrong.SHUT: (Part.WINDOWS, _("Together these hours leave some groups no time of the week.")),
        Wrong.ONE_PASS: (Part.LADDER, _("Nobody ever gets a second time in the week.")),
        Wrong.NO_HOURS: (OTHER, _("No hours are attractive, so there is nothing to share equally between girls and boys.")),
        Wrong.NOT_COUNTED: (
            OTHER,
            _("Some hours are attractive, but sharing them equally is not in the order, so it is not looked at."),
        ),
    }


def _class(principles: Principles, key: str) -> int | None:
    """The last class with the key: of two it is the one to change."""
    places: list[Any] = [place for place, each in enumerate(principles.classes) if each.key == key]
    return places[-1] if places else None
