"""The register and the case page: who reads what, in constant queries."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.urls import reverse

from records import actions, filing, registry
from records.models import Case
from records.registry import CaseLink
from tests.records.test_files import PDF_BYTES


def text_of(response):
    return response.content.decode()


def open_some(number, at):
    return [
        filing.open_case(title=f"Ärende {index}", sender="Någon", at=at + timedelta(minutes=index)) for index in range(number)
    ]


@pytest.mark.parametrize("cases", [1, 3])
def test_the_register_costs_as_many_queries_for_three_cases_as_for_one(officer, sign_in, at, cases, django_assert_num_queries):
    open_some(cases, at)
    client = sign_in(officer)
    client.get(reverse("records:case_list"))
    with django_assert_num_queries(7):
        client.get(reverse("records:case_list"))


def test_the_register_is_searched_and_narrowed_in_the_address(officer, sign_in, at):
    dance, music = filing.open_case(title="Dans", at=at), filing.open_case(title="Musik", at=at.replace(year=2025))
    filing.close_case(music, at=at)
    client = sign_in(officer)
    for question, found in [
        ({"q": "dans"}, {dance}),
        ({"q": music.reference}, {music}),
        ({"year": "2025"}, {music}),
        ({"state": "open"}, {dance}),
        ({"state": "closed", "q": "musik"}, {music}),
        ({"year": "inget år", "state": "konstig"}, {dance, music}),
        ({"q": "finns inte"}, set()),
    ]:
        page = client.get(reverse("records:case_list"), question)
        assert set(page.context["page"].object_list) == found, question


def test_the_register_has_pages(officer, sign_in, at):
    open_some(51, at)
    client = sign_in(officer)
    assert len(client.get(reverse("records:case_list")).context["page"].object_list) == 50
    last = client.get(reverse("records:case_list"), {"page": 2, "state": "open"})
    assert len(last.context["page"].object_list) == 1
    assert "state=open" in text_of(last)


def test_the_register_is_for_those_who_keep_it(auditor, secretary, applicant, stranger, sign_in, client):
    page = reverse("records:case_list")
    assert [sign_in(user).get(page).status_code for user in (auditor, secretary, applicant, stranger)] == [200, 200, 403, 403]
    assert client.get(page).status_code == 302


def test_the_csv_holds_the_same_cases_and_no_formulas(officer, sign_in, at):
    filing.open_case(title='=HYPERLINK("http://x")', sender="@SUM(1)", at=at)
    marked = filing.open_case(title="Hemligt namn", sender="Hemlig avsändare", at=at)
    filing.mark_secret(marked, ground="OSL 21:7", at=at, by=officer)
    filing.open_case(title="Förra året", at=at.replace(year=2025))
    response = sign_in(officer).get(reverse("records:case_table"), {"year": "2026"})
    content = response.content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(content), delimiter=";")
    assert head == ["Diarienummer", "Upprättat", "Från eller till", "Ämne", "Avslutat", "Sekretess"]
    assert [row[0] for row in rows] == ["KFN 2026-00002", "KFN 2026-00001"]
    assert not any(cell.startswith(("=", "@")) for row in rows for cell in row)
    assert "Hemlig" not in content
    assert response["Content-Disposition"].startswith('attachment; filename="diarium-')


@pytest.fixture
def a_full_case(case, officer, post, at, monkeypatch):
    """A case in which everything has happened."""
    monkeypatch.setattr(registry, "case_links", [lambda case, user: [CaseLink("Ansökan om årsbidrag", "/bidrag/1/", "Beviljad")]])
    actions.deliver(post("grants.receipt.1", case=case).pk, at=at)
    post("grants.decision.1", case=case, staged=True)
    filing.store_file(SimpleUploadedFile("Årsmöte.pdf", PDF_BYTES), at=at, case=case)
    filing.store_file(SimpleUploadedFile("Internt.pdf", PDF_BYTES), at=at, case=case, internal=True)
    filing.post_notice(kind="other", title="Samråd om stöd", case=case, at=at, take_down_on=at.date() + timedelta(days=9))
    filing.note(case, "records.letter_failed", at=at, by=officer)
    filing.note(case, "somewhere.without_words", at=at, by=officer, reason="hemligt skäl")
    filing.close_case(case, at=at, by=officer, reason="Allt är klart")
    return case


def test_the_case_page_shows_everything_that_happened(a_full_case, officer, sign_in):
    page = text_of(sign_in(officer).get(a_full_case.get_absolute_url()))
    for words in [
        "KFN 2026-00001",
        "Karlskoga Dansförening",
        "Ansökan om årsbidrag",
        "Kvittens på er ansökan",
        "Årsmöte.pdf",
        "Internt.pdf",
        "Samråd om stöd",
        "Ärendet upprättades",
        "Ett brev skickades",
        "Ett brev kunde inte levereras",
        "Ärendet avslutades",
        "Allt är klart",
        "Olle Handläggare",
    ]:
        assert words in page, words


def test_the_party_sees_the_case_without_what_is_internal_or_not_released(a_full_case, applicant, sign_in):
    page = text_of(sign_in(applicant).get(a_full_case.get_absolute_url()))
    assert "Årsmöte.pdf" in page
    assert "Internt.pdf" not in page
    assert "Ett brev kunde inte levereras" not in page
    assert "Något antecknades" not in page
    assert "hemligt skäl" not in page
    assert "Inte frisläppt" not in page
    staged = a_full_case.letters.get(key="grants.decision.1")
    assert sign_in(applicant).get(staged.get_absolute_url()).status_code == 404
    assert sign_in(applicant).get(reverse("records:letter_pdf", args=[staged.pk])).status_code == 404


def test_a_stranger_meets_a_404(a_full_case, stranger, sign_in, client):
    assert sign_in(stranger).get(a_full_case.get_absolute_url()).status_code == 404
    assert client.get(a_full_case.get_absolute_url()).status_code == 302
    assert sign_in(stranger).get("/arenden/inget-nummer/").status_code == 404


def test_what_is_withheld_disappears_from_every_place(a_full_case, officer, auditor, sign_in, monkeypatch):
    letter, file = a_full_case.letters.first(), a_full_case.files.first()
    monkeypatch.setattr(registry, "case_withholdings", [lambda user: Q(pk=a_full_case.pk) if user == officer else Q(pk__in=[])])
    pages = [a_full_case, letter, file]
    assert [sign_in(officer).get(thing.get_absolute_url()).status_code for thing in pages] == [404, 404, 404]
    assert [sign_in(auditor).get(thing.get_absolute_url()).status_code for thing in pages] == [200, 200, 200]
    assert "Årsbidrag 2027" not in text_of(sign_in(officer).get(reverse("records:case_list")))
    assert "KFN 2026-00001" not in text_of(sign_in(officer).get(reverse("records:case_table")))


def test_the_case_page_costs_the_same_however_much_has_happened(
    a_full_case, officer, post, sign_in, at, django_assert_num_queries
):
    client = sign_in(officer)
    client.get(a_full_case.get_absolute_url())
    with django_assert_num_queries(9):
        client.get(a_full_case.get_absolute_url())
    for number in range(3):
        post(f"grants.more.{number}", case=a_full_case)
        filing.note(a_full_case, "records.letter_sent", at=at, by=officer)
        filing.store_file(SimpleUploadedFile("mer.pdf", PDF_BYTES), at=at, case=a_full_case)
    with django_assert_num_queries(9):
        client.get(a_full_case.get_absolute_url())


def test_an_event_is_said_in_the_words_its_room_registered(case, officer, sign_in, at, monkeypatch):
    monkeypatch.setitem(registry.verb_words, "grants.cut", "Beloppet sattes till %(amount)s")
    monkeypatch.setitem(registry.change_words, "amount", "belopp")
    filing.note(case, "grants.cut", at=at, changes={"amount": ["10 000", "8 000"], "unlabelled": [1, 2]})
    filing.note(case, "nobody.registered", at=at)
    page = text_of(sign_in(officer).get(case.get_absolute_url()))
    assert "Beloppet sattes till 8 000" in page
    assert "belopp: 10 000 → 8 000" in page
    assert "unlabelled" not in page
    assert "nobody.registered" not in page
    assert "Något antecknades i ärendet" in page


def test_codes_days_and_kronor_in_the_log_are_said_as_people_say_them(case, officer, sign_in, at, monkeypatch):
    for name in ("status", "amount", "paid_on", "completed_at", "number"):
        monkeypatch.setitem(registry.change_words, name, name)
    monkeypatch.setitem(registry.code_words, ("grants", "status"), {"granted": "beviljad", "proposed": "väntar på beslut"})
    changes = {
        "status": ["proposed", "granted"],
        "amount": [None, "30000.50"],
        "paid_on": [None, "2027-01-15"],
        "completed_at": ["2026-10-02T10:05:00+00:00", None],
        "number": [2027, 12500],
    }
    filing.note(case, "grants.cut", at=at, changes=changes)
    page = text_of(sign_in(officer).get(case.get_absolute_url())).replace("\xa0", " ")
    for words in (
        "status: väntar på beslut → beviljad",
        "amount: 30 000,50",
        "paid_on: 15 januari 2027",
        "completed_at: 2 oktober 2026, 12.05 → –",
        "number: 2027 → 12 500",
    ):
        assert words in page


def test_the_same_field_has_the_label_of_its_own_room(case, officer, sign_in, at):
    filing.note(case, "grants.put_on_list", at=at, changes={"meeting": [None, "2026-12-08"]})
    filing.note(case, "associations.attended", at=at, changes={"meeting": [None, "2026-03-18"]})
    filing.note(case, "grants.repaid", at=at, changes={"amount": [None, "3200"]})
    page = text_of(sign_in(officer).get(case.get_absolute_url())).replace("\xa0", " ")
    assert "Sammanträde: 8 december 2026" in page
    assert "Dialogmöte: 18 mars 2026" in page
    assert "Belopp, kronor: 3 200" in page


def test_the_register_is_kept_by_officers_and_read_by_auditors(case, officer, auditor, sign_in):
    close = reverse("records:case_close", args=[case.slug])
    assert sign_in(auditor).get(close).status_code == 403
    assert "Avsluta ärendet" not in text_of(sign_in(auditor).get(case.get_absolute_url()))
    client = sign_in(officer)
    assert client.get(close).status_code == 200
    client.post(close, {"reason": ""})
    assert Case.objects.get().closed_at is not None
    again = client.post(close, {"reason": "igen"}, follow=True)
    assert "redan avslutat" in text_of(again)


def test_taking_a_case_up_again_needs_a_reason(case, officer, sign_in, at):
    filing.close_case(case, at=at)
    reopen, client = reverse("records:case_reopen", args=[case.slug]), sign_in(officer)
    assert client.post(reopen, {"reason": ""}).status_code == 422
    client.post(reopen, {"reason": "Nya uppgifter"})
    assert Case.objects.get().closed_at is None


def test_a_mark_of_secrecy_is_set_and_taken_away_on_the_case_page(case, officer, sign_in):
    page, client = reverse("records:case_secrecy", args=[case.slug]), sign_in(officer)
    assert client.post(page, {"ground": ""}).status_code == 422
    client.post(page, {"ground": "OSL 21:7"})
    shown = text_of(client.get(case.get_absolute_url()))
    assert "Pröva mot OSL 21:7 innan ni lämnar ut" in shown
    client.post(page, {"reason": "Prövad och öppen"})
    assert not Case.objects.get().is_marked
