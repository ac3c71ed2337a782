"""manage.py dispose: what the adopted retention rules say shall go, goes."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from records import actions


class Command(BaseCommand):
    help = "Dispose of what is due under the adopted retention rules. Rules labelled as examples only count."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what is due")
        parser.add_argument("--examples", action="store_true", help="act on rules labelled as examples too")

    def handle(self, *args: Any, **options: Any) -> None:
        actions.suggest_retention_rules()
        for result in actions.dispose(at=now(), dry_run=options["dry_run"], examples=options["examples"]):
            word = "disposed of" if result.done else "due, nothing done" + (" (example rule)" if result.rule.is_example else "")
            self.stdout.write(f"{result.rule.kind}: {result.count} {word}")
