"""The log in words: what each verb says on the case page, and how changes are shown."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records import registry
from records.values import kronor_text

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)")
_A_YEAR = 9999  # so many and fewer are written without a space: 2027
_NUMBER = re.compile(r"-?[0-9]+([.][0-9]+)?")
_KRONOR = re.compile(r"-?[0-9]+\.[0-9]{1,2}")

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
    after = {name: _shown(event, name, _pair(change)[1]) for name, change in event.changes.items()}
    try:
        return str(words) % after if "%(" in str(words) else str(words)
    except KeyError:
        return str(words).partition("%(")[0].strip(" :")


def changes_in_words(event: Any) -> list[str]:
    """'amount: 10 000 → 12 000' for each change that has a label (registry.change_words)."""
    lines = []
    app = event.verb.partition(".")[0]
    for name, change in event.changes.items():
        label = registry.change_words.get(f"{app}.{name}") or registry.change_words.get(name)
        before, after = (_shown(event, name, value) for value in _pair(change))
        if label is not None and (before or after):
            lines.append(f"{label}: {before} → {after or '–'}" if before else f"{label}: {after}")
    return lines


def _pair(change: Any) -> tuple[Any, Any]:
    """(before, after) of a change; one that is only what it became has no before."""
    return (change[0], change[1]) if isinstance(change, list) and len(change) == 2 else (None, change)


def _shown(event: Any, name: str, value: Any) -> str:
    """A value as a person reads it: a code by its word, a day, a moment, kronor."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    codes = registry.code_words.get((event.verb.partition(".")[0], name), {})
    if value in codes:
        return str(codes[value])
    if isinstance(value, int):
        return kronor_text(Decimal(value)) if abs(value) > _A_YEAR else str(value)
    if name in registry.kronor_fields and _NUMBER.fullmatch(str(value)):
        return kronor_text(Decimal(value))
    return _typed(value) if isinstance(value, str) else str(localize(value))


def _typed(text: str) -> str:
    if _DAY.fullmatch(text):
        return date_format(date.fromisoformat(text), "DATE_FORMAT")
    if _MOMENT.fullmatch(text):
        moment = localtime(datetime.fromisoformat(text))
        return f"{date_format(moment, 'DATE_FORMAT')}, {moment:%H.%M}"
    return kronor_text(Decimal(text)) if _KRONOR.fullmatch(text) else text
