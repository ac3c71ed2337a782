"""docs/roles.md says what accounts/choices.py says, and every door that names a permission names one that exists."""

import re
from pathlib import Path

from accounts.choices import NEVER_TOGETHER, PERMISSIONS, STAFF, Role
from tests.architecture.doors import EVERYONE, SIGNED_IN, doors

PAGE = Path(__file__).parents[2] / "docs/roles.md"


def row(role):
    permissions = ", ".join(f"`{name}`" for name, roles in PERMISSIONS.items() if role in roles)
    return f"| `{role}` | {role.label} | {'yes' if role in STAFF else 'no'} | {permissions or '–'} |"


def test_page_and_code_agree_on_every_role():
    written = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    assert written == [row(role) for role in Role], "docs/roles.md needs these rows:\n" + "\n".join(map(row, Role))


def test_page_names_the_roles_that_exclude_each_other():
    said = {frozenset(pair) for pair in re.findall(r"`(\w+)` never together with `(\w+)`", PAGE.read_text())}
    assert said == {frozenset(str(role) for role in pair) for pair in NEVER_TOGETHER}


def test_permission_that_a_door_asks_for_is_given_by_some_role():
    asked = {door.stated for door in doors() if door.stated and "." in door.stated}
    assert {permission for permission in asked if not PERMISSIONS.get(permission)} == set()


def test_role_that_a_door_asks_for_exists():
    named = {role for door in doors() if door.stated and "." not in door.stated for role in door.stated.split(", ")}
    assert named - {EVERYONE, SIGNED_IN} <= set(Role.values)
