"""The people of the municipality in the demonstration, and how to sign in as them."""

from datetime import date
from decimal import Decimal

from accounts import actions as accounts
from accounts.choices import Role
from accounts.models import User
from config.demo.stage import Stage, at

PASSWORD = "medspel i karlskoga"  # noqa: S105  told to everyone, and only where settings.DEMO is on
SECRET = "MEDSPELDEMOMEDSPELDEMO234567ABCD"  # noqa: S105  of every staff account's authenticator; the same holds

# key, name, role, delegation limit in kronor
STAFF: tuple[tuple[str, str, Role, int | None], ...] = (
    ("administrator", "Aino Korhonen", Role.ADMINISTRATOR, None),
    ("handlaggare", "Lena Ström", Role.OFFICER, None),
    ("handlaggare2", "Mats Hedlund", Role.OFFICER, None),
    ("beslutsfattare", "Karin Vallin", Role.DECISION_MAKER, 50_000),
    ("namndsekreterare", "Sara Nordin", Role.COMMITTEE_SECRETARY, None),
    ("revisor", "Per Wiklund", Role.AUDITOR, None),
    ("ledamot", "Ulla Sandell", Role.COMMITTEE_MEMBER, None),
    ("vaktmastare", "Roger Lind", Role.VENUE_STAFF, None),
)


def enter_staff(stage: Stage) -> None:
    """Everyone gets the same password and, where the role demands a second factor, the same authenticator secret."""
    start = date(stage.year - 2, 1, 1)
    for key, name, role, limit in STAFF:
        user = accounts.add_person(f"{key}@karlskoga.example", at=at(start), name=name)
        accounts.demonstration_password(user, PASSWORD)
        decimal_limit = None if limit is None else Decimal(limit)
        by = stage.staff.get("administrator")
        accounts.give_role(user, role=role, by=by, at=at(start), since=start, limit=decimal_limit, reason="Demonstration")
        accounts.demonstration_second_factor(user, SECRET)
        stage.staff[key] = User.objects.get(pk=user.pk)


def accounts_text(stage: Stage, applicants: list[tuple[str, str]]) -> str:
    """What `./run` prints: who can sign in, and how. applicants: (e-mail, what they speak for)."""
    rows = [(f"{key}@karlskoga.example", f"{name}, {role.label}") for key, name, role, _limit in STAFF]
    width = max(len(email) for email, _who in [*rows, *applicants])
    lines = [f"  {email:<{width}}  {who}" for email, who in [*applicants, *rows]]
    return "\n".join(
        [
            f"Demonstration accounts. Password for all: {PASSWORD}",
            *lines,
            "Staff also need a code: ./run manage code EMAIL",
            "",
        ]
    )
