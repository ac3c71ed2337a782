"""Money out: in parts that sum to the grant, to verified accounts, in files that cannot run twice."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from lxml import etree

from associations.models import BankAccount
from associations.rules.numbers import NumberRefused, bank_giro
from grants.actions import payments, reports
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import InstalmentStatus, PaymentLineStatus
from grants.models import Instalment, PaymentLine, PaymentRun
from records import storage
from records.models import Event
from tests.grants.deciding.conftest import LATER
from tests.grants.deciding.threads import in_threads

PAYS = date(2027, 1, 15)
NS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"}


@pytest.fixture
def in_parts(publish_call, plan, hand_in, association, alice):
    """An application in a call that pays 40/40/20 and asks for a report on 1 September 2027."""
    call = publish_call(replace(plan, instalment_shares=[40, 40, 20], report_due_on=date(2027, 9, 1)))
    return hand_in(call, association, alice, asked="33 333,33")


@pytest.fixture
def run(officer):
    def make(*instalments, pays_on=PAYS, by=None):
        return payments.make_run(instalments, pays_on=pays_on, by=by or officer, at=LATER)

    return make


@pytest.fixture
def two(publish, hand_in, call, association, other_association, alice, stranger, account):
    """Two planned instalments, of two associations with verified accounts."""
    account(association)
    account(other_association, "50501055")
    first = publish(hand_in(call, association, alice, asked="10 000"))
    second = publish(hand_in(call, other_association, stranger, asked="20 000,50"))
    return first.instalments.get(), second.instalments.get()


def file_of(run):
    with storage.open_bytes(run.file.path) as file:
        return etree.fromstring(file.read())


def test_instalments_sum_to_the_grant_exactly(in_parts, publish):
    """Case 46. Instalments of 33 333,33 at 40/40/20: 13 333,33 / 13 333,33 / 6 666,67."""
    rows = publish(in_parts).instalments.order_by("number")
    assert [row.amount for row in rows] == [Decimal("13333.33"), Decimal("13333.33"), Decimal("6666.67")]
    assert [row.due_on for row in rows] == [PAYS, date(2027, 9, 1), date(2027, 9, 1)]
    assert [row.needs_report for row in rows] == [False, True, True]


def test_the_yearly_support_is_paid_once_on_the_calls_day(application, publish):
    row = publish(application).instalments.get()
    assert (row.amount, row.due_on) == (Decimal("12000.50"), PAYS)


def test_the_second_instalment_waits_for_an_approved_report(in_parts, publish, account, officer, run, alice, association):
    """Case 48. Instalment 2 requires approved report: blocked until then."""
    account(association)
    second = publish(in_parts).instalments.get(number=2)
    with pytest.raises(NotAllowedNow):
        run(second, pays_on=date(2027, 9, 10))
    assert second not in Instalment.objects.due(date(2027, 9, 10))
    report = in_parts.report
    answers = {"done": "Allt.", "effect": "Fler med."}
    reports.hand_in(report, answers=answers, spent=in_parts.asked, by=alice, at=LATER)
    with pytest.raises(NotAllowedNow):
        run(second, pays_on=date(2027, 9, 10))
    reports.review(report, approved=True, by=officer, at=LATER)
    assert second in Instalment.objects.due(date(2027, 9, 10))
    assert run(second, pays_on=date(2027, 9, 10)).total == Decimal("13333.33")


def test_the_file_holds_every_payment_and_its_control_sum(two, run):
    """Case 47. Run file has control sum = sum of lines."""
    made = run(*two)
    root = file_of(made)
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=NS) == "30000.50" == str(made.total)
    assert root.findtext(".//p:GrpHdr/p:NbOfTxs", namespaces=NS) == "2" == str(made.lines_count)
    assert [each.text for each in root.iterfind(".//p:InstdAmt", NS)] == ["10000.00", "20000.50"]
    assert [each.text for each in root.iterfind(".//p:Cdtr/p:Nm", NS)] == ["Teaterboden", "Karlskoga Kammarkör"]
    assert sum(line.amount for line in made.lines.all()) == made.total


def test_a_bank_giro_with_the_wrong_check_digit_is_refused():
    """Case 47. Bankgiro 5050-1055 passes Luhn, 5050-1054 fails."""
    assert bank_giro("5050-1055") == "50501055"
    with pytest.raises(NumberRefused):
        bank_giro("5050-1054")


def test_money_goes_only_to_a_verified_account(application, publish, run, account, association):
    """Case 47. Only accounts verified and in the association's name."""
    instalment = publish(application).instalments.get()
    with pytest.raises(NotAllowedNow):
        run(instalment)
    row = account(association)
    BankAccount.objects.filter(pk=row.pk).update(verified_at=None, verified_by=None)
    with pytest.raises(NotAllowedNow):
        run(Instalment.objects.get())
    BankAccount.objects.filter(pk=row.pk).update(verified_at=LATER, verified_by=instalment.decision.decided_by)
    assert run(Instalment.objects.get()).lines.get().payee == "Teaterboden"


def test_the_same_instalment_does_not_go_twice(two, run):
    """Case 47. Re-running the same run is refused."""
    run(*two)
    with pytest.raises(NotAllowedNow):
        run(*two)
    assert PaymentRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_made_at_once_hold_an_instalment_once(two, officer, other_officer):
    """Case 47. Two sessions racing: one wins, the other is told."""
    results = in_threads(
        lambda: payments.make_run(two, pays_on=PAYS, by=officer, at=LATER),
        lambda: payments.make_run(two, pays_on=PAYS, by=other_officer, at=LATER),
    )
    assert sorted(type(result).__name__ for result in results) == ["NotAllowedNow", "PaymentRun"]
    assert PaymentLine.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_different_payments_get_numbers_of_their_own(two, officer, other_officer):
    first, second = two
    results = in_threads(
        lambda: payments.make_run([first], pays_on=PAYS, by=officer, at=LATER),
        lambda: payments.make_run([second], pays_on=PAYS, by=other_officer, at=LATER),
    )
    assert sorted(run.number for run in results) == [1, 2]


def test_another_person_approves_the_file(two, run, officer, other_officer, settings):
    made = run(*two)
    with pytest.raises(NotAllowedNow):
        payments.approve_run(made, by=officer, at=LATER)
    payments.approve_run(made, by=other_officer, at=LATER)
    with pytest.raises(NotAllowedNow):
        payments.approve_run(made, by=other_officer, at=LATER)


def test_by_a_setting_one_person_is_enough(two, run, officer, settings):
    settings.GRANTS_PAYMENT_NEEDS_TWO = False
    assert payments.approve_run(run(*two), by=officer, at=LATER).approved_by == officer


def test_nothing_is_paid_from_a_file_that_is_not_approved(two, run, officer):
    made = run(*two)
    assert payments.mark_paid(made.lines.all(), on=PAYS, by=officer, at=LATER) == 0


def test_a_rejected_payment_leaves_the_others_paid(two, run, officer, other_officer):
    """Case 47. One rejected line does not mark others unpaid."""
    made = payments.approve_run(run(*two), by=other_officer, at=LATER)
    one, other = made.lines.order_by("pk")
    payments.mark_rejected(one, reason="Kontot är avslutat", by=officer, at=LATER)
    assert payments.mark_paid(made.lines.all(), on=PAYS, by=officer, at=LATER) == 1
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.status, other.status) == (PaymentLineStatus.REJECTED, PaymentLineStatus.PAID)
    statuses = dict(Instalment.objects.values_list("pk", "status"))
    assert (statuses[one.instalment_id], statuses[other.instalment_id]) == (InstalmentStatus.PLANNED, InstalmentStatus.PAID)


def test_a_rejected_payment_waits_until_it_is_released_and_then_goes_in_a_new_file(two, run, officer, other_officer):
    made = payments.approve_run(run(*two), by=other_officer, at=LATER)
    line = made.lines.order_by("pk").first()
    payments.mark_rejected(line, reason="Kontot är avslutat", by=officer, at=LATER)
    instalment = Instalment.objects.get(pk=line.instalment_id)
    assert "Kontot är avslutat" in instalment.held_reason
    with pytest.raises(NotAllowedNow):
        run(instalment)
    payments.release(instalment, reason="Nytt konto.", by=officer, at=LATER)
    again = run(Instalment.objects.get(pk=instalment.pk))
    assert again.lines.get().end_to_end_id != line.end_to_end_id


def test_a_stopped_file_gives_its_payments_back_and_keeps_its_number(two, run, officer, other_officer):
    made = run(*two)
    payments.stop_run(made, reason="Fel dag.", by=other_officer, at=LATER)
    assert Instalment.objects.planned().count() == 2
    with pytest.raises(NotAllowedNow):
        payments.approve_run(PaymentRun.objects.get(pk=made.pk), by=other_officer, at=LATER)
    assert run(*Instalment.objects.all()).number == 2


def test_an_inquiry_holds_a_payment_back(two, run, officer):
    first, second = two
    with pytest.raises(NotComplete):
        payments.hold(first, reason="", by=officer, at=LATER)
    payments.hold(first, reason="Utredning pågår.", by=officer, at=LATER)
    with pytest.raises(NotAllowedNow, match="Utredning pågår"):
        run(*two)
    assert list(Instalment.objects.due(PAYS)) == [second]
    assert run(second).lines_count == 1
    payments.release(first, by=officer, at=LATER)
    assert run(first).lines_count == 1


def test_a_payment_is_not_made_before_its_day_or_in_the_past(two, run):
    for day in (PAYS - timedelta(days=1), LATER.date() - timedelta(days=1)):
        with pytest.raises(NotAllowedNow):
            run(*two, pays_on=day)


def test_only_officers_pay(two, run, decision_maker, alice, auditor):
    for user in (decision_maker, alice, auditor):
        with pytest.raises(NotAllowedNow):
            run(*two, by=user)


def test_the_payee_is_mandatory_and_an_empty_file_is_not_made(two, run):
    with pytest.raises(NotComplete):
        run()
    run(*two)
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        PaymentLine.objects.update(payee="")


def test_not_even_raw_sql_changes_what_was_sent_to_the_bank(two, run, other_officer):
    payments.approve_run(run(*two), by=other_officer, at=LATER)
    for statement in (
        "UPDATE grants_paymentline SET amount = amount + 1",
        "UPDATE grants_paymentline SET account_number = '1'",
        "DELETE FROM grants_paymentline",
        "UPDATE grants_paymentrun SET total = 1",
        "UPDATE grants_paymentrun SET approved_at = NULL, approved_by_id = NULL",
        "DELETE FROM grants_paymentrun",
        "UPDATE grants_instalment SET amount = amount + 1",
        "DELETE FROM grants_instalment",
    ):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_holds_an_instalment_in_one_file_at_a_time(two, run):
    made = run(*two)
    line = made.lines.first()
    line.pk, line.end_to_end_id = None, "again"
    with pytest.raises(IntegrityError, match="instalment_paid_once"), transaction.atomic():
        line.save(force_insert=True)


def test_each_time_the_file_is_fetched_is_logged(two, run, officer):
    made = run(*two)
    payments.note_fetched(made, by=officer, at=LATER)
    payments.note_fetched(made, by=officer, at=LATER)
    assert Event.objects.filter(verb="grants.run_fetched", by=officer).count() == 2
