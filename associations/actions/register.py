"""Into the register, changed in it, at rest and out of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import StalePage, case_of, in_swedish, locked, note, post, require
from associations.choices import AssociationStatus, MandateKind, MandateSource
from associations.models import Association, Mandate
from associations.permissions import KEPT_BY_OFFICERS, may_change, may_handle, may_keep, signs, speaks_for
from records import filing
from records.filing import NotAllowedNow
from records.values import local_day

# Facts that may be a private person's: the log names the field, never the value (the row history keeps it, with retention).
_UNSAID = frozenset({"email", "phone", "street", "postcode", "town"})
_FIRST_FACTS = frozenset(
    {"activity", "area", "seat", "description", "email", "phone", "street", "postcode", "town", "website", "category", "signing"}
    | {"founded_on", "acts_here", "meets_children", "democratic_on", "open_to_all_on", "federation", "membership_fee"}
)


@transaction.atomic
def register_association(
    *, name: str, organisation_number: str, by: User, at: datetime, facts: Mapping[str, Any] | None = None
) -> Association:
    """Ask for a place in the register: a case is opened, a receipt posted, and the person becomes the first signatory.

    organisation_number: ten digits. facts: what else the person has told, field -> value. The signatory can fill in facts at
    once, but binds the association only when it is approved. A refused association may ask again.
    """
    day = local_day(at)
    association = Association.objects.select_for_update().filter(organisation_number=organisation_number).first()
    if association is None:
        association = _new(name, organisation_number)
    elif association.status == AssociationStatus.APPLIED and speaks_for(by, association, day):
        return association  # a second click
    elif association.status != AssociationStatus.REFUSED:
        raise _taken()
    for field, value in (facts or {}).items():
        if field not in _FIRST_FACTS:
            raise ValueError(f"Not a fact one registers with: {field}")
        setattr(association, field, value)
    association.name, association.status, association.applied_on, association.changed_at = (
        name,
        AssociationStatus.APPLIED,
        day,
        at,
    )
    association.case = filing.open_case(title=in_swedish("registration", name), at=at, by=by, sender=name)
    association.save()
    Mandate.objects.create(
        association=association, user=by, kind=MandateKind.SIGNATORY, since=day, source=MandateSource.REGISTERED, given_by=by
    )
    note(association, "applied", at=at, by=by)
    post(association, "receipt", key=str(association.case.pk), subject="receipt", at=at)
    return association


def _new(name: str, organisation_number: str) -> Association:
    try:
        with transaction.atomic():
            return Association.objects.create(name=name, organisation_number=organisation_number)
    except IntegrityError:  # two people registered the same association at the same moment
        raise _taken() from None


def _taken() -> NotAllowedNow:
    return NotAllowedNow(
        _(
            "The association is already in the register. Ask one of its signatories to invite you, or contact the "
            "municipality if you do not know who they are."
        ),
        "taken",
    )


@transaction.atomic
def approve(association: Association, *, by: User, at: datetime) -> Association:
    """Let the association into the register; a letter is posted. Its case stays open as long as it is there."""
    association = locked(association)
    may_handle(by, association, local_day(at)).or_refuse()
    if association.status != AssociationStatus.APPLIED:
        raise NotAllowedNow(_("The association is not waiting for approval."), "status")
    if association.category_id is None:
        raise NotAllowedNow(_("Choose the association's category before you approve it."), "category")
    _move(association, AssociationStatus.REGISTERED, at=at)
    association.registered_on = local_day(at)
    association.save()
    note(association, "approved", at=at, by=by)
    post(association, "approved", key=str(association.case_id), subject="approved", at=at)
    return association


@transaction.atomic
def refuse(association: Association, *, reason: str, by: User, at: datetime) -> Association:
    """Do not let the association into the register: its mandates end, and the letter says why and how to appeal."""
    association = locked(association)
    may_handle(by, association, local_day(at)).or_refuse()
    if not reason.strip():
        raise NotAllowedNow(_("Say why, so that the association understands the decision."), "reason")
    _move(association, AssociationStatus.REFUSED, at=at)
    association.save()
    note(association, "refused", at=at, by=by, reason=reason)
    post(association, "refused", key=str(association.case_id), subject="refused", at=at, context={"reason": reason})
    association.mandates.in_force(local_day(at)).update(until=local_day(at))
    filing.close_case(case_of(association, at=at), at=at, by=by)
    return association


@transaction.atomic
def change_facts(association: Association, *, facts: Mapping[str, Any], version: int, by: User, at: datetime) -> Association:
    """Change what the register says. version: of the page the person saw; StalePage when it is not the newest.

    The association itself may not change what officers check against papers (permissions.KEPT_BY_OFFICERS).
    """
    association = locked(association)
    may_change(by, association, local_day(at)).or_refuse()
    if association.version != version:
        raise StalePage
    before = {field: getattr(association, field) for field in facts}
    changed = {field: value for field, value in facts.items() if before[field] != value}
    if not changed:
        return association
    if KEPT_BY_OFFICERS & set(changed):
        may_keep(by).or_refuse()
    for field, value in changed.items():
        setattr(association, field, value)
    association.version += 1
    association.changed_at = at
    _save_once(association)
    changes = {field: [_plain(field, before[field]), _plain(field, value)] for field, value in changed.items()}
    note(association, "facts_changed", at=at, by=by, changes=changes)
    return association


def _save_once(association: Association) -> None:
    try:
        with transaction.atomic():
            association.save()
    except IntegrityError as clash:
        if "organisation_number" not in str(clash):
            raise
        raise NotAllowedNow(_("Another association in the register has this organisation number."), "taken") from None


def _plain(field: str, value: Any) -> Any:
    if field in _UNSAID or value is None:
        return None
    return value if isinstance(value, bool | int | str) else str(value)


@transaction.atomic
def rest(association: Association, *, reason: str, by: User, at: datetime) -> Association:
    """Let the association lie still: it stays in the register and applies for nothing."""
    return _change_status(association, AssociationStatus.RESTING, "rested", reason=reason, by=by, at=at)


@transaction.atomic
def wake(association: Association, *, reason: str = "", by: User, at: datetime) -> Association:
    """Take up again an association that rested or was dissolved by mistake (the latter only by an officer)."""
    if association.status == AssociationStatus.DISSOLVED:
        may_keep(by).or_refuse()
    return _change_status(association, AssociationStatus.REGISTERED, "woken", reason=reason, by=by, at=at)


@transaction.atomic
def dissolve(association: Association, *, reason: str, by: User, at: datetime) -> Association:
    """Take the association out of the register. Its mandates stay, so that what it owes can still be reported."""
    return _change_status(association, AssociationStatus.DISSOLVED, "dissolved", reason=reason, by=by, at=at)


def _change_status(association: Association, to: str, verb: str, *, reason: str, by: User, at: datetime) -> Association:
    association = locked(association)
    if not may_keep(by):
        signs(by, association, local_day(at)).or_refuse()
    if association.status == AssociationStatus.APPLIED:
        raise NotAllowedNow(_("The association is waiting for approval."), "status")
    before = association.status
    _move(association, to, at=at)
    association.save()
    note(association, verb, at=at, by=by, reason=reason, changes={"status": [before, str(to)]})
    if to == AssociationStatus.DISSOLVED:
        filing.close_case(case_of(association, at=at), at=at, by=by)
    elif before == AssociationStatus.DISSOLVED:
        filing.reopen_case(case_of(association, at=at), reason=reason, at=at, by=by)
    return association


def _move(association: Association, to: str, *, at: datetime) -> None:
    require(association, to)
    association.status, association.changed_at = to, at
    association.version += 1
