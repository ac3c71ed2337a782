"""What a principle can ask about a section: a closed, typed language. It is data; nothing in it is ever executed."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class NumberFact(StrEnum):
    """Facts that are whole numbers. age_from, age_to: the years that the youngest and the oldest turn. girls: percent of size."""

    AGE_FROM = "age_from"
    AGE_TO = "age_to"
    SIZE = "size"
    GIRLS = "girls_percent"
    MONTHS = "months"  # how many months of the season the section wants
    PASSES = "passes"  # how many a week it wishes
    USED = "used_percent"  # last season's real use of given time; -1 = had none


class TextFact(StrEnum):
    """Facts that are one word of several. mark: any of the section's marks."""

    SEX = "sex"  # girls, boys or mixed
    DIVISION = "division"
    SPORT = "sport"
    KIND = "kind"  # association, school, company, private ...
    CLUB = "club"
    AREA = "area"
    MARK = "mark"


class FlagFact(StrEnum):
    """Facts that are yes or no."""

    FEDERATION = "federation"  # the club is a member of a national federation
    DISABILITY = "disability"
    INDOOR = "indoor"  # its main season is indoors
    LOCAL = "local"  # the club is of the municipality
    HAD_TIME = "had_time"  # it had time last season


class Op(StrEnum):
    LESS = "<"
    AT_MOST = "<="
    IS = "="
    AT_LEAST = ">="
    MORE = ">"


class Facts(Protocol):
    """Whatever can be asked: a section."""

    def number(self, fact: NumberFact) -> int: ...
    def texts(self, fact: TextFact) -> frozenset[str]: ...
    def flag(self, fact: FlagFact) -> bool: ...


@dataclass(frozen=True, slots=True)
class Number:
    fact: NumberFact
    op: Op
    value: int


@dataclass(frozen=True, slots=True)
class Text:
    """The fact is one of the words."""

    fact: TextFact
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    fact: FlagFact
    value: bool = True


@dataclass(frozen=True, slots=True)
class All:
    """Every one of them; of nothing = everybody."""

    of: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of them; of nothing = nobody."""

    of: tuple["Condition", ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    what: "Condition"


Condition = Number | Text | Flag | All | Either | Not
EVERYBODY = All()


class NotUnderstood(ValueError):
    """The data is not written in the language. The message says where."""


def holds(condition: Condition, of: Facts) -> bool:
    """Whether a condition is true of a section.

    Rule FA-01. Source: issue, "conditions in a closed, typed language"; nothing is evaluated but comparisons.
    Words: villkor, gäller, condition.
    """
    match condition:
        case Number(fact, op, value):
            return _compare(of.number(fact), op, value)
        case Text(fact, among):
            return bool(of.texts(fact) & set(among))
        case Flag(fact, value):
            return of.flag(fact) is value
        case All(conditions):
            return all(holds(each, of) for each in conditions)
        case Either(conditions):
            return any(holds(each, of) for each in conditions)
        case Not(what):
            return not holds(what, of)


def condition_to_json(condition: Condition) -> dict[str, Any]:
    """The condition as plain data: {"fact": "age_to", "is": "<=", "value": 20}, {"all": [...]}, {"any": [...]}, {"not": {...}}.

    Rule FA-02. Source: issue, "principles as data".
    Words: villkor, json, spara.
    """
    match condition:
        case Number(fact, op, value):
            return {"fact": str(fact), "is": str(op), "value": value}
        case Text(fact, among):
            return {"fact": str(fact), "is": "in", "value": list(among)}
        case Flag(fact, flag):
            return {"fact": str(fact), "is": "=", "value": flag}
        case All(conditions):
            return {"all": [condition_to_json(each) for each in conditions]}
        case Either(conditions):
            return {"any": [condition_to_json(each) for each in conditions]}
        case Not(what):
            return {"not": condition_to_json(what)}


def condition_from_json(data: Any, where: str = "condition") -> Condition:
    """Read a condition. NotUnderstood, with the place, for anything that is not of the language.

    Rule FA-03. Source: issue, "a closed, typed condition language (never eval)".
    Words: villkor, json, läs.
    """
    if not isinstance(data, dict):
        raise NotUnderstood(f"{where}: a condition is an object")
    keys = set(data)
    if keys in ({"all"}, {"any"}):
        name = next(iter(keys))
        if not isinstance(data[name], list):
            raise NotUnderstood(f"{where}.{name}: a list of conditions")
        parts = tuple(condition_from_json(each, f"{where}.{name}[{number}]") for number, each in enumerate(data[name]))
        return All(parts) if name == "all" else Either(parts)
    if keys == {"not"}:
        return Not(condition_from_json(data["not"], f"{where}.not"))
    if keys == {"fact", "is", "value"}:
        return _fact_from_json(data, where)
    raise NotUnderstood(f"{where}: unknown words {', '.join(sorted(map(str, keys))) or '(none)'}")


def conditions_within(condition: Condition) -> Iterator[Number | Text | Flag]:
    """The comparisons that a condition is made of, in order.

    Rule FA-04. Source: house convention: what is validated is found by reading the data.
    Words: villkor, delar.
    """
    match condition:
        case All(conditions) | Either(conditions):
            for each in conditions:
                yield from conditions_within(each)
        case Not(what):
            yield from conditions_within(what)
        case _:
            yield condition


def _compare(number: int, op: Op, value: int) -> bool:
    match op:
        case Op.LESS:
            return number < value
        case Op.AT_MOST:
            return number <= value
        case Op.IS:
            return number == value
        case Op.AT_LEAST:
            return number >= value
        case Op.MORE:
            return number > value


def _fact_from_json(data: dict[str, Any], where: str) -> Condition:
    fact, word, value = data["fact"], data["is"], data["value"]
    if fact in set(NumberFact):
        if word not in set(Op) or isinstance(value, bool) or not isinstance(value, int):
            raise NotUnderstood(f"{where}: {fact} is compared with a whole number by <, <=, =, >= or >")
        return Number(NumberFact(fact), Op(word), value)
    if fact in set(TextFact):
        if word != "in" or not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise NotUnderstood(f'{where}: {fact} is "in" a list of words')
        return Text(TextFact(fact), tuple(value))
    if fact in set(FlagFact):
        if word != "=" or not isinstance(value, bool):
            raise NotUnderstood(f"{where}: {fact} is true or false")
        return Flag(FlagFact(fact), value)
    raise NotUnderstood(f"{where}: nobody knows the fact {fact!r}")
