"""Invitations: a link by letter that brings a person in, with or without a role."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role


def hashed(token: str) -> str:
    """What is stored of a token: a keyed hash, so that the table opens nothing."""
    return salted_hmac("accounts.invitation", token, algorithm="sha256").hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: Any) -> "InvitationQuerySet":
        """Administrators see the house's own invitations; those of a room are shown by the room."""
        return self.filter(page="accounts:invitation") if user.has_role(Role.ADMINISTRATOR) else self.none()

    def waiting(self, at: datetime) -> "InvitationQuerySet":
        """Sent, not answered, not withdrawn, not too old."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)

    def with_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_hash=hashed(token))


class Invitation(models.Model):
    """One letter with one link. Higher rooms point at it (one-to-one) with what it opens there."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    # The page that accepts: a view name that takes the token. Only that page may use the invitation up.
    page = models.CharField(max_length=80, default="accounts:invitation")
    role = models.CharField(_("role"), max_length=30, choices=Role.choices, blank=True)
    text = models.TextField(_("greeting"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="sv")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_accepted_by_somebody_at_some_time",
                condition=Q(accepted_at=None, accepted_by=None) | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_withdrawn_not_both", condition=Q(accepted_at=None) | Q(withdrawn_at=None)
            ),
            models.CheckConstraint(name="invitation_lasts", condition=Q(expires_at__gt=F("invited_at"))),
        ]

    def __str__(self) -> str:
        return self.email

    def status(self, at: datetime) -> tuple[str, str]:
        """(word, tone) for the list."""
        if self.accepted_at:
            return str(_("accepted")), "success"
        if self.withdrawn_at:
            return str(_("withdrawn")), "neutral"
        if at >= self.expires_at:
            return str(_("too old")), "warning"
        return str(_("waiting for an answer")), "waiting"

    def refusal(self, at: datetime) -> str:
        """Why the link does not work at *at*, as a sentence; '' when it does."""
        if self.accepted_at:
            return str(_("This invitation has already been used."))
        if self.withdrawn_at:
            return str(_("This invitation has been withdrawn. Ask the person who sent it for a new one."))
        if at >= self.expires_at:
            return str(_("This invitation is too old. Ask the person who sent it for a new one."))
        return ""

    def is_for(self, user: Any) -> bool:
        """A role is given only to the invited address; other invitations to whoever holds the link."""
        return not self.role or self.email.lower() in user.verified_emails
