"""Whether a person has shown a second factor: staff must (accounts.choices.STAFF)."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

# Recovery codes alone do not count: they are the spare key of one of these.
TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_REMEMBERED = "second_factor_elsewhere"


def remember(request: HttpRequest) -> None:
    """The directory that the person came from has asked for a second factor in this very sign-in."""
    request.session[_REMEMBERED] = True


def is_shown(request: HttpRequest) -> bool:
    """Used in this session here or in the directory; or set up, and then asked for at every sign-in. One query at most."""
    if request.session.get(_REMEMBERED):
        return True
    user: Any = request.user
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, user)):
        return True
    return bool(Authenticator.objects.filter(user=user, type__in=TYPES).exists())
