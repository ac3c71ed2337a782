"""An application form as JSON, as a scheme version keeps it and a file of a scheme carries it: checked, errors told by path."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from grants.rules.conditions import asked_about
from grants.rules.form_shape import (
    CHOSEN,
    IN_COLUMNS,
    NUMBERS,
    THIS,
    Balance,
    Choice,
    Column,
    Compares,
    Condition,
    Conditions,
    Form,
    Group,
    Kind,
    Pattern,
    Question,
    Section,
)

KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")
RESERVED = (
    "members",
    "category",
    "granted",
    "granted_before",
    "requested",
    "pot",
    THIS,
)  # what the calculation calls its own facts
MOST_QUESTIONS = 300
DEEPEST = 3
CODES = (
    "not_a_list",
    "not_an_object",
    "not_a_text",
    "not_a_key",
    "not_a_whole_number",
    "not_yes_or_no",
    "not_a_limit",
    "missing_field",
    "unknown_field",
    "unknown_kind",
    "unknown_pattern",
    "too_few_choices",
    "no_columns",
    "not_a_column",
    "not_a_balance",
    "key_twice",
    "reserved",
    "not_before",
    "not_a_condition",
    "too_many",
)


class FormNotReadable(ValueError):
    """A form that cannot be used. path: "form[0].questions[2].kind". code: in CODES."""

    def __init__(self, path: str, code: str) -> None:
        super().__init__(f"{path}: {code}")
        self.path, self.code = path, code


def form_from_json(rows: object) -> Form:
    """The form that a scheme version keeps as JSON, checked.

    Raises FormNotReadable, a ValueError, saying where and what: a key is missing or used twice, a kind is unknown, a choice
    question has fewer than two choices, a table no columns, or a condition points at a question that does not come earlier.

    Rule G-60. Source: house convention "schemes are data": the form belongs to the version it was published with.
    Words: formulär, frågor, avsnitt, form.
    """
    earlier: dict[str, Question] = {}
    section_keys: set[str] = set()
    sections = []
    for number, row in enumerate(_list(rows, "form")):
        path = f"form[{number}]"
        section = _object(row, path, ("key", "title", "hint", "questions", "shown_if"))
        key = _key(section, path)
        if key in section_keys:
            raise FormNotReadable(f"{path}.key", "key_twice")
        section_keys.add(key)
        shown_if = _shown_if(section, path, earlier)
        questions = []
        for place, asked in enumerate(_list(section.get("questions", []), f"{path}.questions")):
            question = _question(asked, f"{path}.questions[{place}]", earlier)
            earlier[question.key] = question
            questions.append(question)
        title = _text(section, "title", path, 200)
        sections.append(Section(key, title, tuple(questions), _text(section, "hint", path, 2000, ""), shown_if))
    if len(earlier) > MOST_QUESTIONS:
        raise FormNotReadable("form", "too_many")
    return tuple(sections)


_KNOWN = (
    *("key", "label", "kind", "required", "hint", "max_length", "choices", "shown_if"),
    *("min_length", "pattern", "at_least", "at_most", "columns", "balance", "balances", "most_rows"),
)


def _question(data: object, path: str, earlier: Mapping[str, Question]) -> Question:
    row = _object(data, path, _KNOWN)
    key = _key(row, path)
    if key in earlier:
        raise FormNotReadable(f"{path}.key", "key_twice")
    if key in RESERVED:
        raise FormNotReadable(f"{path}.key", "reserved")
    kind = _one_of(Kind, row, "kind", path, "unknown_kind")
    choices = tuple(_choices(row, path))
    if kind in (Kind.CHOICE, Kind.CHOICES) and len(choices) < 2:
        raise FormNotReadable(f"{path}.choices", "too_few_choices")
    columns = tuple(_columns(row, path))
    if kind is Kind.TABLE and not columns:
        raise FormNotReadable(f"{path}.columns", "no_columns")
    pattern = _text(row, "pattern", path, 40, "")
    if pattern and pattern not in list(Pattern):
        raise FormNotReadable(f"{path}.pattern", "unknown_pattern")
    required = row.get("required", True)
    if not isinstance(required, bool):
        raise FormNotReadable(f"{path}.required", "not_yes_or_no")
    return Question(
        key=key,
        label=_text(row, "label", path, 300),
        kind=kind,
        required=required,
        hint=_text(row, "hint", path, 2000, ""),
        max_length=_whole(row, "max_length", path, 4000),
        choices=choices,
        shown_if=_shown_if(row, path, earlier),
        min_length=_whole(row, "min_length", path, 0),
        pattern=pattern,
        at_least=_limit(row, "at_least", path, kind),
        at_most=_limit(row, "at_most", path, kind),
        columns=columns,
        balance=_balance(row, path, columns),
        balances=_balances(row, path, quantities_in(kind, columns, THIS), earlier),
        most_rows=_whole(row, "most_rows", path, 20),
    )


def _choices(row: Mapping[str, Any], path: str) -> Iterable[Choice]:
    keys: set[str] = set()
    for place, data in enumerate(_list(row.get("choices", []), f"{path}.choices")):
        choice = _object(data, f"{path}.choices[{place}]", ("key", "label"))
        key = _key(choice, f"{path}.choices[{place}]")
        if key in keys:
            raise FormNotReadable(f"{path}.choices[{place}].key", "key_twice")
        keys.add(key)
        yield Choice(key, _text(choice, "label", f"{path}.choices[{place}]", 300))


def _columns(row: Mapping[str, Any], path: str) -> Iterable[Column]:
    keys: set[str] = set()
    for place, data in enumerate(_list(row.get("columns", []), f"{path}.columns")):
        where = f"{path}.columns[{place}]"
        column = _object(data, where, ("key", "label", "kind"))
        key, kind = _key(column, where), _one_of(Kind, {"kind": "text", **column}, "kind", where, "unknown_kind")
        if key in keys:
            raise FormNotReadable(f"{where}.key", "key_twice")
        if kind not in IN_COLUMNS:
            raise FormNotReadable(f"{where}.kind", "unknown_kind")
        keys.add(key)
        yield Column(key, _text(column, "label", where, 100), kind)


def _balance(row: Mapping[str, Any], path: str, columns: Sequence[Column]) -> tuple[str, ...]:
    keys = [str(key) for key in _list(row.get("balance", []), f"{path}.balance")]
    summed = {column.key for column in columns if column.kind in NUMBERS}
    if keys and (len(keys) != 2 or not set(keys) <= summed or keys[0] == keys[1]):
        raise FormNotReadable(f"{path}.balance", "not_a_column")
    return tuple(keys)


def quantities_in(kind: Kind, columns: Iterable[Column], key: str) -> tuple[str, ...]:
    """The numbers that a question holds, by name: its own key, or "key.column" for each column of numbers.

    Rule GF-07. Source: scheme data: a budget in tables whose sums the calculation uses.
    Words: belopp, kolumn, tabell, mängd.
    """
    if kind in NUMBERS:
        return (key,)
    return tuple(f"{key}.{column.key}" for column in columns if column.kind in NUMBERS) if kind is Kind.TABLE else ()


def _balances(row: Mapping[str, Any], path: str, own: Sequence[str], earlier: Mapping[str, Question]) -> Balance | None:
    data = row.get("balances")
    if data is None:
        return None
    sides = _object(data, f"{path}.balances", ("left", "right"))
    left, right = ([str(name) for name in _list(sides.get(side, []), f"{path}.balances.{side}")] for side in ("left", "right"))
    before = {name for each in earlier.values() for name in quantities_in(each.kind, each.columns, each.key)}
    names = [*left, *right]
    if not left or not right or len(set(names)) < len(names) or not set(names) & set(own):
        raise FormNotReadable(f"{path}.balances", "not_a_balance")
    if not set(names) <= before | set(own):
        raise FormNotReadable(f"{path}.balances", "not_before")
    return Balance(tuple(left), tuple(right))


def _shown_if(row: Mapping[str, Any], path: str, earlier: Mapping[str, Question]) -> Conditions | None:
    data = row.get("shown_if")
    if data is None:
        return None
    conditions = _conditions(data, f"{path}.shown_if", 1)
    for each in asked_about(conditions):
        if each.question not in earlier:
            raise FormNotReadable(f"{path}.shown_if", "not_before")
        if each.compares in (Compares.AT_LEAST, Compares.AT_MOST) and earlier[each.question].kind not in NUMBERS:
            raise FormNotReadable(f"{path}.shown_if", "not_a_condition")
    return conditions


def _conditions(data: object, path: str, depth: int) -> Conditions:
    row = _object(data, path, ("all", "any", "question", *Compares))
    for word in ("all", "any"):
        if word in row:
            each = _list(row[word], f"{path}.{word}")
            if len(row) != 1 or not each or depth > DEEPEST:
                raise FormNotReadable(path, "not_a_condition")
            return Group(word == "all", tuple(_conditions(one, f"{path}.{word}[{n}]", depth + 1) for n, one in enumerate(each)))
    compares = [each for each in Compares if each in row]
    if len(compares) != 1:
        raise FormNotReadable(path, "not_a_condition")
    value = _text(row, compares[0], path, 200)
    if compares[0] in (Compares.AT_LEAST, Compares.AT_MOST):
        _number(value, f"{path}.{compares[0]}")
    return Condition(_text(row, "question", path, 40), value, compares[0])


def conditions_to_json(conditions: Conditions) -> dict[str, Any]:
    """Conditions as a form keeps them: one alone, or {"all": [...]} or {"any": [...]}.

    Rule GF-05. Source: house convention "schemes are data".
    Words: villkor, export, json.
    """
    if isinstance(conditions, Condition):
        return {"question": conditions.question, str(conditions.compares): conditions.value}
    return {"all" if conditions.every else "any": [conditions_to_json(each) for each in conditions.of]}


def may_be_asked_about(question: Question) -> bool:
    """Whether a condition can be put on the answers to a question.

    Rule GF-06. Source: house convention for forms: conditions on choices and numbers.
    Words: villkor, följdfråga.
    """
    return question.kind in CHOSEN or question.kind in NUMBERS


def _limit(row: Mapping[str, Any], name: str, path: str, kind: Kind) -> str:
    text = _text(row, name, path, 20, "")
    if not text:
        return ""
    if kind is Kind.DAY:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise FormNotReadable(f"{path}.{name}", "not_a_limit") from None
    if kind not in NUMBERS:
        raise FormNotReadable(f"{path}.{name}", "not_a_limit")
    _number(text, f"{path}.{name}")
    return text


def _number(text: str, path: str) -> None:
    try:
        if Decimal(text).is_finite():
            return
    except InvalidOperation:
        pass
    raise FormNotReadable(path, "not_a_limit")


def _list(data: object, path: str) -> Sequence[Any]:
    if not isinstance(data, list | tuple):
        raise FormNotReadable(path, "not_a_list")
    return data


def _object(data: object, path: str, known: Iterable[str]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise FormNotReadable(path, "not_an_object")
    for name in data:
        if name not in set(known):
            raise FormNotReadable(f"{path}.{name}", "unknown_field")
    return data


def _key(row: Mapping[str, Any], path: str) -> str:
    key = _text(row, "key", path, 40)
    if KEY.fullmatch(key) is None:
        raise FormNotReadable(f"{path}.key", "not_a_key")
    return key


def _text(row: Mapping[str, Any], name: str, path: str, longest: int, default: str | None = None) -> str:
    if name not in row:
        if default is None:
            raise FormNotReadable(f"{path}.{name}", "missing_field")
        return default
    value = row[name]
    if not isinstance(value, str) or len(value) > longest or (default is None and not value.strip()):
        raise FormNotReadable(f"{path}.{name}", "not_a_text")
    return value


def _whole(row: Mapping[str, Any], name: str, path: str, default: int) -> int:
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100_000:
        raise FormNotReadable(f"{path}.{name}", "not_a_whole_number")
    return value


def _one_of(kinds: Callable[[str], Kind], row: Mapping[str, Any], name: str, path: str, code: str) -> Kind:
    try:
        return kinds(_text(row, name, path, 40))
    except FormNotReadable:
        raise
    except ValueError:
        raise FormNotReadable(f"{path}.{name}", code) from None
