"""Faults through their pages: reported, followed, answered, the space closed meanwhile."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from facilities import actions
from facilities.actions.faults import count_old_photos, dispose_of_photos
from facilities.choices import BookingStatus, FaultStatus
from facilities.models import Booking, FaultReport
from records.models import Letter
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


def photo():
    taken = BytesIO()
    Image.new("RGB", (40, 30), "green").save(taken, "JPEG")
    return SimpleUploadedFile("IMG_1.jpg", taken.getvalue(), content_type="image/jpeg")


@pytest.fixture
def fault(venue, room, alice):
    return actions.report_fault(venue, "Lampan är trasig", space=room, by=alice, at=AT)


def test_hirer_reports_a_fault_with_a_photo_and_follows_it(sign_in, alice, stina, staff, venue, room):
    client = sign_in(alice)
    assert "Hallen" in text_of(client.get(page("fault_report")))
    url = page("fault_report", space=room.pk)
    assert f'value="{room.pk}" selected' in client.get(url).content.decode()
    sent = {"space": room.pk, "what": "Lampan är trasig", "is_danger": "on", "photo": photo()}
    response = client.post(url, sent, follow=True)
    fault = FaultReport.objects.get()
    assert (fault.space, fault.is_danger, fault.reported_by) == (room, True, alice)
    assert "Tack. Felet är anmält" in text_of(response)
    assert fault.photo.get_absolute_url() in response.content.decode()
    for person, status in ((alice, 200), (staff, 200), (stina, 404)):
        assert sign_in(person).get(fault.photo.get_absolute_url()).status_code == status
    assert "Lampan är trasig" in text_of(client.get(page("own_faults")))
    assert "inte anmält något" in text_of(sign_in(stina).get(page("own_faults")))


def test_fault_of_a_booking_is_reported_by_those_who_have_it(sign_in, alice, stina, room, book):
    booking = book(room, hours(10, 12))
    url = page("fault_report", booking=booking.pk)
    assert sign_in(stina).get(url).status_code == 404
    sign_in(alice).post(url, {"space": room.pk, "what": "Målet saknas"})
    assert FaultReport.objects.get().booking == booking


@pytest.mark.parametrize(
    ("query", "status"), [({"venue": "finns-inte"}, 404), ({"space": "x"}, 404), ({"booking": "9" * 30}, 404), ({}, 200)]
)
def test_place_that_is_not_there(sign_in, alice, venue, query, status):
    assert sign_in(alice).get(page("fault_report", **query)).status_code == status


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"what": ""}, "Vad är trasigt?"),
        ({"photo": SimpleUploadedFile("a.jpg", b"%PDF-1.7")}, "kan inte tas emot"),
        ({"photo": SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 trasig")}, "Bilden kan inte läsas"),
        ({"space": "999999"}, "Var?"),
    ],
)
def test_what_is_wrong_with_a_report_is_said_and_the_text_stays(sign_in, alice, venue, wrong, words):
    sent = {"what": "Lampan är trasig", **wrong}
    response = sign_in(alice).post(page("fault_report", venue=venue.key), sent)
    assert response.status_code == 422
    if "space" not in wrong:
        assert words in text_of(response)
    assert not FaultReport.objects.exists()
    assert wrong.get("what") == "" or "Lampan är trasig" in response.content.decode()


def test_fault_is_followed_and_the_answer_is_a_letter(sign_in, staff, alice, fault):
    client, url = sign_in(staff), page("fault", fault.pk)
    assert client.post(url, {"to": "open", "answer": ""}).status_code == 422
    assert client.post(url, {"to": "flown", "answer": ""}).status_code == 422
    client.post(url, {"to": "mending", "answer": "Lampan är beställd."})
    client.post(url, {"to": "done", "answer": ""})
    fault.refresh_from_db()
    assert fault.status == FaultStatus.DONE
    assert Letter.objects.filter(key__startswith="facilities.fault.", to=[alice.email]).count() == 2
    text = text_of(sign_in(alice).get(url))
    assert "Lampan är beställd." in text
    assert "Åtgärdat" in text
    assert "Följ upp felet" not in text
    assert sign_in(alice).post(url, {"to": "open", "answer": "Nej"}).status_code == 404


def test_space_is_closed_for_the_fault_after_what_stands_there_is_shown(sign_in, staff, fault, room, book):
    booking = book(room, hours(10, 12), title="Träning")
    client, url = sign_in(staff), page("fault_close", fault.pk)
    assert client.get(url).status_code == 200
    sent = {"space": room.pk, "first": "18 maj 2026", "starts": "8", "last": "2026-05-19", "ends": "24"}
    shown = client.post(url, sent)
    assert shown.status_code == 409
    assert "Träning" in text_of(shown)
    assert client.post(url, {**sent, "seen": [booking.pk]}).status_code == 302
    assert "är stängd till 20 maj kl. 00.00" in text_of(client.get(page("fault", fault.pk)))
    assert "Något är trasigt: Lampan är trasig" in text_of(client.get(page("closure_list")))
    assert "Något är trasigt" in Letter.objects.get(key=f"facilities.cancelled.{booking.pk}").html
    client.post(page("fault", fault.pk), {"to": "done", "answer": ""})
    assert Booking.objects.get(closes_for_fault=fault).status == BookingStatus.CANCELLED


def test_dangerous_faults_come_first_and_the_mended_are_asked_for(sign_in, staff, venue, alice, fault):
    actions.report_fault(venue, "Målet står löst", is_danger=True, by=alice, at=AT + timedelta(minutes=1))
    client = sign_in(staff)
    text = text_of(client.get(page("fault_list")))
    assert text.index("Målet står löst") < text.index("Lampan är trasig")
    client.post(page("fault", fault.pk), {"to": "done", "answer": ""})
    assert "Lampan är trasig" not in text_of(client.get(page("fault_list")))
    for status in ("done", "all"):
        assert "Lampan är trasig" in text_of(client.get(page("fault_list", status=status)))
    elsewhere = actions.add_venue(key="annan", name="Annan", by=None, at=AT)
    assert "Inga fel här" in text_of(client.get(page("fault_list", venue=elsewhere.key)))


def test_lists_of_faults_cost_the_same_queries(sign_in, staff, alice, venue, room, fault, django_assert_num_queries):
    clients = {"fault_list": (sign_in(staff), 7), "own_faults": (sign_in(alice), 6)}
    for name, (client, queries) in clients.items():
        client.get(page(name))
        with django_assert_num_queries(queries):
            client.get(page(name))
    for number in range(2):
        actions.report_fault(venue, f"Fel {number}", space=room, by=alice, at=AT)
    for name, (client, queries) in clients.items():
        with django_assert_num_queries(queries):
            client.get(page(name))


def test_photos_go_a_year_after_the_fault_was_mended(venue, alice, staff):
    fault = actions.report_fault(venue, "Trasig", by=alice, at=AT, upload=photo())
    later = AT + timedelta(days=400)
    assert count_old_photos(later) == 0
    actions.follow_fault(fault, to=FaultStatus.DONE, answer="", by=staff, at=AT)
    assert count_old_photos(later) == 1
    assert dispose_of_photos(later, later) == 1
    assert dispose_of_photos(later, later) == 0
    assert FaultReport.objects.get().photo.disposed_at == later
