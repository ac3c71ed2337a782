"""Versions of a scheme: parts and questions changed one at a time, published from a day, taken out and read in, mended."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from associations.choices import DocumentKind
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.actions.schemes import Rows, Terms, add_scheme, terms_of, write_version
from grants.choices import CallStatus
from grants.models import Application, Call, Scheme, SchemeVersion
from grants.permissions.applicant import may_apply_for
from grants.rules.form_changes import copied_answers
from grants.rules.parts_json import counted_on, parts_from_json
from grants.rules.questions import Form, form_from_json, questions_of
from grants.rules.scheme_file import SchemeFile, scheme_from_json, scheme_to_json
from grants.rules.version_changes import VersionChange, version_change
from grants.rules.weaknesses import weaknesses
from records import filing

List = list[dict[str, Any]]


def newest(scheme: Scheme) -> SchemeVersion | None:
    """The version that is being prepared, else the last that was published."""
    return scheme.versions.order_by("-number").first()


def stamp_of(rows: Rows) -> str:
    """Tells whether a list is still what a page showed."""
    return hashlib.sha256(json.dumps(list(rows), sort_keys=True).encode()).hexdigest()[:12]


@transaction.atomic
def change_parts(scheme: Scheme, change: Callable[[List], List], *, stamp: str, by: Any, at: datetime) -> SchemeVersion:
    """Change the calculation of the version that is being prepared; after a published one a new begins.

    change: makes the new list from the old. stamp: of the list that the page showed; NotAllowedNow when it has changed since.
    PartsNotReadable when what comes out cannot be used.
    """
    terms = _held(scheme, "parts", stamp, at)
    parts = change([dict(row) for row in terms.parts])
    parts_from_json(parts)
    return write_version(scheme, replace(terms, parts=parts), by=by, at=at)


@transaction.atomic
def change_form(scheme: Scheme, change: Callable[[List], List], *, stamp: str, by: Any, at: datetime) -> SchemeVersion:
    """Change the form of the version that is being prepared, as change_parts. FormNotReadable when it cannot be used."""
    terms = _held(scheme, "form", stamp, at)
    return write_version(scheme, replace(terms, form=change([dict(row) for row in terms.form])), by=by, at=at)


def _held(scheme: Scheme, name: str, stamp: str, at: datetime) -> Terms:
    """The newest terms, while the scheme is locked."""
    version = newest(Scheme.objects.select_for_update().get(pk=scheme.pk))
    terms = terms_of(version) if version else Terms(valid_from=at.date(), form=[])
    if stamp_of(getattr(terms, name)) != stamp:
        raise NotAllowedNow(
            _("Someone else has changed this since you opened the page. Look at it again, then make your change.")
        )
    return terms


def what_publishing_needs(version: SchemeVersion) -> list[str]:
    """What must be mended before a version can be published, one sentence each."""
    needs = []
    form, parts = form_from_json(version.form), parts_from_json(version.parts)
    if not form:
        needs.append(_("The scheme has no questions yet."))
    if any(each.blocks for each in weaknesses(parts)):
        needs.append(_("The calculation has a gap or an overlap: some would have no amount, or two. Mend the steps first."))
    if missing := sorted(counted_on(parts) - _known_in(form)):
        needs.append(_("The calculation counts on something that the form does not ask for: %s.") % ", ".join(missing))
    return needs


def _known_in(form: Form) -> set[str]:
    """Every name that the calculation can have a figure for."""
    known = {"members", "granted_before"}
    for question in questions_of(form):
        known |= {"requested" if question.key == "asked" else question.key}
        known |= {f"{question.key}.{column.key}" for column in question.columns}
    return known


@transaction.atomic
def publish_version(scheme: Scheme, *, valid_from: date, by: Any, at: datetime) -> SchemeVersion:
    """Fix the version that is being prepared; it holds from *valid_from*. Calls and periods on older versions keep theirs.

    NotComplete when the form is empty or the calculation leaves numbers without one amount.
    """
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    version = scheme.versions.filter(published_at=None).first()
    if version is None:
        raise NotAllowedNow(_("There is no version to publish: nothing has been changed since the last."))
    if needs := what_publishing_needs(version):
        raise NotComplete(needs)
    version.valid_from, version.published_at = valid_from, at
    version.save(update_fields=["valid_from", "published_at"])
    changes = {"version": [None, f"{scheme.key} {version.number}"], "valid_from": [None, valid_from.isoformat()]}
    filing.note(None, "grants.version_published", by=by, at=at, changes=changes)
    return version


def file_of(version: SchemeVersion) -> dict[str, Any]:
    """A version as the content of a file (grants.rules.scheme_file)."""
    scheme = version.scheme
    return scheme_to_json(
        SchemeFile(
            key=scheme.key,
            name=scheme.name,
            purpose=scheme.purpose,
            decided_by=scheme.decided_by,
            valid_from=version.valid_from,
            form=version.form,
            parts=version.parts,
            attachments=version.attachments,
            aims=version.aims,
            requirements=version.requirements,
            calculation_is_example=version.calculation_is_example,
        )
    )


def read_file(data: object) -> SchemeFile:
    """FileNotReadable with every problem when it cannot be used."""
    return scheme_from_json(data, documents=DocumentKind.values)


@transaction.atomic
def take_in(file: SchemeFile, *, by: Any, at: datetime) -> SchemeVersion:
    """What a file says becomes the version that is being prepared, of the scheme with its key or of a new one."""
    scheme = Scheme.objects.select_for_update().filter(key=file.key).first()
    if scheme is None:
        scheme = add_scheme(key=file.key, name=file.name, purpose=file.purpose, decided_by=file.decided_by, by=by, at=at)
    terms = Terms(
        valid_from=file.valid_from,
        form=file.form,
        parts=file.parts,
        attachments=file.attachments,
        aims=file.aims,
        requirements=file.requirements,
        calculation_is_example=file.calculation_is_example,
    )
    filing.note(None, "grants.scheme_read_in", by=by, at=at, changes={"scheme": [None, file.key]})
    return write_version(scheme, terms, by=by, at=at)


def change_between(before: SchemeVersion, after: SchemeVersion) -> VersionChange:
    """What differs between two versions."""
    return version_change(*({name: getattr(each, name) for name in _COMPARED} for each in (before, after)))


_COMPARED = ("parts", "form", "attachments", "aims", "requirements")


@transaction.atomic
def mend_form(call: Call, version: SchemeVersion, *, by: Any, at: datetime) -> Call:
    """Let a published call use the form of a later version (Case 16).

    New applications begin with it and open drafts are offered it; what was handed in keeps the form it was handed in with.
    NotAllowedNow when anything but the form and its attachments differs: who gets what was promised when the call was published.
    """
    call = Call.objects.select_for_update(of=("self",)).select_related("version").get(pk=call.pk)
    if call.status != CallStatus.PUBLISHED:
        raise NotAllowedNow(_("Only a call that is published can get a mended form."))
    if version.scheme_id != call.version.scheme_id or version.published_at is None:
        raise NotAllowedNow(_("The version must be published, and of the same scheme."))
    if not change_between(call.version, version).only_the_form:
        raise NotAllowedNow(
            _("The calculation, the aims or the requirements differ. A published call can get a mended form, but not new terms.")
        )
    before = call.mended_id
    call.mended = version if version.pk != call.version_id else None
    call.save(update_fields=["mended"])
    filing.note(None, "grants.form_mended", by=by, at=at, changes={"call": [call.pk, call.pk], "version": [before, version.pk]})
    return call


@transaction.atomic
def move_to_mended(application: Application, *, by: Any, at: datetime) -> Application:
    """Put a draft on the mended form of its call: answers that still fit come along, the others go (Case 16)."""
    rows = Application.objects.select_for_update(of=("self",))
    application = rows.select_related("call__version", "call__mended", "mended", "association").get(pk=application.pk)
    may_apply_for(by, application.association, at).or_refuse()
    if not application.is_draft:
        raise NotAllowedNow(_("The application is handed in and keeps the form it was handed in with."))
    version = application.call.form_version
    if version == application.version:
        return application
    old, new = form_from_json(application.version.form), form_from_json(version.form)
    application.answers = {**copied_answers(old, new, application.answers), **_unread(new, application.answers)}
    application.mended = application.call.mended
    application.edition += 1
    application.section_editions = {section.key: application.edition for section in new}
    application.saved_at = at
    application.save(update_fields=["answers", "mended", "edition", "section_editions", "saved_at"])
    return application


def _unread(form: Any, answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as typed to questions that are still there: a draft keeps what is unfinished."""
    keys = {question.key for section in form for question in section.questions}
    return {key: answer for key, answer in answers.items() if key in keys}


def sections_from(other: SchemeVersion, taken: Sequence[str]) -> List:
    """The sections of another scheme's form, to copy: those whose key is not taken here."""
    return [dict(section) for section in other.form if section["key"] not in taken]
