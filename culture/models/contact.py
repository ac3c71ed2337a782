"""What goes to schools: links that open one thing without an account, and the record of what has been told."""

from datetime import date, datetime, timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from culture.choices import LinkPurpose, MessageKind
from culture.models.performance import Performance
from culture.models.school import School
from culture.models.visit import Visit
from culture.models.year import SchoolYear
from records.values import local_day


def hashed(token: str) -> str:
    """What is stored of a token: a keyed hash, so that the table opens nothing."""
    return salted_hmac("culture.link", token, algorithm="sha256").hexdigest()


class SignedLinkQuerySet(models.QuerySet["SignedLink"]):
    def with_token(self, token: str) -> "SignedLinkQuerySet":
        return self.filter(token_hash=hashed(token))

    def open_at(self, at: datetime) -> "SignedLinkQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=at)


class SignedLink(models.Model):
    """A link in a letter: opens one thing for one school and school year (or one visit), until it expires or is revoked."""

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=LinkPurpose.choices)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="links")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    email = models.EmailField(_("sent to"), blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = SignedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="link_lasts_a_while", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="link_to_tell_what_one_thought_is_for_a_visit",
                condition=~Q(purpose=LinkPurpose.EVALUATE) | Q(visit__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="link_opens_what_it_opened", fields=["token_hash", "purpose", "school", "year", "visit", "made_at"]
            ),
            pgtrigger.Protect(name="link_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.school}"

    @property
    def last_day(self) -> date:
        """The last local day on which it works, as people say it."""
        return local_day(self.expires_at - timedelta(microseconds=1))

    def refusal(self, at: datetime) -> str:
        """Why the link does not work at *at*, as a sentence; '' when it does."""
        if self.revoked_at:
            return str(_("This link has been withdrawn. Contact the municipality for a new one."))
        if at >= self.expires_at:
            return str(_("This link is too old. Contact the municipality for a new one."))
        return ""


class Message(models.Model):
    """That a school has been told something, once. key: kind and what it is about; a second one with the same key is refused."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=MessageKind.choices)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="messages")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    performance = models.ForeignKey(Performance, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    link = models.OneToOneField(SignedLink, on_delete=models.PROTECT, null=True, blank=True, related_name="message")
    letter_key = models.CharField(max_length=120)
    sent_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("message to a school")
        verbose_name_plural = _("messages to schools")
        ordering = ["-sent_at", "-pk"]
        triggers = [pgtrigger.Protect(name="message_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.key
