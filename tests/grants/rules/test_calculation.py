"""How an amount is arrived at: worked cases of real schemes, and what must hold for every scheme."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.rules.members import BandsDoNotFit, MemberCount
from grants.rules.calculation import (
    FactMissing,
    Facts,
    apply,
    calculate,
    calculation_from_json,
    calculation_to_json,
)
from grants.rules.late import Deadline, LateStep, TooLate
from grants.rules.parts import (
    LABELS,
    PARTS,
    AtMost,
    AtMostShare,
    BaseAmount,
    LateReduction,
    MinimumPayout,
    PartRefused,
    PercentOfCost,
    PerMember,
    RequestedUpTo,
    Rounding,
)
from grants.rules.parts_json import CODES, PartsNotReadable, parts_from_json, parts_to_json
from records.lines import Line, plain, written
from records.values import closes_after

D = Decimal
NBSP = "\u00a0"
CLOSES = closes_after(date(2026, 10, 1))
DEADLINE = Deadline(CLOSES, (LateStep(1, 7, D(10)), LateStep(8, 14, D(50))))

TRANAS = (PerMember(kronor=D(60), age_from=7, age_to=25), AtMostShare(percent=D(80), quantity="rent"), AtMost(kronor=D(7000)))
ENKOPING_INVESTMENT = (PercentOfCost(percent=D(40), only_above=D(52500), cap=D(120000)),)
ENKOPING_EVENT = (PercentOfCost(percent=D(50), cap=D(5000)),)
KUMLA = (BaseAmount(kronor=D(2000)),)
VAGGERYD = (PerMember(kronor=D(20), age_from=7, age_to=19, minimum=D(500)),)


def people(count, age_from=7, age_to=19):
    return (MemberCount(age_from, age_to, count),)


def amount(parts, **facts):
    quantities = {name: D(value) for name, value in facts.items() if name != "members"}
    return calculate(parts, Facts(members=facts.get("members", ()), quantities=quantities)).total


@pytest.mark.parametrize(("members", "rent", "kronor"), [(100, 6000, 4800), (30, 20000, 1800), (200, 20000, 7000)])
def test_tranas_supports_premises_per_member_up_to_a_share_of_the_rent(members, rent, kronor):
    assert amount(TRANAS, members=people(members), rent=rent) == kronor


@pytest.mark.parametrize(("cost", "kronor"), [(200000, 80000), (400000, 120000), (50000, 0), (52500, 0), ("52500.01", 21000)])
def test_enkoping_pays_forty_percent_of_an_investment_that_is_large_enough(cost, kronor):
    assert amount(ENKOPING_INVESTMENT, cost=cost) == kronor


@pytest.mark.parametrize(("cost", "kronor"), [(20000, 5000), (6000, 3000)])
def test_enkoping_pays_half_of_an_event(cost, kronor):
    assert amount(ENKOPING_EVENT, cost=cost) == kronor


def test_kumla_pays_a_basic_amount():
    assert amount(KUMLA) == 2000


@pytest.mark.parametrize(("members", "kronor"), [(100, 2000), (25, 500), (10, 500), (0, 0)])
def test_vaggeryd_pays_per_member_and_at_least_five_hundred(members, kronor):
    assert amount(VAGGERYD, members=people(members)) == kronor


def test_every_line_carries_its_rule_and_its_arithmetic():
    calculation = calculate(TRANAS, Facts(members=people(200), quantities={"rent": D(20000)}))
    assert calculation.lines == (
        Line(
            "G-22",
            "per_member",
            (("members", "200"), ("kronor", "60"), ("age_from", "7"), ("age_to", "25")),
            f"200 × 60 = 12{NBSP}000",
            D("12000.00"),
        ),
        Line(
            "G-26",
            "at_most_share_not_reached",
            (("quantity", "rent"), ("cost", "20000"), ("percent", "80")),
            f"80 % × 20{NBSP}000 = 16{NBSP}000; 12{NBSP}000 ≤ 16{NBSP}000",
            D("0.00"),
        ),
        Line("G-25", "at_most", (("limit", "7000"),), f"7{NBSP}000 − 12{NBSP}000 = −5{NBSP}000", D("-5000.00")),
    )
    assert str(calculation.total) == "7000.00"


def test_a_late_application_loses_its_share_on_a_line_of_its_own():
    parts = (BaseAmount(kronor=D(20000)), LateReduction())
    facts = Facts(received_at=CLOSES + timedelta(days=2), deadline=DEADLINE)
    *_, late = calculate(parts, facts).lines
    assert (late.rule, late.label, late.amount) == ("G-07", "late", D("-2000.00"))
    assert late.inputs == (("days", "3"), ("percent", "10"))
    assert late.arithmetic == f"10 % × 20{NBSP}000 = 2{NBSP}000"
    in_time = calculate(parts, replace(facts, received_at=CLOSES - timedelta(seconds=1)))
    assert (in_time.lines[-1].label, in_time.total) == ("in_time", D(20000))


def test_after_the_last_late_day_there_is_no_amount_at_all():
    with pytest.raises(TooLate):
        calculate((BaseAmount(kronor=D(1)), LateReduction()), Facts(received_at=CLOSES + timedelta(days=15), deadline=DEADLINE))


def test_in_a_continuous_fund_nobody_is_late():
    assert calculate((BaseAmount(kronor=D(1)), LateReduction()), Facts()).total == 1


def test_nobody_gets_more_than_they_asked_for():
    """Case 36."""
    parts = (BaseAmount(kronor=D(20000)), AtMostShare(percent=D(100), quantity="requested"))
    assert amount(parts, requested=15000) == 15000
    assert amount(parts, requested=25000) == 20000


def test_what_is_asked_for_is_given_up_to_the_cap():
    assert amount((RequestedUpTo(cap=D(10000)),), requested=15000) == 10000
    assert amount((RequestedUpTo(cap=D(10000)),), requested=9000) == 9000
    assert amount((RequestedUpTo(),), requested=15000) == 15000


@pytest.mark.parametrize(("unit", "kronor"), [(1, 1235), (10, 1230), (100, 1200), ("0.01", "1234.50")])
def test_an_amount_is_rounded_to_whole_units(unit, kronor):
    assert amount((PercentOfCost(percent=D(50)), Rounding(unit=D(unit))), cost=2469) == D(kronor)


def test_too_little_is_not_paid_at_all():
    parts = (RequestedUpTo(), MinimumPayout(kronor=D(200)))
    assert amount(parts, requested=199) == 0
    assert amount(parts, requested=200) == 200


def test_members_at_home_can_be_counted_alone():
    members = (MemberCount(7, 20, 10), MemberCount(7, 20, 5, at_home=False))
    part = PerMember(kronor=D(60), age_from=7, age_to=25, only_at_home=True)
    assert amount((part,), members=members) == 600


def test_a_fact_that_is_missing_is_named():
    with pytest.raises(FactMissing) as missing:
        amount(TRANAS, members=people(10))
    assert missing.value.name == "rent"
    with pytest.raises(FactMissing) as missing:
        calculate((LateReduction(),), Facts(deadline=DEADLINE))
    assert missing.value.name == "received_at"


def test_ages_that_cut_through_a_reported_band_are_not_guessed():
    with pytest.raises(BandsDoNotFit):
        amount(VAGGERYD, members=people(10, 7, 20))


def test_a_quantity_is_never_negative():
    with pytest.raises(ValueError, match="rent"):
        Facts(quantities={"rent": D(-1)})
    with pytest.raises(ValueError, match="rent"):
        Facts(quantities={"rent": D("NaN")})


@pytest.mark.parametrize(
    ("make", "field", "code"),
    [
        (lambda: BaseAmount(kronor=D(-1)), "kronor", "negative"),
        (lambda: BaseAmount(kronor=D("NaN")), "kronor", "negative"),
        (lambda: BaseAmount(kronor=D("0.005")), "kronor", "not_ore"),
        (lambda: PerMember(kronor=D(1), age_from=9, age_to=8), "age_to", "band"),
        (lambda: PercentOfCost(percent=D(101)), "percent", "not_a_percentage"),
        (lambda: PercentOfCost(percent=D(50), cap=D(-1)), "cap", "negative"),
        (lambda: Rounding(unit=D(0)), "unit", "not_positive"),
    ],
)
def test_an_impossible_part_cannot_be_made(make, field, code):
    with pytest.raises(PartRefused) as refused:
        make()
    assert (refused.value.field, refused.value.code) == (field, code)
    assert code in CODES


def test_a_part_that_takes_more_than_there_is_is_at_fault():
    class Thief:
        kind, rule = "thief", "G-00"

        def line(self, facts, so_far):
            return Line("G-00", "thief", (), "", D(-1))

    with pytest.raises(ValueError, match="thief"):
        apply(Thief(), Facts(), ())


money = st.decimals(0, 10**6, places=2)
percents = st.decimals(0, 100, places=1)
maybe = st.none() | money
parts_lists = st.lists(
    st.one_of(
        st.builds(BaseAmount, kronor=money),
        st.builds(PerMember, kronor=money, age_from=st.just(7), age_to=st.sampled_from([None, 20, 25]), minimum=maybe),
        st.builds(PercentOfCost, percent=percents, only_above=maybe, cap=maybe),
        st.builds(RequestedUpTo, cap=maybe),
        st.builds(AtMost, kronor=money),
        st.builds(AtMostShare, percent=percents, quantity=st.sampled_from(["rent", "cost", "requested"])),
        st.builds(LateReduction),
        st.builds(Rounding, unit=st.sampled_from([D("0.01"), D(1), D(10), D(100)])),
        st.builds(MinimumPayout, kronor=money),
    ),
    max_size=8,
).map(tuple)
some_facts = st.builds(
    Facts,
    members=st.integers(0, 500).map(lambda count: (MemberCount(7, 20, count), MemberCount(21, 25, 3), MemberCount(26, None, 2))),
    quantities=st.fixed_dictionaries({"rent": money, "cost": money, "requested": money}),
    received_at=st.integers(-100, 14 * 24 - 1).map(lambda hours: CLOSES + timedelta(hours=hours)),
    deadline=st.just(DEADLINE),
)


@given(parts_lists, some_facts)
def test_whatever_the_scheme_an_amount_is_the_sum_of_its_lines_and_never_negative(parts, facts):
    calculation = calculate(parts, facts)
    assert calculation.total == sum(line.amount for line in calculation.lines)
    assert calculation.total >= 0
    assert len(calculation.lines) == len(parts)


@given(parts_lists, some_facts)
def test_whatever_the_scheme_each_line_can_be_put_into_words(parts, facts):
    for line in calculate(parts, facts).lines:
        assert tuple(name for name, _ in line.inputs) == LABELS[line.label]


@given(parts_lists, some_facts)
def test_the_same_rules_and_facts_give_the_same_bytes(parts, facts):
    """Case 60."""
    again = parts_from_json(json.loads(json.dumps(parts_to_json(parts))))
    first, second = (json.dumps(calculation_to_json(calculate(each, facts))).encode() for each in (parts, again))
    assert first == second


@given(parts_lists, some_facts)
def test_a_stored_calculation_is_read_as_it_was(parts, facts):
    calculation = calculate(parts, facts)
    assert calculation_from_json(json.loads(json.dumps(calculation_to_json(calculation)))) == calculation


@given(parts_lists)
def test_a_scheme_survives_a_file(parts):
    assert parts_from_json(json.loads(json.dumps(parts_to_json(parts)))) == parts


def test_a_scheme_in_a_file_can_be_read_by_a_person():
    assert parts_to_json(TRANAS) == [
        {"kind": "per_member", "kronor": "60", "age_from": 7, "age_to": 25},
        {"kind": "at_most_share", "percent": "80", "quantity": "rent"},
        {"kind": "at_most", "kronor": "7000"},
    ]
    assert parts_from_json(
        [{"kind": "base_amount", "kronor": 2000}, {"kind": "rounding"}, {"kind": "at_most", "kronor": 33.5}]
    ) == (
        BaseAmount(kronor=D(2000)),
        Rounding(),
        AtMost(kronor=D("33.5")),
    )


@pytest.mark.parametrize(
    ("data", "index", "field", "code"),
    [
        ({}, None, "", "not_a_list"),
        (None, None, "", "not_a_list"),
        ([{"kind": "rounding"}] * 51, None, "", "too_many"),
        (["rounding"], 0, "", "not_an_object"),
        ([{"kind": "rounding"}, {}], 1, "kind", "unknown_kind"),
        ([{"kind": ["rounding"]}], 0, "kind", "unknown_kind"),
        ([{"kind": "lottery"}], 0, "kind", "unknown_kind"),
        ([{"kind": "base_amount"}], 0, "kronor", "missing_field"),
        ([{"kind": "base_amount", "kronor": "60", "kronr": "6"}], 0, "kronr", "unknown_field"),
        ([{"kind": "base_amount", "kronor": "sixty"}], 0, "kronor", "not_a_number"),
        ([{"kind": "base_amount", "kronor": True}], 0, "kronor", "not_a_number"),
        ([{"kind": "base_amount", "kronor": "Infinity"}], 0, "kronor", "not_a_number"),
        ([{"kind": "base_amount", "kronor": "1e999999999"}], 0, "kronor", "not_a_number"),
        ([{"kind": "base_amount", "kronor": "1" * 31}], 0, "kronor", "not_a_number"),
        ([{"kind": "base_amount", "kronor": None}], 0, "kronor", "not_a_number"),
        ([{"kind": "base_amount", "kronor": "-1"}], 0, "kronor", "negative"),
        ([{"kind": "per_member", "kronor": "1", "age_from": "7"}], 0, "age_from", "not_a_whole_number"),
        ([{"kind": "per_member", "kronor": "1", "age_from": 7.5}], 0, "age_from", "not_a_whole_number"),
        ([{"kind": "per_member", "kronor": "1", "age_from": 7, "age_to": 6}], 0, "age_to", "band"),
        ([{"kind": "per_member", "kronor": "1", "only_at_home": 1}], 0, "only_at_home", "not_yes_or_no"),
        ([{"kind": "percent_of_cost", "percent": 50, "quantity": ""}], 0, "quantity", "not_a_text"),
        ([{"kind": "percent_of_cost", "percent": 150}], 0, "percent", "not_a_percentage"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(data, index, field, code):
    with pytest.raises(PartsNotReadable) as refused:
        parts_from_json(data)
    assert (refused.value.index, refused.value.field, refused.value.code) == (index, field, code)
    assert code in CODES


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["base_amount", "1", "-1"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "kronor", "percent", "unit", "x"]), inner)
    ),
    max_leaves=12,
)


@given(
    junk | st.lists(st.fixed_dictionaries({"kind": st.sampled_from([*PARTS, "x"])}, optional={"kronor": junk, "percent": junk}))
)
def test_any_data_at_all_is_read_or_refused_in_one_way(data):
    try:
        parts = parts_from_json(data)
    except PartsNotReadable:
        return
    assert parts_from_json(parts_to_json(parts)) == parts


def test_numbers_are_stored_plainly_and_written_for_people():
    assert [plain(D(each)) for each in ("4800.00", "3.850", "100", "1E+3", "0")] == ["4800", "3.85", "100", "1000", "0"]
    assert [written(D(each)) for each in ("4800.00", "-3.850")] == [f"4{NBSP}800", "−3,85"]
