"""The whole life of a letter, a file, a notice and a piece of work, on one page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterStatus(models.TextChoices):
    STAGED = "staged", _("not yet released")
    WAITING = "waiting", _("waiting to be sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    DISCARDED = "discarded", _("discarded")


# What a letter may become. A sent letter stays sent: to say something else, write a new letter.
LETTER_MOVES: dict[str, frozenset[str]] = {
    LetterStatus.STAGED: frozenset({LetterStatus.WAITING, LetterStatus.DISCARDED}),
    LetterStatus.WAITING: frozenset({LetterStatus.SENT, LetterStatus.FAILED}),
    LetterStatus.FAILED: frozenset({LetterStatus.WAITING, LetterStatus.SENT}),
    LetterStatus.SENT: frozenset(),
    LetterStatus.DISCARDED: frozenset(),
}


class SentBy(models.TextChoices):
    EMAIL = "email", _("e-mail")
    POST = "post", _("ordinary post")


class ScanStatus(models.TextChoices):
    WAITING = "waiting", _("waiting for the virus check")
    CLEAN = "clean", _("checked, no virus found")
    UNSCANNED = "unscanned", _("not checked for viruses")  # no scanner is configured: said honestly, readable
    OURS = "ours", _("made by the municipality")  # letters as PDF: nobody uploaded them
    INFECTED = "infected", _("in quarantine")


READABLE = frozenset({ScanStatus.CLEAN, ScanStatus.UNSCANNED, ScanStatus.OURS})


class Secrecy(models.TextChoices):
    """A mark is a warning to whoever is asked to disclose, not a decision (OSL 5:5); the default is open."""

    OPEN = "open", _("open")
    MARKED = "marked", _("marked as secret")


class NoticeKind(models.TextChoices):
    MINUTES = "minutes", _("adjusted minutes")
    MEETING = "meeting", _("coming meeting")
    OTHER = "other", _("other notice")


class RetentionAction(models.TextChoices):
    KEEP = "keep", _("keep")
    DISPOSE = "dispose", _("dispose")


class WorkStatus(models.TextChoices):
    """Something that the worker does. A room may have words of its own for these codes, and codes that come after them."""

    WAITING = "waiting", _("waits its turn")
    RUNNING = "running", _("going on")
    DONE = "done", _("done")
    FAILED = "failed", _("came to nothing")
    DROPPED = "dropped", _("called off")


# A worker that dies gives its work back. What failed stays failed: whoever tries again asks anew.
WORK_MOVES: dict[str, frozenset[str]] = {
    WorkStatus.WAITING: frozenset({WorkStatus.RUNNING, WorkStatus.DROPPED}),
    WorkStatus.RUNNING: frozenset({WorkStatus.WAITING, WorkStatus.DONE, WorkStatus.FAILED, WorkStatus.DROPPED}),
    WorkStatus.DONE: frozenset(),
    WorkStatus.FAILED: frozenset({WorkStatus.DROPPED}),
    WorkStatus.DROPPED: frozenset(),
}
