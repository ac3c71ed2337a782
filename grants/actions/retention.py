"""Drafts that were never handed in are disposed of; nothing that was received ever is, here (Case 63)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from grants.choices import ApplicationStatus
from grants.models import Application
from grants.models.application import ApplicationQuerySet
from records import filing


def old_drafts(older_than: datetime) -> ApplicationQuerySet:
    """Drafts in calls that refused applications before that instant, and that nobody has saved since."""
    over = Q(call__refuses_at__lt=older_than) | Q(call__closed_at__lt=older_than)
    return Application.objects.filter(over, status=ApplicationStatus.DRAFT, saved_at__lt=older_than)


def count_old_drafts(older_than: datetime) -> int:
    return old_drafts(older_than).count()


@transaction.atomic
def dispose_of_drafts(older_than: datetime, at: datetime) -> int:
    """Delete old drafts; answers with how many, 0 the second time. Their files are swept by the register."""
    found = list(old_drafts(older_than).select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
    if found:
        Application.objects.filter(pk__in=found).delete()
        filing.note(None, "grants.drafts_disposed", at=at, changes={"drafts": [len(found), 0]})
    return len(found)
