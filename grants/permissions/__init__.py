"""Who may do what with a grant, and why not: one small function per verb."""

from grants.permissions.answer import YES, Answer, no

__all__ = ["YES", "Answer", "no"]
