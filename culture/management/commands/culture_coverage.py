"""manage.py culture_coverage: do the stored figures say what the rows say? Counted again, pupil by pupil."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from culture import actions
from culture.models import SchoolYear


class Command(BaseCommand):
    help = "Compare the stored figures of the culture guarantee with a recount of every class; --write stores the recount."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--year", type=int, help="the calendar year in which the school year begins (all by default)")
        parser.add_argument("--write", action="store_true", help="store what the recount gives")

    def handle(self, *args: Any, **options: Any) -> None:
        years = SchoolYear.objects.order_by("first")
        if options["year"]:
            years = years.filter(first=options["year"])
        wrong = 0
        for year in years:
            found = actions.differences(year)
            wrong += len(found)
            for group, stored, counted in found[:20]:
                self.stdout.write(f"{year}: class {group}: stored {stored}, counted {counted}")
            if options["write"]:
                self.stdout.write(f"{year}: {actions.recount_year(year)} classes counted again")
            else:
                self.stdout.write(f"{year}: {len(found)} figures differ")
        if wrong and not options["write"]:
            raise CommandError("The stored figures are not what a recount gives. Run again with --write, and find out why.")
