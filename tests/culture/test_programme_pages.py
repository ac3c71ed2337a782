"""The programme's pages for those who plan culture: producers, offers, performances, who comes, buses."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from culture import actions
from culture.models import Evidence, Offer, Performance, Producer, Visit
from facilities import actions as facilities
from facilities.choices import UseKind
from facilities.models import OpeningHours
from facilities.rules.spans import Span
from tests.culture.conftest import AT, noon
from tests.records.test_files import PDF_BYTES

OCTOBER = noon(2026, 10, 20)


@pytest.fixture(autouse=True)
def in_october(settings):
    settings.STAFF_SECOND_FACTOR = False
    settings.SESSION_COOKIE_AGE = 10**8
    with time_machine.travel(OCTOBER, tick=False):
        yield


@pytest.fixture
def at_desk(client, planner):
    client.force_login(planner)
    return client


@pytest.fixture
def stage_of(db):
    """A venue of the municipality's that is open around the clock."""
    venue = facilities.add_venue(key="folkets-hus", name="Folkets hus", by=None, at=AT, access=["step_free"])
    space = facilities.add_space(venue, "Scen", by=None, at=AT)
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=venue, weekday=weekday, opens=0, closes=1440, since=date(2026, 1, 1)) for weekday in range(7)
    )
    return space


def text(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def to(page, *args):
    return reverse(f"culture:{page}", args=args)


# Producers -----------------------------------------------------------------------------------------------------------


def test_producer_gets_its_papers_and_its_offer_is_published(at_desk, planner):
    """Case 41: what is missing is said with reasons until it is there."""
    at_desk.post(to("producer_new"), {"name": "Teater Ny", "website": "teaterny.se"})
    producer = Producer.objects.get()
    page = text(at_desk.get(to("producer", producer.pk)))
    assert "F-skatt som gäller i dag är inte antecknad" in page
    assert "Inget avtal med producenten är antecknat" in page

    draft = {
        "title": "Ljuset",
        "art_form": "dance",
        "grades": ["0", "1"],
        "seats": "60",
        "price": "12 000",
        "is_professional": "on",
    }
    made = at_desk.post(f"{to('offer_new')}?producent={producer.pk}", draft)
    offer = Offer.objects.get()
    assert made.headers["Location"] == to("offer", offer.pk)
    page = text(at_desk.get(to("offer", offer.pk)))
    assert "Det finns inget avtal" in page
    assert "Publicera</button>" not in page
    assert at_desk.post(to("offer_publish", offer.pk)).status_code == 302
    assert Offer.objects.get().status == "draft"

    at_desk.post(to("producer_tax", producer.pk), {"approved": "yes", "seen_on": "2026-10-01"})
    file = SimpleUploadedFile("intyg.pdf", PDF_BYTES, "application/pdf")
    at_desk.post(
        to("producer_evidence", producer.pk), {"kind": "grant", "text": "Bidrag 2026", "seen_on": "2026-10-01", "file": file}
    )
    at_desk.post(to("producer_agreement", producer.pk), {"signed_on": "2026-10-02", "first": "2026-10-02"})
    at_desk.post(to("offer_edit", offer.pk), {**draft, "agreement": producer.agreements.get().pk})
    page = text(at_desk.get(to("offer", offer.pk)))
    assert "Publicera</button>" in page
    at_desk.post(to("offer_publish", offer.pk))
    assert Offer.objects.get().status == "published"
    page = text(at_desk.get(to("producer", producer.pk)))
    assert "Alla papper finns" in page
    assert f"Karin Kultur, {OCTOBER.day} oktober" in page
    evidence = Evidence.objects.get()
    assert at_desk.get(reverse("records:file", args=[evidence.file.pk])).status_code == 200


def test_faults_of_a_producer_stand_beside_the_field_and_keep_what_was_typed(at_desk, producer):
    answer = at_desk.post(to("producer_new"), {"name": "teater exempel", "phone": "0586-123 45", "organisation_number": "12"})
    assert answer.status_code == 422
    page = text(answer)
    assert 'value="0586-123 45"' in page
    answer = at_desk.post(to("producer_new"), {"name": "teater exempel", "phone": "0586-123 45"})
    assert "id_name_error" in answer.content.decode()
    assert "Det finns redan en producent med det namnet" in text(answer)
    answer = at_desk.post(to("producer_tax", producer.pk), {"seen_on": "2026-12-01"})
    assert "Dagen har inte kommit än" in text(answer)
    assert "Svara ja eller nej" in text(answer)


def test_producer_may_not_take_anothers_name(at_desk, producer):
    other = actions.add_producer("Annan", by=None, at=AT)
    answer = at_desk.post(to("producer_edit", other.pk), {"name": "TEATER EXEMPEL"})
    assert answer.status_code == 422
    assert at_desk.post(to("producer_edit", other.pk), {"name": "Andra"}).status_code == 302
    assert Producer.objects.get(pk=other.pk).name == "Andra"


# Offers --------------------------------------------------------------------------------------------------------------


def test_list_of_offers_is_narrowed_by_the_address(at_desk, offer, add_offer):
    add_offer("Dansen", [0, 1], publish=False, art_form="dance")
    page = text(at_desk.get(to("offer_list"), {"konstform": "dance"}))
    assert "Dansen" in page
    assert "Trollet" not in page
    assert "Trollet" in text(at_desk.get(to("offer_list"), {"arskurs": "5"}))
    assert "Inga utbud här" in text(at_desk.get(to("offer_list"), {"q": "finns inte"}))
    numbers = at_desk.get(to("offer_list"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert numbers[1].split(";")[:4] == ["Dansen", "Teater Exempel", "dans", "F–1"]


def test_offer_without_room_is_refused_beside_the_field(at_desk, producer):
    answer = at_desk.post(
        f"{to('offer_new')}?producent={producer.pk}", {"title": "Ljuset", "art_form": "dance", "grades": ["0"], "price": "0"}
    )
    assert answer.status_code == 422
    assert "id_seats_error" in answer.content.decode()
    assert 'value="Ljuset"' in answer.content.decode()


def test_change_that_touches_what_is_booked_is_asked_about_first(at_desk, add_class, alby, offer, performance, visit):
    visit(add_class(alby, "5A", {5: 20}), performance)
    typed = {
        "title": "Trollet",
        "art_form": "theatre",
        "grades": ["4"],
        "seats": "60",
        "price": "0",
        "agreement": offer.agreement_id,
    }
    asked = at_desk.post(to("offer_edit", offer.pk), typed)
    assert asked.status_code == 409
    assert "räknas inte längre" in text(asked)
    assert "inte längre för årskurs 5" in text(asked)
    assert Offer.objects.get().is_professional
    assert at_desk.post(to("offer_edit", offer.pk), {**typed, "seen": "1"}).status_code == 302
    assert not Offer.objects.get().is_professional


def test_papers_that_no_longer_hold_are_told_on_the_offer_with_its_bookings(
    at_desk, add_class, alby, offer, performance, visit, producer, planner
):
    """Case 41: existing bookings warn the officer."""
    visit(add_class(alby, "5A", {5: 20}), performance)
    actions.note_tax(producer, approved=False, seen_on=date(2026, 10, 19), by=planner, at=OCTOBER)
    page = text(at_desk.get(to("offer", offer.pk)))
    assert "Underlag som inte längre gäller" in page
    assert "En klass har plats framöver" in page


def test_offer_is_withdrawn_with_a_reason(at_desk, offer):
    assert at_desk.post(to("offer_withdraw", offer.pk), {"reason": ""}).status_code == 422
    assert at_desk.post(to("offer_withdraw", offer.pk), {"reason": "Turnén är slut"}).status_code == 302
    assert Offer.objects.get().status == "withdrawn"


# Performances --------------------------------------------------------------------------------------------------------


def test_performance_in_a_venue_that_somebody_has_is_told_beside_the_venue(at_desk, offer, stage_of, planner, year):
    day = noon(2027, 2, 10)
    facilities.take_for(stage_of, Span(day, day + timedelta(hours=2)), UseKind.PERFORMANCE, title="Repetition", by=planner, at=AT)
    typed = {"offer": offer.pk, "day": "2027-02-10", "starts": "11.30", "ends": "12.30", "where": "venue", "space": stage_of.pk}
    answer = at_desk.post(to("performance_new"), typed)
    assert answer.status_code == 422
    assert "id_space_error" in answer.content.decode()
    assert "Scen är upptagen 10 februari 11.00–13.00" in text(answer)
    assert 'value="11.30"' in answer.content.decode()
    assert at_desk.post(to("performance_new"), {**typed, "starts": "14", "ends": "15"}).status_code == 302
    made = Performance.objects.get()
    assert (made.booking.status, made.seats) == ("confirmed", 60)


def test_performance_on_tour_and_elsewhere(at_desk, offer, add_offer, alby, berga):
    touring = add_offer("Turné", [5], is_touring=True, minutes=45, seats=200)
    page = at_desk.get(to("performance_new"), {"utbud": touring.pk, "dag": "2027-02-10"}).content.decode()
    assert 'value="school" required id="id_where_1" checked' in page or "checked" in page.split('value="school"')[1][:60]
    typed = {"offer": touring.pk, "day": "2027-02-10", "starts": "9", "where": "school", "host": alby.pk}
    assert at_desk.post(to("performance_new"), typed).status_code == 302
    made = Performance.objects.get()
    assert (made.host, made.seats, made.ends_at - made.starts_at) == (alby, 120, timedelta(minutes=45))
    answer = at_desk.post(to("performance_new"), {**typed, "host": berga.pk})
    assert "id_host_error" in answer.content.decode()
    away = {"offer": offer.pk, "day": "2027-02-11", "starts": "9", "where": "elsewhere"}
    answer = at_desk.post(to("performance_new"), away)
    assert {"id_ends_error", "id_place_error"} <= set(answer.content.decode().replace('"', " ").split())
    assert at_desk.post(to("performance_new"), {**away, "ends": "10", "place": "Fornbyn"}).status_code == 302


def test_day_in_a_school_year_that_is_not_opened_is_refused_beside_the_day(at_desk, offer):
    typed = {"offer": offer.pk, "day": "2029-02-10", "starts": "9", "ends": "10", "where": "elsewhere", "place": "Teatern"}
    assert "id_day_error" in at_desk.post(to("performance_new"), typed).content.decode()


def test_performances_stand_day_by_day(at_desk, offer, plan, add_offer):
    plan(offer, date(2027, 2, 10))
    plan(add_offer("Dansen", [4]), date(2027, 2, 10))
    plan(add_offer("Filmen", [4]), date(2027, 3, 1))
    page = text(at_desk.get(to("performance_list")))
    assert "Onsdag 10 februari 2027" in page
    assert "Februari 2027 (2)" in page
    assert "Filmen, 1 mars" not in page
    assert "Filmen" in text(at_desk.get(to("performance_list"), {"manad": "alla"}))
    assert "60 av 60 platser kvar" in page
    assert len(at_desk.get(to("performance_list"), {"format": "csv"}).content.decode().splitlines()) == 4


def test_class_is_given_a_place_and_it_is_taken_away(at_desk, alby, add_class, performance):
    five_a, three = add_class(alby, "5A", {5: 24}), add_class(alby, "3A", {3: 20})
    page = text(at_desk.get(to("performance", performance.pk)))
    assert "5A, 24 elever, inget bokat i år" in page
    assert "3A" not in page
    at_desk.post(to("performance_give", performance.pk), {"group": five_a.pk, "told": "1"})
    visit = Visit.objects.get()
    assert visit.status == "booked"
    assert "26 av 60 platser tagna" in text(at_desk.get(to("performance", performance.pk)))

    refused = at_desk.post(f"{to('performance_give', performance.pk)}?alla=1", {"group": three.pk, "told": "0"})
    assert refused.status_code == 422
    assert "id_group_error" in refused.content.decode()
    allowed = {"group": three.pk, "told": "0", "reason": "Samma lärare"}
    assert at_desk.post(f"{to('performance_give', performance.pk)}?alla=1", allowed).status_code == 302
    assert Visit.objects.get(class_group=three).parts.get().off_grade

    assert at_desk.post(to("visit_cancel", visit.pk), {"reason": ""}).status_code == 422
    assert at_desk.post(to("visit_cancel", visit.pk), {"reason": "Krock"}).status_code == 302
    visit.refresh_from_db()
    assert (visit.status, visit.priority) == ("cancelled", True)


def test_class_that_waits_is_given_its_place_by_hand_and_leaves_the_queue(
    at_desk, alby, berga, add_class, offer, plan, teacher, other_teacher, planner
):
    performance = plan(offer, seats=30)
    first, waits = add_class(alby, "5A", {5: 24}), add_class(berga, "5B", {5: 20})
    actions.ask_for_place(first, performance, by=teacher, at=AT)
    actions.ask_for_place(waits, performance, by=other_teacher, at=AT)
    assert "Väntelista" in text(at_desk.get(to("performance", performance.pk)))
    refused = at_desk.post(to("performance_give", performance.pk), {"group": waits.pk, "told": "1"})
    assert "Det saknas" in text(refused)
    assert Visit.objects.get(class_group=waits).status == "waiting"
    actions.cancel_visit(Visit.objects.get(class_group=first), reason="Krock", by=planner, at=AT)
    assert Visit.objects.get(class_group=waits).status == "booked"  # by itself


def test_class_that_fits_is_let_past_a_larger_one_by_hand(
    at_desk, alby, berga, add_class, offer, plan, teacher, other_teacher, planner
):
    performance = plan(offer, seats=30)
    large, small = add_class(alby, "5C", {5: 20}), add_class(berga, "5B", {5: 2})
    actions.ask_for_place(add_class(alby, "5A", {5: 24}), performance, by=teacher, at=AT)
    actions.ask_for_place(large, performance, by=teacher, at=AT)
    waits = actions.ask_for_place(small, performance, by=other_teacher, at=AT)
    assert waits.status == "waiting"
    assert at_desk.post(to("performance_give", performance.pk), {"group": small.pk, "told": "1"}).status_code == 302
    visit = Visit.objects.get(class_group=small)
    assert (visit.pk, visit.status, visit.arrival, visit.parts.count()) == (waits.pk, "booked", 3, 1)
    assert Visit.objects.get(class_group=large).status == "waiting"


def test_more_room_goes_to_those_who_wait(at_desk, alby, berga, add_class, offer, plan, teacher, other_teacher):
    performance = plan(offer, seats=30)
    actions.ask_for_place(add_class(alby, "5A", {5: 24}), performance, by=teacher, at=AT)
    actions.ask_for_place(add_class(berga, "5B", {5: 20}), performance, by=other_teacher, at=AT)
    assert at_desk.post(to("performance_room", performance.pk), {"seats": "20"}).status_code == 422
    assert at_desk.post(to("performance_room", performance.pk), {"seats": "48"}).status_code == 302
    assert set(Visit.objects.values_list("status", flat=True)) == {"booked"}


def test_case_9_cancelling_shows_whom_it_concerns_before(at_desk, alby, berga, add_class, performance, visit):
    visit(add_class(alby, "5A", {5: 24}), performance)
    visit(add_class(berga, "5B", {5: 20}), performance)
    page = text(at_desk.get(to("performance_cancel", performance.pk)))
    assert "5A, Albyskolan" in page
    assert "5B, Bergaskolan" in page
    assert at_desk.post(to("performance_cancel", performance.pk), {"reason": ""}).status_code == 422
    assert at_desk.post(to("performance_cancel", performance.pk), {"reason": "Sjukdom"}).status_code == 302
    assert set(Visit.objects.values_list("status", "priority")) == {("cancelled", True)}
    assert "Inställd 20 oktober" in text(at_desk.get(to("performance", performance.pk)))


def test_case_10_cancelling_what_schools_have_confirmed_is_a_correction(at_desk, alby, add_class, performance, visit, came):
    booked = visit(add_class(alby, "5A", {5: 24}), performance)
    came(booked, 22)
    refused = at_desk.post(to("performance_cancel", performance.pk), {"reason": "Blev inte av"})
    assert refused.status_code == 409
    assert "En skola har bekräftat" in text(refused)
    assert (
        at_desk.post(to("performance_cancel", performance.pk), {"reason": "Blev inte av", "correcting": "1"}).status_code == 302
    )
    assert [said.pupils for said in booked.attendances.order_by("number")] == [22, 0]


def test_performance_is_moved_with_its_classes_and_refused_beside_the_day(
    at_desk, alby, add_class, add_offer, offer, performance, plan, visit
):
    group = add_class(alby, "5A", {5: 24})
    booked = visit(group, performance)
    visit(group, plan(add_offer("Dansen", [5]), date(2027, 2, 12)))
    assert "En klass har plats framöver" in text(at_desk.get(to("performance_move", performance.pk)))
    refused = at_desk.post(to("performance_move", performance.pk), {"day": "2027-02-12", "starts": "9"})
    assert "id_day_error" in refused.content.decode()
    assert "Teatern" in at_desk.get(to("performance_move", performance.pk)).content.decode()
    typed = {"day": "2027-02-15", "starts": "9", "place": "Fornbyn", "place_step_free": "on"}
    assert at_desk.post(to("performance_move", performance.pk), typed).status_code == 302
    performance.refresh_from_db()
    assert (performance.place, performance.place_step_free) == ("Fornbyn", True)
    booked.refresh_from_db()
    assert booked.day == date(2027, 2, 15)


def test_class_is_moved_to_another_performance(at_desk, alby, add_class, offer, performance, plan, visit):
    booked = visit(add_class(alby, "5A", {5: 24}), performance)
    later = plan(offer, date(2027, 2, 17))
    assert "60 platser kvar" in text(at_desk.get(to("visit_move", booked.pk)))
    assert at_desk.post(to("visit_move", booked.pk), {"performance": later.pk}).status_code == 302
    booked.refresh_from_db()
    assert booked.performance == later


def test_case_28_those_who_were_absent_catch_up(at_desk, alby, add_class, add_offer, offer, plan, visit, came, reached):
    group = add_class(alby, "5A", {5: 24})
    first = visit(group, plan(offer, date(2026, 10, 12)))
    came(first, 20, at=OCTOBER)
    later = plan(add_offer("Dansen", [5]), date(2026, 10, 26))
    assert "Ta igen för dem som saknades" in text(at_desk.get(to("desk_class", group.pk)))
    assert 'value="4"' in at_desk.get(to("visit_catch_up", first.pk)).content.decode()
    assert at_desk.post(to("visit_catch_up", first.pk), {"performance": later.pk, "pupils": "4"}).status_code == 302
    second = Visit.objects.get(performance=later)
    assert (second.catch_up_of, second.pupils) == (first, 4)
    came(second, 4)
    assert reached(group) == (24, 24)


def test_place_can_make_good_for_an_earlier_school_year(at_desk, alby, add_class, performance):
    earlier = actions.open_year(2025, by=None, at=AT)
    group = add_class(alby, "5A", {5: 24})
    typed = {"group": group.pk, "told": "1", "catch_up_year": earlier.pk}
    assert at_desk.post(to("performance_give", performance.pk), typed).status_code == 302
    assert Visit.objects.get().catch_up_year == earlier


def test_host_without_a_known_hall_is_refused_beside_the_field(at_desk, add_offer, plan, berga, alby):
    touring = plan(add_offer("Turné", [5], is_touring=True), is_touring=True, place="")
    refused = at_desk.post(to("performance_host", touring.pk), {"host": berga.pk})
    assert "id_host_error" in refused.content.decode()
    assert at_desk.post(to("performance_host", touring.pk), {"host": alby.pk}).status_code == 302


def test_buses_are_a_list_to_order(at_desk, make_school, add_class, offer, plan, visit):
    far = make_school(
        "Långt bort", "10000005", latitude="59.400000", longitude="14.500000", street="Skolvägen 1", town="Granbergsdal"
    )
    near = make_school("Nära", "10000006", latitude="59.327000", longitude="14.524000")
    performance = plan(offer, latitude="59.327512", longitude="14.523311", seats=60)
    big = plan(offer, date(2027, 2, 11), latitude="59.327512", longitude="14.523311", seats=60)
    visit(add_class(far, "5A", {5: 24}), performance)
    visit(add_class(far, "5B", {5: 30}), big)
    visit(add_class(near, "5C", {5: 20}), performance)
    page = text(at_desk.get(to("bus_list")))
    assert "En klass går" in page
    lines = at_desk.get(to("bus_list"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    cells = lines[1].split(";")
    assert (cells[4], cells[5], cells[10], cells[13]) == ("Långt bort", "Skolvägen 1 Granbergsdal", "26", "1")


# Doors and costs -----------------------------------------------------------------------------------------------------


@pytest.fixture
def everything(offer, performance, add_class, alby, visit, producer):
    booked = visit(add_class(alby, "5A", {5: 24}), performance)
    read = [("producer_list",), ("producer", producer.pk), ("offer_list",), ("offer", offer.pk), ("performance_list",)]
    read += [("performance", performance.pk), ("bus_list",)]
    write = [("producer_new",), ("producer_edit", producer.pk), ("producer_tax", producer.pk), ("producer_evidence", producer.pk)]
    write += [("producer_agreement", producer.pk), ("offer_new",), ("offer_edit", offer.pk), ("offer_withdraw", offer.pk)]
    write += [("performance_new",)]
    write += [(f"performance_{verb}", performance.pk) for verb in ("move", "room", "host", "cancel")]
    write += [("visit_cancel", booked.pk), ("visit_move", booked.pk)]
    return read, write


def test_officer_opens_every_page_auditor_reads_and_others_stay_outside(client, everything, planner, person, teacher, stranger):
    read, write = everything
    client.force_login(planner)
    assert {client.get(to(*page)).status_code for page in read + write} == {200}
    client.force_login(person("revisor@karlskoga.example", "auditor"))
    assert {client.get(to(*page)).status_code for page in read} == {200}
    assert {client.get(to(*page)).status_code for page in write} == {403}
    for somebody in (teacher, stranger):
        client.force_login(somebody)
        assert {client.get(to(*page)).status_code for page in read + write} == {403}
    client.logout()
    assert {client.get(to(*page)).status_code for page in read + write} == {302}


@pytest.mark.parametrize("page", ["producer_list", "offer_list", "performance_list", "performance", "bus_list"])
def test_lists_cost_the_same_with_one_row_and_with_three(
    at_desk, page, add_offer, plan, add_class, alby, visit, django_assert_max_num_queries
):
    first = plan(add_offer("Ett", [1, 2, 3]))

    def grow(number):
        producer = actions.add_producer(f"Producent {number}", by=None, at=AT)
        offer = actions.add_offer(producer, f"Utbud {number}", art_form="dance", grades=[1], seats=60, by=None, at=AT)
        plan(offer, date(2027, 2, 10 + number))
        visit(add_class(alby, f"{number}A", {number: 10}), first)

    def cost():
        with django_assert_max_num_queries(60) as counted:
            at_desk.get(to(page, *([first.pk] if page == "performance" else [])))
        return len(counted)

    grow(1)
    cost()
    one = cost()
    grow(2)
    grow(3)
    assert cost() == one
