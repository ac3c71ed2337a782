"""Grants in force as 360Giving data (standard 1.4), and the log of what changed. Read from decisions: nothing is kept twice.

The same register gives the same bytes. Nothing here knows a contact person, a board member or an account.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localtime

from grants.choices import Outcome
from grants.exchange.disbursed import with_disbursed
from grants.models import Application, Decision
from grants.rules import open_grants as rules
from records.choices import Secrecy
from records.values import local_day, opens_on

VERSION = "1.4"
_SOURCES = ("application__association", "application__call__version__scheme", "application__case")


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A change of one grant in open data. application: whose recipient and scheme it is."""

    grant: str
    application: Application
    change: rules.Change


class NotPublishable(ValueError):
    """The grants hold something that must not be let out, or that nobody could use."""

    def __init__(self, faults: tuple[rules.Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.grant}: {rules.FAULTS[fault.code]}" for fault in faults[:20]))
        self.faults = faults


def checked_grants() -> list[dict[str, Any]]:
    """All grants in force. NotPublishable when our own checks find anything (Rule GO-05)."""
    grants = list(open_grants())
    found = rules.faults(grants, settings.OPEN_DATA_PREFIX)
    if found:
        raise NotPublishable(found)
    return grants


def package() -> dict[str, Any] | None:
    """The grants as one 360Giving package, checked. None when no grant is in force: a package has at least one by its schema."""
    grants = checked_grants()
    if not grants:
        return None
    page = _address("grants:open_data")
    head: dict[str, Any] = {
        "version": VERSION,
        "identifier": f"{settings.OPEN_DATA_PREFIX}-bidrag",
        "title": f"Beviljade bidrag, {settings.MUNICIPALITY['name']}",
        "description": "Bidrag till föreningar: vem som har fått vad, när och varför. Enskilda personer namnges inte.",
        "publisher": {"identifier": funder()["id"], "name": settings.MUNICIPALITY["name"], "website": settings.SITE_URL},
        "license": settings.OPEN_DATA_LICENCE,
        "accessURL": page,
        "downloadURL": _address("grants:open_grants_json"),
    }
    return {**head, "modified": max(grant["dateModified"] for grant in grants), "grants": grants}


def open_grants() -> Iterator[dict[str, Any]]:
    """Each grant in force, by case number. One query."""
    decisions = with_disbursed(Decision.objects.open_grants().select_related(*_SOURCES))
    for decision in decisions.order_by("application__case__year", "application__case__number", "application__case__series"):
        yield _grant(decision)


def recipient_of(application: Application) -> rules.Recipient:
    """Who got it, as anyone may read it (Rule GO-02)."""
    association = application.association
    return rules.recipient(association.name, association.organisation_number, id_of(application))


def why_of(decision: Decision) -> str:
    """The reasons as anyone may read them; for an individual, or with a personal number in them, the scheme's purpose."""
    scheme = decision.application.call.version.scheme
    is_individual = recipient_of(decision.application).is_individual
    return rules.open_text(decision.reasons, scheme.purpose or scheme.name, is_individual=is_individual)


def id_of(application: Application) -> str:
    return rules.grant_id(settings.OPEN_DATA_PREFIX, str(application.case))


def funder() -> dict[str, str]:
    known = settings.MUNICIPALITY
    number = known["organisation_number"].replace("-", "")
    return {"id": f"SE-ON-{number}", "name": known["name"], "department": known["department"]}


def change_log() -> list[LoggedChange]:
    """What was added, changed and removed, newest first: also grants that are no longer among the others. One query."""
    by_application: dict[int, list[Decision]] = {}
    for decision in _published():
        by_application.setdefault(decision.application_id, []).append(decision)
    log = [line for decisions in by_application.values() for line in _changes(decisions)]
    return sorted(log, key=lambda line: (line.change.at, line.grant), reverse=True)


def _published() -> QuerySet[Decision]:
    rows = Decision.objects.filter(published_at__isnull=False, application__case__secrecy=Secrecy.OPEN)
    return rows.select_related("ending", *_SOURCES).order_by("application", "number")


def _changes(decisions: list[Decision]) -> Iterator[LoggedChange]:
    application = decisions[0].application
    for change in rules.changes(steps_of(decisions)):
        yield LoggedChange(id_of(application), application, change)


def steps_of(decisions: list[Decision]) -> list[rules.Step]:
    """What was in force from when, by the published decisions of one application and what ended them."""
    published = [
        rules.Step(decision.published_at, decision.amount if decision.outcome == Outcome.GRANT else None)
        for decision in decisions
        if decision.published_at is not None
    ]
    endings = [getattr(decision, "ending", None) for decision in decisions]
    return published + [rules.Step(ending.noted_at, None) for ending in endings if ending is not None]


def _modified(decision: Any) -> datetime:
    """When the record last changed: the decision was published, or money moved, which is known by its day."""
    published: datetime = decision.published_at or decision.decided_at
    return max(published, opens_on(decision.settled_on)) if decision.settled_on else published


def _grant(decision: Any) -> dict[str, Any]:
    """decision: with what with_disbursed adds."""
    application = decision.application
    call = application.call
    scheme = call.version.scheme
    recipient = recipient_of(application)
    grant: dict[str, Any] = {
        "id": id_of(application),
        "title": f"{call.title}, {scheme.name}" if scheme.name not in call.title else call.title,
        "description": why_of(decision),
        "currency": "SEK",
        "amountAwarded": number(decision.amount or Decimal(0)),
        "awardDate": local_day(decision.decided_at).isoformat(),
        "url": _address("grants:granted", decision.pk),
        "plannedDates": [{"startDate": f"{call.grant_year}-01-01", "endDate": f"{call.grant_year}-12-31"}],
        "fundingOrganization": [funder()],
        "grantProgramme": [{"code": scheme.key, "title": scheme.name}],
        "fromOpenCall": "Yes",
        "dateModified": instant(_modified(decision)),
        "dataSource": _address("grants:open_data"),
    }
    if application.asked:
        grant["amountAppliedFor"] = number(application.asked)
    if decision.in_ledger:
        grant["amountDisbursed"] = number(decision.disbursed)
    if recipient.is_individual:
        grant["recipientIndividual"] = {"id": recipient.id, "name": recipient.name}
    else:
        grant["recipientOrganization"] = [{"id": recipient.id, "name": recipient.name}]
    return grant


def number(amount: Decimal | None) -> int | float | None:
    """Kronor as JSON writes them: exact to the öre below 10^13."""
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)


def instant(at: datetime) -> str:
    return localtime(at).replace(microsecond=0).isoformat()


def _address(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)
