"""What the staff's side of this room tells the rooms below when the house starts: tasks, photographs of faults, disposal."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.actions.faults import count_old_photos, dispose_of_photos
from facilities.models import FaultReport
from facilities.views.desk import tasks_of
from records import registry
from records.registry import Disposable, Task


def register() -> None:
    """Called once, by AppConfig.ready."""
    registry.tasks.append(tasks)
    registry.file_openings.append(fault_photos)
    title = gettext_lazy("Photographs of faults that are mended")
    registry.disposables.append(Disposable("facilities-fault-photo", title, 12, dispose_of_photos, count_old_photos))


def tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """What waits in the venues, under a heading of its own for those who have more to do. At most five queries."""
    return [
        Task(task.title, task.why, task.url, task.button, task.due, task.urgent, group=str(_("Venues")))
        for task in tasks_of(user, at)
    ]


def fault_photos(user: Any) -> Q:
    """Photographs of the faults that this person may read."""
    return Q(pk__in=FaultReport.objects.visible_to(user).exclude(photo=None).values("photo"))
