"""What was found in a file of attendance, in words: every code of a note has its sentence here, and says what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# Rows that are left out.
NOTES: dict[str, str | Promise] = {
    "identity_missing": gettext_lazy("The personal number or birth date is missing, so nobody knows the age."),
    "identity_unreadable": gettext_lazy("The personal number cannot be read. It has twelve digits: YYYYMMDDNNNN."),
    "identity_no_such_day": gettext_lazy("There is no such day of birth. Check the personal number."),
    "identity_in_the_future": gettext_lazy("The person is not born yet according to the personal number."),
    "id_missing": gettext_lazy("The person has no id in the file."),
    "not_in_register": gettext_lazy("The person is not in the register of people in the file."),
    "present_unreadable": gettext_lazy("Present must be true or false, but says “%(value)s”."),
    "present_missing": gettext_lazy("The file does not say whether the person was present."),
    "code_length": gettext_lazy("The code of the session must have 3 to 50 characters."),
    "card_number": gettext_lazy("The number of the card must be a whole number, but says “%(value)s”."),
    "method": gettext_lazy("The method must be Add, Update or Remove, but says “%(value)s”."),
    "day": gettext_lazy("The date cannot be read: “%(value)s”. Write for example 2026-03-02."),
    "ahead": gettext_lazy("The day has not come yet, so nobody has been there."),
    "times": gettext_lazy("The times do not make a session: it must begin before it ends and last at most a day."),
    "too_many_marks": gettext_lazy("The session has more people than can be right."),
    "code_twice": gettext_lazy("The same code stands on line %(first)s with other content. That one was kept."),
    "another_association": gettext_lazy("This part is about another association: %(name)s."),
    "cell_empty": gettext_lazy("The cell is empty."),
    "clock": gettext_lazy("The time cannot be read: “%(value)s”. Write for example 18.00."),
    "another_length": gettext_lazy("The session ends at another time in an earlier row."),
    "born_unreadable": gettext_lazy("Write the personal number, or the birth year with four digits."),
    "word_unknown": gettext_lazy("“%(value)s” is not one of the words that can stand here."),
    "removed_which": gettext_lazy(
        "Several sessions have the code of the one that was to be removed, and none or several of them are on that day."
    ),
    "update_of_unknown": gettext_lazy("The session that was to be updated has not been sent before."),
    # Rows that were taken in, with a remark.
    "identity_doubtful": gettext_lazy(
        "The last digit of the personal number does not hold. The person counts; check the number."
    ),
    "id_twice": gettext_lazy("The id stands twice among the people. The first one was used."),
    "number_unreadable": gettext_lazy("The organisation number cannot be read. The part was taken as yours."),
    "association_id_missing": gettext_lazy("The association's id is empty in the file."),
    "kind_unknown": gettext_lazy("The kind of session “%(value)s” is not known. It was taken as something else."),
    "in_both_lists": gettext_lazy("The person stands both as participant and leader. They count as leader."),
    "person_twice": gettext_lazy("The same person stands twice in the session. They count once."),
    "code_twice_same": gettext_lazy("The same session stands on line %(first)s too. It counts once."),
    "removed_other_day": gettext_lazy("The session was registered on another day, %(day)s. It is removed all the same."),
    "nothing_to_remove": gettext_lazy("The session that was to be removed is not here."),
}


@dataclass(frozen=True, slots=True)
class ShownNote:
    """One row of the file, for the page."""

    line: int
    path: str
    sentence: str
    refused: bool


def shown_notes(stored: Sequence[Sequence[Any]]) -> list[ShownNote]:
    """The notes of a stored report in words, those that are left out first."""
    notes = [ShownNote(line, path, sentence(code, figures), refused) for line, path, code, figures, refused in stored]
    return sorted(notes, key=lambda note: (not note.refused, note.line))


def sentence(code: str, figures: Mapping[str, Any]) -> str:
    text = str(NOTES[code]) % figures
    if marks := figures.get("marks"):
        text += " " + ngettext("%(n)s mark was left out with it.", "%(n)s marks were left out with it.", marks) % {"n": marks}
    return text


def held_by(report: Mapping[str, Any]) -> str:
    """What the file held, in the order the format asks for it."""
    return _("The file holds %(sessions)s, %(participations)s and %(leaderships)s.") % {
        **_counted(report),
        "leaderships": ngettext("%(n)s leader attendance", "%(n)s leader attendances", report["leaderships"])
        % {"n": report["leaderships"]},
    }


def read_so_far(progress: Mapping[str, Any]) -> str:
    """What was found in a file that is still being read; "" before anything was."""
    if not progress:
        return ""
    rows = ngettext("%(n)s row is left out", "%(n)s rows are left out", progress["refused"]) % {"n": progress["refused"]}
    return _("So far %(sessions)s and %(participations)s; %(rows)s.") % {**_counted(progress), "rows": rows}


def _counted(sums: Mapping[str, Any]) -> dict[str, str]:
    return {
        "sessions": ngettext("%(n)s session", "%(n)s sessions", sums["sessions"]) % {"n": sums["sessions"]},
        "participations": ngettext("%(n)s participation", "%(n)s participations", sums["participations"])
        % {"n": sums["participations"]},
    }
