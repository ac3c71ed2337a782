"""Invitations: sent as a letter, used once, withdrawn."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actions.refusals import NotAllowed
from accounts.actions.roles import give_role
from accounts.choices import Role
from accounts.models import Invitation, User
from accounts.models.invitation import hashed
from records import filing


class InvitationRefused(NotAllowed):
    """The link does not work; str() says why."""


@transaction.atomic
def invite(
    email: str,
    *,
    by: User | None,
    at: datetime,
    role: str | None = None,
    subject: str = "",
    template: str = "letters/accounts/invitation.html",
    context: Mapping[str, Any] | None = None,
    page: str = "accounts:invitation",
    text: str = "",
    language: str = "",
    name: str = "",
) -> tuple[Invitation, str]:
    """Invite the holder of *email*; returns the row and the token that only the letter knows.

    page: the view name (taking the token) that accepts; a room with its own meaning of "accepted" has its own page.
    The letter's template gets context plus 'link', 'invitation' and 'expires_at'. language: the invitee's own when they
    have an account, else this, else Swedish.
    """
    email = email.strip().lower()
    if role == Role.DECISION_MAKER:
        raise NotAllowed(_("Invite the person first; the delegation and its limit are given on the person's page."))
    known = User.objects.filter(email=email, is_active=True).first()
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        token_hash=hashed(token),
        page=page,
        role=role or "",
        text=text,
        language=known.language if known else language or settings.LANGUAGE_CODE,
        invited_by=by,
        invited_at=at,
        expires_at=at + timedelta(days=settings.INVITATION_DAYS),
    )
    filing.post_letter(
        None,
        key=f"accounts.invitation.{invitation.pk}",
        to=[email],
        addressee=name or (known.name if known else "") or email,
        subject=subject or _("You are invited to Medspel"),
        template=template,
        context={
            **(context or {}),
            "invitation": invitation,
            "expires_at": invitation.expires_at,
            "link": settings.SITE_URL + reverse(page, args=[token]),
        },
        private=True,
        at=at,
        language=invitation.language,
    )
    filing.note(None, "accounts.invited", by=by, at=at, changes={"invitation": [None, invitation.pk], "role": [None, role]})
    return invitation, token


def invitation_with(token: str, *, at: datetime) -> Invitation:
    """The invitation that *token* opens at *at*; InvitationRefused with a sentence when it opens none."""
    invitation = Invitation.objects.with_token(token).select_related("invited_by").first()
    if invitation is None:
        raise InvitationRefused(_("This link does not work. Check that you have the whole link from the letter."))
    if refusal := invitation.refusal(at):
        raise InvitationRefused(refusal)
    return invitation


@transaction.atomic
def use_invitation(token: str, by: User, at: datetime) -> Invitation:
    """Accept: the invitation is used up and its role, if any, is given. A second click by the same person changes nothing."""
    invitation = Invitation.objects.select_for_update().with_token(token).first()
    if invitation is not None and invitation.accepted_by_id == by.pk:
        return invitation
    invitation = invitation_with(token, at=at)
    if not invitation.is_for(by):
        raise InvitationRefused(
            _("This invitation is for %(email)s. Add that address to your account, or sign in with it, and open the link again.")
            % {"email": invitation.email}
        )
    invitation.accepted_at, invitation.accepted_by = at, by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    filing.note(None, "accounts.invitation_accepted", by=by, at=at, changes={"invitation": [None, invitation.pk]})
    if invitation.role and not by.role_grants.not_over(at.date()).filter(role=invitation.role).exists():
        give_role(by, role=invitation.role, by=invitation.invited_by, at=at, reason=_("Invitation accepted"))
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """Make the link stop working."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.accepted_at:
        raise NotAllowed(_("The invitation has already been accepted."))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
        filing.note(None, "accounts.invitation_withdrawn", by=by, at=at, changes={"invitation": [invitation.pk, None]})
    return invitation
