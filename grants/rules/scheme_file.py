"""A scheme as one readable file, out and in: who decides, from when, the questions, the attachments and the calculation."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from grants.rules.form_json import FormNotReadable, form_from_json
from grants.rules.parts_json import PartsNotReadable, parts_from_json

FORMAT = "medspel-scheme"
SCHEMA = 1  # raised when a file of today could be misread by yesterday's reader
LARGEST = 1_000_000  # bytes
DECIDED_BY = ("delegation", "committee")
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
REQUIREMENT = re.compile(r"[A-Z]{1,2}-[0-9]{2}")
MOST = 60
CODES = (
    "not_this_format",
    "newer_schema",
    "not_an_object",
    "not_a_list",
    "not_a_text",
    "not_a_key",
    "not_a_date",
    "not_yes_or_no",
    "missing_field",
    "unknown_field",
    "unknown_value",
    "key_twice",
    "too_many",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file. path: "version.parts[2].kronor". code: here, or of the parts or the form."""

    path: str
    code: str


class FileNotReadable(ValueError):
    """A file that cannot be used. problems: everything that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{each.path}: {each.code}" for each in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class SchemeFile:
    """What a file says. Lists are as grants.models.SchemeVersion keeps them."""

    key: str
    name: str
    purpose: str
    decided_by: str
    valid_from: date
    form: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    attachments: list[dict[str, Any]]
    aims: list[dict[str, Any]]
    requirements: list[str]
    calculation_is_example: bool = False


def scheme_to_json(scheme: SchemeFile) -> dict[str, Any]:
    """The file's content: keys in an order that reads well; the same scheme gives the same bytes.

    Rule GS-51. Source: house convention for schemes: exported and imported as one readable file.
    Words: export, fil, json, bidragsform, ta ut.
    """
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "scheme": {name: getattr(scheme, name) for name in ("key", "name", "purpose", "decided_by")},
        "version": {
            "valid_from": scheme.valid_from.isoformat(),
            "calculation_is_example": scheme.calculation_is_example,
            **{name: getattr(scheme, name) for name in ("parts", "form", "attachments", "aims", "requirements")},
        },
    }


def scheme_from_json(data: object, documents: Sequence[str] = ()) -> SchemeFile:
    """What a file says, checked. documents: the kinds of yearly documents that the register knows.

    Raises FileNotReadable with every problem and its path; never another exception, whatever the data.

    Rule GS-52. Source: house convention for schemes: exported and imported as one readable file.
    Words: import, läs in, fil, json, bidragsform.
    """
    reader = _Reader()
    top = reader.mapping(data, "", ("format", "schema", "scheme", "version"))
    if top.get("format") != FORMAT:
        raise FileNotReadable([Problem("format", "not_this_format")])
    if not isinstance(top.get("schema"), int) or top["schema"] > SCHEMA:
        raise FileNotReadable([Problem("schema", "newer_schema")])
    scheme = reader.mapping(top.get("scheme"), "scheme", ("key", "name", "purpose", "decided_by"))
    version = reader.mapping(top.get("version"), "version", _VERSION)
    read = SchemeFile(
        key=reader.text(scheme, "scheme", "key", 50, KEY),
        name=reader.text(scheme, "scheme", "name", 120),
        purpose=reader.text(scheme, "scheme", "purpose", 5000, default=""),
        decided_by=reader.one_of(scheme, "scheme", "decided_by", DECIDED_BY),
        valid_from=reader.day(version, "version", "valid_from"),
        form=reader.rules(lambda: form_from_json(version.get("form", [])), version.get("form", [])),
        parts=reader.rules(lambda: parts_from_json(version.get("parts", [])), version.get("parts", [])),
        attachments=reader.headings(version, documents),
        aims=reader.rows(version, "version", "aims", ("key", "label")),
        requirements=reader.requirements(version),
        calculation_is_example=reader.yes_or_no(version, "version", "calculation_is_example"),
    )
    if reader.problems:
        raise FileNotReadable(reader.problems)
    return read


_VERSION = ("valid_from", "calculation_is_example", "parts", "form", "attachments", "aims", "requirements")


class _Reader:
    """Reads one thing after another, and remembers what was wrong instead of stopping."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, path: str, code: str) -> None:
        self.problems.append(Problem(path, code))

    def mapping(self, data: object, path: str, known: Sequence[str]) -> Mapping[str, Any]:
        if not isinstance(data, Mapping):
            self.wrong(path or "file", "not_an_object")
            return {}
        for name in data:
            if name not in known:
                self.wrong(f"{path}.{name}".lstrip("."), "unknown_field")
        return data

    def listed(self, data: Mapping[str, Any], path: str, name: str) -> Sequence[Any]:
        rows = data.get(name, [])
        if not isinstance(rows, list):
            self.wrong(f"{path}.{name}", "not_a_list")
            return []
        if len(rows) > MOST:
            self.wrong(f"{path}.{name}", "too_many")
        return rows[:MOST]

    def text(
        self,
        data: Mapping[str, Any],
        path: str,
        name: str,
        longest: int,
        pattern: re.Pattern[str] | None = None,
        default: str | None = None,
    ) -> str:
        value = data.get(name, default)
        if value is None:
            self.wrong(f"{path}.{name}", "missing_field")
        elif not isinstance(value, str) or len(value) > longest or (default is None and not value.strip()):
            self.wrong(f"{path}.{name}", "not_a_text")
        elif pattern is not None and pattern.fullmatch(value) is None:
            self.wrong(f"{path}.{name}", "not_a_key")
        else:
            return value
        return ""

    def one_of(self, data: Mapping[str, Any], path: str, name: str, known: Sequence[str], default: str | None = None) -> str:
        value = self.text(data, path, name, 50, default=default)
        if value and value not in known:
            self.wrong(f"{path}.{name}", "unknown_value")
        return value

    def yes_or_no(self, data: Mapping[str, Any], path: str, name: str, default: bool = False) -> bool:
        value = data.get(name, default)
        if not isinstance(value, bool):
            self.wrong(f"{path}.{name}", "not_yes_or_no")
            return default
        return value

    def day(self, data: Mapping[str, Any], path: str, name: str) -> date:
        text = self.text(data, path, name, 10)
        try:
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self.wrong(f"{path}.{name}", "not_a_date")
            return date.min

    def rules(self, check: Callable[[], object], data: Any) -> list[dict[str, Any]]:
        """Data that another reader checks, kept as it was written."""
        try:
            check()
        except (FormNotReadable, PartsNotReadable) as refused:
            self.wrong(f"version.{str(refused).removesuffix(f': {refused.code}')}", refused.code)
            return []
        return [dict(each) for each in data]

    def rows(self, data: Mapping[str, Any], path: str, name: str, known: Sequence[str]) -> list[dict[str, Any]]:
        """Rows with a key of their own and a label."""
        found, keys = [], set()
        for place, each in enumerate(self.listed(data, path, name)):
            where = f"{path}.{name}[{place}]"
            row = self.mapping(each, where, known)
            key = self.text(row, where, "key", 30, re.compile(r"[A-Za-z0-9_-]+"))
            if key and key in keys:
                self.wrong(f"{where}.key", "key_twice")
            keys.add(key)
            found.append({**row, "key": key, "label": self.text(row, where, "label", 200)})
        return found

    def headings(self, data: Mapping[str, Any], documents: Sequence[str]) -> list[dict[str, Any]]:
        rows = self.rows(data, "version", "attachments", ("key", "label", "required", "yearly_document"))
        for place, row in enumerate(rows):
            where = f"version.attachments[{place}]"
            row["required"] = self.yes_or_no(row, where, "required", default=True)
            row["yearly_document"] = self.one_of(row, where, "yearly_document", ("", *documents), default="")
        return rows

    def requirements(self, data: Mapping[str, Any]) -> list[str]:
        found = []
        for place, each in enumerate(self.listed(data, "version", "requirements")):
            if isinstance(each, str) and REQUIREMENT.fullmatch(each):
                found.append(each)
            else:
                self.wrong(f"version.requirements[{place}]", "unknown_value")
        return found
