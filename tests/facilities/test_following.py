"""During the season: a time given back goes to the next in order; real use, notices and taking back; blocks. And its pages."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.models import ActivityGroup, ActivitySession
from facilities import actions
from facilities.actions.season_bookings import book_time
from facilities.actions.wishes import Hours, Place, SectionWish
from facilities.choices import BookingStatus, TimeOfferStatus, TimeStatus, UseKind
from facilities.models import Booking, SeasonTime, Section, TimeOffer
from facilities.rules.season_use import ShareFault, Use, UseLimits
from records.models import Event, Letter
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT
from tests.facilities.pages import page, text_of
from tests.facilities.test_season_wishes import plan, principles, refused, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)  # a Thursday
MONDAY = date(2026, 10, 5)
EIGHTEEN = 18 * 60


def wish_of(hall, name, *, ages=(11, 12), is_block=False):
    return SectionWish(
        name=name,
        age_from=ages[0],
        age_to=ages[1],
        girls=12,
        boys=3,
        shortest=60,
        longest=60,
        is_block=is_block,
        hours=(Hours(0, EIGHTEEN, EIGHTEEN + 60),),
        places=(Place(hall),),
    )


@pytest.fixture
def decided(season, hall, tariff, association, other_association, alice, stina, officer):  # noqa: F811
    """Four groups want the same hour on Mondays: three of the young, one of the old. One of the young got it."""
    for owner, person, groups in (
        (association, alice, [wish_of(hall, "F12"), wish_of(hall, "Veteraner", ages=(40, 60))]),
        (other_association, stina, [wish_of(hall, "P12"), wish_of(hall, "P11")]),
    ):
        wishes = actions.begin_wishes(season, owner, by=person, at=AT)
        for wish in groups:
            actions.save_section(wishes, wish, by=person, at=AT)
        actions.hand_in_wishes(wishes, by=person, at=AT)
    closed = actions.close_round(season, by=officer, at=AT)
    run = actions.ask_for_proposal(closed, by=officer, at=AT)
    assert actions.compute_proposal(run.pk, at=AT, clock=lambda: AT)
    actions.show_proposal(run, by=officer, at=AT)
    actions.decide_season(closed, by=officer, at=AT)
    closed.refresh_from_db()
    return closed


def give(section, hall, at=AT, *, starts=EIGHTEEN, ends=EIGHTEEN + 60):
    row = SeasonTime.objects.create(
        season=section.wishes.season,
        association=section.wishes.association,
        section=section,
        hall=hall,
        weekday=0,
        starts=starts,
        ends=ends,
        since=date(2026, 8, 1),
        until=date(2027, 7, 1),
        made_at=at,
    )
    book_time(row, [hall], by=section.wishes.handed_in_by, at=at)
    return row


@pytest.fixture
def given_time(decided):
    """The time of the group that the decision gave it to."""
    return decided.times.select_related("association", "section", "hall").get()


@pytest.fixture
def speaker_of(association, alice, stina):
    def find(row):
        return alice if row == association else stina

    return find


def standing(row):
    rows = Booking.objects.filter(series__season_hold__time=row, status=BookingStatus.CONFIRMED)
    return rows.count()


def order_of(decided, given_time):
    """Sections in the order that the rule says: the rung, then the lot."""
    version = actions.version_of(decided.shown.run)
    groups = {int(key): place for place, (key, _got) in enumerate(version.plan.lot)}
    rows = [row for row in Section.objects.filter(wishes__season=decided) if row.pk != given_time.section_id]
    return sorted(rows, key=lambda row: (row.age_to > 20, groups[row.pk]))


# --- Case 61 ------------------------------------------------------------------------------------------------------------------


def test_case_61_released_date_goes_to_the_next_in_order_and_the_series_keeps_the_rest(decided, given_time, speaker_of, officer):
    before = standing(given_time)
    offer = actions.release_day(given_time, MONDAY, by=speaker_of(given_time.association), at=NOW)
    first = order_of(decided, given_time)[0]
    assert (offer.section, offer.day, offer.open_until) == (first, MONDAY, NOW + timedelta(hours=48))
    assert standing(given_time) == before - 1
    assert Letter.objects.filter(key=f"facilities.season_offer.{offer.pk}").exists()
    held = Booking.objects.get(series__season_hold__time=offer.given)
    assert (held.status, held.association) == (BookingStatus.HELD, first.wishes.association)
    taken = actions.take_time(offer, by=speaker_of(first.wishes.association), at=NOW)
    assert (taken.status, standing(taken), taken.since, taken.until) == (TimeStatus.STANDING, 1, MONDAY, date(2026, 10, 6))


def test_case_61_offer_that_nobody_answers_goes_on_until_nobody_is_left_and_the_time_is_free(
    decided, given_time, speaker_of, hall
):
    actions.release_day(given_time, MONDAY, by=speaker_of(given_time.association), at=NOW)
    at = NOW
    for section in order_of(decided, given_time):
        offer = TimeOffer.objects.get(status=TimeOfferStatus.OFFERED)
        assert offer.section == section
        assert actions.pass_on_times(offer.open_until - timedelta(seconds=1)) == 0
        at = offer.open_until
        assert actions.pass_on_times(at) == 1
        assert actions.pass_on_times(at) == 0
        offer.refresh_from_db()
        assert (offer.status, offer.given.status) == (TimeOfferStatus.PASSED, TimeStatus.NOT_TAKEN)
        if at + timedelta(hours=2) >= datetime(2026, 10, 5, 16, 0, tzinfo=UTC):
            break
    assert not TimeOffer.objects.filter(status=TimeOfferStatus.OFFERED).exists()
    span_free = Booking.objects.taking_space().filter(space=hall, starts_at=datetime(2026, 10, 5, 16, 0, tzinfo=UTC))
    assert not span_free.exists()


def test_rest_of_the_season_is_given_back_offered_and_taken_by_one_of_two_at_once(decided, given_time, speaker_of):
    since = date(2026, 11, 1)
    offer = actions.release_rest(given_time, since=since, by=speaker_of(given_time.association), at=NOW)
    given_time.refresh_from_db()
    assert (given_time.status, given_time.ended_on) == (TimeStatus.RELEASED, since)
    person = speaker_of(offer.section.wishes.association)
    taken = actions.take_time(offer, by=person, at=NOW)
    assert standing(taken) == 35  # Mondays from 2 November to 28 June
    with pytest.raises(NotAllowedNow):
        actions.take_time(offer, by=person, at=NOW)


def test_declined_offer_goes_to_the_next_and_the_time_within_it_is_theirs_alone(decided, given_time, speaker_of, stranger):
    offer = actions.release_rest(given_time, since=MONDAY, by=speaker_of(given_time.association), at=NOW)
    with pytest.raises(NotAllowedNow):
        actions.decline_time(offer, by=stranger, at=NOW)
    following = actions.decline_time(offer, by=speaker_of(offer.section.wishes.association), at=NOW)
    assert following.section == order_of(decided, given_time)[1]
    assert actions.decline_time(offer, by=speaker_of(offer.section.wishes.association), at=NOW) is None
    assert SeasonTime.objects.filter(status=TimeStatus.OFFERED).count() == 1


def test_only_those_who_have_a_time_give_it_back_and_only_once(given_time, speaker_of, stranger, refused):  # noqa: F811
    person = speaker_of(given_time.association)
    refused("not_allowed", actions.release_day, given_time, MONDAY, by=stranger, at=NOW)
    actions.release_day(given_time, MONDAY, by=person, at=NOW)
    refused("no_date", actions.release_day, given_time, MONDAY, by=person, at=NOW)
    refused("no_date", actions.release_day, given_time, date(2026, 9, 28), by=person, at=NOW)
    refused("past", actions.release_rest, given_time, since=date(2026, 9, 1), by=person, at=NOW)


def test_several_dates_are_given_back_all_or_none(given_time, speaker_of, refused):  # noqa: F811
    person, before = speaker_of(given_time.association), standing(given_time)
    refused("no_date", actions.release_days, given_time, [MONDAY, date(2026, 10, 6)], by=person, at=NOW)
    assert standing(given_time) == before


def test_held_offer_is_no_hold_of_the_person(given_time, speaker_of, refused):  # noqa: F811
    offer = actions.release_day(given_time, MONDAY, by=speaker_of(given_time.association), at=NOW)
    held = Booking.objects.get(series__season_hold__time=offer.given)
    person = held.booked_by
    actions.release_hold(held, by=person, at=NOW)
    held.refresh_from_db()
    assert (held.status, held.kind) == (BookingStatus.HELD, UseKind.SEASON)
    with pytest.raises(actions.HoldOver):
        actions.confirm(held, by=person, at=NOW)


# --- real use -----------------------------------------------------------------------------------------------------------------


def dates_of(row):
    return list(Booking.objects.filter(series__season_hold__time=row).order_by("starts_at"))


def test_date_is_used_by_check_in_arrival_or_attendance_and_empty_when_noted(given_time, speaker_of, staff):
    first, second, third, _fourth = dates_of(given_time)[:4]
    person = speaker_of(given_time.association)
    actions.check_in(first, by=person, at=first.starts_at - timedelta(minutes=30))
    actions.note_absence(second, by=staff, at=second.starts_at)
    group = ActivityGroup.objects.create(association=given_time.association, name="F12", activity="Handboll")
    ActivitySession.objects.create(
        association=given_time.association,
        group=group,
        day=third.starts_at.date(),
        starts=time(18, 30),
        minutes=60,
        saved_at=third.ends_at,
    )
    at = dates_of(given_time)[3].ends_at
    assert actions.use_of_times([given_time], at=at) == {given_time.pk: Use(used=2, empty=1, unknown=1)}


def test_check_in_is_for_the_one_who_has_the_time_while_it_is(given_time, speaker_of, stranger, refused):  # noqa: F811
    booking = dates_of(given_time)[0]
    person = speaker_of(given_time.association)
    refused("not_now", actions.check_in, booking, by=person, at=booking.starts_at - timedelta(minutes=31))
    refused("not_now", actions.check_in, booking, by=person, at=booking.ends_at)
    refused("not_allowed", actions.check_in, booking, by=stranger, at=booking.starts_at)
    actions.check_in(booking, by=person, at=booking.starts_at)
    assert actions.check_in(booking, by=person, at=booking.ends_at).arrived_at == booking.starts_at


def test_unused_time_is_taken_back_only_after_notice_and_goes_to_the_next(given_time, speaker_of, officer, refused):  # noqa: F811
    notice = actions.send_notice(given_time, "Ingen har kommit i september.", by=officer, at=NOW)
    refused("there", actions.send_notice, given_time, "Igen", by=officer, at=NOW)
    refused("may_answer", actions.take_back, notice, "Tom", since=date(2026, 10, 20), by=officer, at=NOW)
    person = speaker_of(given_time.association)
    actions.answer_notice(notice, "Ledaren var sjuk.", by=person, at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    settled = actions.take_back(notice, "Tiden har varit tom.", since=date(2026, 10, 12), by=officer, at=later)
    given_time.refresh_from_db()
    assert (settled.taken_back, given_time.status, given_time.ended_on) == (True, TimeStatus.TAKEN_BACK, date(2026, 10, 12))
    assert TimeOffer.objects.filter(time=given_time, day=None, status=TimeOfferStatus.OFFERED).count() == 1
    cancelled = Booking.objects.filter(series__season_hold__time=given_time, status=BookingStatus.CANCELLED)
    assert {booking.fee for booking in cancelled} == {0}
    refused("late", actions.answer_notice, notice, "En gång till", by=person, at=later)
    assert "från och med 12 oktober 2026" in Letter.objects.get(key=f"facilities.use_settled.{notice.pk}").html


def test_time_is_kept_with_grounds_and_unanswered_notices_run_out(given_time, officer, speaker_of, refused):  # noqa: F811
    notice = actions.send_notice(given_time, "Tom i september.", by=officer, at=NOW)
    refused("no_grounds", actions.keep_after_notice, notice, " ", by=officer, at=NOW)
    late = NOW + timedelta(days=15)
    refused("late", actions.answer_notice, notice, "Förlåt", by=speaker_of(given_time.association), at=late)
    kept = actions.keep_after_notice(notice, "Föreningen har fått en ny ledare.", by=officer, at=late)
    assert (kept.taken_back, kept.settled_by) == (False, officer)
    assert actions.keep_after_notice(notice, "Igen", by=officer, at=late).grounds == "Föreningen har fått en ny ledare."


# --- blocks -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def block(given_time):
    given_time.section = None
    given_time.save()
    return given_time


def share(name, starts, ends, girls=10, boys=10, ages=(7, 9)):
    return actions.GroupShare(name=name, starts=starts, ends=ends, age_from=ages[0], age_to=ages[1], girls=girls, boys=boys)


def test_block_is_divided_and_its_coming_bookings_tell_who_comes(block, decided, speaker_of, refused):  # noqa: F811
    person = speaker_of(block.association)
    assert actions.undivided_blocks(decided) == [block]
    outside = [share("F7", EIGHTEEN, EIGHTEEN + 90)]
    with pytest.raises(actions.NotDivided) as wrong:
        actions.divide_block(block, outside, by=person, at=NOW)
    assert wrong.value.faults == ((0, ShareFault.OUTSIDE),)
    shares = [share("F7", EIGHTEEN, EIGHTEEN + 30, 12, 0), share("Mamma-pappa", EIGHTEEN + 30, EIGHTEEN + 60, 5, 5, (30, 40))]
    actions.divide_block(block, shares, by=person, at=NOW)
    coming = dates_of(block)[-1]
    assert (coming.people, coming.young, coming.women, coming.men) == (22, 12, 17, 5)
    assert dates_of(block)[0].people == 15
    assert actions.undivided_blocks(decided) == []


def test_time_of_one_group_is_not_divided(given_time, speaker_of, refused):  # noqa: F811
    person = speaker_of(given_time.association)
    refused("no_block", actions.divide_block, given_time, [share("F7", EIGHTEEN, EIGHTEEN + 30)], by=person, at=NOW)


# --- pages --------------------------------------------------------------------------------------------------------------------


def test_club_gives_dates_back_in_one_press_and_sees_what_it_costs(client, given_time, speaker_of):
    client.force_login(speaker_of(given_time.association))
    with time_machine.travel(NOW, tick=False):
        listed = client.get(page("season_times"))
        assert "Måndag 18.00–19.00" in text_of(listed)
        posted = client.post(page("season_time_release", given_time.pk), {"days": ["2026-10-05", "2026-10-12"]}, follow=True)
        assert "2 datum" in text_of(posted)
        empty = client.post(page("season_time_release", given_time.pk), {})
    assert empty.status_code == 422
    assert TimeOffer.objects.filter(time=given_time).count() == 2


def test_offer_is_taken_on_its_page_and_others_do_not_find_it(client, given_time, speaker_of, stranger):
    offer = actions.release_day(given_time, MONDAY, by=speaker_of(given_time.association), at=NOW)
    client.force_login(stranger)
    assert client.get(page("season_offer", offer.pk)).status_code == 404
    client.force_login(speaker_of(offer.section.wishes.association))
    with time_machine.travel(NOW, tick=False):
        assert "Ta tiden" in text_of(client.get(page("season_offer", offer.pk)))
        client.post(page("season_offer", offer.pk), {"take": "1"})
    offer.refresh_from_db()
    assert offer.status == TimeOfferStatus.TAKEN


def test_block_is_divided_on_its_page_and_what_is_wrong_stands_beside_its_field(client, block, speaker_of):
    client.force_login(speaker_of(block.association))
    rows = {"form-TOTAL_FORMS": "3", "form-INITIAL_FORMS": "0", "form-0-name": "F7", "form-0-starts": "18", "form-0-ends": "20"}
    rows |= {"form-0-age_from": "7", "form-0-age_to": "8", "form-0-girls": "12", "form-0-boys": "0"}
    address = page("season_block", block.pk)
    with time_machine.travel(NOW, tick=False):
        wrong = client.post(address, rows)
        assert wrong.status_code == 422
        assert "utanför blocktiden" in text_of(wrong)
        assert client.post(address, rows | {"form-0-ends": "18.30"}).status_code == 302
    assert [(row.name, row.starts, row.ends) for row in block.shares.all()] == [("F7", EIGHTEEN, EIGHTEEN + 30)]


def test_officer_sends_a_notice_the_club_answers_and_the_time_is_taken_back(
    client, given_time, officer, speaker_of, staff, decided
):
    for booking in dates_of(given_time)[:4]:
        actions.note_absence(booking, by=staff, at=booking.starts_at)
    with time_machine.travel(NOW, tick=False):
        client.force_login(officer)
        use = client.get(page("kept_season_use", decided.pk))
        assert "används för lite" in text_of(use)
        client.post(page("kept_notice_new", given_time.pk), {"words": "Tom hela september."})
        notice = given_time.notices.get()
        client.force_login(speaker_of(given_time.association))
        client.post(page("season_notice", notice.pk), {"words": "Vi börjar nästa vecka."})
        client.force_login(officer)
        kept = client.get(page("kept_notice", notice.pk))
        assert "Vi börjar nästa vecka." in text_of(kept)
        wrong = client.post(page("kept_notice", notice.pk), {"take": "1", "take-words": "Tom."})
        assert wrong.status_code == 422
        typed = {"take": "1", "take-words": "Tom.", "take-since": "2026-10-12"}
        assert client.post(page("kept_notice", notice.pk), typed).status_code == 302
    given_time.refresh_from_db()
    assert given_time.status == TimeStatus.TAKEN_BACK


def test_officer_sets_what_is_too_little_for_the_season(client, given_time, officer, staff, decided):
    for booking, note in zip(dates_of(given_time)[:4], (True, True, True, False), strict=True):
        act = actions.note_arrival if note else actions.note_absence
        act(booking, by=staff, at=booking.starts_at)
    where = page("kept_season_use", decided.pk)
    typed = {"least_percent": "80", "least_known": "4", "answer_days": "21"}
    with time_machine.travel(NOW, tick=False):
        client.force_login(officer)
        before = client.get(where)
        assert "0 av 1 tider används för lite" in text_of(before)
        assert "Gränserna är exempel" in text_of(before)
        assert client.post(where, typed | {"least_percent": "0"}).status_code == 422
        client.force_login(staff)
        client.post(where, typed)
        decided.refresh_from_db()
        assert decided.use_limits == UseLimits()
        client.force_login(officer)
        after = client.post(where, typed, follow=True)
        assert "1 av 1 tider används för lite" in text_of(after)
        assert "Gränserna är exempel" not in text_of(after)
        client.post(page("kept_notice_new", given_time.pk), {"words": "Tom hela september."})
    assert given_time.notices.get().answer_by == date(2026, 10, 22)
    assert Event.objects.get(verb="facilities.use_limits_set").changes["limits"] == [[60, 3, 14], [80, 4, 21]]


@pytest.mark.parametrize(("name", "who"), [("season_times", "alice"), ("kept_season_use", "officer")])
def test_pages_ask_the_same_number_of_questions_whatever_the_number_of_times(
    client, decided, hall, association, alice, officer, name, who
):
    section = Section.objects.filter(wishes__association=association).select_related("wishes__season", "wishes__association")[0]
    client.force_login({"alice": alice, "officer": officer}[who])
    asked, address = [], page(name, *([decided.pk] if who == "officer" else []))
    for place in range(3):
        give(section, hall, starts=EIGHTEEN + 60 * place, ends=EIGHTEEN + 60 * (place + 1))
        with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked.append(len(queries))
    assert asked[1] == asked[2]
