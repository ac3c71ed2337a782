"""Settings of the test suite: the house's own, with nothing that lasts and nothing slow."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.settings import *

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in the thread of the tests

_SCRATCH = Path(tempfile.mkdtemp(prefix="medspel-test-"))
atexit.register(shutil.rmtree, _SCRATCH, ignore_errors=True)

DEBUG = False
DEMO = False
FILES_ROOT = _SCRATCH / "files"
EMAIL_FILE_PATH = _SCRATCH / "mail"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"  # rows decide: tests call the functions of the tasks, and no message is ever delivered
CELERY_BROKER_TRANSPORT_OPTIONS = {}
DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off"
DATABASES["default"]["CONN_MAX_AGE"] = 0
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STAFF_SECOND_FACTOR = False  # officers sign in with one step, except where a test asks for the real thing (tests/accounts)
