"""The grid that bookings begin and end on: counted on the wall, so that a change of the clock does not shift it."""

from datetime import UTC, datetime, timedelta

from records.values import STOCKHOLM

_HOUR = timedelta(hours=1)  # what the clock goes forward and back


def is_on_grid(at: datetime, origin: datetime, grid: timedelta) -> bool:
    """Whether *at* is a whole number of steps from *origin*. grid: above 0.

    Rule F-33. Source: acceptance Cases 38 and 48; house convention "time": two-hour slots from midnight begin at even hours
    also on the day after the clock has changed.
    Words: tider, starttid, intervall, sommartid, grid.
    """
    if not _HOUR % grid:
        return not (at - origin) % grid
    return not (_shown(at) - _shown(origin)) % grid


def next_on_grid(at: datetime, origin: datetime, grid: timedelta) -> datetime:
    """The first instant on the grid that is not before *at*. A time that the clock skips is none; of one shown twice the first.

    at: not before origin.

    Rule F-34. Source: as Rule F-33.
    Words: nästa tid, starttid, intervall, sommartid, grid.
    """
    if not _HOUR % grid:
        return origin + -(-(at - origin) // grid) * grid
    first = _shown(origin)
    shown = first + -(-(_shown(at) - first) // grid) * grid
    while (found := shown.replace(tzinfo=STOCKHOLM).astimezone(UTC)) < at or _shown(found) != shown:
        shown += grid
    return found


def _shown(at: datetime) -> datetime:
    """What the clock on the wall shows, without a zone."""
    return at.astimezone(STOCKHOLM).replace(tzinfo=None)
