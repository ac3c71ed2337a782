"""Yes, or no with the reason a person can read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """Truthy when allowed; otherwise *reason* is a sentence to show."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


YES = Answer()


def no(reason: str) -> Answer:
    return Answer(str(reason))
