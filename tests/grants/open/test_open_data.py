"""Open data: the package, its csv, the change log, the catalogue and the page; and that no person is in any of them."""

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from associations.models import Association, BoardMember
from grants.actions import decisions, payments, reclaims
from grants.choices import Outcome
from grants.exchange import giving
from grants.models import Reclaim
from records.choices import Secrecy
from records.models import Case
from tests.grants.deciding.conftest import *  # noqa: F403 - from a handed-in application to a published decision
from tests.grants.deciding.conftest import LATER
from tests.grants.open import schemas

FILES = ("open_grants_json", "open_grants_csv", "open_changes_json", "open_changes_csv", "open_catalogue", "open_data")
PERSONAL_NUMBER = "8507099805"


def read(client, name):
    answer = client.get(reverse(f"grants:{name}"))
    assert answer.status_code == 200
    return answer.content.decode("utf-8-sig")


def no_package(client):
    """Whether the address of the package leads to the page that says that there is none now."""
    answer = client.get(reverse("grants:open_grants_json"))
    return (answer.status_code, answer.get("Location")) == (302, reverse("grants:open_data"))


@pytest.fixture
def granted(hand_in, call, association, alice, publish):
    return publish(hand_in(call, association, alice))


@pytest.fixture
def to_an_individual(hand_in, call, association, alice, publish):
    """A grant to somebody whose number in the register is a person's."""
    decision = publish(hand_in(call, association, alice))
    Association.objects.filter(pk=association.pk).update(organisation_number=PERSONAL_NUMBER, name="Karin Karlsson")
    return decision


@pytest.fixture
def replaced(propose, decision_maker):
    """A new decision in place of the published one: replaced(decision, amount=..., outcome=...)."""

    def do(decision, at=LATER + timedelta(days=30), **chosen):
        application = decision.application
        application.refresh_from_db()
        proposal = propose(application, at=at, override_reason="Nya uppgifter.", **chosen)
        made = decisions.decide(proposal, by=decision_maker, at=at)
        return decisions.publish([made], by=decision_maker, at=at)[0]

    return do


@pytest.mark.skipif(schemas.FOLDER is None, reason="the schemas of 360Giving are not beside this checkout")
def test_published_package_follows_the_schemas_of_360giving(client, granted):
    """Case 61."""
    package, grant = schemas.package_schemas()

    found = schemas.faults(json.loads(read(client, "open_grants_json")), package, {"grant": grant})

    assert found == []


@pytest.mark.skipif(schemas.FOLDER is None, reason="the schemas of 360Giving are not beside this checkout")
def test_an_individuals_grant_follows_the_schema_too(client, to_an_individual):
    """Case 61."""
    package, grant = schemas.package_schemas()

    found = schemas.faults(json.loads(read(client, "open_grants_json")), package, {"grant": grant})

    assert found == []


@pytest.mark.skipif(schemas.FOLDER is None, reason="the schemas of 360Giving are not beside this checkout")
@pytest.mark.parametrize("break_it", [{"id": 7}, {"awardDate": "2026-13-01"}, {"currency": "KRONOR"}, {"dateModified": "i går"}])
def test_our_reading_of_the_schema_sees_what_is_wrong(client, granted, break_it):
    package, grant = schemas.package_schemas()
    content = json.loads(read(client, "open_grants_json"))
    content["grants"][0] |= break_it

    assert schemas.faults(content, package, {"grant": grant})


def test_a_grant_says_who_what_when_why_and_from_where(client, granted, association, call):
    (grant,) = json.loads(read(client, "open_grants_json"))["grants"]

    assert grant["recipientOrganization"] == [{"id": f"SE-ON-{association.organisation_number}", "name": association.name}]
    assert grant["amountAwarded"] == 12000.5
    assert grant["description"] == "Verksamheten når många barn."
    assert grant["grantProgramme"] == [{"code": "yearly", "title": call.version.scheme.name}]
    assert grant["awardDate"] == "2026-10-31"
    assert grant["id"].startswith("360G-exempel-")


def test_individual_recipients_are_shown_as_enskild_mottagare_everywhere(client, to_an_individual):
    """Case 61."""
    (grant,) = json.loads(read(client, "open_grants_json"))["grants"]

    assert grant["recipientIndividual"]["name"] == "Enskild mottagare"
    assert "recipientOrganization" not in grant
    pages = [read(client, name) for name in FILES] + [client.get(reverse("grants:granted_list")).content.decode()]
    pages.append(client.get(reverse("grants:granted", args=[to_an_individual.pk])).content.decode())
    pages.append(client.get(reverse("grants:granted_list"), {"format": "csv"}).content.decode())
    assert [page for page in pages if "Karin" in page or PERSONAL_NUMBER in page or "många barn" in page] == []


def test_a_search_for_an_individuals_name_finds_nothing(client, to_an_individual):
    """Case 61."""
    page = client.get(reverse("grants:granted_list"), {"q": "Karin"}).content.decode()

    assert "Enskild mottagare" not in page


def test_contacts_and_boards_are_in_no_export(client, granted, association, alice):
    """Case 61: nobody's name leaves, protected identity or not."""
    BoardMember.objects.create(association=association, name="Skyddad Person", role="chair", since=LATER.date())

    text = "".join(read(client, name) for name in FILES)

    assert alice.name not in text
    assert "Skyddad Person" not in text


def test_reasons_that_hold_a_personal_number_are_not_let_out(client, hand_in, call, association, alice, propose, decision_maker):
    proposal = propose(hand_in(call, association, alice))
    made = decisions.decide(proposal, by=decision_maker, at=LATER, reasons="Sökt av 850709-9805 för gruppen.")
    decisions.publish([made], by=decision_maker, at=LATER)

    (grant,) = json.loads(read(client, "open_grants_json"))["grants"]

    assert grant["description"] == "Stöd till ideellt arbete."


def test_a_changed_award_keeps_its_id_with_a_new_time(client, granted, replaced):
    """Case 62."""
    (before,) = json.loads(read(client, "open_grants_json"))["grants"]

    replaced(granted, amount=9000)

    (after,) = json.loads(read(client, "open_grants_json"))["grants"]
    assert after["id"] == before["id"]
    assert after["amountAwarded"] == 9000
    assert after["dateModified"] > before["dateModified"]


def test_a_withdrawn_grant_is_removed_and_stands_in_the_change_log(client, granted, replaced):
    """Case 62."""
    (before,) = json.loads(read(client, "open_grants_json"))["grants"]

    replaced(granted, outcome=Outcome.REFUSE)

    assert no_package(client)
    log = json.loads(read(client, "open_changes_json"))["changes"]
    assert [(line["grant"], line["change"]) for line in log] == [(before["id"], "removed"), (before["id"], "added")]
    assert "borttaget" in read(client, "open_data")


def test_what_is_not_published_and_what_may_be_secret_is_not_there(client, hand_in, call, association, alice, decide, granted):
    Case.objects.filter(pk=granted.application.case_id).update(secrecy=Secrecy.MARKED, secrecy_ground="OSL 21:1")

    assert no_package(client)
    assert json.loads(read(client, "open_changes_json"))["changes"] == []


@pytest.mark.skipif(schemas.FOLDER is None, reason="the schemas of 360Giving are not beside this checkout")
def test_a_package_without_grants_would_not_follow_the_schema(client, granted):
    package, grant = schemas.package_schemas()
    content = json.loads(read(client, "open_grants_json")) | {"grants": []}

    assert schemas.faults(content, package, {"grant": grant}) == ["$.grants: too few"]


def test_without_grants_the_page_says_why_there_is_no_package(client, db):
    assert no_package(client)
    page = read(client, "open_data")
    assert "Inget bidrag gäller just nu." in page
    assert reverse("grants:open_grants_json") not in page
    assert "bidrag.json" not in read(client, "open_catalogue")
    assert len(read(client, "open_grants_csv").splitlines()) == 1


def disbursed(client):
    (grant,) = json.loads(read(client, "open_grants_json"))["grants"]
    (row,) = csv.DictReader(io.StringIO(read(client, "open_grants_csv")))
    assert row["Amount Disbursed"] == str(grant["amountDisbursed"])
    return grant["amountDisbursed"], grant["dateModified"]


def test_what_has_been_paid_is_told_and_moves_the_time_of_change(client, granted, account, association, officer, other_officer):
    account(association)
    amount, before = disbursed(client)
    assert amount == 0

    run = payments.make_run(granted.instalments.all(), pays_on=date(2027, 1, 15), by=officer, at=LATER)
    payments.approve_run(run, by=other_officer, at=LATER)
    assert disbursed(client)[0] == 0, "on its way is not paid"

    payments.mark_paid(run.lines.all(), on=date(2027, 1, 15), by=officer, at=LATER)
    assert disbursed(client) == (12000.5, "2027-01-15T00:00:00+01:00")
    assert before < "2027-01-15"


def test_what_comes_back_is_not_paid(client, application, paid, replaced, officer):
    replaced(paid(application), amount=10000)
    assert disbursed(client)[0] == 12000.5
    at = LATER + timedelta(days=120)
    reclaims.note_repayment(Reclaim.objects.get(), amount=Decimal("2000.50"), on=at.date(), by=officer, at=at)

    assert disbursed(client)[0] == 10000


@pytest.mark.skipif(schemas.FOLDER is None, reason="the schemas of 360Giving are not beside this checkout")
def test_a_paid_grant_follows_the_schema(client, application, paid):
    paid(application)
    package, grant = schemas.package_schemas()

    assert schemas.faults(json.loads(read(client, "open_grants_json")), package, {"grant": grant}) == []


def test_the_same_register_gives_the_same_bytes(client, granted):
    assert [read(client, name) for name in FILES[:5]] == [read(client, name) for name in FILES[:5]]


def test_the_csv_holds_the_same_grants_and_no_formula(client, granted, association):
    Association.objects.filter(pk=association.pk).update(name="=CMD()")

    (row,) = csv.DictReader(io.StringIO(read(client, "open_grants_csv")))

    assert row["Amount Awarded"] == "12000.5"
    assert row["Recipient Org:Name"] != "=CMD()"
    assert row["Recipient Ind:Name"] == ""


def test_nothing_is_let_out_when_a_check_fails(client, granted, settings, monkeypatch):
    settings.OPEN_DATA_PREFIX = ""

    with pytest.raises(ValueError, match=r"prefix|made of"):
        giving.package()


def test_the_catalogue_names_every_file(client, granted):
    root = etree.fromstring(read(client, "open_catalogue").encode())

    places = root.xpath("//dcat:downloadURL/@rdf:resource", namespaces=dict(root.nsmap))

    assert sorted(place.rpartition("/")[2] for place in places) == [
        "andringar.csv",
        "andringar.json",
        "bidrag.csv",
        "bidrag.json",
    ]


def test_other_pages_of_the_web_may_read_the_files(client, granted):
    answer = client.get(reverse("grants:open_grants_json"), HTTP_ORIGIN="https://journalist.example")

    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_start_page_leads_to_the_open_data(client, db):
    assert reverse("grants:open_data") in client.get("/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_package_costs_one_query_and_the_log_one(
    client, count, call, make_association, person, give_mandate, hand_in, publish
):
    for number in range(count):
        association = make_association(f"Förening {number}", f"80260000{number:02d}")
        chair = person(f"chair{number}@forening.example")
        give_mandate(chair, association)
        publish(hand_in(call, association, chair))

    for name in ("open_grants_json", "open_changes_json"):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"grants:{name}"))
        assert len(queries) == 1


def test_the_register_finds_by_word_case_number_and_criterion(client, granted, replaced):
    def found(**query):
        return granted.application.association.name in client.get(reverse("grants:granted_list"), query).content.decode()

    assert found(q="många barn")
    assert found(q=str(granted.application.case))
    assert not found(q="finns inte")
    assert found(criterion="public_health"), "assessed at 5"
    assert not found(criterion="equality"), "assessed at 2"
