"""From the bytes of a file to plain rows that can be stored and looked at: school units, or classes with counts."""

import codecs
import io
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from associations.exchange.reading import read, suffix_of
from culture.models import SchoolYear
from culture.rules import ss12000
from culture.rules.class_names import class_key
from culture.rules.remarks import looks_like_personal_number
from culture.rules.school_units import NotRegister, read_school_units
from culture.rules.years import TEN_YEARS_FROM, cohort_labelled, cohort_of
from culture.rules.years import SchoolYear as Year
from records.refusals import FileRefused

MAX_BYTES = 100 * 1024 * 1024
UNIT, CLASS, GRADE, PUPILS, ADULTS = "Skolenhetskod", "Klass", "Årskurs", "Elever", "Vuxna"
HEADINGS = (UNIT, CLASS, GRADE, PUPILS, ADULTS)
_FAULTS: dict[str, str | Promise] = {
    "unknown_unit": _("The class belongs to no school unit that the file tells the code of."),
    "no_pupils": _("The class has no pupils in the file."),
    "no_grade": _("None of the pupils of the class has a grade in the file."),
    "bad_code": _("The school unit code is not eight figures."),
    "no_name": _("The school has no name in the file."),
    "bad_status": _("The school's status is not one that we know."),
    "name": _("The name of a class holds what looks like a personal identity number."),
}
_TOO_LARGE = _("The file is too large. It may be at most 100 MB.")

Rows = list[dict[str, Any]]
Faults = list[dict[str, Any]]  # {"row": number or None, "what": name or code, "sentence": ...}


def school_units(content: bytes) -> tuple[Rows, Faults]:
    """School units of the register's JSON as rows. FileRefused when it is something else."""
    if len(content) > MAX_BYTES:
        raise FileRefused(_TOO_LARGE, "too_large")
    try:
        found = read_school_units(content.decode("utf-8-sig"))
    except (NotRegister, UnicodeDecodeError) as wrong:
        raise FileRefused(_("This is not a JSON file from the register of school units."), "not_register") from wrong
    rows = [{name: value for name, value in asdict(unit).items() if value is not None} for unit in found.units]
    return rows, [_fault(None, fault.unit, fault.code) for fault in found.faults]


def from_ss12000(file: Any, year: SchoolYear) -> tuple[Rows, Faults]:
    """Classes with counts from SS 12000 JSON. file: an upload; it is read once in pieces, and nothing of it is kept."""
    if getattr(file, "size", 0) > MAX_BYTES:
        raise FileRefused(_TOO_LARGE, "too_large")
    try:
        counted = ss12000.count_classes(_letters(file), ten_years=year.first >= TEN_YEARS_FROM)
    except (ss12000.NotSS12000, UnicodeDecodeError):
        # without "from": the error it came from could show what stood in the file
        raise FileRefused(_("This is not an SS 12000 file in JSON."), "not_ss12000") from None
    rows, faults = [], [_fault(None, fault.klass, fault.code) for fault in counted.faults]
    for each in counted.classes:
        if looks_like_personal_number(each.name):
            faults.append(_fault(None, "–", "name"))
            continue
        cohorts = {str(cohort_of(index, Year(year.first))): pupils for index, pupils in each.pupils}
        rows.append(
            {
                "unit": each.unit,
                "name": each.name,
                "counts": cohorts,
                "is_adapted": each.is_adapted,
                "ungraded": each.ungraded,
            }
        )
    return rows, faults


def class_list(content: bytes, name: str, year: SchoolYear) -> tuple[Rows, Faults]:
    """Classes with counts from a table: one line for each class and grade. FileRefused when it lacks a column."""
    sheet = read(content, suffix_of(name, content))
    missing = [heading for heading in (UNIT, CLASS, GRADE, PUPILS) if heading not in (sheet.rows.headers or [])]
    if missing:
        raise FileRefused(_("The file has no column with the heading %(heading)s.") % {"heading": missing[0]}, "headings")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    faults: Faults = []
    for number, line in zip(sheet.numbers, sheet.rows.dict, strict=True):
        try:
            _add_line(found, line, year)
        except ValueError as wrong:
            faults.append({"row": number, "what": "", "sentence": str(wrong)})
    return list(found.values()), faults


def _add_line(found: dict[tuple[str, str], dict[str, Any]], line: dict[str, Any], year: SchoolYear) -> None:
    unit = _whole(line[UNIT])
    if not (len(unit) == 8 and unit.isdecimal()):
        raise ValueError(_FAULTS["bad_code"])
    name = " ".join(_whole(line[CLASS]).split())[:40]
    if looks_like_personal_number(name):
        raise ValueError(_FAULTS["name"])
    try:
        key = class_key(name)
    except ValueError:
        raise ValueError(_("Write the name of the class, for example 5A.")) from None
    try:
        cohort = cohort_labelled(_whole(line[GRADE]), Year(year.first))
    except ValueError:
        raise ValueError(_("The grade is not one of that school year.")) from None
    pupils, adults = _number(line[PUPILS]), _whole(line.get(ADULTS))
    row = found.setdefault((unit, key), {"unit": unit, "name": name, "counts": {}})
    if str(cohort) in row["counts"]:
        raise ValueError(_("The class stands twice with the same grade."))
    row["counts"][str(cohort)] = pupils
    if adults:
        row["adults"] = _number(adults)


def _number(value: Any) -> int:
    text = _whole(value)
    if not text.isdecimal() or int(text) > 2000:
        raise ValueError(_("Write the number of pupils in figures."))
    return int(text)


def _whole(value: Any) -> str:
    """A cell as text: spreadsheets give 5 as 5.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value if value is not None else "").strip()


def _letters(file: Any) -> Callable[[int], str]:
    """Reads an upload, or bytes, as UTF-8 text piece by piece."""
    stream = io.BytesIO(file) if isinstance(file, bytes) else file
    decoder = codecs.getincrementaldecoder("utf-8-sig")()

    def letters(size: int) -> str:
        while piece := stream.read(size):
            if text := decoder.decode(piece):
                return text
        return decoder.decode(b"", final=True)

    return letters


def _fault(row: int | None, what: str, code: str) -> dict[str, Any]:
    return {"row": row, "what": what, "code": code}


def sentence_of(fault: dict[str, Any]) -> str:
    """A stored fault in words."""
    return str(fault.get("sentence") or _FAULTS[fault["code"]])
