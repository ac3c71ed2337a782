"""What is billed of a booking, once; corrections; VAT to the öre."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.rules.billing import (
    Billed,
    BillKind,
    Item,
    Owed,
    bills,
    due_day,
    lines_to_bill,
    month_is_over,
    sums_of,
    vat_of_lines,
)
from facilities.rules.pricing import vat_within

ORE = Decimal("0.01")


def owed(amount, percent=0, hirer="club", booking=1, item=Item.HIRE):
    return Owed(booking, item, hirer, Decimal(amount), Decimal(percent))


def after(line, vat=None):
    """Where the item stands when a line is billed."""
    earlier = line.before.standing_vat if line.before else Decimal(0)
    moved = vat_of_lines([line])[0] if vat is None else vat
    return Billed(line.hirer, line.version, line.standing, earlier + moved, line.vat_percent)


def test_booking_is_billed_once():
    (line,) = lines_to_bill(owed("70.50"), None)
    assert (line.amount, line.version, line.is_correction) == (Decimal("70.50"), 1, False)
    assert lines_to_bill(owed("70.50"), after(line)) == ()


def test_what_costs_nothing_is_not_billed():
    assert lines_to_bill(owed(0), None) == ()


def test_change_after_billing_is_a_new_line_of_the_difference():
    (line,) = lines_to_bill(owed("200"), None)
    (less,) = lines_to_bill(owed("150"), after(line))
    assert (less.amount, less.standing, less.version, less.kind) == (Decimal(-50), Decimal(150), 2, BillKind.CREDIT)
    (more,) = lines_to_bill(owed("180"), after(less))
    assert (more.amount, more.version, more.kind) == (Decimal(30), 3, BillKind.INVOICE)


def test_booking_cancelled_after_it_was_billed_is_taken_back_with_its_vat():
    (line,) = lines_to_bill(owed("100", 6), None)
    (back,) = lines_to_bill(owed(0, 6), after(line, vat=Decimal("5.67")))  # shared out, one öre from its own
    assert (back.amount, vat_of_lines([back])) == (Decimal(-100), (Decimal("-5.67"),))
    assert lines_to_bill(owed(0, 6), after(back)) == ()
    (again,) = lines_to_bill(owed("100", 6), after(back))
    assert (again.amount, again.version) == (Decimal(100), 3)


@pytest.mark.parametrize("changed", [{"percent": 25}, {"hirer": "other"}])
def test_other_vat_rate_or_hirer_takes_back_and_bills_anew(changed):
    (line,) = lines_to_bill(owed("106", 6), None)
    back, anew = lines_to_bill(owed("106", **{"percent": 6, **changed}), after(line))
    assert (back.hirer, back.vat_percent, back.amount, back.standing) == ("club", Decimal(6), Decimal(-106), 0)
    assert (anew.amount, anew.version, anew.hirer) == (Decimal(106), 3, changed.get("hirer", "club"))
    assert vat_of_lines([back]) == (Decimal("-6.00"),)


def test_hirer_gets_an_invoice_and_a_credit_note_never_a_mix():
    (old,) = lines_to_bill(owed(100), None)
    lines = [
        *lines_to_bill(owed(50, booking=2), None),
        *lines_to_bill(owed(0), after(old)),
        *lines_to_bill(owed(70, booking=3, hirer="other"), None),
    ]
    found = bills(lines)
    assert {key: sum(line.amount for line in each) for key, each in found.items()} == {
        ("club", BillKind.INVOICE): 50,
        ("club", BillKind.CREDIT): -100,
        ("other", BillKind.INVOICE): 70,
    }


def test_three_hundred_lines_do_not_gather_a_krona_of_rounded_vat():
    """70.50 with 6 % holds 3.9906: rounded by itself on each line it would be 17 öre wrong on the bill."""
    lines = [line for number in range(300) for line in lines_to_bill(owed("70.50", 6, booking=number), None)]
    vat = vat_of_lines(lines)
    assert sum(vat) == vat_within(300 * Decimal("70.50"), Decimal(6)) == Decimal("1197.17")
    assert set(vat) == {Decimal("3.99"), Decimal("4.00")}


def test_month_is_billed_when_its_last_day_has_passed():
    november = date(2026, 11, 1)
    assert not month_is_over(november, datetime(2026, 11, 30, 22, 59, tzinfo=UTC))
    assert month_is_over(november, datetime(2026, 11, 30, 23, 0, tzinfo=UTC))


def test_last_day_to_pay_is_a_weekday():
    assert due_day(date(2026, 12, 1), 30) == date(2027, 1, 4)  # 31 December is New Year's Eve
    assert due_day(date(2026, 11, 2), 30) == date(2026, 12, 2)


kronor = st.integers(0, 500_000).map(lambda ore: Decimal(ore) / 100)
percents = st.sampled_from([Decimal(0), Decimal(6), Decimal(25)])


@given(st.lists(st.tuples(kronor, percents, st.sampled_from(["a", "b"])), min_size=1, max_size=8))
def test_lines_of_an_item_always_sum_to_what_it_costs_now(history):
    """Whatever happens to a booking between the runs, each hirer has in the end paid exactly what stands."""
    billed, paid, vat_paid = None, {}, {}
    for amount, percent, hirer in history:
        for line in lines_to_bill(owed(amount, percent, hirer), billed):
            (vat,) = vat_of_lines([line])
            assert line.amount
            assert abs(vat) <= abs(line.amount)
            assert vat * line.amount >= 0
            key = (line.hirer, line.vat_percent)
            paid[key] = paid.get(key, 0) + line.amount
            vat_paid[key] = vat_paid.get(key, 0) + vat
            assert line.version == (billed.version if billed else 0) + 1
            billed = after(line, vat)
        assert lines_to_bill(owed(amount, percent, hirer), billed) == ()
    amount, percent, hirer = history[-1]
    assert {key: sum_ for key, sum_ in paid.items() if sum_} == ({(hirer, percent): amount} if amount else {})
    assert all(abs(vat - vat_within(paid[key], key[1])) <= ORE for key, vat in vat_paid.items())


@given(st.lists(st.tuples(kronor.filter(bool), percents), min_size=1, max_size=60))
def test_bill_sums_to_its_lines_and_its_vat_is_that_of_the_sum(rows):
    lines = [line for number, (amount, percent) in enumerate(rows) for line in lines_to_bill(owed(amount, percent), None)]
    vat = vat_of_lines(lines)
    sums = sums_of(zip((line.amount for line in lines), vat, strict=True))
    assert sums.total == sum(line.amount for line in lines)
    assert all(0 <= each <= line.amount for line, each in zip(lines, vat, strict=True))
    for percent in {line.vat_percent for line in lines}:
        pairs = [(line.amount, each) for line, each in zip(lines, vat, strict=True) if line.vat_percent == percent]
        assert sum(each for _amount, each in pairs) == vat_within(sum(amount for amount, _each in pairs), percent)
