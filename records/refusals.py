"""Yes, or no with its reason: one sentence that the person who asked can read, and a code for tests and forms."""

from dataclasses import dataclass

from django.utils.functional import Promise


class Refused(Exception):
    """The sentence is translated when it is shown, not when it is raised."""

    def __init__(self, sentence: str | Promise, code: str = "refused") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code

    def __str__(self) -> str:
        return str(self.sentence)


class NotAllowedNow(Refused):
    """The thing has moved on since the page was opened, or has not come far enough."""


class FileRefused(Refused):
    """A file that cannot be received: too large, of the wrong kind, empty, with macros."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a permission says: truthy when allowed; otherwise *reason* is a sentence to show."""

    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return not self.reason

    def or_refuse(self) -> None:
        """Nothing when allowed; NotAllowedNow with the reason otherwise."""
        if self.reason:
            raise NotAllowedNow(self.reason, "not_allowed")


YES = Answer()


def no(reason: str | Promise) -> Answer:
    return Answer(reason)
