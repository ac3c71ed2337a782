"""Letters: written now, kept back until they are released, delivered after commit by the worker."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from records import registry
from records.choices import LetterStatus
from records.filing.announcing import after_commit
from records.filing.cases import note
from records.models import Case, Letter
from records.refusals import NotAllowedNow


@dataclass(frozen=True, slots=True)
class Draft:
    """One letter of many that say the same thing to different people. As the arguments of post_letter."""

    key: str
    to: Sequence[str]
    addressee: str
    subject: str
    template: str
    context: Mapping[str, Any]


@transaction.atomic(savepoint=False)
def post_letters(case: Case | None, drafts: Iterable[Draft], *, at: datetime, language: str = "sv") -> list[Letter]:
    """Write many letters in one case; those whose key is there already stay as they are. Two queries, however many.

    The letters written now. Two who post the same keys at once are for the caller's lock to keep apart.
    """
    wanted = {draft.key: draft for draft in drafts}
    there = set(Letter.objects.filter(key__in=wanted).values_list("key", flat=True))
    fresh = [
        Letter(
            case=case,
            key=draft.key,
            to=list(dict.fromkeys(draft.to)),
            addressee=draft.addressee[:200],
            subject=draft.subject[:200],
            language=language,
            html=_html(case, draft, at, language),
            posted_at=at,
            queued_at=at,
        )
        for draft in wanted.values()
        if draft.key not in there
    ]
    made = Letter.objects.bulk_create(fresh)
    after_commit(registry.after_posting, [letter.pk for letter in made])
    return made


@transaction.atomic(savepoint=False)
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
    replaces: str = "",
    private: bool = False,
) -> Letter:
    """Write a letter; a second call with the same key returns the first letter unchanged.

    The template's HTML is fixed now; PDF and e-mail are made after commit by the worker. to: e-mail addresses, may be empty (then
    the letter waits in the outbox to be printed). staged: kept back until release_letters. replaces: the key of a staged letter
    that this one takes the place of and that never leaves; its own key must differ ('grants.decision.12.2'). private: the letter
    holds a link that opens something (an invitation), so no page of ours shows its text or its PDF.
    """
    if replaces:
        discard_letter(replaces, at=at)

    draft = Draft(key, to, addressee, subject, template, context)
    fresh: dict[str, Any] = {
        "case": case,
        "to": list(dict.fromkeys(to)),
        "addressee": addressee[:200],
        "subject": subject[:200],
        "language": language,
        "html": lambda: _html(case, draft, at, language),  # called only when there is no such letter yet
        "private": private,
        "posted_at": at,
        "queued_at": None if staged else at,
        "status": LetterStatus.STAGED if staged else LetterStatus.WAITING,
    }
    letter, made = Letter.objects.get_or_create(key=key, defaults=fresh)
    if made and not staged:
        after_commit(registry.after_posting, [letter.pk])
    return letter


@transaction.atomic
def release_letters(keys: Iterable[str], *, at: datetime, by: Any = None) -> list[Letter]:
    """Let staged letters leave. Returns those released now: the others are skipped, so it is harmless twice."""
    letters = list(
        Letter.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(key__in=list(keys), status=LetterStatus.STAGED)
        .order_by("pk")
    )
    for letter in letters:
        letter.status = LetterStatus.WAITING
        letter.queued_at = at
    Letter.objects.bulk_update(letters, ["status", "queued_at"])
    after_commit(registry.after_posting, [letter.pk for letter in letters])
    return letters


@transaction.atomic
def discard_letter(key: str, *, at: datetime, by: Any = None) -> Letter | None:
    """Withdraw a staged letter so that it never leaves; notes 'records.letter_discarded'.

    None when there is no such letter; unchanged when it was discarded before. NotAllowedNow when it has left: write a new one.
    """
    letter = Letter.objects.select_for_update(of=("self",)).select_related("case").filter(key=key).first()
    if letter is None or letter.status == LetterStatus.DISCARDED:
        return letter
    if letter.status != LetterStatus.STAGED:
        raise NotAllowedNow(_("The letter has already been released."), "released")
    letter.status = LetterStatus.DISCARDED
    letter.save(update_fields=["status"])
    note(letter.case, "records.letter_discarded", by=by, at=at)
    return letter


def _html(case: Case | None, draft: Draft, at: datetime, language: str) -> str:
    said = {"case": case, "addressee": draft.addressee, "subject": draft.subject, "letter_at": at, "language": language}
    with translation.override(language):
        return render_to_string(draft.template, {"municipality": settings.MUNICIPALITY, **draft.context, **said})
