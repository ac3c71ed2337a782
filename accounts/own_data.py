"""Everything the house knows about one person, as that person may have it (data protection: right of access)."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from accounts import registry
from accounts.models import User
from records.models import Event, Letter


def own_data(user: User, *, at: datetime) -> dict[str, Any]:
    """JSON-able; the rooms add theirs (accounts.registry.own_data)."""
    addresses = list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary"))
    mine = [address["email"] for address in addresses]
    return {
        "made_at": at.isoformat(),
        "person": {
            "number": user.pk,
            "name": user.name,
            "email": user.email,
            "language": user.language,
            "registered": _text(user.created_at),
            "last_sign_in": _text(user.last_login),
            "asked_to_be_erased": _text(user.erasure_asked_at),
        },
        "email_addresses": addresses,
        "second_factors": [
            {"kind": factor.type, "added": _text(factor.created_at), "last_used": _text(factor.last_used_at)}
            for factor in Authenticator.objects.filter(user=user).order_by("pk")
        ],
        "directories": [
            {"directory": account.provider, "added": _text(account.date_joined), "last_used": _text(account.last_login)}
            for account in SocialAccount.objects.filter(user=user).order_by("pk")
        ],
        "roles": [
            {"role": grant.role, "since": grant.since.isoformat(), "until": _text(grant.until), "reason": grant.reason}
            for grant in user.role_grants.all()
        ],
        "invitations": [
            {"sent": _text(invitation.invited_at), "accepted": _text(invitation.accepted_at), "role": invitation.role}
            for invitation in user.invitations_accepted.all()
        ],
        "done": [
            {"at": _text(event.at), "what": event.verb, "case": event.case.reference if event.case else None}
            for event in Event.objects.filter(by=user).select_related("case").order_by("at", "pk")
        ],
        "letters": [
            {"at": _text(letter.posted_at), "subject": letter.subject, "case": letter.case.reference if letter.case else None}
            for letter in Letter.objects.filter(to__overlap=mine).select_related("case").defer("html").order_by("posted_at", "pk")
        ],
        **dict(tell(user) for tell in registry.own_data),
    }


def _text(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
