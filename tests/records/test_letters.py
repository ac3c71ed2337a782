"""A letter is a row first; it leaves after commit, once, and what cannot leave waits for a person."""

import io
import threading
from datetime import timedelta

import pypdf
import pytest
from django.core import mail
from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError, IntegrityError, connection, transaction

from records import actions, filing, registry
from records.choices import LetterStatus, SentBy
from records.models import Letter, StoredFile
from records.pdf import open_static
from records.refusals import NotAllowedNow


def deliver_all(at):
    return sum(actions.deliver(letter.pk, at=at) for letter in Letter.objects.due(at).order_by("pk"))


def outbox():
    return sorted(Letter.objects.in_outbox().values_list("key", "status"))


def test_a_letter_is_sent_as_readable_text_with_its_pdf(case, post, at):
    letter = post("grants.receipt.1", case=case)
    assert actions.deliver(letter.pk, at=at)
    [message] = mail.outbox
    assert message.to == ["ordforande@dans.example"]
    assert message.subject == "Kvittens på er ansökan"
    assert "Vi har tagit emot er ansökan." in message.body
    assert "<" not in message.body
    [(name, content, kind)] = message.attachments
    assert (name, kind) == ("kvittens-pa-er-ansokan.pdf", "application/pdf")
    assert content.startswith(b"%PDF-")
    letter.refresh_from_db()
    assert (letter.status, letter.sent_at, letter.sent_by) == (LetterStatus.SENT, at, SentBy.EMAIL)
    assert case.events.filter(verb="records.letter_sent", changes={"letter": [None, letter.pk]}).exists()


def test_the_same_key_gives_the_first_letter_and_one_message(post, at):
    first = post("grants.receipt.1")
    again = post("grants.receipt.1", to=["annan@dans.example"])
    assert (again.pk, again.to) == (first.pk, ["ordforande@dans.example"])
    assert deliver_all(at) == 1
    assert deliver_all(at) == 0
    assert not actions.deliver(first.pk, at=at)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_letter_send_it_once(post, at):
    letter = post("grants.receipt.1")
    left = []

    def work():
        left.append(actions.deliver(letter.pk, at=at))
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(left) == [False, False, False, True]
    assert len(mail.outbox) == 1
    assert StoredFile.objects.count() == 1


def test_batch_of_120_where_mail_57_fails_leaves_one_in_the_outbox(officer, post, mail_server, at):
    """Case 41. 119 are sent, one has failed, and trying again sends exactly that one; each letter holds its own text."""
    keys = [f"grants.decision.{number}" for number in range(1, 121)]
    for number, key in enumerate(keys, start=1):
        post(key, to=[f"forening{number}@example.org"], staged=True)
    mail_server.refused = {"forening57@"}
    assert deliver_all(at) == 0
    assert len(filing.release_letters(keys, at=at)) == 120
    assert deliver_all(at) == 119
    assert len(mail_server.messages) == 119
    assert outbox() == [("grants.decision.57", "failed")]
    failed = Letter.objects.get(key="grants.decision.57")
    assert "550" in failed.error

    actions.retry_letter(failed, at=at, by=officer, to=["kassor57@example.org"])
    assert deliver_all(at) == 1
    assert len(mail_server.messages) == 120
    assert mail_server.messages[-1]["To"] == "kassor57@example.org"
    assert outbox() == []


def test_a_decision_changed_before_publishing_sends_only_the_new_letter(post, at):
    """Case 42. The old letter is discarded; one letter leaves."""
    post("grants.decision.7.1", staged=True)
    post("grants.decision.7.2", staged=True, replaces="grants.decision.7.1")
    filing.release_letters(["grants.decision.7.1", "grants.decision.7.2"], at=at)
    assert deliver_all(at) == 1
    assert dict(Letter.objects.values_list("key", "status")) == {
        "grants.decision.7.1": "discarded",
        "grants.decision.7.2": "sent",
    }


def test_releasing_twice_releases_once(post, at):
    post("grants.decision.7", staged=True)
    assert len(filing.release_letters(["grants.decision.7"], at=at)) == 1
    assert filing.release_letters(["grants.decision.7"], at=at) == []


def test_a_released_letter_cannot_be_discarded(post, at):
    post("grants.receipt.1")
    with pytest.raises(NotAllowedNow):
        filing.discard_letter("grants.receipt.1", at=at)
    assert filing.discard_letter("grants.no-such-letter", at=at) is None


def test_a_busy_mail_server_is_tried_again_with_longer_and_longer_rests_until_it_has_failed(post, mail_server, at):
    letter = post("grants.receipt.1")
    mail_server.busy = True
    moment, rests = at, []
    while not actions.deliver(letter.pk, at=moment) and (letter := Letter.objects.get()).status == LetterStatus.WAITING:
        assert not actions.deliver(letter.pk, at=moment), "a resting letter is left alone"
        assert actions.letters_to_queue(at=letter.next_attempt_at - timedelta(seconds=1)) == []
        assert actions.letters_to_queue(at=letter.next_attempt_at) == [letter.pk]
        rests.append((letter.next_attempt_at - moment) // timedelta(minutes=1))
        moment = letter.next_attempt_at
    assert rests == [1, 5, 30, 120, 720]
    assert (letter.status, letter.attempts) == (LetterStatus.FAILED, 6)
    assert "450" in letter.error


def test_a_letter_that_kills_its_worker_comes_to_rest(post, at):
    letter = post("grants.receipt.1")
    Letter.objects.update(attempts=6, next_attempt_at=at)
    assert not actions.deliver(letter.pk, at=at)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.FAILED
    assert letter.error


def test_a_letter_sent_but_not_marked_is_sent_again_under_the_same_message_id(post, at, monkeypatch):
    """The worker dies between sending and marking: at least once, and recognisable."""
    letter = post("grants.receipt.1")

    class WorkerDied(BaseException):
        pass

    def die(*_args, **_options):
        raise WorkerDied

    with monkeypatch.context() as patch:
        patch.setattr("records.actions.letters._mark_sent", die)
        with pytest.raises(WorkerDied), transaction.atomic():
            actions.deliver(letter.pk, at=at)
    assert actions.deliver(letter.pk, at=at + timedelta(minutes=1))
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second


def test_a_letter_without_address_waits_to_be_printed(case, officer, post, at):
    letter = post("grants.receipt.1", case=case, to=[])
    assert not actions.deliver(letter.pk, at=at)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.FAILED
    assert actions.pdf_of(letter, at=at).content_type == "application/pdf"
    actions.mark_posted_on_paper(letter, at=at, by=officer)
    letter.refresh_from_db()
    assert (letter.status, letter.sent_by) == (LetterStatus.SENT, SentBy.POST)
    with pytest.raises(NotAllowedNow):
        actions.retry_letter(letter, at=at, by=officer)


def test_the_sweep_finds_what_the_broker_lost(post, at):
    letter = post("grants.receipt.1")
    staged = post("grants.decision.1", staged=True)
    assert actions.letters_to_queue(at=at + timedelta(minutes=1)) == []
    assert actions.letters_to_queue(at=at + timedelta(minutes=10)) == [letter.pk]
    assert actions.letters_to_queue(at=at + timedelta(minutes=11)) == []
    assert Letter.objects.get(pk=staged.pk).queued_at is None


@pytest.mark.django_db(transaction=True)
def test_the_action_succeeds_when_the_broker_is_down(post, at, caplog, a_broker_that_is_down):
    letter = post("grants.receipt.1")
    assert "Error calling" in caplog.text
    assert Letter.objects.get(pk=letter.pk).status == LetterStatus.WAITING
    assert actions.letters_to_queue(at=at + timedelta(minutes=10)) == [letter.pk]


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_told_after_commit_and_not_after_a_rollback(post, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "after_posting", [told.append])
    with transaction.atomic():
        letter = post("grants.receipt.1")
        assert told == []
    assert told == [letter.pk]
    with transaction.atomic():
        post("grants.receipt.2")
        transaction.set_rollback(True)
    assert told == [letter.pk]


@pytest.mark.parametrize(
    "change",
    [
        {"html": "<p>något annat</p>"},
        {"subject": "Något annat"},
        {"key": "annan"},
        {"status": LetterStatus.WAITING, "sent_at": None, "sent_by": ""},
        {"status": LetterStatus.DISCARDED, "sent_at": None, "sent_by": ""},
    ],
)
def test_a_sent_letter_stays_as_it_was_sent(post, at, change):
    actions.deliver(post("grants.receipt.1").pk, at=at)
    with pytest.raises(DatabaseError, match=r"Cannot|Invalid transition"), transaction.atomic():
        Letter.objects.update(**change)


def test_a_letter_is_never_deleted(post):
    post("grants.receipt.1")
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        Letter.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    "change",
    [
        {"status": LetterStatus.SENT},
        {"sent_by": SentBy.EMAIL},
        {"status": LetterStatus.FAILED},
    ],
)
def test_a_letter_says_how_it_was_sent_and_why_it_failed(post, change):
    post("grants.receipt.1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(**change)


def test_the_way_of_a_letter_is_kept_row_by_row(post, at):
    letter = post("grants.receipt.1")
    actions.deliver(letter.pk, at=at)
    assert list(letter.history.values_list("status", flat=True)) == ["sent"]


def test_the_pdf_is_accessible_and_made_once(case, post, at):
    letter = post("grants.receipt.1", case=case)
    stored = actions.pdf_of(letter, at=at)
    assert actions.pdf_of(letter, at=at) == stored
    reader = pypdf.PdfReader(io.BytesIO(actions.render_pdf(letter)))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "sv"
    assert reader.metadata.title == "Kvittens på er ansökan"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert b"<pdfuaid:part>1" in root["/Metadata"].get_data().replace(b'pdfuaid:part="1"', b"<pdfuaid:part>1")
    assert "Vi har tagit emot er ansökan." in reader.pages[0].extract_text()
    assert {"/H1", "/P"} <= set(_roles(root["/StructTreeRoot"]))
    assert all("/FontFile3" in font or "/FontFile2" in font for font in _fonts(reader))


def _roles(element):
    if isinstance(element, list):
        for child in element:
            yield from _roles(child.get_object())
    elif isinstance(element, dict):
        if "/S" in element:
            yield element["/S"]
        yield from _roles(element.get("/K", []))


def _fonts(reader):
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            yield font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]


@pytest.mark.parametrize("url", ["http://example.org/x.png", "file:///etc/passwd", "/static/../../etc/passwd", "data:text/css,x"])
def test_a_letter_opens_nothing_but_our_own_static_files(url, settings):
    with pytest.raises((ValueError, SuspiciousFileOperation), match="static"):
        open_static(settings.SITE_URL + url if url.startswith("/") else url)
