"""Cases: opened with the next number, closed, marked; and the log of what happened in them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from records.choices import Secrecy
from records.filing.numbers import next_number
from records.models import Case, Event, StoredFile
from records.refusals import NotAllowedNow
from records.values import local_day


@transaction.atomic
def open_case(*, title: str, at: datetime, by: Any = None, sender: str = "", series: str = "") -> Case:
    """Give a matter the next number of its series and local year, without gaps; notes 'records.opened'.

    title, sender: short, for the register (OSL 5:2); cut at 200 characters. The series row is locked until the caller's
    transaction ends, and a rollback gives the number back: open the case last, and do slow work elsewhere.
    """
    name, year = series or settings.CASE_SERIES, local_day(at).year
    number = next_number(name, year)
    case = Case.objects.create(series=name, year=year, number=number, title=title[:200], sender=sender[:200], opened_at=at)
    note(case, "records.opened", by=by, at=at)
    return case


def note(
    case: Case | None, verb: str, *, at: datetime, by: Any = None, reason: str = "", changes: Mapping[str, Any] | None = None
) -> Event:
    """Write one line in the log. verb: '<app>.<past tense>'; changes: field -> [from, to], JSON only, no personal data.

    The case page says it in the words of registry.verb_words; changes are shown under the labels of registry.change_words.
    """
    return Event.objects.create(case=case, at=at, by=by, verb=verb, reason=reason, changes=dict(changes or {}))


@transaction.atomic
def close_case(case: Case, *, at: datetime, by: Any = None, reason: str = "") -> Case:
    """Nothing more is to be done in the matter; notes 'records.closed'. NotAllowedNow when it is closed already."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.closed_at:
        raise NotAllowedNow(_("The case is already closed."), "closed")
    case.closed_at = at
    case.save(update_fields=["closed_at"])
    note(case, "records.closed", by=by, at=at, reason=reason)
    return case


@transaction.atomic
def reopen_case(case: Case, *, reason: str, at: datetime, by: Any = None) -> Case:
    """Take a closed matter up again; notes 'records.reopened' with the reason. NotAllowedNow when it is open."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not case.closed_at:
        raise NotAllowedNow(_("The case is already open."), "open")
    case.closed_at = None
    case.save(update_fields=["closed_at"])
    note(case, "records.reopened", by=by, at=at, reason=reason)
    return case


@transaction.atomic
def mark_secret(thing: Case | StoredFile, *, ground: str, at: datetime, by: Any = None) -> None:
    """Put a secrecy mark on a case or a document. ground: the section of law, 'OSL 21:7'. Notes 'records.marked_secret'."""
    if not ground.strip():
        raise NotAllowedNow(_("A secrecy mark names the section of law it leans on."), "no_ground")
    _set_secrecy(thing, Secrecy.MARKED, ground.strip()[:60])
    note(_case_of(thing), "records.marked_secret", by=by, at=at, reason=ground.strip())


@transaction.atomic
def lift_secrecy(thing: Case | StoredFile, *, reason: str, at: datetime, by: Any = None) -> None:
    """Take the secrecy mark away. Notes 'records.secrecy_lifted' with the reason."""
    _set_secrecy(thing, Secrecy.OPEN, "")
    note(_case_of(thing), "records.secrecy_lifted", by=by, at=at, reason=reason)


def _set_secrecy(thing: Case | StoredFile, secrecy: Secrecy, ground: str) -> None:
    thing.secrecy, thing.secrecy_ground = secrecy, ground
    thing.save(update_fields=["secrecy", "secrecy_ground"])


def _case_of(thing: Case | StoredFile) -> Case | None:
    return thing if isinstance(thing, Case) else thing.case
