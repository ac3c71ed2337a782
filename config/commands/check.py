"""./run check: everything that can be told without running the tests. All are run; each says in a line how it went."""

import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from config import embedded

HOUSE = Path(__file__).resolve().parents[2]
AS_DEPLOYED = {
    "MEDSPEL_DEBUG": "0",
    "MEDSPEL_DEMO": "0",
    "ALLOWED_HOSTS": "medspel.example",
    "SITE_URL": "https://medspel.example",
    "SECRET_KEY": secrets.token_urlsafe(60),
}


@dataclass(frozen=True)
class Check:
    """One program that must end well."""

    title: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


CHECKS = (
    Check("formatting", ("-m", "ruff", "format", "--check", ".")),
    Check("lint", ("-m", "ruff", "check", ".")),
    Check("types", ("-m", "mypy", ".")),
    Check("import contracts", ("-c", "from importlinter.cli import lint_imports_command as run; run()")),
    Check("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
    Check("Swedish words", ("manage.py", "messages", "--missing")),
    Check("deployment settings", ("manage.py", "check", "--deploy", "--fail-level=WARNING"), AS_DEPLOYED),
)


def main() -> int:
    if "DATABASE_URL" not in os.environ:
        var = Path(os.environ.get("MEDSPEL_VAR", HOUSE / "var")).absolute()
        embedded.attach(var / "postgres", "medspel")  # kept running between the checks
    failures = sum(not _holds(check) for check in CHECKS)
    return min(failures, 1)


def _holds(check: Check) -> bool:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, *check.command],
        cwd=HOUSE,
        env={**os.environ, **check.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(f"{'ok    ' if done.returncode == 0 else 'FAILS '} {check.title} ({time.monotonic() - begun:.1f} s)", flush=True)
    if done.returncode:
        print("    " + "\n    ".join(done.stdout.strip().splitlines()[-40:]), flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
