"""The pages of the plan: asked for, followed, read, edited without script, compared, published, thrown away."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from culture import actions
from culture.models import PlanEdit, PlanRun, Visit
from tests.culture.conftest import noon
from tests.culture.first_fit import first_fit

AUTUMN = noon(2026, 10, 20)


@pytest.fixture(autouse=True)
def in_autumn(settings):
    settings.SESSION_COOKIE_AGE = 10**8
    with time_machine.travel(AUTUMN, tick=False):
        yield


@pytest.fixture
def town(add_class, alby, berga, add_offer, plan):
    """Three classes of year 5, and three performances of different events, sixty seats each; nothing for year 7."""
    classes = [add_class(alby, "5A", {5: 24}), add_class(alby, "5B", {5: 22}), add_class(berga, "5A", {5: 20})]
    shows = [
        plan(add_offer("Trollet", [5]), date(2027, 2, 10)),
        plan(add_offer("Dansen", [5], art_form="dance"), date(2027, 3, 2)),
        plan(add_offer("För sjuan", [7]), date(2027, 3, 9)),
    ]
    return classes, shows


@pytest.fixture
def propose(planner, year):
    def make(*, base=None, reasons=()):
        run = actions.ask_for_plan(year, by=planner, at=AUTUMN, base=base, seed=7)

        def solve(problem, report):
            solved = first_fit(problem, report)
            solved.reasons.extend(reasons)
            return solved

        actions.compute_plan(run.pk, at=AUTUMN, clock=lambda: AUTUMN, solve=solve)
        return PlanRun.objects.get(pk=run.pk)

    return make


@pytest.fixture
def desk(sign_in, planner):
    return sign_in(planner)


def text(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def test_officer_asks_for_a_proposal_and_follows_it(desk, town, year):
    answer = desk.post(reverse("culture:plan_ask", args=[year.first]), {"name": "Första försöket"})
    run = PlanRun.objects.get()
    assert answer.headers["Location"] == reverse("culture:plan", args=[run.pk])
    assert (run.name, run.status) == ("Första försöket", "waiting")

    page = desk.get(answer.headers["Location"]).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "Titta igen nu" in page
    PlanRun.objects.filter(pk=run.pk).update(status="running", progress={"level": "unserved", "done": 1, "of": 3})
    piece = desk.get(answer.headers["Location"], headers={"hx-request": "true"})
    assert "1 av 3" in text(piece)
    assert "<html" not in piece.content.decode()

    PlanRun.objects.filter(pk=run.pk).update(status="waiting")
    actions.compute_plan(run.pk, at=AUTUMN, clock=lambda: AUTUMN, solve=first_fit)
    assert desk.get(answer.headers["Location"], headers={"hx-request": "true"}).headers["HX-Refresh"] == "true"
    assert "66 av 66 elever får ett besök" in text(desk.get(answer.headers["Location"]))


def test_nothing_to_plan_with_is_said_on_the_page(desk, year):
    answer = desk.post(reverse("culture:plan_ask", args=[year.first]), {}, follow=True)
    assert "inga klasser" in text(answer)
    assert not PlanRun.objects.exists()


def test_proposal_that_failed_says_why(desk, town, year, planner):
    run = actions.ask_for_plan(year, by=planner, at=AUTUMN, seed=1)
    actions.compute_plan(run.pk, at=AUTUMN, clock=lambda: AUTUMN, solve=lambda problem, report: 1 / 0)
    assert "ZeroDivisionError" in text(desk.get(reverse("culture:plan", args=[run.pk])))


def test_classes_are_filtered_and_fetched_as_a_file(desk, town, propose, alby, berga):
    run = propose()
    address = reverse("culture:plan_classes", args=[run.pk])
    every = text(desk.get(address))
    assert "Trollet" in every
    assert "Dansen" in every
    assert "3 klasser med 66 elever" in every
    assert "1 klass" in text(desk.get(address, {"skola": berga.pk}))
    assert "Ingen klass är så" in text(desk.get(address, {"visa": "utan"}))
    assert desk.get(address, {"skola": "x"}).status_code == 422
    rows = desk.get(reverse("culture:plan_table", args=[run.pk, "csv"])).content.decode("utf-8-sig").splitlines()
    assert rows[1].split(";")[:6] == ["10000001", "Albyskolan", "kommunal", "5A", "24", "Trollet"]
    assert len(rows) == 4
    assert desk.get(reverse("culture:plan_table", args=[run.pk, "xlsx"])).content[:2] == b"PK"
    assert desk.get(reverse("culture:plan_table", args=[run.pk, "pdf"])).status_code == 404


def test_performances_show_who_goes_and_the_room_that_is_left(desk, town, propose):
    run = propose()
    address = reverse("culture:plan_shows", args=[run.pk])
    page = text(desk.get(address))
    assert "50/60" in page
    assert "ingen" in page
    assert "Trollet" not in text(desk.get(address, {"konstform": "dance"}))
    assert "För sjuan" in text(desk.get(address, {"visa": "tomma"}))


def test_class_is_placed_kept_taken_out_and_taken_back_with_plain_forms(desk, town, propose):
    classes, shows = town
    run = propose()
    page, edit = (reverse(f"culture:{name}", args=[run.pk, classes[0].pk]) for name in ("plan_class", "plan_edit"))
    assert "är inte för klassens årskurser" in text(desk.get(page))

    desk.post(edit, {"do": "keep", "performance": shows[0].pk})
    assert run.rows.get(class_group=classes[0]).edited
    desk.post(edit, {"do": "forbid", "performance": shows[0].pk})
    assert not run.rows.filter(class_group=classes[0]).exists()
    assert "42 av 66" in text(desk.get(reverse("culture:plan", args=[run.pk])))
    answer = desk.post(edit, {"do": "place", "performance": shows[1].pk}, follow=True)
    assert "5A går på Dansen" in text(answer)
    assert run.rows.get(class_group=classes[0]).performance == shows[1]

    overview = text(desk.get(reverse("culture:plan", args=[run.pk])))
    assert "Dina ändringar" in overview
    forbidden = PlanEdit.objects.get(kind="forbid")
    back = desk.post(reverse("culture:plan_edit_back", args=[run.pk, forbidden.pk]), {"back": "plan"})
    assert back.headers["Location"] == reverse("culture:plan", args=[run.pk])
    forbidden.refresh_from_db()
    assert forbidden.withdrawn_at == AUTUMN


def test_refusal_of_an_edit_is_a_sentence(desk, town, propose):
    classes, shows = town
    run = propose()
    edit = reverse("culture:plan_edit", args=[run.pk, classes[0].pk])
    assert "inte för klassens årskurser" in text(desk.post(edit, {"do": "place", "performance": shows[2].pk}, follow=True))
    assert "Välj vad" in text(desk.post(edit, {"do": "x", "performance": shows[1].pk}, follow=True))
    assert desk.post(edit, {"do": "place", "performance": "x"}).status_code == 404


def test_grade_is_allowed_with_a_reason_and_the_typed_text_stays(desk, town, propose):
    classes, shows = town
    run = propose()
    page, allow = (reverse(f"culture:{name}", args=[run.pk, classes[0].pk]) for name in ("plan_class", "plan_allow"))
    five = classes[0].fragments.get()
    said = {"performance": shows[2].pk, "fragment": five.pk}
    empty = desk.post(allow, {**said, "reason": ""})
    assert empty.status_code == 422
    assert desk.post(allow, {**said, "reason": "Barnet 20160203-1239 vill"}).status_code == 422
    desk.post(allow, {**said, "reason": "Femman har läst boken."})
    assert PlanEdit.objects.get(kind="allow").reason == "Femman har läst boken."
    assert "Femman har läst boken." in text(desk.get(page))


def test_reasons_stand_with_links_to_the_class(desk, town, propose, add_class, berga):
    seven = add_class(berga, "7C", {7: 70})
    why = {"level": "L0", "klass": str(seven.pk), "short": 1, "pupils": 70, "options": 0, "counts": {"grade": 2, "small": 1}}
    run = propose(reasons=[why])
    page = text(desk.get(reverse("culture:plan", args=[run.pk])))
    assert "7C, Bergaskolan har ingen föreställning att gå på" in page
    assert "3 − 2 − 1 = 0" in page
    address = reverse("culture:plan_class", args=[run.pk, seven.pk])
    assert address in page
    assert "3 − 2 − 1 = 0" in text(desk.get(address))


def test_two_proposals_stand_side_by_side(desk, town, propose):
    classes, shows = town
    one, other = propose(), propose()
    edit = reverse("culture:plan_edit", args=[other.pk, classes[0].pk])
    desk.post(edit, {"do": "forbid", "performance": shows[0].pk})
    desk.post(edit, {"do": "place", "performance": shows[1].pk})
    page = text(desk.get(reverse("culture:plan_compare"), {"ett": one.pk, "andra": other.pk}))
    assert "1 klass går på något annat" in page
    assert "Trollet, 10 februari 2027" in page
    assert desk.get(reverse("culture:plan_compare"), {"ett": one.pk}).status_code == 404


def test_publishing_tells_first_what_goes_out(desk, town, propose):
    run = propose()
    address = reverse("culture:plan_publish", args=[run.pk])
    page = text(desk.get(address))
    assert "3 besök bokas" in page
    assert "alby@skola.example" in page
    assert not Visit.objects.exists()
    assert "Planen är publicerad" in text(desk.post(address, follow=True))
    assert Visit.objects.count() == 3
    assert desk.get(address).headers["Location"] == reverse("culture:plan", args=[run.pk])


def test_what_no_longer_holds_is_listed_and_nothing_is_published(desk, town, propose, planner):
    _classes, shows = town
    run = propose()
    actions.cancel_performance(shows[1], reason="Sjuk.", by=planner, at=AUTUMN)
    answer = desk.post(reverse("culture:plan_publish", args=[run.pk]))
    assert answer.status_code == 409
    assert "Föreställningen är inställd." in text(answer)
    assert not Visit.objects.exists()


def test_planning_again_after_a_cancellation_is_one_press(desk, town, propose, planner, year):
    _classes, shows = town
    first = propose()
    actions.publish_plan(first, by=planner, at=AUTUMN)
    actions.cancel_performance(shows[1], reason="Sjuk.", by=planner, at=AUTUMN)
    page = text(desk.get(reverse("culture:plan_list")))
    assert "1 besök har ställts in" in page
    assert "Planera om" in page
    desk.post(reverse("culture:plan_ask", args=[year.first]), {"base": first.pk, "name": "Efter det inställda"})
    again = PlanRun.objects.first()
    assert again.base == first


def test_proposal_is_thrown_away_after_a_question(desk, town, propose):
    run = propose()
    address = reverse("culture:plan_drop", args=[run.pk])
    assert "Slänga" in text(desk.get(address))
    assert PlanRun.objects.get().status == "done"
    desk.post(address)
    assert PlanRun.objects.get().status == "dropped"


def test_plan_is_for_those_who_plan_and_auditors_read_it(client, sign_in, town, propose, teacher, stranger, person, year):
    run = propose()
    group = town[0][0].pk
    pages = [("plan_list",), ("plan", run.pk), ("plan_classes", run.pk), ("plan_shows", run.pk), ("plan_class", run.pk, group)]
    officers = [("plan_publish", run.pk), ("plan_drop", run.pk)]
    for somebody in (teacher, stranger):
        theirs = sign_in(somebody)
        found = {theirs.get(reverse(f"culture:{name}", args=args)).status_code for name, *args in pages + officers}
        assert found == {403}
        assert theirs.post(reverse("culture:plan_ask", args=[year.first])).status_code == 403
    auditor = sign_in(person("revisor@karlskoga.example", "auditor"))
    assert {auditor.get(reverse(f"culture:{name}", args=args)).status_code for name, *args in pages} == {200}
    assert {auditor.get(reverse(f"culture:{name}", args=args)).status_code for name, *args in officers} == {403}
    assert "Placera här" not in text(auditor.get(reverse("culture:plan_class", args=[run.pk, group])))
    assert client.get(reverse("culture:plan", args=[run.pk])).status_code == 302


@pytest.mark.parametrize("name", ["plan_list", "plan", "plan_classes", "plan_shows", "plan_publish"])
def test_pages_cost_the_same_with_one_class_and_with_three(
    desk, add_class, alby, add_offer, plan, propose, name, django_assert_max_num_queries
):
    def cost():
        run = propose()
        args = [] if name == "plan_list" else [run.pk]
        with django_assert_max_num_queries(60) as counted:
            assert desk.get(reverse(f"culture:{name}", args=args)).status_code == 200
        return len(counted)

    plan(add_offer("Ett", [5]))
    add_class(alby, "5A", {5: 10})
    cost()
    one = cost()
    for number in (2, 3):
        add_class(alby, f"5{number}", {5: 10})
        plan(add_offer(f"Nummer {number}", [5]), date(2027, 3, number))
    assert cost() == one


def test_computed_plan_is_read_with_its_proof_its_cost_and_its_reasons(
    desk, add_class, alby, berga, add_offer, plan, planner, year
):
    """Case 33 through the whole house: four classes of thirty, two performances of fifty."""
    for school, name in ((alby, "8A"), (alby, "8B"), (berga, "8C"), (berga, "8D")):
        add_class(school, name, {8: 28})
    plan(add_offer("Ett", [8], seats=50), date(2027, 2, 10))
    plan(add_offer("Två", [8], seats=50), date(2027, 3, 10))
    seven = add_class(berga, "7A", {7: 20})
    run = actions.ask_for_plan(year, by=planner, at=AUTUMN, seed=7)
    actions.compute_plan(run.pk, at=AUTUMN, clock=lambda: AUTUMN)
    page = text(desk.get(reverse("culture:plan", args=[run.pk])))
    assert "56 av 132 elever får ett besök" in page
    assert "Bevisat: varje plan lämnar minst 76 elever utan." in page
    assert "7A, Bergaskolan har ingen föreställning att gå på" in page
    assert "Behövs: 30 + 30 + 30 + 30 = 120" in page
    assert "Finns: 50 + 50 = 100" in page
    assert "2 bussar × 4 000 kr = 8 000 kr" in page
    assert "Inget fel" not in page
    assert "Två" in text(desk.get(reverse("culture:plan_class", args=[run.pk, seven.pk])))
