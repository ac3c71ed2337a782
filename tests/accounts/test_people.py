"""The administrator sees who there is and gives roles; nobody else does."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.choices import Role
from accounts.models import RoleGrant, User

URLS = ["people", "person", "role_give", "second_factor_reset", "person_erase"]


@pytest.fixture(autouse=True)
def one_step(settings):
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture
def desk(sign_in, administrator):
    """The administrator's browser."""
    return sign_in(administrator)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_for_one_and_for_three_people(desk, person, rows, django_assert_num_queries):
    for number in range(rows - 1):  # the administrator is the first
        person(f"person{number}@example.org", Role.OFFICER, Role.AUDITOR)

    with django_assert_num_queries(7):  # session, user, roles and mandates of the visitor, count, page, roles of the page
        answer = desk.get("/konto/personer/")

    assert answer.content.decode().count('<th scope="row"') == rows


def test_list_is_searched_by_name_and_address_and_filtered_by_role(desk, person):
    person("anna@example.org", Role.OFFICER, name="Anna Ek")
    person("annat@example.org", name="Björn Al")

    def found(**question):
        return [str(someone) for someone in desk.get("/konto/personer/", question).context["page"]]

    assert found(q="ann") == ["Anna Ek", "Björn Al"]
    assert found(q="ek anna") == ["Anna Ek"]
    assert found(role=Role.OFFICER) == ["Anna Ek"]
    assert found(only="without_factor") == ["Ada Administratör", "Anna Ek"]
    assert found(only="erasure") == []
    assert "Ingen stämmer" in desk.get("/konto/personer/", {"q": "zzz"}).content.decode()


def test_person_page_shows_roles_with_dates_ways_to_sign_in_and_last_sign_in(desk, person):
    someone = person("decider@example.org", Role.DECISION_MAKER, name="Disa Beslut")

    page = desk.get(reverse("accounts:person", args=[someone.pk])).content.decode()

    for words in ("Disa Beslut", "decider@example.org", "beslutsfattare", "50 000 kr".replace(" ", "\xa0"), "Aldrig"):
        assert words in page


def test_role_is_given_with_swedish_dates_and_amounts(desk, stranger):
    form = {"role": "decision_maker", "since": "1/12 2026", "until": "2027-11-30", "limit": "75 000 kr", "reason": "KFN § 12"}

    answer = desk.post(reverse("accounts:role_give", args=[stranger.pk]), form)

    assert answer.status_code == 302
    grant = RoleGrant.objects.get(user=stranger)
    assert (grant.since, grant.until, grant.delegation_limit) == (date(2026, 12, 1), date(2027, 12, 1), Decimal(75000))
    assert (grant.given_by.name, grant.reason) == ("Ada Administratör", "KFN § 12")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": ""}, "role"),
        ({"since": "igår"}, "since"),
        ({"until": "2026-11-01"}, "until"),
        ({"limit": "mycket"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"role": "officer"}, "limit"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_typed_text_stays(desk, stranger, wrong, field):
    form = {"role": "decision_maker", "since": "2026-12-01", "until": "", "limit": "75 000", "reason": "KFN § 12", **wrong}

    answer = desk.post(reverse("accounts:role_give", args=[stranger.pk]), form)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not RoleGrant.objects.filter(user=stranger).exists()
    assert form["reason"] in answer.content.decode()


def test_refused_role_is_said_beside_the_role(desk, person):
    """Case 38."""
    politician = person("elected@example.org", Role.COMMITTEE_MEMBER)
    form = {"role": "decision_maker", "since": "2026-12-01", "until": "", "limit": "75 000", "reason": "KFN § 12"}

    answer = desk.post(reverse("accounts:role_give", args=[politician.pk]), form)

    assert answer.status_code == 422
    assert "kommunallagen 6 kap. 37 §" in answer.content.decode()


def test_limit_is_changed_and_role_is_ended_with_a_reason(desk, person):
    someone = person("decider@example.org", Role.DECISION_MAKER)
    grant = someone.role_grants.get()

    assert desk.post(reverse("accounts:limit_change", args=[grant.pk]), {"limit": "0", "reason": "x"}).status_code == 422
    desk.post(reverse("accounts:limit_change", args=[grant.pk]), {"limit": "80 000", "reason": "Ny ordning"})
    newest = someone.role_grants.latest("pk")
    assert newest.delegation_limit == Decimal(80000)
    desk.post(reverse("accounts:role_end", args=[newest.pk]), {"last_day": "", "reason": "Slutar"})

    assert not User.objects.get(pk=someone.pk).has_role(Role.DECISION_MAKER)


def test_last_administrator_is_told_why_the_role_stays(desk, administrator):
    answer = desk.post(
        reverse("accounts:role_end", args=[administrator.role_grants.get().pk]), {"last_day": "", "reason": "Slutar"}
    )

    assert answer.status_code == 422
    assert "sista administratören" in answer.content.decode()


@pytest.mark.parametrize("name", URLS)
def test_others_do_not_open_the_administrators_pages(client, sign_in, officer, stranger, name):
    path = reverse(f"accounts:{name}", args=[] if name == "people" else [stranger.pk])

    assert client.get(path).headers["Location"].startswith("/konto/login/")
    assert sign_in(officer).get(path).status_code == 403
    assert sign_in(stranger).get(path).status_code == 403
