"""A loss guarantee after the event: the report's figures, counted again by a new decision with its lines, never in silence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from grants.actions import decisions, payments, reports, schemes
from grants.actions.ledger import net_paid, planned
from grants.actions.refusals import NotComplete
from grants.actions.report_plan import count_again, plan_of
from grants.choices import InstalmentStatus, Outcome
from grants.models import Instalment, Reclaim
from grants.rules.calculation import Facts, calculate
from grants.rules.parts_json import parts_from_json
from tests.grants.conftest import FORM, PLANNED
from tests.grants.deciding.conftest import LATER

COLUMNS = [{"key": "what", "label": "Vad", "kind": "text"}, {"key": "kronor", "label": "Kronor", "kind": "amount"}]
BUDGET = {
    "key": "event",
    "title": "Arrangemanget",
    "questions": [
        {"key": "costs", "label": "Kostnader", "kind": "table", "columns": COLUMNS},
        {"key": "incomes", "label": "Intäkter", "kind": "amount"},
    ],
}
PARTS = [{"kind": "loss_guarantee", "costs": "costs.kronor", "incomes": "incomes"}]
TOLD = {"done": "Konserten blev av.", "effect": "Trehundra kom."}


@pytest.fixture
def version(scheme, officer):
    terms = schemes.Terms(valid_from=date(2026, 1, 1), form=[*FORM, BUDGET], parts=PARTS)
    return schemes.write_version(scheme, terms, by=officer, at=PLANNED)


@pytest.fixture
def guaranteed(publish_call, plan, hand_in, association, alice, publish, account, officer, other_officer):
    """Costs 45 000 and incomes 25 000 planned: 20 000 kr guaranteed, half of it paid, the rest when the report is approved."""
    account(association)
    call = publish_call(replace(plan, report_due_on=date(2027, 9, 1), instalment_shares=(50, 50)))
    costs = [{"what": "Lokal", "kronor": "30000"}, {"what": "Artister", "kronor": "15000"}]
    application = hand_in(call, association, alice, asked="20 000", costs=costs, incomes="25 000")
    decision = publish(application)
    assert decision.amount == 20000
    run = payments.make_run(decision.instalments.filter(number=1), pays_on=date(2027, 1, 15), by=officer, at=LATER)
    payments.approve_run(run, by=other_officer, at=LATER)
    payments.mark_paid(run.lines.all(), on=date(2027, 1, 15), by=officer, at=LATER)
    application.refresh_from_db()
    return application


@pytest.fixture
def reported(guaranteed, alice, officer):
    """reported("40000", "25000"): what it came to, handed in and approved."""

    def do(costs, incomes, spent="20000"):
        answers = TOLD | {"actual-costs.kronor": costs, "actual-incomes": incomes}
        figures = {"spent": Decimal(spent), "explanation": "Det gick bättre än väntat."}
        report = reports.hand_in(guaranteed.report, answers=answers, by=alice, at=LATER, **figures)
        return reports.review(report, approved=True, by=officer, at=LATER)

    return do


@pytest.fixture
def decide_anew(guaranteed, propose, decision_maker):
    def do(**chosen):
        made = decisions.decide(propose(guaranteed, **chosen), by=decision_maker, at=LATER)
        return decisions.publish([made], by=decision_maker, at=LATER)[0]

    return do


def bound(application):
    """Paid and planned less what has come back (Case 52)."""
    return net_paid(application) + planned(application)


def test_the_report_asks_what_the_rules_count_on(guaranteed, alice):
    assert [(row.key, row.amount, row.needed) for row in plan_of(guaranteed.report)] == [
        ("costs.kronor", 45000, True),
        ("incomes", 25000, True),
    ]
    with pytest.raises(NotComplete) as refused:
        reports.hand_in(guaranteed.report, answers=TOLD, spent=Decimal(20000), by=alice, at=LATER)
    assert refused.value.fields == ("actual-costs.kronor", "actual-incomes")


def test_an_approved_report_changes_no_decision_and_stops_what_is_still_to_be_paid(guaranteed, reported):
    reported("40000", "25000")

    guaranteed.refresh_from_db()
    assert (guaranteed.granted, guaranteed.decisions.count()) == (20000, 1)
    held = Instalment.objects.get(status=InstalmentStatus.PLANNED)
    assert (held.amount, bool(held.held_reason)) == (10000, True)
    assert count_again(guaranteed).amount == 15000


def test_a_new_decision_counts_on_the_report_with_its_lines_and_the_money_follows(guaranteed, reported, decide_anew):
    """Lidköping: the smaller of what was granted and the actual loss."""
    reported("40000", "25000")

    new = decide_anew(amount=Decimal(15000))

    (line,) = new.calculation
    assert (line["rule"], line["label"], line["amount"]) == ("GS-24", "loss_guarantee_actual", "15000.00")
    assert line["arithmetic"].startswith("40\xa0000 − 25\xa0000 = 15\xa0000")
    assert new.override_reason == ""
    assert new.basis["report"]["figures"] == {"costs.kronor": "40000", "incomes": "25000"}
    assert (new.number, new.replaces.amount) == (2, 20000)
    assert [row.amount for row in new.instalments.all()] == [5000]
    assert bound(guaranteed) == 15000


def test_what_was_paid_beyond_the_loss_is_claimed_back(guaranteed, reported, decide_anew):
    reported("31000", "25000")
    decide_anew(amount=Decimal(6000))

    assert Reclaim.objects.get().amount == 4000
    assert not Instalment.objects.planned().exists()


def test_without_a_loss_the_guarantee_is_refused_and_paid_back(guaranteed, reported, decide_anew):
    reported("25000", "30000", spent="0")

    new = decide_anew(outcome=Outcome.REFUSE)

    assert (new.amount, new.calculation[0]["amount"]) == (None, "0.00")
    assert Reclaim.objects.get().amount == 10000


def test_a_larger_loss_gives_no_more_than_was_granted(guaranteed, reported):
    reported("90000", "25000")

    assert count_again(guaranteed).amount == 20000


def test_counted_again_a_second_time_it_is_still_the_guarantee_that_is_the_limit(guaranteed, reported, decide_anew):
    reported("40000", "25000")
    decide_anew(amount=Decimal(15000))

    assert count_again(guaranteed).lines[0]["inputs"][-1] == ["granted", "20000"]


def test_a_departure_from_what_the_report_gives_needs_its_reason(guaranteed, reported, propose):
    reported("40000", "25000")

    with pytest.raises(NotComplete, match="15\xa0000"):
        propose(guaranteed, amount=Decimal(18000))


def test_the_officer_is_led_from_the_report_to_a_new_decision(guaranteed, alice, officer, sign_in):
    client = sign_in(alice)
    typed = TOLD | {"spent": "15 000", "explanation": "Fler kom.", "actual-costs.kronor": "40 000", "actual-incomes": ""}
    address = reverse("grants:report", args=[guaranteed.report.pk])
    refused = client.post(address, typed | {"hand_in": "yes"})
    assert "Skriv vad det blev: Intäkter. Skriv 0 om det inte blev något." in refused.content.decode()
    assert client.post(address, typed | {"actual-incomes": "25 000", "hand_in": "yes"}).status_code == 302

    desk = sign_in(officer)
    review = reverse("grants:report_review", args=[guaranteed.report.pk])
    assert desk.post(review, {"approve": "yes", "reason": ""}).url == review
    page = desk.get(review).content.decode()
    write = reverse("grants:proposal_write", args=[guaranteed.pk])
    assert "Reglerna ger 15\xa0000\xa0kr för det som det blev" in page
    assert write in page
    proposal = desk.get(write).content.decode()
    assert "enligt redovisningen" in proposal
    assert 'value="15' in proposal


@given(costs=st.integers(0, 10**7), incomes=st.integers(0, 10**7), granted=st.integers(1, 10**6), percent=st.integers(0, 100))
def test_a_guarantee_pays_neither_more_than_the_loss_nor_than_was_granted(costs, incomes, granted, percent):
    parts = parts_from_json([{"kind": "loss_guarantee", "costs": "c", "incomes": "i", "percent": percent}])
    quantities = {"c": Decimal(costs), "i": Decimal(incomes), "granted": Decimal(granted)}

    paid = calculate(parts, Facts(quantities=quantities)).total

    assert 0 <= paid <= min(Decimal(granted), max(Decimal(costs - incomes), Decimal(0)))
