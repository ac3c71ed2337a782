"""The pages of attendance: the card on a phone, groups, sessions, files and the half-year, for those who may."""

import io
import json
import re
from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from associations import actions
from associations.choices import MandateKind
from associations.models import ActivityGroup, ActivitySession, AttendanceImport, Participant
from tests.associations import dak
from tests.strict import BACKEND


@pytest.fixture
def group(association, alice):
    usual = {"weekday": localdate().weekday(), "starts": time(18), "minutes": 60}
    return actions.save_group(association, name="Ungteatern", activity="Teater", place="Scenen", by=alice, at=now(), **usual)


@pytest.fixture
def people(group, alice):
    facts = {"sex": "female", "lives_here": True, "is_member": True, "by": alice, "at": now()}
    children = [actions.save_person(group, name=f"Barn {n}", birth_year=2014, leads=False, **facts) for n in range(3)]
    return [*children, actions.save_person(group, name="Leo Ledare", birth_year=1985, leads=True, **facts)]


@pytest.fixture
def bosse_leads(association, bosse, sign_for):
    sign_for(bosse, association, MandateKind.LEADER)
    return bosse


@pytest.fixture
def card_url(association, group):
    return reverse("associations:card", args=[association.pk, group.pk])


def fields(response):
    """The hidden fields of the card, as a browser would send them."""
    text = response.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))
    formset = {"n-TOTAL_FORMS": "0", "n-INITIAL_FORMS": "0"}
    return {name: hidden[name] for name in ("shown", "dag", "tid")} | {"minutes": "60", "kind": "training"} | formset


def test_a_leader_opens_the_card_of_today_and_saves_it_with_one_press(sign_in, bosse_leads, card_url, people):
    client = sign_in(bosse_leads)
    page = client.get(card_url)
    sent = {f"here-{people[0].pk}": "on", f"led-{people[3].pk}": "on"}
    answer = client.post(card_url, fields(page) | sent, follow=True)
    assert "1 deltagare och 1 ledare" in answer.content.decode()
    session = ActivitySession.objects.get()
    assert (session.day, session.starts, session.present, session.leaders) == (
        localdate(), time(18), [people[0].pk], [people[3].pk],
    )  # fmt: skip
    page = client.get(card_url)
    assert f'name="here-{people[0].pk}" checked' in page.content.decode()


def test_last_weeks_group_is_filled_in_and_nothing_is_saved_by_looking(sign_in, alice, card_url, people, group):
    last_week = localdate() - timedelta(days=7)
    marks = {people[1].pk: "present", people[3].pk: "leader"}
    actions.mark(group, day=last_week, starts=time(18), minutes=60, changes=marks, by=alice, at=now())
    page = sign_in(alice).get(card_url).content.decode()
    assert f'name="here-{people[1].pk}" checked' in page
    assert f'name="led-{people[3].pk}" checked' in page
    assert f'name="here-{people[0].pk}">' in page
    assert ActivitySession.objects.count() == 1


def test_what_is_filled_in_on_one_phone_does_not_undo_what_was_marked_on_another(
    sign_in, alice, bosse_leads, card_url, people, group
):
    last_week = localdate() - timedelta(days=7)
    marks = {person.pk: "present" for person in people[:3]}
    actions.mark(group, day=last_week, starts=time(18), minutes=60, changes=marks, by=alice, at=now())
    one, other = sign_in(alice), sign_in(bosse_leads)
    first, second = fields(one.get(card_url)), fields(other.get(card_url))
    one.post(card_url, first | {f"here-{people[1].pk}": "on", f"here-{people[2].pk}": "on"})  # Barn 0 is not here
    other.post(card_url, second | {f"here-{people[0].pk}": "on", f"here-{people[1].pk}": "on"})  # Barn 2 is not here
    assert ActivitySession.objects.get(day=localdate()).present == [people[1].pk]


def test_a_card_sent_again_by_the_phone_changes_nothing(sign_in, alice, card_url, people):
    client = sign_in(alice)
    sent = fields(client.get(card_url)) | {f"here-{people[0].pk}": "on"}
    for _again in range(2):
        answer = client.post(card_url, sent, headers={"X-Card": "yes"})
        assert answer.status_code == 200
        assert "sparad" in json.loads(answer.content)["saved"]
    assert ActivitySession.objects.get().version == 1


def test_an_empty_card_says_what_to_do_and_keeps_what_was_ticked(sign_in, alice, card_url, people):
    client = sign_in(alice)
    sent = fields(client.get(card_url))
    answer = client.post(card_url, sent)
    assert answer.status_code == 422
    assert "Markera minst en person" in answer.content.decode()
    problem = client.post(card_url, sent, headers={"X-Card": "yes"})
    assert "Markera minst en person" in json.loads(problem.content)["problem"]
    wrong = client.post(card_url, sent | {f"here-{people[0].pk}": "on", "minutes": "många"})
    assert wrong.status_code == 422
    assert f'name="here-{people[0].pk}" checked' in wrong.content.decode()


def test_people_with_protected_identity_are_counted_on_the_card(sign_in, alice, card_url, people):
    client = sign_in(alice)
    rows = {"n-TOTAL_FORMS": "1", "n-0-born": "2014", "n-0-sex": "female", "n-0-number": "2"}
    client.post(card_url, fields(client.get(card_url)) | rows)
    assert ActivitySession.objects.get().anonymous == [[2014, "female", 2, False, False]]


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_the_same_number_of_queries_however_much_there_is(
    sign_in, alice, association, group, number, django_assert_max_num_queries
):
    facts = {"sex": "", "lives_here": True, "is_member": True, "leads": False, "by": alice, "at": now()}
    people = [actions.save_person(group, name=f"Barn {n}", birth_year=2014, **facts) for n in range(number)]
    for back in range(number):
        marks = {person.pk: "present" for person in people}
        day = localdate() - timedelta(days=7 * back + 7)
        actions.mark(group, day=day, starts=time(18), minutes=60, changes=marks, by=alice, at=now())
    client = sign_in(alice)
    for page, arguments, most in (
        ("attendance", [], 14), ("card", [group.pk], 17), ("group", [group.pk], 13), ("session_list", [], 13),
        ("half_year", [2026, 2], 13), ("attendance_file", [], 13),
    ):  # fmt: skip
        with django_assert_max_num_queries(most):
            assert client.get(reverse(f"associations:{page}", args=[association.pk, *arguments])).status_code == 200


def test_a_leader_finds_todays_group_on_the_start_page(sign_in, bosse_leads, group):
    page = sign_in(bosse_leads).get(reverse("home")).content.decode()
    assert "Ungteatern" in page
    assert reverse("associations:attendance", args=[group.association_id]) in page


def test_an_officer_who_opens_the_attendance_is_led_to_its_figures(sign_in, officer, stranger, association):
    url = reverse("associations:attendance", args=[association.pk])
    assert "/narvaro/halvar/" in sign_in(officer).get(url)["Location"]
    assert sign_in(stranger).get(url).status_code == 404


@pytest.mark.parametrize("page", ["card", "group", "session_list", "attendance_file"])
def test_strangers_and_officers_meet_a_404(sign_in, stranger, officer, association, group, page):
    arguments = [association.pk, group.pk] if page in ("card", "group") else [association.pk]
    for somebody in (stranger, officer):
        assert sign_in(somebody).get(reverse(f"associations:{page}", args=arguments)).status_code == 404


def test_officers_read_the_half_year_in_figures_and_no_names(sign_in, officer, stranger, alice, association, group, people):
    actions.mark(group, day=localdate(), starts=time(18), minutes=60, changes={people[0].pk: "present"}, by=alice, at=now())
    half = 1 if localdate().month <= 6 else 2
    url = reverse("associations:half_year", args=[association.pk, localdate().year, half])
    page = sign_in(officer).get(url).content.decode()
    assert "Ungteatern" in page
    assert "Barn 0" not in page
    assert sign_in(stranger).get(url).status_code == 404


def test_a_group_and_its_people_are_entered_without_personal_numbers(sign_in, alice, association):
    client = sign_in(alice)
    client.post(
        reverse("associations:group_new", args=[association.pk]),
        {"name": "Kören", "activity": "Sång", "weekday": "2", "starts": "18"},
    )
    group = ActivityGroup.objects.get(name="Kören")
    url = reverse("associations:person_new", args=[association.pk, group.pk])
    known = {"birth_year": "2012", "sex": "male", "lives_here": "yes", "is_member": "no"}
    refused = client.post(url, known | {"name": f"Kim {dak.number(2012)}"})
    assert refused.status_code == 422
    client.post(url, known | {"name": "Kim"})
    person = Participant.objects.get()
    assert (person.name, person.is_member, person.identity) == ("Kim", False, "")
    place = group.places.get()
    change = reverse("associations:person_change", args=[association.pk, group.pk, place.pk])
    client.post(change, known | {"name": "Kim K", "leads": "on"})
    assert group.places.get().leads
    client.post(reverse("associations:person_leave", args=[association.pk, group.pk, place.pk]))
    client.post(reverse("associations:group_close", args=[association.pk, group.pk]))
    assert ActivityGroup.objects.get(pk=group.pk).closed_on == localdate()


def test_a_session_is_changed_and_taken_away(sign_in, alice, association, group, people):
    session = actions.mark(
        group, day=localdate(), starts=time(18), minutes=60, changes={people[0].pk: "present"}, by=alice, at=now()
    )
    client = sign_in(alice)
    url = reverse("associations:session_change", args=[association.pk, session.pk])
    client.post(url, {"day": str(localdate()), "starts": "19.30", "minutes": "45", "kind": "match"})
    session.refresh_from_db()
    assert (session.starts, session.minutes, session.kind) == (time(19, 30), 45, "match")
    assert client.post(url, {"remove": "1", "reason": ""}).status_code == 422
    client.post(url, {"remove": "1", "reason": "Ställdes in"})
    assert not ActivitySession.objects.exists()


def test_sessions_are_saved_as_figures_that_no_program_takes_for_formulas(sign_in, alice, association, group, people):
    ActivityGroup.objects.update(name="=HYPERLINK(1)")
    actions.mark(group, day=localdate(), starts=time(18), minutes=60, changes={people[0].pk: "present"}, by=alice, at=now())
    text = sign_in(alice).get(reverse("associations:session_export", args=[association.pk, "csv"])).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "Barn 0" not in text


def test_a_file_is_looked_at_told_row_by_row_and_read_in(sign_in, alice, association):
    client = sign_in(alice)
    bad = dak.usual().replace(dak.number(2014, 2), "19980315-99")
    upload = SimpleUploadedFile("dak.xml", bad.encode(), content_type="text/xml")
    page = client.post(reverse("associations:attendance_file", args=[association.pk]), {"file": upload}, follow=True)
    text = page.content.decode()
    assert "Filen innehåller 1 sammankomst, 3 deltagartillfällen och 1 ledartillfälle." in text
    assert "En rad tas inte in" in text
    assert "Personnumret går inte att läsa" in text
    assert "1 närvaromarkering följde med" in text
    assert "19980315" not in text
    kept = AttendanceImport.objects.get()
    done = client.post(reverse("associations:attendance_preview", args=[association.pk, kept.pk]), follow=True)
    assert "Filen är inläst" in done.content.decode()
    assert len(ActivitySession.objects.get().present) == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html></html>", "ingen DAK-fil"),
        (b"<!DOCTYPE a []><a/>", "DOCTYPE"),
        (b"\x00\x01", "Det här är ingen tabell"),
        (b"a;b\n1;2", "kolumn"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_a_sentence_beside_the_field(sign_in, alice, association, content, sentence):
    upload = SimpleUploadedFile("fil", content)
    answer = sign_in(alice).post(reverse("associations:attendance_file", args=[association.pk]), {"file": upload})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_empty_table_with_the_right_headings_can_be_fetched(sign_in, alice, association):
    answer = sign_in(alice).get(reverse("associations:attendance_template", args=[association.pk, "csv"]))
    assert "Datum;Start;Slut;Grupp" in answer.content.decode("utf-8-sig")
    assert sign_in(alice).get(reverse("associations:attendance_template", args=[association.pk, "exe"])).status_code == 404


# in a real browser ------------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_card_on_a_phone_survives_a_lost_connection_and_the_pages_fit(
    live_server, page, alice, association, group, people, screens
):
    client = Client()
    client.force_login(alice, BACKEND)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url, "httpOnly": True}
    page.context.add_cookies([cookie])
    url = reverse("associations:card", args=[association.pk, group.pk])
    page.goto(live_server.url + reverse("associations:attendance_file", args=[association.pk]))
    screens(page, "attendance-file")
    kept = actions.upload_attendance(
        association, name="dak.xml", file=io.BytesIO(dak.usual().replace("p2", "nobody", 1).encode()), by=alice, at=now()
    )
    page.goto(live_server.url + reverse("associations:attendance_preview", args=[association.pk, kept.pk]))
    screens(page, "attendance-preview")
    progress = {"done": 5, "of": 9, "sessions": 31, "participations": 62, "refused": 1}
    AttendanceImport.objects.filter(pk=kept.pk).update(status="reading", progress=progress)
    page.goto(live_server.url + reverse("associations:attendance_preview", args=[association.pk, kept.pk]))
    page.get_by_role("progressbar").wait_for()
    screens(page, "attendance-progress")
    AttendanceImport.objects.filter(pk=kept.pk).update(status="previewed")
    page.get_by_role("button", name="Läs in").wait_for()  # the page has renewed itself
    page.goto(live_server.url + url)
    screens(page, "attendance-card")
    phone = page.context.new_page()  # its console complains of the network, as it should
    phone.goto(live_server.url + url)
    phone.route("**/kort/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    phone.get_by_label("Barn 0").check()
    phone.get_by_role("button", name="Spara närvaron").click()
    phone.get_by_text("Kortet finns kvar i telefonen").wait_for()
    assert not ActivitySession.objects.exists()
    phone.close()
    page.goto(live_server.url + reverse("associations:attendance", args=[association.pk]))
    page.get_by_text("Skickat: Ungteatern").wait_for()
    assert ActivitySession.objects.get().present == [people[0].pk]
    screens(page, "attendance")
    page.goto(live_server.url + url)
    page.get_by_label("Barn 1").check()
    page.get_by_role("button", name="Spara närvaron").click()
    page.get_by_text("2 deltagare").wait_for()
    day = localdate()
    page.goto(live_server.url + reverse("associations:half_year", args=[association.pk, day.year, 1 if day.month < 7 else 2]))
    screens(page, "attendance-half-year")
    assert ActivitySession.objects.get().version == 2
