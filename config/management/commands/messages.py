"""manage.py messages: bring locale/ in step with the code, list what lacks Swedish words, compile."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import messages


class Command(BaseCommand):
    help = "Find the msgids in code and templates, update locale/*/LC_MESSAGES/django.po and compile them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--missing", action="store_true", help="only list what has no Swedish words; fails when something is listed"
        )
        choice.add_argument("--compile", action="store_true", help="only compile the catalogues that changed")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR)
        if options["missing"]:
            self._list_missing(folder)
            return
        if not options["compile"]:
            for path in messages.update(folder):
                self.stdout.write(f"wrote {path.relative_to(folder)}")
            lacking = len(messages.missing(folder))
            if lacking:
                self.stdout.write(self.style.WARNING(f"{lacking} without Swedish words: manage.py messages --missing lists them"))
        for path in messages.compile_stale(folder):
            self.stdout.write(f"compiled {path.relative_to(folder)}")

    def _list_missing(self, folder: Path) -> None:
        lacking = messages.missing(folder)
        for key in lacking:
            context = f" [{key.context}]" if key.context else ""
            self.stdout.write(f"{key.text!r}{context}")
        if lacking:
            self.stderr.write(f"{len(lacking)} messages have no Swedish words.")
            raise SystemExit(1)
