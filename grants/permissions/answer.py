"""Yes, or no with the reason a person can read."""

from records.refusals import YES, Answer, no

__all__ = ["YES", "Answer", "no"]
