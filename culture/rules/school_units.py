"""The national register of school units (Skolenhetsregistret v2), read: schools of compulsory school, and nobody's name."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ACTIVE, RESTING, CLOSED, PLANNED = "active", "resting", "closed", "planned"
STATUS = {"AKTIV": ACTIVE, "VILANDE": RESTING, "UPPHORT": CLOSED, "PLANERAD": PLANNED}
ORGANISER = {
    "KOMMUN": "municipal",
    "KOMMUNAL": "municipal",
    "KOMMUNALFORBUND": "municipal",
    "ENSKILD": "independent",
    "STAT": "state",
    "STATLIG": "state",
    "REGION": "region",
    "LANDSTING": "region",
}
KINDS = {
    "FKLASS": "preschool_class",
    "GR": "compulsory",
    "GRAN": "adapted",
    "GRSAR": "adapted",
    "SP": "special",
    "SPEC": "special",
    "SAM": "sami",
    "SAME": "sami",
}
_GRADED = ("gr", "gran", "grsar", "sp", "spec", "sam", "same")


class NotRegister(ValueError):
    """The text is not what the register hands out."""


@dataclass(frozen=True, slots=True)
class SchoolUnit:
    """A school unit as the register tells it. None: this answer does not say (the register's list has code, name and status).

    kinds, grades: of compulsory school; grades are years of schooling, 0 is the preschool class. latitude, longitude: WGS 84.
    """

    code: str
    name: str
    status: str
    organiser: str | None = None
    organiser_name: str | None = None
    municipality: str | None = None
    kinds: tuple[str, ...] | None = None
    grades: tuple[int, ...] | None = None
    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A unit that cannot be read. code: bad_code, no_name, bad_status."""

    code: str
    unit: str


@dataclass(frozen=True, slots=True)
class Register:
    """Units in order of code; other: how many are no compulsory schools (upper secondary, leisure-time centres)."""

    units: tuple[SchoolUnit, ...]
    faults: tuple[Fault, ...]
    other: int


def read_school_units(text: str) -> Register:
    """School units from the register's JSON: its list, the answer about one unit, or a list of such answers.

    The head teacher's name in it is not read. Of a unit that comes twice the last stands. Raises NotRegister.

    Rule C-86. Source: Skolverkets öppna API för Skolenhetsregistret v2, /v2/school-units; Case 36: statuses UPPHORT and AKTIV.
    Words: skolenhetsregistret, skolenhetskod, skola, import, school unit.
    """
    try:
        given = json.loads(text)
    except ValueError as broken:
        raise NotRegister("Not JSON.") from broken
    units: dict[str, SchoolUnit] = {}
    faults: list[Fault] = []
    other = 0
    for code, attributes, included in _rows(given):
        if (wrong := _fault(code, attributes)) is not None:
            faults.append(wrong)
            continue
        types = attributes.get("schoolTypes")
        if isinstance(types, list) and not _is_school(types, attributes):
            other += 1
            continue
        units[code] = _unit(code, attributes, included)
    if not (units or other or any(fault.unit for fault in faults)):
        raise NotRegister("No school units.")
    return Register(tuple(units[code] for code in sorted(units)), tuple(faults), other)


def _rows(given: Any) -> Iterable[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """(code, attributes, organiser's attributes) of every unit, whatever shape the answer has."""
    for answer in given if isinstance(given, list) else [given]:
        if not isinstance(answer, dict):
            continue
        data, included = answer.get("data", answer), answer.get("included")
        organiser = _dict(_dict(included[0] if isinstance(included, list) and included else included).get("attributes"))
        for each in data if isinstance(data, list) else [data]:
            attributes = _dict(each).get("attributes", each)
            if isinstance(attributes, list):
                for row in attributes:
                    yield _text(_dict(row).get("schoolUnitCode")), _dict(row), {}
            elif isinstance(attributes, dict):
                code = _text(_dict(each).get("schoolUnitCode")) or _text(attributes.get("schoolUnitCode"))
                yield code, attributes, organiser


def _fault(code: str, attributes: Mapping[str, Any]) -> Fault | None:
    if not (len(code) == 8 and code.isdecimal()):
        return Fault("bad_code", code[:20])
    if not _name(attributes):
        return Fault("no_name", code)
    return None if _text(attributes.get("status")) in STATUS else Fault("bad_status", code)


def _is_school(types: list[Any], attributes: Mapping[str, Any]) -> bool:
    kind = _text(attributes.get("schoolUnitType")) or "SKOLENHET"
    return kind == "SKOLENHET" and any(each in KINDS for each in types)


def _unit(code: str, attributes: Mapping[str, Any], organiser: Mapping[str, Any]) -> SchoolUnit:
    visiting = next((each for each in _list(attributes.get("addresses")) if each.get("type") == "BESOKSADRESS"), {})
    place = _dict(visiting.get("geoCoordinates"))
    return SchoolUnit(
        code=code,
        name=_name(attributes),
        status=STATUS[_text(attributes.get("status"))],
        organiser=ORGANISER.get(_text(organiser.get("organizerType")).upper()),
        organiser_name=_text(organiser.get("displayName")) or None,
        municipality=_text(attributes.get("municipalityCode")) or None,
        kinds=_kinds(attributes),
        grades=_grades(attributes),
        street=_text(visiting.get("streetAddress")) or None,
        postcode=_text(visiting.get("postalCode")).replace(" ", "") or None,
        town=_text(visiting.get("locality")) or None,
        latitude=_degrees(place.get("latitude"), 90),
        longitude=_degrees(place.get("longitude"), 180),
        email=_text(attributes.get("email")) or None,
        phone=_text(attributes.get("phoneNumber")) or None,
    )


def _kinds(attributes: Mapping[str, Any]) -> tuple[str, ...] | None:
    types = attributes.get("schoolTypes")
    if not isinstance(types, list):
        return None
    found = {KINDS[each] for each in types if each in KINDS}
    found |= {"resource"} if attributes.get("specialSupportSchool") is True else set()
    found |= {"hospital"} if attributes.get("hospitalSchool") is True else set()
    return tuple(sorted(found))


def _grades(attributes: Mapping[str, Any]) -> tuple[int, ...] | None:
    types = attributes.get("schoolTypes")
    if not isinstance(types, list):
        return None
    found = {0} if "FKLASS" in types else set()
    properties = _dict(attributes.get("schoolTypeProperties"))
    for kind in _GRADED:
        for grade in _dict(properties.get(kind)).get("grades") or []:
            if str(grade).isdecimal() and int(grade) <= 10:
                found.add(int(grade))
    return tuple(sorted(found)) or None


def _degrees(value: Any, most: int) -> float | None:
    try:
        degrees = round(float(str(value).replace(",", ".")), 6)
    except ValueError:
        return None
    return degrees if abs(degrees) <= most and degrees else None


def _name(attributes: Mapping[str, Any]) -> str:
    return " ".join((_text(attributes.get("displayName")) or _text(attributes.get("name"))).split())[:150]


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
