"""Karlskoga's first configuration, hats of schools, and what the start page asks."""

from datetime import date

import pytest
from django.core.management import call_command

from accounts import hats
from culture import actions, setup, todo
from culture.links import open_files, own_data, tasks
from culture.models import GuaranteeItem, School
from records.models import StoredFile
from tests.culture.conftest import AT, noon

KNOWN = {"Rävåsskolan", "Häsängsskolan", "Stråningstorpsskolan", "Aggerudsskolan", "Bråtenskolan"}


def test_karlskogas_schools_and_plan_are_entered_once(db):
    setup.karlskoga(2026, by=None, at=AT)
    schools, items = School.objects.count(), GuaranteeItem.objects.count()
    setup.karlskoga(2026, by=None, at=AT)

    assert (School.objects.count(), GuaranteeItem.objects.count()) == (schools, items)
    assert set(School.objects.filter(is_example=False, organiser="municipal").values_list("name", flat=True)) == KNOWN
    assert School.objects.filter(organiser="independent").count() == 2
    assert School.objects.filter(code_is_example=False).count() == 0
    assert "adapted" in School.objects.get(name="Bråtenskolan").kinds
    assert {item.grade for item in GuaranteeItem.objects.filter(is_example=False)} == {0, 1, 2, 3, 4}
    assert set(GuaranteeItem.objects.filter(is_rotating=True).values_list("grade", flat=True)) == {2, 3}


def test_next_year_is_entered_beside_it(db):
    setup.karlskoga(2026, by=None, at=AT)
    before = School.objects.count()
    setup.karlskoga(2027, by=None, at=AT)

    assert School.objects.count() == before
    assert GuaranteeItem.objects.values("year").distinct().count() == 2


def test_command_enters_karlskoga_with_its_culture(db, capsys):
    call_command("karlskoga", year=2026)

    assert "2026/27" in capsys.readouterr().out
    assert School.objects.exists()


def test_school_person_wears_a_hat_for_each_school(teacher, alby, berga, stranger, planner):
    actions.add_contact(berga, email="lara@alby.example", by=planner, at=AT)

    assert [(hat.kind, hat.label) for hat in hats.hats_of(teacher)] == [("school", "Albyskolan"), ("school", "Bergaskolan")]
    assert hats.hats_of(stranger) == []


def test_hat_is_taken_off_when_the_contact_ends(teacher, alby, planner):
    actions.end_contact(alby.contacts.get(), by=planner, at=AT)

    assert hats.hats_of(teacher) == []
    _heading, kept = own_data(teacher)
    assert [row["school"] for row in kept] == ["10000001"]


@pytest.fixture
def pages(monkeypatch):
    """As if the pages of the room were there already."""
    monkeypatch.setattr(todo, "_page", lambda name: f"/kulturgaranti/{name}/")


def test_school_is_asked_to_confirm_to_answer_and_to_check_its_list(pages, add_class, alby, performance, visit, teacher, year):
    visit(add_class(alby, "5A", {5: 25}), performance, source="plan")
    hat = hats.hats_of(teacher)[0]

    assert [task.title for task in tasks(teacher, hat, noon(2026, 10, 1))] == [
        "Svara om kulturplanen",
        "Bekräfta klasslistan för 2026/27",
    ]
    [confirm] = tasks(teacher, hat, noon(2027, 2, 11))
    assert (confirm.title, confirm.urgent) == ("Bekräfta hur många som kom", True)


def test_planner_sees_what_waits_and_a_school_does_not(
    pages, add_class, alby, offer, performance, visit, teacher, planner, producer, make_school
):
    booked = visit(add_class(alby, "5A", {5: 25}), performance, source="plan")
    actions.answer_visit(booked, "change", reason="Hellre en tisdag.", by=teacher, at=AT)
    actions.note_tax(producer, approved=False, seen_on=date(2026, 11, 20), by=planner, at=noon(2026, 11, 20))
    old = make_school("Gamla", "10000007")
    add_class(old, "5A", {5: 20})
    actions.change_school(old, status="closed", by=planner, at=AT)

    assert [task.title for task in tasks(planner, None, noon(2026, 11, 26))] == [
        "Underlag som inte längre gäller",
        "Skolor önskar andra tider",
        "Nedlagda skolor utan efterföljare",
    ]
    assert tasks(teacher, None, noon(2026, 11, 26)) == []


def test_evidence_is_read_by_those_who_plan_and_audit(producer, planner, teacher):
    file = StoredFile.objects.create(
        name="bevis.pdf", path="ab/cd", content_type="application/pdf", size=1, sha256="0" * 64, scan="clean", received_at=AT
    )
    actions.add_evidence(producer, kind="work", text="Turné", seen_on=date(2026, 8, 1), by=planner, at=AT, file=file)

    assert StoredFile.objects.filter(open_files(planner)).exists()
    assert not StoredFile.objects.filter(open_files(teacher)).exists()
