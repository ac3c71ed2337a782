"""The notice board by itself: notices come down on their day."""

from datetime import datetime

from django.db import transaction

from records.filing import take_down
from records.models import Notice
from records.values import local_day


@transaction.atomic
def take_down_due(*, at: datetime) -> int:
    """Take down the notices whose day has come; harmless twice. Returns how many came down."""
    due = Notice.objects.to_take_down(local_day(at)).select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    return len([take_down(notice, at=at) for notice in due])
