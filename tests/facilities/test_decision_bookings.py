"""A season's weekly time becomes bookings; every day that cannot be had is told, and none is lost."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from facilities import actions
from facilities.actions.season_bookings import book_time
from facilities.choices import BookingStatus, TimeStatus, UseKind
from facilities.models import Booking, HoursException, Occupancy, OpeningHours, SeasonClash, SeasonHold, SeasonTime, Section
from facilities.rules.series import Pattern
from facilities.rules.terms import Fault
from tests.facilities.at_once import faults, no_two_overlap, together
from tests.facilities.conftest import AT
from tests.facilities.test_season_wishes import plan, principles, refused, season, wish, wishes  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
TWELVE = 12 * 60
FIRST, UNTIL = date(2026, 9, 7), date(2026, 9, 22)  # three Mondays


@pytest.fixture
def section(wishes, wish, alice):  # noqa: F811
    return actions.save_section(wishes, wish, by=alice, at=AT)


@pytest.fixture
def make_time(season, association, section, hall, tariff):  # noqa: F811
    def make(*, starts=TWELVE, ends=14 * 60, since=FIRST, until=UNTIL, weekday=0, hall=hall, section=section, **more):
        return SeasonTime.objects.create(
            season=season,
            association=more.pop("association", association),
            section=section,
            hall=hall,
            weekday=weekday,
            starts=starts,
            ends=ends,
            since=since,
            until=until,
            made_at=AT,
            **more,
        )

    return make


@pytest.fixture
def time(make_time):
    return make_time()


def days(rows):
    return [f"{each.starts_at:%m-%d}" for each in rows]


def test_three_mondays_are_three_bookings_of_the_group(time, hall, officer, association, section):
    """Case 54."""
    made = book_time(time, [hall], by=officer, at=AT)
    first = made.bookings[0]
    assert (days(made.bookings), made.clashes) == (["09-07", "09-14", "09-21"], ())
    assert (first.kind, first.status, first.association, first.title) == (
        UseKind.SEASON,
        BookingStatus.CONFIRMED,
        association,
        section.name,
    )
    assert (first.people, first.young, first.women, first.men, first.payable) == (20, 20, 20, 0, Decimal(100))
    assert SeasonHold.objects.get().series == first.series
    assert Occupancy.objects.filter(booking=first.pk).count() == len(hall.takes)


def test_monday_that_is_taken_is_told_with_what_is_in_the_way(time, hall, tree, officer, staff):
    """Case 54."""
    pattern = Pattern(date(2026, 9, 14), date(2026, 9, 14), 13 * 60, 15 * 60)
    (standing,) = actions.take_series_for(tree["1.1.2"], pattern, title="Prov", by=staff, at=AT)
    made = book_time(time, [hall], by=officer, at=AT)
    assert days(made.bookings) == ["09-07", "09-21"]
    assert [(each.day, each.why, each.booking) for each in made.clashes] == [(date(2026, 9, 14), "overlapping", standing)]


def test_time_off_the_grid_is_told_for_every_day(make_time, hall, rules, officer):
    """Case 54: 12.01 is INTERVAL_NOT_ALLOWED."""
    rules(grid=30)
    made = book_time(make_time(starts=TWELVE + 1, ends=14 * 60 + 1), [hall], by=officer, at=AT)
    assert (made.bookings, [each.why for each in made.clashes]) == ((), [Fault.OFF_GRID.value] * 3)


def test_run_again_makes_nothing_twice(time, hall, officer, staff):
    """Case 54."""
    pattern = Pattern(date(2026, 9, 14), date(2026, 9, 14), TWELVE, 13 * 60)
    actions.take_series_for(hall, pattern, title="Prov", by=staff, at=AT)
    made = book_time(time, [hall], by=officer, at=AT)
    actions.cancel(made.bookings[0], by=staff, at=AT, reason="Cup", without_fee=True)
    again = book_time(time, [hall], by=officer, at=AT)
    assert (again.bookings, again.clashes) == ((), ())
    assert (Booking.objects.filter(kind=UseKind.SEASON).count(), SeasonClash.objects.count()) == (2, 1)


def test_closed_day_and_venue_out_of_use_and_day_that_has_passed_are_told(make_time, hall, venue, officer):
    HoursException.objects.create(venue=venue, day=date(2026, 9, 14), opens=None, reason="Städning")
    made = book_time(make_time(), [hall], by=officer, at=datetime(2026, 9, 8, tzinfo=UTC))
    assert [(each.day.day, each.why) for each in made.clashes] == [(7, Fault.PAST.value), (14, Fault.CLOSED.value)]
    venue.is_in_use = False
    venue.save()
    made = book_time(make_time(weekday=1), [hall], by=officer, at=AT)
    assert {each.why for each in made.clashes} == {Fault.NOT_BOOKABLE.value}
    assert len(made.clashes) == 3 - 1


def test_time_that_the_clock_jumps_over_is_told(make_time, hall, officer):
    """28 March 2027: the clock goes from 02 to 03."""
    time = make_time(starts=120, ends=180, weekday=6, since=date(2027, 3, 21), until=date(2027, 4, 5))
    made = book_time(time, [hall], by=officer, at=AT)
    assert [(each.day, each.why) for each in made.clashes] == [(date(2027, 3, 28), Fault.NO_SUCH_TIME.value)]
    assert len(made.bookings) == 2


def test_length_and_horizon_and_quota_are_for_those_who_hire(time, hall, rules, officer):
    rules(shortest=180, longest=240, days_ahead=14, quota=1, needs_approval=True, before=30, after=30)
    made = book_time(time, [hall], by=officer, at=AT)
    assert [(each.status, each.before, each.after) for each in made.bookings] == [(BookingStatus.CONFIRMED, 0, 0)] * 3


def test_parts_that_are_no_space_of_their_own_are_each_booked(time, tree, officer):
    parts = [tree["1.1.1.1"], tree["1.2"]]
    made = book_time(time, parts, by=officer, at=AT)
    assert len(made.bookings) == 6
    assert {each.space for each in made.bookings} == set(parts)
    assert SeasonHold.objects.values("series").distinct().count() == 2


def test_time_from_a_day_on_begins_there(time, hall, officer):
    assert days(book_time(time, [hall], by=officer, at=AT, since=date(2026, 9, 8)).bookings) == ["09-14", "09-21"]
    assert book_time(time, [hall], by=officer, at=AT, since=date(2026, 9, 22)).bookings == ()


def test_day_without_a_price_is_booked_without_one(make_time, room, officer, tariff):
    OpeningHours.objects.update(since=date(2025, 1, 1))
    made = book_time(make_time(since=date(2025, 12, 22), until=date(2026, 1, 6)), [room], by=officer, at=AT - timedelta(days=200))
    assert [(each.tariff, each.payable) for each in made.bookings] == [(None, 0), (None, 0), (tariff, Decimal(100))]


def test_block_of_an_association_has_no_group(make_time, hall, officer, association):
    made = book_time(make_time(section=None), [hall], by=officer, at=AT)
    assert {(each.title, each.people, each.association) for each in made.bookings} == {("", None, association)}


@pytest.mark.parametrize(("ages", "young"), [((30, 40), 0), ((20, 40), None), ((7, 24), 20)])
def test_who_is_young_is_said_only_when_the_ages_say_it(make_time, section, hall, officer, ages, young):
    Section.objects.filter(pk=section.pk).update(age_from=ages[0], age_to=ages[1])
    assert {each.young for each in book_time(make_time(), [hall], by=officer, at=AT).bookings} == {young}


def test_time_that_is_given_back_is_not_booked(make_time, hall, officer, refused):  # noqa: F811
    refused("status", book_time, make_time(status=TimeStatus.RELEASED, ended_on=FIRST), [hall], by=officer, at=AT)


def test_season_of_a_year_asks_no_more_questions_than_one_of_three_weeks(make_time, hall, officer):
    book_time(make_time(), [hall], by=officer, at=AT)  # the tariff is known from now on
    for weekday, weeks, until in ((1, 3, date(2026, 9, 23)), (2, 42, date(2027, 6, 24))):
        with CaptureQueriesContext(connection) as asked:
            made = book_time(make_time(weekday=weekday, until=until, since=date(2026, 9, 7)), [hall], by=officer, at=AT)
        assert (len(made.bookings), len(asked)) == (weeks, 19)


@pytest.mark.django_db(transaction=True)
def test_two_officers_give_the_same_monday_to_two_clubs_and_one_wins_each_day(make_time, hall, tree, officer, clubs):
    """Case 45: the hall to one, a part of it to the other, in the opposite order of spaces."""
    one, other = make_time(), make_time(section=None, association=clubs[0][0].association)
    jobs = (
        lambda: book_time(one, [tree["1.2"], tree["1.1.2"]], by=officer, at=AT),
        lambda: book_time(other, [tree["1.1"], tree["1.2"]], by=officer, at=AT),
    )
    results = together(*jobs)
    assert faults(results) == []
    assert no_two_overlap()
    assert sorted(len(each.bookings) for each in results) == [0, 6]
    assert sorted(len(each.clashes) for each in results) == [0, 6]
    assert {clash.why for each in results for clash in each.clashes} == {"overlapping"}
