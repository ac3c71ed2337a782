"""Work that takes the worker minutes, as a row: asked for by somebody, done once, followed while it goes on."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.choices import WorkStatus


class Work(models.Model):
    """What every such row has; records.work moves it. The room adds what is to be done and what came out.

    status: a room may have more of them, in a field of its own. progress: {"level": ..., "done": ..., "of": ...} while it goes
    on. heartbeat_at: the worker's last sign of life, so that work whose worker died is begun again. attempts: how often it was
    begun; the number tells one worker from the next. error: why it came to nothing.
    """

    failed_verb: ClassVar[str]  # what the log says when it came to nothing

    status = models.CharField(_("status"), max_length=10, choices=WorkStatus.choices, default=WorkStatus.WAITING)
    progress = models.JSONField(default=dict, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    made_at = models.DateTimeField(_("asked for"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_unfinished(self) -> bool:
        return self.status in (WorkStatus.WAITING, WorkStatus.RUNNING)
