"""Secret addresses that a calendar program fetches an association's or a person's times from."""

import base64
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from associations.models import Association


def fresh_nonce() -> str:
    return secrets.token_hex(16)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: Any) -> "CalendarFeedQuerySet":
        """One's own, and those of the associations one speaks for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(user=user) | Q(association__in=Association.objects.spoken_for_by(user).values("pk")))

    def working(self) -> "CalendarFeedQuerySet":
        return self.filter(revoked_at=None)

    def opened_by(self, uid: uuid.UUID, token: str) -> "CalendarFeed | None":
        """The feed that an address opens, or None. One query."""
        feed = self.working().select_related("association", "user").filter(uid=uid).first()
        return feed if feed is not None and constant_time_compare(feed.token, token) else None


class CalendarFeed(models.Model):
    """One address. What opens it is made of the nonce and the house's secret key, so the table alone opens nothing.

    A new nonce makes a new address and ends the old one; so does a new secret key.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nonce = models.CharField(max_length=32, default=fresh_nonce, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, null=True, blank=True, related_name="calendar_feeds")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="calendar_feeds"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    renewed_at = models.DateTimeField(_("address changed"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken away"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="calendar_feed_of_an_association_or_a_person",
                condition=Q(association__isnull=False, user__isnull=True) | Q(association__isnull=True, user__isnull=False),
            ),
            models.UniqueConstraint(
                name="calendar_feed_once_per_association", fields=["association"], condition=Q(revoked_at__isnull=True)
            ),
            models.UniqueConstraint(name="calendar_feed_once_per_person", fields=["user"], condition=Q(revoked_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.association or self.user)

    @property
    def token(self) -> str:
        """256 bits that cannot be guessed, as 43 characters that an address takes."""
        digest = salted_hmac("facilities.calendar", f"{self.uid}.{self.nonce}", algorithm="sha256").digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    @property
    def address(self) -> str:
        return settings.SITE_URL + reverse("facilities:calendar_feed", args=[self.uid, self.token])

    @property
    def subscription(self) -> str:
        """The same address in the way that makes calendar programs subscribe."""
        return f"webcal://{self.address.partition('://')[2]}"
