"""The log in words: what each verb says on the case page, and how changes are shown."""

from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records import registry

VERBS = {
    "records.opened": gettext_lazy("The case was opened"),
    "records.closed": gettext_lazy("The case was closed"),
    "records.reopened": gettext_lazy("The case was taken up again"),
    "records.marked_secret": gettext_lazy("A mark of secrecy was set"),
    "records.secrecy_lifted": gettext_lazy("A mark of secrecy was taken away"),
    "records.documents_filed": gettext_lazy("Documents were added to the case"),
    "records.file_infected": gettext_lazy("A virus was found in a file, which was put in quarantine"),
    "records.file_read": gettext_lazy("A document marked as secret was opened"),
    "records.letter_sent": gettext_lazy("A letter was sent"),
    "records.letter_failed": gettext_lazy("A letter could not be delivered"),
    "records.letter_retried": gettext_lazy("A letter was put in line to be sent again"),
    "records.letter_discarded": gettext_lazy("A letter that had not been released was discarded"),
    "records.notice_posted": gettext_lazy("A notice was posted on the notice board"),
    "records.notice_taken_down": gettext_lazy("A notice was taken down from the notice board"),
    "records.disposed": gettext_lazy("Documents were disposed of"),
}
INTERNAL = {"records.file_read", "records.letter_failed", "records.letter_retried", "records.letter_discarded"}


def in_words(event: Any) -> str:
    """What happened, as a sentence without a full stop. A verb that nobody has registered is still an event."""
    words = registry.verb_words.get(event.verb)
    if words is None:
        return _("Something was noted in the case")
    after = {name: _after(change) for name, change in event.changes.items()}
    try:
        return str(words) % after if "%(" in str(words) else str(words)
    except KeyError:
        return str(words).partition("%(")[0].strip(" :")


def changes_in_words(event: Any) -> list[str]:
    """'amount: 10 000 → 12 000' for each change that has a label (registry.change_words)."""
    lines = []
    for name, change in event.changes.items():
        label = registry.change_words.get(name)
        if label is not None:
            before, after = change if isinstance(change, list) and len(change) == 2 else (None, change)
            arrow = f"{_shown(before)} → {_shown(after)}" if before not in (None, "") else _shown(after)
            lines.append(f"{label}: {arrow}")
    return lines


def _after(change: Any) -> Any:
    return _shown(change[1] if isinstance(change, list) and len(change) == 2 else change)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(localize(value))
