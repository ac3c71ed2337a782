"""For tests and benchmarks: migrating takes many seconds, copying a migrated database a moment.

Each version of the migrations is run once and kept as a database to copy from.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection
from psycopg import sql

_HOUSE = Path(__file__).parent.parent


def ensure() -> str:
    """The name of a database with every migration applied, made now if the migrations (or the packages) have changed."""
    prefix = f"template_{settings.DATABASES['default']['NAME']}_"
    name = prefix + _version()
    with _alone(), connection._nodb_cursor() as cursor:
        cursor.execute("select datname from pg_database where starts_with(datname, %s)", [prefix])
        kept = {row[0] for row in cursor.fetchall()}
        if name in kept:
            return name
        for old in kept:
            cursor.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(old)))
        unfinished = f"{prefix}unfinished"
        cursor.execute(sql.SQL("create database {}").format(sql.Identifier(unfinished)))
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"],
            cwd=_HOUSE,
            env={**os.environ, "DATABASE_URL": url(unfinished), "DJANGO_SETTINGS_MODULE": "config.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"The migrations do not run:\n{done.stderr[-3000:]}")
        cursor.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


def _version() -> str:
    digest = hashlib.sha256((_HOUSE / "requirements.lock").read_bytes())
    for path in sorted(_HOUSE.glob("*/migrations/*.py")):
        digest.update(path.relative_to(_HOUSE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def url(database: str) -> str:
    facts: dict[str, Any] = settings.DATABASES["default"]
    options = {name: value for name, value in facts["OPTIONS"].items() if isinstance(value, str)}
    login = f"{quote(facts['USER'])}:{quote(facts['PASSWORD'])}"
    return f"postgresql://{login}@:{facts['PORT'] or 5432}/{database}?{urlencode({**options, 'host': facts['HOST']})}"


@contextmanager
def _alone() -> Iterator[None]:
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "template-database.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
