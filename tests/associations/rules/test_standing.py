"""Every requirement for support: met, not met, or met by dispensation; always with a reason."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.rules.facts import AssociationFacts, BoardSeat, Dispensation, Requirements
from associations.rules.standing import CODES, may_be_dispensed, standing
from records.values import Period

DAY = date(2026, 9, 15)
TERM = Period(date(2026, 3, 1), date(2027, 3, 1))
DOCUMENTS = ("annual_report", "profit_and_loss", "balance_sheet", "auditors_report", "plan", "budget", "statutes")

ASKED = Requirements(
    members_needed=10,
    fee_needed=Decimal(1),
    board_roles=("chair", "treasurer", "secretary"),
    home_share=Decimal(50),
    record_months=24,
    dialogue_on=date(2026, 4, 20),
    categories=frozenset({"youth", "culture"}),
    kinds_excluded=frozenset({"political", "supporter"}),
    months_old=6,
    documents=DOCUMENTS,
)

GOOD = AssociationFacts(
    organisation_number="8024001235",
    category="culture",
    statutes_approved_on=date(2020, 5, 1),
    democratic=True,
    open_to_all=True,
    active_members=40,
    members=50,
    members_at_home=45,
    member_fee=Decimal(100),
    board=tuple(BoardSeat(role, TERM) for role in ("chair", "treasurer", "secretary", "member")),
    seat_at_home=True,
    activity_at_home=True,
    record_checks=(date(2025, 1, 10), date(2026, 8, 1)),
    dialogue_years=frozenset({2026}),
    founded_on=date(1998, 2, 1),
    documents_accepted=frozenset(DOCUMENTS),
    account_verified_on=date(2026, 1, 15),
    confirmed_on=date(2026, 2, 1),
)


def found(rule, *, day=DAY, asked=ASKED, **changed):
    """The one finding of *rule* about a good association with some facts changed."""
    [finding] = [each for each in standing(replace(GOOD, **changed), asked, day) if each.rule == rule]
    return finding


def test_an_association_that_meets_everything_stands_well():
    findings = standing(GOOD, ASKED, DAY)
    assert all(findings)
    assert [finding.rule for finding in findings] == [f"A-{number:02}" for number in range(1, 20)]


@pytest.mark.parametrize(
    ("rule", "changed", "code", "figures"),
    [
        ("A-01", {"statutes_approved_on": None}, "statutes_not_approved", {}),
        ("A-02", {"democratic": False}, "not_democratic", {}),
        ("A-02", {"democratic": None}, "democratic_not_stated", {}),
        ("A-03", {"open_to_all": False}, "not_open_to_all", {}),
        ("A-03", {"open_to_all": None}, "open_to_all_not_stated", {}),
        ("A-04", {"active_members": 8}, "too_few_members", {"members": 8, "needed": 10}),
        ("A-05", {"organisation_number": ""}, "organisation_number_missing", {}),
        ("A-05", {"organisation_number": "8024001234"}, "organisation_number_wrong", {}),
        ("A-06", {"member_fee": None}, "fee_not_stated", {}),
        ("A-06", {"member_fee": Decimal(0)}, "fee_too_low", {"fee": Decimal(0), "needed": Decimal(1)}),
        ("A-07", {"board": (BoardSeat("chair", TERM),)}, "board_incomplete", {"missing": ("treasurer", "secretary")}),
        ("A-08", {"seat_at_home": False}, "seat_elsewhere", {}),
        ("A-09", {"activity_at_home": False}, "activity_elsewhere", {}),
        ("A-10", {"members_at_home": 25}, "most_members_elsewhere", {"at_home": 25, "members": 50}),
        ("A-10", {"members": 0, "members_at_home": 0}, "members_not_stated", {}),
        ("A-11", {"record_checks": None}, "record_people_not_stated", {}),
        ("A-11", {"record_checks": (DAY, None)}, "records_missing", {"people": 2, "missing": 1, "months": 24}),
        ("A-11", {"record_checks": (date(2024, 9, 15),)}, "records_missing", {"people": 1, "missing": 1, "months": 24}),
        ("A-12", {"dialogue_years": frozenset({2025})}, "dialogue_missed", {"year": 2026}),
        ("A-13", {"category": None}, "category_missing", {}),
        ("A-13", {"category": "company"}, "category_not_supported", {"category": "company"}),
        ("A-14", {"kind": "political"}, "kind_excluded", {"kind": "political"}),
        ("A-15", {"founded_on": None}, "founded_not_stated", {}),
        (
            "A-15",
            {"founded_on": date(2026, 3, 16)},
            "too_young",
            {"founded_on": date(2026, 3, 16), "months": 6, "old_enough_on": date(2026, 9, 16)},
        ),
        (
            "A-16",
            {"documents_accepted": frozenset(DOCUMENTS[:5]), "documents_waiting": frozenset({"budget"})},
            "documents_missing",
            {"accepted": 5, "needed": 7, "missing": ("statutes",), "waiting": ("budget",)},
        ),
        (
            "A-16",
            {"documents_accepted": frozenset(DOCUMENTS[:6]), "documents_waiting": frozenset({"statutes"})},
            "documents_waiting",
            {"accepted": 6, "needed": 7, "waiting": ("statutes",)},
        ),
        ("A-17", {"account_verified_on": None}, "account_not_verified", {}),
        ("A-18", {"entitled_to_state_support": True}, "state_support_first", {}),
        ("A-19", {"confirmed_on": date(2025, 12, 31)}, "facts_not_confirmed", {"year": 2026}),
    ],
)
def test_a_requirement_that_is_not_met_says_why(rule, changed, code, figures):
    finding = found(rule, **changed)
    assert not finding.met
    assert (finding.code, dict(finding.figures)) == (code, figures)


@pytest.mark.parametrize(
    ("rule", "changed", "code"),
    [
        ("A-04", {"active_members": 10}, "enough_members"),
        ("A-10", {"members_at_home": 26}, "most_members_at_home"),
        ("A-11", {"record_checks": ()}, "nobody_meets_children"),
        ("A-11", {"record_checks": (date(2024, 9, 16),)}, "records_shown"),
        ("A-15", {"founded_on": date(2026, 3, 15)}, "old_enough"),
        ("A-18", {"entitled_to_state_support": True, "state_support_applied_for": True}, "state_support_applied_for"),
        ("A-18", {}, "state_support_not_due"),
    ],
)
def test_a_requirement_is_met_right_at_its_limit(rule, changed, code):
    finding = found(rule, **changed)
    assert finding.met
    assert finding.code == code


def test_a_board_whose_terms_have_ended_is_no_board():
    assert found("A-07", day=date(2027, 2, 28)).met
    assert found("A-07", day=date(2027, 3, 1)).figures["missing"] == ("chair", "treasurer", "secretary")


def test_an_extract_dated_in_the_future_was_never_shown():
    assert not found("A-11", record_checks=(date(2026, 9, 16),))


def test_nobody_has_missed_a_dialogue_meeting_that_is_not_yet_held():
    assert found("A-12", day=date(2026, 4, 20), dialogue_years=frozenset()).code == "dialogue_not_yet_held"
    assert found("A-12", asked=replace(ASKED, dialogue_on=None), dialogue_years=frozenset()).met
    assert not found("A-12", day=date(2026, 4, 21), dialogue_years=frozenset())


def test_eight_members_are_enough_while_a_dispensation_runs():
    dispensation = Dispensation("A-04", Period(date(2026, 1, 1), date(2026, 7, 1)))
    during = found("A-04", day=date(2026, 6, 30), active_members=8, dispensations=(dispensation,))
    after = found("A-04", day=date(2026, 7, 1), active_members=8, dispensations=(dispensation,))
    assert during.met
    assert during.code == "too_few_members"
    assert during.dispensed_through == date(2026, 6, 30)
    assert not after.met
    assert after.dispensed_through is None


def test_a_dispensation_from_anything_else_changes_nothing():
    dispensation = Dispensation("A-06", Period(date(2026, 1, 1), date(2027, 1, 1)))
    assert not found("A-06", member_fee=Decimal(0), dispensations=(dispensation,))


def test_a_dispensation_that_is_not_needed_is_not_mentioned():
    dispensation = Dispensation("A-04", Period(date(2026, 1, 1), date(2027, 1, 1)))
    assert found("A-04", dispensations=(dispensation,)).dispensed_through is None


def test_a_requirement_that_is_left_out_is_not_asked():
    findings = standing(replace(GOOD, member_fee=None), replace(ASKED, left_out=frozenset({"A-06", "A-18"})), DAY)
    assert all(findings)
    assert {"A-06", "A-18"}.isdisjoint(finding.rule for finding in findings)


@pytest.mark.parametrize(
    ("rule", "period", "code"),
    [
        ("A-04", Period(date(2026, 7, 1), date(2027, 7, 1)), "dispensation_possible"),
        ("A-04", Period(date(2026, 7, 1), date(2027, 7, 2)), "dispensation_too_long"),
        ("A-07", Period(date(2026, 7, 1)), "dispensation_without_end"),
        ("A-01", Period(date(2026, 7, 1), date(2026, 8, 1)), "dispensation_not_possible"),
    ],
)
def test_a_dispensation_runs_for_one_year_at_most(rule, period, code):
    finding = may_be_dispensed(rule, period, ASKED)
    assert finding.code == code
    assert finding.met == (code == "dispensation_possible")
    assert set(finding.figures) == set(CODES[code])


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
maybe_day = st.none() | days
facts = st.builds(
    AssociationFacts,
    organisation_number=st.sampled_from(["", "8024001235", "8024001234", "nonsense"]),
    category=st.sampled_from([None, "culture", "company"]),
    kind=st.sampled_from(["", "political"]),
    statutes_approved_on=maybe_day,
    democratic=st.none() | st.booleans(),
    open_to_all=st.none() | st.booleans(),
    active_members=st.integers(0, 30),
    members=st.integers(0, 60),
    members_at_home=st.integers(0, 60),
    member_fee=st.none() | st.decimals(0, 500, places=2),
    board=st.lists(st.builds(BoardSeat, st.sampled_from(["chair", "treasurer", "secretary"]), st.just(TERM)), max_size=4).map(
        tuple
    ),
    seat_at_home=st.booleans(),
    activity_at_home=st.booleans(),
    record_checks=st.none() | st.lists(maybe_day, max_size=3).map(tuple),
    dialogue_years=st.frozensets(st.integers(2024, 2027)),
    founded_on=maybe_day,
    documents_accepted=st.frozensets(st.sampled_from(DOCUMENTS)),
    documents_waiting=st.frozensets(st.sampled_from(DOCUMENTS)),
    account_verified_on=maybe_day,
    entitled_to_state_support=st.booleans(),
    state_support_applied_for=st.booleans(),
    confirmed_on=maybe_day,
)


@given(facts, days)
def test_every_finding_carries_a_known_code_with_its_figures(facts, day):
    for finding in standing(facts, ASKED, day):
        assert set(finding.figures) == set(CODES[finding.code])


@given(facts, days, st.sampled_from(["A-04", "A-07"]))
def test_a_dispensation_only_ever_helps(facts, day, rule):
    helped = replace(facts, dispensations=(Dispensation(rule, Period(date(2024, 1, 1), date(2028, 1, 1))),))
    for before, after in zip(standing(facts, ASKED, day), standing(helped, ASKED, day), strict=True):
        assert after.met >= before.met
        assert after.met == before.met or after.rule == rule
