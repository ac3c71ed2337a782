"""A digest of everything the demonstration wrote, so that two plays of one seed can be compared without looking."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from psycopg.types.range import Range

_ROOMS = ("accounts", "records", "associations", "facilities", "culture", "grants")
# What is drawn anew each time on purpose, or tells of the computer: secrets, salts, hashes, places on the disk, row history.
_DRAWN_ANEW = {"password", "token_hash", "path", "uid", "pgh_id", "pgh_created_at", "pgh_context", "identity", "content"}


def fingerprint() -> str:
    """Sixteen hexadecimal figures for all rows of the rooms: the same for the same play in an empty database."""
    digest = hashlib.sha256()
    for label in _ROOMS:
        for model in sorted(apps.get_app_config(label).get_models(), key=lambda each: each._meta.db_table):
            for line in _lines(model):
                digest.update(line.encode())
    return digest.hexdigest()[:16]


class _Encoder(DjangoJSONEncoder):
    """Ranges of the space-time table too."""

    def default(self, o: Any) -> Any:
        return str(o) if isinstance(o, Range) else super().default(o)


def _lines(model: type[Model]) -> Iterator[str]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in _DRAWN_ANEW]
    for row in model._base_manager.order_by(*_order(names)).values(*names).iterator(chunk_size=2000):
        yield json.dumps([model._meta.db_table, _shown(row)], cls=_Encoder, sort_keys=True, ensure_ascii=False) + "\n"


def _order(names: list[str]) -> tuple[str, ...]:
    """Row history object by object: which of many that change in one statement comes first is PostgreSQL's own affair."""
    return ("pgh_obj_id", "pk") if "pgh_obj_id" in names else ("pk",)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A private letter holds a link that is drawn anew: of its text only that there was one."""
    return {**row, "html": bool(row["html"])} if row.get("private") else row
