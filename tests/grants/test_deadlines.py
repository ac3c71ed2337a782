"""When a call takes in an application: exclusive instants, individual extensions, closing by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from associations.choices import Signing
from grants.actions import calls, drafts, extension, submission
from grants.actions.refusals import CallClosed, NotAllowedNow
from grants.choices import ApplicationStatus
from grants.models import Call
from records.models import Event, Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def closing(publish_call, plan):
    """A call with its last day on *day*: closing(date(2026, 3, 15))."""

    def make(day, **changes):
        changes = {"opens_on": date(day.year, 1, 1), "closes_on": day, "pays_on": None, **changes}
        return publish_call(replace(plan, **changes))

    return make


def test_the_deadline_is_an_exclusive_instant_after_the_last_local_day(closing, start_draft, association, alice):
    """Case 1."""
    call = closing(date(2026, 3, 15))
    assert call.closes_at == datetime(2026, 3, 15, 23, 0, tzinfo=UTC)
    last_second = datetime(2026, 3, 15, 22, 59, 59, tzinfo=UTC)
    draft = start_draft(call, association, alice, at=last_second)
    application = submission.submit(draft, by=alice, at=last_second)
    assert application.lateness(last_second).days == 0


@pytest.mark.parametrize(
    ("received_at", "days"),
    [
        (datetime(2026, 3, 15, 22, 59, 59, 999999, tzinfo=UTC), 0),
        (datetime(2026, 3, 15, 23, 0, 0, 0, tzinfo=UTC), 1),
    ],
)
def test_the_last_microsecond_is_on_time_and_the_next_is_a_day_late(closing, hand_in, association, alice, received_at, days):
    """Case 2."""
    application = hand_in(closing(date(2026, 3, 15)), association, alice, at=received_at)
    assert application.received_at == received_at
    assert application.lateness(received_at).days == days


@pytest.mark.parametrize(
    ("last_day", "limit"),
    [
        (date(2026, 8, 25), datetime(2026, 8, 25, 22, 0, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_summer_time_the_day_it_begins_and_the_end_of_the_year(closing, last_day, limit):
    """Case 3."""
    assert closing(last_day).closes_at == limit


def test_received_at_is_when_the_request_reached_the_server_and_is_never_judged_again(closing, hand_in, association, alice):
    """Case 4."""
    reached = datetime(2026, 3, 15, 22, 59, 58, tzinfo=UTC)
    application = hand_in(closing(date(2026, 3, 15)), association, alice, at=reached)
    later = reached + timedelta(minutes=2)
    again = submission.submit(application, by=alice, at=later)
    assert again.received_at == reached
    assert again.lateness(later).days == 0


def test_a_draft_that_was_never_sent_is_not_handed_in_and_cannot_be_edited_after_the_last_late_day(
    closing, start_draft, association, alice
):
    """Case 5."""
    call = closing(date(2026, 3, 15), late_steps=[])
    draft = start_draft(call, association, alice, at=datetime(2026, 3, 1, tzinfo=UTC))
    after = call.closes_at
    with pytest.raises(CallClosed):
        submission.submit(draft, by=alice, at=after)
    with pytest.raises(CallClosed):
        drafts.save_section(draft, "activity", answers={"plan": "nytt"}, edition=draft.edition, by=alice, at=after)
    draft.refresh_from_db()
    assert draft.status == ApplicationStatus.DRAFT
    assert draft.answers["plan"] == "Vi vill öppna för fler."


def test_an_extension_lets_that_association_in_and_no_other(
    closing, start_draft, association, other_association, alice, stranger, officer
):
    """Case 5."""
    call = closing(date(2026, 3, 15), late_steps=[])
    before = datetime(2026, 3, 1, tzinfo=UTC)
    mine, theirs = start_draft(call, association, alice, at=before), start_draft(call, other_association, stranger, at=before)
    extension.extend(call, association, closes_on=date(2026, 3, 20), reason="Sjukdom i styrelsen", by=officer, at=call.closes_at)
    after = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
    application = submission.submit(mine, by=alice, at=after)
    assert application.lateness(after).days == 0
    with pytest.raises(CallClosed):
        submission.submit(theirs, by=stranger, at=after)
    event = Event.objects.get(verb="grants.extended")
    assert (event.by, event.reason) == (officer, "Sjukdom i styrelsen")


def test_an_extension_must_be_later_than_the_calls_own_last_day(closing, association, officer):
    call = closing(date(2026, 3, 15))
    with pytest.raises(NotAllowedNow):
        extension.extend(call, association, closes_on=date(2026, 3, 15), reason="", by=officer, at=call.opens_at)


def test_a_closed_call_takes_in_nothing_from_the_instant_it_was_closed(closing, start_draft, association, alice, officer):
    """Case 6."""
    call = closing(date(2026, 3, 15))
    closed_at = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
    draft = start_draft(call, association, alice, at=closed_at - timedelta(hours=1))
    calls.close_call(call, reason="Potten är slut", by=officer, at=closed_at)
    with pytest.raises(CallClosed):
        submission.submit(draft, by=alice, at=closed_at)
    assert Letter.objects.count() == 0
    with pytest.raises(NotAllowedNow):
        calls.close_call(call, reason="Igen", by=officer, at=closed_at)


def test_what_reached_the_server_before_the_call_was_closed_is_taken_in(closing, start_draft, association, alice, officer):
    """Case 6."""
    call = closing(date(2026, 3, 15))
    closed_at = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
    draft = start_draft(call, association, alice, at=closed_at - timedelta(hours=1))
    calls.close_call(call, reason="Potten är slut", by=officer, at=closed_at)
    application = submission.submit(draft, by=alice, at=closed_at - timedelta(seconds=1))
    assert application.status == ApplicationStatus.SUBMITTED


def test_a_continuous_call_is_not_open_before_its_first_day(publish_call, plan, association, alice):
    """Case 10."""
    call = publish_call(replace(plan, opens_on=date(2026, 6, 1), closes_on=None, late_steps=[]))
    before = datetime(2026, 5, 31, 21, 59, 59, tzinfo=UTC)
    with pytest.raises(CallClosed, match="öppnar"):
        drafts.start(call, association, by=alice, at=before)
    assert drafts.start(call, association, by=alice, at=before + timedelta(seconds=1))
    assert list(Call.objects.open_at(before)) == []
    assert list(Call.objects.open_at(before + timedelta(days=2000))) == [call]


def test_late_costs_ten_percent_then_fifty_then_it_is_refused(closing, start_draft, association, alice):
    call = closing(date(2026, 10, 1))
    draft = start_draft(call, association, alice, at=datetime(2026, 2, 1, tzinfo=UTC))
    costs = [draft.lateness(call.closes_at + timedelta(days=days, seconds=-1)).percent for days in (0, 1, 7, 8, 14, 15)]
    assert costs == [0, 10, 10, 50, 50, None]
    assert draft.lateness(call.closes_at).sentence == "1 dag för sent: bidraget minskas med 10 % (regel G-07)."
    with pytest.raises(CallClosed, match="15 oktober 2026"):
        submission.submit(draft, by=alice, at=call.refuses_at)


def test_two_signatories_hand_in_together_when_the_statutes_say_so(call, start_draft, association, person, give_mandate, at):
    association.signing = Signing.TWO_JOINTLY
    association.save()
    first, second, clerk = person("first@example.org"), person("second@example.org"), person("clerk@example.org")
    give_mandate(first, association, "signatory")
    give_mandate(second, association, "signatory")
    give_mandate(clerk, association)
    draft = start_draft(call, association, clerk)
    with pytest.raises(NotAllowedNow):
        submission.hand_in(draft, by=clerk, at=at)
    assert submission.hand_in(draft, by=first, at=at).is_draft
    assert submission.hand_in(draft, by=first, at=at).is_draft
    with pytest.raises(NotAllowedNow):
        submission.submit(draft, by=first, at=at)
    later = at + timedelta(hours=3)
    handed_in = submission.hand_in(draft, by=second, at=later)
    assert handed_in.status == ApplicationStatus.SUBMITTED
    assert handed_in.received_at == later


def test_a_change_after_the_first_signature_starts_the_signing_over(call, start_draft, association, person, give_mandate, at):
    association.signing = Signing.TWO_JOINTLY
    association.save()
    first, second = person("first@example.org"), person("second@example.org")
    give_mandate(first, association, "signatory")
    give_mandate(second, association, "signatory")
    draft = start_draft(call, association, first)
    submission.hand_in(draft, by=first, at=at)
    drafts.save_section(draft, "activity", answers={"plan": "Något annat"}, edition=99, by=first, at=at)
    assert submission.hand_in(draft, by=second, at=at).is_draft
    assert submission.hand_in(draft, by=first, at=at).status == ApplicationStatus.SUBMITTED
