"""Finding and booking in plain SQL: the same locks, the same look, the same rows, nothing of the house in between."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from facilities.actions.ground import PARTS, VENUES
from facilities.models import Space
from facilities.rules.spans import Span

_FIRST_FREE = """
    SELECT space.id, (
        SELECT min(lower(free)) FROM unnest(tstzmultirange(tstzrange(%(since)s, %(until)s)) - COALESCE((
            SELECT range_agg(during) FROM unnest(space.takes) AS part
            JOIN facilities_occupancy taken ON taken.leaf_id = part AND taken.kind <> 2
             AND taken.during && tstzrange(%(since)s, %(until)s)
        ), '{}')) AS free WHERE upper(free) - lower(free) >= %(length)s::interval
    )
    FROM facilities_space space
"""
_IN_THE_WAY = """
    SELECT 1 FROM unnest(%s::bigint[]) AS part, unnest(%s::timestamptz[], %s::timestamptz[]) AS wished(starts, ends),
        LATERAL (
            SELECT 1 FROM facilities_occupancy
            WHERE leaf_id = part AND during && tstzrange(wished.starts, wished.ends) LIMIT 1
        ) AS taken
    LIMIT 1
"""
_BOOK = """
    INSERT INTO facilities_booking (
        uid, kind, status, space_id, starts_at, ends_at, before, after, association_id, hirer_name, from_elsewhere, title, form,
        booked_by_id, on_behalf, reason, made_at, access_code, lines, payable, "full", vat, fee_lines, fee
    )
    SELECT key, 'booking', 'confirmed', %s, starts, ends, 0, 0, %s, '', false, '', 'training',
        %s, false, '', now(), '', '[]', 100, 100, 0, '[]', 0
    FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS wished(key, starts, ends)
"""
_NOTE = "INSERT INTO records_event (at, by_id, verb, reason, changes) VALUES (now(), %s, 'facilities.booked', '', '{}')"
_LETTER = """
    INSERT INTO records_letter (
        key, "to", addressee, subject, language, html, private, status, posted_at, sent_by, attempts, error
    )
    VALUES (%s, '{bench@example.org}', 'Bench', 'Bokning', 'sv', repeat('x', 4000), false, 'waiting', now(), '', 0, '')
"""


def first_free(since: datetime, until: datetime, hours: int = 1) -> None:
    """The earliest time that is free so long, of every space by range aggregates; opening hours, grid and buffers left out."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_FREE, {"since": since, "until": until, "length": f"{hours} hours"})
        cursor.fetchall()


def taken_in(spaces: list[Space], span: Span) -> None:
    """Everything that takes some of the spaces in a stretch of time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT booking.id, starts_at, ends_at, space_id FROM facilities_occupancy"
            " JOIN facilities_booking booking ON booking.id = booking_id WHERE leaf_id = ANY(%s) AND during && tstzrange(%s, %s)",
            [sorted({part for space in spaces for part in space.takes}), span.starts, span.ends],
        )
        cursor.fetchall()


def is_taken(space: Space, spans: list[Span]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_IN_THE_WAY, [space.takes, [span.starts for span in spans], [span.ends for span in spans]])
        return cursor.fetchone() is not None


@transaction.atomic
def book(space: Space, spans: list[Span], user: Any, association: Any) -> bool:
    """Lock, look, write the bookings, one line in the log and one letter, commit. False when somebody has the time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [VENUES, space.venue_id])
        for part in sorted(space.takes):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PARTS, part])
        if is_taken(space, spans):
            return False
        keys = [uuid.uuid4() for _ in spans]
        columns = [[span.starts for span in spans], [span.ends for span in spans]]
        cursor.execute(_BOOK, [space.pk, association.pk, user.pk, keys, *columns])
        cursor.execute(_NOTE, [user.pk])
        cursor.execute(_LETTER, [f"floor.{keys[0]}"])
    return True


def weeks(first: Span, count: int) -> list[Span]:
    return [Span(first.starts + timedelta(weeks=week), first.ends + timedelta(weeks=week)) for week in range(count)]
