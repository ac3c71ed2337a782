"""One person, several hats, one at a time."""

import pytest

from accounts import hats
from accounts.choices import Role
from accounts.hats import Hat

CLUB = Hat("association", "1", "Karlskoga Skidklubb", "/foreningar/1/")
CHOIR = Hat("association", "2", "Kören Klang", "/foreningar/2/")
SCHOOL = Hat("school", "1", "Bråtenskolan", "/skola/1/")


@pytest.fixture
def worn(monkeypatch, stranger):
    """What the stranger speaks for, told by two rooms."""
    worn = {"association": [CLUB, CHOIR], "school": [SCHOOL]}

    def provider(kind):
        return lambda user: list(worn[kind]) if user == stranger else []

    monkeypatch.setattr(hats, "providers", [provider("association"), provider("school")])
    return worn


def current(client):
    return client.get("/konto/").wsgi_request.hat


def test_first_hat_is_worn_until_another_is_chosen(sign_in, stranger, worn):
    client = sign_in(stranger)
    assert current(client).label == "Karlskoga Skidklubb"

    answer = client.post("/konto/byt/", {"hat": "school:1"})

    assert answer.headers["Location"] == "/skola/1/"
    assert current(client).label == "Bråtenskolan"
    assert "Bråtenskolan" in client.get("/konto/").content.decode()


def test_switching_leads_back_to_the_page_one_came_from_but_never_to_another_site(sign_in, stranger, worn):
    client = sign_in(stranger)

    assert client.post("/konto/byt/", {"hat": "association:2", "next": "/konto/"}).headers["Location"] == "/konto/"
    assert client.post("/konto/byt/", {"hat": "association:2", "next": "https://evil.example/"}).headers["Location"] == CHOIR.url


def test_only_a_hat_that_one_has_can_be_put_on(sign_in, stranger, worn):
    client = sign_in(stranger)

    client.post("/konto/byt/", {"hat": "association:99"})

    assert current(client) == CLUB


def test_lost_hat_falls_back_to_the_first(sign_in, stranger, worn):
    client = sign_in(stranger)
    client.post("/konto/byt/", {"hat": "association:2"})
    worn["association"].remove(CHOIR)

    assert current(client) == CLUB


def test_someone_who_also_works_at_the_municipality_has_its_hat_last(person, worn, stranger):
    assert [hat.label for hat in hats.hats_of(stranger)] == ["Karlskoga Skidklubb", "Kören Klang", "Bråtenskolan"]
    del stranger.roles

    stranger.roles = frozenset({Role.OFFICER})
    assert hats.hats_of(stranger)[-1].label == "Karlskoga kommun"


def test_visitor_without_hats_has_none(client, sign_in, stranger, db):
    assert not sign_in(stranger).get("/konto/").wsgi_request.hat
    assert not client.get("/konto/login/").wsgi_request.hat


def test_switching_wants_a_post_and_a_signed_in_person(client, sign_in, stranger, db):
    assert sign_in(stranger).get("/konto/byt/").status_code == 405
    assert client.post("/konto/byt/").headers["Location"].startswith("/konto/login/")
