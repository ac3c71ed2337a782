"""The database as ./run finds it and leaves it: started, migrated, and with the demonstration when that is wanted."""

import io
import os
import sys
import time
from pathlib import Path

import django
import psycopg
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from config import embedded


class Trouble(Exception):
    """What went wrong, in a sentence for the one who typed ./run."""


def ready(var: Path) -> None:
    """Reach the database, bring its tables up to date, collect static files where that pays."""
    embedded_here = "DATABASE_URL" not in os.environ
    if embedded_here:
        place = embedded.server_for(var / "postgres").data
        elsewhere = "" if place.is_relative_to(var) else f" (its files are in {place}: this folder is private, and stays so)"
        print(f"Starting the database{elsewhere} ...")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
        connection.ensure_connection()
    except OperationalError as refusal:
        raise Trouble(f"The database does not answer: {str(refusal).strip()}") from None
    except RuntimeError as failure:
        raise Trouble(str(failure)) from None
    _migrate()
    if django.conf.settings.STATIC_HASHED:
        print("Collecting static files ...")
        call_command("collectstatic", interactive=False, verbosity=0)


def forget_embedded(var: Path) -> None:
    """Drop the embedded database: what stands in it was never finished."""
    if "DATABASE_URL" in os.environ:
        raise Trouble("A demonstration was begun in your database and never finished. Empty the database and try again.")
    print("The demonstration was interrupted last time; it is built anew.")
    with psycopg.connect(embedded.attach(var / "postgres", "postgres"), autocommit=True) as server:
        server.execute("drop database if exists medspel with (force)")


def demonstration_is_wanted() -> bool:
    """Nobody has ever been here, and this is no real municipality."""
    return bool(django.conf.settings.DEMO and "demo" in get_commands() and not get_user_model().objects.exists())


class _Steps(io.StringIO):
    """Django's list of migrations, retold as a count."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self.total, self.done = total, 0
        self.lively = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def write(self, text: str) -> int:
        self.done += text.count(" OK")
        if " OK" in text and self.lively:
            print(f"\r  {self.done} of {self.total}", end="" if self.done < self.total else "\n", flush=True)
        return len(text)


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return
    print(f"Preparing the tables ({len(plan)} steps) ...")
    begun = time.monotonic()
    call_command("migrate", interactive=False, verbosity=1, stdout=_Steps(len(plan)))
    print(f"  done in {time.monotonic() - begun:.0f} s")
