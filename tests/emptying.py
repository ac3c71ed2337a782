"""After a test that commits: its rows go. What migrating wrote about the models stays, and need not be written anew."""

from typing import Any

from django.db import connections
from django.test import TransactionTestCase

_STAY = {"django_content_type", "auth_permission"}

_FILLED = """
    SELECT format('%%I', relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND pg_relation_size(oid) > 0
"""  # a table that was emptied has a file of no bytes; one whose rows were rolled back is emptied once for nothing


def instead_of_flush() -> None:
    """Let Django's tests that commit be emptied by us: its own flush empties every table there is and then migrates a little."""
    TransactionTestCase._fixture_teardown = _fixture_teardown


def _fixture_teardown(test: TransactionTestCase) -> None:
    for alias in test._databases_names(include_mirrors=False):
        empty(connections[alias])


def empty(connection: Any) -> None:
    """Empty every table of a model that holds rows, and those that point at one: PostgreSQL empties no table without them."""
    tables = set(connection.introspection.django_table_names(include_views=False)) - _STAY
    with connection.cursor() as cursor:
        cursor.execute(_FILLED, [sorted(tables)])
        filled = [name for (name,) in cursor.fetchall()]
        if filled:
            cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
