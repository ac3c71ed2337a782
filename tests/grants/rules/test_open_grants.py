"""Rules GO-01 to GO-05: ids that stay, individuals never named, what changed, and what stops a file."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.open_grants import ChangeKind, Step, changes, faults, grant_id, open_text, recipient

T0 = datetime(2026, 11, 1, 9, tzinfo=UTC)
GRANT = {
    "id": "360G-x-KFN-2026-00001",
    "title": "Årligt bidrag",
    "description": "Når många barn.",
    "currency": "SEK",
    "amountAwarded": 12000.5,
    "awardDate": "2026-10-31",
    "dateModified": "2026-11-01T10:00:00+01:00",
    "recipientOrganization": [{"id": "SE-ON-8024001239", "name": "Teaterboden"}],
    "fundingOrganization": [{"id": "SE-ON-2120001991", "name": "Karlskoga kommun"}],
}
amounts = st.one_of(st.none(), st.integers(1, 10**8).map(lambda ore: Decimal(ore) / 100))


def codes(**changed):
    return [fault.code for fault in faults([{**GRANT, **changed}], "360G-x")]


def test_an_id_is_the_prefix_and_the_case_number():
    assert grant_id("360G-x", "KFN 2026-00012") == "360G-x-KFN-2026-00012"


def test_an_id_needs_both_its_halves():
    with pytest.raises(ValueError, match="made of"):
        grant_id("", "KFN 2026-00012")


@pytest.mark.parametrize("number", ["8507099805", "0102031234", "850769980", "", "8507699802"])
def test_whoever_has_a_persons_number_is_never_named(number):
    """Case 61."""
    found = recipient("Karin Karlsson", number, "360G-x-1")

    assert found.is_individual
    assert "Karin" not in found.name + found.id
    assert not number or number not in found.id


@given(st.text(), st.text(max_size=12))
def test_a_name_leaves_only_with_an_organisations_number(name, number):
    """Case 61."""
    found = recipient(name, number, "360G-x-1")
    assert found.is_individual or (found.name == name and number[2] >= "2" and len(number) == 10)


def test_a_text_with_a_personal_number_is_exchanged():
    assert open_text("Sökt av 850709-9805", "Syftet", is_individual=False) == "Syftet"
    assert open_text("Når barn", "Syftet", is_individual=True) == "Syftet"
    assert open_text(" Når \n barn ", "Syftet", is_individual=False) == "Når barn"


def test_changes_tell_what_was_added_changed_and_removed():
    """Case 62."""
    steps = [
        Step(T0, None),
        Step(T0 + timedelta(1), Decimal(10)),
        Step(T0 + timedelta(2), Decimal(7)),
        Step(T0 + timedelta(3), None),
    ]

    found = changes(reversed(steps))

    assert [(each.kind, each.before, each.after) for each in found] == [
        (ChangeKind.ADDED, None, 10),
        (ChangeKind.CHANGED, 10, 7),
        (ChangeKind.REMOVED, 7, None),
    ]


@given(st.lists(amounts))
def test_replaying_the_log_gives_what_stands(given_amounts):
    """Case 62."""
    steps = [Step(T0 + timedelta(days), amount) for days, amount in enumerate(given_amounts)]
    stands = None
    for change in changes(steps):
        assert change.before == stands
        stands = change.after
    assert stands == (given_amounts[-1] if given_amounts else None)


def test_a_right_grant_has_no_faults():
    assert codes() == []
    assert codes(amountDisbursed=0) == []
    assert codes(amountDisbursed=12000.5) == []
    assert codes(recipientOrganization=[], recipientIndividual={"id": "x", "name": "Enskild mottagare"}) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"id": "GB-1"}, "id_missing"),
        ({"title": " "}, "text_missing"),
        ({"description": "Sökt av 850709-9805"}, "personal_number"),
        ({"currency": "GBP"}, "currency"),
        ({"amountAwarded": 0}, "amount"),
        ({"amountAwarded": 10.001}, "amount"),
        ({"amountAwarded": True}, "amount"),
        ({"amountDisbursed": -1}, "disbursed"),
        ({"amountDisbursed": "500"}, "disbursed"),
        ({"amountAppliedFor": 0}, "applied_for"),
        ({"awardDate": "2026-02-30"}, "award_date"),
        ({"dateModified": "2026-10-30T10:00:00+01:00"}, "modified"),
        ({"dateModified": "2026-11-01T10:00:00"}, "modified"),
        ({"recipientOrganization": []}, "recipient"),
        ({"recipientOrganization": [{"id": "SE-ON-8507099805", "name": "K"}]}, "recipient_number"),
        ({"recipientOrganization": [], "recipientIndividual": {"id": "x", "name": "Karin"}}, "individual_named"),
        ({"fundingOrganization": []}, "funder"),
    ],
)
def test_each_fault_is_seen(changed, code):
    assert codes(**changed) == [code]


def test_the_same_id_twice_is_seen():
    assert [fault.code for fault in faults([GRANT, GRANT], "360G-x")] == ["id_twice"]
