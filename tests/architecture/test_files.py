"""What the house promises about its own files."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

HOUSE = Path(__file__).parents[2]
ROOMS = ("config", "grants", "culture", "facilities", "associations", "accounts", "records")
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
RULE = re.compile(r"Rule (?P<id>[A-Z]{1,2}-\d{2,3}[a-z]?)\. Source: \S")


def _code() -> list[Path]:
    return [path for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py")) if "migrations" not in path.parts]


def _shown(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_a_file_is_read_in_a_sitting():
    long = {_shown(path): lines for path in _code() if (lines := len(path.read_text().splitlines())) > 400}
    assert long == {}


def test_there_is_no_junk_drawer():
    assert [_shown(path) for path in _code() if JUNK_DRAWERS & {path.stem, path.parent.name}] == []


def _public_rules() -> list[tuple[str, str]]:
    """(where, docstring) of every public function in rules/, methods of its dataclasses left out."""
    found = []
    for path in _code():
        if path.parent.name != "rules":
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                found.append((f"{_shown(path)}:{node.lineno} {node.name}", ast.get_docstring(node) or ""))
    return found


def test_every_rule_has_an_id_and_says_where_it_comes_from():
    assert [where for where, text in _public_rules() if not RULE.search(text)] == []


def test_an_id_belongs_to_one_rule():
    ids = Counter(match["id"] for _where, text in _public_rules() if (match := RULE.search(text)))
    assert [name for name, times in ids.items() if times > 1] == []


def test_no_migration_is_missing(db, capsys):
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_lock_files_name_no_place_to_fetch_from(name):
    text = (HOUSE / name).read_text()
    allowed = {"https://github.com/sponsors/ayuhito"}  # whom a package asks to be thanked
    assert set(re.findall(r"https?://[^\s\"]+", text)) - allowed == set()
    assert re.findall(r"(?:--index-url|--find-links|resolved)", text) == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_is_pinned_and_hashed(name):
    entries = re.split(r"\n(?=\S)", (HOUSE / name).read_text().strip())
    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_every_wanted_package_is_locked():
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())
    wanted = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
    }
    for name, packages in wanted.items():
        locked = set(re.findall(r"^([a-z0-9._-]+)==", (HOUSE / name).read_text().lower(), re.M))
        names = {re.match(r"[A-Za-z0-9._-]+", package)[0].lower().replace("_", "-") for package in packages}
        assert names - locked == set()
