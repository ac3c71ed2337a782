"""Members in figures, documents, accounts, extracts, meetings and dispensations."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from associations import actions
from associations.actions import FileRefused, NotAllowedNow, StalePage
from associations.choices import AccountKind, DocumentKind, DocumentStatus, Sex, YearStep
from associations.models import BankAccount, Dispensation, MemberCount, MemberFigures, RecordCheck, YearlyDocument
from records.models import Event, Letter, StoredFile

GIRO = {"kind": AccountKind.BANKGIRO, "number": "50501055", "holder": "Teaterboden"}


@pytest.fixture
def figures(association, counts, alice, at):
    return actions.report_members(association, year=2026, counts=counts, active=11, as_of=date(2026, 11, 1), by=alice, at=at)


def test_members_are_reported_in_figures_with_totals(figures):
    row = MemberFigures.objects.with_totals().get()
    assert (row.total_members, row.total_here, row.active) == (12, 10, 11)
    assert row.confirmed_at is not None


def test_a_second_report_replaces_the_first_and_a_cell_that_is_gone_becomes_zero(association, figures, counts, alice, at):
    kept = dict(list(counts.items())[:1])
    actions.report_members(association, year=2026, counts=kept, active=6, as_of=at.date(), by=alice, at=at, version=1)
    assert MemberFigures.objects.with_totals().get().total_members == 6
    assert MemberCount.objects.count() == 3


def test_an_old_page_does_not_overwrite_newer_figures(association, figures, counts, alice, at):
    with pytest.raises(StalePage):
        actions.report_members(association, year=2026, counts=counts, active=1, as_of=at.date(), by=alice, at=at, version=0)


def test_more_active_members_than_members_are_refused(association, counts, alice, at):
    with pytest.raises(NotAllowedNow) as refusal:
        actions.report_members(association, year=2026, counts=counts, active=13, as_of=at.date(), by=alice, at=at)
    assert refusal.value.code == "active"


def test_last_years_figures_are_carried_over_as_a_draft(association, figures, alice, at):
    later = at + timedelta(days=100)
    carried = actions.carry_over_members(association, year=2027, by=alice, at=later)
    assert carried.as_cells() == figures.as_cells()
    assert (carried.active, carried.confirmed_at) == (11, None)
    with pytest.raises(NotAllowedNow):
        actions.carry_over_members(association, year=2027, by=alice, at=later)


def test_a_cell_of_the_figures_is_there_once_and_believable(figures):
    with pytest.raises(IntegrityError, match="member_count_is_believable"), transaction.atomic():
        MemberCount.objects.update(count=100_001)
    with pytest.raises(IntegrityError, match="member_count_once_per_cell"), transaction.atomic():
        MemberCount.objects.update(sex=Sex.OTHER, lives_here=True, age_band=MemberCount.objects.first().age_band)


def test_a_document_is_handed_in_reviewed_sent_back_and_replaced(association, alice, officer, pdf, at):
    first = actions.hand_in_document(association, kind=DocumentKind.BUDGET, year=2026, upload=pdf(), by=alice, at=at)
    back = actions.ask_for_change(first, reason="Summorna stämmer inte.", by=officer, at=at)
    assert (back.status, back.reason) == (DocumentStatus.NEEDS_CHANGE, "Summorna stämmer inte.")
    assert "Summorna" in Letter.objects.filter(subject__startswith="En handling").get().html
    second = actions.hand_in_document(association, kind=DocumentKind.BUDGET, year=2026, upload=pdf(), by=alice, at=at)
    assert actions.accept_document(second, by=officer, at=at).status == DocumentStatus.ACCEPTED
    assert YearlyDocument.objects.get(pk=first.pk).status == DocumentStatus.REPLACED
    assert StoredFile.objects.filter(case=association.case).count() == 2


def test_a_document_that_is_no_document_is_refused_and_nothing_is_written(association, alice, at):
    program = SimpleUploadedFile("budget.pdf", b"MZ\x90\x00 not a pdf", content_type="application/pdf")
    with pytest.raises(FileRefused):
        actions.hand_in_document(association, kind=DocumentKind.BUDGET, year=2026, upload=program, by=alice, at=at)
    assert not YearlyDocument.objects.exists()


def test_a_stranger_hands_in_nothing(association, stranger, pdf, at):
    with pytest.raises(NotAllowedNow):
        actions.hand_in_document(association, kind=DocumentKind.BUDGET, year=2026, upload=pdf(), by=stranger, at=at)
    assert not StoredFile.objects.exists()


def test_the_database_keeps_one_current_document_of_a_kind_with_reviewer_and_reason(association, alice, officer, pdf, at):
    actions.hand_in_document(association, kind=DocumentKind.BUDGET, year=2026, upload=pdf(), by=alice, at=at)
    actions.hand_in_document(association, kind=DocumentKind.BUDGET, year=2026, upload=pdf(), by=alice, at=at)
    with pytest.raises(IntegrityError, match="yearly_document_one_current_per_kind"), transaction.atomic():
        YearlyDocument.objects.update(status=DocumentStatus.HANDED_IN)
    current = YearlyDocument.objects.current()
    with pytest.raises(IntegrityError, match="yearly_document_reviewed_by_somebody"), transaction.atomic():
        current.update(status=DocumentStatus.ACCEPTED)
    with pytest.raises(IntegrityError, match="yearly_document_change_is_asked_for_with_a_reason"), transaction.atomic():
        current.update(status=DocumentStatus.NEEDS_CHANGE, reviewed_at=at, reviewed_by=officer)


def test_an_account_is_paid_to_only_when_another_has_verified_it(association, alice, officer, at):
    account = actions.add_bank_account(association, **GIRO, by=alice, at=at)
    assert not BankAccount.objects.payable().exists()
    actions.verify_bank_account(account, by=officer, at=at)
    assert BankAccount.objects.payable().get().formatted == "5050-1055"


def test_the_officer_who_entered_an_account_does_not_verify_it(association, officer, other_officer, at):
    account = actions.add_bank_account(association, **GIRO, by=officer, at=at)
    with pytest.raises(NotAllowedNow) as refusal:
        actions.verify_bank_account(account, by=officer, at=at)
    assert refusal.value.code == "own"
    with pytest.raises(IntegrityError, match="bank_account_verified_by_another_than_who_entered_it"), transaction.atomic():
        BankAccount.objects.update(verified_at=at, verified_by=officer)
    actions.verify_bank_account(account, by=other_officer, at=at)


def test_a_new_account_replaces_the_old_and_stops_payment_until_it_is_verified(association, alice, officer, at):
    first = actions.add_bank_account(association, **GIRO, by=alice, at=at)
    actions.verify_bank_account(first, by=officer, at=at)
    actions.add_bank_account(association, kind=AccountKind.PLUSGIRO, number="2865434", holder="Teaterboden", by=alice, at=at)
    assert not BankAccount.objects.payable().exists()
    assert BankAccount.objects.current().get().formatted == "28\u00a065\u00a043-4"


def test_a_double_click_names_one_account(association, alice, at):
    assert actions.add_bank_account(association, **GIRO, by=alice, at=at) == actions.add_bank_account(
        association, **GIRO, by=alice, at=at
    )


def test_where_two_sign_jointly_an_account_waits_for_the_second_signatory(two_sign, alice, bosse, officer, at):
    account = actions.add_bank_account(two_sign, **GIRO, by=alice, at=at)
    with pytest.raises(NotAllowedNow) as refusal:
        actions.verify_bank_account(account, by=officer, at=at)
    assert refusal.value.code == "needs_two"
    actions.confirm_joint(two_sign.joint_acts.get(), by=bosse, at=at)
    assert actions.verify_bank_account(account, by=officer, at=at).verified_by == officer


def test_everyone_who_signs_hears_of_a_new_account(association, alice, bosse, sign_for, at):
    sign_for(bosse, association)
    account = actions.add_bank_account(association, **GIRO, by=alice, at=at)
    letter = Letter.objects.get(key=f"associations.account_entered.{account.pk}")
    assert set(letter.to) == {"8024001235@example.org", alice.email, bosse.email}


def test_an_account_is_never_edited_and_never_deleted(association, alice, at):
    account = actions.add_bank_account(association, **GIRO, by=alice, at=at)
    with pytest.raises(DatabaseError, match="bank_account"), transaction.atomic():
        BankAccount.objects.update(number="50501056")
    with pytest.raises(DatabaseError, match="bank_account"), transaction.atomic():
        account.delete()


def test_an_account_number_is_of_its_kind(association, alice, at):
    with pytest.raises(IntegrityError, match="bank_account_number_is_of_its_kind"), transaction.atomic():
        BankAccount.objects.create(
            association=association, kind=AccountKind.BANKGIRO, number="5050-1055", holder="x", entered_at=at, entered_by=alice
        )


def test_an_account_refused_tells_why(association, alice, officer, at):
    account = actions.add_bank_account(association, **GIRO, by=alice, at=at)
    actions.refuse_bank_account(account, reason="Kontot står på en privatperson.", by=officer, at=at)
    assert "privatperson" in Letter.objects.get(key=f"associations.account_refused.{account.pk}").html
    with pytest.raises(IntegrityError, match="bank_account_verified_or_refused_not_both"), transaction.atomic():
        BankAccount.objects.update(verified_at=at, verified_by=officer)


def test_an_extract_is_noted_by_who_and_when_never_in_the_log(association, alice, officer, at):
    check = actions.list_person(association, person="Lena Ledare", role="ledare", by=alice, at=at)
    noted = actions.note_record_check(check, shown_on=date(2026, 11, 20), by=officer, at=at)
    assert (noted.checked_by, noted.next_due) == (officer, date(2027, 11, 20))
    assert not any("Lena" in str(event.changes) + event.reason for event in Event.objects.all())


def test_the_same_person_is_listed_once(association, alice, at):
    actions.list_person(association, person="Lena Ledare", role="ledare", by=alice, at=at)
    actions.list_person(association, person="lena ledare", role="tränare", by=alice, at=at)
    check = RecordCheck.objects.get()
    assert check.role == "tränare"
    with pytest.raises(IntegrityError, match="record_check_shown_to_somebody_and_due_later"), transaction.atomic():
        RecordCheck.objects.update(shown_on=date(2026, 1, 1))


def test_a_future_day_is_no_day_an_extract_was_shown(association, alice, officer, at):
    check = actions.list_person(association, person="Lena Ledare", role="ledare", by=alice, at=at)
    with pytest.raises(NotAllowedNow):
        actions.note_record_check(check, shown_on=date(2026, 12, 24), by=officer, at=at)


def test_attendance_is_noted_once_and_can_be_corrected(association, officer, at):
    meeting = actions.call_dialogue_meeting(title="Höstens dialogmöte", held_on=date(2026, 10, 5), by=officer, at=at)
    assert actions.attend_dialogue(meeting, associations=[association], by=officer, at=at) == 1
    assert actions.attend_dialogue(meeting, associations=[association], by=officer, at=at) == 0
    actions.correct_attendance(meeting, association=association, by=officer, at=at)
    assert not meeting.attendances.exists()


def test_nobody_attends_a_meeting_that_has_not_been_held(association, officer, at):
    meeting = actions.call_dialogue_meeting(title="Vårens dialogmöte", held_on=date(2027, 4, 5), by=officer, at=at)
    with pytest.raises(NotAllowedNow):
        actions.attend_dialogue(meeting, associations=[association], by=officer, at=at)


def test_a_dispensation_lasts_at_most_a_year_and_only_from_what_the_council_named(association, officer, at):
    def grant(rule, until):
        return actions.grant_dispensation(
            association, rule=rule, since=date(2026, 7, 1), until=until, reason="Nystartad.", by=officer, at=at
        )

    for rule, until in (("A-04", date(2027, 7, 2)), ("A-05", date(2027, 7, 1)), ("A-04", date(2026, 7, 1))):
        with pytest.raises(NotAllowedNow):
            grant(rule, until)
    dispensation = grant("A-04", date(2027, 7, 1))
    assert dispensation.last_day == date(2027, 6, 30)
    assert "30 juni 2027" in Letter.objects.get(key=f"associations.dispensation.{dispensation.pk}").html
    with pytest.raises(NotAllowedNow) as refusal:
        grant("A-04", date(2027, 5, 1))
    assert refusal.value.code == "overlap"


def test_the_database_keeps_a_dispensation_reasoned_and_once_at_a_time(association, officer, at):
    fields = {"association": association, "rule": "A-04", "reason": "x", "decided_at": at, "decided_by": officer}
    Dispensation.objects.create(since=date(2026, 1, 1), until=date(2026, 7, 1), **fields)
    Dispensation.objects.create(since=date(2026, 7, 1), until=date(2027, 1, 1), **fields)
    with pytest.raises(IntegrityError, match="dispensation_once_at_a_time"), transaction.atomic():
        Dispensation.objects.filter(since=date(2026, 7, 1)).update(since=date(2026, 6, 30))
    with pytest.raises(IntegrityError, match="dispensation_has_a_reason"), transaction.atomic():
        Dispensation.objects.update(reason="")
    with pytest.raises(IntegrityError, match="dispensation_ends_after_it_begins"), transaction.atomic():
        Dispensation.objects.update(until=date(2020, 1, 1))


def test_a_step_is_confirmed_once_a_year(association, alice, at):
    actions.confirm_step(association, year=2026, step=YearStep.CONTACT, by=alice, at=at)
    actions.confirm_step(association, year=2026, step=YearStep.CONTACT, by=alice, at=at + timedelta(days=1))
    assert association.confirmations.get().at == at + timedelta(days=1)
    with pytest.raises(NotAllowedNow):
        actions.confirm_step(association, year=2026, step=YearStep.MEMBERS, by=alice, at=at)
