"""Links in letters: they open one thing, for one school, for a while; a stranger and a mail scanner change nothing."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from culture import actions
from culture.models import SignedLink, Visit
from records.refusals import NotAllowedNow
from tests.culture.conftest import AFTER, AT, noon


@pytest.fixture
def link(alby, year):
    def make(purpose="confirm", *, school=alby, at=AFTER, **more):
        return actions.make_link(school, year, purpose, at=at, **more)

    return make


def test_link_confirms_the_visits_of_its_school_without_an_account(add_class, alby, performance, visit, link, reached):
    group = add_class(alby, "5A", {5: 25})
    booked = visit(group, performance)
    row, token = link()

    said = actions.confirm_visit(booked, 25, by=actions.link_with(token, at=AFTER), at=AFTER)

    assert (said.attendance.link, said.attendance.by) == (row, None)
    assert reached(group) == (25, 25)


def test_table_opens_nothing(link):
    row, token = link()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(culture_signedlink)::text FROM culture_signedlink")
        assert token not in cursor.fetchone()[0]
    with pytest.raises(actions.LinkRefused):
        actions.link_with(row.token_hash, at=AFTER)


def test_link_opens_one_purpose(add_class, alby, performance, visit, link, year):
    booked = visit(add_class(alby, "5A", {5: 25}), performance)
    row, _token = link("answer")

    with pytest.raises(NotAllowedNow) as refused:
        actions.confirm_visit(booked, 25, by=row, at=AFTER)
    assert str(refused.value) == "Länken öppnar inte det."
    with pytest.raises(NotAllowedNow):
        actions.confirm_list(alby, year, by=row, at=AFTER)
    with pytest.raises(NotAllowedNow):
        actions.cancel_performance(performance, reason="Nej.", by=row, at=AT)


def test_link_opens_one_school(add_class, alby, berga, performance, visit, link):
    booked = visit(add_class(berga, "5A", {5: 25}), performance)
    row, _token = link()

    with pytest.raises(NotAllowedNow) as refused:
        actions.confirm_visit(booked, 25, by=row, at=AFTER)

    assert refused.value.code == "not_allowed"


def test_link_opens_one_school_year(alby, link):
    other = actions.open_year(2027, by=None, at=AT)
    row, _token = link("classes")

    with pytest.raises(NotAllowedNow):
        actions.add_class(alby, other, "5A", {2022: 20}, by=row, at=AFTER)


def test_link_of_one_visit_opens_no_other(add_class, alby, offer, plan, visit, link):
    one = visit(add_class(alby, "5A", {5: 20}), plan(offer))
    other = visit(add_class(alby, "5B", {5: 20}), plan(offer))
    row, _token = link(visit=one)

    assert actions.confirm_visit(one, 20, by=row, at=AFTER)
    with pytest.raises(NotAllowedNow):
        actions.confirm_visit(other, 20, by=row, at=AFTER)


def test_link_grows_old_and_can_be_withdrawn(link, planner):
    row, token = link(expires_at=AFTER + timedelta(days=10))
    assert actions.link_with(token, at=AFTER + timedelta(days=9)) == row
    with pytest.raises(actions.LinkRefused) as refused:
        actions.link_with(token, at=AFTER + timedelta(days=10))
    assert str(refused.value).startswith("Länken är för gammal.")

    actions.revoke_link(row, by=planner, at=AFTER)
    with pytest.raises(actions.LinkRefused) as refused:
        actions.link_with(token, at=AFTER)
    assert str(refused.value).startswith("Länken har dragits in.")


def test_page_of_a_link_changes_nothing_and_shows_only_its_school(add_class, alby, berga, performance, visit, link, client):
    """Mail scanners open links."""
    ours = visit(add_class(alby, "5A", {5: 20}), performance)
    visit(add_class(berga, "7Ö", {5: 20}), performance)
    now = noon(2026, 11, 26)
    _row, token = link(at=now, expires_at=now + timedelta(days=4000))

    response = client.get(f"/kulturgaranti/lank/{token}/")

    assert response.status_code == 200
    assert "5A" in response.content.decode()
    assert "7Ö" not in response.content.decode()
    assert Visit.objects.get(pk=ours.pk).status == "booked"
    assert client.post(f"/kulturgaranti/lank/{token}/").status_code == 405


def test_link_that_is_wrong_says_so(client, db):
    response = client.get("/kulturgaranti/lank/inte-en-lank/")

    assert response.status_code == 410
    assert "Länken fungerar inte" in response.content.decode()


def test_what_a_link_opens_is_not_changed_afterwards(link, berga):
    row, _token = link()

    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        SignedLink.objects.filter(pk=row.pk).update(school=berga)


def test_contact_that_ends_takes_its_links_along(alby, planner, link, teacher):
    contact = alby.contacts.get()
    row, _token = link(email=contact.email)

    actions.end_contact(contact, by=planner, at=AFTER)

    row.refresh_from_db()
    assert row.revoked_at == AFTER
