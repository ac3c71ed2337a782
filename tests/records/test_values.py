"""Money, local time and deadlines."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.values import (
    KRONA,
    Period,
    closes_after,
    is_working_day,
    kronor_text,
    last_day_to_appeal,
    local_day,
    months_after,
    next_working_day,
    opens_on,
    parse_kronor,
    rounded,
    shared_out,
    weeks_after,
)

D = Decimal
NBSP, THIN, NARROW = "\u00a0", "\u2009", "\u202f"
days = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
amounts = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
weights = st.lists(st.decimals(min_value=0, max_value=10**6, places=3), min_size=1, max_size=30).filter(any)


# --- money


@pytest.mark.parametrize(
    ("amount", "unit", "result"),
    [
        ("0.005", "0.01", "0.01"),
        ("2.5", "1", "3"),
        ("-2.5", "1", "-3"),
        ("3.125", "0.01", "3.13"),
        ("149.99", "100", "100"),
        ("150", "100", "200"),
        ("12.34", "0.05", "12.35"),
    ],
)
def test_money_is_rounded_half_up_to_any_unit(amount, unit, result):
    assert rounded(D(amount), D(unit)) == D(result)


def test_an_amount_is_rounded_to_ore_unless_told_otherwise():
    assert str(rounded(D("84507.0422"))) == "84507.04"


def test_nothing_is_rounded_to_a_unit_of_nothing():
    with pytest.raises(ValueError, match="above 0"):
        rounded(D(1), D(0))


@given(amounts, st.sampled_from([D("0.01"), D("1"), D("5"), D("100")]))
def test_rounding_moves_an_amount_by_half_a_unit_at_most(amount, unit):
    assert abs(rounded(amount, unit) - amount) <= unit / 2
    assert rounded(amount, unit) % unit == 0


@pytest.mark.parametrize(
    ("text", "kronor"),
    [
        ("12000", "12000.00"),
        ("12 000", "12000.00"),
        ("12 000,50 kr", "12000.50"),
        ("12000.5", "12000.50"),
        ("12 000:-", "12000.00"),
        ("12 000,-", "12000.00"),
        (f"12{NBSP}000{NBSP}kr", "12000.00"),
        (f"1{THIN}234{THIN}567,89", "1234567.89"),
        (f"12{NARROW}000", "12000.00"),
        ("  7 KR ", "7.00"),
        ("7kr.", "7.00"),
        ("1 500 kronor", "1500.00"),
        ("100 SEK", "100.00"),
        ("0", "0.00"),
    ],
)
def test_an_amount_is_read_the_way_people_write_it(text, kronor):
    assert str(parse_kronor(text)) == kronor


@pytest.mark.parametrize(
    "text",
    ["", "kr", "tolv", "12,345", "1.000,50", "12 00", "1 2000", "-5", "1,", "1e5", "١٢", "12 000 kr kr", "NaN", "9" * 13, "5 €"],
)
def test_what_is_not_an_amount_is_refused(text):
    with pytest.raises(ValueError, match="amount"):
        parse_kronor(text)


@given(amounts)
def test_an_amount_that_was_shown_can_be_typed_back(amount):
    assert parse_kronor(kronor_text(amount)) == amount
    assert parse_kronor(kronor_text(amount) + " kr") == amount


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("12000", f"12{NBSP}000"),
        ("12000.50", f"12{NBSP}000,50"),
        ("-0.7", "-0,70"),
        ("3.850", "3,85"),
        ("0.125", "0,125"),
        ("-0", "0"),
    ],
)
def test_an_amount_is_written_in_swedish(amount, text):
    assert kronor_text(D(amount)) == text


def test_a_pot_is_shared_pro_rata_to_the_last_ore():
    """Case 31."""
    asked = [D(120000), D(95000), D(80000), D(60000)]
    parts = shared_out(D("250000.00"), asked)
    assert parts == (D("84507.04"), D("66901.41"), D("56338.03"), D("42253.52"))
    assert sum(parts) == D("250000.00")


def test_the_odd_ore_goes_to_the_first_of_equals():
    """Case 32."""
    assert shared_out(D("100000.00"), [D(1)] * 3) == (D("33333.34"), D("33333.33"), D("33333.33"))


@given(amounts, weights)
def test_parts_always_sum_to_the_pot(total, weights):
    assert sum(shared_out(total, weights)) == total


@given(amounts, weights)
def test_no_part_is_a_whole_ore_from_its_exact_share(total, weights):
    for part, weight in zip(shared_out(total, weights), weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < D("0.01") * sum(weights)


@given(amounts, weights)
def test_sharing_twice_gives_the_same_parts(total, weights):
    assert shared_out(total, weights) == shared_out(total, list(weights))


def test_whole_kronor_can_be_shared():
    assert shared_out(D(100), [D(1), D(1), D(1)], unit=KRONA) == (D(34), D(33), D(33))


@pytest.mark.parametrize(
    ("total", "weights", "unit"),
    [
        ("-1", ["1"], "0.01"),
        ("1", ["-1", "2"], "0.01"),
        ("1", ["0", "0"], "0.01"),
        ("1", [], "1"),
        ("0.015", ["1"], "0.01"),
        ("1", ["1"], "0"),
    ],
)
def test_a_pot_that_cannot_be_shared_is_refused(total, weights, unit):
    with pytest.raises(ValueError, match=r"."):
        shared_out(D(total), [D(weight) for weight in weights], D(unit))


def test_nothing_can_be_shared_among_nobodies():
    assert shared_out(D(0), [D(0), D(0)]) == (D(0), D(0))
    assert shared_out(D(0), []) == ()


# --- time


def test_the_last_second_of_the_last_day_is_in_time():
    """Case 1."""
    limit = closes_after(date(2026, 3, 15))
    assert limit == datetime(2026, 3, 15, 23, 0, tzinfo=UTC)
    assert limit.tzinfo is UTC
    assert datetime(2026, 3, 15, 22, 59, 59, tzinfo=UTC) < limit


def test_the_last_microsecond_is_in_time_and_midnight_is_not():
    """Case 2."""
    limit = closes_after(date(2026, 3, 15))
    assert datetime(2026, 3, 15, 22, 59, 59, 999999, tzinfo=UTC) < limit
    assert not datetime(2026, 3, 15, 23, 0, tzinfo=UTC) < limit


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2026, 8, 25), datetime(2026, 8, 25, 22, 0, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_deadline_follows_summer_time_and_the_turn_of_the_year(day, limit):
    """Case 3."""
    assert closes_after(day) == limit


@given(days)
def test_every_day_begins_where_the_day_before_ends(day):
    assert opens_on(day) == closes_after(day - timedelta(days=1))
    assert local_day(opens_on(day)) == day
    assert local_day(closes_after(day) - timedelta(microseconds=1)) == day


def test_an_hour_before_midnight_in_utc_is_next_year_in_the_archive():
    assert local_day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2026, 12, 31, 23, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),  # a Monday
        (date(2026, 11, 21), date(2026, 11, 23)),  # a Saturday
        (date(2026, 1, 6), date(2026, 1, 7)),  # Epiphany
        (date(2026, 1, 5), date(2026, 1, 5)),  # its eve is an ordinary day in law
        (date(2026, 4, 2), date(2026, 4, 2)),  # so is Maundy Thursday
        (date(2026, 5, 14), date(2026, 5, 15)),  # Ascension Day; the Friday after is an ordinary day
        (date(2025, 6, 6), date(2025, 6, 9)),  # the national day, a Friday
        (date(2026, 6, 19), date(2026, 6, 22)),  # Midsummer Eve
        (date(2026, 12, 24), date(2026, 12, 28)),  # Christmas
        (date(2026, 12, 31), date(2027, 1, 4)),  # New Year
    ],
)
def test_a_time_limit_moves_to_the_next_weekday(day, moved):
    assert next_working_day(day) == moved


@given(days)
def test_a_time_limit_never_ends_on_a_day_off_and_never_moves_back(day):
    moved = next_working_day(day)
    assert is_working_day(moved)
    assert timedelta(0) <= moved - day <= timedelta(days=6)


@pytest.mark.parametrize(
    ("posted", "last_day"),
    [
        (date(2026, 3, 17), date(2026, 4, 7)),
        (date(2026, 3, 13), date(2026, 4, 7)),  # three weeks later is Good Friday
        (date(2026, 5, 29), date(2026, 6, 22)),  # … Midsummer Eve
        (date(2026, 12, 3), date(2026, 12, 28)),  # … Christmas Eve
    ],
)
def test_an_appeal_may_wait_three_weeks_and_over_a_holiday(posted, last_day):
    """Case 44."""
    assert last_day_to_appeal(posted) == last_day


@given(days, st.integers(min_value=-60, max_value=60))
def test_weeks_keep_the_weekday(day, weeks):
    assert weeks_after(day, weeks).weekday() == day.weekday()


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 3, 15), 6, date(2026, 9, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
    ],
)
def test_months_keep_the_number_of_the_day_where_there_is_one(day, months, result):
    assert months_after(day, months) == result


def test_a_period_holds_its_first_day_and_not_its_end():
    june = Period(date(2026, 6, 1), date(2026, 7, 1))
    assert date(2026, 6, 1) in june
    assert date(2026, 6, 30) in june
    assert date(2026, 7, 1) not in june


def test_a_period_without_an_end_is_still_running():
    assert date(2099, 1, 1) in Period(date(2026, 1, 1))
    assert date(2025, 12, 31) not in Period(date(2026, 1, 1))


def test_periods_that_only_touch_do_not_overlap():
    june, july = Period(date(2026, 6, 1), date(2026, 7, 1)), Period(date(2026, 7, 1), date(2026, 8, 1))
    assert not june.overlaps(july)
    assert not july.overlaps(june)
    assert june.overlaps(Period(date(2026, 6, 30)))


def test_instants_make_periods_too():
    night = Period(datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 4, tzinfo=UTC))
    assert datetime(2026, 3, 29, 1, tzinfo=UTC) in night


@given(days, days)
def test_an_empty_or_backward_period_cannot_be_made(since, until):
    if until > since:
        assert Period(since, until).until == until
    else:
        with pytest.raises(ValueError, match="end after"):
            Period(since, until)


@given(st.tuples(days, days).filter(lambda pair: pair[0] < pair[1]), st.tuples(days, days).filter(lambda pair: pair[0] < pair[1]))
def test_overlap_means_a_common_day_and_is_mutual(one, other):
    a, b = Period(*one), Period(*other)
    assert a.overlaps(b) == b.overlaps(a) == (max(a.since, b.since) in a and max(a.since, b.since) in b)
