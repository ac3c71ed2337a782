"""Schools, their contacts and links, files with schools and classes, and school years, for those who plan culture."""

import json
import re
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from culture import actions
from culture.models import (
    ClassGroup,
    CoverageVersion,
    GuaranteeItem,
    Participation,
    School,
    SchoolContact,
    SchoolImport,
    SchoolYear,
    SignedLink,
)
from records.models import Letter
from tests.culture.conftest import AT, cohort, noon
from tests.culture.test_imports import NAMES, _ss12000, _unit
from tests.strict import BACKEND

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


def text(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def to(page, *args):
    return reverse(f"culture:{page}", args=args)


# Schools --------------------------------------------------------------------------------------------------------------


def test_school_is_added_and_changed_with_faults_beside_the_field(at_desk, alby):
    typed = {"code": "1000", "name": "Nya skolan", "status": "active", "organiser": "municipal", "hall_step_free": "true"}
    answer = at_desk.post(to("kept_school_new"), typed)
    assert answer.status_code == 422
    assert "Koden har åtta siffror" in text(answer)
    assert 'value="Nya skolan"' in answer.content.decode()
    assert "id_code_error" in at_desk.post(to("kept_school_new"), {**typed, "code": alby.code}).content.decode()
    at_desk.post(to("kept_school_new"), {**typed, "code": "10000077", "grades": ["0", "1"], "hall_capacity": "90"})
    school = School.objects.get(code="10000077")
    assert (school.grades, school.hall_step_free, school.hall_capacity) == ([0, 1], True, 90)
    changed = {**typed, "name": "Nya skolan", "hall_note": "Ring 20150314-2397 först"}
    answer = at_desk.post(to("kept_school_edit", school.pk), changed)
    assert "id_hall_note_error" in answer.content.decode()
    assert at_desk.post(to("kept_school_edit", school.pk), {**changed, "hall_note": "Ring först"}).status_code == 302


def test_schools_are_found_by_what_is_left_to_do(at_desk, alby, berga, add_class, planner, year):
    add_class(alby, "5A", {5: 20})
    add_class(berga, "5B", {5: 20})
    actions.confirm_list(berga, year, by=planner, at=AT)
    page = text(at_desk.get(to("kept_schools"), {"lista": "nej", "lasar": "2026"}))
    assert "Albyskolan" in page
    assert "Bergaskolan" not in page
    actions.change_school(berga, organiser_name="Stiftelsen Solen", by=planner, at=AT)
    lines = at_desk.get(to("kept_schools"), {"q": "solen", "format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[1] for line in lines[1:]] == ["Bergaskolan"]


def test_case_36_closed_school_is_warned_of_until_an_officer_says_what_came_after(at_desk, alby, berga, planner):
    actions.change_school(alby, status="closed", by=planner, at=AT)
    assert "En nedlagd skola vars historik inte följer med någon" in text(at_desk.get(to("kept_schools")))
    assert at_desk.post(to("kept_school_follow", alby.pk), {"successor": ""}).status_code == 422
    assert at_desk.post(to("kept_school_follow", alby.pk), {"successor": berga.pk}).status_code == 302
    assert "nedlagd skola" not in text(at_desk.get(to("kept_schools")))
    assert "Kom efter" in text(at_desk.get(to("kept_school", berga.pk)))
    typed = {"name": "Albyskolan", "status": "active", "organiser": "municipal"}
    assert at_desk.post(to("kept_school_edit", alby.pk), typed).status_code == 302  # opened again: it follows nobody
    assert School.objects.get(pk=alby.pk).successor is None


def test_case_36_two_lists_of_the_same_year_are_refused_beside_the_school(at_desk, alby, berga, add_class, planner):
    add_class(alby, "5A", {5: 20})
    add_class(berga, "5A", {5: 20})
    actions.change_school(alby, status="closed", by=planner, at=AT)
    refused = at_desk.post(to("kept_school_follow", alby.pk), {"successor": berga.pk})
    assert "id_successor_error" in refused.content.decode()


def test_case_20_independent_school_declines_with_its_day_and_takes_part_after_all(at_desk, make_school, year, alby):
    free = make_school("Friskolan", "10000009", organiser="independent")
    assert "Skolan avböjer" not in text(at_desk.get(to("kept_school", alby.pk)))
    assert at_desk.post(to("kept_school_decline", alby.pk), {"year": year.pk}).status_code == 422
    at_desk.post(to("kept_school_decline", free.pk), {"year": year.pk, "reason": "Eget program"})
    assert Participation.objects.get().declined_on == date(2026, 10, 20)
    assert "Avböjde 20 oktober 2026" in text(at_desk.get(to("kept_school", free.pk)))
    at_desk.post(f"{to('kept_school_takes_part', free.pk)}?lasar=2026")
    assert not Participation.objects.exists()


# Contacts and links ---------------------------------------------------------------------------------------------------


def sent():
    """The addresses of the links in the letters, oldest first."""
    return [re.search(r'href="[^"]*(/kulturgaranti/lank/[^"]+)"', letter.html)[1] for letter in Letter.objects.order_by("pk")]


def test_contact_gets_a_link_that_works_until_a_new_one_is_sent_or_it_is_withdrawn(at_desk, client, alby, year, add_class):
    add_class(alby, "5A", {5: 20})
    at_desk.post(to("contact_new", alby.pk), {"email": "Lara@Alby.example", "name": "Lara"})
    contact = SchoolContact.objects.get()
    assert contact.email == "lara@alby.example"
    typed = {"email": contact.email, "purpose": "classes", "year": year.pk}
    assert at_desk.post(to("link_send", alby.pk), typed).status_code == 302
    (first,) = sent()
    assert "5A" in text(client.get(f"{first}klasser/"))

    link = SignedLink.objects.get()
    at_desk.post(to("link_resend", link.pk))
    _old, second = sent()
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    at_desk.post(to("link_revoke", SignedLink.objects.order_by("-pk").first().pk))
    assert client.get(second).status_code == 410
    page = text(at_desk.get(to("kept_school", alby.pk)))
    assert page.count("Återkallad.") == 2


def test_contact_that_is_taken_away_loses_its_links(at_desk, client, alby, year):
    at_desk.post(to("contact_new", alby.pk), {"email": "lara@alby.example"})
    at_desk.post(to("link_send", alby.pk), {"email": "lara@alby.example", "purpose": "answer", "year": year.pk})
    at_desk.post(to("contact_end", SchoolContact.objects.get().pk))
    assert client.get(sent()[0]).status_code == 410
    assert "Skolan har ingen kontakt" in text(at_desk.get(to("kept_school", alby.pk)))


def test_link_is_sent_only_to_those_who_are_the_schools(at_desk, alby, year):
    typed = {"email": "nagon@annan.example", "purpose": "classes", "year": year.pk}
    assert at_desk.post(to("link_send", alby.pk), typed).status_code == 422
    assert not SignedLink.objects.exists()


# Lists of classes -----------------------------------------------------------------------------------------------------


def test_officer_keeps_and_confirms_a_schools_list_of_classes(at_desk, alby, year):
    assert at_desk.post(to("office_class_new", alby.pk, 2026), {"name": "5A", f"pupils_{cohort(5)}": "24"}).status_code == 302
    group = ClassGroup.objects.get()
    assert group.fragments.get().counts.get().source == "officer"
    at_desk.post(to("office_class", alby.pk, 2026, group.pk), {f"pupils_{cohort(5)}": "25"})
    facts = {"name": "5A", "adults": "3", "needs": ["step_free", "calm"], "wheelchairs": "1"}
    at_desk.post(to("office_class_facts", alby.pk, 2026, group.pk), facts)
    group.refresh_from_db()
    assert (group.adults, group.needs, group.wheelchairs, group.pupils) == (3, ["step_free", "calm"], 1, 25)
    at_desk.post(to("office_classes", alby.pk, 2026))
    assert "Listan bekräftades 20 oktober" in text(at_desk.get(to("office_classes", alby.pk, 2026)))
    assert "Listan bekräftad" in text(at_desk.get(to("kept_schools")))


def test_pupils_of_the_measuring_date_are_corrected_with_a_reason(at_desk, alby, add_class):
    group = add_class(alby, "5A", {5: 24})
    refused = at_desk.post(to("office_class_official", alby.pk, 2026, group.pk), {f"pupils_{cohort(5)}": "23"})
    assert "id_reason_error" in refused.content.decode()
    typed = {f"pupils_{cohort(5)}": "23", "reason": "En flyttade i september"}
    assert at_desk.post(to("office_class_official", alby.pk, 2026, group.pk), typed).status_code == 302
    assert group.fragments.get().official == 23


def test_classes_are_fetched_from_the_year_before(at_desk, alby, add_class, planner):
    add_class(alby, "5A", {5: 24})
    actions.open_year(2027, by=None, at=AT)
    at_desk.post(to("office_carry_over", alby.pk, 2027))
    assert list(ClassGroup.objects.filter(year__first=2027).values_list("name", flat=True)) == ["6A"]
    group = ClassGroup.objects.get(year__first=2027)
    assert at_desk.post(to("office_class_remove", alby.pk, 2027, group.pk), {"reason": "Finns inte"}).status_code == 302
    assert ClassGroup.objects.running().filter(year__first=2027).count() == 0


def test_case_5_classes_are_merged_on_a_page(at_desk, alby, add_class):
    groups = [add_class(alby, "6A", {6: 24}), add_class(alby, "6B", {6: 20})]
    page = to("office_classes_merge", alby.pk, 2026)
    refused = at_desk.post(page, {"groups": [groups[0].pk], "name": "6AB", "day": "2026-10-20"})
    assert "id_groups_error" in refused.content.decode()
    typed = {"groups": [group.pk for group in groups], "name": "6AB", "day": "2026-10-20"}
    assert at_desk.post(page, typed).status_code == 302
    assert [group.pupils for group in ClassGroup.objects.running()] == [44]


def test_case_7_class_is_split_on_a_page_pupil_by_pupil(client, teacher, alby, add_class):
    group = add_class(alby, "4C", {4: 26})
    client.force_login(teacher)
    typed = {"name_1": "4C1", "name_2": "4C2", f"pupils_1_{cohort(4)}": "13", f"pupils_2_{cohort(4)}": "12", "day": "2026-10-20"}
    refused = client.post(to("school_class_split", group.pk), typed)
    assert "tillsammans ha 26 elever i" in text(refused)
    assert 'value="4C1"' in refused.content.decode()
    assert client.post(to("school_class_split", group.pk), {**typed, f"pupils_2_{cohort(4)}": "13"}).status_code == 302
    assert sorted((each.name, each.pupils) for each in ClassGroup.objects.running()) == [("4C1", 13), ("4C2", 13)]


def test_school_says_itself_what_a_class_needs(client, teacher, alby, add_class):
    group = add_class(alby, "5A", {5: 24})
    client.force_login(teacher)
    answer = client.post(to("school_class_facts", group.pk), {"name": "5A", "adults": "2", "needs": ["hearing_loop"]})
    assert answer.status_code == 302
    assert ClassGroup.objects.get().needs == ["hearing_loop"]


def test_officer_confirms_a_visit_for_the_school(at_desk, alby, add_class, offer, plan, visit, reached):
    group = add_class(alby, "5A", {5: 24})
    booked = visit(group, plan(offer, date(2026, 10, 12)))
    assert "5A" in text(at_desk.get(to("visit_list"), {"visa": "unconfirmed"}))
    at_desk.post(to("office_visit", alby.pk, 2026, booked.pk), {f"v{booked.pk}-came_{cohort(5)}": "22"})
    assert reached(group) == (22, 24)


# Files ----------------------------------------------------------------------------------------------------------------


def table(*lines):
    content = "\n".join(["Skolenhetskod;Klass;Årskurs;Elever;Vuxna", *lines])
    return SimpleUploadedFile("klasser.csv", content.encode("utf-8-sig"), "text/csv")


def digest_in(page):
    return re.search(r'name="digest" value="(\w+)"', page.content.decode())[1]


def test_table_of_classes_is_looked_at_row_by_row_and_then_read_in(at_desk, alby, year):
    file = table("10000001;5A;5;24;2", "10000001;5B;15;20;2", "x;5C;5;20;2")
    answer = at_desk.post(to("import_new"), {"kind": "classes", "year": year.pk, "file": file})
    page = at_desk.get(answer.headers["Location"])
    assert "1 nya, 0 ändrade" in text(page)
    assert "2 rader går inte att läsa" in text(page)
    assert "Rad 3" in text(page)
    assert "Årskursen finns inte det läsåret" in text(page) or "årskurs" in text(page).casefold()
    assert not ClassGroup.objects.exists()
    assert at_desk.post(answer.headers["Location"], {"digest": digest_in(page)}).status_code == 302
    assert ClassGroup.objects.get().pupils == 24


def test_preview_that_no_longer_holds_is_shown_again(at_desk, alby, year, add_class):
    answer = at_desk.post(to("import_new"), {"kind": "classes", "year": year.pk, "file": table("10000001;5A;5;24;2")})
    page = at_desk.get(answer.headers["Location"])
    add_class(alby, "5A", {5: 20})
    refused = at_desk.post(answer.headers["Location"], {"digest": digest_in(page)})
    assert refused.status_code == 409
    assert "becomes" not in text(refused)
    assert "<del>20</del>" in text(refused)


def test_official_figures_that_stand_are_corrected_by_a_file_with_a_reason(at_desk, alby, year, add_class):
    group = add_class(alby, "5A", {5: 20})
    typed = {"kind": "classes", "year": year.pk, "official": "on", "file": table("10000001;5A;5;24;2")}
    answer = at_desk.post(to("import_new"), typed)
    page = at_desk.get(answer.headers["Location"])
    refused = at_desk.post(answer.headers["Location"], {"digest": digest_in(page)})
    assert "id_reason_error" in refused.content.decode()
    assert at_desk.post(answer.headers["Location"], {"digest": digest_in(page), "reason": "Fel lista"}).status_code == 302
    assert group.fragments.get().official == 24


def test_file_of_the_wrong_kind_is_refused_beside_the_field(at_desk, year):
    file = SimpleUploadedFile("skolor.json", b"inte json", "application/json")
    answer = at_desk.post(to("import_new"), {"kind": "school_units", "file": file})
    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()
    file.seek(0)
    assert "id_year_error" in at_desk.post(to("import_new"), {"kind": "ss12000", "file": file}).content.decode()


def test_school_units_are_read_in_with_words_for_what_changes(at_desk, make_school):
    make_school("Gamla namnet", "29293076")
    content = json.dumps([_unit("29293076", "Nya namnet", status="UPPHORT")]).encode()
    file = SimpleUploadedFile("skolor.json", content, "application/json")
    answer = at_desk.post(to("import_new"), {"kind": "school_units", "file": file})
    assert answer.status_code == 302, text(answer)
    page = at_desk.get(answer.headers["Location"])
    assert "Nya namnet" in text(page)
    assert "becomes" not in text(page)
    assert "En skola läggs ned av filen" in text(page)
    at_desk.post(answer.headers["Location"], {"digest": digest_in(page)})
    assert School.objects.get(code="29293076").name == "Nya namnet"


def test_case_24_persons_are_counted_in_memory_and_kept_nowhere(at_desk, alby, year, monkeypatch):
    """However large the file is: it never becomes a file of ours."""

    def refused(*_args, **_options):
        raise AssertionError("the upload was written to a file")

    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", refused)
    content = json.dumps(_ss12000(pupils=21)).encode() + b" " * 3_000_000
    file = SimpleUploadedFile("skola.json", content, "application/json")
    answer = at_desk.post(to("import_new"), {"kind": "ss12000", "year": year.pk, "file": file})
    page = at_desk.get(answer.headers["Location"])
    assert NAMES[1] not in json.dumps(list(SchoolImport.objects.values_list("content", flat=True)), ensure_ascii=False)
    assert NAMES[1] not in text(page)
    at_desk.post(answer.headers["Location"], {"digest": digest_in(page)})
    assert ClassGroup.objects.get().pupils == 23


def test_upload_without_the_token_of_the_page_is_refused(planner, year):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(planner, BACKEND)
    assert strict.post(to("import_new"), {"kind": "classes", "year": year.pk, "file": table()}).status_code == 403


def test_file_is_thrown_away(at_desk, alby, year):
    answer = at_desk.post(to("import_new"), {"kind": "classes", "year": year.pk, "file": table("10000001;5A;5;24;2")})
    kept = SchoolImport.objects.get()
    at_desk.post(to("import_discard", kept.pk))
    assert at_desk.get(answer.headers["Location"]).status_code == 302
    assert not ClassGroup.objects.exists()


def test_classes_are_fetched_as_a_table_that_can_be_read_in_again(at_desk, alby, year, add_class):
    add_class(alby, "F-1", {0: 12, 1: 10})
    content = at_desk.get(to("class_table", 2026)).content
    file = SimpleUploadedFile("klasser.xlsx", content)
    answer = at_desk.post(to("import_new"), {"kind": "classes", "year": year.pk, "file": file})
    assert "Filen ändrar ingenting" in text(at_desk.get(answer.headers["Location"]))


# School years ---------------------------------------------------------------------------------------------------------


def test_school_year_is_opened_dated_promised_and_locked(at_desk, db, alby, berga, year):
    answer = at_desk.post(to("year_new"), {"first": "2026"})
    assert "id_first_error" in answer.content.decode()
    at_desk.post(to("year_new"), {"first": "2027", "list_by": "2027-10-10"})
    assert SchoolYear.objects.get(first=2027).official_on == date(2027, 10, 15)
    refused = at_desk.post(to("year_dates", 2027), {"official_on": "2027-10-15", "locks_on": "2027-10-01"})
    assert "id_locks_on_error" in refused.content.decode()
    at_desk.post(to("year_dates", 2027), {"official_on": "2027-10-14", "locks_on": "2028-08-15"})
    at_desk.post(to("year_terms", 2027), {"bus_seats": "60", "bus_price": "5000", "repeat_price": "0", "empty_seat_price": "0"})
    made = SchoolYear.objects.get(first=2027)
    assert (made.official_on, made.bus_seats, made.buses_a_day) == (date(2027, 10, 14), 60, None)

    typed = {"grade": "2", "title": "Prova på", "art_form": "music", "is_rotating": "on", "schools": [alby.pk]}
    at_desk.post(to("promise_new", 2026), typed)
    assert "id_title_error" in at_desk.post(to("promise_new", 2026), typed).content.decode()
    item = GuaranteeItem.objects.get()
    page = text(at_desk.get(to("year", 2026)))
    assert "Prova på" in page
    assert "roterande" in page.casefold()
    assert "Albyskolan" in page
    at_desk.post(to("promise_edit", item.pk), {**typed, "schools": [berga.pk]})
    assert list(item.schools.all()) == [berga]
    refused = at_desk.post(
        to("promise_edit", item.pk), {"grade": "2", "title": "Prova på", "art_form": "music", "schools": [berga.pk]}
    )
    assert "id_is_rotating_error" in refused.content.decode()
    at_desk.post(to("promise_copy", 2027))
    assert GuaranteeItem.objects.filter(year__first=2027, title="Prova på").count() == 1
    assert at_desk.post(to("promise_remove", item.pk), {"reason": ""}).status_code == 422
    at_desk.post(to("promise_remove", item.pk), {"reason": "Ny plan"})
    assert not GuaranteeItem.objects.filter(year=year).exists()


def test_locked_year_gets_a_later_version_by_a_correction_with_a_reason(at_desk, alby, add_class, offer, plan, visit, year):
    booked = visit(add_class(alby, "5A", {5: 24}), plan(offer, date(2026, 10, 12)))
    assert "Ett besök har varit som ingen har bekräftat" in text(at_desk.get(to("year_lock", 2026)))
    at_desk.post(to("year_lock", 2026))
    assert "Version 1: 0,0 %, 0 av 24 elever" in text(at_desk.get(to("year", 2026)))
    came = {f"v{booked.pk}-came_{cohort(5)}": "24"}
    refused = at_desk.post(to("office_visit", alby.pk, 2026, booked.pk), came)
    assert f"id_v{booked.pk}-reason_error" in refused.content.decode()
    at_desk.post(to("office_visit", alby.pk, 2026, booked.pk), {**came, f"v{booked.pk}-reason": "Skolan glömde"})
    assert CoverageVersion.objects.count() == 2
    assert "Version 2: 100 %, 24 av 24 elever" in text(at_desk.get(to("year", 2026)))
    assert "Skolan glömde" in text(at_desk.get(to("year", 2026)))


# Doors and costs ------------------------------------------------------------------------------------------------------


@pytest.fixture
def everything(alby, add_class, year, planner):
    group = add_class(alby, "5A", {5: 24})
    item = actions.promise(year, 2, "Cirkus", art_form="circus", by=planner, at=AT)
    read = [("kept_schools",), ("kept_school", alby.pk), ("year_list",), ("year", 2026), ("visit_list",)]
    write = [("kept_school_new",), ("import_new",), ("year_new",), ("class_table", 2026)]
    write += [(f"kept_school_{verb}", alby.pk) for verb in ("edit", "follow", "decline")]
    write += [("contact_new", alby.pk), ("link_send", alby.pk)]
    write += [(f"year_{verb}", 2026) for verb in ("dates", "terms", "lock")]
    write += [("promise_new", 2026), ("promise_edit", item.pk), ("promise_remove", item.pk)]
    write += [(f"office_{page}", alby.pk, 2026) for page in ("classes", "class_new", "classes_merge", "days")]
    write += [(f"office_class{page}", alby.pk, 2026, group.pk) for page in ("", "_facts", "_remove", "_official", "_split")]
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


@pytest.mark.parametrize("page", ["kept_schools", "kept_school", "year_list", "year", "visit_list"])
def test_lists_cost_the_same_with_one_row_and_with_three(
    at_desk, page, make_school, add_class, planner, year, offer, plan, visit, django_assert_max_num_queries
):
    first = plan(offer, date(2026, 10, 12))
    school = make_school("Skola 0", "10000090")
    add_class(school, "1A", {1: 10})

    def grow(number):
        other = make_school(f"Skola {number}", f"1000009{number}", organiser="independent")
        visit(add_class(other, f"5{number}", {5: 10}), first)
        actions.add_contact(school, email=f"k{number}@skola.example", by=planner, at=AT)
        actions.send_link(school, year, "classes", email=f"k{number}@skola.example", by=planner, at=AT)
        actions.promise(year, 2, f"Del {number}", art_form="music", is_rotating=True, schools=[other], by=planner, at=AT)
        actions.open_year(2026 + number, by=None, at=AT)

    def cost():
        args = {"kept_school": [school.pk], "year": [2026]}.get(page, [])
        with django_assert_max_num_queries(60) as counted:
            at_desk.get(to(page, *args))
        return len(counted)

    grow(1)
    cost()
    one = cost()
    grow(2)
    grow(3)
    assert cost() == one
