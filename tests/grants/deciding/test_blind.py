"""Blind assessment: the appointed assess without knowing who applies, and meet the name nowhere until it is decided."""

from dataclasses import replace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grants.actions import assessments, decisions, proposals
from grants.actions.refusals import NotAllowedNow
from grants.models import Application, Assessor
from records import filing
from tests.grants.deciding.conftest import LATER
from tests.records.test_files import PDF_BYTES

NAMES = ("Teaterboden", "8024001239", "802400-1239", "Alice", "kontakt@teaterboden.example")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def blind_call(publish_call, plan):
    return publish_call(replace(plan, blind=True, assessors_needed=1))


@pytest.fixture
def blind_application(blind_call, association, alice, hand_in, board_member, upload):
    """Handed in with the association's name, number, chair and address in the text, and a file whose name tells."""
    association.email = "kontakt@teaterboden.example"
    association.save()
    text = "Teaterboden (802400-1239) öppnar scenen. Skriv till Alice Andersson, kontakt@teaterboden.example."
    application = hand_in(blind_call, association, alice, plan=text)
    filing.file_in(application.case, [upload("Teaterboden budget.pdf")], at=LATER, by=alice)
    return application


@pytest.fixture
def board_member(association):
    return association.board.create(name="Alice Andersson", role="chair", since="2020-01-01")


@pytest.fixture
def upload(alice):
    return lambda name: filing.store_file(SimpleUploadedFile(name, PDF_BYTES), at=LATER, by=alice)


@pytest.fixture
def assessor(blind_call, officer, other_officer):
    """officer handles the call, other_officer is appointed to assess in it without names."""
    assessments.appoint(blind_call, user=other_officer, by=officer, at=LATER)
    return other_officer


def test_a_blind_assessor_finds_the_name_nowhere(blind_application, assessor, sign_in):
    """Case 27. Searching the name gives 0 hits; lists, history, files and the register show no name."""
    client = sign_in(assessor)
    found = client.get(reverse("grants:casework_list"), {"q": "Teaterboden"})
    assert found.context["page"].paginator.count == 0
    for address in (
        reverse("home"),
        reverse("grants:assessment_list"),
        reverse("grants:assessment_list") + "?ordning=poang",
        reverse("grants:assessment", args=[blind_application.pk]),
        reverse("grants:conflict_declare", args=[blind_application.pk]),
        reverse("grants:casework_list"),
        reverse("grants:casework_list") + "?format=csv",
        reverse("grants:decision_list"),
        reverse("grants:payment_list"),
        reverse("grants:report_queue"),
        reverse("records:case_list"),
        reverse("records:case_table"),
        reverse("records:outbox"),
    ):
        text = client.get(address).content.decode()
        assert [name for name in NAMES if name in text] == [], address


def test_the_search_of_the_register_finds_no_case(blind_application, assessor, sign_in):
    """Case 27. Search for the association's name: 0 hits."""
    page = sign_in(assessor).get(reverse("records:case_list"), {"q": "Teaterboden"})
    assert page.context["page"].paginator.count == 0


def test_case_file_and_letters_are_not_there_for_a_blind_assessor(blind_application, assessor, sign_in):
    """Case 27. History, file names and mail: 404, as for a stranger, since a 403 would tell that there is something."""
    client, case = sign_in(assessor), blind_application.case
    addresses = [
        reverse("grants:casework_application", args=[blind_application.pk]),
        reverse("records:case", args=[case.slug]),
        *(reverse("records:file", args=[file.pk]) for file in case.files.all()),
        *(reverse("records:letter", args=[letter.pk]) for letter in case.letters.all()),
        *(reverse("records:letter_pdf", args=[letter.pk]) for letter in case.letters.all()),
    ]
    assert len(addresses) >= 5
    for address in addresses:
        assert client.get(address).status_code == 404, address


def test_the_order_of_the_list_tells_nothing_of_who_came_first(
    blind_call,
    association,
    other_association,
    make_association,
    alice,
    stranger,
    person,
    give_mandate,
    hand_in,
    assessor,
    sign_in,
):
    """Case 27. Sort order: by a code that cannot be counted back, the same each time, whatever came first."""
    third, bosse = make_association("Visan", "8024009998"), person("bosse@visan.example")
    give_mandate(bosse, third)
    for whose, by in ((association, alice), (other_association, stranger), (third, bosse)):
        hand_in(blind_call, whose, by)
    rows = sign_in(assessor).get(reverse("grants:assessment_list")).context["rows"]
    codes = [row.name for row in rows]
    assert codes == sorted(codes)
    assert all(code.startswith("Ansökan ") for code in codes)


def test_the_text_is_read_without_names(blind_application, assessor, sign_in):
    """Case 27. The answers can be read, with what names the association taken out."""
    text = sign_in(assessor).get(reverse("grants:assessment", args=[blind_application.pk])).content.decode()
    assert "öppnar scenen" in text
    assert "[…]" in text


def test_those_who_are_not_appointed_see_the_names_and_handle_the_case(blind_application, assessor, officer, sign_in):
    client = sign_in(officer)
    assert "Teaterboden" in client.get(reverse("grants:casework_list")).content.decode()
    assert client.get(reverse("grants:casework_application", args=[blind_application.pk])).status_code == 200


def test_the_name_is_known_when_the_application_is_decided(blind_application, assessor, officer, decision_maker, assess, sign_in):
    """Case 27. Blind until it is decided."""
    assess(blind_application, assessor)
    draft = proposals.Draft(outcome="grant", amount=blind_application.asked, reasons="Bra.")
    decision = decisions.decide(proposals.propose(blind_application, draft, by=officer, at=LATER), by=decision_maker, at=LATER)
    assert not Application.objects.for_casework_by(assessor).exists()
    decisions.publish([decision], by=decision_maker, at=LATER)
    assert Application.objects.for_casework_by(assessor).get() == blind_application
    assert "Teaterboden" in sign_in(assessor).get(reverse("grants:decision_list")).content.decode()


def test_an_officer_appoints_assessors_and_takes_back_those_who_have_not_begun(
    blind_application, blind_call, officer, other_officer, alice, sign_in
):
    client, address = sign_in(officer), reverse("grants:assessor_list", args=[blind_call.pk])
    assert "Ingen är utsedd" in client.get(address).content.decode()
    assert client.post(address, {"officer": ""}).status_code == 422
    assert client.post(address, {"officer": alice.pk}).status_code == 422
    assert client.post(address, {"officer": other_officer.pk}).status_code == 302
    appointed = Assessor.objects.get()
    assert (appointed.user, appointed.appointed_by) == (other_officer, officer)
    assert "Oona Handläggare" in client.get(address).content.decode()
    client.post(reverse("grants:assessor_release", args=[appointed.pk]))
    assert not Assessor.objects.exists()
    again = assessments.appoint(blind_call, user=other_officer, by=officer, at=LATER)
    assessments.start(blind_application, by=other_officer, at=LATER)
    with pytest.raises(NotAllowedNow, match="Oona"):
        assessments.release(again, by=officer, at=LATER)
    client.post(reverse("grants:assessor_release", args=[again.pk]))
    assert Assessor.objects.get() == again
