"""People come, change what is theirs, and leave a trail without a name."""

from datetime import datetime
from functools import cache

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import registry
from accounts.actions.refusals import NotAllowed
from accounts.actions.roles import end_role, lock_administrators
from accounts.models import Invitation, User
from records import filing
from records.values import local_day


@transaction.atomic
def add_person(
    email: str, *, at: datetime, name: str = "", password: str | None = None, language: str = "sv", by: User | None = None
) -> User:
    """Add a person whose address is known to be theirs (the demonstration, a directory); people themselves sign up."""
    user = User.objects.create_user(email, password, name=name, language=language, created_at=at)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    filing.note(None, "accounts.person_added", by=by, at=at, changes={"user": [None, user.pk]})
    return user


@transaction.atomic
def change_profile(user: User, *, name: str, language: str) -> User:
    """A person corrects their own name and chooses their language; not a matter for the log."""
    User.objects.filter(pk=user.pk, pseudonymised_at=None).update(name=name.strip(), language=language)
    user.refresh_from_db(fields=["name", "language"])
    return user


@transaction.atomic
def demonstration_password(user: User, password: str) -> User:
    """Give a demonstration account the password of them all. It is hashed once: that takes long on purpose."""
    if not settings.DEMO:
        raise NotAllowed(_("Known passwords exist only in the demonstration."))
    user.password = _made_once(password)
    user.save(update_fields=["password"])
    return user


@cache
def _made_once(password: str) -> str:
    return make_password(password)


@transaction.atomic
def demonstration_second_factor(user: User, secret: str) -> Authenticator:
    """Give a demonstration account an authenticator with a known secret (base32); `manage.py code EMAIL` shows its code."""
    if not settings.DEMO:
        raise NotAllowed(_("Known second factors exist only in the demonstration."))
    factor, _made = Authenticator.objects.update_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": encrypt(secret)}}
    )
    return factor


@transaction.atomic
def reset_second_factor(user: User, *, by: User | None, at: datetime, reason: str) -> None:
    """Take away a person's second factors (a lost phone) and end their sessions; staff set up a new one at the next sign-in."""
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    filing.note(None, "accounts.second_factor_reset", by=by, at=at, reason=reason, changes={"user": [user.pk, user.pk]})


@transaction.atomic
def ask_for_erasure(user: User, *, at: datetime) -> User:
    """A person asks to be erased; an administrator carries it out. Asking twice keeps the first time."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.erasure_asked_at is None:
        user.erasure_asked_at = at
        user.save(update_fields=["erasure_asked_at"])
        filing.note(None, "accounts.erasure_asked", by=user, at=at)
    return user


@transaction.atomic
def take_back_erasure(user: User, *, at: datetime) -> User:
    """The person changed their mind."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.erasure_asked_at is not None and user.pseudonymised_at is None:
        user.erasure_asked_at = None
        user.save(update_fields=["erasure_asked_at"])
        filing.note(None, "accounts.erasure_taken_back", by=user, at=at)
    return user


@transaction.atomic
def pseudonymise(user: User, *, by: User | None, at: datetime, reason: str = "") -> User:
    """Erase the person and keep the trail: afterwards every event shows 'User #123'. A second run changes nothing.

    Name, address, sign-in means and sessions go; roles end; rows that others' decisions rest on stay.
    """
    lock_administrators()
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pseudonymised_at:
        return user
    if needed := [sentence for needs in registry.still_needed if (sentence := needs(user))]:
        raise NotAllowed(" ".join(needed))
    for grant in user.role_grants.not_over(local_day(at)):
        end_role(grant, by=by, at=at, reason=_("The account is erased"))
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    nobody = f"user-{user.pk}@erased.invalid"
    _forget_sign_in(user)
    Invitation.objects.filter(accepted_by=user).update(email=nobody, text="")
    Invitation.objects.filter(email__in=addresses).update(email=nobody, text="")
    user.email, user.name, user.is_active = nobody, "", False
    user.pseudonymised_at = at
    user.set_unusable_password()
    user.save()
    filing.note(None, "accounts.pseudonymised", by=by, at=at, reason=reason, changes={"user": [user.pk, user.pk]})
    return user


def clear_sessions(*, at: datetime) -> int:
    """Delete sessions that have run out, and what was kept in them; returns how many."""
    return Session.objects.filter(expire_date__lte=at).delete()[0]


def _forget_sign_in(user: User) -> None:
    EmailAddress.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)


def _end_sessions(user: User) -> None:
    """End every session of *user*. What a session holds is known only when it is decoded, so all are read."""
    theirs = [session.pk for session in Session.objects.iterator() if session.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=theirs).delete()
