"""Calendar files read back by a parser: times on the wall, over midnight, over the change of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from facilities.rules.calendars import Entry, Standing, calendar_file, entity_tag, last_changed
from facilities.rules.spans import Span

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CHANGED = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


def entry(starts=datetime(2026, 5, 18, 16, tzinfo=UTC), hours=2.0, **more):
    facts = {"uid": "5f0c", "title": "Träning", "changed_at": CHANGED}
    return Entry(span=Span(starts, starts + timedelta(hours=hours)), **{**facts, **more})


def read(*entries, name="Handboll"):
    return Calendar.from_ical(calendar_file(name, entries))


def test_time_is_told_on_the_wall_with_its_zone():
    text = calendar_file("Handboll", [entry(place="Hallen, 2")]).decode()
    assert "DTSTART;TZID=Europe/Stockholm:20260518T180000\r\n" in text
    assert text.index("BEGIN:VTIMEZONE") < text.index("BEGIN:VEVENT")
    (event,) = read(entry(place="Hallen, 2")).events
    assert (event["summary"], event["location"], event["uid"]) == ("Träning", "Hallen, 2", "5f0c")
    assert (event.DTSTAMP, event["status"], event["sequence"]) == (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "CONFIRMED", 0)


def test_cancelled_time_stays_and_says_so():
    (event,) = read(entry(standing=Standing.CANCELLED, changes=3)).events
    assert (event["status"], event["sequence"], event["transp"]) == ("CANCELLED", 3, "TRANSPARENT")


@pytest.mark.parametrize(
    ("starts", "hours", "wall"),
    [
        (datetime(2026, 3, 23, 9, tzinfo=UTC), 2, ("10:00", "12:00")),  # winter
        (datetime(2026, 3, 30, 8, tzinfo=UTC), 2, ("10:00", "12:00")),  # summer, the week after
        (datetime(2026, 3, 29, 0, tzinfo=UTC), 2, ("01:00", "04:00")),  # the clock goes forward in it
        (datetime(2026, 10, 25, 0, tzinfo=UTC), 2, ("02:00", "03:00")),  # and back
        (datetime(2026, 9, 7, 20, tzinfo=UTC), 4, ("22:00", "02:00")),  # over midnight
        (datetime(2026, 12, 31, 20, tzinfo=UTC), 3, ("21:00", "00:00")),  # to midnight, to the new year
    ],
)
def test_time_is_the_same_instant_when_it_is_read(starts, hours, wall):
    """Cases 20 and 25."""
    (event,) = read(entry(starts, hours)).events
    begins, ends = event.start, event.end
    assert (begins.strftime("%H:%M"), ends.strftime("%H:%M")) == wall
    assert begins.astimezone(UTC) == starts
    if (begins.fold, ends.fold) == (0, 0) and starts.month != 10:
        assert ends.astimezone(UTC) == starts + timedelta(hours=hours)


def test_definition_of_the_zone_is_that_of_the_zone():
    """Every hour of a year, and those around each change of the clock for twenty years, by the definition in the file alone."""
    (zone,) = read(entry()).timezones
    told = zone.to_tz(lookup_tzid=False)
    year = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(8760)]
    changes = [
        datetime(year, month, day, hour, tzinfo=UTC)
        for year in range(2020, 2040)
        for month in (3, 10)
        for day in range(25, 32)
        for hour in (0, 1, 2, 3)
    ]
    wrong = [at for at in [*year, *changes] if at.astimezone(told).utcoffset() != at.astimezone(STOCKHOLM).utcoffset()]
    assert wrong == []


def test_tag_changes_with_anything_that_is_shown_and_with_nothing_else():
    same = entity_tag("Handboll", [entry()])
    assert same == entity_tag("Handboll", [entry()])
    others = [
        entity_tag("Innebandy", [entry()]),
        entity_tag("Handboll", []),
        *(
            entity_tag("Handboll", [entry(**{name: value})])
            for name, value in {"title": "Match", "place": "A", "changes": 1}.items()
        ),
        entity_tag("Handboll", [entry(standing=Standing.CANCELLED)]),
        entity_tag("Handboll", [entry(hours=3)]),
    ]
    assert len({same, *others}) == len(others) + 1


def test_last_change_is_in_whole_seconds():
    assert last_changed([entry(), entry(changed_at=CHANGED - timedelta(days=1))]) == CHANGED.replace(microsecond=0)
    assert last_changed([]) is None


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200)


@given(texts, texts, st.integers(0, 3_000_000), st.integers(1, 3000))
def test_any_text_and_time_comes_back_as_it_was(title, place, minute, length):
    starts = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    (event,) = read(entry(starts, length / 60, title=title, place=place)).events
    assert (str(event["summary"]), str(event["location"])) == (title, place)
    local = starts.astimezone(STOCKHOLM)
    assert event.start.replace(tzinfo=None) == local.replace(tzinfo=None)
