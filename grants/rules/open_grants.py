"""Grants as open data: ids that stay, individuals never named, what changed since, and what a file must hold to be let out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from associations.rules.numbers import contains_personal_number
from records.values import ORE

INDIVIDUAL = "Enskild mottagare"  # what every individual is called in what leaves the house


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who got a grant, as it may be told to anyone. id: 'SE-ON-' and the organisation number, or made from the grant's id."""

    id: str
    name: str
    is_individual: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One published decision, or the end of one. amount: kronor in force from then on; None = no grant any more."""

    at: datetime
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change log. before, after: kronor; None = no grant."""

    at: datetime
    kind: ChangeKind
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a package. grant: its id, or its place when it has none. code: one of FAULTS."""

    grant: str
    code: str


FAULTS: Mapping[str, str] = {
    "id_missing": "The grant has no id with the publisher's prefix.",
    "id_twice": "Two grants have the same id.",
    "text_missing": "A title or description is missing.",
    "currency": "The currency is not SEK.",
    "amount": "The amount is not above 0 in whole öre.",
    "disbursed": "The amount paid is not kronor in whole öre, 0 or more.",
    "applied_for": "The amount applied for is not above 0 in whole öre.",
    "award_date": "The award date is not a day.",
    "modified": "The time of the last change is missing or before the award.",
    "recipient": "There must be one organisation or one individual.",
    "recipient_number": "The recipient's id is not a Swedish organisation number.",
    "individual_named": "An individual is told by name.",
    "personal_number": "A text holds a personal identity number.",
    "funder": "The funder is missing.",
}


def grant_id(prefix: str, reference: str) -> str:
    """A grant's id in open data: the publisher's prefix and the case number, so that a new decision keeps it.

    prefix: '360G-...', registered with 360Giving. reference: the case number, 'KFN 2026-12'; what is not a letter or a digit
    becomes a hyphen. ValueError when either is empty.

    Rule GO-01. Source: 360Giving Data Standard 1.4, "grant identifier"; Case 62.
    Words: öppna data, id, diarienummer, 360giving, samma id.
    """
    tail = "-".join("".join(each if each.isalnum() else " " for each in reference).split())
    if not prefix or not tail:
        raise ValueError("A grant's id is made of a prefix and a case number.")
    return f"{prefix}-{tail}"


def recipient(name: str, number: str, grant: str) -> Recipient:
    """Who got a grant, as anyone may read it: an organisation by name and number, an individual never.

    number: as in the register, ten digits; anything but the number of a legal person (third digit 2 or more) is an individual,
    as far as anyone outside is told. grant: the grant's id.

    Rule GO-02. Source: 360Giving, "publishing grants to individuals"; dataskyddsförordningen art. 5.1 c; Case 61.
    Words: enskild mottagare, enskild firma, personuppgift, mottagare, anonym.
    """
    if _is_organisation(number):
        return Recipient(f"SE-ON-{number}", name, is_individual=False)
    return Recipient(f"{grant}-mottagare", INDIVIDUAL, is_individual=True)


def open_text(text: str, instead: str, *, is_individual: bool) -> str:
    """A text for open data: *text*, or *instead* when it is about an individual, holds a personal number, or is empty.

    Rule GO-03. Source: dataskyddslagen (2018:218) 3:10; Case 61.
    Words: fritext, motivering, skäl, personnummer, öppna data.
    """
    clean = " ".join(text.split())
    if is_individual or not clean or contains_personal_number(clean):
        return instead
    return clean


def changes(steps: Iterable[Step]) -> tuple[Change, ...]:
    """What happened to one grant in open data, oldest first. Nothing before the first grant; refusals after it remove.

    steps: the published decisions and ends of one application, in any order.

    Rule GO-04. Source: Case 62: a changed award keeps its id with a new time of change; a withdrawn one is removed and logged.
    Words: ändringslogg, ändrad, borttagen, återkallad, upphävd, change log.
    """
    found: list[Change] = []
    before: Decimal | None = None
    for step in sorted(steps, key=lambda each: each.at):
        if before is None and step.amount is None:
            continue
        kind = ChangeKind.ADDED if before is None else ChangeKind.REMOVED if step.amount is None else ChangeKind.CHANGED
        found.append(Change(step.at, kind, before, step.amount))
        before = step.amount
    return tuple(found)


def faults(grants: Sequence[Mapping[str, Any]], prefix: str) -> tuple[Fault, ...]:
    """What stops a list of grants from being published, beyond what the schema sees. () = it may leave.

    grants: as in the package: ids unique with the prefix, texts there and free of personal numbers, SEK above 0 awarded and not
    below 0 paid, real days, one recipient with a right organisation number or an individual without a name, a funder.

    Rule GO-05. Source: 360Giving Data Standard 1.4; own checks for unique id, real date, amount above 0; Case 61.
    Words: kontroll, öppna data, validera, 360giving, package.
    """
    found: list[Fault] = []
    seen: set[str] = set()
    for place, grant in enumerate(grants):
        identity = str(grant.get("id", ""))
        codes = [*_identity_faults(identity, prefix, seen), *_own_faults(grant), *_recipient_faults(grant)]
        seen.add(identity)
        found.extend(Fault(identity or str(place), code) for code in codes)
    return tuple(found)


def _identity_faults(identity: str, prefix: str, seen: set[str]) -> list[str]:
    if not identity.startswith(f"{prefix}-"):
        return ["id_missing"]
    return ["id_twice"] if identity in seen else []


def _own_faults(grant: Mapping[str, Any]) -> list[str]:
    texts = [str(grant.get("title", "")), str(grant.get("description", ""))]
    wrong = {
        "text_missing": not all(text.strip() for text in texts),
        "personal_number": any(contains_personal_number(text) for text in texts),
        "currency": grant.get("currency") != "SEK",
        "amount": not _is_money(grant.get("amountAwarded")),
        "disbursed": not _is_money(grant.get("amountDisbursed", 0), least=Decimal(0)),
        "applied_for": not _is_money(grant.get("amountAppliedFor", 1)),
        "award_date": _day(grant.get("awardDate")) is None,
        "modified": not _is_modified_after(grant.get("dateModified"), _day(grant.get("awardDate"))),
        "funder": len(grant.get("fundingOrganization", ())) != 1,
    }
    return [code for code, is_wrong in wrong.items() if is_wrong]


def _recipient_faults(grant: Mapping[str, Any]) -> list[str]:
    organisations, person = list(grant.get("recipientOrganization") or []), grant.get("recipientIndividual")
    if (len(organisations) == 1) == (person is not None):
        return ["recipient"]
    if person is not None:
        return [] if person.get("name") == INDIVIDUAL else ["individual_named"]
    identity = str(organisations[0].get("id", ""))
    digits = identity.removeprefix("SE-ON-")
    return [] if identity.startswith("SE-ON-") and _is_organisation(digits) else ["recipient_number"]


def _is_organisation(number: str) -> bool:
    return len(number) == 10 and number.isdecimal() and number[2] >= "2"


def _is_money(amount: Any, least: Decimal = ORE) -> bool:
    if isinstance(amount, bool) or not isinstance(amount, int | float | Decimal):
        return False
    exact = Decimal(str(amount))
    return exact >= least and exact == exact.quantize(ORE)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _is_modified_after(text: Any, awarded: date | None) -> bool:
    try:
        modified = datetime.fromisoformat(str(text))
    except ValueError:
        return False
    return modified.tzinfo is not None and (awarded is None or modified.date() >= awarded)
