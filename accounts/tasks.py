"""The worker's way in: thin, harmless twice."""

from celery import shared_task
from django.utils.timezone import now

from accounts import actions


@shared_task(name="accounts.tidy")
def tidy() -> None:
    """Once a day: sessions that have run out, with the text that was kept in them."""
    actions.clear_sessions(at=now())
