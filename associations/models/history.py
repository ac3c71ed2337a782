"""Row history of the register tables: written by database triggers, so bulk updates and plain SQL are caught too."""

from typing import Any

import pghistory


def tracked(*exclude: str) -> Any:
    """Keep every insert, update and delete of the model's rows in an append-only table beside it."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude) or None,
        append_only=True,
    )
