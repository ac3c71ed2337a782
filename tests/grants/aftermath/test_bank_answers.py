"""The bank's files taken in: paid, rejected, returned; twice changes nothing; what is not ours is told."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grants.actions import payments
from grants.actions.bank_answers import take_in
from grants.actions.ledger import net_paid, planned
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import BankResult, InstalmentStatus
from grants.models import BankFile, Conflict, Instalment, PaymentLine
from tests.grants.aftermath.files import camt, entry, pain, status
from tests.grants.deciding.conftest import *  # noqa: F403 - from a handed-in application to a paid one
from tests.grants.deciding.conftest import LATER

PAYS = date(2027, 1, 15)


@pytest.fixture
def sent(application, publish, account, association, officer, other_officer):
    """The line of 12 000,50 kr in an approved file."""
    account(association)
    run = payments.make_run(publish(application).instalments.all(), pays_on=PAYS, by=officer, at=LATER)
    payments.approve_run(run, by=other_officer, at=LATER)
    return run.lines.get()


@pytest.fixture
def take(officer):
    def do(content, by=officer):
        return take_in(content, name="bank.xml", by=by, at=LATER)[0]

    return do


def told(row):
    return [line["told"] for line in row.results]


def test_a_debit_advice_notes_the_payment_as_paid(sent, take):
    row = take(camt(entry(sent.end_to_end_id, "12000.50")))

    sent.refresh_from_db()
    assert told(row) == [BankResult.PAID]
    assert (sent.status, sent.paid_on) == ("paid", PAYS)


def test_a_status_report_notes_the_payment_as_rejected_and_it_waits(sent, take):
    take(pain(status(sent.end_to_end_id, "RJCT", "12000.50", "AC04", "Kontot avslutat")))

    sent.refresh_from_db()
    assert (sent.status, sent.bank_reason) == ("rejected", "AC04 Kontot avslutat")
    assert "AC04" in Instalment.objects.get().held_reason


def test_a_file_turned_away_whole_rejects_every_payment_in_it(sent, take):
    row = take(pain(about=sent.run.message_id, group="RJCT"))
    assert told(row) == [BankResult.REJECTED]


def test_what_came_back_waits_again_and_is_counted_as_not_paid(sent, take, application):
    take(camt(entry(sent.end_to_end_id, "12000.50")))
    assert net_paid(application) == Decimal("12000.50")

    row = take(camt(entry(sent.end_to_end_id, "12000.50", credit=True, code="AC01"), id_="BANK-C-2"))

    sent.refresh_from_db()
    assert told(row) == [BankResult.RETURNED]
    assert (sent.status, sent.paid_on, sent.returned_on) == ("returned", PAYS, PAYS)
    assert (net_paid(application), planned(application)) == (0, Decimal("12000.50"))
    assert Instalment.objects.get().held_reason


def test_what_came_back_of_a_grant_that_no_longer_stands_is_not_paid_again(sent, take, application, propose, decision_maker):
    from grants.actions import decisions  # noqa: PLC0415 - only here

    take(camt(entry(sent.end_to_end_id, "12000.50")))
    application.refresh_from_db()
    made = decisions.decide(propose(application, outcome="refuse", override_reason="Fel."), by=decision_maker, at=LATER)
    decisions.publish([made], by=decision_maker, at=LATER)

    take(camt(entry(sent.end_to_end_id, "12000.50", credit=True), id_="BANK-C-2"))

    assert Instalment.objects.get().status == InstalmentStatus.CANCELLED
    assert planned(application) == 0


def test_the_same_file_twice_changes_nothing(sent, take):
    content = camt(entry(sent.end_to_end_id, "12000.50"))
    first = take(content)
    changed = PaymentLine.objects.values().get()

    assert take(content) == first
    assert take(content + b"\n") == first, "the same file by the bank's id"
    assert BankFile.objects.count() == 1
    assert PaymentLine.objects.values().get() == changed


def test_another_file_that_says_the_same_changes_nothing_either(sent, take):
    take(camt(entry(sent.end_to_end_id, "12000.50")))
    row = take(camt(entry(sent.end_to_end_id, "12000.50", on="2027-01-20"), id_="BANK-C-9"))

    sent.refresh_from_db()
    assert told(row) == [BankResult.KNOWN]
    assert sent.paid_on == PAYS


def test_references_that_are_not_ours_and_other_amounts_are_told_and_change_nothing(sent, take):
    row = take(camt(entry("EGEN-17", "5.00"), entry(sent.end_to_end_id, "12000.00")))

    sent.refresh_from_db()
    assert told(row) == [BankResult.UNKNOWN, BankResult.AMOUNT]
    assert sent.status == "sent"


def test_an_answer_about_a_file_that_nobody_has_approved_changes_nothing(
    application, publish, account, association, officer, take
):
    account(association)
    run = payments.make_run(publish(application).instalments.all(), pays_on=PAYS, by=officer, at=LATER)

    row = take(camt(entry(run.lines.get().end_to_end_id, "12000.50")))

    assert told(row) == [BankResult.UNSENT]


def test_a_file_about_a_case_one_has_an_interest_in_is_left_to_a_colleague(sent, take, officer, other_officer, application):
    """Case 25."""
    Conflict.objects.create(application=application, user=officer, source="declared", declared_at=LATER)
    content = camt(entry(sent.end_to_end_id, "12000.50"))

    with pytest.raises(NotAllowedNow):
        take(content)

    assert told(take(content, by=other_officer)) == [BankResult.PAID]


def test_a_hostile_file_is_refused_with_a_sentence_and_nothing_is_kept(sent, take):
    with pytest.raises(NotComplete, match="entiteter"):
        take(b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>')
    assert not BankFile.objects.exists()


def test_an_officer_takes_in_a_file_on_the_page(sign_in, officer, sent):
    upload = SimpleUploadedFile("svar.xml", camt(entry(sent.end_to_end_id, "12000.50"), entry("EGEN-17", "5.00")))
    client = sign_in(officer)

    answer = client.post(reverse("grants:bank_file_list"), {"file": upload}, follow=True)

    page = answer.content.decode()
    assert page.index("EGEN-17") < page.index(sent.end_to_end_id), "what needs somebody stands first"
    assert "ingen av våra betalningar har den referensen" in page.lower()
    assert "BANK-C-1" in client.get(reverse("grants:bank_file_list")).content.decode()


def test_a_file_that_is_wrong_is_told_beside_the_field(sign_in, officer, db):
    answer = sign_in(officer).post(reverse("grants:bank_file_list"), {"file": SimpleUploadedFile("a.xml", b"hej")})

    assert answer.status_code == 422
    assert "inte XML" in answer.content.decode()


def test_others_do_not_take_in_files(sign_in, alice, auditor, db):
    url = reverse("grants:bank_file_list")

    assert sign_in(alice).get(url).status_code == 403
    sign_in(auditor).post(url, {"file": SimpleUploadedFile("a.xml", camt())})
    assert not BankFile.objects.exists()
