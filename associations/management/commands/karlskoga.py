"""manage.py karlskoga: the first configuration of the association register."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from associations import setup


class Command(BaseCommand):
    help = "Enter Karlskoga's categories, age bands, activities, areas and requirements. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        setup.karlskoga(now())
        self.stdout.write("Karlskogas kategorier, åldersgrupper, verksamheter, områden och krav finns i registret.")
