"""What the database keeps true of schemes, calls and applications, whatever the code does."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, transaction
from django.db.models import F

from grants.actions import completion
from grants.choices import ApplicationStatus, CallStatus
from grants.models import (
    Application,
    Attachment,
    Call,
    CompletionRequest,
    Criterion,
    Extension,
    LateStep,
    Scheme,
    SchemeVersion,
)

pytestmark = pytest.mark.django_db
PLANNED = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)


def refused(change, *, by=Error):
    with pytest.raises(by), transaction.atomic():
        change()


def test_a_published_version_cannot_be_changed_or_deleted(call):
    versions = SchemeVersion.objects.filter(pk=call.version_id)
    refused(lambda: versions.update(parts=[{"kind": "base_amount", "kronor": "1"}]))
    refused(lambda: versions.update(published_at=None))
    refused(lambda: versions._raw_delete("default"))


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Annat"},
        {"closes_at": F("closes_at") + timedelta(days=1)},
        {"refuses_at": F("refuses_at") + timedelta(days=1)},
        {"opens_on": "2020-01-01"},
        {"late_counts_from": "completeness"},
        {"max_per_association": 9},
        {"categories": ["sisu"]},
        {"status": CallStatus.DRAFT},
    ],
)
def test_the_terms_of_a_published_call_are_fixed(call, change):
    refused(lambda: Call.objects.filter(pk=call.pk).update(**change))


def test_the_budget_of_a_published_call_may_change(call):
    assert Call.objects.filter(pk=call.pk).update(budget=Decimal(1)) == 1


def test_late_steps_and_criteria_are_fixed_with_their_call(call):
    refused(lambda: LateStep.objects.filter(call=call).update(percent=0))
    refused(lambda: LateStep.objects.create(call=call, from_day=15, to_day=20, percent=90))
    refused(lambda: Criterion.objects.filter(call=call).update(weight=25))
    refused(lambda: Criterion.objects.filter(call=call).delete())


def test_a_published_call_is_never_deleted(call):
    refused(lambda: Call.objects.filter(pk=call.pk)._raw_delete("default"))


def test_a_call_closes_after_it_opens_and_says_when_it_was_closed(version, plan, officer, at):
    call = Call.objects.create(version=version, title="x", grant_year=2027, opens_on=at.date(), opens_at=at)
    calls = Call.objects.filter(pk=call.pk)
    refused(lambda: calls.update(closes_at=at), by=IntegrityError)
    refused(lambda: calls.update(closes_on=at.date()), by=IntegrityError)
    refused(lambda: calls.update(closes_on=at.date(), closes_at=at, refuses_at=at), by=IntegrityError)
    refused(lambda: calls.update(status=CallStatus.CLOSED), by=IntegrityError)
    refused(lambda: calls.update(closed_at=at), by=IntegrityError)
    refused(lambda: calls.update(budget=Decimal(-1)), by=IntegrityError)
    refused(lambda: calls.update(max_per_association=0), by=IntegrityError)
    step = LateStep.objects.create(call=call, from_day=1, to_day=2, percent=10)
    steps = LateStep.objects.filter(pk=step.pk)
    refused(lambda: steps.update(from_day=3), by=IntegrityError)
    refused(lambda: steps.update(from_day=0), by=IntegrityError)
    refused(lambda: steps.update(percent=101), by=IntegrityError)
    row = Criterion.objects.create(call=call, key="democracy", weight=100)
    criteria = Criterion.objects.filter(pk=row.pk)
    refused(lambda: criteria.update(weight=101), by=IntegrityError)
    refused(lambda: criteria.update(threshold=6), by=IntegrityError)


def test_a_scheme_has_one_version_being_prepared(version):
    refused(
        lambda: SchemeVersion.objects.create(scheme=version.scheme, number=2, valid_from=version.valid_from), by=IntegrityError
    )
    refused(
        lambda: SchemeVersion.objects.create(scheme=version.scheme, number=1, valid_from=version.valid_from), by=IntegrityError
    )
    refused(lambda: Scheme.objects.create(key=version.scheme.key, name="igen"), by=IntegrityError)


def test_the_time_of_receipt_is_set_once(application, at):
    """Case 4."""
    applications = Application.objects.filter(pk=application.pk)
    refused(lambda: applications.update(received_at=at + timedelta(seconds=1)))
    refused(lambda: applications.update(received_at=None))
    refused(lambda: applications._raw_delete("default"))


def test_a_received_application_has_its_time_and_its_case(draft, application_rows, at):
    refused(lambda: application_rows.update(status=ApplicationStatus.SUBMITTED), by=IntegrityError)
    refused(lambda: application_rows.update(received_at=at), by=IntegrityError)
    refused(lambda: application_rows.update(completed_at=at), by=IntegrityError)
    refused(lambda: application_rows.update(granted=Decimal(5)), by=IntegrityError)
    refused(lambda: application_rows.update(asked=Decimal(-1)), by=IntegrityError)
    refused(lambda: application_rows.update(ordinal=0), by=IntegrityError)


@pytest.fixture
def application_rows(draft):
    return Application.objects.filter(pk=draft.pk)


def test_an_association_has_one_application_of_each_number_in_a_call(draft, alice, at):
    """Case 12."""
    refused(
        lambda: Application.objects.create(
            call=draft.call, association=draft.association, ordinal=1, created_at=at, created_by=alice, saved_at=at
        ),
        by=IntegrityError,
    )


def test_one_completion_request_at_a_time_answered_or_lapsed_not_both(application, officer, at):
    due = at.date() + timedelta(days=14)
    asked = completion.ask_completion(application, sections=["budget"], message="x", due_on=due, by=officer, at=at)
    requests = CompletionRequest.objects.filter(pk=asked.pk)
    copy = dict(requests.values()[0])
    copy.pop("id")
    refused(lambda: CompletionRequest.objects.create(**copy), by=IntegrityError)
    refused(lambda: requests.update(answered_at=at, lapsed_at=at), by=IntegrityError)


def test_one_extension_for_an_association_in_a_call(call, association, officer, at):
    row = {
        "call": call,
        "association": association,
        "closes_on": at.date(),
        "closes_at": at,
        "reason": "x",
        "given_at": at,
        "given_by": officer,
    }
    Extension.objects.create(**row)
    refused(lambda: Extension.objects.create(**row), by=IntegrityError)


def test_one_file_under_each_heading(draft, alice, at):
    row = {"application": draft, "key": "budget", "added_at": at, "added_by": alice}
    file = draft.call.version  # any id will do: the unique constraint is checked before the foreign key
    Attachment.objects.bulk_create([Attachment(**row, file_id=file.pk, replaced_at=at)])
    refused(
        lambda: Attachment.objects.bulk_create([Attachment(**row, file_id=file.pk), Attachment(**row, file_id=file.pk)]),
        by=IntegrityError,
    )
    Attachment.objects.all().delete()
