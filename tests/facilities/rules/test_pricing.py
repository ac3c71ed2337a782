"""Prices with their lines, subsidies, fees, VAT."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.fees import cancel_percent, cancellation_line, indexed, is_youth_activity, no_show_line
from facilities.rules.pricing import (
    LABELS,
    CancelStep,
    Hire,
    NoRate,
    NoShow,
    Rate,
    Share,
    Tariff,
    Unit,
    VatRate,
    price_of,
    vat_within,
)
from facilities.rules.same_price import price_key
from facilities.rules.series import Pattern, occurrences
from facilities.rules.spans import Span

STARTS = datetime(2026, 5, 4, 10, tzinfo=UTC)  # a Monday, 12.00 on the wall


def hire(minutes=60, hirer="youth", form="training", group="hall", starts=STARTS, elsewhere=False):
    span = Span(starts, starts + timedelta(minutes=minutes))
    return Hire(span=span, group=group, hirer=hirer, form=form, from_elsewhere=elsewhere)


def hourly(kronor, **more):
    return Rate(kronor=Decimal(kronor), **more)


def tariff(*rates, **more):
    return Tariff(rates=rates, **more)


def kronor(price):
    return str(price.payable)


@pytest.mark.parametrize(("minutes", "expected"), [(75, "50.00"), (61, "50.00"), (60, "40.00")])
def test_started_quarters_are_paid(minutes, expected):
    """Case 62."""
    assert kronor(price_of(hire(minutes), tariff(hourly(40)))) == expected


@pytest.mark.parametrize("hours", [14, 24])
def test_half_day_costs_the_same_however_long(hours):
    """Case 62."""
    assert kronor(price_of(hire(hours * 60), tariff(hourly(100, unit=Unit.OCCASION)))) == "100.00"


def test_vat_is_the_one_of_the_day_of_the_use():
    """Case 62."""
    rates = (VatRate(date(2000, 1, 1), Decimal(24)), VatRate(date(2026, 5, 5), Decimal("25.5")))
    before = price_of(hire(), tariff(hourly(100), vat=rates, prices_include_vat=False))
    on_the_day = price_of(hire(starts=STARTS + timedelta(days=1)), tariff(hourly(100), vat=rates, prices_include_vat=False))
    assert (before.vat, kronor(before)) == (Decimal("24.00"), "124.00")
    assert (on_the_day.vat, kronor(on_the_day)) == (Decimal("25.50"), "125.50")
    assert price_of(hire(), tariff(hourly(124), vat=rates)).vat == Decimal("24.00")


def test_evening_hours_have_a_line_of_their_own():
    rates = (hourly(100), hourly(200, starts=17 * 60))
    price = price_of(hire(120, starts=STARTS + timedelta(hours=4)), tariff(*rates))  # 16-18 on the wall
    assert [line.arithmetic for line in price.lines] == ["60 min × 100 kr/tim = 100", "60 min × 200 kr/tim = 200"]


def test_weekend_rate_beats_the_ordinary_one():
    saturday = datetime(2026, 5, 9, 10, tzinfo=UTC)
    rates = (hourly(100), hourly(150, weekdays=frozenset({5, 6})))
    assert kronor(price_of(hire(starts=saturday), tariff(*rates))) == "150.00"


def test_time_without_a_price_is_a_gap_that_is_told():
    with pytest.raises(NoRate):
        price_of(hire(), tariff(hourly(100, starts=17 * 60)))
    with pytest.raises(NoRate):
        price_of(hire(group="stage"), tariff(hourly(100, group="hall")))


def test_day_never_costs_more_than_its_cap():
    price = price_of(hire(600), tariff(hourly(100, whole_day=Decimal(600))))
    assert [(line.rule, line.amount) for line in price.lines] == [("F-42", Decimal("1000.00")), ("F-43", Decimal("-400.00"))]


def test_hirers_from_elsewhere_pay_double():
    doubled = tariff(hourly(150), other_municipality=Decimal(2))
    assert kronor(price_of(hire(elsewhere=True), doubled)) == "300.00"
    assert kronor(price_of(hire(), doubled)) == "150.00"


def test_approved_association_pays_a_quarter_and_the_rest_is_its_subsidy():
    """Nordmaling: 282 whole, 25 % -> 70.50."""
    subsidised = tariff(hourly(282), shares=(Share("youth", "", Decimal(25)),))
    price = price_of(hire(), subsidised)
    assert (kronor(price), price.subsidy) == ("70.50", Decimal("211.50"))
    assert kronor(price_of(hire(hirer="private"), subsidised)) == "282.00"


def test_share_for_hirer_and_form_beats_the_one_for_hirer():
    shares = (Share("youth", "", Decimal(50)), Share("youth", "party", Decimal(100)))
    assert kronor(price_of(hire(form="party"), tariff(hourly(200), shares=shares))) == "200.00"


def test_least_charge_is_a_hundred_but_nothing_stays_nothing():
    least = {"minimum": Decimal(100)}
    assert kronor(price_of(hire(), tariff(hourly(40), **least))) == "100.00"
    assert kronor(price_of(hire(), tariff(hourly(0), **least))) == "0.00"


def test_zero_tariff_bills_a_no_show_as_the_reference_category():
    """Nykvarn: category 0 pays category 1's price."""
    zero = tariff(hourly(0, hirer="youth"), hourly(130, hirer="adult"), reference="adult")
    price = price_of(hire(), zero)
    assert (kronor(price), price.full, price.subsidy) == ("0.00", Decimal("130.00"), Decimal("130.00"))
    assert no_show_line(price, zero).amount == Decimal("130.00")


@pytest.mark.parametrize(
    ("kind", "amount"),
    [(NoShow.FIXED, "500.00"), (NoShow.PRICE_PLUS, "500.00"), (NoShow.GREATER, "400.00"), (NoShow.PRICE, None)],
)
def test_no_show_is_read_in_the_way_that_is_set(kind, amount):
    read = tariff(hourly(100), no_show=kind, no_show_fee=Decimal(500))
    line = no_show_line(price_of(hire(), read), read)
    assert (line and str(line.amount)) == amount


@pytest.mark.parametrize(("days", "percent"), [(8, 0), (7, 0), (6, 50), (3, 50), (2, 100), (0, 100)])
def test_cancelling_costs_more_the_later_it_is(days, percent):
    """Herrljunga: 6-3 days half, 2-0 days full."""
    steps = (CancelStep(2, Decimal(100)), CancelStep(6, Decimal(50)))
    assert cancel_percent(STARTS, STARTS - timedelta(days=days), steps) == percent


@pytest.mark.parametrize(("days", "fee"), [(2, None), (1, "100.00")])
def test_later_than_two_days_before_costs_the_full_rent(days, fee):
    """Karlskoga."""
    karlskoga = tariff(hourly(100), cancel_steps=(CancelStep(1, Decimal(100)),))
    line = cancellation_line(hire(), price_of(hire(), karlskoga), karlskoga, STARTS - timedelta(days=days))
    assert (line and str(line.amount)) == fee


def test_new_year_raises_prices_to_whole_kronor():
    assert [rate.kronor for rate in indexed([hourly(150), hourly(325)], Decimal(3))] == [Decimal(155), Decimal(335)]


@pytest.mark.parametrize(("young", "all_", "youth"), [(5, 10, True), (4, 10, False), (0, 0, False), (1, 1, True)])
def test_youth_activity_is_half_young(young, all_, youth):
    assert is_youth_activity(young, all_) is youth


@given(
    st.integers(1, 3000),
    st.decimals(0, 2000, places=2),
    st.decimals(0, 100, places=1),
    st.booleans(),
    st.one_of(st.none(), st.decimals(0, 5000, places=2)),
)
def test_price_is_never_negative_and_its_lines_sum_to_it(minutes, rate, share, elsewhere, cap):
    any_tariff = tariff(
        Rate(kronor=rate, whole_day=cap),
        shares=(Share("youth", "", share),),
        minimum=Decimal(100),
        other_municipality=Decimal(2),
        vat=(VatRate(date(2000, 1, 1), Decimal(6)),),
    )
    price = price_of(hire(minutes, elsewhere=elsewhere), any_tariff)
    assert price.payable == sum(line.amount for line in price.lines) >= 0
    assert 0 <= price.vat <= price.payable
    assert price.subsidy >= 0
    assert {line.label for line in price.lines} <= set(LABELS)
    assert price.vat == vat_within(price.payable, Decimal(6))


@given(st.integers(1, 2880), st.integers(0, 60 * 24 * 365))
def test_every_minute_is_paid_once_whatever_the_clock_does(minutes, offset):
    rates = (hourly(60), hourly(60, starts=17 * 60), hourly(60, weekdays=frozenset({6}), ends=60))
    price = price_of(hire(minutes, starts=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=offset)), tariff(*rates))
    assert price.payable == -(-minutes // 15) * 15


@given(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 700), st.booleans())
def test_weeks_with_the_same_key_cost_the_same_line_by_line(weekday, starts, minutes, elsewhere):
    """Whole years, so that both changes of the clock are among them; VAT is raised in the middle."""
    rates = (
        hourly(60),
        hourly(90, starts=17 * 60, ends=22 * 60),
        hourly(30, weekdays=frozenset({6}), starts=60, ends=4 * 60),
        hourly(70, hirer="youth", weekdays=frozenset({5, 6}), whole_day=Decimal(300)),
    )
    vat = (VatRate(date(2000, 1, 1), Decimal(6)), VatRate(date(2026, 7, 1), Decimal(12)))
    of_year = tariff(*rates, shares=(Share("youth", "", Decimal(50)),), vat=vat, other_municipality=Decimal(2))
    pattern = Pattern(date(2026, 1, 1) + timedelta(days=weekday), date(2026, 12, 31), starts, starts + minutes)
    found = {}
    for each in occurrences(pattern):
        if each.span:
            hired = Hire(span=each.span, group="hall", hirer="youth", form="training", from_elsewhere=elsewhere)
            found.setdefault(price_key(hired, of_year), []).append(price_of(hired, of_year))
    assert all(price == alike[0] for alike in found.values() for price in alike)
    assert len(found) <= 2 + 4, "one for each rate of VAT, and the days beside which the clock changes"
