"""The worker's way in: thin, by key, harmless twice. The rows decide what is left to do."""

from celery import shared_task
from django.utils.timezone import now

from associations import actions


@shared_task(name="associations.read_attendance")
def read_attendance(key: int) -> bool:
    """Seconds to a minute of work: reads one large file of attendance, and writes how far it has come."""
    return actions.read_attendance(key, at=now())


@shared_task(name="associations.write_attendance")
def write_attendance(key: int) -> bool:
    """Writes one large file that somebody has confirmed."""
    return actions.write_attendance(key, at=now())


@shared_task(name="associations.sweep_attendance")
def sweep_attendance() -> None:
    """Every minute: files that the broker lost, or whose worker died."""
    to_read, to_write = actions.attendance_in_line(at=now())
    for key in to_read:
        read_attendance.apply_async([key], retry=False)
    for key in to_write:
        write_attendance.apply_async([key], retry=False)
