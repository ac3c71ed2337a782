"""The worker's way in: thin, by key, harmless twice. The rows decide what is left to do."""

from celery import shared_task
from django.utils.timezone import now

from records import actions


@shared_task(name="records.deliver")
def deliver(letter_id: int) -> None:
    actions.deliver(letter_id, at=now())


@shared_task(name="records.scan")
def scan(file_id: int) -> None:
    actions.scan_file(file_id, at=now())


@shared_task(name="records.sweep")
def sweep() -> None:
    """Every minute: hand over again what the broker lost."""
    for pk in actions.letters_to_queue(at=now()):
        deliver.apply_async([pk], retry=False)
    for pk in actions.files_to_scan():
        scan.apply_async([pk], retry=False)


@shared_task(name="records.tidy")
def tidy() -> None:
    """Once a day: bytes of uploads that came to nothing."""
    actions.remove_orphans(at=now())


@shared_task(name="records.take_down_notices")
def take_down_notices() -> None:
    """Every ten minutes: soon after midnight the notices whose day it is come down."""
    actions.take_down_due(at=now())
