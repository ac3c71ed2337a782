"""Large files of attendance: kept by the request, read and written by the worker, begun again when it dies, gone afterwards."""

import io
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from associations import actions
from associations.actions.attendance_worker import MOST_ATTEMPTS, SILENT
from associations.choices import FileStatus
from associations.exchange.dak import MAX_BYTES
from associations.models import ActivityGroup, ActivitySession, AttendanceImport, Participant
from records.actions import remove_orphans
from records.filing import FileRefused, NotAllowedNow
from records.models import Event
from tests.associations import dak


@pytest.fixture(autouse=True)
def everything_is_large(settings):
    settings.ATTENDANCE_AT_ONCE = 0
    settings.ATTENDANCE_WRITTEN_AT_ONCE = 0


@pytest.fixture
def hand_in(association, alice, at):
    def send(text, *, name="fil.xml"):
        content = text if isinstance(text, bytes) else text.encode()
        return actions.hand_in_attendance(association, name=name, file=io.BytesIO(content), by=alice, at=at)

    return send


@pytest.fixture
def clock(at):
    """A clock that ticks two seconds each time somebody looks at it."""

    class Clock:
        now = at

        def __call__(self):
            self.now += timedelta(seconds=2)
            return self.now

    return Clock()


def kept_files(settings):
    return [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]


def again(upload):
    return AttendanceImport.objects.get(pk=upload.pk)


@pytest.fixture
def read(at, clock):
    def run(upload):
        return actions.read_attendance(upload.pk, at=at, clock=clock)

    return run


def many(sessions=60, wrong=()):
    people = dak.person("p1", dak.number(2014)) + dak.person("p2", dak.number(2013, 4))
    led = dak.person("l1", dak.number(1985, 9), kind="Ledare")
    rows = [
        dak.session(
            f"A-{n}", day="fel" if n in wrong else f"2026-03-{n % 28 + 1:02d}", starts=f"{8 + n // 28:02d}:00:00",
            stops=f"{9 + n // 28:02d}:00:00", people=("p1", "p2"), leaders=("l1",),
        )
        for n in range(sessions)
    ]  # fmt: skip
    return dak.whole(dak.card(*rows), people=people, leaders=led)


# the request ------------------------------------------------------------------------------------------------------------


def test_a_small_file_is_read_at_once(hand_in, settings):
    settings.ATTENDANCE_AT_ONCE = 1_000_000
    kept = hand_in(dak.usual())
    assert (kept.status, kept.path, kept.report["plan"]["new"]) == (FileStatus.PREVIEWED, "", 1)
    assert kept_files(settings) == []


def test_a_large_file_is_kept_and_not_read(hand_in, settings):
    kept = hand_in(dak.usual())
    assert (kept.status, bytes(kept.content), kept.report) == (FileStatus.WAITING, b"", {})
    (stored,) = kept_files(settings)
    assert stored.read_text() == dak.usual()
    assert stored.stat().st_mode & 0o077 == 0


BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (dak.usual(head=BOMB).replace("Barn1", "&b;"), "doctype"),
        (dak.usual(head='<?xml version="1.0"?>' + BOMB).encode("utf-16"), "doctype"),
        (dak.usual(municipality="2480"), "elsewhere"),
        ("<a>" + "x" * 100_000, "not_dak"),
        ("<!-- " + "x" * 100_000, "not_dak"),
        (dak.usual() + " " * MAX_BYTES, "too_large"),
        (b"%PDF-1.4", "type"),
        (b"a;b\n" * 3_000_000, "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_what_the_first_lines_tell_is_refused_at_once_and_nothing_is_kept(hand_in, settings, text, code):
    with pytest.raises(FileRefused) as refused:
        hand_in(text)
    assert refused.value.code == code
    assert kept_files(settings) == []
    assert not AttendanceImport.objects.exists()


def test_a_stranger_hands_in_nothing(association, stranger, at, settings):
    with pytest.raises(NotAllowedNow):
        actions.hand_in_attendance(association, name="x", file=io.BytesIO(dak.usual().encode()), by=stranger, at=at)
    assert kept_files(settings) == []


def test_the_next_file_takes_the_place_of_one_that_waits(hand_in, settings, django_capture_on_commit_callbacks):
    first = hand_in(dak.usual())
    with django_capture_on_commit_callbacks(execute=True):
        second = hand_in(many())
    assert (again(first).status, again(first).path) == (FileStatus.DISCARDED, "")
    assert [path.name for path in kept_files(settings)] == [Path(second.path).name]


# the worker: reading ----------------------------------------------------------------------------------------------------


def test_the_worker_reads_what_a_request_would_have_read(hand_in, read, settings, association, alice, at):
    text = many(wrong=(3, 50))
    kept = hand_in(text)
    assert read(kept)
    same = actions.upload_attendance(association, name="fil.xml", file=io.BytesIO(text.encode()), by=alice, at=at)
    kept = again(kept)
    assert kept.status == FileStatus.DISCARDED  # by the upload above, which read the same
    kept = hand_in(text)
    assert read(kept)
    kept = again(kept)
    assert (kept.status, kept.report, bytes(kept.content)) == (FileStatus.PREVIEWED, same.report, bytes(same.content))
    assert [note[2] for note in kept.report["notes"]] == ["day", "day"]


def test_afterwards_the_stored_file_is_gone(hand_in, read, settings, django_capture_on_commit_callbacks):
    kept = hand_in(dak.usual())
    with django_capture_on_commit_callbacks(execute=True):
        read(kept)
    assert (kept_files(settings), again(kept).path) == ([], "")


def test_a_second_worker_finds_nothing_to_read(hand_in, read):
    kept = hand_in(dak.usual())
    assert read(kept)
    assert read(kept) is False


def test_a_file_that_turns_out_damaged_is_told_with_its_line_and_not_kept(
    hand_in, read, settings, django_capture_on_commit_callbacks
):
    text = many(150).replace("</LedarRegister>", "</DeltagarRegister>")
    kept = hand_in(text)
    with django_capture_on_commit_callbacks(execute=True):
        assert read(kept) is False
    kept = again(kept)
    assert kept.status == FileStatus.FAILED
    assert f"rad {len(text.splitlines()) - 1} " in kept.error
    assert (kept_files(settings), bytes(kept.content), kept.report) == ([], b"", {})


def test_how_far_it_has_come_is_told_while_it_reads(hand_in, at, settings):
    kept = hand_in(many(400, wrong=(1,)))
    seen = []

    def watching():
        seen.append(AttendanceImport.objects.values_list("status", "progress").get(pk=kept.pk))
        return at + timedelta(seconds=2 * len(seen))

    assert actions.read_attendance(kept.pk, at=at, clock=watching)
    told = [progress for status, progress in seen if progress]
    assert {status for status, _progress in seen} == {FileStatus.READING}
    assert [each["done"] for each in told] == sorted(each["done"] for each in told)
    assert 0 < told[0]["done"] < told[-1]["done"] <= told[-1]["of"]
    assert (told[-1]["refused"], told[-1]["sessions"] > 300) == (1, True)


def test_a_worker_that_dies_is_begun_again_and_nothing_is_twice(hand_in, read, at, settings):
    kept = hand_in(many(400))

    class Died(BaseException):
        pass

    def dying():
        raise Died

    with pytest.raises(Died):
        actions.read_attendance(kept.pk, at=at, clock=dying)
    assert again(kept).status == FileStatus.READING
    assert actions.attendance_in_line(at=at + SILENT) == ([], [])  # it may still be at work
    assert actions.attendance_in_line(at=at + SILENT + timedelta(seconds=1)) == ([kept.pk], [])
    assert read(kept)
    assert again(kept).report["plan"]["new"] == 400


def test_a_file_that_kills_each_worker_fails_in_the_end(hand_in, at, settings, django_capture_on_commit_callbacks):
    kept = hand_in(dak.usual())
    later = at
    for _attempt in range(MOST_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            actions.read_attendance(kept.pk, at=later, clock=lambda: 1 / 0)
        later += 2 * SILENT
        with django_capture_on_commit_callbacks(execute=True):
            line = actions.attendance_in_line(at=later)
    assert line == ([], [])
    assert (again(kept).status, again(kept).error[:12]) == (FileStatus.FAILED, "Läsningen br")
    assert kept_files(settings) == []


def test_a_slow_worker_that_was_taken_for_dead_writes_nothing(hand_in, read, at):
    kept = hand_in(many(400))

    def overtaken():
        AttendanceImport.objects.filter(pk=kept.pk).update(attempts=2)
        return at + timedelta(seconds=5)

    assert actions.read_attendance(kept.pk, at=at, clock=overtaken) is False
    assert again(kept).status == FileStatus.READING


def test_a_file_thrown_away_while_it_is_read_is_left(hand_in, alice, at, settings, django_capture_on_commit_callbacks):
    kept = hand_in(many(400))

    def thrown_away():
        if again(kept).status == FileStatus.READING:
            actions.discard_attendance(kept, by=alice, at=at)
        return at + timedelta(seconds=5)

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.read_attendance(kept.pk, at=at, clock=thrown_away) is False
    assert again(kept).status == FileStatus.DISCARDED
    assert kept_files(settings) == []


def test_a_file_that_waits_is_not_tidied_away_but_one_without_a_row_is(hand_in, at, settings):
    kept = hand_in(dak.usual())
    stray = Path(settings.FILES_ROOT) / "ab" / "abcdef"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"x")
    remove_orphans(at=at + timedelta(days=4000))
    assert [path.name for path in kept_files(settings)] == [Path(kept.path).name]


def test_when_the_stored_file_is_lost_the_person_is_told(hand_in, read, settings):
    kept = hand_in(dak.usual())
    for path in kept_files(settings):
        path.unlink()
    assert read(kept) is False
    assert "finns inte längre kvar" in again(kept).error


def test_a_stored_file_belongs_to_one_that_waits(hand_in, read):
    kept = hand_in(dak.usual())
    read(kept)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceImport.objects.filter(pk=kept.pk).update(path="ab/cd")
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceImport.objects.filter(pk=kept.pk).update(status=FileStatus.CONFIRMED)


# the worker: writing ----------------------------------------------------------------------------------------------------


@pytest.fixture
def confirmed(hand_in, read, alice, at):
    def run(text):
        kept = hand_in(text)
        read(kept)
        return actions.confirm_attendance(kept, by=alice, at=at)

    return run


def test_a_large_file_is_written_by_the_worker_once(confirmed, at, alice):
    kept = confirmed(many())
    assert (kept.status, ActivitySession.objects.count()) == (FileStatus.CONFIRMED, 0)
    assert actions.write_attendance(kept.pk, at=at)
    assert (again(kept).status, ActivitySession.objects.count()) == (FileStatus.APPLIED, 60)
    assert ActivitySession.objects.filter(saved_by=alice).count() == 60
    assert actions.write_attendance(kept.pk, at=at) is False
    with pytest.raises(NotAllowedNow):
        actions.confirm_attendance(kept, by=alice, at=at)


def test_the_same_large_file_twice_changes_nothing(confirmed, at):
    actions.write_attendance(confirmed(many()).pk, at=at)
    before = [list(rows.objects.order_by("pk").values()) for rows in (ActivitySession, Participant, ActivityGroup)]
    events = Event.objects.count()
    second = confirmed(many())  # nothing to write: done at once
    assert (second.status, second.report["plan"]["unchanged"]) == (FileStatus.APPLIED, 60)
    assert before == [list(rows.objects.order_by("pk").values()) for rows in (ActivitySession, Participant, ActivityGroup)]
    assert Event.objects.count() == events


def test_a_worker_that_dies_while_it_writes_leaves_nothing_and_is_begun_again(confirmed, at):
    kept = confirmed(many())
    with suppress(SystemExit), transaction.atomic():
        actions.write_attendance(kept.pk, at=at)
        raise SystemExit  # the worker dies with its transaction open
    assert (ActivitySession.objects.count(), again(kept).status) == (0, FileStatus.CONFIRMED)
    assert actions.attendance_in_line(at=at) == ([], [kept.pk])
    assert actions.write_attendance(kept.pk, at=at)
    assert ActivitySession.objects.count() == 60


def test_what_cannot_be_written_after_some_attempts_is_given_up(confirmed, at):
    kept = confirmed(many())
    AttendanceImport.objects.filter(pk=kept.pk).update(attempts=MOST_ATTEMPTS, heartbeat_at=at)
    assert actions.write_attendance(kept.pk, at=at) is False
    assert actions.attendance_in_line(at=at + 2 * SILENT) == ([], [])
    assert (again(kept).status, bytes(again(kept).content)) == (FileStatus.FAILED, b"")


def test_what_is_on_its_way_to_be_written_is_not_thrown_away(confirmed, alice, at):
    kept = confirmed(many())
    with pytest.raises(NotAllowedNow):
        actions.discard_attendance(kept, by=alice, at=at)


# the pages --------------------------------------------------------------------------------------------------------------


def test_the_page_follows_a_large_file_from_line_to_card(sign_in, alice, association, read, at, settings):
    client = sign_in(alice)
    upload = SimpleUploadedFile("hosten.xml", many(wrong=(5,)).encode(), content_type="text/xml")
    page = client.post(reverse("associations:attendance_file", args=[association.pk]), {"file": upload}, follow=True)
    assert "läses vid sidan av" in page.content.decode()
    kept = AttendanceImport.objects.get()
    url = reverse("associations:attendance_preview", args=[association.pk, kept.pk])
    AttendanceImport.objects.update(
        status="reading", progress={"done": 5, "of": 9, "sessions": 31, "participations": 62, "refused": 1}
    )
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "Hittills 31 sammankomster och 62 deltagartillfällen; 1 rad tas inte in." in part
    assert '<progress class="progress" max="9" value="5"' in part
    assert "<html" not in part
    AttendanceImport.objects.update(status="waiting")
    read(kept)
    assert client.get(url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "En rad tas inte in" in client.get(url).content.decode()
    written = client.post(url, follow=True).content.decode()
    assert "skrivs in på korten" in written
    actions.write_attendance(kept.pk, at=at)
    assert "Nya sammankomster" in client.get(url).content.decode()


def test_a_file_that_failed_says_why_and_what_to_do(sign_in, alice, association, hand_in, read):
    kept = hand_in(many(150).replace("</LedarRegister>", "</DeltagarRegister>"))
    read(kept)
    page = sign_in(alice).get(reverse("associations:attendance_preview", args=[association.pk, kept.pk])).content.decode()
    assert "skadad på rad" in page
    assert "Inget har ändrats" in page
    assert reverse("associations:attendance_file", args=[association.pk]) in page
    listed = sign_in(alice).get(reverse("associations:attendance_file", args=[association.pk])).content.decode()
    assert "Kunde inte läsas" in listed
