"""The worker's way in: thin, by key, harmless twice. The rows decide what is left to do."""

from celery import shared_task
from django.utils.timezone import now

from culture import actions


@shared_task(name="culture.remind")
def remind() -> int:
    """Once an hour: what schools are reminded of, each once."""
    return actions.remind(at=now())


@shared_task(name="culture.keep_years")
def keep_years() -> int:
    """Once an hour: the measuring date is counted when it has come, and a school year is locked on its day."""
    return actions.measure_due(at=now()) + actions.lock_due(at=now())
