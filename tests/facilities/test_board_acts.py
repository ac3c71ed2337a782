"""What an officer does to a proposal by hand, through the pages: each act with its cost first, what is against it, what changed
meanwhile; versions, taken back and side by side."""

# ruff: noqa: F811 - fixtures that stand in other files

import re
from datetime import timedelta

import pytest

from facilities import actions
from facilities.models import SeasonRun, SeasonStep
from facilities.rules.allocation.board import Act, Edit
from facilities.rules.allocation.locks import Fault
from facilities.rules.allocation.problem import Fixed
from facilities.views import board_words
from tests.facilities.conftest import AT
from tests.facilities.pages import page, text_of
from tests.facilities.test_board_pages import FRIDAY, MONDAY, WEDNESDAY, desk, main, read, then  # noqa: F401 - fixtures
from tests.facilities.test_proposals import EIGHTEEN, closed, passes, run  # noqa: F401 - fixtures
from tests.facilities.test_season_wishes import plan, principles, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def tries(client, run, method="get", **typed):
    return getattr(client, method)(page("board_try", run.pk), typed)


def move(what, weekday, starts, ends, **more):
    place = {"place": what.hall, "to_weekday": weekday, "starts": starts, "ends": ends}
    return {"act": "move", "section": what.section, "weekday": what.weekday, **place, **more}


# --- one act after another ----------------------------------------------------------------------------------------------------


def test_lock_and_unlock_take_one_press(desk, run, read):
    what = read()["F12", MONDAY]
    address = page("board_lock", run.pk, what.section, MONDAY)
    words = text_of(desk.post(address, {"act": "lock", "on": 0}, follow=True))
    assert "Låst: Karlskoga Handboll F12, måndag" in words
    assert "Lås upp" in words
    assert read()["F12", MONDAY].locked
    assert "Någon har ändrat" in text_of(desk.post(address, {"act": "free", "on": 0}, follow=True))
    desk.post(address, {"act": "free", "on": 1})
    assert not read()["F12", MONDAY].locked


def test_unlocking_that_changes_the_times_of_others_is_shown_first(desk, run, read, officer):
    """F12 is locked outside its wish and F8 has come into its place: unlocked, the plan would be made anew around it."""
    f12 = read()["F12", MONDAY]
    edit = Edit(act=Act.MOVE, what=f12, to=Fixed(f12.section, f12.hall, FRIDAY, 20 * 60, 21 * 60))
    actions.edit_proposal(run, edit, on=0, by=officer, at=AT, force=True, reason="Ledaren kan bara fredagar.")
    answer = desk.post(page("board_lock", run.pk, f12.section, FRIDAY), {"act": "free", "on": 1})
    assert answer["Location"] == f"{page('board_try', run.pk)}?act=free&section={f12.section}&weekday={FRIDAY}"
    assert "Lås upp Karlskoga Handboll F12" in text_of(desk.get(answer["Location"]))
    assert SeasonStep.objects.count() == 2


def test_move_is_shown_with_what_it_costs_whom_and_then_done(desk, run, read):
    f8 = read()["F8", WEDNESDAY]
    choices = main(desk.get(page("board_move", run.pk, f8.section, WEDNESDAY)))
    assert "måste vika" in choices
    found = next(
        href
        for href in re.findall(r'href="([^"]*prova[^"]*)"', choices)
        if "to_weekday=0&starts=1080" in href and "push=on" in href
    )
    shown = desk.get(found)
    words = text_of(shown)
    assert "Flytta Karlskoga Handboll F8 från onsdag 18.00–19.00, Hallen, 1 till måndag 18.00–19.00, Hallen, 1" in words
    assert "Förlorar 1 tid" in words
    assert "Sämre" in words
    answer = desk.post(page("board_try", run.pk), move(f8, MONDAY, EIGHTEEN, EIGHTEEN + 60, push="on", on=0), follow=True)
    assert "Version 1: Flytta Karlskoga Handboll F8" in text_of(answer)
    assert read()["F8", MONDAY].locked
    assert answer.redirect_chain[0][0].endswith(f"#p{f8.section}-{MONDAY}")


def test_what_is_against_an_act_is_told_and_others_are_asked_to_give_way(desk, run, read):
    f8 = read()["F8", WEDNESDAY]
    answer = tries(desk, run, **move(f8, MONDAY, EIGHTEEN, EIGHTEEN + 60))
    assert "Någon annan har lokalen" in text_of(answer)
    assert "Andra som inte har låsta tider får vika" in text_of(answer)
    assert "Gör det</button>" not in main(answer)
    assert SeasonStep.objects.count() == 1
    refused = tries(desk, run, "post", **move(f8, MONDAY, EIGHTEEN, EIGHTEEN + 60, on=0))
    assert refused.status_code == 409
    assert SeasonStep.objects.count() == 1


def test_what_is_set_aside_needs_a_reason_and_what_is_typed_is_kept(desk, run, read):
    f12 = read()["F12", MONDAY]
    typed = move(f12, FRIDAY, 20 * 60, 21 * 60)
    assert "Tiden eller platsen är inte en som gruppen har önskat." in text_of(tries(desk, run, **typed))
    words = text_of(tries(desk, run, force="on", **typed))
    assert "Det här sätter du åt sidan" in words
    lacking = tries(desk, run, "post", force="on", on=0, **typed)
    assert lacking.status_code == 422
    assert "Du går ifrån en regel. Skriv varför." in text_of(lacking)
    assert "Varför (valfritt)" not in text_of(lacking)
    number = tries(desk, run, "post", force="on", on=0, reason="Ledaren 191212121212", **typed)
    assert number.status_code == 422
    assert 'value="Ledaren 191212121212"' in main(number)
    tries(desk, run, "post", force="on", on=0, reason="Ledaren kan bara fredagar.", **typed)
    assert SeasonStep.objects.get(number=1).reason == "Ledaren kan bara fredagar."
    assert "Varför: Ledaren kan bara fredagar." in text_of(desk.get(page("proposal_versions", run.pk)))


def test_version_that_has_changed_is_told_and_what_is_typed_is_kept(desk, run, read, officer):
    f12, f10 = read()["F12", MONDAY], read()["F10", MONDAY]
    actions.edit_proposal(run, Edit(act=Act.LOCK, what=f10), on=0, by=officer, at=AT)
    typed = move(f12, FRIDAY, 20 * 60, 21 * 60, force="on", reason="Ledaren kan bara fredagar.")
    stale = tries(desk, run, "post", on=0, **typed)
    assert stale.status_code == 409
    assert "Någon har ändrat förslaget under tiden" in text_of(stale)
    assert "Lås Karlskoga Handboll F10" in text_of(stale)
    assert 'value="Ledaren kan bara fredagar."' in main(stale)
    assert 'name="on" value="1"' in main(stale)
    assert tries(desk, run, "post", on=1, **typed).status_code == 302


def test_time_that_is_gone_is_told_with_what_was_typed(desk, run, read, officer):
    f12 = read()["F12", MONDAY]
    actions.edit_proposal(run, Edit(act=Act.REMOVE, what=f12), on=0, by=officer, at=AT)
    typed = move(f12, FRIDAY, 20 * 60, 21 * 60, force="on", reason="Ledaren kan bara fredagar.")
    gone = tries(desk, run, "post", on=0, **typed)
    assert gone.status_code == 409
    assert "Gruppen har inga tider." in text_of(gone)
    assert "Du hade skrivit: Ledaren kan bara fredagar." in text_of(gone)
    assert desk.get(page("board_pass", run.pk, f12.section, MONDAY)).status_code == 404


def test_two_change_places_and_those_it_suits_stand_first(desk, run, read):
    f12, f10 = read()["F12", MONDAY], read()["F10", MONDAY]
    words = text_of(desk.get(page("board_swap", run.pk, f12.section, MONDAY)))
    assert words.index("passar båda") < words.index("Se vad det kostar")
    assert "F10" not in text_of(desk.get(page("board_swap", run.pk, f12.section, MONDAY), {"q": "F8"}))
    act = {"act": "swap", "section": f12.section, "weekday": MONDAY, "other": f"{f10.section}-{MONDAY}"}
    assert "byta plats" in text_of(tries(desk, run, **act))
    tries(desk, run, "post", on=0, **act)
    assert read()["F12", MONDAY].starts == f10.starts


def test_pass_is_divided_and_the_rest_given_to_another(desk, run, read):
    f12, f8 = read()["F12", MONDAY], read()["F8", WEDNESDAY]
    assert "Den andra delen går till" in text_of(desk.get(page("board_split", run.pk, f12.section, MONDAY)))
    act = {"act": "split", "section": f12.section, "weekday": MONDAY, "at": f12.starts + 30, "to": f8.section, "force": "on"}
    assert "Resten går till Karlskoga Handboll F8" in text_of(tries(desk, run, **act))
    tries(desk, run, "post", on=0, reason="Halva räcker.", **act)
    first, second = read()["F12", MONDAY], read()["F8", MONDAY]
    assert (first.ends - first.starts, second.starts) == (30, first.ends)


def test_group_that_lacks_a_time_is_given_one_and_another_is_taken_out(desk, run, read):
    f8 = read()["F8", WEDNESDAY]
    assert "Ge gruppen en tid till" in text_of(desk.get(page("board_group", run.pk, f8.section)))
    choices = main(desk.get(page("board_add", run.pk, f8.section)))
    assert "utanför önskemålet" in choices
    act = {"act": "add", "section": f8.section, "place": f8.hall, "to_weekday": FRIDAY, "starts": EIGHTEEN, "ends": EIGHTEEN + 60}
    tries(desk, run, "post", on=0, force="on", reason="Det fanns plats.", **act)
    assert ("F8", FRIDAY) in read()
    tries(desk, run, "post", on=1, act="remove", section=f8.section, weekday=FRIDAY)
    assert ("F8", FRIDAY) not in read()


def test_act_that_is_not_whole_is_no_page(desk, run, read):
    what = read()["F12", MONDAY]
    for typed in (
        {},
        {"act": "dance"},
        {"act": "move", "section": what.section, "weekday": 0},
        move(what, FRIDAY, EIGHTEEN, EIGHTEEN),
        move(what, FRIDAY, EIGHTEEN, EIGHTEEN + 60) | {"place": "nowhere"},
        {"act": "add", "section": "nobody", "place": what.hall, "to_weekday": 0, "starts": 0, "ends": 60},
        {"act": "split", "section": what.section, "weekday": 0, "at": what.starts},
        {"act": "swap", "section": what.section, "weekday": 0, "other": f"{what.section}-0"},
    ):
        assert tries(desk, run, **typed).status_code == 404, typed


def test_every_fault_has_a_sentence():
    faults = tuple(Fault)
    words = board_words.fault_words(faults)
    assert len({each.sentence for each in words}) == len(faults)
    assert [each.may for each in words] == [True] * 4 + [False] * 6


# --- versions -----------------------------------------------------------------------------------------------------------------


def test_history_tells_what_was_done_and_the_latest_is_taken_back(desk, run, read, officer):
    f12, f10 = read()["F12", MONDAY], read()["F10", MONDAY]
    swap = Edit(act=Act.SWAP, what=f12, other=f10)
    actions.edit_proposal(run, swap, on=0, by=officer, at=AT)
    actions.edit_proposal(run, Edit(act=Act.REMOVE, what=read()["F8", WEDNESDAY]), on=1, by=officer, at=AT)
    words = text_of(desk.get(page("proposal_versions", run.pk)))
    assert words.index("Version 2: Ta bort Karlskoga Handboll F8") < words.index("Version 1: Låt Karlskoga Handboll F12")
    back = text_of(desk.post(page("proposal_undo", run.pk), {"on": 2}, follow=True))
    assert "Ångrat." in back
    assert ("F8", WEDNESDAY) in read()
    assert "Någon har ändrat" in text_of(desk.post(page("proposal_undo", run.pk), {"on": 2}, follow=True))


def test_two_versions_and_two_proposals_stand_side_by_side(desk, closed, run, read, officer):
    actions.edit_proposal(run, Edit(act=Act.REMOVE, what=read()["F12", MONDAY]), on=0, by=officer, at=AT)
    versions = text_of(desk.get(f"{page('proposal_compare')}?one={run.pk}.0&other={run.pk}.1"))
    assert "F12" in versions
    assert "Förlorar 1 tid" in versions
    other = actions.ask_for_proposal(closed, by=officer, at=AT + timedelta(hours=1), name="Utan ändringar")
    actions.compute_proposal(other.pk, at=AT, clock=lambda: AT)
    proposals = text_of(desk.get(f"{page('proposal_compare')}?one={run.pk}&other={other.pk}"))
    assert "Utan ändringar, version 0" in proposals
    assert "Får 1 tid till" in proposals
    same = text_of(desk.get(f"{page('proposal_compare')}?one={run.pk}.0&other={other.pk}"))
    assert "Alla grupper har samma tider i båda." in same
    for one in ("", "x", "1.x", f"{run.pk}.99", "999999"):
        assert desk.get(f"{page('proposal_compare')}?one={one}&other={run.pk}").status_code == 404


def test_new_proposal_is_asked_for_with_the_locks(desk, run, read, officer):
    what = read()["F12", MONDAY]
    to = Fixed(what.section, what.hall, FRIDAY, 20 * 60, 21 * 60)
    edit = Edit(act=Act.MOVE, what=what, to=to)
    actions.edit_proposal(run, edit, on=0, by=officer, at=AT, force=True, reason="Ledaren kan bara fredagar.")
    assert "Föreslå igen, behåll låsen" in text_of(desk.get(page("proposal", run.pk)))
    answer = desk.post(page("proposal_ask", run.season_id), {"base": run.pk})
    other = SeasonRun.objects.latest("pk")
    assert answer["Location"] == page("proposal", other.pk)
    actions.compute_proposal(other.pk, at=AT, clock=lambda: AT)
    assert ("F12", FRIDAY, 20 * 60) in passes(other)
