"""The pages as people meet them: each opens for whom it should, a stranger meets a 404, and lists cost the same however long."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils.timezone import localdate, now

from associations import actions
from associations.choices import AccountKind, DocumentKind, MandateKind
from associations.models import Association, BankAccount, RecordCheck, YearlyDocument
from records.models import StoredFile
from tests.associations.test_board_and_mandates import token_of

OWN = ["home", "requirements", "yearly", "contact", "about", "board", "people", "documents", "account", "mandates"]


def url(name, *args):
    return reverse(f"associations:{name}", args=args)


@pytest.fixture
def filled(association, alice, officer, counts, seats, pdf, at):
    """Teaterboden with a board, members, a document, an account, somebody who meets children and somebody invited."""
    actions.set_board(association, seats=seats, seen=actions.fingerprint([]), by=alice, at=at)
    actions.report_members(association, year=2025, counts=counts, active=9, as_of=date(2025, 11, 1), by=alice, at=at)
    actions.hand_in_document(association, kind=DocumentKind.BUDGET, year=2026, upload=pdf(), by=alice, at=at)
    actions.add_bank_account(association, kind=AccountKind.BANKGIRO, number="50501055", holder="Teaterboden", by=alice, at=at)
    actions.list_person(association, person="Lena Ledare", role="ledare", by=alice, at=at)
    actions.invite_mandate(association, email="cilla@example.org", kind=MandateKind.LEADER, by=alice, at=at)
    return association


@pytest.mark.parametrize("page", OWN)
def test_an_associations_page_opens_for_its_people_and_for_officers(page, filled, alice, officer, sign_in):
    for user in (alice, officer):
        assert sign_in(user).get(url(page, filled.pk)).status_code == 200


@pytest.mark.parametrize("page", OWN)
def test_a_stranger_meets_a_404_on_another_associations_page(page, association, stranger, sign_in):
    assert sign_in(stranger).get(url(page, association.pk)).status_code == 404
    assert sign_in(stranger).post(url(page, association.pk), {}).status_code in {404, 405}


def test_a_stranger_meets_a_404_on_everything_beside_the_pages(filled, stranger, alice, sign_in):
    client, pk = sign_in(stranger), filled.pk
    mandate, check, offer = filled.mandates.get(), filled.record_checks.get(), filled.offers.get()
    closed = [
        url("members", pk, 2026),
        url("document_hand_in", pk, "budget", 2026),
        url("mandate_invite", pk),
        url("mandate_end", pk, mandate.pk),
        url("offer_withdraw", pk, offer.pk),
        url("person_end", pk, check.pk),
        url("joint_confirm", pk, 1),
        url("year_carry_over", pk),
        url("step_confirm", pk, "contact"),
        url("status_change", pk, "resting"),
    ]
    for address in closed:
        assert client.post(address, {}).status_code == 404, address
    assert client.get(StoredFile.objects.first().get_absolute_url()).status_code == 404


OFFICERS = ["association_list", "queues", "import_new", "meeting_list"]


@pytest.mark.parametrize("page", OFFICERS)
def test_the_officers_pages_open_for_officers_and_no_one_else(page, filled, officer, alice, sign_in):
    assert sign_in(officer).get(url(page)).status_code == 200
    assert sign_in(alice).get(url(page)).status_code == 403


def test_the_officer_sees_everything_about_an_association_on_one_page(filled, officer, sign_in, at):
    with time_machine.travel(at):
        text = sign_in(officer).get(url("casework", filled.pk)).content.decode()
    for shown in ("Alice Andersson", "5050-1055", "Lena Ledare", "Budget 2026", "12"):
        assert shown in text


def test_the_officers_review_pages_open(filled, officer, sign_in):
    client = sign_in(officer)
    assert client.get(url("document_review", YearlyDocument.objects.get().pk)).status_code == 200
    assert client.get(url("account_review", BankAccount.objects.get().pk)).status_code == 200
    assert client.get(url("person_shown", RecordCheck.objects.get().pk)).status_code == 200
    assert client.get(url("dispensation_grant", filled.pk)).status_code == 200
    assert client.get(url("refuse", filled.pk)).status_code == 200
    assert client.get(url("kept", filled.pk)).status_code == 200


def test_the_register_list_costs_the_same_with_one_and_three_associations(
    association, register, alice, officer, sign_in, django_assert_num_queries
):
    client = sign_in(officer)
    client.get(url("association_list"))
    with django_assert_num_queries(9):
        client.get(url("association_list"))
    register("Möckelns IF", "8024005673", by=alice)
    register("Bofors Sim", "8024002340", by=alice)
    with django_assert_num_queries(9):
        client.get(url("association_list"))


def test_the_public_list_costs_the_same_with_one_and_three_associations(
    association, register, alice, client, django_assert_num_queries
):
    with django_assert_num_queries(5):
        client.get(url("public_list"))
    register("Möckelns IF", "8024005673", by=alice)
    register("Bofors Sim", "8024002340", by=alice)
    with django_assert_num_queries(5):
        assert client.get(url("public_list")).content.count(b"ds-card") == 3


def test_the_queues_cost_the_same_with_one_and_three_of_each(
    filled, register, alice, officer, pdf, sign_in, at, django_assert_num_queries
):
    client = sign_in(officer)
    client.get(url("queues"))
    with django_assert_num_queries(7):
        client.get(url("queues"))
    for name, number in (("Möckelns IF", "8024005673"), ("Bofors Sim", "8024002340")):
        other = register(name, number, by=alice)
        actions.hand_in_document(other, kind=DocumentKind.PLAN, year=2026, upload=pdf(), by=alice, at=at)
        actions.add_bank_account(other, kind=AccountKind.PLUSGIRO, number="2865434", holder=name, by=alice, at=at)
    with django_assert_num_queries(7):
        client.get(url("queues"))


def test_the_public_register_shows_no_people_and_only_those_who_said_yes(filled, register, alice, client):
    hidden = register("Hemliga klubben", "8024005673", by=alice)
    Association.objects.filter(pk=hidden.pk).update(is_public=False)
    text = client.get(url("public_list")).content.decode()
    assert "Teaterboden" in text
    assert "Hemliga klubben" not in text
    assert client.get(url("public_detail", hidden.pk)).status_code == 404
    page = client.get(url("public_detail", filled.pk)).content.decode()
    assert "Alice" not in page
    assert "@example.org" not in page


def test_the_public_register_is_searched(filled, register, alice, client):
    register("Möckelns IF", "8024005673", by=alice, category="barn-och-ungdom")
    found = client.get(url("public_list"), {"q": "möckeln"}).content.decode()
    assert "Möckelns IF" in found
    assert "Teaterboden" not in found
    nothing = client.get(url("public_list"), {"q": "finns inte"}).content.decode()
    assert "Ingen förening passar sökningen" in nothing


def test_an_association_is_registered_on_the_web_and_a_second_click_makes_no_second(karlskoga, alice, sign_in):
    client = sign_in(alice)
    typed = {
        "name": "Teaterboden",
        "organisation_number": "802400-1235",
        "category": "3",
        "seat": "1883",
        "email": "info@teaterboden.example",
        "signing": "alone",
        "right": "on",
    }
    typed["category"] = Association._meta.get_field("category").related_model.objects.get(key="kultur").pk
    for _click in range(2):
        answer = client.post(url("register"), typed)
        assert answer.status_code == 302
    association = Association.objects.get()
    assert association.organisation_number == "8024001235"
    assert association.mandates.count() == 1
    assert client.get(url("home", association.pk)).status_code == 200


def test_a_wrong_organisation_number_is_said_beside_the_field_and_the_typed_text_stays(karlskoga, alice, sign_in):
    answer = sign_in(alice).post(url("register"), {"name": "Teaterboden", "organisation_number": "802400-1234"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Organisationsnumret stämmer inte" in text
    assert 'value="Teaterboden"' in text
    assert 'value="802400-1234"' in text


def _about(association, **typed):
    known = {
        "version": association.version,
        "seat": "1883",
        "acts_here": "yes",
        "meets_children": "no",
        "year_begins_in": "1",
        "is_public": "on",
    }
    return {**known, **typed}


def test_an_amount_is_read_the_way_it_is_written(association, alice, sign_in):
    typed = _about(association, membership_fee="1 200,50 kr", founded_on="4/12 2010")
    assert sign_in(alice).post(url("about", association.pk), typed).status_code == 302
    association.refresh_from_db()
    assert (str(association.membership_fee), association.founded_on) == ("1200.50", date(2010, 12, 4))


def test_a_personal_number_in_a_description_is_turned_away(association, alice, sign_in):
    answer = sign_in(alice).post(url("about", association.pk), _about(association, description="Ring 19850709-9805"))
    assert answer.status_code == 422
    assert "personnumret" in answer.content.decode()


def test_a_stale_page_says_what_is_saved_now_and_keeps_the_typed_text(association, alice, sign_in, at):
    client, old = sign_in(alice), association.version
    actions.change_facts(association, facts={"town": "Degerfors"}, version=old, by=alice, at=at)
    typed = {"version": old, "email": "ny@example.org", "town": "Karlskoga"}
    answer = client.post(url("contact", association.pk), typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Degerfors" in text
    assert 'value="ny@example.org"' in text
    typed["version"] = old + 1
    assert client.post(url("contact", association.pk), typed).status_code == 302


def test_contact_details_are_saved_and_confirmed_in_one_press(association, alice, sign_in):
    typed = {"version": association.version, "email": "ny@example.org", "confirm": "1"}
    assert sign_in(alice).post(url("contact", association.pk), typed).headers["Location"] == url("yearly", association.pk)
    assert association.confirmations.get().step == "contact"


def _rows(rows, **more):
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0, "seen": actions.fingerprint([]), **more}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return data


def test_the_board_is_filled_in_and_confirmed(association, alice, sign_in):
    rows = [
        {"name": "Alice Andersson", "role": "chair", "since": "2026-03-01", "email": "alice@example.org"},
        {"name": "Bosse Berg", "role": "treasurer", "since": "1 mars 2026", "last_day": "2027-02-28"},
        {},
    ]
    answer = sign_in(alice).post(url("board", association.pk), _rows(rows, confirm="1"))
    assert answer.status_code == 302
    assert association.board.get(role="treasurer").until == date(2027, 3, 1)


def test_a_row_can_be_added_without_losing_what_is_typed(association, alice, sign_in):
    text = sign_in(alice).post(url("board", association.pk), _rows([{"name": "Alice", "role": ""}], add="1")).content.decode()
    assert 'value="Alice"' in text
    assert "form-1-name" in text


def test_a_half_filled_row_is_told_what_is_missing(association, alice, sign_in):
    answer = sign_in(alice).post(url("board", association.pk), _rows([{"name": "Alice"}], save="1"))
    assert answer.status_code == 422
    assert "Välj en roll." in answer.content.decode()


def test_two_chairs_are_refused_with_a_sentence_and_the_typed_text_stays(association, alice, sign_in):
    rows = [{"name": name, "role": "chair", "since": "2026-03-01"} for name in ("Alice", "Bosse")]
    answer = sign_in(alice).post(url("board", association.pk), _rows(rows, save="1"))
    assert answer.status_code == 422
    assert "bara finnas en ordförande" in answer.content.decode()
    assert 'value="Bosse"' in answer.content.decode()


@pytest.fixture
def member_boxes(counts):
    return {f"c{band}-{sex}-{'here' if here else 'away'}": number for (band, sex, here), number in counts.items()}


def test_members_are_filled_in_as_a_table_with_sums(association, alice, member_boxes, sign_in):
    client, year = sign_in(alice), localdate().year
    typed = {**member_boxes, "version": 0, "active": "11", "as_of": f"{year}-01-02"}
    sums = client.post(url("members", association.pk, year), typed, headers={"HX-Request": "true"}).content.decode()
    assert "12 medlemmar totalt, 10 av dem bor i kommunen." in sums
    assert not association.member_figures.exists()
    assert client.post(url("members", association.pk, year), {**typed, "confirm": "1"}).status_code == 302
    assert association.member_figures.with_totals().get().total_members == 12


def test_letters_in_a_box_are_said_beside_it_and_the_other_boxes_stay(association, alice, member_boxes, sign_in):
    name = next(iter(member_boxes))
    typed = {**member_boxes, name: "tolv", "version": 0, "active": "11", "as_of": "2026-01-02", "confirm": "1"}
    answer = sign_in(alice).post(url("members", association.pk, 2026), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="tolv"' in text
    assert 'value="4"' in text


def test_last_years_facts_are_used_with_one_press(filled, alice, sign_in):
    Association.objects.filter(pk=filled.pk).update(meets_children=True)
    client, year = sign_in(alice), localdate().year
    assert client.post(url("year_carry_over", filled.pk)).status_code == 302
    assert set(filled.confirmations.filter(year=year).values_list("step", flat=True)) == {"contact", "board", "record_checks"}
    assert filled.member_figures.get(year=year).confirmed_at is None
    assert "Utkast: 12 medlemmar" in client.get(url("yearly", filled.pk)).content.decode()


def test_a_file_of_the_wrong_kind_is_said_beside_the_field(association, alice, sign_in, pdf):
    upload = pdf("budget.pdf")
    upload.file.seek(0)
    upload.file.write(b"MZ\x90\x00\x03 this is a program")
    upload.file.seek(0)
    answer = sign_in(alice).post(url("document_hand_in", association.pk, "budget", 2026), {"file": upload})
    assert answer.status_code == 422
    assert "kan inte tas emot" in answer.content.decode()


def test_a_file_that_is_too_large_is_said_beside_the_field(association, alice, sign_in, pdf, settings):
    settings.FILE_MAX_SIZE = 10
    answer = sign_in(alice).post(url("document_hand_in", association.pk, "budget", 2026), {"file": pdf()})
    assert answer.status_code == 422
    assert "Filen är för stor" in answer.content.decode()
    assert not YearlyDocument.objects.exists()


def test_a_document_is_handed_in_on_the_page(association, alice, sign_in, pdf):
    client = sign_in(alice)
    assert client.post(url("document_hand_in", association.pk, "budget", 2026), {"file": pdf()}).status_code == 302
    assert "Inlämnad" in client.get(url("documents", association.pk)).content.decode()


def test_the_officer_goes_through_the_documents_one_after_the_other(filled, alice, officer, sign_in, pdf, at):
    second = actions.hand_in_document(filled, kind=DocumentKind.PLAN, year=2026, upload=pdf(), by=alice, at=at)
    first = YearlyDocument.objects.get(kind=DocumentKind.BUDGET)
    client = sign_in(officer)
    answer = client.post(url("document_review", first.pk), {"accept": "1"})
    assert answer.headers["Location"] == url("document_review", second.pk)
    answer = client.post(url("document_review", second.pk), {"send_back": "1", "reason": ""})
    assert answer.status_code == 422
    answer = client.post(url("document_review", second.pk), {"send_back": "1", "reason": "Det är fjolårets plan."})
    assert answer.headers["Location"] == url("queues")


@pytest.mark.parametrize(
    ("kind", "number", "sentence"),
    [
        ("bankgiro", "5050-1054", "Bankgironumret stämmer inte"),
        ("bankgiro", "5050", "sju eller åtta siffror"),
        ("plusgiro", "28 65 43-5", "Plusgironumret stämmer inte"),
        ("iban", "SE35 5000 0000 0549 1000 0004", "IBAN-numret stämmer inte"),
    ],
)
def test_a_wrong_account_number_is_said_beside_the_field(association, alice, sign_in, kind, number, sentence):
    typed = {"kind": kind, "number": number, "holder": "Teaterboden"}
    answer = sign_in(alice).post(url("account", association.pk), typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'value="{number}"' in answer.content.decode()


def test_an_account_is_entered_and_verified_on_the_pages(association, alice, officer, sign_in):
    typed = {"kind": "bankgiro", "number": "5050-1055", "holder": "Teaterboden"}
    assert sign_in(alice).post(url("account", association.pk), typed).status_code == 302
    account = BankAccount.objects.get()
    assert sign_in(officer).post(url("account_review", account.pk), {"accept": "1"}).status_code == 302
    assert BankAccount.objects.payable().get() == account


def test_the_second_signatory_confirms_on_a_page(two_sign, alice, bosse, sign_in):
    sign_in(alice).post(url("account", two_sign.pk), {"kind": "bankgiro", "number": "5050-1055", "holder": "Teaterboden"})
    act = two_sign.joint_acts.get()
    client = sign_in(bosse)
    assert "5050-1055" in client.get(url("home", two_sign.pk)).content.decode()
    page = client.get(url("joint_confirm", two_sign.pk, act.pk)).content.decode()
    assert "5050-1055" in page
    assert client.post(url("joint_confirm", two_sign.pk, act.pk), {"digest": act.digest}).status_code == 302
    act.refresh_from_db()
    assert act.confirmed_by == bosse


def test_somebody_without_the_right_reads_why_instead_of_a_form(association, bosse, sign_for, sign_in):
    sign_for(bosse, association, MandateKind.LEADER)
    text = sign_in(bosse).get(url("account", association.pk)).content.decode()
    assert "Bara en firmatecknare får göra det här" in text
    assert '<form class="form"' not in text


def test_a_new_association_is_approved_on_its_page(karlskoga, alice, officer, sign_in, at):
    association = actions.register_association(name="Teaterboden", organisation_number="8024001235", by=alice, at=at)
    client = sign_in(officer)
    client.post(url("approve", association.pk))
    association.refresh_from_db()
    assert association.status == "applied"  # no category yet
    assert "Välj kategori" in client.get(url("casework", association.pk)).content.decode()
    kultur = Association._meta.get_field("category").related_model.objects.get(key="kultur")
    typed = {
        "version": association.version,
        "name": "Teaterboden",
        "organisation_number": "8024001235",
        "category": kultur.pk,
        "signing": "alone",
    }
    assert client.post(url("kept", association.pk), typed).status_code == 302
    client.post(url("approve", association.pk))
    association.refresh_from_db()
    assert association.status == "registered"


def test_attendance_is_ticked_off_for_many_at_once(association, officer, sign_in, at):
    client = sign_in(officer)
    answer = client.post(url("meeting_list"), {"title": "Dialogmöte", "held_on": "2026-10-05", "place": "Nya Folkets Hus"})
    assert client.post(answer.headers["Location"], {"present": [association.pk]}).status_code == 302
    assert association.attendances.count() == 1
    assert "Teaterboden" in client.get(answer.headers["Location"]).content.decode()


def test_the_start_page_asks_for_what_is_left(filled, alice, officer, sign_in):
    assert "Bekräfta föreningens uppgifter" in sign_in(alice).get("/").content.decode()
    assert "Handlingar att granska" in sign_in(officer).get("/").content.decode()


def test_a_person_switches_between_associations(association, register, alice, sign_in):
    other = register("Möckelns IF", "8024005673", by=alice)
    client = sign_in(alice)
    assert client.get(url("mine")).headers["Location"] == url("home", other.pk)
    client.post("/konto/byt/", {"hat": f"association:{association.pk}"})
    assert client.get(url("mine")).headers["Location"] == url("home", association.pk)


def test_an_offered_mandate_is_accepted_on_the_page_of_the_link(association, alice, bosse, sign_in, client):
    offer = actions.invite_mandate(association, email=bosse.email, kind=MandateKind.APPLICANT, by=alice, at=now())
    address = url("mandate_accept", token_of(offer))
    assert "Teaterboden" in client.get(address).content.decode()
    assert sign_in(bosse).post(address).headers["Location"] == url("home", association.pk)
    assert Association.objects.spoken_for_by(bosse).exists()
