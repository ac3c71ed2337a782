"""Letters: a row first, a PDF and an e-mail after commit."""

from datetime import datetime
from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from records.choices import LETTER_MOVES, LetterStatus, SentBy
from records.models.case import Case
from records.models.file import StoredFile


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: Any) -> "LetterQuerySet":
        """Letters in the cases this user may read; those who do not read the register see only what has been sent."""
        if not user.is_authenticated:
            return self.none()
        cases = Case.objects.visible_to(user)
        if user.has_perm("records.read_register"):
            return self.filter(Q(case=None) | Q(case__in=cases))
        return self.filter(case__in=cases, status=LetterStatus.SENT)

    def due(self, at: datetime) -> "LetterQuerySet":
        """Letters that may be tried now: waiting, and not resting after a failed attempt."""
        return self.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=at), status=LetterStatus.WAITING)

    def in_outbox(self) -> "LetterQuerySet":
        return self.filter(status__in=[LetterStatus.WAITING, LetterStatus.FAILED])


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["status", "to", "sent_at", "error"],
    model_name="LetterHistory",
    obj_field=pghistory.ObjForeignKey(related_name="history"),
    append_only=True,
)
class Letter(models.Model):
    """What was written to whom. The text is fixed when the row is made; the PDF is made from it, once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters", null=True, blank=True)
    key = models.CharField(max_length=120, unique=True)
    to = ArrayField(models.EmailField(), verbose_name=_("to"))
    addressee = models.CharField(_("addressee"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    language = models.CharField(max_length=5, default="sv")
    html = models.TextField()
    private = models.BooleanField(default=False)  # holds a link that opens something: shown to nobody but whom it is sent to
    status = models.CharField(max_length=10, choices=LetterStatus.choices, default=LetterStatus.WAITING, db_index=True)
    posted_at = models.DateTimeField(_("written"))
    pdf = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="letter")
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_by = models.CharField(_("sent by"), max_length=10, choices=SentBy.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)  # when the broker last got it; the broker may lose it
    error = models.TextField(blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["posted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_has_its_time_and_way",
                condition=(Q(status=LetterStatus.SENT, sent_at__isnull=False) & ~Q(sent_by=""))
                | (~Q(status=LetterStatus.SENT) & Q(sent_at__isnull=True, sent_by="")),
            ),
            models.CheckConstraint(
                name="letter_failed_says_why",
                condition=~Q(status=LetterStatus.FAILED) | ~Q(error=""),
            ),
        ]
        indexes = [
            models.Index(fields=["posted_at"], condition=Q(status=LetterStatus.WAITING), name="letter_waiting"),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="text_stays", fields=["case", "key", "addressee", "subject", "language", "html", "private", "posted_at"]
            ),
            pgtrigger.FSM(
                name="status_moves",
                field="status",
                transitions=[(old, new) for old, moves in LETTER_MOVES.items() for new in sorted(moves)],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("records:letter", args=[self.pk])
