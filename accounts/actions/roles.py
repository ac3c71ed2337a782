"""Roles are given, changed and ended; never deleted."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actions.refusals import NotAllowed
from accounts.choices import NEVER_TOGETHER, Role
from accounts.directories import Directory
from accounts.models import RoleGrant, User
from records import filing
from records.values import local_day

logger = logging.getLogger(__name__)


@transaction.atomic
def give_role(
    user: User,
    *,
    role: str,
    by: User | None,
    at: datetime,
    since: date | None = None,
    until: date | None = None,
    limit: Decimal | None = None,
    reason: str = "",
    source: str = "",
) -> RoleGrant:
    """Give *user* a role from *since* (today by default). limit: kronor a decision-maker may decide alone; only they have one.

    source: the directory whose group gives the role, when no person does.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    since = since or local_day(at)
    _check_period(since, until)
    _check_limit(role, limit)
    if user.pseudonymised_at or not user.is_active:
        raise NotAllowed(_("This person can no longer sign in."))
    for other in user.role_grants.not_over(since).exclude(until__isnull=False, until__lte=since):
        if until is not None and other.since >= until:
            continue
        if other.role == role:
            raise NotAllowed(_("The person already holds this role in that period."))
        if frozenset({other.role, role}) in NEVER_TOGETHER:
            raise NotAllowed(
                _(
                    "Delegation can only be given to an official. A committee member can never be a decision-maker, "
                    "and a decision-maker can never be a committee member (the Local Government Act, 6:37)."
                )
            )
    grant = RoleGrant.objects.create(
        user=user, role=role, since=since, until=until, delegation_limit=limit, given_by=by, reason=reason, source=source
    )
    filing.note(
        None,
        "accounts.role_given",
        by=by,
        at=at,
        reason=reason,
        changes={
            "user": [None, user.pk],
            "role": [None, role],
            "since": [None, since.isoformat()],
            "limit": [None, _text(limit)],
        },
    )
    return grant


@transaction.atomic
def change_limit(grant: RoleGrant, *, limit: Decimal, by: User | None, at: datetime, reason: str) -> RoleGrant:
    """Change what a decision-maker may decide alone, from today: the old grant ends and a new one begins."""
    grant = _locked(grant)
    today = local_day(at)
    _check_limit(grant.role, limit)
    if grant.until is not None and grant.until <= today:
        raise NotAllowed(_("This role has already ended."))
    if grant.delegation_limit == limit:
        return grant
    before, until = grant.delegation_limit, grant.until
    if grant.since < today:
        grant.until = today
        grant.save(update_fields=["until"])
        grant = RoleGrant.objects.create(
            user=grant.user, role=grant.role, since=today, until=until, delegation_limit=limit, given_by=by, reason=reason
        )
    else:
        grant.delegation_limit, grant.given_by, grant.reason = limit, by, reason
        grant.save(update_fields=["delegation_limit", "given_by", "reason"])
    filing.note(
        None,
        "accounts.limit_changed",
        by=by,
        at=at,
        reason=reason,
        changes={"user": [grant.user_id, grant.user_id], "limit": [_text(before), _text(limit)]},
    )
    return grant


@transaction.atomic
def end_role(grant: RoleGrant, *, by: User | None, at: datetime, reason: str, until: date | None = None) -> RoleGrant:
    """End a role; *until* is the first day without it (today by default). The last administrator stays."""
    if grant.role == Role.ADMINISTRATOR:
        lock_administrators()
    grant = _locked(grant)
    until = max(until or local_day(at), grant.since)
    if grant.until is not None and grant.until <= until:
        raise NotAllowed(_("This role has already ended."))
    if grant.role == Role.ADMINISTRATOR:
        _keep_one_administrator(grant.user, until)
    before = grant.until
    grant.until = until
    grant.save(update_fields=["until"])
    filing.note(
        None,
        "accounts.role_ended",
        by=by,
        at=at,
        reason=reason,
        changes={
            "user": [grant.user_id, grant.user_id],
            "role": [grant.role, None],
            "until": [before.isoformat() if before else None, until.isoformat()],
        },
    )
    return grant


@transaction.atomic
def take_roles_from_directory(user: User, *, directory: Directory, roles: frozenset[str], at: datetime) -> None:
    """Let the groups of a directory decide the roles it gave: new ones begin, lost ones end. Roles that people gave stay.

    What may not be (the last administrator leaves, an elected person would decide) is left as it is and logged.
    """
    today = local_day(at)
    held = {grant.role: grant for grant in user.role_grants.on(today)}
    reason = _("Groups in %(directory)s") % {"directory": directory.name}
    for role in sorted(roles - held.keys()):
        _try(give_role, user, role=role, by=None, at=at, reason=reason, source=directory.id)
    for role, grant in held.items():
        if grant.source == directory.id and role not in roles:
            _try(end_role, grant, by=None, at=at, reason=reason)
    user.__dict__.pop("roles", None)


def _try(action: Callable[..., RoleGrant], *args: Any, **kwargs: Any) -> None:
    try:
        action(*args, **kwargs)
    except NotAllowed as refusal:
        logger.warning("a directory's group had no effect: %s", refusal)


def _locked(grant: RoleGrant) -> RoleGrant:
    """The grant as it is now. The person's row is the lock that every change of their roles takes."""
    user = User.objects.select_for_update().get(pk=grant.user_id)
    grant = RoleGrant.objects.get(pk=grant.pk)
    grant.user = user
    return grant


def lock_administrators() -> None:
    """Held until the transaction ends by whoever may take away an administrator; taken before any person's row."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('accounts.administrators'))")


def _keep_one_administrator(user: User, day: date) -> None:
    """Refuse when nobody else administers on *day* without an end."""
    grants = RoleGrant.objects.filter(role=Role.ADMINISTRATOR, until=None, since__lte=day, user__is_active=True)
    if not grants.exclude(user=user).exists():
        raise NotAllowed(_("This is the last administrator. Give the role to somebody else first."))


def _check_period(since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise NotAllowed(_("The last day must come after the first."))


def _check_limit(role: str, limit: Decimal | None) -> None:
    if role == Role.DECISION_MAKER and (limit is None or limit <= 0):
        raise NotAllowed(_("A decision-maker needs a delegation limit in kronor."))
    if role != Role.DECISION_MAKER and limit is not None:
        raise NotAllowed(_("Only a decision-maker has a delegation limit."))


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
