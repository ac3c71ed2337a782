"""What the house forgets of people by itself (records.registry.disposables): harmless twice."""

from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from accounts import registry
from accounts.actions.people import pseudonymise
from accounts.actions.refusals import NotAllowed
from accounts.models import Invitation, RoleGrant, User
from accounts.models.invitation import InvitationQuerySet
from accounts.models.user import UserQuerySet
from records.values import local_day

NOBODY = "@erased.invalid"


def count_forgotten_people(older_than: datetime) -> int:
    return sum(1 for user in _silent_people(older_than) if not _is_needed(user))


def forget_people(older_than: datetime, at: datetime) -> int:
    """Erase people who have not signed in since *older_than*, hold no role and nothing in any room."""
    erased = 0
    for user in _silent_people(older_than):
        if not _is_needed(user):
            try:
                pseudonymise(user, by=None, at=at)
            except NotAllowed:
                continue
            erased += 1
    return erased


def count_forgotten_invitations(older_than: datetime) -> int:
    return _old_invitations(older_than).count()


def forget_invitations(older_than: datetime, at: datetime) -> int:
    """Take address and greeting out of invitations that nobody can use any more."""
    number = Cast("pk", CharField())
    return _old_invitations(older_than).update(email=Concat(Value("invitation-"), number, Value(NOBODY)), text="")


def _silent_people(older_than: datetime) -> UserQuerySet:
    roles = RoleGrant.objects.filter(Q(until=None) | Q(until__gt=local_day(older_than)), user=OuterRef("pk"))
    silent = Q(last_login__lt=older_than) | Q(last_login=None, created_at__lt=older_than)
    return User.objects.get_queryset().filter(~Exists(roles), silent, pseudonymised_at=None).order_by("pk")


def _is_needed(user: User) -> bool:
    holds = any(ask(user) for ask in registry.holdings)
    return holds or any(needs(user) for needs in registry.still_needed)


def _old_invitations(older_than: datetime) -> InvitationQuerySet:
    return Invitation.objects.filter(expires_at__lt=older_than).exclude(email__endswith=NOBODY)
