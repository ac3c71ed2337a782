"""From assessment to money in the bank, in one go."""

from datetime import date

from grants.choices import ApplicationStatus, InstalmentStatus
from records.choices import LetterStatus


def test_an_assessed_application_is_proposed_decided_published_and_paid(application, paid, mailoutbox):
    decision = paid(application)
    application.refresh_from_db()
    assert application.status == ApplicationStatus.GRANTED
    assert application.granted == application.asked
    assert decision.letter.status != LetterStatus.STAGED
    instalment = decision.instalments.get()
    assert (instalment.status, instalment.due_on) == (InstalmentStatus.PAID, date(2027, 1, 15))
