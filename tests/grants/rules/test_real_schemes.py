"""Schemes that municipalities have, entered as data alone; and what the rules say about the traps in their texts."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.rules.members import MemberCount
from grants.rules.calculation import FactMissing, Facts, NotDefined, PotOutcome, calculate, calculation_to_json
from grants.rules.parts import LABELS
from grants.rules.parts_json import PartsNotReadable, parts_from_json, parts_to_json
from grants.rules.parts_pot import share_pot
from grants.rules.weaknesses import CODES, weaknesses

D = Decimal

TANUM = [
    {
        "kind": "stepped",
        "quantity": "members",
        "steps": [{"from": 10, "to": 50, "kronor": "4000"}, {"from": 51, "per_unit": "20"}],
    }
]
LJUNGBY = [  # the amounts are an example; the text leaves exactly 75 out
    {
        "kind": "stepped",
        "quantity": "activities",
        "steps": [{"from": 1, "to": 74, "kronor": "3000"}, {"from": 76, "kronor": "6000"}],
    }
]
ROBERTSFORS = [
    {"kind": "per_unit", "kronor": "300", "quantity": "people", "most": 3, "times": "days", "times_most": 5},
    {"kind": "at_most_share", "percent": "100", "quantity": "cost"},
    {"kind": "at_most_in_year", "kronor": "8000"},
]
LIDKOPING = [{"kind": "loss_guarantee", "costs": "cost", "incomes": "income"}]
GOTLAND = [
    {"kind": "per_unit", "kronor": "33", "quantity": "sessions"},
    {"kind": "per_unit", "kronor": "3.85", "quantity": "participations"},
]
FAGERSTA = [
    {"kind": "per_unit", "kronor": "75", "quantity": "sessions", "when": {"fact": "category", "is": ["youth", "culture"]}},
    {"kind": "per_unit", "kronor": "100", "quantity": "sessions", "when": {"fact": "category", "is": ["disability"]}},
]
LAHOLM = [  # the participations of one session, each in its band
    {"kind": "per_unit", "kronor": "7", "quantity": "aged_7_12_and_19_25"},
    {"kind": "per_unit", "kronor": "11", "quantity": "aged_13_18"},
    {"kind": "per_unit", "kronor": "14", "quantity": "priority_group"},
]
HARRYDA = [{"kind": "per_unit", "kronor": "1", "quantity": "participations"}, {"kind": "pot_share"}]
ALL = {
    "tanum": TANUM,
    "ljungby": LJUNGBY,
    "robertsfors": ROBERTSFORS,
    "lidkoping": LIDKOPING,
    "gotland": GOTLAND,
    "fagersta": FAGERSTA,
    "laholm": LAHOLM,
    "harryda": HARRYDA,
}


def amount(scheme, members=0, category=None, pot=None, **quantities):
    facts = Facts(
        members=(MemberCount(0, None, members),),
        quantities={name: D(value) for name, value in quantities.items()},
        choices={} if category is None else {"category": (category,)},
        pot=pot,
    )
    return calculate(parts_from_json(scheme), facts).total


@pytest.mark.parametrize("name", ALL)
def test_a_scheme_goes_out_and_in_as_the_same_data(name):
    assert parts_to_json(parts_from_json(ALL[name])) == ALL[name]
    assert parts_from_json(json.loads(json.dumps(ALL[name]))) == parts_from_json(ALL[name])


@pytest.mark.parametrize(("members", "kronor"), [(9, 0), (10, 4000), (50, 4000), (51, 1020), (200, 4000), (300, 6000)])
def test_tanum_pays_by_steps_of_members(members, kronor):
    assert amount(TANUM, members=members) == kronor


def test_ljungby_gives_no_guess_for_exactly_seventy_five_activities():
    assert amount(LJUNGBY, activities=74) == 3000
    assert amount(LJUNGBY, activities=76) == 6000
    with pytest.raises(NotDefined) as undefined:
        amount(LJUNGBY, activities=75)
    assert (undefined.value.name, undefined.value.value) == ("activities", 75)


@pytest.mark.parametrize(
    ("people", "days", "cost", "before", "kronor"),
    [
        (2, 3, 5000, 0, 1800),
        (5, 7, 20000, 0, 4500),  # at most 3 people and 5 days
        (2, 3, 1200, 0, 1200),  # never more than the course cost
        (3, 5, 20000, 6000, 2000),  # at most 8,000 a year
        (3, 5, 20000, 9000, 0),
    ],
)
def test_robertsfors_pays_leader_courses_within_every_cap(people, days, cost, before, kronor):
    assert amount(ROBERTSFORS, people=people, days=days, cost=cost, granted_before=before) == kronor


@pytest.mark.parametrize(
    ("costs", "incomes", "granted", "kronor"),
    [(40000, 25000, 20000, 15000), (60000, 25000, 20000, 20000), (20000, 25000, 20000, 0)],
)
def test_lidkoping_pays_the_smaller_of_what_was_granted_and_the_loss(costs, incomes, granted, kronor):
    assert amount(LIDKOPING, cost=costs, income=incomes, granted=granted) == kronor


def test_gotland_pays_per_session_and_per_participant():
    assert amount(GOTLAND, sessions=1, participations=14) == D("86.90")


def test_fagersta_pays_more_to_an_association_of_people_with_disabilities():
    assert amount(FAGERSTA, sessions=40, category="youth") == 3000
    assert amount(FAGERSTA, sessions=40, category="disability") == 4000
    with pytest.raises(FactMissing) as missing:
        amount(FAGERSTA, sessions=40)
    assert missing.value.name == "category"


def test_laholm_pays_by_age_band():
    assert amount(LAHOLM, aged_7_12_and_19_25=5 + 2, aged_13_18=4 + 1, priority_group=0) == 104


def test_harryda_shares_the_pot_over_all_participations():
    shared = share_pot(D(100_000), {1: D(300), 2: D(500), 3: D(201)})
    assert sum(shared.shares.values()) == 100_000
    outcome = PotOutcome(shared.kronor, shared.claims, shared.rate, D(500), shared.shares[2])
    assert amount(HARRYDA, participations=500, pot=outcome) == shared.shares[2] == D("49950.05")
    with pytest.raises(FactMissing, match="pot"):
        amount(HARRYDA, participations=500)
    with pytest.raises(FactMissing, match="pot"):  # the claim has changed since the pot was shared
        amount(HARRYDA, participations=499, pot=outcome)


def test_a_floating_rate_and_what_is_left_of_the_pot_are_told():
    shared = share_pot(D(100_000), {1: D(300), 2: D(500), 3: D(201)}, step=D("0.10"))
    assert (shared.rate, shared.residual) == (D("99.90"), D("0.10"))
    assert shared.shares[1] == D("29970.00")


def test_a_pot_that_is_large_enough_pays_every_claim_when_it_may_only_lower():
    assert share_pot(D(1000), {1: D(300)}, only_down=True).residual == 700
    assert share_pot(D(1000), {1: D(3000)}, only_down=True).shares == {1: D(1000)}


def test_slices_pay_each_part_of_the_number_at_its_own_rate():
    steps = [
        {"from": 1, "to": 100, "per_unit": "50"},
        {"from": 101, "to": 200, "per_unit": "25"},
        {"from": 201, "per_unit": "10"},
    ]
    scheme = [{"kind": "stepped", "quantity": "members", "sliced": True, "steps": steps}]
    assert [amount(scheme, members=n) for n in (0, 1, 100, 150, 250)] == [0, 50, 5000, 6250, 8000]
    assert weaknesses(parts_from_json(scheme)) == ()


@pytest.mark.parametrize(("cost", "kronor"), [(9000, 0), (10000, 0), (10100, 500), (30000, 10000), (90000, 25000)])
def test_a_share_of_what_is_above_a_deductible_has_a_floor_and_a_ceiling(cost, kronor):
    scheme = [
        {"kind": "share_of_cost", "quantity": "cost", "percent": 50, "deduct": "10000", "minimum": "500", "cap": "25000"},
    ]
    assert amount(scheme, cost=cost) == kronor


def found(scheme):
    return [(each.code, dict(each.figures)) for each in weaknesses(parts_from_json(scheme))]


def test_the_officer_sees_that_fifty_one_members_get_less_than_fifty_in_tanum():
    assert found(TANUM) == [
        ("jump", {"quantity": "members", "units": 9, "amount": 0, "more": 10, "after": 4000}),
        ("less_for_more", {"quantity": "members", "units": 50, "amount": 4000, "more": 51, "less": 1020, "again": 200}),
    ]


def test_the_officer_sees_that_exactly_seventy_five_is_left_out_in_ljungby():
    gap, *rest = weaknesses(parts_from_json(LJUNGBY))
    assert (gap.code, gap.blocks, gap.figures["first"], gap.figures["last"]) == ("gap", True, 75, 75)
    assert [each.code for each in rest] == ["jump"]


def test_the_officer_sees_steps_that_overlap_and_steps_that_end():
    steps = [{"from": 0, "to": 75, "kronor": "10"}, {"from": 75, "to": 100, "kronor": "20"}]
    assert found([{"kind": "stepped", "quantity": "activities", "steps": steps}]) == [
        ("overlap", {"quantity": "activities", "first": 75, "last": 75}),
        ("open_end", {"quantity": "activities", "last": 100}),
    ]


def test_the_officer_sees_the_threshold_of_enkopings_investments():
    scheme = [{"kind": "percent_of_cost", "percent": "40", "only_above": "52500", "cap": "120000"}]
    assert found(scheme) == [("jump", {"quantity": "cost", "units": 52500, "amount": 0, "more": 52501, "after": D("21000.40")})]


def test_the_officer_sees_ages_that_nobody_counts_and_ages_counted_twice():
    bands = [(7, 12), (12, 18), (20, 25)]
    scheme = [{"kind": "per_member", "kronor": "60", "age_from": first, "age_to": last} for first, last in bands]
    assert found(scheme) == [("age_overlap", {"first": 12, "last": 12}), ("age_gap", {"first": 19, "last": 19})]


def test_the_officer_sees_a_part_that_can_do_nothing_and_one_that_breaks_the_pot():
    scheme = [{"kind": "rounding"}, *HARRYDA, {"kind": "at_most", "kronor": "500"}]
    assert [(each.code, each.parts) for each in weaknesses(parts_from_json(scheme))] == [("no_effect", (0,)), ("after_pot", (3,))]


@pytest.mark.parametrize("name", ["robertsfors", "lidkoping", "gotland", "laholm", "harryda"])
def test_a_scheme_without_traps_has_nothing_to_show(name):
    assert weaknesses(parts_from_json(ALL[name])) == ()


@pytest.mark.parametrize(
    ("part", "field", "code"),
    [
        ({"kind": "stepped", "quantity": "members", "steps": []}, "steps", "no_steps"),
        ({"kind": "stepped", "quantity": "members", "steps": [{"to": 3}]}, "steps[0].from", "missing_field"),
        ({"kind": "stepped", "quantity": "members", "steps": [{"from": 9, "to": 3}]}, "steps[0].to", "band"),
        ({"kind": "stepped", "quantity": "members", "steps": [{"from": 1, "kr": 3}]}, "steps[0].kr", "unknown_field"),
        ({"kind": "stepped", "quantity": "members", "steps": [{"from": 1, "kronor": "x"}]}, "steps[0].kronor", "not_a_number"),
        ({"kind": "base_amount", "kronor": 1, "when": {"fact": "category"}}, "when.is", "not_a_list"),
        ({"kind": "base_amount", "kronor": 1, "when": {"is": ["a"]}}, "when", "not_a_text"),
        ({"kind": "base_amount", "kronor": 1, "when": []}, "when", "not_an_object"),
        ({"kind": "per_unit", "kronor": 1, "quantity": "q", "most": -1}, "most", "negative"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_its_path(part, field, code):
    with pytest.raises(PartsNotReadable) as wrong:
        parts_from_json([{"kind": "rounding"}, part])
    assert (wrong.value.index, wrong.value.field, wrong.value.code) == (1, field, code)
    assert str(wrong.value) == f"parts[1].{field}: {code}"


def test_there_is_at_most_one_pot():
    with pytest.raises(PartsNotReadable) as wrong:
        parts_from_json([{"kind": "pot_share"}, {"kind": "pot_share"}])
    assert (wrong.value.index, wrong.value.code) == (1, "two_pots")


money = st.integers(0, 10**8).map(lambda ore: D(ore) / 100)
claims = st.lists(money, max_size=12).map(lambda amounts: dict(enumerate(amounts, start=1)))


@given(money, claims, st.sampled_from([None, D("0.01"), D("0.10"), D(1)]), st.booleans())
def test_shares_and_what_is_left_always_sum_to_the_pot(pot, claims, step, only_down):
    shared = share_pot(pot, claims, step=step, only_down=only_down)
    assert sum(shared.shares.values()) + shared.residual == pot
    assert shared.residual >= 0
    assert all(share >= 0 for share in shared.shares.values())
    assert share_pot(pot, dict(reversed(claims.items())), step=step, only_down=only_down) == shared


steps = st.lists(
    st.tuples(st.integers(0, 60), st.none() | st.integers(0, 60), money, money).map(
        lambda row: {
            "from": row[0],
            **({} if row[1] is None else {"to": row[0] + row[1]}),
            "kronor": str(row[2]),
            "per_unit": str(row[3]),
        }
    ),
    min_size=1,
    max_size=5,
)


@given(steps, st.booleans(), st.integers(0, 150))
def test_a_number_without_one_amount_is_always_shown_as_a_gap_an_overlap_or_an_end(steps, sliced, units):
    parts = parts_from_json([{"kind": "stepped", "quantity": "activities", "steps": steps, "sliced": sliced}])
    try:
        calculate(parts, Facts(quantities={"activities": D(units)}))
    except NotDefined:
        assert {"gap", "overlap", "open_end"} & {each.code for each in weaknesses(parts)}


@given(steps)
def test_every_weakness_has_the_figures_of_its_sentence(steps):
    for each in weaknesses(parts_from_json([{"kind": "stepped", "quantity": "activities", "steps": steps}])):
        assert tuple(each.figures) == CODES[each.code]


@given(
    st.fixed_dictionaries(
        {
            name: st.integers(0, 10**5)
            for name in ("sessions", "participations", "people", "days", "cost", "income", "granted_before")
        }
    ),
    st.sampled_from([ROBERTSFORS, LIDKOPING, GOTLAND, FAGERSTA]),
    st.sampled_from(["youth", "disability", "other"]),
)
def test_whatever_is_counted_the_lines_sum_and_the_second_run_is_byte_for_byte_the_first(quantities, scheme, category):
    """Case 60. Old parameters and old facts give the old lines."""
    facts = Facts(quantities={name: D(value) for name, value in quantities.items()}, choices={"category": (category,)})
    first, second = (calculate(parts_from_json(scheme), facts) for _ in range(2))
    assert json.dumps(calculation_to_json(first)).encode() == json.dumps(calculation_to_json(second)).encode()
    assert first.total == sum(line.amount for line in first.lines) >= 0
    assert all(tuple(name for name, _ in line.inputs) == LABELS[line.label] for line in first.lines)
