"""What was asked and what changed, as both sides read it."""

from collections.abc import Iterable
from typing import Any

from grants.models import CompletionRequest
from grants.rules.questions import Form, answer_changes
from grants.wording import shown_answer


def requests_shown(rows: Iterable[CompletionRequest], form: Form) -> list[dict[str, Any]]:
    """Completion requests, each with what the answer changed: label, before, after (Case 20)."""
    return [{"row": row, "changes": _changes(row, form)} for row in rows]


def _changes(row: CompletionRequest, form: Form) -> list[tuple[str, str, str]]:
    if row.answered_at is None or row.after is None:
        return []
    return [
        (change.question.label, shown_answer(change.question, change.before), shown_answer(change.question, change.after))
        for change in answer_changes(form, row.before, row.after)
    ]
