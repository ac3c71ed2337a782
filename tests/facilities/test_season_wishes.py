"""A season's round until the wishes are in: prepared, opened, wished for, reminded, closed. And its pages."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from facilities import actions
from facilities.actions.wishes import Hours, Place, SectionWish
from facilities.choices import RoundStatus
from facilities.models import PrincipleSet, SeasonRound, Section, WishList
from facilities.rules.allocation.conditions import Number, NumberFact, Op
from facilities.rules.allocation.principles import Principles, PriorityClass, by_need
from records.models import Letter
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text_of

pytestmark = pytest.mark.django_db
YOUNG = PriorityClass("young", "Barn och unga 7–20 år", Number(NumberFact.AGE_TO, Op.AT_MOST, 20))
OTHERS = PriorityClass("others", "Övriga", Number(NumberFact.AGE_TO, Op.MORE, 20))
PRINCIPLES = Principles(name="Exempelprinciper", classes=(YOUNG, OTHERS), ladder=by_need(["young", "others"], 2))


@pytest.fixture
def principles(officer):
    return actions.write_principles(PRINCIPLES, by=officer, at=AT, is_example=True)


@pytest.fixture
def plan(principles, hall):
    return actions.RoundPlan(
        name="Säsongen 2026/27",
        since=date(2026, 8, 1),
        until=date(2027, 7, 1),
        opens_on=date(2026, 5, 4),
        wishes_until=date(2026, 5, 31),
        proposed_on=date(2026, 6, 8),
        comments_until=date(2026, 6, 20),
        decided_on=date(2026, 6, 30),
        halls=(hall,),
        principles=principles,
    )


@pytest.fixture
def season(plan, officer):
    return actions.open_round(actions.plan_round(plan, by=officer, at=AT), by=officer, at=AT, seed="seed")


@pytest.fixture
def wish(hall):
    return SectionWish(
        name="F12",
        age_from=11,
        age_to=12,
        girls=20,
        boys=0,
        passes=2,
        shortest=60,
        longest=90,
        hours=(Hours(0, 17 * 60, 19 * 60), Hours(2, 20 * 60, 21 * 60, 2)),
        places=(Place(hall, 1),),
    )


@pytest.fixture
def wishes(season, association, alice):
    return actions.begin_wishes(season, association, by=alice, at=AT)


@pytest.fixture
def refused():
    def check(code, action, *args, **kwargs):
        with pytest.raises(NotAllowedNow) as refusal, transaction.atomic():
            action(*args, **kwargs)
        assert refusal.value.code == code

    return check


# --- the round ----------------------------------------------------------------------------------------------------------------


def test_opened_season_publishes_its_principles_and_invites_every_association_once(association, alice, season, principles):
    principles.refresh_from_db()
    letter = Letter.objects.get(key=f"facilities.season_invitation.{season.pk}.{association.pk}")
    assert (season.status, season.seed, principles.published_at) == (RoundStatus.OPEN, "seed", AT)
    assert "31 maj 2026" in letter.html


def test_published_principles_stand(season, principles, officer, refused):
    refused("published", actions.write_principles, replace(PRINCIPLES, name="Andra"), by=officer, at=AT, draft=principles)
    with pytest.raises(DatabaseError), transaction.atomic():
        PrincipleSet.objects.filter(pk=principles.pk).update(name="Andra")


def test_season_is_not_opened_without_principles_or_halls_or_after_its_last_day(plan, officer, refused):
    for code, changes in (("principles", {"principles": None}), ("halls", {"halls": ()})):
        planned = actions.plan_round(replace(plan, **changes), by=officer, at=AT)
        refused(code, actions.open_round, planned, by=officer, at=AT)
    late = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
    refused("late", actions.open_round, actions.plan_round(plan, by=officer, at=AT), by=officer, at=late)


def test_days_of_a_season_come_in_order(plan, officer, refused):
    refused("days", actions.plan_round, replace(plan, decided_on=date(2026, 6, 20)), by=officer, at=AT)


def test_only_officers_keep_seasons(plan, alice, staff):
    for person in (alice, staff):
        with pytest.raises(NotAllowedNow):
            actions.plan_round(plan, by=person, at=AT)


@pytest.mark.parametrize(("at", "closed"), [("2026-05-31T21:59:59+00:00", 0), ("2026-05-31T22:00:00+00:00", 1)])
def test_season_closes_by_itself_at_local_midnight_after_its_last_day(season, at, closed):
    before = Letter.objects.count()
    assert actions.keep_rounds(at=datetime.fromisoformat(at)) == closed
    season.refresh_from_db()
    assert season.status == (RoundStatus.CLOSED if closed else RoundStatus.OPEN)
    assert Letter.objects.count() == before


def test_those_who_have_begun_and_not_handed_in_are_reminded_once_a_week_before(season, wishes):
    week_before = datetime(2026, 5, 24, 8, 0, tzinfo=UTC)
    for at in (week_before - timedelta(days=1), week_before, week_before + timedelta(hours=1)):
        actions.keep_rounds(at=at)
    assert Letter.objects.filter(key__startswith="facilities.season_reminder.").count() == 1


# --- wishes -------------------------------------------------------------------------------------------------------------------


def test_wishes_are_begun_once_and_only_for_ones_own_association(season, association, alice, stina):
    first, second = (actions.begin_wishes(season, association, by=alice, at=AT) for _ in range(2))
    assert first == second
    with pytest.raises(NotAllowedNow):
        actions.begin_wishes(season, association, by=stina, at=AT)


def test_handed_in_wishes_stand_until_they_are_taken_back(wishes, wish, alice, refused):
    section = actions.save_section(wishes, wish, by=alice, at=AT)
    actions.hand_in_wishes(wishes, by=alice, at=AT, message="Hej")
    again = actions.hand_in_wishes(wishes, by=alice, at=AT + timedelta(hours=1))
    assert (again.handed_in_at, again.message) == (AT, "Hej")
    refused("handed_in", actions.save_section, wishes, replace(wish, girls=30), by=alice, at=AT, section=section)
    with pytest.raises(IntegrityError), transaction.atomic():
        Section.objects.filter(pk=section.pk).update(girls=30)
    actions.take_back_wishes(wishes, by=alice, at=AT)
    assert actions.save_section(wishes, replace(wish, girls=30), by=alice, at=AT, section=section).girls == 30


def test_wishes_without_groups_or_without_when_and_where_are_not_handed_in(wishes, wish, alice, refused):
    refused("empty", actions.hand_in_wishes, wishes, by=alice, at=AT)
    actions.save_section(wishes, replace(wish, places=()), by=alice, at=AT)
    refused("incomplete", actions.hand_in_wishes, wishes, by=alice, at=AT)


def test_nothing_is_wished_after_the_last_day_though_nobody_has_closed(wishes, wish, alice, refused):
    late = datetime(2026, 5, 31, 22, 0, tzinfo=UTC)
    refused("closed", actions.save_section, wishes, wish, by=alice, at=late)
    refused("closed", actions.hand_in_wishes, wishes, by=alice, at=late)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("ages", {"age_from": 13}),
        ("members", {"girls": 0}),
        ("lengths", {"shortest": 120}),
        ("hours", {"hours": (Hours(0, 17 * 60 + 15, 19 * 60),)}),
        ("too_short", {"hours": (Hours(0, 17 * 60, 17 * 60 + 30),)}),
    ],
)
def test_group_that_does_not_hold_together_is_refused_in_words(wishes, wish, alice, refused, code, changes):
    refused(code, actions.save_section, wishes, replace(wish, **changes), by=alice, at=AT)


def test_hall_outside_the_season_is_refused(wishes, wish, room, alice, refused):
    refused("halls", actions.save_section, wishes, replace(wish, places=(Place(room),)), by=alice, at=AT)


def test_last_seasons_groups_are_copied_in_one_press_and_never_twice(wishes, wish, season, plan, association, alice, officer):
    actions.save_section(wishes, wish, by=alice, at=AT)
    actions.save_section(wishes, replace(wish, name="P14", girls=0, boys=15), by=alice, at=AT)
    actions.hand_in_wishes(wishes, by=alice, at=AT)
    later = replace(plan, name="Säsongen 2027/28", since=date(2027, 8, 1), until=date(2028, 7, 1))
    coming = actions.open_round(actions.plan_round(later, by=officer, at=AT), by=officer, at=AT)
    mine = actions.begin_wishes(coming, association, by=alice, at=AT)
    actions.save_section(mine, replace(wish, girls=25), by=alice, at=AT)
    assert [actions.copy_last_season(mine, by=alice, at=AT) for _ in range(2)] == [1, 0]
    copied = mine.sections.get(name="P14")
    assert (copied.boys, copied.suits.count(), copied.spaces.get().parts) == (15, 2, 1)
    assert mine.sections.get(name="F12").girls == 25


# --- pages --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def now_is():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def hand(now_is, sign_in, alice):
    return sign_in(alice)


@pytest.fixture
def typed(hall):
    return {
        "name": "F12",
        "age_from": "11",
        "age_to": "12",
        "girls": "20",
        "boys": "0",
        "passes": "2",
        "shortest": "60",
        "longest": "90",
        "place0": f"{hall.pk}:1",
        "best0": "17-19",
        "also2": "20–21",
    }


def test_club_adds_a_group_and_hands_in(hand, season, association, typed):
    begun = hand.post(page("wishes_begin", season.pk))
    wishes = WishList.objects.get()
    assert begun.url == page("wishes", wishes.pk)
    assert hand.post(page("section_new", wishes.pk), typed).url == begun.url
    section = wishes.sections.get()
    assert [(each.weekday, each.starts, each.ends, each.choice) for each in section.suits.all()] == [
        (0, 1020, 1140, 1),
        (2, 1200, 1260, 2),
    ]
    assert hand.post(begun.url, {"message": "Tack"}).url == begun.url
    shown = text_of(hand.get(begun.url))
    assert "lämnade in önskemålen" in shown
    assert "Måndag 17.00–19.00" in shown


def test_group_with_something_wrong_keeps_what_was_typed(hand, wishes, typed):
    answer = hand.post(page("section_new", wishes.pk), {**typed, "age_from": "13", "best0": "sju"})
    assert answer.status_code == 422
    assert 'value="sju"' in answer.content.decode()
    answer = hand.post(page("section_new", wishes.pk), {**typed, "age_from": "13"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["age_to"]


def test_name_with_a_personal_identity_number_is_refused(hand, wishes, typed):
    answer = hand.post(page("section_new", wishes.pk), {**typed, "name": "Anna 811228-9874"})
    assert answer.context["form"].errors["name"]


def test_group_is_shown_in_its_form_as_it_was_saved_and_removed_after_a_question(hand, wishes, wish, alice):
    section = actions.save_section(wishes, wish, by=alice, at=AT)
    shown = hand.get(page("section_edit", section.pk)).content.decode()
    assert 'value="17.00–19.00"' in shown
    assert hand.get(page("section_remove", section.pk)).status_code == 200
    hand.post(page("section_remove", section.pk))
    assert not wishes.sections.exists()


def test_stranger_and_other_clubs_meet_404(season, wishes, wish, alice, stina, sign_in, now_is):
    section = actions.save_section(wishes, wish, by=alice, at=AT)
    other = sign_in(stina)
    for name, pk in (
        ("wishes", wishes.pk),
        ("section_new", wishes.pk),
        ("section_edit", section.pk),
        ("section_remove", section.pk),
    ):
        assert other.get(page(name, pk)).status_code == 404, name
    for name in ("wishes_copy", "wishes_take_back"):
        assert other.post(page(name, wishes.pk)).status_code == 404, name
    assert other.get(page("kept_wishes", wishes.pk)).status_code in (403, 404)


def test_season_being_prepared_is_nobodys_to_see_but_the_staffs(plan, officer, client, sign_in, now_is):
    planned = actions.plan_round(plan, by=officer, at=AT)
    assert client.get(page("season_round", planned.pk)).status_code == 404
    assert sign_in(officer).get(page("season_round", planned.pk)).status_code == 200


def test_everybody_reads_the_principles_and_the_seed(season, client, now_is):
    shown = text_of(client.get(page("season_round", season.pk)))
    assert "Barn och unga 7–20 år" in shown
    assert "seed" in shown


def test_officer_prepares_opens_and_closes_a_season(sign_in, officer, principles, hall, now_is):
    desk = sign_in(officer)
    days = {
        "name": "Säsongen 2026/27",
        "since": "2026-08-01",
        "last": "2027-06-30",
        "opens_on": "2026-05-04",
        "wishes_until": "2026-05-31",
        "proposed_on": "2026-06-08",
        "comments_until": "2026-06-20",
        "decided_on": "2026-06-30",
        "principles": str(principles.pk),
        "halls": [str(hall.pk)],
    }
    wrong = desk.post(page("kept_season_new"), {**days, "proposed_on": "2026-05-31"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["proposed_on"])
    desk.post(page("kept_season_new"), days)
    season = SeasonRound.objects.get()
    for verb, status in (("kept_season_open", RoundStatus.OPEN), ("kept_season_close", RoundStatus.CLOSED)):
        desk.post(page(verb, season.pk))
        season.refresh_from_db()
        assert season.status == status
    assert desk.get(page("kept_season", season.pk)).status_code == 200
    assert desk.get(page("kept_season_edit", season.pk)).status_code == 200


def test_principles_that_are_not_understood_are_told_with_their_place(sign_in, officer, now_is):
    desk = sign_in(officer)
    answer = desk.post(page("kept_principles_new"), {"text": '{"name": "X", "classes": [], "ladder": [], "magic": 1}'})
    assert answer.status_code == 422
    assert "magic" in str(answer.context["form"].errors["text"])


def test_wishes_stand_beside_what_was_used_the_year_before(
    season, wishes, wish, alice, hall, book, staff, officer, sign_in, now_is
):
    actions.save_section(wishes, wish, by=alice, at=AT)
    for day in (0, 1):
        book(hall, hours(10, 12, day))
    booking = book(hall, hours(14, 16))
    type(booking).objects.filter(pk=booking.pk).update(absent_at=AT)
    shown = text_of(sign_in(officer).get(page("kept_season", season.pk)))
    assert "Karlskoga Handboll 1 2 6 66 %" in shown


@pytest.mark.parametrize("groups", [1, 3])
def test_pages_cost_the_same_however_many_groups(
    hand, sign_in, officer, season, wishes, wish, alice, django_assert_max_num_queries, groups
):
    for number in range(groups):
        actions.save_section(wishes, replace(wish, name=f"F{number}"), by=alice, at=AT)
    desk = sign_in(officer)
    for client, address, most in (
        (hand, page("wishes", wishes.pk), 17),
        (hand, page("season_list"), 12),
        (desk, page("kept_season", season.pk), 18),
        (desk, page("kept_wishes", wishes.pk), 12),
        (desk, page("kept_seasons"), 12),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
