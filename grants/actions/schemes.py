"""Schemes and their versions: prepared by officers, fixed when the first call on them is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from grants.actions.refusals import NotAllowedNow
from grants.choices import DecidedBy
from grants.models import Scheme, SchemeVersion
from grants.rules.parts_json import parts_from_json
from grants.rules.questions import form_from_json
from records import filing

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scheme version says; see grants.models.SchemeVersion for the shape of each list."""

    valid_from: date
    form: Rows
    parts: Rows = ()
    attachments: Rows = ()
    aims: Rows = ()
    requirements: Sequence[str] = ()
    calculation_is_example: bool = False


@transaction.atomic
def add_scheme(
    *,
    key: str,
    name: str,
    by: Any,
    at: datetime,
    purpose: str = "",
    decided_by: str = DecidedBy.DELEGATION,
    is_example: bool = False,
) -> Scheme:
    scheme = Scheme.objects.create(key=key, name=name, purpose=purpose, decided_by=decided_by, is_example=is_example)
    filing.note(None, "grants.scheme_added", by=by, at=at, changes={"scheme": [None, key]})
    return scheme


@transaction.atomic
def describe_scheme(
    scheme: Scheme, *, name: str, purpose: str, decided_by: str, is_example: bool, by: Any, at: datetime
) -> Scheme:
    """Change the words around a scheme; the terms that applicants rely on are in its versions."""
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    before = [scheme.name, scheme.decided_by, scheme.is_example]
    scheme.name, scheme.purpose, scheme.decided_by, scheme.is_example = name, purpose, decided_by, is_example
    scheme.save()
    after = [name, decided_by, is_example]
    filing.note(None, "grants.scheme_described", by=by, at=at, changes={"scheme": [before, after]})
    return scheme


@transaction.atomic
def write_version(scheme: Scheme, terms: Terms, *, by: Any, at: datetime) -> SchemeVersion:
    """Write the terms of the version that is being prepared, beginning a new one after a published one.

    ValueError when the form or the calculation does not hold together (G-60, G-30).
    """
    form_from_json(terms.form)
    parts_from_json([dict(row) for row in terms.parts])
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    version = scheme.versions.filter(published_at=None).first()
    if version is None:
        last = scheme.versions.aggregate(last=Max("number"))["last"] or 0
        version = SchemeVersion(scheme=scheme, number=last + 1)
    version.valid_from = terms.valid_from
    version.form = [dict(row) for row in terms.form]
    version.parts = [dict(row) for row in terms.parts]
    version.attachments = [dict(row) for row in terms.attachments]
    version.aims = [dict(row) for row in terms.aims]
    version.requirements = list(terms.requirements)
    version.calculation_is_example = terms.calculation_is_example
    version.save()
    filing.note(None, "grants.version_written", by=by, at=at, changes={"version": [None, f"{scheme.key} {version.number}"]})
    return version


def terms_of(version: SchemeVersion) -> Terms:
    """The terms of a version, to change and write again as the next one."""
    return Terms(
        valid_from=version.valid_from,
        form=version.form,
        parts=version.parts,
        attachments=version.attachments,
        aims=version.aims,
        requirements=version.requirements,
        calculation_is_example=version.calculation_is_example,
    )


def fix_version(version: SchemeVersion, *, at: datetime) -> SchemeVersion:
    """Fix the terms for good; called when the first call on them is published, inside its transaction."""
    version = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    if version.published_at is None:
        if not version.form:
            raise NotAllowedNow(_("The scheme has no questions yet."))
        version.published_at = at
        version.save(update_fields=["published_at"])
    return version
