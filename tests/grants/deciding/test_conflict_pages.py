"""Case 25 on every address of a case: who has a conflict of interest reads 403 and nothing of it, a stranger meets a 404."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.choices import Role
from grants.actions import conflicts, payments, reports
from grants.actions.extension import extend
from grants.actions.reclaims import claim_back
from grants.actions.refusals import NotAllowedNow
from grants.models import Report
from grants.permissions.paying import may_approve_run, may_fetch
from records import filing
from records.models import Letter
from tests.grants.deciding.conftest import LATER

PAID = date(2027, 1, 15)


@pytest.fixture
def everything(application, paid, account, publish, decision_maker, alice, other_officer, assess):
    """A case with all that may hang on one: a file, assessments, decision, payment, report, claim, letters. name -> address."""
    other = assess(application, other_officer)
    decision = paid(application)
    upload = SimpleUploadedFile("budget.pdf", BytesIO(b"%PDF-1.4\n%%EOF\n").getvalue(), content_type="application/pdf")
    file = filing.store_file(upload, at=LATER, by=alice)
    filing.file_in(application.case, [file], at=LATER, by=alice)
    report, _made = Report.objects.get_or_create(application=application, defaults={"due_on": PAID})
    reports.hand_in(
        report, answers={"done": "Allt.", "effect": "Mycket."}, spent=9000, explanation="Billigare.", by=alice, at=LATER
    )
    claim = claim_back(decision, amount=100, reason="Oanvänt.", by=decision_maker, at=LATER)
    conflict = conflicts.declare(application, reason="Kusin.", by=other_officer, at=LATER)
    letter = Letter.objects.filter(case=application.case).first()
    line = decision.instalments.get().lines.get()
    return {
        "casework": page("casework_application", application.pk),
        "assign": page("casework_assign", application.pk),
        "completion": page("completion_ask", application.pk),
        "assessment": page("assessment", application.pk),
        "reopen": page("assessment_reopen", application.pk),
        "another assessment": page("assessment_of_another", other.pk),
        "declare": page("conflict_declare", application.pk),
        "lift": page("conflict_lift", conflict.pk),
        "case decision": page("case_decision", application.pk),
        "propose": page("proposal_write", application.pk),
        "proposal": page("proposal", decision.proposal_id),
        "decide": page("proposal_decide", decision.proposal_id),
        "review": page("proposal_review", decision.proposal_id),
        "take back": page("proposal_take_back", decision.proposal_id),
        "list": page("proposal_list", decision.proposal_id),
        "decision": page("decision", decision.pk),
        "change": page("decision_change", decision.pk),
        "undo": page("decision_undo", decision.pk),
        "rectify": page("decision_rectify", decision.pk),
        "claim back": page("claim_back", decision.pk),
        "hold": page("payment_hold", line.instalment_id),
        "reject": page("payment_reject", line.pk),
        "report": page("report_review", report.pk),
        "claim": page("reclaim", claim.pk),
        "case page": reverse("records:case", args=[application.case.slug]),
        "close": reverse("records:case_close", args=[application.case.slug]),
        "secrecy": reverse("records:case_secrecy", args=[application.case.slug]),
        "letter": reverse("records:letter", args=[letter.pk]),
        "letter as pdf": reverse("records:letter_pdf", args=[letter.pk]),
        "file": reverse("records:file", args=[file.pk]),
    }


def page(name, pk):
    return reverse(f"grants:{name}", args=[pk])


POSTED = {"assign", "reopen", "decide", "review", "take back", "list"}
FOR_ANY_SIGNED_IN = {"case page", "letter", "letter as pdf", "file"}


def test_a_conflict_of_interest_is_403_on_every_address_of_the_case(everything, application, person, sign_in):
    """Case 25. Direct URL 403; the page says jäv and nothing of the case."""
    both = person("both@karlskoga.example", Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY)
    client = sign_in(both)
    before = {name: open_page(client, name, address).status_code for name, address in everything.items() if name not in POSTED}
    assert set(before.values()) <= {200, 302}, before
    conflicts.declare(application, reason="Min bror.", by=both, at=LATER)
    for name, address in everything.items():
        response = open_page(client, name, address)
        text = response.content.decode()
        assert response.status_code == 403, name
        assert "jäv" in text, name
        assert "Teaterboden" not in text, name
        assert application.case.reference not in text, name


def test_a_board_seat_in_the_register_is_403_as_well(
    everything, application, association, other_officer, person, give_mandate, sign_in
):
    """Case 25. Register link, whether or not anybody has noted it."""
    linked = person("linked@karlskoga.example", Role.OFFICER)
    give_mandate(linked, association)
    client = sign_in(linked)
    for name in ("casework", "proposal", "decision", "case page", "file", "letter", "report"):
        response = open_page(client, name, everything[name])
        assert response.status_code == 403, name
        assert "jäv" in response.content.decode(), name


def test_a_stranger_still_meets_404_and_is_told_nothing(everything, stranger, sign_in):
    """Case 25. Nothing tells that the case exists: a number that nobody has answers the same."""
    client = sign_in(stranger)
    for name in FOR_ANY_SIGNED_IN:
        response = open_page(client, name, everything[name])
        assert response.status_code == 404, name
        assert "jäv" not in response.content.decode(), name
    for name in set(everything) - FOR_ANY_SIGNED_IN:
        assert open_page(client, name, everything[name]).status_code in {403, 404, 405}, name
        assert "jäv" not in open_page(client, name, everything[name]).content.decode(), name


def test_what_does_not_exist_is_404_for_an_officer(person, sign_in):
    client = sign_in(person("officer2@karlskoga.example", Role.OFFICER))
    for address in (
        page("casework_application", 999_999),
        page("report_review", 999_999),
        page("reclaim", 999_999),
        reverse("records:case", args=["KFN-2026-09999"]),
        reverse("records:letter", args=[999_999]),
        reverse("records:file", args=[999_999]),
    ):
        assert client.get(address).status_code == 404, address


def open_page(client, name, address):
    return client.post(address) if name in POSTED else client.get(address)


def test_nobody_pays_an_association_they_have_an_interest_in(publish, account, application, officer, other_officer, person):
    """Case 25. Neither makes, approves nor fetches the file: a colleague does, or the decision-maker approves."""
    account(application.association)
    decision = publish(application)
    conflicts.declare(application, reason="Kusin.", by=other_officer, at=LATER)
    with pytest.raises(NotAllowedNow, match="jäv"):
        payments.make_run(decision.instalments.all(), pays_on=PAID, by=other_officer, at=LATER)
    run = payments.make_run(decision.instalments.all(), pays_on=PAID, by=officer, at=LATER)
    assert not may_approve_run(other_officer, run)
    with pytest.raises(NotAllowedNow, match="jäv"):
        payments.approve_run(run, by=other_officer, at=LATER)
    chief = person("chief2@karlskoga.example", Role.DECISION_MAKER)
    assert payments.approve_run(run, by=chief, at=LATER).approved_by == chief
    run.refresh_from_db()
    assert may_fetch(officer, run)
    assert not may_fetch(other_officer, run)


def test_nobody_gives_their_own_association_more_time(call, association, officer, give_mandate):
    give_mandate(officer, association)
    with pytest.raises(NotAllowedNow, match="kollega"):
        extend(call, association, closes_on=date(2026, 11, 1), reason="Vi hann inte.", by=officer, at=LATER)
