"""The embedded database server: where it lives, who shares it, and what it leaves alone."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from config import embedded


@pytest.fixture
def open_folder():
    """A folder that everybody may walk to (pytest's own temporary folders are private)."""
    folder = Path(tempfile.mkdtemp(prefix="medspel-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def roots_home(open_folder, monkeypatch):
    monkeypatch.setattr(embedded, "ROOTS_HOME", open_folder / "var-lib")
    return open_folder / "var-lib"


def _names_in(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute("select datname from pg_database order by 1").fetchall()]


def _stop(folder: Path) -> None:
    embedded._leave(embedded.server_for(folder))


def test_server_starts_where_the_path_has_spaces_and_is_long(open_folder):
    folder = open_folder / "en mapp med mellanslag" / ("lång " * 20).strip() / "postgres"
    try:
        assert "medspel" in _names_in(embedded.attach(folder, "medspel"))
        assert "another" in _names_in(embedded.attach(folder, "another"))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        _stop(folder)
    assert not embedded.server_for(folder).runs()


def test_last_to_leave_stops_the_server(open_folder):
    folder = open_folder / "postgres"
    url = embedded.attach(folder, "medspel")
    join = f"from pathlib import Path; from config import embedded; embedded.attach(Path({str(folder)!r}), 'medspel')"
    subprocess.run([sys.executable, "-c", join], check=True, cwd=Path(__file__).parents[2])
    assert "medspel" in _names_in(url)
    _stop(folder)
    assert not (embedded.server_for(folder).data / "postmaster.pid").exists()


def test_private_folder_of_root_stays_private(open_folder, roots_home):
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    folder = home / "clone" / "var" / "postgres"
    try:
        assert "medspel" in _names_in(embedded.attach(folder, "medspel"))
    finally:
        _stop(folder)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    lives_elsewhere = embedded.server_for(folder).data.is_relative_to(roots_home)
    assert lives_elsewhere == (os.geteuid() == 0)


def test_a_question_to_several_workers_at_once_is_answered(open_folder):
    """Parallel workers read the server's settings again: one that cannot be read there fails only in large tables."""
    folder = open_folder / "postgres"
    try:
        with psycopg.connect(embedded.attach(folder, "medspel")) as connection:
            connection.execute("set debug_parallel_query = on")
            assert connection.execute("select count(*) from pg_class").fetchall()[0][0] > 0
            assert connection.execute("show default_text_search_config").fetchall() == [("pg_catalog.swedish",)]
    finally:
        _stop(folder)
