"""The tariffs of real municipalities, worked through; and what must hold of every tariff."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from facilities.rules.fees import cancellation_line, indexed, no_show_line
from facilities.rules.pricing import CancelStep, Hire, NoRate, NoShow, Rate, Share, Tariff, Unit, VatRate, price_of
from facilities.rules.spans import Span

MONDAY = datetime(2026, 5, 4, 10, tzinfo=UTC)  # 12.00 on the wall
ORE = Decimal("0.01")


def hire(minutes=60, hirer="youth", form="training", group="hall", starts=MONDAY, elsewhere=False):
    return Hire(
        span=Span(starts, starts + timedelta(minutes=minutes)), group=group, hirer=hirer, form=form, from_elsewhere=elsewhere
    )


def rate(kronor, **more):
    return Rate(kronor=Decimal(kronor), **more)


# --- municipalities ----------------------------------------------------------------------------------------------------------

NORDMALING = Tariff(rates=(rate(282, group="whole"), rate(141, group="half")), shares=(Share("approved", "", Decimal(25)),))


@pytest.mark.parametrize(
    ("group", "hirer", "kronor", "subsidy"),
    [
        ("whole", "anyone", "282.00", "0.00"),
        ("whole", "approved", "70.50", "211.50"),
        ("half", "anyone", "141.00", "0.00"),
        ("half", "approved", "35.25", "105.75"),
    ],
)
def test_nordmaling_half_a_hall_is_half_the_price_and_an_approved_association_pays_a_quarter(group, hirer, kronor, subsidy):
    price = price_of(hire(group=group, hirer=hirer), NORDMALING)
    assert (str(price.payable), str(price.subsidy)) == (kronor, subsidy)


NYKVARN = Tariff(  # category 0 pays nothing, category 1 pays 130 kr an hour in this example
    rates=(rate(0, hirer="0"), rate(130, hirer="1")),
    reference="1",
    cancel_steps=(CancelStep(2, Decimal(100)),),
    no_show=NoShow.FIXED,
    no_show_fee=Decimal(325),
)


@pytest.mark.parametrize("hirer", ["0", "1"])
def test_nykvarn_bills_325_kr_for_a_time_that_nobody_used_also_to_those_who_pay_nothing(hirer):
    assert no_show_line(price_of(hire(hirer=hirer), NYKVARN), NYKVARN).amount == Decimal("325.00")


@pytest.mark.parametrize(("days", "fee"), [(3, None), (2, "130.00"), (0, "130.00")])
def test_nykvarn_late_cancel_under_three_days_costs_the_price_and_category_0_pays_category_1s(days, fee):
    for hirer in ("0", "1"):
        booked = hire(hirer=hirer)
        line = cancellation_line(booked, price_of(booked, NYKVARN), NYKVARN, MONDAY - timedelta(days=days))
        assert (line and str(line.amount)) == fee


@pytest.mark.parametrize(("days", "fee"), [(7, None), (6, "50.00"), (3, "50.00"), (2, "100.00"), (0, "100.00")])
def test_herrljunga_cancelling_costs_half_then_all(days, fee):
    steps = (CancelStep(6, Decimal(50)), CancelStep(2, Decimal(100)))
    herrljunga = Tariff(rates=(rate(100),), cancel_steps=steps)
    line = cancellation_line(hire(), price_of(hire(), herrljunga), herrljunga, MONDAY - timedelta(days=days))
    assert (line and str(line.amount)) == fee


@pytest.mark.parametrize(("percent", "kronor"), [("1", 303), ("3", 309)])
def test_umea_raises_its_prices_by_one_percent_a_year_and_by_three_in_2024(percent, kronor):
    ice = rate(300, group="ice", whole_day=Decimal(1500))
    (raised,) = indexed([ice], Decimal(percent))
    assert raised == rate(kronor, group="ice", whole_day=Decimal(5 * kronor))


def test_karlskoga_other_municipality_pays_double_and_nobody_less_than_a_hundred():
    karlskoga = Tariff(rates=(rate(120),), minimum=Decimal(100), other_municipality=Decimal(2))
    assert price_of(hire(elsewhere=True), karlskoga).payable == Decimal("240.00")
    assert price_of(hire(minutes=30), karlskoga).payable == Decimal("100.00")
    assert price_of(hire(minutes=30, elsewhere=True), karlskoga).payable == Decimal("120.00")


# --- every dimension of a price ----------------------------------------------------------------------------------------------

EVENING, SATURDAY = MONDAY + timedelta(hours=6), MONDAY + timedelta(days=5)


def test_price_is_by_category_space_time_and_form():
    """Category of hirer x space x time of day and week x form of use: the rate that says most wins, space first."""
    rates = (
        rate(100),
        rate(90, hirer="youth"),
        rate(80, form="party"),
        rate(70, starts=17 * 60),
        rate(60, weekdays=frozenset({5, 6})),
        rate(50, group="ice"),
        rate(40, group="ice", hirer="youth"),
        rate(30, group="ice", hirer="youth", form="party"),
        rate(20, group="ice", hirer="youth", form="party", weekdays=frozenset({5})),
    )
    expected = {
        ("hall", "adult", "training", MONDAY): 100,
        ("hall", "adult", "training", EVENING): 70,
        ("hall", "adult", "training", SATURDAY): 60,
        ("hall", "adult", "party", EVENING): 80,
        ("hall", "youth", "party", SATURDAY): 90,
        ("ice", "adult", "party", EVENING): 50,
        ("ice", "youth", "training", EVENING): 40,
        ("ice", "youth", "party", EVENING): 30,
        ("ice", "youth", "party", SATURDAY): 20,
    }
    for (group, hirer, form, starts), kronor in expected.items():
        price = price_of(hire(group=group, hirer=hirer, form=form, starts=starts), Tariff(rates=rates))
        assert price.payable == kronor, (group, hirer, form, starts)


def test_subsidy_is_for_those_and_that_which_the_tariff_names():
    shares = tuple(Share(hirer, form, Decimal(25)) for hirer, form in product(("youth", "social"), ("training", "course")))
    subsidised = Tariff(rates=(rate(200),), shares=shares)
    prices = {
        (hirer, form): price_of(hire(hirer=hirer, form=form), subsidised).payable
        for hirer, form in product(("youth", "social", "adult"), ("training", "course", "paid_event"))
    }
    assert {key for key, payable in prices.items() if payable == 50} == set(product(("youth", "social"), ("training", "course")))
    assert set(prices.values()) == {Decimal(50), Decimal(200)}


def test_fixed_price_is_judged_by_the_minute_in_which_the_booking_begins():
    rates = (rate(100), rate(500, starts=17 * 60, unit=Unit.OCCASION))
    begins_before = hire(minutes=120, starts=MONDAY + timedelta(hours=4))  # 16-18 on the wall
    assert price_of(begins_before, Tariff(rates=rates)).payable == Decimal("200.00")
    assert price_of(hire(minutes=300, starts=EVENING), Tariff(rates=rates)).payable == Decimal("500.00")
    with pytest.raises(NoRate):
        price_of(begins_before, Tariff(rates=(rate(100, ends=17 * 60), rates[1])))


def test_each_day_of_a_booking_has_its_own_cap():
    """22-08 over midnight: two hours the first day, eight (capped at 600) the second, booked in one or in two."""
    capped = Tariff(rates=(rate(100, whole_day=Decimal(600)),))
    evening = MONDAY + timedelta(hours=10)  # 22 on the wall
    whole = price_of(hire(minutes=600, starts=evening), capped)
    parts = (
        price_of(hire(minutes=120, starts=evening), capped),
        price_of(hire(minutes=480, starts=evening + timedelta(hours=2)), capped),
    )
    assert [(line.rule, line.amount) for line in whole.lines] == [("F-42", Decimal(1000)), ("F-43", Decimal(-200))]
    assert whole.payable == sum(part.payable for part in parts) == Decimal("800.00")


def test_whole_day_costs_the_same_after_six_hours():
    capped = Tariff(rates=(rate(100, whole_day=Decimal(600)),))
    prices = [price_of(hire(minutes=60 * hours, starts=MONDAY - timedelta(hours=3)), capped).payable for hours in (5, 6, 7, 12)]
    assert prices == [500, 600, 600, 600]


# --- what holds of every tariff ----------------------------------------------------------------------------------------------

kronor = st.integers(0, 200_000).map(lambda ore: Decimal(ore) / 100)
percents = st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10)


@st.composite
def tariffs(draw):
    """Any tariff with a price for every minute."""
    edge = draw(st.integers(1, 95)) * 15
    rates = [Rate(kronor=draw(kronor), whole_day=draw(st.none() | kronor))]
    rates += [Rate(kronor=draw(kronor), starts=edge)] if draw(st.booleans()) else []
    rates += [Rate(kronor=draw(kronor), weekdays=frozenset({5, 6}))] if draw(st.booleans()) else []
    rates += [Rate(kronor=draw(kronor), hirer="adult")] if draw(st.booleans()) else []
    return Tariff(
        rates=tuple(rates),
        shares=(Share("youth", "", draw(percents)),),
        cancel_steps=(CancelStep(6, draw(percents)), CancelStep(2, Decimal(100))),
        vat=(VatRate(date(2000, 1, 1), draw(st.sampled_from([Decimal(0), Decimal(6), Decimal(25)]))),),
        rounds_up=15,
        minimum=draw(st.sampled_from([Decimal(0), Decimal(100)])),
        other_municipality=draw(st.sampled_from([Decimal(1), Decimal(2)])),
        reference=draw(st.sampled_from(["", "adult"])),
        no_show=draw(st.sampled_from(list(NoShow))),
        no_show_fee=draw(kronor),
        prices_include_vat=draw(st.booleans()),
    )


quarters = st.integers(1, 4 * 48)
offsets = st.integers(0, 4 * 24 * 365)


def at_quarter(offset):
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * offset)


@given(tariffs(), quarters, offsets, st.booleans())
def test_lines_sum_to_a_price_that_is_never_negative_with_its_vat_within(any_tariff, length, offset, elsewhere):
    price = price_of(hire(minutes=15 * length, starts=at_quarter(offset), elsewhere=elsewhere), any_tariff)
    assert price.payable == sum(line.amount for line in price.lines) >= 0
    assert 0 <= price.vat <= price.payable
    assert price.subsidy == max(0, price.full - price.payable) >= 0
    assert all(line.amount == line.amount.quantize(ORE) for line in price.lines)


NEXT_TO_NOTHING = Tariff(
    rates=(Rate(kronor=Decimal("1.34"), whole_day=Decimal("1.98")),),
    shares=(Share("youth", "", Decimal("0.1")),),
    vat=(VatRate(date(2000, 1, 1), Decimal(0)),),
    minimum=Decimal(100),
    prices_include_vat=False,
)


@example(NEXT_TO_NOTHING, 1, 104, 87)
@given(tariffs(), quarters, quarters, offsets)
def test_splitting_a_time_never_makes_it_cheaper(any_tariff, first, second, offset):
    """Not even below the minimum charge or over midnight; but for the rounding of each line to whole öre.

    A price that rounds to nothing has no minimum charge, so there the tariff is judged without one.
    """
    starts, middle = at_quarter(offset), at_quarter(offset + first)
    halves = (hire(minutes=15 * first, starts=starts), hire(minutes=15 * second, starts=middle))
    if not all(price_of(half, any_tariff).payable for half in halves):
        any_tariff = replace(any_tariff, minimum=Decimal(0))
    whole = price_of(hire(minutes=15 * (first + second), starts=starts), any_tariff).payable
    assert whole <= sum(price_of(half, any_tariff).payable for half in halves) + 8 * ORE


@given(tariffs(), quarters, quarters, offsets)
def test_longer_time_never_costs_less(any_tariff, length, more, offset):
    starts = at_quarter(offset)
    shorter, longer = (price_of(hire(minutes=15 * n, starts=starts), any_tariff).payable for n in (length, length + more))
    assert shorter <= longer + 4 * ORE


@given(tariffs(), quarters, offsets, st.integers(0, 20))
def test_fees_are_never_negative_and_a_late_cancellation_never_costs_more_than_the_full_price(any_tariff, length, offset, days):
    booked = hire(minutes=15 * length, starts=at_quarter(offset))
    price = price_of(booked, any_tariff)
    line = cancellation_line(booked, price, any_tariff, booked.span.starts - timedelta(days=days))
    assert line is None or 0 < line.amount <= max(price.payable, price.full)
    assert line is None or days <= 6
    assert line is not None or days > 2 or not (price.payable or price.full)
    absent = no_show_line(price, any_tariff)
    assert absent is None or absent.amount > 0
