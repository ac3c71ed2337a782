"""Officers configure what can be applied for."""

import pytest
import time_machine
from django.urls import reverse

from grants.choices import CallStatus
from grants.models import Call, SchemeVersion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(at):
    with time_machine.travel(at, tick=False):
        yield


def page(name, *args):
    return reverse(f"grants:{name}", args=args)


CALL = {
    "title": "Prova på-bidrag 2027",
    "grant_year": "2027",
    "opens_on": "1 mars 2027",
    "closes_on": "30/4 2027",
    "late_counts_from": "submission",
    "max_per_association": "1",
    "budget": "250 000 kr",
    "assessors_needed": "1",
    "s-TOTAL_FORMS": "2",
    "s-INITIAL_FORMS": "0",
    "s-0-from_day": "1",
    "s-0-to_day": "7",
    "s-0-percent": "10",
    "s-1-from_day": "",
    "s-1-to_day": "",
    "s-1-percent": "",
    **{
        f"{key}-{name}": value
        for key in ("democracy", "inclusion", "public_health", "equality")
        for name, value in {"weight": "25", "threshold": "", **{f"level{n}": f"Nivå {n}" for n in range(6)}}.items()
    },
}


def test_an_officer_plans_publishes_copies_and_closes_a_call(sign_in, officer, version):
    client = sign_in(officer)
    scheme = version.scheme
    assert client.get(page("scheme_list")).status_code == 200
    assert client.get(page("call_plan", scheme.pk)).status_code == 200
    response = client.post(page("call_plan", scheme.pk), CALL)
    call = Call.objects.get()
    assert response.url == page("call_manage", call.pk)
    assert str(call.closes_at) == "2027-04-30 22:00:00+00:00"
    assert client.get(response.url).status_code == 200
    assert client.get(page("call_change", call.pk)).status_code == 200
    client.post(page("call_publish", call.pk))
    call.refresh_from_db()
    assert call.status == CallStatus.PUBLISHED
    assert SchemeVersion.objects.get().published_at is not None
    copy_url = client.post(page("call_copy", call.pk)).url
    copy = Call.objects.latest("pk")
    assert copy_url == page("call_change", copy.pk)
    assert (copy.title, copy.grant_year, str(copy.closes_on)) == ("Prova på-bidrag 2028", 2028, "2028-04-30")
    assert client.get(page("call_close", call.pk)).status_code == 200
    client.post(page("call_close", call.pk), {"reason": "Potten är slut"})
    call.refresh_from_db()
    assert call.status == CallStatus.CLOSED
    assert client.get(page("call_manage", call.pk)).status_code == 200


def test_weights_that_do_not_sum_to_100_stop_the_publishing_with_a_sentence(sign_in, officer, version):
    client = sign_in(officer)
    client.post(page("call_plan", version.scheme.pk), CALL | {"democracy-weight": "30"})
    call = Call.objects.get()
    text = client.get(page("call_manage", call.pk)).content.decode()
    assert "Nu är de 105" in text
    client.post(page("call_publish", call.pk))
    call.refresh_from_db()
    assert call.status == CallStatus.DRAFT


def test_what_is_wrong_in_a_call_is_said_beside_the_field(sign_in, officer, version):
    client = sign_in(officer)
    wrong = CALL | {"closes_on": "1/1 2027", "s-0-from_day": "2", "budget": "mycket"}
    response = client.post(page("call_plan", version.scheme.pk), wrong)
    assert response.status_code == 422
    assert Call.objects.count() == 0
    assert "mycket" in response.content.decode()


def test_late_steps_with_a_gap_are_refused(sign_in, officer, version):
    wrong = CALL | {"s-1-from_day": "9", "s-1-to_day": "14", "s-1-percent": "50"}
    response = sign_in(officer).post(page("call_plan", version.scheme.pk), wrong)
    assert response.status_code == 422
    assert "utan lucka" in response.content.decode()


def test_a_taken_short_name_is_refused(sign_in, officer, scheme):
    response = sign_in(officer).post(page("scheme_new"), {"name": "X", "key": scheme.key, "decided_by": "delegation"})
    assert response.status_code == 422


def test_only_officers_configure(sign_in, auditor, alice, call):
    for user in (auditor, alice):
        client = sign_in(user)
        for name in ("call_manage", "call_close", "call_change"):
            assert client.get(page(name, call.pk)).status_code == 403
        assert client.get(page("scheme_list")).status_code == 403
        assert client.post(page("call_publish", call.pk)).status_code == 403
