"""The first free time of many spaces, and Karlskoga's own venues."""

from datetime import date, timedelta
from decimal import Decimal

from facilities import actions
from facilities.actions.karlskoga import enter_venues
from facilities.models import HoursException, OpeningHours, Space, Tariff, Venue
from facilities.models.free_time import first_free_times
from tests.facilities.conftest import AT, DAY, hours

HOUR = timedelta(hours=1)


def _starts(tree, **more):
    found = first_free_times(list(tree.values()), HOUR, hours(10, 11).starts, DAY + timedelta(days=14), at=AT, **more)
    names = {space.pk: name for name, space in tree.items()}
    return {names[pk]: free.at for pk, free in found.items()}


def test_first_free_time_sees_what_shares_the_ground(tree, book):
    book(tree["1.1.1.1"], hours(10, 12))
    book(tree["1.2"], hours(12, 13))
    starts = _starts(tree)
    assert starts == {
        "1": hours(13, 14).starts,
        "1.1": hours(12, 13).starts,
        "1.1.1": hours(12, 13).starts,
        "1.1.1.1": hours(12, 13).starts,
        "1.1.2": hours(10, 11).starts,
        "1.2": hours(10, 11).starts,
        "2": hours(10, 11).starts,
    }


def test_first_free_time_is_never_stale(tree, book, alice, association):
    """Case 18."""
    booking = book(tree["2"], hours(10, 12))
    assert _starts(tree)["2"] == hours(12, 13).starts
    actions.cancel(booking, by=alice, at=AT)
    actions.hold(tree["2"], hours(10, 11), actions.Wish(association=association), by=alice, at=AT)
    assert _starts(tree)["2"] == hours(11, 12).starts
    later = first_free_times([tree["2"]], HOUR, hours(10, 11).starts, DAY + timedelta(days=14), at=AT + timedelta(minutes=10))
    assert later[tree["2"].pk].at == hours(10, 11).starts


def test_full_days_are_passed_over(tree, book):
    book(tree["2"], hours(0, 24 * 6))
    assert _starts(tree)["2"] == hours(0, 1, day=6).starts


def test_closed_is_told_from_taken(venue, tree):
    OpeningHours.objects.all().delete()
    HoursException.objects.create(venue=venue, day=date(2026, 5, 20), opens=8 * 60, closes=8 * 60 + 30)
    found = first_free_times([tree["2"]], HOUR, DAY, DAY + timedelta(days=1), at=AT)[tree["2"].pk]
    assert (found.at, found.closed) == (None, True)
    found = first_free_times([tree["2"]], HOUR, DAY, DAY + timedelta(days=14), at=AT)[tree["2"].pk]
    assert (found.at, found.closed) == (None, False)


def test_questions_to_the_database_do_not_grow_with_the_spaces(tree, django_assert_num_queries):
    for spaces in (1, 7):
        with django_assert_num_queries(2):
            first_free_times(list(tree.values())[:spaces], HOUR, DAY, DAY + timedelta(days=14), at=AT)


def test_karlskogas_venues_are_entered_once_with_their_parts(db):
    enter_venues(by=None, at=AT)
    assert enter_venues(by=None, at=AT) == []
    assert {"Nobelhallen", "Strandbadet", "Nya Folkets Hus"} <= set(Venue.objects.values_list("name", flat=True))
    assert len(Space.objects.get(name="Bassäng").takes) == 6
    tariff = Tariff.objects.get()
    assert (tariff.minimum, tariff.other_municipality, tariff.is_example) == (Decimal(100), Decimal(2), True)
    school = OpeningHours.objects.filter(venue__key="ravasskolan", weekday=0).get()
    assert school.opens == 16 * 60


def test_parties_and_paying_audiences_always_pay_rent(db, alice, association, youth):
    youth.key = "barn-och-ungdom"
    youth.save()
    enter_venues(by=None, at=AT)
    hall = Space.objects.select_related("venue").get(name="B-hallen")
    training = actions.book(hall, hours(14, 16), actions.Wish(association=association), by=alice, at=AT)
    cup = actions.book(hall, hours(16, 18), actions.Wish(association=association, form="paid_event"), by=alice, at=AT)
    assert (training.payable, cup.payable, cup.subsidy) == (Decimal("150.00"), Decimal("600.00"), 0)
