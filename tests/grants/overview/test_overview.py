"""What an officer sees over many cases: assessors beside each other, and what may be paid for twice; plan against outcome."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.actions import calls, schemes
from grants.actions.report_plan import Planned, plan_of
from grants.models import Conflict, Score
from tests.grants.conftest import AT, FORM, PLANNED
from tests.grants.deciding.conftest import *  # noqa: F403 - from a handed-in application to a published decision
from tests.grants.deciding.conftest import LATER, PARTS

TEXT = "Öppen scen varje torsdag där ungdomar prövar teater, musik och berättande tillsammans med professionella ledare."


@pytest.fixture
def other_call(publish_call, plan, officer):
    """A call of another scheme the same year."""
    scheme = schemes.add_scheme(key="extra", name="Extra stöd", purpose="Särskilda insatser.", by=officer, at=PLANNED)
    version = schemes.write_version(scheme, schemes.Terms(date(2026, 1, 1), form=FORM, parts=PARTS), by=officer, at=PLANNED)
    return publish_call(replace(plan, title="Extra stöd 2027"), version=version)


def test_two_assessors_stand_beside_each_other_and_no_score_changes(sign_in, officer, other_officer, application, assess):
    assess(application, officer, (5, 5, 5, 5))
    assess(application, other_officer, (3, 3, 3, 3))
    before = list(Score.objects.values_list("pk", "level"))

    page = sign_in(officer).get(reverse("grants:calibration")).content.decode()

    assert "2,00" in page
    assert "−2,00" in page
    assert "prata ihop er" in page
    assert list(Score.objects.values_list("pk", "level")) == before


def test_an_assessor_who_is_not_done_sees_no_others_in_the_comparison(sign_in, officer, other_officer, application, assess):
    """Case 28."""
    assess(application, officer, (5, 5, 5, 5))
    from grants.actions import assessments  # noqa: PLC0415 - only here

    assessments.start(application, by=other_officer, at=LATER)

    page = sign_in(other_officer).get(reverse("grants:calibration")).content.decode()

    assert "5,00" not in page


def test_the_comparison_holds_nothing_of_a_case_one_has_an_interest_in(sign_in, officer, other_officer, application, assess):
    """Case 25."""
    assess(application, officer, (5, 5, 5, 5))
    assess(application, other_officer, (3, 3, 3, 3))
    Conflict.objects.create(application=application, user=officer, source="declared", declared_at=LATER)

    assert "Teaterboden" not in sign_in(officer).get(reverse("grants:calibration")).content.decode()


def test_the_same_text_in_two_schemes_is_shown_to_the_officer_and_on_the_case(
    sign_in, officer, call, other_call, association, alice, hand_in
):
    one = hand_in(call, association, alice, plan=TEXT, asked="20 000")
    other = hand_in(other_call, association, alice, plan=TEXT, asked="30 000")
    client = sign_in(officer)

    listed = client.get(reverse("grants:double_funding")).content.decode()
    case = client.get(reverse("grants:casework_application", args=[one.pk])).content.decode()

    assert str(one.case) in listed
    assert str(other.case) in listed
    assert "mycket av texten är densamma" in listed
    assert "Betalas två gånger?" in case
    assert "Extra stöd 2027" in case


def test_two_different_things_are_no_pair(sign_in, officer, call, other_call, association, alice, hand_in):
    hand_in(call, association, alice, plan=TEXT, asked="20 000")
    hand_in(other_call, association, alice, plan="Vi köper in nya stolar.", asked="30 000")

    assert "Inget liknar" in sign_in(officer).get(reverse("grants:double_funding")).content.decode()


def test_an_association_does_not_open_these_pages(sign_in, alice):
    for name in ("calibration", "double_funding"):
        assert sign_in(alice).get(reverse(f"grants:{name}")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_pairs_costs_the_same_however_many(
    sign_in, officer, call, other_call, make_association, person, give_mandate, hand_in, count
):
    for number in range(count):
        association = make_association(f"Förening {number}", f"80260000{number:02d}")
        chair = person(f"chair{number}@forening.example")
        give_mandate(chair, association)
        hand_in(call, association, chair, plan=TEXT)
        hand_in(other_call, association, chair, plan=TEXT)
    client = sign_in(officer)

    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("grants:double_funding"))

    assert len(queries) == 5


@pytest.fixture
def with_costs(scheme, officer, publish_call, plan, association, alice, hand_in, publish):
    """A published grant whose application planned 8 000 kr of rent; its report waits."""
    rent = {"key": "rent", "label": "Hyra", "kind": "amount"}
    form = [FORM[0], {**FORM[1], "questions": [*FORM[1]["questions"], rent]}]
    version = schemes.write_version(scheme, schemes.Terms(date(2026, 1, 1), form=form, parts=PARTS), by=officer, at=PLANNED)
    call = calls.publish_call(
        calls.plan_call(version, replace(plan, report_due_on=date(2027, 12, 1)), by=officer, at=PLANNED), by=officer, at=PLANNED
    )
    application = hand_in(call, association, alice, at=AT, rent="8 000")
    publish(application)
    return application


def test_a_report_tells_what_it_came_to_beside_what_was_planned(sign_in, alice, officer, with_costs):
    report = with_costs.report
    typed = {"done": "Allt.", "effect": "Fler.", "spent": "12 000,50", "actual-rent": "9 500", "hand_in": "yes"}

    sign_in(alice).post(reverse("grants:report", args=[report.pk]), typed)

    report.refresh_from_db()
    assert report.status == "handed_in"
    assert plan_of(report) == [Planned("rent", "Hyra", 8000, 9500)]
    page = sign_in(officer).get(reverse("grants:report_review", args=[report.pk])).content.decode()
    assert "1\xa0500\xa0kr" in page
