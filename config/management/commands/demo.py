"""manage.py demo: build the demonstration municipality by calling the actions that people call."""

import argparse
from datetime import date
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.timezone import localdate

from accounts.models import User
from config.demo.fingerprint import fingerprint
from config.demo.names import ASSOCIATIONS
from config.demo.play import accounts_file, play

SEED = 20261123


class Command(BaseCommand):
    help = "Build the demonstration municipality in an empty database."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--size", type=int, default=len(ASSOCIATIONS), help="fewer associations, and last year only")
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="the day it is played (today)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration is off (MEDSPEL_DEMO). It has accounts with known passwords.")
        if User.objects.exists():
            raise CommandError("There are people in the database already. The demonstration is built in an empty one.")
        with connection.cursor() as cursor:  # thousands of small commits need not each wait for the disk
            cursor.execute("SET synchronous_commit = off")
        began = perf_counter()
        stage = play(
            today=options["today"] or localdate(),
            seed=options["seed"],
            size=options["size"],
            say=lambda line: self.stdout.write(f"  {perf_counter() - began:5.1f} s  {line}"),
        )
        if stage.is_whole:
            path = settings.VAR_DIR / "demo-accounts.txt"
            path.write_text(accounts_file(stage), encoding="utf-8")
            path.chmod(0o600)
            self.stdout.write(accounts_file(stage))
        self.stdout.write(f"Fingerprint of what was written, the same for the same seed and day: {fingerprint()}")
