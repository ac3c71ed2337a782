"""A season is decided, and the decision undone, by the worker: all of it or nothing, told in words, tried again safely."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from accounts.actions import end_role
from facilities import actions
from facilities.actions.ground import lock_ground
from facilities.choices import RoundStatus, UseKind
from facilities.models import Booking, Occupancy, SeasonRound, SeasonTime, SeasonWork
from facilities.tasks import carry_out_work, sweep_work
from records.models import Case, Event, Letter
from records.refusals import Refused
from tests.facilities.at_once import PATIENCE, faults, no_two_overlap, together
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text, text_of
from tests.facilities.test_decision import MONDAYS, WEDNESDAYS, decided, proposed  # noqa: F401 - fixtures
from tests.facilities.test_proposals import closed, run  # noqa: F401 - fixtures
from tests.facilities.test_season_wishes import plan, principles, refused, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
ALL = 2 * MONDAYS + WEDNESDAYS


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def asked(proposed, officer):  # noqa: F811
    return actions.ask_to_decide(proposed, seen=proposed.shown_id, by=officer, at=AT)


@pytest.fixture
def broken(settings):
    """The house is set up wrong: the letters cannot be written, and the bookings are made by then."""
    site = settings.SITE_URL

    def break_it(*, mended=False):
        if mended:
            settings.SITE_URL = site
        else:
            del settings.SITE_URL

    return break_it


def nothing_has_happened(season):  # noqa: F811
    season.refresh_from_db()
    return (
        season.status == RoundStatus.PROPOSED
        and season.case is None
        and not Booking.objects.filter(kind=UseKind.SEASON).exists()
        and not Occupancy.objects.exists()
        and not SeasonTime.objects.exists()
        and not Letter.objects.filter(key__startswith="facilities.season_decision").exists()
        and not Case.objects.exists()
    )


def test_season_is_decided_when_the_worker_comes_to_it_and_not_before(asked, proposed, officer):  # noqa: F811
    assert nothing_has_happened(proposed)
    assert actions.work_left(at=AT) == [asked.pk]
    assert carry_out_work(asked.pk)
    asked.refresh_from_db()
    proposed.refresh_from_db()
    assert (asked.status, asked.result, asked.attempts) == ("done", {"bookings": ALL, "clashes": 0}, 1)
    assert (proposed.status, proposed.decided_by) == (RoundStatus.DECIDED, officer)
    assert Booking.objects.filter(kind=UseKind.SEASON).count() == ALL
    assert not carry_out_work(asked.pk)
    assert actions.work_left(at=AT) == []


def test_asked_for_twice_it_is_in_line_once(asked, proposed, officer):  # noqa: F811
    assert actions.ask_to_decide(proposed, seen=proposed.shown_id, by=officer, at=AT) == asked
    assert SeasonWork.objects.count() == 1


def test_decision_is_asked_for_by_an_officer_who_has_read_what_is_shown(proposed, staff, officer, refused):  # noqa: F811
    with pytest.raises(Refused):
        actions.ask_to_decide(proposed, seen=proposed.shown_id, by=staff, at=AT)
    refused("changed", actions.ask_to_decide, proposed, seen=0, by=officer, at=AT)
    refused("status", actions.ask_to_undo, proposed, reason="Fel", by=officer, at=AT)
    assert not SeasonWork.objects.exists()


def test_undoing_is_asked_for_with_a_reason_and_before_the_season(decided, officer, refused):  # noqa: F811
    refused("no_reason", actions.ask_to_undo, decided, reason=" ", by=officer, at=AT)
    begun = datetime(2026, 8, 1, tzinfo=UTC)
    refused("begun", actions.ask_to_undo, decided, reason="Fel", by=officer, at=begun)
    refused("status", actions.ask_to_decide, decided, seen=decided.shown_id, by=officer, at=AT)


def test_undoing_is_done_by_the_worker(decided, officer):  # noqa: F811
    work = actions.ask_to_undo(decided, reason="Fel hall", by=officer, at=AT)
    assert Booking.objects.taking_space().filter(kind=UseKind.SEASON).count() == ALL
    assert carry_out_work(work.pk)
    decided.refresh_from_db()
    assert decided.status == RoundStatus.PROPOSED
    assert not Booking.objects.taking_space().filter(kind=UseKind.SEASON).exists()
    assert "Fel hall" in Letter.objects.get(key__startswith="facilities.season_undone").html


def test_what_breaks_at_the_very_end_leaves_nothing_and_is_tried_again(
    asked,
    proposed,  # noqa: F811
    officer,
    broken,
):
    broken()
    assert not carry_out_work(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, asked.refused) == ("failed", False)
    assert asked.error.startswith("AttributeError")
    assert nothing_has_happened(proposed)
    assert Event.objects.filter(verb="facilities.season_work_failed").count() == 1

    broken(mended=True)
    again = actions.ask_again(asked, by=officer, at=AT)
    assert carry_out_work(again.pk)
    assert Booking.objects.filter(kind=UseKind.SEASON).count() == ALL


def test_undoing_that_breaks_leaves_the_decision_as_it_was(decided, officer, broken):  # noqa: F811
    work = actions.ask_to_undo(decided, reason="Fel hall", by=officer, at=AT)
    broken()
    assert not carry_out_work(work.pk)
    decided.refresh_from_db()
    assert decided.status == RoundStatus.DECIDED
    assert Booking.objects.taking_space().filter(kind=UseKind.SEASON).count() == ALL
    broken(mended=True)
    work.refresh_from_db()
    again = actions.ask_again(work, by=officer, at=AT)
    assert again.reason == "Fel hall"
    assert carry_out_work(again.pk)


def test_proposal_that_is_shown_meanwhile_is_not_decided_and_the_officer_is_told(
    asked,
    proposed,  # noqa: F811
    closed,  # noqa: F811
    officer,
    refused,  # noqa: F811
):
    other = actions.ask_for_proposal(SeasonRound.objects.get(pk=closed.pk), by=officer, at=AT)
    actions.compute_proposal(other.pk, at=AT)
    other.refresh_from_db()
    refused("deciding", actions.show_proposal, other, by=officer, at=AT)
    refused("deciding", actions.take_back_showing, proposed, reason="Fel", by=officer, at=AT)
    SeasonRound.objects.filter(pk=proposed.pk).update(shown=other.steps.get())  # before anybody asked, in a page just opened
    assert not carry_out_work(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, asked.refused) == ("failed", True)
    assert "Läs det innan du beslutar" in asked.error
    assert nothing_has_happened(proposed)
    refused("status", actions.ask_again, asked, by=officer, at=AT)


def test_officer_who_has_lost_the_role_meanwhile_decides_nothing(asked, proposed, officer):  # noqa: F811
    end_role(officer.role_grants.get(), by=None, at=AT, reason="Slutat")
    assert not carry_out_work(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, asked.refused) == ("failed", True)
    assert nothing_has_happened(proposed)


def test_what_is_called_off_comes_to_nothing(asked, proposed, officer, refused):  # noqa: F811
    actions.call_off(asked, by=officer, at=AT)
    assert not carry_out_work(asked.pk)
    assert nothing_has_happened(proposed)
    done = actions.ask_to_decide(proposed, seen=proposed.shown_id, by=officer, at=AT)
    assert carry_out_work(done.pk)
    refused("status", actions.call_off, done, by=officer, at=AT)


@pytest.mark.django_db(transaction=True)
def test_what_is_called_off_while_it_goes_on_comes_to_nothing(asked, proposed, officer, hall):  # noqa: F811
    """Somebody else has the ground, so the worker waits until it is called off."""
    held, called_off = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            lock_ground(hall)
            held.set()
            called_off.wait(PATIENCE)

    def decide():
        held.wait(PATIENCE)
        return carry_out_work(asked.pk)

    def stop():
        while not SeasonWork.objects.filter(pk=asked.pk, status="running").exists():
            held.wait(PATIENCE)
        actions.call_off(asked, by=officer, at=AT)
        called_off.set()

    results = together(hold, decide, stop)
    assert faults(results) == []
    assert results[1] is False
    asked.refresh_from_db()
    assert asked.status == "dropped"
    assert nothing_has_happened(proposed)


def test_decision_whose_worker_died_is_taken_up_again(asked, proposed):  # noqa: F811
    SeasonWork.objects.filter(pk=asked.pk).update(status="running", attempts=1, heartbeat_at=AT - timedelta(hours=1))
    assert not carry_out_work(asked.pk)
    sweep_work()
    assert carry_out_work(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, asked.attempts) == ("done", 2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_decide_once_and_one_who_reads_sees_all_of_it_or_nothing(asked, proposed):  # noqa: F811
    """Case 45."""
    seen = set()

    def read():
        while SeasonWork.objects.unfinished().exists():
            seen.add(Booking.objects.filter(kind=UseKind.SEASON).count())

    results = together(*(lambda: carry_out_work(asked.pk) for _ in range(3)), read)
    assert faults(results) == []
    assert sorted(results[:3]) == [False, False, True]
    assert seen <= {0, ALL}
    assert Booking.objects.filter(kind=UseKind.SEASON).count() == ALL
    assert Letter.objects.filter(key__startswith="facilities.season_decision").count() == 1
    assert no_two_overlap()


@pytest.mark.django_db(transaction=True)
def test_citizen_who_books_while_the_worker_decides_gets_the_day_or_is_told(asked, hall, clubs):
    """Case 45."""
    wish, user = clubs[0]
    monday = hours(15, 17, day=7 * 14)

    results = together(lambda: carry_out_work(asked.pk), lambda: actions.book(hall, monday, wish, by=user, at=AT))
    assert faults(results) == []
    assert no_two_overlap()
    asked.refresh_from_db()
    lost = 2 if isinstance(results[1], Booking) else 0
    assert asked.result == {"bookings": ALL - lost, "clashes": lost}


# --- pages --------------------------------------------------------------------------------------------------------------------


def test_page_tells_how_far_it_has_come_and_renews_itself(client, asked, officer):
    client.force_login(officer)
    where = page("season_work", asked.pk)
    waiting = client.get(where)
    assert 'hx-trigger="every 2s"' in text(waiting)
    assert "Du kan lämna sidan" in text_of(waiting)
    progress = {"level": "halls", "done": 3, "of": 12}
    SeasonWork.objects.filter(pk=asked.pk).update(status="running", progress=progress, heartbeat_at=AT, attempts=1)
    part = client.get(where, headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert "Bokar tiderna, lokal för lokal: 3 av 12" in text(part)


def test_seasons_pages_lead_to_what_goes_on(client, asked, proposed, officer):  # noqa: F811
    client.force_login(officer)
    shown = client.get(page("kept_season", proposed.pk))
    assert "håller på att beslutas" in text_of(shown)
    assert page("season_decide", proposed.pk) not in text(shown)
    assert client.get(page("season_decide", proposed.pk)).url == page("season_work", asked.pk)


def test_what_broke_waits_among_the_tasks_until_it_is_tried_again_or_put_away(
    client,
    asked,
    proposed,  # noqa: F811
    officer,
    broken,
):
    broken()
    carry_out_work(asked.pk)
    broken(mended=True)
    client.force_login(officer)
    where = page("season_work", asked.pk)
    assert where in text(client.get("/"))
    told = text_of(client.get(where))
    assert "Inget har ändrats" in told
    assert "AttributeError" in told
    assert "hx-trigger" not in text(client.get(where))
    again = client.post(page("season_work_again", asked.pk))
    assert again.url == page("season_work", SeasonWork.objects.latest("pk").pk)
    assert where not in text(client.get("/"))
    client.post(page("season_work_call_off", SeasonWork.objects.latest("pk").pk))
    assert not SeasonWork.objects.unfinished().exists()


def test_what_was_refused_leads_to_the_season_as_it_is_now(client, asked, proposed, officer):  # noqa: F811
    SeasonRound.objects.filter(pk=proposed.pk).update(status=RoundStatus.CLOSED)
    carry_out_work(asked.pk)
    client.force_login(officer)
    shown = client.get(page("season_work", asked.pk))
    assert "Säsongen beslutades inte" in text_of(shown)
    assert "Försök igen" not in text_of(shown)
    away = client.post(page("season_work_call_off", asked.pk), follow=True)
    assert "undanlagt" in text_of(away)


def test_work_is_shown_to_those_who_read_bookings_and_moved_by_officers(client, asked, staff, stranger):
    client.force_login(stranger)
    assert client.get(page("season_work", asked.pk)).status_code == 403
    client.force_login(staff)
    assert client.get(page("season_work", asked.pk)).status_code == 200
    assert client.post(page("season_work_call_off", asked.pk)).status_code == 403
