"""What a season gives, as anybody reads it: by hall, by association, why; who got how much; and for us."""

import csv
import hashlib
import io
import re
from dataclasses import replace

import pytest

from facilities import actions
from facilities.models import Section
from facilities.rules.allocation.told import told
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text_of
from tests.facilities.test_proposals import closed, passes, run, wish_of  # noqa: F401 - fixtures
from tests.facilities.test_season_showing import shown  # noqa: F401 - fixtures
from tests.facilities.test_season_wishes import plan, principles, refused, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
PUBLIC = ("result", "result_rules", "result_fairness")


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(AT, tick=False)


@pytest.fixture
def f8(shown):  # noqa: F811
    return Section.objects.get(name="F8")


def every_page(season, association, hall):  # noqa: F811
    first = Section.objects.filter(wishes__season=season).first()
    return [
        *(page(name, season.pk) for name in PUBLIC),
        page("result_hall", season.pk, hall.pk),
        page("result_association", season.pk, association.pk),
        page("result_why", season.pk, first.pk),
        page("result_fairness_table", season.pk, "csv"),
    ]


def test_nothing_is_public_before_it_is_shown_nor_after_it_is_taken_back(client, run, closed, association, hall, officer):  # noqa: F811
    for address in every_page(closed, association, hall):
        assert client.get(address).status_code == 404
    season = actions.show_proposal(run, by=officer, at=AT)  # noqa: F811
    for address in every_page(season, association, hall):
        assert client.get(address).status_code == 200
    actions.take_back_showing(season, reason="Fel", by=officer, at=AT)
    for address in every_page(closed, association, hall):
        assert client.get(address).status_code == 404


def test_public_pages_name_clubs_and_groups_but_no_persons_and_no_sizes(client, shown, association, hall, alice):  # noqa: F811
    for address in every_page(shown, association, hall)[:-1]:
        read = text_of(client.get(address))
        assert "Alice" not in read
        assert "20 flickor" not in read
    assert "Karlskoga Handboll F8" in text_of(client.get(page("result_hall", shown.pk, hall.pk)))


def test_every_time_of_the_plan_stands_on_its_halls_page_and_no_other(client, shown, run, hall):  # noqa: F811
    read = text_of(client.get(page("result_hall", shown.pk, hall.pk)))
    for name, _day, _starts in passes(run):
        assert f"Karlskoga Handboll {name}" in read
    assert read.count("Karlskoga Handboll") == len(passes(run))


def test_why_is_told_in_the_words_of_the_rules(client, shown, run, f8):  # noqa: F811
    version = actions.version_of(run)
    read = text_of(client.get(page("result_why", shown.pk, f8.pk)))
    for lines in told(version.problem, version.reasons, str(f8.pk)):
        for line in lines:
            assert line in read
    for words in ("Barn och unga 7–20 år", "1 av 2", "Veckans tid 2", "Ges inte", "Vad skulle behöva ändras?"):
        assert words in read


def test_certificate_of_a_refusal_adds_up(client, shown, run, f8):  # noqa: F811
    """parts - held < needed, in every row."""
    body = client.get(page("result_why", shown.pk, f8.pk)).content.decode()
    body = re.sub(r"<td [^>]+>", "<td>", body)
    rows = re.findall(r"<td>(\d+)</td><td>(\d+)</td><td>(\d+)</td>", body)
    assert rows
    assert all(int(parts) - int(held) < int(needs) for parts, held, needs in rows)


def test_lot_on_the_page_can_be_drawn_again_from_what_the_page_says(client, shown, f8):  # noqa: F811
    read = text_of(client.get(page("result_rules", shown.pk)))
    keys = [str(pk) for pk in Section.objects.values_list("pk", flat=True)]
    digests = [hashlib.sha256(f"seed|{key}".encode()).hexdigest() for key in keys]
    places = [read.index(digest) for digest in sorted(digests)]
    assert places == sorted(places)
    assert "den äldsta fyller högst 20 år" in read
    assert "age_to <= 20" in read
    assert digests[keys.index(str(f8.pk))] in text_of(client.get(page("result_why", shown.pk, f8.pk)))


def test_club_reads_how_it_went_for_its_own_groups(client, shown, alice, f8):  # noqa: F811
    client.force_login(alice)
    body = client.get(page("result_ours", shown.pk)).content.decode()
    assert "3 av 4" in " ".join(body.replace("\u00a0", " ").split())
    for address in (page("result_why", shown.pk, f8.pk), page("comment_new", shown.pk, grupp=f8.pk)):
        assert address in body


def test_club_that_did_not_wish_is_told_so_and_a_stranger_is_led_to_what_is_public(client, shown, stina, stranger):  # noqa: F811
    client.force_login(stina)
    assert "Vi har inte önskat" in text_of(client.get(page("result_ours", shown.pk)))
    client.force_login(stranger)
    assert client.get(page("result_ours", shown.pk))["Location"] == page("season_round", shown.pk)
    client.logout()
    assert client.get(page("result_ours", shown.pk)).status_code == 302


def test_club_reads_what_it_asked_for_beside_what_it_used(client, shown, alice, hall, book, staff):  # noqa: F811
    for day in range(2):
        booking = book(hall, hours(16, 18, day))
        if day:
            actions.note_absence(booking, by=staff, at=booking.ends_at)
    client.force_login(alice)
    read = text_of(client.get(page("result_ours", shown.pk)))
    assert "hade vi 4 timmar i de här lokalerna och använde 2 av dem (50 %)" in read
    assert "mer än ni använde" in read


def test_figures_are_those_of_the_plan_on_the_page_and_in_the_file(client, shown, run):  # noqa: F811
    assert "Flickor och kvinnor" not in text_of(
        client.get(page("result_fairness", shown.pk))
    )  # all are girls: nothing to compare
    answer = client.get(page("result_fairness_table", shown.pk, "csv"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    every = next(row for row in rows if row[0] == "Alla")
    assert every[2:6] == ["3", "60", "4", "3"]
    assert every[6] == "5,00"
    assert client.get(page("result_fairness_table", shown.pk, "pdf")).status_code == 404


@pytest.fixture
def with_boys(season, hall, association, other_association, alice, stina, officer):  # noqa: F811
    """Girls of one club, boys and a group of four of another."""
    for club, by, wishes in (
        (association, alice, [wish_of(hall, "F12")]),
        (
            other_association,
            stina,
            [
                replace(wish_of(hall, "P12", days=(1,)), girls=0, boys=10),
                replace(wish_of(hall, "Golf", girls=2, days=(3,)), boys=2, sport="Golf"),
            ],
        ),
    ):
        listed = actions.begin_wishes(season, club, by=by, at=AT)
        for wish in wishes:
            actions.save_section(listed, wish, by=by, at=AT)
        actions.hand_in_wishes(listed, by=by, at=AT)
    asked = actions.ask_for_proposal(actions.close_round(season, by=officer, at=AT), by=officer, at=AT)
    actions.compute_proposal(asked.pk, at=AT, clock=lambda: AT)
    return actions.show_proposal(asked, by=officer, at=AT)


def test_girls_stand_beside_boys_and_fewer_than_five_are_not_shown(client, with_boys):
    read = text_of(client.get(page("result_fairness", with_boys.pk)))
    assert "100 flickor och kvinnor får 5,0 timmar i veckan, 100 pojkar och män" not in read  # the boys are hidden with the few
    assert "färre än fem" in read
    assert "Grupper med båda" not in read
    file = client.get(page("result_fairness_table", with_boys.pk, "csv")).content.decode("utf-8-sig")
    assert "Golf" not in file


def test_season_stands_beside_the_one_that_was_decided_before(client, tariff, shown, plan, hall, association, alice, officer):  # noqa: F811
    actions.decide_season(shown, by=officer, at=AT)
    later = {name: getattr(plan, name).replace(year=getattr(plan, name).year + 1) for name in ("since", "until")}
    planned = actions.plan_round(replace(plan, name="Säsongen 2027/28", **later), by=officer, at=AT)
    listed = actions.begin_wishes(actions.open_round(planned, by=officer, at=AT), association, by=alice, at=AT)
    actions.save_section(listed, wish_of(hall, "F14", girls=10), by=alice, at=AT)
    actions.hand_in_wishes(listed, by=alice, at=AT)
    asked = actions.ask_for_proposal(actions.close_round(planned, by=officer, at=AT), by=officer, at=AT)
    actions.compute_proposal(asked.pk, at=AT, clock=lambda: AT)
    actions.show_proposal(asked, by=officer, at=AT)
    read = text_of(client.get(page("result_fairness", planned.pk)))
    for words in ("Inom parentes står Säsongen 2026/27", "10 (60)", "100 % (75 %)", "10,0 (5,0)"):
        assert words in read
    assert "vad som beslutades" in text_of(client.get(page("result", shown.pk)))


QUERIES = {"result": 2, "result_hall": 1, "result_association": 2, "result_why": 2, "result_rules": 1, "result_fairness": 2}


@pytest.mark.parametrize("groups", [1, 3])
def test_pages_ask_as_many_questions_however_many_groups(
    client, season, hall, association, alice, officer, groups, django_assert_num_queries  # noqa: F811
):  # fmt: skip
    wishes = actions.begin_wishes(season, association, by=alice, at=AT)
    for number in range(groups):
        actions.save_section(wishes, wish_of(hall, f"F{number}", days=(number,)), by=alice, at=AT)
    actions.hand_in_wishes(wishes, by=alice, at=AT)
    asked = actions.ask_for_proposal(actions.close_round(season, by=officer, at=AT), by=officer, at=AT)
    actions.compute_proposal(asked.pk, at=AT, clock=lambda: AT)
    actions.show_proposal(asked, by=officer, at=AT)
    last = Section.objects.last()
    addresses = {
        **{name: page(name, season.pk) for name in PUBLIC},
        "result_hall": page("result_hall", season.pk, hall.pk),
        "result_association": page("result_association", season.pk, association.pk),
        "result_why": page("result_why", season.pk, last.pk),
    }
    client.get(addresses["result"])  # the version is read from the database once
    for name, address in addresses.items():
        with django_assert_num_queries(QUERIES[name], info=name):
            client.get(address)


def test_why_of_a_group_that_is_not_in_the_season_is_not_found(client, shown, association, other_association, hall, room):  # noqa: F811
    assert client.get(page("result_why", shown.pk, 999_999)).status_code == 404
    assert client.get(page("result_hall", shown.pk, room.pk)).status_code == 404
    assert client.get(page("result_association", shown.pk, other_association.pk)).status_code == 404
