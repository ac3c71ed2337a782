"""Into the register, changed in it, out of it."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from associations import actions
from associations.actions import NotAllowedNow, StalePage
from associations.choices import AssociationStatus, MandateKind
from associations.models import Association, Category
from associations.permissions import may_sign, signs
from records.models import Event, Letter

NUMBER = "8024001235"


@pytest.fixture
def applied(karlskoga, alice, at):
    return actions.register_association(name="Teaterboden", organisation_number=NUMBER, by=alice, at=at)


def test_registering_opens_a_case_posts_a_receipt_and_makes_the_person_first_signatory(applied, alice, at):
    assert applied.status == AssociationStatus.APPLIED
    assert applied.case.title == "Registrering av föreningen Teaterboden"
    assert Letter.objects.get(case=applied.case).to == ["alice@teaterboden.example"]
    assert applied.mandates.get().kind == MandateKind.SIGNATORY
    assert Association.objects.spoken_for_by(alice).get() == applied
    assert list(Event.objects.filter(verb="associations.applied").values_list("case", flat=True)) == [applied.case_id]


def test_the_first_signatory_binds_the_association_only_when_it_is_approved(applied, alice, officer, at):
    assert signs(alice, applied, at.date())
    assert not may_sign(alice, applied, at.date())
    applied.category = Category.objects.get(key="kultur")
    applied.save()
    approved = actions.approve(applied, by=officer, at=at)
    assert may_sign(alice, approved, at.date())
    assert approved.registered_on == date(2026, 11, 23)
    assert approved.case.closed_at is None


def test_an_association_without_category_is_not_approved(applied, officer, at):
    with pytest.raises(NotAllowedNow) as refusal:
        actions.approve(applied, by=officer, at=at)
    assert refusal.value.code == "category"


def test_the_same_association_cannot_register_twice(applied, stranger, at):
    with pytest.raises(NotAllowedNow) as refusal:
        actions.register_association(name="Teaterboden två", organisation_number=NUMBER, by=stranger, at=at)
    assert refusal.value.code == "taken"
    assert not Association.objects.spoken_for_by(stranger).exists()


def test_a_refused_association_hears_why_loses_its_mandates_and_may_ask_again(applied, alice, officer, at):
    refused = actions.refuse(applied, reason="Föreningen är ett aktiebolag.", by=officer, at=at)
    assert not Association.objects.spoken_for_by(alice).exists()
    letter = Letter.objects.get(key=f"associations.refused.{refused.case_id}")
    assert "aktiebolag" in letter.html
    assert letter.to == ["alice@teaterboden.example"]
    again = actions.register_association(name="Teaterboden", organisation_number=NUMBER, by=alice, at=at)
    assert again.pk == applied.pk
    assert again.case != applied.case


def test_a_refusal_needs_a_reason(applied, officer, at):
    with pytest.raises(NotAllowedNow):
        actions.refuse(applied, reason="  ", by=officer, at=at)


def test_an_officer_does_not_decide_about_an_association_they_belong_to(applied, officer, sign_for, at):
    sign_for(officer, applied, MandateKind.LEADER)
    with pytest.raises(NotAllowedNow):
        actions.approve(applied, by=officer, at=at)


def test_changed_facts_are_noted_without_contact_details(association, alice, at):
    changed = actions.change_facts(
        association,
        facts={"phone": "0586-123 45", "membership_fee": Decimal("150.00")},
        version=association.version,
        by=alice,
        at=at,
    )
    assert changed.version == association.version + 1
    event = Event.objects.get(verb="associations.facts_changed")
    assert event.changes == {"phone": [None, None], "membership_fee": [None, "150.00"]}


def test_a_page_that_has_grown_old_changes_nothing(association, alice, at):
    actions.change_facts(association, facts={"town": "Karlskoga"}, version=association.version, by=alice, at=at)
    with pytest.raises(StalePage):
        actions.change_facts(association, facts={"town": "Degerfors"}, version=association.version, by=alice, at=at)
    association.refresh_from_db()
    assert association.town == "Karlskoga"


def test_the_association_cannot_change_what_is_checked_against_papers(association, alice, officer, at):
    with pytest.raises(NotAllowedNow):
        actions.change_facts(association, facts={"name": "Bättre namn"}, version=association.version, by=alice, at=at)
    changed = actions.change_facts(association, facts={"name": "Bättre namn"}, version=association.version, by=officer, at=at)
    assert changed.name == "Bättre namn"


def test_an_association_rests_and_wakes_and_dissolves(association, alice, officer, at):
    assert actions.rest(association, reason="Inga ledare i år.", by=alice, at=at).status == AssociationStatus.RESTING
    assert actions.wake(association, by=alice, at=at).status == AssociationStatus.REGISTERED
    assert actions.dissolve(association, reason="Nedlagd.", by=officer, at=at).status == AssociationStatus.DISSOLVED
    with pytest.raises(NotAllowedNow):
        actions.wake(association, by=alice, at=at)
    association.case.refresh_from_db()
    assert association.case.closed_at == at
    assert actions.wake(association, by=officer, at=at).status == AssociationStatus.REGISTERED


def test_the_history_of_a_row_keeps_a_change_that_went_past_the_actions(association):
    Association.objects.filter(pk=association.pk).update(town="Degerfors")
    assert association.events.filter(pgh_label="update", town="Degerfors").exists()


@pytest.mark.parametrize(
    ("truth", "values"),
    [
        ("association_has_a_name", {"name": ""}),
        ("association_number_is_ten_digits", {"organisation_number": "80240012AB"}),
        ("association_in_register_since_a_day", {"registered_on": None}),
        ("association_statutes_approved_some_day_by_somebody", {"statutes_approved_on": date(2026, 1, 1)}),
        ("association_fee_not_negative", {"membership_fee": Decimal("-1")}),
        ("association_postcode_is_five_digits", {"postcode": "691 3"}),
        ("association_year_begins_in_a_month", {"year_begins_in": 13}),
    ],
)
def test_the_database_keeps_what_must_be_true_of_an_association(association, truth, values):
    with pytest.raises(IntegrityError, match=truth), transaction.atomic():
        Association.objects.filter(pk=association.pk).update(**values)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_register_the_same_association_at_once_make_one(karlskoga, alice, bosse, at):
    outcomes = []

    def register(user):
        try:
            actions.register_association(name="Teaterboden", organisation_number=NUMBER, by=user, at=at)
            outcomes.append("registered")
        except NotAllowedNow as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=register, args=(user,)) for user in (alice, bosse)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["registered", "taken"]
    assert Association.objects.get().mandates.count() == 1
