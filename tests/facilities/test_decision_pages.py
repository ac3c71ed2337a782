"""The pages of a decision: what will happen, the days that could not be booked, the code of a time, and what a club reads."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from facilities import actions
from facilities.actions.feeds import make_feed, times_of_feed
from facilities.choices import RoundStatus, TimeStatus, UseKind
from facilities.models import Booking, HoursException, SeasonClash, SeasonTime, SeasonWork
from facilities.models.billing import out_of_step
from facilities.models.usage import Chosen, use_in_all
from facilities.rules.series import Pattern
from facilities.tasks import carry_out_work
from records.models import Letter
from records.refusals import NotAllowedNow
from records.values import Period
from tests.facilities.conftest import AT
from tests.facilities.pages import page, text, text_of
from tests.facilities.test_decision import proposed  # noqa: F401 - fixtures
from tests.facilities.test_proposals import closed, run  # noqa: F401 - fixtures
from tests.facilities.test_season_wishes import plan, principles, refused, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
CLOSED_DAY, TAKEN_DAY = date(2026, 8, 12), date(2026, 9, 7)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def taken(proposed, hall, venue, staff):  # noqa: F811
    """Two groups cannot have their Monday, one not its Wednesday."""
    HoursException.objects.create(venue=venue, day=CLOSED_DAY, opens=None)
    pattern = Pattern(TAKEN_DAY, TAKEN_DAY, 17 * 60, 19 * 60)
    return actions.take_series_for(hall, pattern, title="Prov", by=staff, at=AT)[0]


@pytest.fixture
def decided(taken, proposed, officer):  # noqa: F811
    actions.decide_season(proposed, by=officer, at=AT)
    proposed.refresh_from_db()
    return proposed


def press(client, season, clash, act, note="", chosen=None):  # noqa: F811
    key = f"t{clash.hold_id}"
    days = [clash.pk] if chosen is None else chosen
    return client.post(
        page("season_decision", season.pk), {"group": key, f"{key}-days": days, f"{key}-note": note, act: "1"}, follow=True
    )


def test_officer_reads_what_will_happen_and_decides_it(client, taken, proposed, officer, venue):  # noqa: F811
    client.force_login(officer)
    shown = client.get(page("season_decide", proposed.pk))
    assert Booking.objects.filter(kind=UseKind.SEASON).count() == 0
    for said in ("3 till 1 förening", "Bokningar 141", "Dagar som inte går att boka 3", "7 september", "Kommunen", "stängd"):
        assert said.lower() in text_of(shown).lower()
    handed_over = client.post(page("season_decide", proposed.pk), {"seen": proposed.shown_id}, follow=True)
    work = SeasonWork.objects.get()
    assert handed_over.redirect_chain[-1][0] == page("season_work", work.pk)
    assert "Det står i kö" in text_of(handed_over)
    assert Booking.objects.filter(kind=UseKind.SEASON).count() == 0
    assert carry_out_work(work.pk)
    done = client.get(page("season_work", work.pk))
    assert "141 bokningar. 3 dagar" in text_of(done)
    assert page("season_decision", proposed.pk) in text(done)
    again = client.post(page("season_decide", proposed.pk), {"seen": proposed.shown_id}, follow=True)
    assert again.redirect_chain[-1][0] == page("season_decision", proposed.pk)
    assert Booking.objects.filter(kind=UseKind.SEASON).count() == 141


def test_proposal_that_was_not_read_is_not_decided(client, proposed, officer):  # noqa: F811
    client.force_login(officer)
    answer = client.post(page("season_decide", proposed.pk), {"seen": "0"}, follow=True)
    assert "Läs det innan du beslutar" in text_of(answer)
    proposed.refresh_from_db()
    assert proposed.status == RoundStatus.PROPOSED


def test_day_that_has_come_free_is_booked_in_its_series(client, decided, taken, officer, staff, association):
    clash = SeasonClash.objects.filter(day=TAKEN_DAY).first()
    client.force_login(officer)
    still = press(client, decided, clash, "book")
    assert "1 dag går fortfarande inte att boka" in text_of(still)
    actions.cancel(taken, by=staff, at=AT)
    done = press(client, decided, clash, "book")
    assert "1 dag är nu bokad" in text_of(done)
    clash.refresh_from_db()
    booked = Booking.objects.get(series=clash.hold.series, starts_at__date=TAKEN_DAY)
    assert (booked.association, booked.kind, clash.settled_by) == (association, UseKind.SEASON, officer)
    assert "Nu är de bokade" in Letter.objects.get(key=f"facilities.season_clash.{clash.pk}").html


def test_day_is_settled_with_a_sentence_that_the_club_reads(client, decided, officer, alice):
    clash = SeasonClash.objects.get(day=CLOSED_DAY)
    client.force_login(officer)
    wrong = press(client, decided, clash, "settle")
    assert wrong.status_code == 422
    assert "Skriv i en mening" in text_of(wrong)
    assert press(client, decided, clash, "settle", "Ni får Lilla hallen.", chosen=[]).status_code == 422
    done = press(client, decided, clash, "settle", "Ni får Lilla hallen.")
    assert "noterade som lösta" in text_of(done)
    assert "Ni får Lilla hallen." in Letter.objects.get(key=f"facilities.season_clash.{clash.pk}").html
    client.force_login(alice)
    own = text_of(client.get(page("season_times")))
    assert "Ni får Lilla hallen." in own
    assert "Någon annan har lokalen den tiden." in own
    assert "Onsdag 18.00–19.00" in own


def test_days_are_settled_once_and_by_nobody_for_their_own_club(decided, officer, alice, staff, speaker, association):
    clash = SeasonClash.objects.get(day=CLOSED_DAY)
    with pytest.raises(NotAllowedNow):
        actions.settle_clashes([clash], note="Klart", by=alice, at=AT)
    actions.settle_clashes([clash], note="Klart", by=staff, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.settle_clashes([clash], note="Klart igen", by=officer, at=AT)


def test_open_days_wait_at_the_desk_until_they_are_settled(client, decided, officer):
    client.force_login(officer)
    assert "3 dagar i veckotider att lösa" in text_of(client.get(page("desk")))
    actions.settle_clashes(SeasonClash.objects.all(), note="Klart", by=officer, at=AT)
    assert "att lösa" not in text_of(client.get(page("desk")))


def test_code_opens_from_its_day_on(client, decided, staff):
    """Case 55: free until 20 September, a code from the 21st."""
    time = SeasonTime.objects.get(section__name="F12")
    client.force_login(staff)
    where = page("kept_season_time", time.pk)
    assert client.post(where, {"code": "4711", "since": "2026-09-21"}).status_code == 302
    coded = Booking.objects.filter(series__season_hold__time=time).order_by("starts_at")
    before, after = coded.filter(starts_at__date__lt="2026-09-21"), coded.filter(starts_at__date__gte="2026-09-21")
    assert {each.access_code for each in before} == {""}
    assert {each.access_code for each in after} == {"4711"}
    assert not Booking.objects.exclude(series__season_hold__time=time).exclude(access_code="").exists()
    assert client.post(where, {"code": "4711", "since": "2027-07-01"}).status_code == 422


def test_decision_is_undone_with_a_reason_on_its_page(client, decided, officer):
    client.force_login(officer)
    where = page("season_undo", decided.pk)
    assert "141 bokningar avbokas" in text_of(client.get(where))
    assert client.post(where, {"reason": ""}).status_code == 422
    assert "Det står i kö" in text_of(client.post(where, {"reason": "Fel hall"}, follow=True))
    assert "håller på att upphävas" in text_of(client.get(page("season_decision", decided.pk)))
    work = SeasonWork.objects.get()
    assert carry_out_work(work.pk)
    assert "upphävt" in text_of(client.get(page("season_work", work.pk)))
    decided.refresh_from_db()
    assert decided.status == RoundStatus.PROPOSED


def test_pages_ask_as_much_for_one_clash_as_for_many(client, decided, officer, django_assert_max_num_queries):
    client.force_login(officer)
    client.get(page("season_decision", decided.pk))
    with django_assert_max_num_queries(30) as three:
        client.get(page("season_decision", decided.pk))
    actions.settle_clashes(SeasonClash.objects.filter(day=TAKEN_DAY), note="Klart", by=officer, at=AT)
    with django_assert_max_num_queries(30) as one:
        client.get(page("season_decision", decided.pk))
    assert len(one) == len(three)


def test_strangers_and_other_clubs_read_nothing_of_it(client, decided, stranger, stina):
    client.force_login(stranger)
    assert "Inga säsongstider" in text_of(client.get(page("season_times")))
    assert client.get(page("season_decision", decided.pk)).status_code == 403
    client.force_login(stina)
    assert "F12" not in text_of(client.get(page("season_times")))
    assert client.get(page("season_time", SeasonTime.objects.first().pk)).status_code == 404


def test_club_reads_its_times_on_one_page_and_the_old_address_leads_there(client, decided, alice):
    client.force_login(alice)
    moved = client.get(page("season_own_times", decided.pk))
    assert (moved.status_code, moved.url) == (301, page("season_times") + f"#s{decided.pk}")
    listed = client.get(page("season_times"))
    assert f'id="s{decided.pk}"' in text(listed)
    assert text_of(listed).count("1 dag kunde inte bokas") == 3
    for said in ("Säsongen 2026/27", "F12", "Onsdag 18.00–19.00", "7 september"):
        assert said in text_of(listed)
    time = SeasonTime.objects.get(section__name="F8")
    assert "12 augusti" in text_of(client.get(page("season_time", time.pk)))


def test_season_times_stand_in_the_week_in_the_clubs_list_and_in_its_calendar(client, decided, alice):
    client.force_login(alice)
    assert "F12" in text_of(client.get(page("booking_list")))
    assert "F12" in text_of(client.get(page("week", "hallen", day="2026-08-17")))
    shown = times_of_feed(make_feed(None, by=alice, at=AT), AT)
    assert len([each for each in shown if "F12" in each.title]) > 40


def test_season_times_are_billed_and_counted_as_hire(decided, association):
    august = (datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC))
    assert len(out_of_step(*august, association.pk)) == 5 * 2 + 3
    period = Period(date(2026, 8, 1), date(2026, 9, 1))
    assert use_in_all(Chosen(period, None, None, UseKind.SEASON)).booked == 5 * 2 + 3


def test_club_is_told_when_a_season_time_has_to_make_way(decided, hall, staff, officer, association):
    association.email = "kansli@handboll.example"
    association.save()
    booking = Booking.objects.filter(kind=UseKind.SEASON).first()
    actions.close(hall, booking.span, reason="Vattenläcka", by=staff, at=AT, cancelling=True)
    letter = Letter.objects.get(key=f"facilities.cancelled.{booking.pk}")
    assert "kansli@handboll.example" in letter.to
    assert officer.email not in letter.to


def test_days_of_a_time_that_is_taken_back_are_nobodys_to_settle(decided):
    SeasonTime.objects.filter(section__name="F8").update(status=TimeStatus.TAKEN_BACK, ended_on=date(2026, 8, 10))
    assert {each.day for each in SeasonClash.objects.open()} == {TAKEN_DAY}
