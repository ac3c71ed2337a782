"""The worker's way in: thin, by key, harmless twice. The rows decide what is left to do."""

from celery import shared_task
from django.utils.timezone import now

from facilities import actions


@shared_task(name="facilities.sweep")
def sweep() -> int:
    """Every minute: offers and holds that ran out. How many there were."""
    return actions.sweep(now())
