"""The outbox: what has not left, and what an officer does about it."""

import pytest
from django.core import mail
from django.urls import reverse

from records import actions, filing
from records.models import Letter


def text_of(response):
    return response.content.decode()


@pytest.fixture
def failed(case, post, mail_server, at):
    mail_server.refused = {"ordforande@"}
    letter = post("grants.decision.1", case=case)
    actions.deliver(letter.pk, at=at)
    letter.refresh_from_db()
    return letter


@pytest.mark.parametrize("letters", [1, 3])
def test_the_outbox_costs_as_many_queries_for_three_letters_as_for_one(
    officer, case, post, sign_in, letters, django_assert_num_queries
):
    for number in range(letters):
        post(f"grants.receipt.{number}", case=case)
    client = sign_in(officer)
    client.get(reverse("records:outbox"))
    with django_assert_num_queries(7):
        client.get(reverse("records:outbox"))


def test_the_outbox_shows_failed_letters_first_and_counts_what_is_kept_back(failed, post, officer, sign_in):
    post("grants.receipt.9")
    post("grants.decision.9", staged=True)
    page = sign_in(officer).get(reverse("records:outbox"))
    assert [letter.key for letter in page.context["page"]] == ["grants.decision.1", "grants.receipt.9"]
    assert "1 brev till hålls inne" in text_of(page)


def test_a_failed_letter_is_sent_again_to_a_mended_address(failed, officer, sign_in, mail_server, at):
    client = sign_in(officer)
    shown = text_of(client.get(failed.get_absolute_url()))
    assert "550" in shown
    retry = reverse("records:letter_retry", args=[failed.pk])
    wrong = client.post(retry, {"to": "inte en adress"})
    assert wrong.status_code == 422
    assert "inte en adress" in text_of(wrong)
    client.post(retry, {"to": "kassor@dans.example; sekreterare@dans.example"})
    assert actions.deliver(failed.pk, at=at)
    assert mail_server.messages[-1]["To"] == "kassor@dans.example, sekreterare@dans.example"


def test_all_failed_letters_are_tried_again_at_once(failed, officer, auditor, sign_in, at):
    assert sign_in(auditor).post(reverse("records:outbox_retry")).status_code == 403
    page = sign_in(officer).post(reverse("records:outbox_retry"), follow=True)
    assert "1 brev är på väg igen." in text_of(page)
    assert Letter.objects.due(at).get() == failed


def test_a_printed_letter_is_noted_as_posted(failed, officer, sign_in):
    sign_in(officer).post(reverse("records:letter_posted", args=[failed.pk]))
    failed.refresh_from_db()
    assert (failed.status, failed.sent_by) == ("sent", "post")
    late = sign_in(officer).post(reverse("records:letter_retry", args=[failed.pk]), {"to": "a@example.org"}, follow=True)
    assert "finns inte längre i utkorgen" in text_of(late)


def test_the_letter_page_shows_the_text_and_gives_the_pdf_that_was_sent(case, post, applicant, sign_in, at):
    letter = post("grants.receipt.1", case=case)
    client = sign_in(applicant)
    assert client.get(letter.get_absolute_url()).status_code == 404
    actions.deliver(letter.pk, at=at)
    page = text_of(client.get(letter.get_absolute_url()))
    assert "Vi har tagit emot er ansökan." in page
    pdf = client.get(reverse("records:letter_pdf", args=[letter.pk]))
    assert b"".join(pdf.streaming_content) == mail.outbox[0].attachments[0][1]


def test_looking_at_the_pdf_of_a_waiting_letter_changes_nothing(case, post, officer, sign_in):
    letter = post("grants.receipt.1", case=case)
    response = sign_in(officer).get(reverse("records:letter_pdf", args=[letter.pk]))
    assert response.content.startswith(b"%PDF-")
    assert Letter.objects.get().pdf is None


def test_what_people_typed_stays_text_in_the_letter(case, officer, sign_in, at):
    letter = filing.post_letter(
        case,
        key="grants.receipt.1",
        to=["a@example.org"],
        addressee="<b>Förening</b>",
        subject="Om <script>",
        template="letters/plain.html",
        context={"paragraphs": ['<script>alert(1)</script><a href="javascript:alert(1)">x</a>']},
        at=at,
    )
    page = text_of(sign_in(officer).get(letter.get_absolute_url()))
    assert "&lt;script&gt;alert(1)" in page
    assert "javascript:" not in page.replace('&lt;a href="javascript:', "")


def test_a_failed_letter_is_a_task_on_the_start_page_of_those_who_keep_the_register(failed, officer, auditor, sign_in):
    assert "1 brev kunde inte levereras" in text_of(sign_in(officer).get("/"))
    assert "kunde inte levereras" not in text_of(sign_in(auditor).get("/"))


def test_a_letter_with_a_personal_link_is_read_by_nobody_here(post, officer, sign_in, mail_server, at):
    """Whoever reads an invitation can accept it: an officer must not become an administrator that way."""
    mail_server.refused = {"ordforande@"}
    letter = post("accounts.invitation.1", private=True)
    actions.deliver(letter.pk, at=at)
    client = sign_in(officer)
    assert "Kvittens på er ansökan" in text_of(client.get(reverse("records:outbox")))
    page = text_of(client.get(letter.get_absolute_url()))
    assert "Vi har tagit emot er ansökan." not in page
    assert "bara mottagaren kan läsa det" in page
    assert client.get(reverse("records:letter_pdf", args=[letter.pk])).status_code == 403
