"""Handing in: once, whatever is clicked; with or without attachments; and never more than the call allows."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from grants.actions import completion, drafts, schemes, submission
from grants.actions.refusals import AlreadyApplied, NotComplete, StalePage
from grants.choices import ApplicationStatus, LateCountsFrom
from grants.models import Application
from records import filing
from records.choices import ScanStatus
from records.models import Case, Event, Letter
from tests.grants.deciding.threads import in_threads

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def test_a_draft_that_is_handed_in_gets_a_number_a_time_and_a_receipt(application, at):
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED
    assert application.case.reference == "KFN 2026-00001"
    assert application.received_at == at
    assert application.asked == Decimal("12000.50")
    assert application.answers == {"plan": "Vi vill öppna för fler.", "asked": "12000.50"}
    letter = Letter.objects.get(case=application.case, key=f"grants.receipt.{application.pk}")
    assert "KFN 2026-00001" in letter.html
    assert "12\u00a0000,50\u00a0kr" in letter.html
    assert "I tid." in letter.html


def test_facts_are_frozen_at_hand_in(application, association):
    association.name = "Nytt namn"
    association.save()
    application.refresh_from_db()
    assert application.facts["name"] == "Teaterboden"
    assert application.facts["organisation_number"] == "802400-1239"


@pytest.fixture
def browsers(alice, draft):
    """Two windows of the same person, each ready to press "hand in"."""

    def window():
        client = Client()
        client.force_login(alice, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return window(), window()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_very_same_time_give_one_number_and_one_receipt(browsers, draft, at, time_machine):
    """Case 11."""
    time_machine.move_to(at)
    url = reverse("grants:application_submit", args=[draft.pk])
    answers = in_threads(*[lambda client=client: client.post(url, {"edition": draft.edition}) for client in browsers])
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Case.objects.filter(application__isnull=False).count() == 1
    assert Letter.objects.filter(key__startswith="grants.receipt").count() == 1
    assert Event.objects.filter(verb="grants.submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sessions_racing_to_start_get_one_draft(call, association, alice, at):
    """Case 12."""
    results = in_threads(*[lambda: drafts.start(call, association, by=alice, at=at)] * 4)
    assert len({result.pk for result in results}) == 1
    assert Application.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sessions_racing_for_the_last_application_leave_one_winner_and_a_sentence(publish_call, plan, association, alice, at):
    """Case 12."""
    call = publish_call(replace(plan, max_per_association=2))
    Application.objects.create(
        call=call, association=association, ordinal=1, created_at=at, created_by=alice, saved_at=at, answers={}
    )
    first = Application.objects.get()
    first = drafts.save_section(first, "activity", answers={"plan": "Första"}, edition=first.edition, by=alice, at=at)
    drafts.save_section(first, "budget", answers={"asked": "100"}, edition=first.edition, by=alice, at=at)
    submission.submit(first, by=alice, at=at)
    results = in_threads(*[lambda: drafts.start(call, association, by=alice, at=at)] * 4)
    assert all(isinstance(result, Application) and result.ordinal == 2 for result in results)
    assert Application.objects.count() == 2


def test_a_second_application_is_refused_with_the_way_to_the_first(
    application, call, association, alice, at, sign_in, time_machine
):
    """Case 12."""
    time_machine.move_to(at)
    with pytest.raises(AlreadyApplied) as refused:
        drafts.start(call, association, by=alice, at=at)
    assert refused.value.first == application
    response = sign_in(alice).post(reverse("grants:application_start", args=[call.pk]))
    assert response.url == reverse("grants:application", args=[application.pk])


def test_what_changed_while_the_summary_was_read_must_be_read_again(draft, alice, at):
    read = draft.edition
    drafts.save_section(draft, "activity", answers={"plan": "Ändrat"}, edition=read, by=alice, at=at)
    with pytest.raises(StalePage):
        submission.submit(draft, by=alice, at=at, edition=read)


def test_an_unfinished_draft_is_not_handed_in(call, association, alice, at):
    draft = drafts.start(call, association, by=alice, at=at)
    with pytest.raises(NotComplete) as refused:
        submission.submit(draft, by=alice, at=at)
    assert len(refused.value.missing) == 2
    assert Case.objects.filter(application__isnull=False).count() == 0


@pytest.fixture
def with_attachment(scheme, version, officer, plan, publish_call, at):
    """A call that wants a budget attached: with_attachment(late_counts_from=...)."""

    def make(**changes):
        terms = replace(schemes.terms_of(version), attachments=[{"key": "budget", "label": "Budget", "required": True}])
        written = schemes.write_version(scheme, terms, by=officer, at=at)
        return publish_call(replace(plan, **changes), written)

    return make


def stored(by, at, name="budget.pdf"):
    return filing.store_file(SimpleUploadedFile(name, PDF), at=at, by=by, kind="grants_attachment")


@pytest.mark.parametrize(
    ("counts_from", "days", "percent"),
    [(LateCountsFrom.COMPLETENESS, 5, Decimal(10)), (LateCountsFrom.SUBMISSION, 0, Decimal(0))],
)
def test_an_attachment_five_days_late_costs_only_where_lateness_is_counted_from_completeness(
    with_attachment, start_draft, association, alice, counts_from, days, percent
):
    """Case 9."""
    call = with_attachment(late_counts_from=counts_from)
    on_time = call.closes_at.replace(hour=10)
    draft = start_draft(call, association, alice, at=on_time)
    with pytest.raises(NotComplete):
        submission.submit(draft, by=alice, at=on_time)
    application = submission.submit(draft, by=alice, at=on_time, without_attachments=True)
    assert application.completed_at is None
    arrived = on_time.replace(day=6)
    drafts.attach(application, "budget", file=stored(alice, arrived), by=alice, at=arrived)
    application.refresh_from_db()
    late = application.lateness(arrived.replace(month=12))
    assert (late.days, late.percent, late.known) == (days, percent, True)
    told = {event.verb: event.at for event in Event.objects.filter(case=application.case)}
    assert told["grants.submitted"] == application.received_at == on_time
    assert told["grants.became_complete"] == application.completed_at == arrived


def test_what_the_officer_finds_incomplete_is_complete_when_it_is_answered(
    with_attachment, start_draft, association, alice, officer
):
    """Case 9."""
    call = with_attachment(late_counts_from=LateCountsFrom.COMPLETENESS)
    on_time = call.closes_at.replace(hour=10)
    draft = start_draft(call, association, alice, at=on_time)
    drafts.attach(draft, "budget", file=stored(alice, on_time), by=alice, at=on_time)
    application = submission.submit(draft, by=alice, at=on_time)
    assert application.completed_at == on_time
    asked_at = on_time.replace(day=2)
    completion.ask_completion(
        application,
        sections=["attachments"],
        message="Fel budget",
        due_on=asked_at.date().replace(day=20),
        was_incomplete=True,
        by=officer,
        at=asked_at,
    )
    application.refresh_from_db()
    assert application.completed_at is None
    answered_at = on_time.replace(day=9)
    drafts.attach(application, "budget", file=stored(alice, answered_at), by=alice, at=answered_at)
    answered = completion.answer_completion(application, by=alice, at=answered_at)
    assert answered.completed_at == answered_at
    assert answered.lateness(answered_at).percent == 50
    assert application.attachments.count() == 2
    assert application.attachments.filter(replaced_at=None).count() == 1


def test_a_required_file_with_a_virus_blocks_handing_in_and_one_that_waits_does_not(
    with_attachment, start_draft, association, alice, at
):
    """Case 17."""
    draft = start_draft(with_attachment(), association, alice)
    file = stored(alice, at)
    drafts.attach(draft, "budget", file=file, by=alice, at=at)
    file.scan = ScanStatus.INFECTED
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_storedfile SET scan = %s WHERE id = %s", [ScanStatus.INFECTED, file.pk])
    with pytest.raises(NotComplete, match="virus"):
        submission.submit(draft, by=alice, at=at, without_attachments=True)
    other = stored(alice, at)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_storedfile SET scan = %s WHERE id = %s", [ScanStatus.WAITING, other.pk])
    drafts.attach(draft, "budget", file=other, by=alice, at=at)
    assert submission.submit(draft, by=alice, at=at).status == ApplicationStatus.SUBMITTED


def test_attachments_are_filed_in_the_case(with_attachment, start_draft, association, alice, at):
    draft = start_draft(with_attachment(), association, alice)
    file = stored(alice, at)
    drafts.attach(draft, "budget", file=file, by=alice, at=at)
    application = submission.submit(draft, by=alice, at=at)
    file.refresh_from_db()
    assert file.case == application.case
