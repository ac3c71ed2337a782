"""Files people hand in: typed by content, bounded in size, checked for viruses, opened by those who may and by nobody else."""

import io
import os
import threading
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from records import actions, filing, registry, storage
from records.choices import ScanStatus
from records.filetypes import IMAGES, PDF
from records.forms import DocumentField
from records.models import Letter, StoredFile
from records.refusals import FileRefused
from tests.records.servers import EICAR

PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG_BYTES = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
JPEG_BYTES = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00C\x00"
WEBP_BYTES = b"RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x000\x01\x00\x9d\x01\x2a\x01\x00\x01\x00"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def archive(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr({"types": "[Content_Types].xml"}.get(name, name.replace("__", "/")), text)
    return content.getvalue()


def office(kind, **parts):
    return archive(types=f'<Types><Override PartName="/x.xml" ContentType="{kind}"/></Types>', **parts)


def upload(content, name="bilaga.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def on_disk(files_root):
    return [path for path in files_root.rglob("*") if path.is_file()]


@pytest.fixture
def store(db, at):
    def receive(content=PDF_BYTES, name="bilaga.pdf", **options):
        return filing.store_file(upload(content, name), at=at, **options)

    return receive


@pytest.mark.parametrize(
    ("content", "name", "extension"),
    [
        (PDF_BYTES, "årsmöte.pdf", ".pdf"),
        (PNG_BYTES, "bild.png", ".png"),
        (JPEG_BYTES, "bild.jpeg", ".jpg"),
        (WEBP_BYTES, "bild.webp", ".webp"),
        (office(WORD, word__document="<w/>"), "plan.docx", ".docx"),
        (office(EXCEL), "budget.xlsx", ".xlsx"),
        (archive(mimetype="application/vnd.oasis.opendocument.text"), "plan.odt", ".odt"),
        (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "budget.ods", ".ods"),
    ],
)
def test_documents_and_pictures_are_received_by_their_content(store, files_root, content, name, extension):
    stored = store(content, "vad-som-helst.bin")
    assert stored.name == "vad-som-helst.bin" + extension
    assert store(content, name).name.rpartition(".")[0] == name.rpartition(".")[0]
    with storage.open_bytes(stored.path) as kept:
        assert kept.read() == content
    assert stored.size == len(content)
    assert oct((files_root / stored.path).stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script></html>", "type"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "type"),
        (b"#!/bin/sh\nrm -rf /\n", "type"),
        (b"MZ" + bytes(200), "type"),
        (b"hej " + PDF_BYTES, "type"),
        (archive(readme="hej"), "type"),
        (archive(mimetype="application/epub+zip"), "type"),
        (b"PK\x03\x04" + bytes(100), "type"),
        (office(WORD, word__vbaProject_bin="x").replace(b"vbaProject_bin", b"vbaProject.bin"), "macros"),
        (office("application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        (archive(mimetype="application/vnd.oasis.opendocument.text", Basic__Standard="x"), "macros"),
    ],
)
def test_other_files_are_refused_with_a_sentence_and_leave_nothing(store, files_root, content, code):
    with pytest.raises(FileRefused) as refused:
        store(content, "faktura.pdf")
    assert refused.value.code == code
    assert str(refused.value).endswith(".")
    assert on_disk(files_root) == []
    assert not StoredFile.objects.exists()


def test_an_archive_with_a_huge_directory_is_refused_before_it_is_listed(store):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("[Content_Types].xml", f'<Types ContentType="{WORD}"/>')
        for number in range(20_000):
            file.writestr(f"{number:010d}", "")
    with pytest.raises(FileRefused) as refused:
        store(content.getvalue())
    assert refused.value.code == "type"


def test_a_stream_that_is_too_large_is_cut_off_and_leaves_nothing(db, at, files_root):
    class Endless:
        name = "stor.pdf"
        given = 0

        def chunks(self):
            while True:
                self.given += 64_000
                yield b"%PDF-1.7" + bytes(63_992)

    stream = Endless()
    with pytest.raises(FileRefused, match=r"1 MB") as refused:
        filing.store_file(stream, at=at, max_size=1_000_000)
    assert refused.value.code == "too_large"
    assert stream.given <= 1_100_000
    assert on_disk(files_root) == []


def test_only_the_kinds_that_are_asked_for_are_received(store):
    with pytest.raises(FileRefused, match="JPEG, PNG, WebP"):
        store(PDF_BYTES, allowed=IMAGES)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Mina dokument\Årsmöte 2026.PDF", "Årsmöte 2026.pdf"),
        ("faktura.pdf.exe", "faktura.pdf.exe.pdf"),
        ("faktura\u202efdp.exe", "fakturafdp.exe.pdf"),
        ("rad\nbrytning\t.pdf", "radbrytning.pdf"),
        ('"><script>.pdf', "script.pdf"),
        ("a\u030arsplan.pdf", "årsplan.pdf"),
        ("...", "fil.pdf"),
        ("", "fil.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(given, kept):
    assert storage.clean_name(given, ".pdf") == kept


def test_the_form_field_says_what_is_wrong_before_anything_is_saved(files_root):
    field = DocumentField(allowed={PDF}, max_size=1_000_000)
    assert field.clean(upload(PDF_BYTES)).read() == PDF_BYTES
    for content, code in [(b"<html></html>", "type"), (PDF_BYTES + bytes(1_000_000), "too_large"), (b"", "empty")]:
        with pytest.raises(Exception) as wrong:  # noqa: PT011
            field.clean(upload(content))
        assert wrong.value.code == code
    assert on_disk(files_root) == []
    assert field.widget.attrs["accept"] == ".pdf"
    assert str(field.help_text) in {"PDF. Högst 1 MB.", "PDF. At most 1 MB."}


def test_without_a_scanner_a_file_is_readable_and_said_to_be_unchecked(store):
    stored = store()
    assert (stored.scan, stored.is_readable) == (ScanStatus.UNSCANNED, True)


def test_a_clean_file_becomes_readable(scanner, store, at):
    stored = store()
    assert (stored.scan, stored.is_readable) == (ScanStatus.WAITING, False)
    assert actions.scan_file(stored.pk, at=at) == ScanStatus.CLEAN
    stored.refresh_from_db()
    assert stored.is_readable
    assert actions.scan_file(stored.pk, at=at) is None
    assert scanner.scanned == 1


def test_eicar_is_quarantined_and_whoever_sent_it_is_mailed(scanner, case, store, applicant, officer, sign_in, at):
    """Case 17. Quarantined, not downloadable by anyone, the applicant is mailed."""
    stored = store(PDF_BYTES + EICAR, "bilaga.pdf", case=case, by=applicant)
    assert actions.scan_file(stored.pk, at=at) == ScanStatus.INFECTED
    for user in (applicant, officer):
        response = sign_in(user).get(stored.get_absolute_url())
        assert response.status_code == 403
        assert EICAR not in response.content
    letter = Letter.objects.get(key=f"records.infected.{stored.pk}")
    assert (letter.to, letter.case) == ([applicant.email], case)
    assert "bilaga.pdf" in letter.html
    assert case.events.filter(verb="records.file_infected").exists()


def test_a_room_that_tells_the_sender_itself_saves_them_a_second_letter(scanner, store, applicant, at, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "file_infected", [lambda file, at: told.append(file.pk) or True])
    stored = store(PDF_BYTES + EICAR, by=applicant)
    actions.scan_file(stored.pk, at=at)
    assert told == [stored.pk]
    assert not Letter.objects.exists()


def test_with_the_scanner_down_a_file_is_received_but_opened_by_nobody(settings, case, store, applicant, officer, sign_in, at):
    """Case 17. Scanner down: 'väntar på kontroll', handing in is allowed, the assessor cannot open."""
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    stored = store(case=case, by=applicant)
    assert actions.scan_file(stored.pk, at=at) is None
    assert actions.files_to_scan() == []
    for user in (applicant, officer):
        response = sign_in(user).get(stored.get_absolute_url())
        assert response.status_code == 409
        assert "viruskontroll" in response.content.decode()
    stored.refresh_from_db()
    assert stored.scan == ScanStatus.WAITING


def test_the_sweep_finds_waiting_files_once_the_scanner_is_up_again(settings, scanner, store, at):
    address, settings.CLAMAV_ADDRESS = settings.CLAMAV_ADDRESS, "127.0.0.1:1"
    stored = store()
    settings.CLAMAV_ADDRESS = address
    assert actions.files_to_scan() == [stored.pk]
    settings.CLAMAV_ADDRESS = ""
    assert actions.files_to_scan() == [stored.pk]
    assert actions.scan_file(stored.pk, at=at) == ScanStatus.UNSCANNED


def test_a_file_larger_than_the_scanner_takes_stays_waiting(scanner, store, at):
    scanner.limit = 10
    assert actions.scan_file(store().pk, at=at) is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_scan_a_file_once(scanner, store, at):
    stored, found = store(), []

    def work():
        found.append(actions.scan_file(stored.pk, at=at))
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(ScanStatus.CLEAN) == 1
    assert scanner.scanned == 1


def test_a_file_is_served_as_a_download_that_cannot_run(case, store, officer, sign_in):
    stored = store(name="Årsmöte.pdf", case=case)
    response = sign_in(officer).get(stored.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF_BYTES
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%85rsm%C3%B6te.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_a_file_of_a_case_is_read_by_those_who_read_the_case(case, store, officer, auditor, applicant, stranger, sign_in, client):
    stored = store(case=case)
    codes = {
        user.name: sign_in(user).get(stored.get_absolute_url()).status_code for user in (officer, auditor, applicant, stranger)
    }
    assert codes == {officer.name: 200, auditor.name: 200, applicant.name: 200, stranger.name: 404}
    assert client.get(stored.get_absolute_url()).status_code == 302


def test_an_internal_file_is_not_read_by_the_party(case, store, officer, applicant, sign_in):
    stored = store(case=case, internal=True)
    assert sign_in(officer).get(stored.get_absolute_url()).status_code == 200
    assert sign_in(applicant).get(stored.get_absolute_url()).status_code == 404


def test_a_file_without_a_case_is_read_by_those_a_room_opens_it_to(store, officer, stranger, sign_in, monkeypatch):
    stored = store(by=stranger)
    assert sign_in(stranger).get(stored.get_absolute_url()).status_code == 404
    monkeypatch.setattr(registry, "file_openings", [lambda user: Q(by=user)])
    assert sign_in(stranger).get(stored.get_absolute_url()).status_code == 200
    assert sign_in(officer).get(stored.get_absolute_url()).status_code == 404


def test_reading_a_marked_file_is_noted_and_reading_others_is_not(case, store, officer, sign_in, at):
    stored = store(case=case)
    sign_in(officer).get(stored.get_absolute_url())
    assert not case.events.filter(verb="records.file_read").exists()
    filing.mark_secret(stored, ground="OSL 21:7", at=at, by=officer)
    sign_in(officer).get(stored.get_absolute_url())
    assert case.events.get(verb="records.file_read").by == officer


def test_a_draft_is_deleted_and_a_register_document_is_not(case, store, at):
    draft, filed = store(), store()
    filing.file_in(case, [filed], at=at)
    draft.delete()
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        StoredFile.objects.filter(pk=filed.pk)._raw_delete("default")
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        StoredFile.objects.filter(pk=filed.pk).update(sha256="0" * 64)


def test_bytes_that_nobody_owns_are_removed_after_a_day(store, files_root, at):
    kept = store()
    lost, _sha256 = storage.keep(b"utan rad")
    fresh, _sha256 = storage.keep(b"nyss kommen")
    old = (at - timedelta(days=2)).timestamp()
    for path in (kept.path, lost):
        os.utime(files_root / path, (old, old))
    os.utime(files_root / fresh, (at.timestamp(), at.timestamp()))
    assert actions.remove_orphans(at=at) == 1
    assert actions.remove_orphans(at=at) == 0
    assert {f"{path.parent.name}/{path.name}" for path in on_disk(files_root)} == {kept.path, fresh}


def test_a_two_gigabyte_upload_is_refused_before_it_is_read(client, officer, files_root):
    class Body(io.RawIOBase):
        read_so_far = 0

        def read(self, size=-1):
            self.read_so_far += size
            return bytes(size)

    body = Body()
    client.force_login(officer)
    response = client.generic("POST", "/", b"", CONTENT_LENGTH=str(2 * 10**9), **{"wsgi.input": body})
    assert response.status_code == 413
    assert "högst 20 MB" in response.content.decode()
    assert body.read_so_far <= 65 * 1024 * 1024
    assert on_disk(files_root) == []
