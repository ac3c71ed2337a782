"""Which of the staff's pages open to whom: an officer, venue staff, an auditor, somebody who hires, a stranger."""

import pytest
import time_machine
from django.urls import reverse

from accounts.actions import give_role
from accounts.choices import Role
from facilities import actions
from facilities.models import Tariff
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT, hours

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def auditor(person):
    return person("revisor@karlskoga.example", Role.AUDITOR)


@pytest.fixture
def things(venue, tree, room, book, officer, alice, tariff, rules):
    """One of everything: a booking, a request of a series, a closure, a fault, a draft."""
    booking = book(room, hours(10, 12), title="Träning")
    rules(needs_approval=True)
    request = book(room, hours(14, 16))
    closure, _none = actions.close(tree["1.1"], hours(8, 20), reason="Golvet", by=officer, at=AT)
    fault = actions.report_fault(venue, "Lampan är trasig", space=room, by=alice, at=AT)
    plan = actions.next_year(tariff, percent=3, valid_from=AT.date().replace(year=2027), name="Taxa 2027")
    draft = actions.write_draft(plan, by=officer, at=AT)
    return {
        "booking": booking.pk,
        "request": request.pk,
        "closure": closure.pk,
        "fault": fault.pk,
        "tariff": Tariff.objects.published().get().pk,
        "draft": draft.pk,
        "space": room.pk,
        "part": tree["1.1.2"].pk,
        "venue": venue.key,
    }


READ = [
    ("desk", None),
    ("today", None),
    ("day_list", "venue"),
    ("request_list", None),
    ("kept_list", None),
    ("kept_booking", "booking"),
    ("kept_waiting", None),
    ("closure_list", None),
    ("kept_venues", None),
    ("kept_venue", "venue"),
    ("hours", "venue"),
    ("space_hours", "space"),
    ("tariff_list", None),
    ("tariff", "tariff"),
    ("fault_list", None),
    ("fault", "fault"),
]
KEEP = [
    ("note_absence", "booking"),
    ("request_refuse", "request"),
    ("kept_move", "booking"),
    ("kept_cancel", "booking"),
    ("kept_swap", "booking"),
    ("behalf_book", None),
    ("own_use", None),
    ("closure_new", "venue"),
    ("fault_close", "fault"),
]
OFFICER = [
    ("venue_new", None),
    ("venue_edit", "venue"),
    ("picture_add", "venue"),
    ("space_new", "venue"),
    ("space_edit", "space"),
    ("space_move", "space"),
    ("space_equipment", "space"),
    ("space_remove", "space"),
    ("season", "venue"),
    ("exception", "venue"),
    ("rules", "venue"),
    ("space_season", "part"),
    ("space_exception", "part"),
    ("space_rules", "part"),
    ("tariff_next", "tariff"),
    ("tariff_edit", "draft"),
]


def address(page, thing, things):
    return reverse(f"facilities:{page}", args=[things[thing]] if thing else [])


@pytest.mark.parametrize(("page", "thing"), READ + KEEP + OFFICER)
def test_each_page_opens_to_those_it_is_for(page, thing, things, sign_in, officer, staff, auditor, alice, stranger):
    url = address(page, thing, things)
    opens = {officer: True, staff: (page, thing) not in OFFICER, auditor: (page, thing) in READ}
    for person, may in opens.items():
        assert sign_in(person).get(url).status_code == (200 if may else 403), person
    own = {"fault": 200}.get(page, 403)
    assert sign_in(alice).get(url).status_code == own
    assert sign_in(stranger).get(url).status_code == (404 if page == "fault" else 403)


BUTTONS = [
    ("note_arrival", "booking", "keep"),
    ("note_undo", "booking", "keep"),
    ("request_approve", "request", "keep"),
    ("kept_code", "booking", "keep"),
    ("closure_end", "closure", "keep"),
    ("tariff_publish", "draft", "officer"),
    ("tariff_discard", "draft", "officer"),
    ("exception_remove", "venue", "officer"),
]


@pytest.mark.parametrize(("page", "thing", "whose"), BUTTONS)
def test_buttons_are_refused_those_who_only_read(page, thing, whose, things, sign_in, staff, auditor, alice):
    url = address(page, thing, things)
    for person in [auditor, alice, *([staff] if whose == "officer" else [])]:
        assert sign_in(person).post(url).status_code == 403, person
    assert sign_in(auditor).get(url).status_code in (403, 405)


def test_draft_of_a_tariff_is_seen_by_officers_only(things, sign_in, officer, staff, auditor):
    url = address("tariff", "draft", things)
    assert sign_in(officer).get(url).status_code == 200
    for person in (staff, auditor):
        assert sign_in(person).get(url).status_code == 404
        assert "Taxa 2027" not in sign_in(person).get(reverse("facilities:tariff_list")).content.decode()


@pytest.fixture
def private(room, tariff, officer):
    """A private person's booking two weeks ahead, with a code."""
    wish = actions.Wish(hirer_name="Anna Andersson", form="party", on_behalf=True, reason="Ringde")
    return actions.give_code(actions.book(room, hours(10, 12), wish, by=officer, at=AT), "4711", by=officer, at=AT)


@pytest.mark.parametrize("page", ["kept_list", "kept_booking", "day_list"])
def test_venue_staff_are_told_a_private_hirer_around_the_day_only(page, private, sign_in, officer, staff, auditor):
    args = {"kept_booking": [private.pk], "day_list": [private.space.venue.key]}.get(page, [])
    url = reverse(f"facilities:{page}", args=args) + ("?day=2026-05-18" if page == "day_list" else "")

    def told(person):
        return "Anna Andersson" in sign_in(person).get(url).content.decode()

    assert (told(officer), told(auditor), told(staff)) == (True, True, False)
    with time_machine.travel(private.starts_at, tick=False):
        assert told(staff)


def test_names_of_private_hirers_are_not_found_by_searching(private, sign_in, officer, staff):
    url = reverse("facilities:kept_list") + "?q=anders"
    found = [f"/bokningar/{private.pk}/" in sign_in(person).get(url).content.decode() for person in (officer, staff)]
    assert found == [True, False]
    with time_machine.travel(private.starts_at, tick=False):
        assert f"/bokningar/{private.pk}/" in sign_in(staff).get(url).content.decode()


def test_code_is_told_to_those_who_open_the_door(private, sign_in, officer, staff, auditor):
    url = reverse("facilities:kept_booking", args=[private.pk])

    def told(person):
        return "4711" in sign_in(person).get(url).content.decode()

    assert (told(officer), told(staff), told(auditor)) == (True, False, False)
    with time_machine.travel(private.starts_at, tick=False):
        assert (told(staff), told(auditor)) == (True, False)


def test_nobody_answers_a_request_of_their_own_association(room, rules, association, speaker, book, staff):
    rules(needs_approval=True)
    request = book(room, hours(10, 12))
    speaker_too = speaker("kollega@karlskoga.example", association)
    give_role(speaker_too, role=Role.VENUE_STAFF, limit=None, by=None, at=AT)
    with pytest.raises(NotAllowedNow) as refused:
        actions.approve(request, by=speaker_too, at=AT)
    assert refused.value.code == "not_allowed"
    actions.approve(request, by=staff, at=AT)
