"""Migrating an empty database in ten seconds rather than a minute.

Django draws the models anew, with everything related to them, after each operation of a migration, and nearly everything here
is related to a person or a case. Operations in a row that only add are therefore drawn once, as they stand after the last.
"""

from collections.abc import Iterable, Iterator
from copy import copy
from itertools import groupby

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

_TO_A_MODEL = {AddField, AddIndex, AddConstraint, AddTrigger}  # these very classes: who inherits does something of its own


class Executor(MigrationExecutor):
    """Django's, with what only adds done together. What is undone or only written down goes the usual way."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        if not fake and not fake_initial and migration.atomic:
            migration = copy(migration)
            migration.operations = list(together(migration.operations))  # type: ignore[misc] # each has a list of its own
        return super().apply_migration(state, migration, fake, fake_initial)


class Additions(Operation):
    """Operations that only add. A new model is made with all that they add to it."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self.operations = list(operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        vars(state).pop("apps", None)  # drawn when next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        made = {operation.name_lower for operation in self.operations if isinstance(operation, CreateModel)}
        for operation in self.operations:
            if getattr(operation, "model_name", "").lower() not in made:
                operation.database_forwards(app_label, schema_editor, from_state, to_state)


def together(operations: Iterable[Operation]) -> Iterator[Operation]:
    """The same operations, those in a row that only add as one."""
    for adds, row in groupby(operations, _only_adds):
        if adds:
            yield Additions(row)
        else:
            yield from row


def _only_adds(operation: Operation) -> bool:
    if type(operation) is CreateModel:  # with a table: what is added to a proxy's or a view's is not made with it
        return not operation.options.get("proxy") and operation.options.get("managed", True)
    return type(operation) in _TO_A_MODEL
