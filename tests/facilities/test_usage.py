"""The figures of use as the database counts them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Value

from associations.models import AgeBand as MemberAgeBand
from associations.models import MemberFigures
from facilities import actions
from facilities.models import Booking, HirerCategory
from facilities.models.usage import GROUPS, Chosen, Use, summed, use_by, use_in_all, youth_support
from facilities.rules.series import Pattern
from facilities.rules.statistics import age_band, sex_band
from records.values import Period
from tests.facilities.conftest import AT, hours

MAY = Chosen(Period(date(2026, 5, 1), date(2026, 6, 1)))


@pytest.fixture
def used(tree, book, alice, stina, other_association, staff, officer):
    """2 h used, 1 h not used, 3 h cancelled late, 1 h not noted of one association; 4 h used of another; closed; our own."""
    facts = {"people": 20, "young": 20, "women": 15, "men": 5}
    came, absent = book(tree["1.1"], hours(10, 12), **facts), book(tree["1.1"], hours(13, 14), **facts)
    late, timely = book(tree["1.2"], hours(10, 13), **facts), book(tree["1.2"], hours(15, 16), **facts)
    book(tree["2"], hours(10, 11))
    other = book(tree["2"], hours(12, 16), by=stina, association=other_association, people=12, young=2, women=2, men=10)
    actions.note_arrival(came, by=staff, at=came.ends_at)
    actions.note_absence(absent, by=staff, at=absent.ends_at)
    actions.note_arrival(other, by=staff, at=other.ends_at)
    actions.cancel(late, by=alice, at=late.starts_at - timedelta(hours=3))
    actions.cancel(timely, by=alice, at=timely.starts_at - timedelta(days=9))
    actions.close(tree["2"], hours(20, 22), reason="Städning", by=officer, at=AT)
    actions.take_for(tree["1"], hours(20, 21), "own", title="Möte", by=officer, at=AT)


def booked(group, chosen=MAY):
    return {key: float(use.booked) for key, use in use_by(group, chosen).items()}


def test_hours_are_booked_used_not_used_and_cancelled_late(used, association):
    handball = use_by("forening", MAY)["Karlskoga Handboll"]
    assert (handball.bookings, handball.booked, handball.came, handball.absent, handball.late, handball.unnoted) == (
        4,
        7,
        2,
        1,
        3,
        1,
    )
    assert handball.unused == 4


def test_hours_by_venue_part_kind_category_age_and_sex(used):
    assert booked("anlaggning") == {"Hallen": 12}
    assert booked("del") == {"Hallen, 2": 5, "Hallen, 1.1": 3, "Hallen, 1.2": 3, "Hallen, 1": 1}
    assert booked("lokalslag") == {"other": 12}
    assert booked("anvandning") == {"booking": 11, "own": 1}
    assert booked("form") == {"training": 11, "": 1}
    assert booked("kategori") == {"Ungdom": 7, "Privat": 4, "": 1}
    assert booked("alder") == {"young": 6, "mostly_adult": 4, "unknown": 2}
    assert booked("kon") == {"girls": 6, "boys": 4, "unknown": 2}


def test_closed_time_and_time_given_back_in_time_are_no_use(used):
    assert use_in_all(MAY).booked == 12


def test_released_time_is_dropped_from_the_figures_and_the_series_keeps_the_rest(room, alice, association, tariff):
    """Case 61."""
    mondays = Pattern(date(2026, 9, 28), date(2026, 10, 12), 18 * 60, 20 * 60)
    series = actions.book_series(room, mondays, actions.Wish(association=association), by=alice, at=AT)
    actions.release(series[1], by=alice, at=AT)
    assert use_in_all(Chosen(Period(date(2026, 9, 1), date(2026, 11, 1)))).booked == 4
    assert Booking.objects.taking_space().filter(series=series[0].series).count() == 2


def test_kronor_paid_and_given(used):
    """Youth pays half of 100 kr an hour: 4 h that stand and a fee of 3 h; adults pay all of it."""
    by_category = use_by("kategori", MAY)
    assert (by_category["Ungdom"].paid, by_category["Ungdom"].given) == (Decimal("350.00"), Decimal("200.00"))
    assert (by_category["Privat"].paid, by_category["Privat"].given) == (Decimal("400.00"), Decimal(0))
    assert use_in_all(MAY).paid == Decimal("750.00")


def test_time_counts_once_in_the_month_it_begins_in(room, book):
    """Case 25. 31 May 22.00 - 1 June 02.00 on the wall."""
    book(room, hours(20, 24, day=13))
    assert use_in_all(MAY).booked == 4
    assert use_in_all(Chosen(Period(date(2026, 6, 1), date(2026, 7, 1)))) == Use()


def test_figures_are_narrowed_to_a_venue_a_category_and_a_kind(used, venue):
    youth = HirerCategory.objects.get(key="youth")
    elsewhere = actions.add_venue(key="annan", name="Annan", by=None, at=AT)
    assert booked("forening", Chosen(MAY.period, hirer=youth.pk)) == {"Karlskoga Handboll": 7}
    assert booked("anvandning", Chosen(MAY.period, kind="own")) == {"own": 1}
    assert (use_in_all(Chosen(MAY.period, venue=venue.pk)).booked, use_in_all(Chosen(MAY.period, venue=elsewhere.pk)).booked) == (
        12,
        0,
    )


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_each_grouping_sums_to_the_whole(used, group):
    parts = use_by(group, MAY).values()
    whole = use_in_all(MAY)
    for name in ("bookings", "booked", "came", "absent", "late", "paid", "given"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name), name


def test_figures_are_one_query(used, django_assert_num_queries):
    for group in GROUPS:
        with django_assert_num_queries(1):
            use_by(group, MAY)
    with django_assert_num_queries(1):
        use_in_all(MAY)


def test_database_and_rules_agree_on_the_bands(room, book):
    booking = book(room, hours(10, 11))
    for first in (None, 0, 1, 2, 3, 5, 6, 10):
        for second in (None, 0, 1, 4, 5, 10):
            Booking.objects.filter(pk=booking.pk).update(young=first, people=second, women=first, men=second)
            row = Booking.objects.annotate(age=GROUPS["alder"], sex=GROUPS["kon"], one=Value(1)).get()
            assert (row.age, row.sex) == (age_band(first, second), sex_band(first, second)), (first, second)


# --- girls and boys ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def members(officer):
    """members(association, {("7-25", "female"): 30}): confirmed figures of 2026."""

    def make(association, counts, year=2026):
        figures = MemberFigures.objects.create(
            association=association,
            year=year,
            as_of=date(year, 1, 31),
            reported_at=AT,
            reported_by=officer,
            confirmed_at=AT,
            confirmed_by=officer,
        )
        for (ages, sex), count in counts.items():
            first, last = map(int, ages.split("-"))
            band = MemberAgeBand.objects.get_or_create(key=f"x{ages}", defaults={"first_age": first, "last_age": last})[0]
            figures.counts.create(age_band=band, sex=sex, lives_here=True, count=count)

    return make


def test_kronor_and_hall_hours_per_girl_and_boy(used, association, other_association, members):
    members(association, {("7-25", "female"): 30, ("7-25", "male"): 10, ("26-64", "female"): 99})
    support = youth_support([association.pk, other_association.pk], MAY.period)
    handball = support[association.pk]
    assert other_association.pk not in support  # adults
    assert (handball.hours.girls, handball.hours.boys, handball.hours.unknown) == (Decimal("4.5"), Decimal("1.5"), 1)
    assert (handball.kronor.girls, handball.kronor.boys, handball.kronor.unknown) == (Decimal("112.5"), Decimal("37.5"), 50)
    assert handball.kronor.total == 200
    assert (handball.girls, handball.boys) == (30, 10)
    assert handball.hours_per_head == (Decimal("0.15"), Decimal("0.15"))
    assert handball.kronor_per_head == (Decimal("3.75"), Decimal("3.75"))


def test_latest_figures_before_the_period_ends_are_used(used, association, members):
    members(association, {("7-25", "female"): 7}, year=2024)
    members(association, {("7-25", "female"): 9}, year=2025)
    members(association, {("7-25", "female"): 11}, year=2027)
    assert youth_support([association.pk], MAY.period)[association.pk].girls == 9


def test_nobody_to_share_with_is_no_figure(used, association):
    support = youth_support([association.pk], MAY.period)
    assert support[association.pk].hours_per_head == (None, None)
    assert summed(support).hours.total == 7
    assert summed({}).hours_per_head == (None, None)


def test_support_of_many_is_two_queries(used, association, other_association, django_assert_num_queries):
    with django_assert_num_queries(2):
        youth_support([association.pk, other_association.pk], MAY.period)
