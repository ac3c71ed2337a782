"""A scheme's parts as one readable JSON list, out and in: {"kind": "per_member", "kronor": "60", "age_from": 7, "age_to": 25}.

A part that holds for some only carries "when": {"fact": "category", "is": ["social"]}.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from grants.rules.calculation import Part
from grants.rules.parts import PARTS, PartRefused
from grants.rules.parts_counted import Step
from grants.rules.parts_when import OnlyWhen
from records.lines import plain

MOST_PARTS = 50
NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")

# What can be wrong with a file of parts; the sentence is made above the rules from the code and where it is.
CODES = (
    "not_a_list",
    "too_many",
    "not_an_object",
    "unknown_kind",
    "unknown_field",
    "missing_field",
    "not_a_number",
    "not_a_whole_number",
    "not_a_text",
    "not_yes_or_no",
    "negative",
    "not_positive",
    "not_a_percentage",
    "not_ore",
    "band",
    "no_steps",
    "two_pots",
    "not_a_date",
    "unknown_word",
)


class PartsNotReadable(ValueError):
    """A list of parts that cannot be used. index: which part, from 0; None = the list. field: "" = the part. code: in CODES."""

    def __init__(self, index: int | None, field: str, code: str) -> None:
        where = "parts" if index is None else f"parts[{index}]"
        super().__init__(f"{where}.{field}: {code}" if field else f"{where}: {code}")
        self.index, self.field, self.code = index, field, code


def parts_to_json(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The parts as JSON data, numbers of kronor as text; parameters that have their default value are left out.

    Equal parts give equal data: parts_from_json(parts_to_json(parts)) == tuple(parts).

    Rule G-29. Source: house convention for schemes: exported and imported as one readable file.
    Words: bidragsform, export, json, schema, parts.
    """
    return [_to_json(part) for part in parts]


def parts_from_json(data: object) -> tuple[Part, ...]:
    """The parts that a JSON list describes. Kronor and percent may be text ("3.85") or numbers.

    Raises PartsNotReadable, which names the part and the field, for anything but a list of known parts with known, sensible
    parameters; never another exception, whatever the data.

    Rule G-30. Source: house convention for schemes: exported and imported as one readable file.
    Words: bidragsform, import, json, schema, parts.
    """
    if not isinstance(data, list):
        raise PartsNotReadable(None, "", "not_a_list")
    if len(data) > MOST_PARTS:
        raise PartsNotReadable(None, "", "too_many")
    parts = tuple(_part(index, each) for index, each in enumerate(data))
    pots = [index for index, part in enumerate(parts) if inner(part).kind == "pot_share"]
    if len(pots) > 1:
        raise PartsNotReadable(pots[1], "kind", "two_pots")
    return parts


def inner(part: Part) -> Part:
    """The part itself, without the condition on whom it holds for.

    Rule GS-27. Source: scheme data: a part may hold for some only.
    Words: villkor, del, when.
    """
    return part.part if isinstance(part, OnlyWhen) else part


def counted_on(parts: Sequence[Part]) -> set[str]:
    """The names of everything that the parts count: "members", "requested", keys of questions.

    Rule GS-28. Source: house convention for schemes: a calculation counts only on what is asked for.
    Words: underlag, fråga, räknas på.
    """
    cores = [inner(part) for part in parts]
    names = {getattr(core, name, "") for core in cores for name in ("quantity", "times", "costs", "incomes")}
    names |= {"requested" for core in cores if core.kind == "requested_up_to"}
    return {str(name) for name in names if name}


def _to_json(part: Part) -> dict[str, Any]:
    if not isinstance(part, OnlyWhen):
        return {"kind": part.kind, **_parameters(part)}
    return {**_to_json(part.part), "when": {"fact": part.fact, "is": list(part.values)}}


def _part(index: int, data: object) -> Part:
    if not isinstance(data, dict):
        raise PartsNotReadable(index, "", "not_an_object")
    if "when" in data:
        return _only_when(index, data)
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in PARTS:
        raise PartsNotReadable(index, "kind", "unknown_kind")
    part = PARTS[kind]
    known = {each.name: each for each in _fields(part)}
    for name in data:
        if name != "kind" and name not in known:
            raise PartsNotReadable(index, str(name), "unknown_field")
    values = {}
    for name, each in known.items():
        if name in data:
            values[name] = _value(index, each, data[name])
        elif each.default is MISSING:
            raise PartsNotReadable(index, name, "missing_field")
    try:
        return part(**values)
    except PartRefused as refused:
        raise PartsNotReadable(index, refused.field, refused.code) from refused


def _only_when(index: int, data: Mapping[str, object]) -> Part:
    part = _part(index, {name: value for name, value in data.items() if name != "when"})
    when = data["when"]
    if not isinstance(when, dict):
        raise PartsNotReadable(index, "when", "not_an_object")
    for name in when:
        if name not in ("fact", "is"):
            raise PartsNotReadable(index, f"when.{name}", "unknown_field")
    values = when.get("is")
    if not isinstance(values, list) or not values or len(values) > MOST_PARTS:
        raise PartsNotReadable(index, "when.is", "not_a_list")
    try:
        return OnlyWhen(part=part, fact=_text(when.get("fact")), values=tuple(_text(value) for value in values))
    except _Unreadable as unreadable:
        raise PartsNotReadable(index, "when", str(unreadable)) from unreadable


def _value(index: int, field: Field[Any], value: object) -> object:
    try:
        return READERS[field.type](value)
    except _Unreadable as unreadable:
        raise PartsNotReadable(index, field.name + unreadable.within, str(unreadable)) from unreadable


def _parameters(part: Part) -> dict[str, Any]:
    values = ((field.name, getattr(part, field.name), field.default) for field in _fields(part))
    return {name: _written(value) for name, value, default in values if value != default}


def _written(value: object) -> object:
    if isinstance(value, tuple):
        return [{STEP_NAMES[name]: each for name, each in _parameters_of(step).items()} for step in value]
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else value


def _parameters_of(step: Step) -> dict[str, Any]:
    filled = {field.name: getattr(step, field.name) for field in fields(step) if getattr(step, field.name) != field.default}
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in filled.items()}


def _fields(part: object) -> tuple[Field[Any], ...]:
    return fields(part) if is_dataclass(part) else ()


class _Unreadable(ValueError):
    """within: where in the value, as the end of a path ("[2].from"); "" = the value itself."""

    def __init__(self, code: str, within: str = "") -> None:
        super().__init__(code)
        self.within = within


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Unreadable("not_a_number")
    if isinstance(value, int):
        value = _whole(value)
    text = str(value)
    if NUMBER.fullmatch(text) is None:
        raise _Unreadable("not_a_number")
    return Decimal(text)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 10**12:
        raise _Unreadable("not_a_whole_number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise _Unreadable("not_a_text")
    return value


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Unreadable("not_yes_or_no")
    return value


STEP_NAMES = {"first": "from", "last": "to", "kronor": "kronor", "per_unit": "per_unit"}


def _steps(value: object) -> tuple[Step, ...]:
    if not isinstance(value, list):
        raise _Unreadable("not_a_list")
    return tuple(_step(number, each) for number, each in enumerate(value))


def _step(number: int, data: object) -> Step:
    if not isinstance(data, dict):
        raise _Unreadable("not_an_object", f"[{number}]")
    readers = {"from": _whole, "to": _or_none(_whole), "kronor": _number, "per_unit": _number}
    values = {}
    for name, value in data.items():
        if name not in readers:
            raise _Unreadable("unknown_field", f"[{number}].{name}")
        try:
            values[name] = readers[name](value)
        except _Unreadable as unreadable:
            raise _Unreadable(str(unreadable), f"[{number}].{name}") from unreadable
    if "from" not in values:
        raise _Unreadable("missing_field", f"[{number}].from")
    try:
        return Step(**{name: values[word] for name, word in STEP_NAMES.items() if word in values})
    except PartRefused as refused:
        raise _Unreadable(refused.code, f"[{number}].{refused.field}") from refused


def _day(value: object) -> date:
    if not isinstance(value, str) or len(value) != 10:
        raise _Unreadable("not_a_date")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _Unreadable("not_a_date") from None


def _or_none(read: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda value: None if value is None else read(value)


READERS: Mapping[Any, Callable[[object], Any]] = {
    Decimal: _number,
    Decimal | None: _or_none(_number),
    int: _whole,
    int | None: _or_none(_whole),
    date | None: _or_none(_day),
    str: _text,
    bool: _yes_or_no,
    tuple[Step, ...]: _steps,
}
