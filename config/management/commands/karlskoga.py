"""manage.py karlskoga: enter Karlskoga's own rules. Harmless twice: what is there already is left as it is."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localdate, now

from associations import setup
from culture import setup as culture
from facilities.actions.karlskoga import enter_venues
from grants.actions.karlskoga import enter_karlskoga


class Command(BaseCommand):
    help = "Enter what Karlskoga asks of associations, its venues, schemes, this year's calls and the culture guarantee."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--year", type=int, help="the year in which the calls take in applications (this year by default)")

    def handle(self, *args: Any, **options: Any) -> None:
        setup.karlskoga(now())
        self.stdout.write("Categories, age bands, activities, areas and requirements")
        calls = enter_karlskoga(year=options["year"] or localdate().year, by=None, at=now())
        for call in calls:
            self.stdout.write(f"{call.title}: {call.opens_on} – {call.closes_on}")
        for venue in enter_venues(by=None, at=now()):
            self.stdout.write(venue.name)
        year = culture.karlskoga(options["year"] or localdate().year, by=None, at=now())
        self.stdout.write(f"The culture guarantee {year}")
