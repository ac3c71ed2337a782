"""Handing in: once, at the instant the request reached the server."""

from decimal import Decimal

from grants.choices import ApplicationStatus
from records.models import Letter


def test_a_draft_that_is_handed_in_gets_a_number_a_time_and_a_receipt(application, at):
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED
    assert application.case.reference == "KFN 2026-00001"
    assert application.received_at == at
    assert application.asked == Decimal("12000.50")
    assert application.answers == {"plan": "Vi vill öppna för fler.", "asked": "12000.50"}
    assert Letter.objects.filter(case=application.case, key=f"grants.receipt.{application.pk}").count() == 1
