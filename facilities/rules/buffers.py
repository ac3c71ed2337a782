"""Setup before and cleaning after: time around a use in which nobody else may use the space, but may set up or clean."""

from dataclasses import dataclass
from datetime import timedelta

from facilities.rules.spans import Span, overlaps

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Use:
    """What takes a space: a booking with its own buffers, or a closure. Buffers are not negative; a closure's are ignored."""

    span: Span
    before: timedelta = NOTHING
    after: timedelta = NOTHING
    closure: bool = False

    def __post_init__(self) -> None:
        if self.before < NOTHING or self.after < NOTHING:
            raise ValueError("A buffer is not negative.")


def around(use: Use) -> Span:
    """The use with its buffers: what no other use may reach into. A closure has none.

    Rule F-05. Source: acceptance Cases 5-7 and 12.
    Words: buffert, städning, omställning, iordningställande, setup, cleaning.
    """
    return use.span if use.closure else Span(use.span.starts - use.before, use.span.ends + use.after)


def collide(one: Use, other: Use) -> bool:
    """Whether two uses of the same space are refused beside each other.

    Neither may reach into the other's buffers, but the buffers of both may overlap: between two uses lies the longer of their
    buffers, not the sum. A closure closes its own time only, and two closures may overlap.

    Rule F-06. Source: acceptance Cases 5-7. The database says the same: constraint space_held_once.
    Words: krock, buffert, dubbelbokning, collide.
    """
    if one.closure and other.closure:
        return False
    if one.closure or other.closure:
        return overlaps(one.span, other.span)
    return overlaps(one.span, around(other)) or overlaps(around(one), other.span)
