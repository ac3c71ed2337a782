"""What the municipality's staff do beyond one booking: series answered, several spaces closed, own use, faults."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from PIL import Image

from facilities import actions
from facilities.choices import BookingStatus, FaultStatus, UseKind, WaitingStatus
from facilities.models import Booking, FaultNote, FaultReport
from facilities.rules.series import Pattern
from records import storage
from records.models import Letter
from records.refusals import FileRefused, NotAllowedNow
from tests.facilities.conftest import AT, hours

MONDAYS = Pattern(date(2026, 5, 18), date(2026, 6, 8), 18 * 60, 20 * 60)


@pytest.fixture
def photo():
    """photo(name): a small JPEG that says where it was taken, as a phone would make it."""

    def make(name="IMG_1.jpg", size=(40, 30)):
        taken = BytesIO()
        exif = Image.Exif()
        exif[0x8825] = {1: "N", 2: (59.0, 19.0, 0.0)}
        exif[0x010F] = "Kameran"
        Image.new("RGB", size, "green").save(taken, "JPEG", exif=exif)
        return SimpleUploadedFile(name, taken.getvalue(), content_type="image/jpeg")

    return make


# --- requests ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(room, rules, association, tariff, alice):
    """A series of four times that waits for an answer."""
    rules(needs_approval=True)
    return actions.book_series(room, MONDAYS, actions.Wish(association=association), by=alice, at=AT)


def test_series_is_approved_with_one_letter(asked, staff):
    actions.approve(asked[0], by=staff, at=AT)
    approved = actions.approve_series(asked[0].series, by=staff, at=AT)
    assert len(approved) == 3
    assert set(Booking.objects.values_list("status", flat=True)) == {BookingStatus.CONFIRMED}
    letter = Letter.objects.get(key__startswith="facilities.series_approved.")
    assert letter.html.count("<li>") == 3
    with pytest.raises(NotAllowedNow) as refused:
        actions.refuse_series(asked[0].series, reason="Nej", by=staff, at=AT)
    assert refused.value.code == "answered"


def test_refused_series_says_why_and_goes_to_those_who_wait(asked, staff, room, other_association, stina):
    entry = actions.wait_for(room, asked[1].span, other_association, form="training", by=stina, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.refuse_series(asked[0].series, reason=" ", by=staff, at=AT)
    actions.refuse_series(asked[0].series, reason="Golvet läggs om", by=staff, at=AT)
    entry.refresh_from_db()
    assert entry.status == WaitingStatus.OFFERED
    assert "Golvet läggs om" in Letter.objects.get(key__startswith="facilities.series_refused.").html


# --- closing -----------------------------------------------------------------------------------------------------------------


def test_whole_venue_is_closed_at_once_and_parts_go_with_their_whole(tree, book, officer):
    booking = book(tree["1.1.2"], hours(10, 12))
    every = [tree["1"], tree["1.1"], tree["2"]]
    with pytest.raises(actions.Taken) as refused, transaction.atomic():
        actions.close_all(every, hours(8, 20), reason="Strömavbrott", by=officer, at=AT)
    assert [conflict.booking for conflict in refused.value.conflicts] == [booking.pk]
    closures, cancelled = actions.close_all(every, hours(8, 20), reason="Strömavbrott", by=officer, at=AT, seen=[booking.pk])
    assert ({closure.space for closure in closures}, len(cancelled)) == ({tree["1"], tree["2"]}, 1)


def test_booking_that_came_after_the_page_was_shown_is_not_cancelled_unseen(room, book, officer):
    seen, unseen = book(room, hours(10, 12)), book(room, hours(12, 14))
    with pytest.raises(actions.Taken), transaction.atomic():
        actions.close(room, hours(8, 20), reason="Vatten", by=officer, at=AT, cancelling=True, seen=[seen.pk])
    unseen.refresh_from_db()
    assert unseen.status == BookingStatus.CONFIRMED


def test_closing_takes_an_offer_back_and_opening_again_offers_anew(room, book, alice, other_association, stina, officer):
    booking = book(room, hours(10, 12))
    entry = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    actions.cancel(booking, by=alice, at=AT)
    entry.refresh_from_db()
    closure, _cancelled = actions.close(room, hours(8, 20), reason="Vatten", by=officer, at=AT, cancelling=True)
    with pytest.raises(NotAllowedNow) as refused:
        actions.take_offer(entry, by=stina, at=AT)
    assert refused.value.code == "offer_over"
    assert Letter.objects.filter(key=f"facilities.cancelled.{entry.booking_id}", to=[stina.email]).exists()
    second = actions.wait_for(room, hours(10, 12), other_association, form="training", by=stina, at=AT)
    actions.open_again(closure, by=officer, at=AT)
    second.refresh_from_db()
    assert second.status == WaitingStatus.OFFERED


# --- who came ----------------------------------------------------------------------------------------------------------------


def test_slip_of_the_finger_is_undone_with_its_fee(room, book, staff):
    booking = book(room, hours(10, 12))
    at = booking.ends_at
    cost = actions.cost_of_absence(booking)
    noted = actions.note_absence(booking, by=staff, at=at)
    assert noted.fee == (cost.amount if cost else 0)
    for _twice in range(2):
        undone = actions.take_back_note(noted, by=staff, at=at)
    assert (undone.arrived_at, undone.absent_at, undone.fee, undone.fee_lines) == (None, None, 0, [])
    first = actions.note_arrival(booking, by=staff, at=at).arrived_at
    assert actions.note_arrival(booking, by=staff, at=at + timedelta(minutes=5)).arrived_at == first


# --- the municipality's own use ------------------------------------------------------------------------------------------------


def test_own_use_again_and_again_costs_nothing_and_shows_what_is_in_the_way(room, book, staff):
    standing = book(room, hours(17, 18, day=7))
    with pytest.raises(actions.SeriesInTheWay) as refused, transaction.atomic():
        actions.take_series_for(room, MONDAYS, title="Simskola", by=staff, at=AT)
    assert [each.booking for day in refused.value.days for each in day.conflicts] == [standing.pk]
    taken = actions.take_series_for(room, MONDAYS, title="Simskola", by=staff, at=AT, skip=[date(2026, 5, 25)])
    assert [(each.kind, each.payable, each.on_behalf) for each in taken] == [(UseKind.OWN, 0, False)] * 3
    with pytest.raises(actions.Taken):
        book(room, hours(17, 18))


def test_own_use_is_only_for_staff(room, alice):
    with pytest.raises(NotAllowedNow):
        actions.take_series_for(room, MONDAYS, title="Simskola", by=alice, at=AT)


def test_look_tells_price_and_obstacles_and_holds_nothing(room, book, association, staff):
    standing = book(room, hours(10, 12))
    wish = actions.Wish(association=association, on_behalf=True, reason="Ringde")
    free = actions.look(room, hours(12, 14), wish, by=staff, at=AT)
    assert (free.is_free, free.booking.payable, free.booking.pk) == (True, 100, None)
    taken = actions.look(room, hours(11, 13), wish, by=staff, at=AT)
    assert [conflict.booking for conflict in taken.conflicts] == [standing.pk]
    assert Booking.objects.count() == 1


# --- faults ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fault(venue, room, alice, photo):
    return actions.report_fault(venue, "Lampan är trasig", space=room, by=alice, at=AT, upload=photo())


def test_photo_of_a_fault_does_not_tell_where_it_was_taken(fault):
    with storage.open_bytes(fault.photo.path) as content, Image.open(content) as image:
        assert not image.getexif()
    assert fault.photo.name == "bild.jpg"


def test_file_that_is_no_photo_is_refused(venue, alice):
    for content in (b"%PDF-1.7 hej", b"\xff\xd8\xff trasig"):
        with pytest.raises(FileRefused):
            actions.report_fault(venue, "Trasig", by=alice, at=AT, upload=SimpleUploadedFile("a.jpg", content))
    assert not FaultReport.objects.exists()


def test_fault_is_followed_and_its_reporter_answered_by_letter(fault, staff, alice):
    fault = actions.follow_fault(fault, to=FaultStatus.MENDING, answer="Ny lampa är beställd.", by=staff, at=AT)
    fault = actions.follow_fault(fault, to=FaultStatus.DONE, answer="", by=staff, at=AT + timedelta(days=1))
    assert (fault.status, fault.done_at) == (FaultStatus.DONE, AT + timedelta(days=1))
    letters = Letter.objects.filter(key__startswith="facilities.fault.").order_by("pk")
    assert [letter.to for letter in letters] == [[alice.email]] * 2
    assert "Ny lampa är beställd." in letters[0].html
    assert list(fault.notes.values_list("status", flat=True)) == ["open", "mending", "done"]
    reopened = actions.follow_fault(fault, to=FaultStatus.OPEN, answer="Trasig igen", by=staff, at=AT + timedelta(days=2))
    assert reopened.done_at is None


def test_fault_that_somebody_has_followed_further_says_so(fault, staff):
    actions.follow_fault(fault, to=FaultStatus.DONE, answer="", by=staff, at=AT)
    with pytest.raises(NotAllowedNow) as refused:
        actions.follow_fault(fault, to=FaultStatus.MENDING, answer="", by=staff, at=AT)
    assert refused.value.code == "moved_on"
    with pytest.raises(NotAllowedNow):
        actions.follow_fault(fault, to=FaultStatus.DONE, answer=" ", by=staff, at=AT)


def test_space_is_closed_while_the_fault_is_mended_and_opened_when_it_is(fault, room, book, staff):
    booking = book(room, hours(10, 12))
    with pytest.raises(actions.Taken), transaction.atomic():
        actions.close_for_fault(fault, room, hours(8, 20), by=staff, at=AT)
    assert actions.close_for_fault(fault, room, hours(8, 20), by=staff, at=AT, seen=[booking.pk]) == [
        Booking.objects.get(pk=booking.pk)
    ]
    fault.refresh_from_db()
    with pytest.raises(NotAllowedNow):
        actions.close_for_fault(fault, room, hours(8, 20), by=staff, at=AT)
    assert fault.closure.kind == UseKind.CLOSURE
    actions.follow_fault(fault, to=FaultStatus.DONE, answer="", by=staff, at=AT)
    book(room, hours(10, 12))


def test_only_staff_follow_faults_and_everybody_sees_their_own(fault, alice, stina, staff, officer):
    with pytest.raises(NotAllowedNow):
        actions.follow_fault(fault, to=FaultStatus.DONE, answer="", by=alice, at=AT)
    seen = [FaultReport.objects.visible_to(user).count() for user in (alice, stina, staff, officer)]
    assert seen == [1, 0, 1, 1]


def test_nobody_reports_without_end(venue, alice, staff):
    for person, most in ((alice, 10), (staff, 12)):
        for number in range(most):
            actions.report_fault(venue, f"Fel {number}", by=person, at=AT)
    with pytest.raises(NotAllowedNow) as refused:
        actions.report_fault(venue, "Ett till", by=alice, at=AT)
    assert refused.value.code == "too_many"
    actions.report_fault(venue, "Ett till", by=alice, at=AT + timedelta(days=1))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"what": ""}, "fault_says_what"),
        ({"status": FaultStatus.DONE}, "fault_mended_has_its_time"),
        ({"done_at": AT}, "fault_mended_has_its_time"),
        ({"status": FaultStatus.DONE, "done_at": AT - timedelta(days=1)}, "fault_mended_after_it_was_reported"),
    ],
)
def test_what_must_be_true_of_a_fault_is_kept_by_the_database(fault, fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        FaultReport.objects.filter(pk=fault.pk).update(**fields)


def test_steps_of_a_fault_stay_as_they_were_written(fault):
    with pytest.raises(DatabaseError, match="fault_note_stays"), transaction.atomic():
        FaultNote.objects.update(text="Något annat")
    with pytest.raises(DatabaseError, match="fault_is_never_deleted"), transaction.atomic():
        FaultReport.objects.all()._raw_delete("default")


# --- letters -----------------------------------------------------------------------------------------------------------------


def test_many_cancelled_times_are_one_letter_to_each_hirer(room, book, alice, stina, other_association, officer):
    mine = [book(room, hours(start, start + 1)) for start in (8, 9, 10)]
    book(room, hours(12, 13), by=stina, association=other_association)
    actions.close(room, hours(6, 20), reason="Vatten", by=officer, at=AT, cancelling=True)
    letters = Letter.objects.filter(key__contains="cancelled").order_by("key")
    assert [(letter.key.split(".")[1], letter.to) for letter in letters] == [
        ("cancelled", [stina.email]),
        ("times_cancelled", [alice.email]),
    ]
    assert letters[1].html.count("<li>") == len(mine)
    assert "Vatten" in letters[1].html


def test_rest_of_a_series_cancelled_late_is_one_letter_with_the_sum(room, association, tariff, alice):
    series = actions.book_series(room, MONDAYS, actions.Wish(association=association), by=alice, at=AT)
    actions.cancel_rest(series[0], by=alice, at=series[0].starts_at - timedelta(hours=20))
    letter = Letter.objects.get(key__startswith="facilities.times_cancelled.")
    assert letter.html.count("<li>") == 4
    assert "Ni betalar 100\u00a0kr eftersom tider avbokades sent." in letter.html


def test_letter_of_a_booking_counts_the_price_with_the_rule_of_each_line(room, book):
    booking = book(room, hours(10, 12))
    html = Letter.objects.get(key=f"facilities.booked.{booking.pk}").html
    assert [f"<code>{line['rule']}</code>" in html for line in booking.lines] == [True, True]
    assert "200\u00a0kr" in html
    assert "100\u00a0kr</td></tr></tfoot>" in html


def test_letter_of_a_series_says_what_a_time_and_all_times_cost(room, association, tariff, alice):
    actions.book_series(room, MONDAYS, actions.Wish(association=association), by=alice, at=AT)
    letter = Letter.objects.get(key__startswith="facilities.series.")
    assert "Vad varje tid kostar" in letter.html
    assert "Alla tider kostar tillsammans 400\u00a0kr." in letter.html
