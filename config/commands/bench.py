"""./run bench AREA [--small]: the figures of one area, on a database of its own, as a table and in var/bench/AREA.json."""

import argparse
import json
import logging
import os
import platform
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from psycopg import sql

from benchmarks.harness import Bench, table
from config import template_database

HOUSE = Path(__file__).resolve().parents[2]


def areas() -> list[str]:
    return sorted(path.stem for path in (HOUSE / "benchmarks").glob("*.py") if path.stem not in {"__init__", "harness"})


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("area", choices=areas())
    parser.add_argument("--small", action="store_true", help="the same, in under 20 seconds")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="medspel-bench-") as scratch:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MEDSPEL_FILES": scratch,
            "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
            "CELERY_BROKER_URL": "memory://",
        }
        django.setup()
        logging.disable(logging.WARNING)  # a line for each request would bury the figures
        _own_database(f"bench_{chosen.area}")
        bench = Bench(small=chosen.small)
        print(f"Benchmark {chosen.area}{' (small)' if chosen.small else ''}", flush=True)
        figures = import_module(f"benchmarks.{chosen.area}").measure(bench)
    figures |= {
        "small": chosen.small,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
    }
    print(table(figures))
    target = Path(settings.VAR_DIR) / "bench" / f"{chosen.area}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"Written to {target}")
    return 0


def _own_database(name: str) -> None:
    """Make *name* anew as a migrated, empty database, and use it from here on (in every thread)."""
    template = template_database.ensure()
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))
    connection.close()
    connection.settings_dict["NAME"] = name


if __name__ == "__main__":
    sys.exit(main())
