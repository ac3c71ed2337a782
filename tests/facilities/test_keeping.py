"""What officers keep: hours by season, rules by version, spaces and what follows them, tariffs as drafts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from facilities import actions
from facilities.choices import BookingStatus
from facilities.models import BookingRules, HoursException, OpeningHours, Space, SpaceEquipment, Tariff
from facilities.rules.opening import left_of_season
from facilities.rules.pricing import Rate
from facilities.rules.pricing import Tariff as Rules
from facilities.rules.terms import working_days_left
from records.models import Event
from records.refusals import NotAllowedNow
from records.values import Period
from tests.facilities.conftest import AT, hours

ALL_DAY = [actions.Open(weekday, 0, 1440) for weekday in range(7)]
JUNE, SEPTEMBER = date(2026, 6, 1), date(2026, 9, 1)


@pytest.fixture
def by(officer):
    return {"by": officer, "at": AT}


# --- rules -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "last", "left"),
    [
        (date(2026, 5, 4), date(2026, 5, 7), 3),  # Monday to Thursday
        (date(2026, 5, 7), date(2026, 5, 7), 0),
        (date(2026, 5, 8), date(2026, 5, 7), -1),
        (date(2026, 5, 9), date(2026, 5, 8), -1),  # the Saturday after a Friday
        (date(2026, 5, 13), date(2026, 5, 18), 2),  # Ascension Day and a weekend between
        (date(2026, 5, 20), date(2026, 5, 15), -3),
    ],
)
def test_working_days_left_to_answer(today, last, left):
    assert working_days_left(today, last) == left


def test_season_laid_over_another_leaves_what_lies_around_it():
    ordinary, summer = Period(date(2019, 1, 1)), Period(JUNE, SEPTEMBER)
    assert left_of_season(ordinary, summer) == (Period(date(2019, 1, 1), JUNE), Period(SEPTEMBER))
    assert left_of_season(summer, ordinary) == ()
    assert left_of_season(summer, Period(SEPTEMBER)) == (summer,)
    assert left_of_season(summer, Period(date(2026, 8, 1))) == (Period(JUNE, date(2026, 8, 1)),)


# --- hours -------------------------------------------------------------------------------------------------------------------


def test_summer_hours_leave_the_ordinary_ones_before_and_after(venue, room, by, book):
    actions.write_season(venue, Period(JUNE, SEPTEMBER), [actions.Open(0, 600, 900)], **by)
    seasons = set(OpeningHours.objects.filter(weekday=0).values_list("since", "until", "opens"))
    assert seasons == {
        (date(2026, 1, 1), JUNE, 0),
        (JUNE, SEPTEMBER, 600),
        (SEPTEMBER, None, 0),
    }
    with pytest.raises(actions.NotPossible):
        book(room, hours(18, 19, day=21))  # a Monday in June
    book(room, hours(18, 19, day=112))
    assert Event.objects.filter(verb="facilities.hours_changed").count() == 1


def test_hours_that_would_leave_bookings_outside_show_them_first(venue, room, by, book):
    inside, outside = book(room, hours(10, 11)), book(room, hours(18, 19))
    shorter = Period(date(2026, 5, 11)), [actions.Open(0, 8 * 60, 16 * 60)]
    with pytest.raises(actions.StandsOutside) as refused, transaction.atomic():
        actions.write_season(venue, *shorter, **by)
    assert [booking.pk for booking in refused.value.bookings] == [outside.pk]
    assert not OpeningHours.objects.filter(since=date(2026, 5, 11)).exists()
    actions.write_season(venue, *shorter, anyway=True, **by)
    outside.refresh_from_db()
    assert outside.status == inside.status == BookingStatus.CONFIRMED
    actions.add_exceptions(venue, [date(2026, 12, 24)], [], reason="Jul", **by)  # those outside already are not said again


def test_season_is_changed_and_taken_away(venue, by):
    actions.write_season(venue, Period(JUNE, SEPTEMBER), [actions.Open(0, 600, 900)], **by)
    later = Period(date(2026, 6, 15), SEPTEMBER)
    actions.write_season(venue, later, [actions.Open(1, 600, 900)], instead_of=Period(JUNE, SEPTEMBER), **by)
    assert list(OpeningHours.objects.filter(until=SEPTEMBER).values_list("since", "weekday")) == [(date(2026, 6, 15), 1)]
    actions.remove_season(venue, later, **by)
    assert not OpeningHours.objects.filter(until=SEPTEMBER).exists()


def test_exceptions_close_open_and_are_taken_away(venue, room, by, book):
    day = date(2026, 5, 18)
    actions.add_exceptions(venue, [day], [(600, 720), (780, 840)], reason="Städdag", **by)
    book(room, hours(8, 9))
    with pytest.raises(actions.NotPossible):
        book(room, hours(10, 11))
    actions.add_exceptions(venue, [day, day + timedelta(days=1)], [], anyway=True, **by)
    assert HoursException.objects.count() == 2
    actions.remove_exceptions(venue, day, **by)
    book(room, hours(10, 11))
    with pytest.raises(NotAllowedNow):
        actions.add_exceptions(venue, [day], [], overrides=False, **by)


def test_only_officers_keep_hours(venue, staff, alice):
    for person in (staff, alice):
        with pytest.raises(NotAllowedNow):
            actions.write_season(venue, Period(JUNE), ALL_DAY, by=person, at=AT)


# --- rules by version ----------------------------------------------------------------------------------------------------------


def test_version_of_the_rules_holds_for_uses_from_its_day(venue, room, by, book):
    actions.write_rules(venue, {"shortest": 60}, since=None, **by)
    actions.write_rules(venue, {"shortest": 120}, since=JUNE, **by)
    book(room, hours(10, 11))
    with pytest.raises(actions.NotPossible):
        book(room, hours(10, 11, day=14))
    version = actions.write_rules(venue, {"shortest": 30}, since=JUNE, **by)
    book(room, hours(10, 10.5, day=14))
    actions.remove_rules(version, **by)
    assert BookingRules.objects.get().shortest == 60


def test_two_versions_never_begin_on_the_same_day(venue):
    BookingRules.objects.create(venue=venue)
    with pytest.raises(IntegrityError, match="booking_rules_once_per_venue"), transaction.atomic():
        BookingRules.objects.create(venue=venue)


def test_rules_of_the_space_beat_those_of_the_venue(venue, tree, by, book):
    actions.write_rules(venue, {"shortest": 120}, since=None, **by)
    actions.write_rules(tree["2"], {"shortest": 15}, since=JUNE, **by)
    with pytest.raises(actions.NotPossible):
        book(tree["2"], hours(10, 11))
    book(tree["2"], hours(10, 11, day=14))


# --- spaces ------------------------------------------------------------------------------------------------------------------


def test_equipment_that_comes_along_is_held_by_what_is_booked_already(venue, tree, by, book):
    piano = actions.add_space(venue, "Flygel", kind="equipment", **by)
    book(tree["1.2"], hours(10, 12))
    actions.set_equipment(tree["1.2"], [piano], **by)
    with pytest.raises(actions.Taken):
        book(Space.objects.get(pk=piano.pk), hours(11, 13))
    actions.set_equipment(tree["1.2"], [], **by)
    book(Space.objects.get(pk=piano.pk), hours(11, 13))


def test_equipment_of_two_spaces_booked_together_is_refused_with_what_is_in_the_way(venue, tree, by, book):
    piano = actions.add_space(venue, "Flygel", kind="equipment", **by)
    actions.set_equipment(tree["1.2"], [piano], **by)
    book(tree["1.2"], hours(10, 12))
    other = book(tree["2"], hours(11, 13))
    with pytest.raises(actions.Taken) as refused:
        actions.set_equipment(tree["2"], [piano], **by)
    assert [conflict.booking for conflict in refused.value.conflicts] == [other.pk]
    assert SpaceEquipment.objects.count() == 1
    with pytest.raises(NotAllowedNow):
        actions.set_equipment(tree["1.2"], [tree["1"]], **by)


def test_space_that_was_never_used_is_taken_away_and_its_whole_is_whole_again(venue, tree, by, book):
    half = actions.add_space(venue, "2.1", parent=tree["2"], **by)
    book(tree["2"], hours(10, 12))
    actions.remove_space(half, **by)
    with pytest.raises(actions.Taken):
        book(Space.objects.get(name="2"), hours(11, 13))
    for name in ("2", "1"):
        with pytest.raises(NotAllowedNow) as refused:
            actions.remove_space(tree[name], **by)
        assert refused.value.code == "used"


def test_two_spaces_of_a_venue_are_never_named_alike(venue, tree, by):
    for act in (
        lambda: actions.add_space(venue, "1.2", **by),
        lambda: actions.describe_space(tree["1.1"], {"name": "1.2"}, **by),
        lambda: actions.add_venue(key="hallen", name="Hallen igen", **by),
    ):
        with pytest.raises(NotAllowedNow) as refused:
            act()
        assert refused.value.code == "name_taken"


# --- tariffs -----------------------------------------------------------------------------------------------------------------


def test_new_year_is_drafted_looked_at_and_published(tariff, by):
    plan = actions.next_year(tariff, percent=Decimal("3"), valid_from=date(2027, 1, 1), name="Taxa 2027")
    draft = actions.write_draft(plan, **by)
    assert (draft.published_at, draft.index_percent, draft.rates.get().kronor) == (None, 3, 103)
    assert not Tariff.objects.in_force(date(2027, 2, 1)).filter(pk=draft.pk).exists()
    again = actions.write_draft(actions.plan_of(draft), draft=draft, **by)
    assert (again.pk, again.rates.count(), again.shares.count(), again.cancel_steps.count()) == (draft.pk, 1, 1, 1)
    published = actions.publish_draft(again, **by)
    assert Tariff.objects.in_force(date(2027, 2, 1)).first() == published
    for act in (actions.publish_draft, actions.discard_draft):
        with pytest.raises(NotAllowedNow):
            act(published, **by)


def test_draft_without_prices_or_for_a_taken_day_is_not_published(tariff, by):
    empty = actions.write_draft(actions.Plan(name="Tom", valid_from=JUNE, rules=Rules(rates=())), **by)
    with pytest.raises(NotAllowedNow) as refused:
        actions.publish_draft(empty, **by)
    assert refused.value.code == "no_rates"
    same_day = actions.Plan(name="Igen", valid_from=tariff.valid_from, rules=Rules(rates=(Rate(kronor=Decimal(1)),)))
    with pytest.raises(NotAllowedNow) as refused:
        actions.publish_tariff(same_day, **by)
    assert refused.value.code == "tariff_exists"
    actions.discard_draft(empty, **by)
    assert not Tariff.objects.filter(name="Tom").exists()
