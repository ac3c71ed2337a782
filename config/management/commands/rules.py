"""manage.py rules WORD: which rule is that, where is it, and on what does it rest?"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.rulebook import matching, rules


class Command(BaseCommand):
    help = (
        "Find a rule by id or by words, Swedish or English: its id, place, first sentence and source. Without words: all of them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("words", nargs="*", help='for instance "late", "sen", "G-07"; several words must all fit')

    def handle(self, *args: Any, **options: Any) -> None:
        found = matching(rules(settings.BASE_DIR), options["words"])
        if not found:
            raise CommandError(f"No rule is about {' '.join(options['words'])!r}. Try one word, or none to see every rule.")
        for rule in found:
            self.stdout.write(self.style.SUCCESS(f"{rule.id}  {rule.path}:{rule.line}  {rule.name}"))
            self.stdout.write(f"      {rule.sentence}")
            self.stdout.write(f"      Source: {rule.source}")
