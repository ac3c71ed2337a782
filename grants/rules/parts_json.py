"""A scheme's parts as one readable JSON list, out and in: {"kind": "per_member", "kronor": "60", "age_from": 7, "age_to": 25}."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from grants.rules.calculation import Part
from grants.rules.part import PartRefused
from grants.rules.parts import PARTS
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
    "not_a_day",
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
    return [{"kind": part.kind, **_parameters(part)} for part in parts]


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
    return tuple(_part(index, each) for index, each in enumerate(data))


def _part(index: int, data: object) -> Part:
    if not isinstance(data, dict):
        raise PartsNotReadable(index, "", "not_an_object")
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


def _value(index: int, field: Field[Any], value: object) -> object:
    try:
        return READERS[field.type](value)
    except _Unreadable as unreadable:
        raise PartsNotReadable(index, field.name, str(unreadable)) from unreadable


def _parameters(part: Part) -> dict[str, Any]:
    values = ((field.name, getattr(part, field.name), field.default) for field in _fields(part))
    return {name: _plainly(value) for name, value, default in values if value != default}


def _plainly(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else value


def _fields(part: object) -> tuple[Field[Any], ...]:
    return fields(part) if is_dataclass(part) else ()


class _Unreadable(ValueError):
    pass


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


def _day(value: object) -> date:
    if not isinstance(value, str) or len(value) != 10:
        raise _Unreadable("not_a_day")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _Unreadable("not_a_day") from None


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
}
