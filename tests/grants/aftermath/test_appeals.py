"""Appeals registered and followed, decisions annulled, grants given back; and that the ledger always holds."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.actions import aftermath, decisions, meetings
from grants.actions.aftermath import Followed, Lodged
from grants.actions.counting import remaining
from grants.actions.ledger import net_paid, outstanding, planned
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.models import Appeal, Conflict, Decision, Ending, Instalment, Reclaim
from records.models import Letter
from tests.grants.deciding.conftest import *  # noqa: F403 - from a handed-in application to a paid one
from tests.grants.deciding.conftest import LATER

MUCH_LATER = LATER + timedelta(days=120)
LODGED = Lodged(lodged_on=(LATER + timedelta(days=20)).date(), court="Förvaltningsrätten i Karlstad", court_number="1234-26")


@pytest.fixture
def appealed(secretary):
    def do(decision, lodged=LODGED, at=MUCH_LATER):
        return aftermath.register_appeal(decision, lodged, by=secretary, at=at)

    return do


@pytest.fixture
def settled(officer):
    def do(appeal, outcome, at=MUCH_LATER):
        return aftermath.follow_appeal(appeal, Followed(outcome, settled_on=at.date()), by=officer, at=at)

    return do


@pytest.fixture
def reported(meeting, secretary):
    """The delegated decision is reported and the minutes adjusted on a Tuesday: the notice goes up that day."""

    def do(decision, at):
        meetings.hold(meeting, by=secretary, at=at)
        return meetings.adjust_minutes(meeting, on=at.date(), by=secretary, at=at)

    return do


def test_an_appeal_on_the_last_day_is_in_time_and_the_day_after_is_not(application, publish, reported, appealed):
    """Case 44."""
    decision = publish(application)
    adjusted = reported(decision, LATER + timedelta(days=12))
    last = adjusted.notice.appeal_until

    on_time = appealed(decision, Lodged(last, "Förvaltningsrätten"))
    late = appealed(decision, Lodged(last + timedelta(days=1), "Förvaltningsrätten"))

    assert (on_time.in_time, late.in_time) == (True, False)


def test_an_annulled_decision_gives_the_budget_back_and_stops_what_was_planned(application, publish, call, appealed, settled):
    """Case 62."""
    decision = publish(application)
    assert remaining(call) == Decimal("487999.50")

    settled(appealed(decision), "annulled")

    application.refresh_from_db()
    assert (application.status, application.granted) == ("ended", None)
    assert remaining(call) == 500_000
    assert {row.status for row in Instalment.objects.all()} == {"cancelled"}
    assert Ending.objects.get().appeal.court_number == "1234-26"
    assert Letter.objects.filter(key=f"grants.ended.{decision.pk}").exists()


def test_what_was_paid_on_an_annulled_decision_is_claimed_back(application, paid, appealed, settled):
    decision = paid(application)

    settled(appealed(decision), "annulled")

    assert Reclaim.objects.get().amount == Decimal("12000.50")
    assert outstanding(application) == net_paid(application)


def test_a_grant_that_ended_leaves_the_open_data_and_stands_in_its_log(client, application, publish, officer):
    """Case 62."""
    decision = publish(application)
    aftermath.note_renounced(decision, reason="Evenemanget ställs in.", on=LATER.date(), by=officer, at=MUCH_LATER)

    package = client.get(reverse("grants:open_grants_json"))
    log = json.loads(client.get(reverse("grants:open_changes_json")).content)["changes"]

    assert package.url == reverse("grants:open_data"), "no grant is left"
    assert [line["change"] for line in log] == ["removed", "added"]
    assert client.get(reverse("grants:granted", args=[decision.pk])).status_code == 404


def test_after_an_annulment_a_new_decision_can_be_made(application, publish, appealed, settled, propose, decision_maker):
    """Case 43."""
    old = publish(application)
    settled(appealed(old), "annulled")
    application.refresh_from_db()

    made = decisions.decide(propose(application, at=MUCH_LATER), by=decision_maker, at=MUCH_LATER)
    new = decisions.publish([made], by=decision_maker, at=MUCH_LATER)[0]

    assert new.replaces == old
    assert Decision.objects.in_force().get() == new
    assert planned(application) == Decimal("12000.50")


def test_an_appeal_that_fails_changes_nothing(application, publish, appealed, settled):
    decision = publish(application)

    settled(appealed(decision), "rejected")

    assert Decision.objects.in_force().get() == decision
    assert planned(application) == Decimal("12000.50")


def test_a_decision_stopped_by_the_court_is_not_paid_meanwhile(application, publish, appealed, officer):
    appeal = appealed(publish(application))
    followed = Followed("pending", stayed_on=(LATER + timedelta(days=30)).date())

    aftermath.follow_appeal(appeal, followed, by=officer, at=MUCH_LATER)

    assert "domstolen" in Instalment.objects.get().held_reason.lower()


def test_a_settled_appeal_is_not_settled_again(application, publish, appealed, settled):
    appeal = settled(appealed(publish(application)), "rejected")
    with pytest.raises(NotAllowedNow):
        settled(appeal, "annulled")


@pytest.mark.parametrize(
    ("followed", "refusal"),
    [
        (Followed("rejected"), NotComplete),
        (Followed("pending", settled_on=MUCH_LATER.date()), NotComplete),
        (Followed("rejected", settled_on=date(2020, 1, 1)), NotAllowedNow),
        (Followed("rejected", settled_on=MUCH_LATER.date() + timedelta(days=1)), NotAllowedNow),
    ],
)
def test_outcome_and_day_go_together(application, publish, appealed, officer, followed, refusal):
    appeal = appealed(publish(application))
    with pytest.raises(refusal):
        aftermath.follow_appeal(appeal, followed, by=officer, at=MUCH_LATER)
    assert Appeal.objects.get().outcome == "pending"


def test_a_grant_is_given_back_once(application, publish, officer):
    decision = publish(application)
    aftermath.note_renounced(decision, reason="Ställs in.", on=LATER.date(), by=officer, at=MUCH_LATER)
    with pytest.raises(NotAllowedNow):
        aftermath.note_renounced(decision, reason="Ställs in.", on=LATER.date(), by=officer, at=MUCH_LATER)


def test_an_appeal_is_registered_and_followed_on_its_pages(sign_in, secretary, officer, application, publish):
    decision = publish(application)
    page = reverse("grants:decision_appeals", args=[decision.pk])

    sign_in(secretary).post(page, {"lodged_on": "2026-11-20", "court": "Förvaltningsrätten", "court_number": "77-26"})

    assert "77-26" in sign_in(officer).get(page).content.decode()
    assert "77-26" in sign_in(officer).get(reverse("grants:appeal_list")).content.decode()
    follow = reverse("grants:appeal_follow", args=[Appeal.objects.get().pk])
    answer = sign_in(officer).post(follow, {"outcome": "rejected"})
    assert answer.status_code == 422, "the day is missing"


def test_a_grant_is_given_back_on_its_page(sign_in, officer, application, publish):
    decision = publish(application)
    client = sign_in(officer)
    assert (
        reverse("grants:grant_renounced", args=[decision.pk])
        in client.get(reverse("grants:decision", args=[decision.pk])).content.decode()
    )

    client.post(reverse("grants:grant_renounced", args=[decision.pk]), {"on": "2026-11-20", "reason": "Mejl från ordföranden."})

    page = client.get(reverse("grants:decision", args=[decision.pk])).content.decode()
    assert "tillbaka av föreningen" in page


def test_who_has_an_interest_sees_nothing_of_an_appeal(sign_in, officer, secretary, application, publish, appealed):
    """Case 25."""
    appeal = appealed(publish(application))
    Conflict.objects.create(application=application, user=officer, source="declared", declared_at=LATER)
    client = sign_in(officer)

    assert client.get(reverse("grants:decision_appeals", args=[appeal.decision_id])).status_code == 403
    assert client.get(reverse("grants:appeal_follow", args=[appeal.pk])).status_code == 403
    assert "1234-26" not in client.get(reverse("grants:appeal_list")).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_appeals_costs_the_same_however_long(sign_in, secretary, application, publish, appealed, count):
    decision = publish(application)
    for number in range(count):
        appealed(decision, Lodged(LODGED.lodged_on, "Förvaltningsrätten", f"{number}-26"))
    client = sign_in(secretary)

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("grants:appeal_list"))

    assert len(queries) == 5
