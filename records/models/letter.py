"""Letters: a row first, a PDF and an e-mail after commit."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.choices import LetterStatus
from records.models.case import Case


class Letter(models.Model):
    """What was written to whom. The text is fixed when the row is made; the PDF is made from it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters", null=True, blank=True)
    key = models.CharField(max_length=120, unique=True)
    to = ArrayField(models.EmailField(), verbose_name=_("to"))
    addressee = models.CharField(_("addressee"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    language = models.CharField(max_length=5, default="sv")
    html = models.TextField()
    status = models.CharField(max_length=10, choices=LetterStatus.choices, default=LetterStatus.WAITING, db_index=True)
    posted_at = models.DateTimeField(_("written"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["posted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_sent_has_its_time",
                condition=Q(status=LetterStatus.SENT, sent_at__isnull=False)
                | (~Q(status=LetterStatus.SENT) & Q(sent_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return self.subject
