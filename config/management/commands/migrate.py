from typing import Any

from django.core.management.commands import migrate

from config.migrating import Executor


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        migrate.MigrationExecutor = Executor  # type: ignore[attr-defined] # the name that Django's command looks up
        super().handle(*args, **options)
