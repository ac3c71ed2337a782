"""The background worker. The broker may lose a message; the rows and the periodic sweeps may not (HOUSE: tasks)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("medspel")
app.set_default()  # "current" is per thread: without this, a thread of the web server would ask a broker that nobody configured
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
