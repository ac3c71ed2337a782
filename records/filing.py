"""The only way for other rooms to write to the register."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from records.choices import LetterStatus
from records.models import Case, Event, Letter, Series
from records.values import local_day


@transaction.atomic
def open_case(*, title: str, at: datetime, by: Any = None, sender: str = "", series: str = "") -> Case:
    """Give a matter the next number of its series and local year, without gaps; notes 'records.opened'.

    The series row is locked until the caller's transaction ends: open the case last, and do slow work elsewhere.
    """
    name, year = series or settings.CASE_SERIES, local_day(at).year
    Series.objects.bulk_create([Series(name=name, year=year)], ignore_conflicts=True)
    row = Series.objects.select_for_update().get(name=name, year=year)
    row.last_number += 1
    row.save(update_fields=["last_number"])
    case = Case.objects.create(
        series=name, year=year, number=row.last_number, title=title[:200], sender=sender[:200], opened_at=at
    )
    note(case, "records.opened", by=by, at=at)
    return case


def note(
    case: Case | None, verb: str, *, at: datetime, by: Any = None, reason: str = "", changes: Mapping[str, Any] | None = None
) -> Event:
    """Write one line in the log. verb: '<app>.<past tense>'; changes: field -> [from, to], JSON only, no personal data."""
    return Event.objects.create(case=case, at=at, by=by, verb=verb, reason=reason, changes=dict(changes or {}))


def post_letter(
    case: Case | None,
    *,
    key: str,
    to: Sequence[str],
    addressee: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    at: datetime,
    language: str = "sv",
    staged: bool = False,
) -> Letter:
    """Write a letter; a second call with the same key returns the first letter unchanged.

    The template's HTML is fixed now; PDF and e-mail are made after commit by the worker. staged: kept back until release_letter.
    """
    with translation.override(language):
        html = render_to_string(template, {**context, "case": case, "addressee": addressee, "subject": subject, "letter_at": at})
    letter, _made = Letter.objects.get_or_create(
        key=key,
        defaults={
            "case": case,
            "to": list(to),
            "addressee": addressee,
            "subject": subject,
            "language": language,
            "html": html,
            "posted_at": at,
            "status": LetterStatus.STAGED if staged else LetterStatus.WAITING,
        },
    )
    return letter
