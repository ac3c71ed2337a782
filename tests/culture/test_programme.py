"""Producers, offers and performances: papers, publishing, venues."""

from datetime import date, timedelta

import pytest

from culture import actions, publishing
from culture.choices import OfferStatus
from culture.models import Offer, Performance
from facilities import actions as facilities
from facilities.models import Booking, OpeningHours
from facilities.rules.spans import Span
from records.refusals import NotAllowedNow
from tests.culture.conftest import AFTER, AT, noon


def _codes(refused):
    return {obstacle.code for obstacle in refused.value.obstacles}


@pytest.fixture
def stage_of(planner):
    """A venue of the municipality's that is open around the clock."""
    venue = facilities.add_venue(key="folkets-hus", name="Folkets hus", by=None, at=AT, access=["step_free"])
    space = facilities.add_space(venue, "Scen", by=None, at=AT)
    OpeningHours.objects.bulk_create(
        OpeningHours(venue=venue, weekday=weekday, opens=0, closes=1440, since=date(2026, 1, 1)) for weekday in range(7)
    )
    return space


def test_offer_without_f_tax_on_the_day_of_the_agreement_is_drafted_and_not_published(planner, add_offer):
    """Case 41: the reason is shown."""
    producer = actions.add_producer("Utan skatt", by=planner, at=AT)
    actions.add_evidence(producer, kind="work", text="Turné 2025", seen_on=date(2026, 8, 1), by=planner, at=AT)
    actions.note_tax(producer, approved=True, seen_on=date(2025, 8, 1), valid_until=date(2025, 12, 31), by=planner, at=AT)
    actions.sign_agreement(producer, signed_on=date(2026, 8, 25), first=date(2026, 8, 25), by=planner, at=AT)

    offer = add_offer("Trollet", [5], by=producer, publish=False)
    with pytest.raises(actions.NotReady) as refused:
        actions.publish_offer(offer, by=planner, at=AT)

    assert offer.status == OfferStatus.DRAFT
    assert _codes(refused) == {"tax"}
    assert str(refused.value) == "Producenten har ingen giltig F-skatt på avtalsdagen. Kontrollera och anteckna det."

    actions.note_tax(producer, approved=True, seen_on=date(2026, 9, 1), by=planner, at=AT)
    assert actions.publish_offer(offer, by=planner, at=AT).status == OfferStatus.PUBLISHED


def test_officer_is_warned_of_booked_visits_when_the_papers_no_longer_hold(
    add_class, alby, offer, performance, visit, producer, planner
):
    """Case 41: existing bookings."""
    visit(add_class(alby, "5A", {5: 20}), performance)
    assert publishing.warnings(date(2026, 11, 26)) == []

    actions.note_tax(producer, approved=False, seen_on=date(2026, 11, 20), by=planner, at=noon(2026, 11, 20))

    [(warned, missing, visits)] = publishing.warnings(date(2026, 11, 26))
    assert (warned, [each.code for each in missing], visits) == (offer, ["tax"], 1)


def test_everything_that_is_missing_is_told_at_once(planner, add_offer):
    producer = actions.add_producer("Helt ny", by=planner, at=AT)
    offer = add_offer("Trollet", [5], by=producer, publish=False)

    with pytest.raises(actions.NotReady) as refused:
        actions.publish_offer(offer, by=planner, at=AT)

    assert _codes(refused) == {"agreement", "tax", "evidence"}


def test_the_municipalitys_own_needs_neither_contract_nor_f_tax(planner, add_offer):
    own = actions.add_producer("Kulturskolan", is_own=True, by=planner, at=AT)
    offer = add_offer("Prova på", [2], by=own, publish=False, is_professional=False)

    assert actions.publish_offer(offer, by=planner, at=AT).status == OfferStatus.PUBLISHED


def test_schools_and_the_public_see_only_what_is_published(add_offer, teacher, stranger, planner):
    published, draft = add_offer("Trollet", [5]), add_offer("Utkast", [5], publish=False)

    assert list(Offer.objects.visible_to(teacher)) == [published]
    assert set(Offer.objects.visible_to(planner)) == {published, draft}


def test_performance_holds_its_venue_and_gives_it_back(offer, planner, stage_of, plan):
    performance = plan(offer, space=stage_of, place="")
    booking = performance.booking
    assert (booking.kind, booking.status, booking.title) == ("performance", "confirmed", "Trollet")
    with pytest.raises(facilities.Taken):
        plan(offer, space=stage_of, place="")
    assert Performance.objects.count() == 1

    actions.cancel_performance(performance, reason="Sjukdom.", by=planner, at=AT)

    booking.refresh_from_db()
    assert booking.status == "cancelled"
    assert plan(offer, space=stage_of, place="")


def test_culture_officer_holds_venues_for_performances_and_nothing_else(planner, stage_of):
    day = noon(2027, 2, 10)
    with pytest.raises(NotAllowedNow):
        facilities.take_for(stage_of, Span(day, day + timedelta(hours=1)), "own", title="Fest", by=planner, at=AT)
    assert not Booking.objects.exists()


def test_moved_performance_takes_its_venue_and_visits_along(add_class, alby, offer, plan, visit, planner, stage_of):
    performance = plan(offer, space=stage_of, place="")
    booked = visit(add_class(alby, "5A", {5: 20}), performance)

    starts = noon(2027, 2, 12, 9)
    actions.move_performance(performance, starts, starts + timedelta(hours=1), by=planner, at=AT, reason="Krock.")

    booked.refresh_from_db()
    performance.booking.refresh_from_db()
    assert booked.day == date(2027, 2, 12)
    assert performance.booking.starts_at == starts


def test_moved_performance_does_not_land_on_another_visit_of_its_class(add_class, alby, add_offer, offer, plan, visit, planner):
    group = add_class(alby, "5A", {5: 20})
    performance = plan(offer)
    visit(group, performance)
    visit(group, plan(add_offer("Dansen", [5]), date(2027, 2, 12)))

    starts = noon(2027, 2, 12, 13)
    with pytest.raises(NotAllowedNow) as refused:
        actions.move_performance(performance, starts, starts + timedelta(hours=1), by=planner, at=AT)

    assert refused.value.code == "same_day"


def test_touring_performance_has_no_more_room_than_its_hall(add_class, alby, berga, add_offer, plan, planner):
    performance = plan(add_offer("Turné", [5], seats=200, is_touring=True), is_touring=True, place="")
    assert performance.seats == 200

    assert actions.choose_host(performance, alby, by=planner, at=AT).seats == 120
    with pytest.raises(NotAllowedNow) as refused:
        actions.choose_host(performance, berga, by=planner, at=AT)
    assert refused.value.code == "hall"


def test_room_is_never_made_smaller_than_what_is_taken(add_class, alby, performance, visit, planner):
    visit(add_class(alby, "5A", {5: 28}), performance)

    with pytest.raises(NotAllowedNow) as refused:
        actions.set_room(performance, seats=29, by=planner, at=AT)

    assert refused.value.code == "taken"


def test_year_that_is_not_opened_has_no_performances(offer, planner):
    starts = noon(2028, 2, 10)
    with pytest.raises(NotAllowedNow) as refused:
        actions.plan_performance(offer, starts, starts + timedelta(hours=1), by=planner, at=AT, place="Teatern")
    assert refused.value.code == "no_year"


def test_promise_rotates_between_schools(year, alby, berga, planner):
    fixed = actions.promise(year, 2, "Cirkus", art_form="circus", by=planner, at=AT)
    turn = actions.promise(year, 2, "Prova på", art_form="music", is_rotating=True, schools=[alby], by=planner, at=AT)

    assert set(year.items.for_school(alby)) == {fixed, turn}
    assert set(year.items.for_school(berga)) == {fixed}
    with pytest.raises(NotAllowedNow):
        actions.promise(year, 2, "Cirkus", art_form="circus", by=planner, at=AFTER)
