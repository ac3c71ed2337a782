"""The budget room: how far a pot reaches, scenarios that touch nothing, and who may not come in."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from grants.actions import budget_room
from grants.actions.counting import remaining
from grants.models import Application, Assessor, Call, Conflict, Scenario
from tests.grants.deciding.conftest import LATER

OWN = {"weight-democracy": 30, "weight-inclusion": 30, "weight-public_health": 20, "weight-equality": 20}
ASKED = {"method": "ranked", "pot": "200 000", **OWN}


@pytest.fixture
def room(call):
    return reverse("grants:budget_room", args=[call.pk])


@pytest.fixture
def save(call, officer):
    def do(name, **chosen):
        choice = budget_room.Choice(**{"method": "ranked", "pot": Decimal(200_000)} | chosen)
        return budget_room.save_scenario(call, choice, name=name, by=officer, at=LATER)

    return do


def test_the_pot_is_filled_by_rank_and_says_why_somebody_gets_nothing(sign_in, officer, room, competing):
    competing("Alfa", "Beta", "Gamma")

    page = sign_in(officer).get(room).content.decode()

    assert page.index("Beta IF") < page.index("Alfa IF") < page.index("Gamma IF"), "4,10 before 3,50 before 3,20"
    assert "95\xa0000\xa0kr" in page
    assert "105\xa0000\xa0kr" in page, "what is not used"
    assert "ryms inte i det som är kvar" in page
    assert "rankad under gränsen" in page


def test_another_weight_shows_who_gets_more_and_who_gets_less(sign_in, officer, room, competing):
    competing("Alfa", "Beta", "Gamma")
    weights = dict.fromkeys(OWN, 0) | {"weight-equality": 100}

    page = sign_in(officer).get(room, ASKED | weights | {"pot": "100 000"}).content.decode()

    assert "80\xa0000\xa0kr mer" in page
    assert "95\xa0000\xa0kr mindre" in page


def test_a_tie_at_the_cut_is_said_and_nobody_is_chosen(sign_in, officer, room, competing, assess, other_officer, call):
    made = competing("Alfa", "Gamma")
    Call.objects.filter(pk=call.pk).update(assessors_needed=1)
    made["Gamma"].assessments.get().scores.filter(criterion="democracy").update(level=3)

    page = sign_in(officer).get(room, ASKED | {"pot": "130 000"}).content.decode()

    assert "Alfa IF, Gamma IF" in page or "Gamma IF, Alfa IF" in page
    assert "Lika poäng vid gränsen" in page


def test_weights_that_do_not_sum_to_a_hundred_are_told_beside_the_field(sign_in, officer, room, competing):
    competing("Alfa")

    answer = sign_in(officer).get(room, ASKED | {"weight-equality": 30})

    assert answer.status_code == 422
    assert "Nu är de 110" in answer.content.decode()


def test_a_scenario_changes_no_budget_and_no_decision(sign_in, officer, room, competing, call):
    """Case 35: what-if scenarios never touch the real budget."""
    made = competing("Alfa", "Beta")

    answer = sign_in(officer).post(room, ASKED | {"name": "Som i dag"})

    assert answer.status_code == 302
    scenario = Scenario.objects.get()
    assert scenario.result["granted"] == {str(made["Beta"].pk): "95000.00"}
    assert remaining(call) == 200_000
    assert {row.status for row in Application.objects.all()} == {"submitted"}


def test_a_name_is_taken_once(sign_in, officer, room, competing, save):
    competing("Alfa")
    save("Som i dag")

    answer = sign_in(officer).post(room, ASKED | {"name": "Som i dag"})

    assert answer.status_code == 422
    assert 'value="Som i dag"' in answer.content.decode()


def test_scenarios_stand_side_by_side_with_the_difference(sign_in, officer, competing, save, call):
    competing("Alfa", "Beta", "Gamma")
    save("Rang")
    save("Andel", method="pro_rata")

    page = sign_in(officer).get(reverse("grants:scenario_compare", args=[call.pk])).content.decode()

    assert "81\xa0355,93\xa0kr mer" in page, "Alfa: nothing by rank, 200 000 x 120/295 in proportion"
    assert "30\xa0593,22\xa0kr mindre" in page, "Beta: 95 000 by rank"


def test_a_scenario_says_when_what_it_rests_on_has_changed(sign_in, officer, competing, save, call, assess, other_officer):
    made = competing("Alfa")
    save("Rang")
    url = reverse("grants:scenario_compare", args=[call.pk])
    assert "har ändrats sedan" not in sign_in(officer).get(url).content.decode()

    assess(made["Alfa"], other_officer, (1, 1, 1, 1))

    assert "har ändrats sedan" in sign_in(officer).get(url).content.decode()


def test_a_scenario_is_never_edited_but_can_be_thrown_away(sign_in, officer, competing, save):
    competing("Alfa")
    scenario = save("Rang")
    with pytest.raises(Exception, match="Cannot update"):
        Scenario.objects.filter(pk=scenario.pk).update(pot=1)


def test_throwing_away_leaves_a_line_in_the_log(sign_in, officer, competing, save):
    competing("Alfa")
    scenario = save("Rang")

    sign_in(officer).post(reverse("grants:scenario_throw_away", args=[scenario.pk]))

    assert not Scenario.objects.exists()


def test_what_is_decided_has_left_the_room_and_the_budget(sign_in, officer, room, competing, publish, call):
    made = competing("Alfa", "Beta")
    publish(made["Beta"])

    page = sign_in(officer).get(room).content.decode()

    assert "Beta IF" not in page
    assert 'value="105000"' in page or 'value="105 000"' in page or 'value="105\xa0000"' in page


def test_the_budget_strip_is_a_page_of_its_own(sign_in, officer, competing, call):
    competing("Alfa")

    page = sign_in(officer).get(reverse("grants:budget_left", args=[call.pk]), HTTP_HX_REQUEST="true").content.decode()

    assert "200\xa0000\xa0kr" in page


def test_a_conflict_of_interest_in_one_case_closes_the_whole_room(sign_in, officer, room, competing):
    """Case 25."""
    made = competing("Alfa", "Beta")
    Conflict.objects.create(application=made["Alfa"], user=officer, source="declared", declared_at=LATER)

    answer = sign_in(officer).get(room)

    assert answer.status_code == 403
    assert "jäv" in answer.content.decode()
    assert "Beta IF" not in answer.content.decode()


def test_an_assessor_who_is_not_done_does_not_see_the_scores_here_either(sign_in, other_officer, officer, room, competing, call):
    """Case 28."""
    competing("Alfa")
    Assessor.objects.create(call=call, user=other_officer, appointed_at=LATER, appointed_by=officer)

    answer = sign_in(other_officer).get(room)

    assert answer.status_code == 403
    assert "3,50" not in answer.content.decode()


@pytest.mark.parametrize("role", [Role.COMMITTEE_MEMBER, Role.FACILITY_STAFF if hasattr(Role, "FACILITY_STAFF") else None])
def test_others_are_not_let_in(sign_in, person, room, role, competing):
    user = person("somebody@karlskoga.example", *([role] if role else []))

    assert sign_in(user).get(room).status_code == 403


def test_an_auditor_reads_and_saves_nothing(sign_in, auditor, room, competing):
    competing("Alfa")
    client = sign_in(auditor)

    assert "Spara det här scenariot" not in client.get(room).content.decode()
    assert client.post(room, ASKED | {"name": "Nytt"}).status_code == 403
    assert not Scenario.objects.exists()


@pytest.mark.parametrize("names", [("Alfa",), ("Alfa", "Beta", "Gamma")])
def test_the_room_costs_the_same_number_of_queries_however_many_share(sign_in, officer, room, competing, names):
    competing(*names)
    client = sign_in(officer)
    client.get(room)

    with CaptureQueriesContext(connection) as queries:
        client.get(room)

    assert len(queries) == 16
