"""./run starts everything, says where it is, and stops everything."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from psycopg import sql

from config import template_database

HOUSE = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "config.commands.serve"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def surroundings(tmp_path, django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """The environment of a server with a database and a var/ of its own, without a demonstration."""
    name = f"serve_{os.getpid()}"
    with django_db_blocker.unblock():
        template = template_database.ensure()
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))
        yield {
            **{key: value for key, value in os.environ.items() if key not in {"HOST", "SITE_URL", "TERM"}},
            "DATABASE_URL": template_database.url(name),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MEDSPEL_VAR": str(tmp_path / "var"),
            "MEDSPEL_DEMO": "0",
            "MEDSPEL_STATIC_HASHED": "0",
            "PORT": str(_free_port()),
        }
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _read_until(process: subprocess.Popen, words: str) -> str:
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended before it said {words!r}:\n{said}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_stops_when_asked(surroundings, number):
    with subprocess.Popen(
        COMMAND, cwd=HOUSE, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            address = f"http://localhost:{surroundings['PORT']}"
            assert address in _read_until(process, "is running")
            assert b"Medspel" in urllib.request.urlopen(address).read()
            again = subprocess.run(COMMAND, cwd=HOUSE, env=surroundings, capture_output=True, text=True, check=False)
            assert again.returncode == 1
            assert f"runs here already: {address}" in again.stderr
        finally:
            process.send_signal(number)
        assert process.wait(30) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(surroundings["PORT"]))) != 0


def test_a_port_that_is_taken_is_told_in_a_sentence(surroundings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        surroundings["PORT"] = str(taken.getsockname()[1])
        done = subprocess.run(COMMAND, cwd=HOUSE, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"Port {surroundings['PORT']} is taken." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_told_in_a_sentence(surroundings):
    surroundings["DATABASE_URL"] = f"postgresql://nobody@127.0.0.1:{_free_port()}/nowhere"
    done = subprocess.run(COMMAND, cwd=HOUSE, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("The database does not answer")
    assert "Traceback" not in done.stderr
