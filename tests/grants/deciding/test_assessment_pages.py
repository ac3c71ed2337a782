"""The assessors' pages: what they show to whom, and that nothing typed is lost."""

from dataclasses import replace

import pytest
from django.urls import reverse

from grants.actions import assessments, conflicts
from grants.actions.assessments import Given
from grants.choices import AssessmentStatus
from grants.models import Assessment
from tests.grants.deciding.conftest import LATER


def typed(levels=("4", "3", "5", "2"), **more):
    keys = ("democracy", "inclusion", "public_health", "equality")
    form = {f"q-{key}-level": level for key, level in zip(keys, levels, strict=True)}
    form |= {f"q-{key}-reason": f"Skäl för {key}." for key in keys}
    return form | {"q-comment": "", "edition": "0"} | more


@pytest.fixture
def address(application):
    return reverse("grants:assessment", args=[application.pk])


def test_an_officer_assesses_with_the_register_beside_each_criterion(application, officer, sign_in, address):
    client = sign_in(officer)
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    for word in ("Demokrati", "Inkludering", "Folkhälsa", "Jämställdhet", "Nivå 4", "föreningsregistret", "Stadgar"):
        assert word in text
    assert client.post(address, typed(done="yes")).status_code == 302
    assert Assessment.objects.get().status == AssessmentStatus.DONE


def test_what_is_typed_is_saved_by_itself(application, officer, sign_in, address):
    response = sign_in(officer).post(address, typed(("4", "", "", "")), headers={"X-Autosave": "yes"})
    assert response.json() == {"edition": 0}
    assert Assessment.objects.get().scores.get(criterion="democracy").level == 4


def test_what_is_missing_is_said_and_the_typed_text_stays(application, officer, sign_in, address):
    response = sign_in(officer).post(address, typed(("4", "", "na", "2"), done="yes"))
    assert response.status_code == 422
    text = response.content.decode()
    assert "Välj en nivå för inkludering" in text
    assert "Skäl för inclusion." in text
    assert Assessment.objects.get().status == AssessmentStatus.STARTED


def test_an_assessment_of_a_proposed_application_is_not_saved_but_the_text_stays(
    application, officer, other_officer, sign_in, address, assess, propose
):
    """Case 29. The page says why, and shows what was typed."""
    assess(application, other_officer)
    propose(application, by=other_officer)
    response = sign_in(officer).post(address, typed())
    assert response.status_code == 409
    assert "Skäl för equality." in response.content.decode()


def test_another_assessment_is_closed_until_ones_own_is_done(application, officer, other_officer, sign_in, assess):
    """Case 28. Assessor without submitted assessment opens others': 403."""
    theirs = assess(application, other_officer)
    mine = assessments.start(application, by=officer, at=LATER)
    client, page = sign_in(officer), reverse("grants:assessment_of_another", args=[theirs.pk])
    assert client.get(page).status_code == 403
    assessments.save(mine, scores={key: Given(3, "Skäl.") for key in typed_keys()}, by=officer, at=LATER)
    assessments.finish(mine, by=officer, at=LATER)
    assert client.get(page).status_code == 200


def typed_keys():
    return ("democracy", "inclusion", "public_health", "equality")


def test_scores_are_hidden_and_do_not_sort_the_list(
    publish_call, plan, hand_in, association, other_association, alice, stranger, officer, other_officer, sign_in, assess
):
    """Case 28. Aggregate hidden and not sortable."""
    call = publish_call(replace(plan, assessors_needed=2))
    low, high = hand_in(call, association, alice), hand_in(call, other_association, stranger)
    assess(low, other_officer, (1, 1, 1, 1))
    assess(high, other_officer, (5, 5, 5, 5))
    client = sign_in(officer)
    page = client.get(reverse("grants:assessment_list"), {"ordning": "poang"})
    assert [row.name for row in page.context["rows"]] == ["Teaterboden", "Karlskoga Kammarkör"]
    assert "5,00" not in page.content.decode()
    assess(low, officer, (1, 1, 1, 1))
    assess(high, officer, (5, 5, 5, 5))
    page = client.get(reverse("grants:assessment_list"), {"ordning": "poang"})
    assert [row.name for row in page.context["rows"]] == ["Karlskoga Kammarkör", "Teaterboden"]
    assert "5,00" in page.content.decode()


def test_stepping_out_closes_every_page_of_the_case(application, officer, other_officer, sign_in, address, assess):
    """Case 25. Direct URL 403; the page says jäv and nothing of the case."""
    theirs = assess(application, other_officer)
    client = sign_in(officer)
    stepped_out = client.post(reverse("grants:conflict_declare", args=[application.pk]), {"reason": "Min bror."})
    assert stepped_out.status_code == 302
    for page in (
        address,
        reverse("grants:assessment_of_another", args=[theirs.pk]),
        reverse("grants:conflict_declare", args=[application.pk]),
    ):
        response = client.get(page)
        assert response.status_code == 403
        text = response.content.decode()
        assert "jäv" in text
        assert "Teaterboden" not in text
    assert "Teaterboden" not in client.get(reverse("grants:assessment_list")).content.decode()


def test_a_conflict_is_lifted_by_somebody_else(application, officer, other_officer, sign_in):
    conflict = conflicts.declare(application, reason="Kanske.", by=officer, at=LATER)
    page = reverse("grants:conflict_lift", args=[conflict.pk])
    assert sign_in(officer).post(page, {"reason": "Nej."}).status_code == 403
    client = sign_in(other_officer)
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "Brodern har lämnat styrelsen."}).status_code == 302
    conflict.refresh_from_db()
    assert conflict.lifted_by == other_officer


def test_strangers_and_applicants_meet_closed_doors(application, alice, stranger, auditor, sign_in, address):
    for user in (alice, stranger, auditor):
        assert sign_in(user).get(address).status_code == 403
    assert sign_in(auditor).get(reverse("grants:assessment_list")).status_code == 200
    assert sign_in(alice).get(reverse("grants:assessment_list")).status_code == 403


@pytest.mark.parametrize("applications", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    applications,
    call,
    hand_in,
    make_association,
    person,
    give_mandate,
    officer,
    other_officer,
    sign_in,
    assess,
    django_assert_num_queries,
):
    for number in range(applications):
        association = make_association(f"Förening {number}", f"80240020{number:02d}")
        applicant = person(f"applicant{number}@example.org")
        give_mandate(applicant, association)
        assess(hand_in(call, association, applicant), other_officer)
    client = sign_in(officer)
    client.get(reverse("grants:assessment_list"))
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get(reverse("grants:assessment_list")).context["rows"]) == applications


LIST_QUERIES = 16
