"""The yearly report: figures that are locked, an accessible PDF, a file, small numbers hidden for everybody."""

import io
import subprocess
from datetime import date, timedelta

import pypdf
import pytest
import time_machine
from django.urls import reverse

from culture import actions
from culture.rules.sealing import seal_of
from culture.yearbook import Yearbook
from tests.culture.conftest import AFTER, cohort, noon

JULY = noon(2027, 7, 5)


@pytest.fixture(autouse=True)
def in_july(settings):
    settings.SESSION_COOKIE_AGE = 10**8
    with time_machine.travel(JULY, tick=False):
        yield


@pytest.fixture
def town(alby, berga, make_school, add_class, add_offer, plan, visit, came, planner, year):
    """5A of Alby school 22 of 24; 4-5 of Berga, 6 and 3 pupils, all; an independent school that declines with 18."""
    troll = plan(add_offer("Trollet", [4, 5], price=9000, travel=1200), date(2027, 2, 10))
    five_a = add_class(alby, "5A", {5: 24})
    came(visit(five_a, troll), 22)
    came(visit(add_class(berga, "4-5", {4: 6, 5: 3}), troll), {cohort(4): 6, cohort(5): 3})
    free = make_school("Lonnhyttan", "10000009", organiser="independent")
    add_class(free, "4F", {4: 18})
    actions.decline(free, year, reason="Egen verksamhet", by=planner, at=AFTER)
    return {"5A": five_a, "visit": five_a.visits.get()}


@pytest.fixture
def locked(town, year, planner):
    return actions.lock_year(year, by=planner, at=JULY)


@pytest.fixture
def desk(sign_in, planner):
    return sign_in(planner)


def text(response):
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def words(response, tmp_path):
    """What a reader of the PDF reads."""
    assert response.headers["Content-Type"] == "application/pdf"
    path = tmp_path / "report.pdf"
    path.write_bytes(response.content)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True)
    return " ".join(done.stdout.replace("\u00a0", " ").split())


def test_report_is_an_accessible_pdf_with_every_number_for_those_who_plan(desk, locked, year, tmp_path):
    response = desk.get(reverse("culture:report_pdf", args=[year.first]))
    read = words(response, tmp_path)
    root = pypdf.PdfReader(io.BytesIO(response.content)).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("sv", True)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert "Kulturgarantin 2026/27" in read
    assert "minst 31 av 51" in read
    assert "Fristående" in read
    assert "Lonnhyttan avböjde 15 mars 2027" in read
    assert "Siffrorna är låsta: version 1" in read
    assert Yearbook(year, locked).seal[:40] in read.replace(" ", "")


def test_report_before_the_year_is_locked_says_that_it_is_preliminary(desk, town, year, tmp_path):
    assert "Preliminär: läsåret är inte låst" in words(desk.get(reverse("culture:report_pdf", args=[year.first])), tmp_path)


def test_report_for_everybody_hides_small_numbers_and_waits_until_the_year_is_locked(client, town, year, planner, tmp_path):
    address = reverse("culture:report_public", args=[year.first])
    assert client.get(address).status_code == 404
    actions.lock_year(year, by=planner, at=JULY)
    assert address in text(client.get(reverse("culture:public")))
    read = words(client.get(address), tmp_path)
    assert "Bergaskolan" in read
    assert ".." in read
    assert "Karin Kultur" not in read.split("Versioner")[1]


def test_case_20_and_case_17_lines_are_sums_of_pupils_on_lines_of_their_own(town, year):
    book = Yearbook(year)
    lines = {label: (cell.reached, cell.official) for label, cell, _declined in book.organisers}
    assert lines == {"municipal": (31, 33), "independent": (0, 18)} or lines == {"kommunal": (31, 33), "fristående": (0, 18)}
    assert (book.whole.reached, book.whole.official) == (31, 51)
    assert [(label, cell.reached, cell.official) for label, cell in book.by_grade] == [("4", 6, 24), ("5", 25, 27)]


def test_file_has_schools_grades_lines_and_everybody(desk, locked, year):
    rows = desk.get(reverse("culture:report_table", args=[year.first, "csv"])).content.decode("utf-8-sig").splitlines()
    assert rows[1].split(";")[:12] == [
        "2026/27", "1", "10000001", "Albyskolan", "kommunal", "", "5", "1", "24", "22", "22", "91,6\u00a0%",
    ]  # fmt: skip
    assert rows[-1].split(";")[6:10] == ["Alla", "", "", ""] or rows[-1].split(";")[8:10] == ["51", "31"]
    assert desk.get(reverse("culture:report_table", args=[year.first, "xlsx"])).content[:2] == b"PK"


def test_correction_of_a_locked_year_is_a_new_version_and_the_old_one_stands(desk, locked, town, year, planner, tmp_path):
    actions.confirm_visit(town["visit"], 24, by=planner, at=JULY + timedelta(days=1), reason="Två hade glömts.")
    page = text(desk.get(reverse("culture:report")))
    assert "Två hade glömts." in page
    assert "33 av 51" in page
    pdf = reverse("culture:report_pdf", args=[year.first])
    assert "minst 33 av 51" in words(desk.get(pdf), tmp_path)
    assert "minst 31 av 51" in words(desk.get(pdf, {"version": "1"}), tmp_path)
    assert desk.get(pdf, {"version": "7"}).status_code == 404


def test_seal_is_of_the_numbers_whatever_their_order():
    lines = [("10000002", -1, (20, 0)), ("10000001", 5, (24, 22))]
    assert seal_of(2026, 1, lines) == seal_of(2026, 1, reversed(lines))
    assert seal_of(2026, 1, lines) != seal_of(2026, 2, lines)
    assert seal_of(2026, 1, lines) != seal_of(2026, 1, [("10000002", -1, (20, 1)), lines[1]])


def test_report_with_every_number_is_not_for_schools_or_strangers(sign_in, town, teacher, stranger, year):
    addresses = [
        reverse("culture:report"),
        reverse("culture:report_pdf", args=[year.first]),
        reverse("culture:report_table", args=[year.first, "csv"]),
    ]
    for somebody in (teacher, stranger):
        client = sign_in(somebody)
        assert {client.get(address).status_code for address in addresses} == {403}


def test_report_costs_the_same_with_one_school_and_with_three(desk, make_school, add_class, year, django_assert_max_num_queries):
    def cost():
        with django_assert_max_num_queries(60) as counted:
            assert desk.get(reverse("culture:report")).status_code == 200
        return len(counted)

    add_class(make_school("Ett", "10000011"), "5A", {5: 24})
    cost()
    one = cost()
    for number in (2, 3):
        add_class(make_school(f"Skola {number}", f"1000001{number}"), "5A", {5: 24})
    assert cost() == one
