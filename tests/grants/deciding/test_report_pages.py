"""Follow-up reports and repayment claims as people meet them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from grants.actions import reports
from grants.choices import ReportStatus
from grants.models import Reclaim, Report
from records.models import Letter

TYPED = {"done": "Vi höll tolv pass.", "effect": "Tjugo nya barn.", "girls": "12", "boys": "8", "spent": "12 000,50 kr"}


@pytest.fixture
def report(publish_call, plan, hand_in, association, alice, paid):
    """The report on a grant of 12 000,50 kr that is paid in full."""
    application = hand_in(publish_call(replace(plan, report_due_on=date(2027, 9, 1))), association, alice)
    paid(application)
    return Report.objects.select_related("application").get(application=application)


def test_an_association_saves_half_a_report_and_hands_in_the_whole(report, sign_in, alice):
    client = sign_in(alice)
    address = reverse("grants:report", args=[report.pk])

    client.post(address, {"done": "Vi började."})
    report.refresh_from_db()
    assert (report.status, report.answers["done"]) == (ReportStatus.WAITING, "Vi började.")

    client.post(address, {**TYPED, "hand_in": "yes"})
    report.refresh_from_db()
    assert report.status == ReportStatus.HANDED_IN
    assert report.spent == Decimal("12000.50")


def test_what_is_missing_is_said_and_what_was_typed_is_kept(report, sign_in, alice):
    answer = sign_in(alice).post(reverse("grants:report", args=[report.pk]), {"done": "Vi började.", "hand_in": "yes"})

    assert answer.status_code == 422
    assert "Vi började." in answer.content.decode()
    assert set(answer.context["form"].errors) == {"effect", "spent"}  # beside the answers they are about


def test_what_must_be_answered_is_not_called_optional(report, sign_in, alice):
    page = sign_in(alice).get(reverse("grants:report", args=[report.pk])).content.decode()

    optional = [piece.split("<label")[-1] for piece in page.split("(valfritt)")[:-1]]
    assert not any(name in words for words in optional for name in ("id_done", "id_effect", "id_spent"))
    assert any("id_girls" in words for words in optional)


def test_text_is_still_there_when_a_colleague_has_handed_in_the_report_meanwhile(report, sign_in, alice):
    client, address = sign_in(alice), reverse("grants:report", args=[report.pk])
    client.post(address, {**TYPED, "hand_in": "yes"})
    page = client.post(address, {"done": "Det här skrev jag i den andra fliken."})

    assert page.status_code == 422
    assert "Det här skrev jag i den andra fliken." in page.content.decode()
    report.refresh_from_db()
    assert report.answers["done"] == TYPED["done"]


def test_the_review_has_the_grant_and_the_application_beside_it(report, sign_in, officer):
    page = sign_in(officer).get(reverse("grants:report_review", args=[report.pk])).content.decode()

    for words in ("Utbetalt hittills", "12\xa0000,50", "Vi vill öppna för fler."):
        assert words in page


def test_a_claim_is_decided_with_what_was_paid_in_sight(report, sign_in, decision_maker):
    address = reverse("grants:claim_back", args=[report.application.decisions.get().pk])
    page = sign_in(decision_maker).get(address).content.decode()

    assert "Inget är utbetalt utöver det som föreningen får behålla." in page
    assert "Går att kräva tillbaka" in page


def test_a_personal_number_in_a_report_is_turned_away(report, sign_in, alice):
    answer = sign_in(alice).post(reverse("grants:report", args=[report.pk]), {"done": "Kalle 20121212-1212 var med."})

    assert answer.status_code == 422
    report.refresh_from_db()
    assert report.answers.get("done", "") == ""


def test_a_stranger_meets_404_on_anothers_report(report, sign_in, stranger):
    assert sign_in(stranger).get(reverse("grants:report", args=[report.pk])).status_code == 404


def test_an_applicant_is_not_let_into_the_review(report, sign_in, alice):
    assert sign_in(alice).get(reverse("grants:report_review", args=[report.pk])).status_code == 403


def test_an_officer_returns_a_report_only_with_a_reason(report, sign_in, alice, officer):
    sign_in(alice).post(reverse("grants:report", args=[report.pk]), {**TYPED, "hand_in": "yes"})
    address = reverse("grants:report_review", args=[report.pk])
    client = sign_in(officer)

    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "Berätta hur många som deltog."})

    report.refresh_from_db()
    assert (report.status, report.review_reason) == (ReportStatus.RETURNED, "Berätta hur många som deltog.")


def test_what_was_not_used_becomes_a_claim_that_is_paid_back_in_parts(report, sign_in, alice, officer, decision_maker):
    spent = {**TYPED, "spent": "10 000", "explanation": "Lägre hyra.", "hand_in": "yes"}
    sign_in(alice).post(reverse("grants:report", args=[report.pk]), spent)
    sign_in(officer).post(reverse("grants:report_review", args=[report.pk]), {"approve": "yes", "reason": ""})
    decision = report.application.decisions.get()

    sign_in(decision_maker).post(
        reverse("grants:claim_back", args=[decision.pk]), {"amount": "2 000,50", "reason": "Allt användes inte."}
    )
    claim = Reclaim.objects.get()
    assert claim.amount == Decimal("2000.50")

    page = sign_in(officer)
    page.post(reverse("grants:reclaim", args=[claim.pk]), {"repayment-amount": "500", "repayment-on": localdate().isoformat()})

    assert "1\xa0500,50\xa0kr" in page.get(reverse("grants:reclaim", args=[claim.pk])).content.decode()


def test_more_than_what_is_left_cannot_be_noted(report, sign_in, decision_maker, officer):
    decision = report.application.decisions.get()
    sign_in(decision_maker).post(reverse("grants:claim_back", args=[decision.pk]), {"amount": "500", "reason": "Fel ändamål."})
    claim = Reclaim.objects.get()

    answer = sign_in(officer).post(
        reverse("grants:reclaim", args=[claim.pk]), {"repayment-amount": "501", "repayment-on": localdate().isoformat()}
    )

    assert answer.status_code == 422
    assert not claim.repayments.exists()


@pytest.mark.parametrize("page", ["report_queue", "reclaim_list"])
def test_the_lists_open_and_cost_the_same_however_long(report, sign_in, officer, page):
    client = sign_in(officer)
    client.get(reverse(f"grants:{page}"))

    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(f"grants:{page}")).status_code == 200

    assert len(queries) <= 12
    assert Report.objects.count() == 1


def test_letters_say_where_one_goes_on(report, settings):
    reports.remind(at=datetime(2027, 8, 18, 9, 0, tzinfo=UTC))
    letters = Letter.objects.filter(case=report.application.case)
    reminder = letters.get(key__startswith="grants.reminder").html
    decision = letters.get(key__startswith="grants.decision").html

    assert settings.SITE_URL + reverse("grants:report", args=[report.pk]) in reminder
    assert settings.SITE_URL + reverse("grants:own_grant", args=[report.application_id]) in decision
