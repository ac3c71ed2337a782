"""What differs between two versions of a scheme."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from grants.rules.form_changes import FormChange, form_change
from grants.rules.form_json import form_from_json

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part that differs; before or after is None when it was added or taken away. Places from 0."""

    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class LabelChange:
    """Attachments or aims by label."""

    added: tuple[str, ...]
    dropped: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped)


@dataclass(frozen=True, slots=True)
class VersionChange:
    parts: tuple[PartChange, ...]
    form: FormChange
    attachments: LabelChange
    aims: LabelChange
    requirements: LabelChange

    @property
    def only_the_form(self) -> bool:
        """Nothing that decides who gets what differs: the form and its attachments alone (Case 16)."""
        return not (self.parts or self.aims or self.requirements)

    def __bool__(self) -> bool:
        return not self.only_the_form or bool(self.attachments or self.form.added or self.form.dropped or self.form.reworded)


def part_changes(before: Rows, after: Rows) -> tuple[PartChange, ...]:
    """Which parts were added, taken away or changed, in the order of the later version. A moved part is both.

    Rule GS-53. Source: house convention for schemes: two versions can be compared.
    Words: jämför, skillnad, version, ändrad del.
    """
    old, new = ([json.dumps(row, sort_keys=True) for row in rows] for rows in (before, after))
    changes: list[PartChange] = []
    for tag, first, last, other_first, other_last in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = list(range(first, last)), list(range(other_first, other_last))
        for place in range(max(len(gone), len(come))):
            was = gone[place] if place < len(gone) else None
            now = come[place] if place < len(come) else None
            if was is not None and now is not None and before[was]["kind"] != after[now]["kind"]:
                changes += [PartChange(was, None), PartChange(None, now)]
            else:
                changes.append(PartChange(was, now))
    return tuple(changes)


def version_change(before: Mapping[str, Any], after: Mapping[str, Any]) -> VersionChange:
    """Everything that differs between two versions, each {"parts", "form", "attachments", "aims", "requirements"}.

    Rule GS-54. Source: house convention for schemes: two versions can be compared; Case 16.
    Words: jämför, skillnad, version, ändrat.
    """
    return VersionChange(
        parts=part_changes(before["parts"], after["parts"]),
        form=form_change(form_from_json(before["form"]), form_from_json(after["form"])),
        attachments=_labels(before["attachments"], after["attachments"]),
        aims=_labels(before["aims"], after["aims"]),
        requirements=_texts(before["requirements"], after["requirements"]),
    )


def _labels(before: Rows, after: Rows) -> LabelChange:
    return _texts([row["label"] for row in before], [row["label"] for row in after])


def _texts(before: Sequence[str], after: Sequence[str]) -> LabelChange:
    return LabelChange(
        added=tuple(text for text in after if text not in before), dropped=tuple(text for text in before if text not in after)
    )
