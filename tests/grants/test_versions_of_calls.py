"""A call stands on the terms that hold when it opens; what was begun on older terms keeps them (Case 60)."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from grants.actions import calls, schemes, versions
from grants.actions.counting import count
from grants.actions.refusals import NotComplete
from grants.models import Call
from tests.grants.conftest import AT, FORM, PLANNED
from tests.grants.test_scheme_pages import CALL

TURN = date(2026, 8, 1)


@pytest.fixture
def two_versions(scheme, officer):
    """1: at most 5 000 kr, from 1 January 2026. 2: at most 9 000 kr, from 1 August 2026."""
    for day, cap in ((date(2026, 1, 1), "5000"), (TURN, "9000")):
        terms = schemes.Terms(valid_from=day, form=FORM, parts=[{"kind": "requested_up_to", "cap": cap}])
        schemes.write_version(scheme, terms, by=officer, at=PLANNED)
        versions.publish_version(scheme, valid_from=day, by=officer, at=PLANNED)
    return scheme


@pytest.mark.parametrize(("opens", "number"), [(date(2026, 6, 1), 1), (date(2026, 7, 31), 1), (TURN, 2), (date(2027, 6, 1), 2)])
def test_a_new_call_takes_the_terms_that_hold_on_the_day_it_opens(two_versions, plan, officer, opens, number):
    call = calls.plan_in(two_versions, replace(plan, opens_on=opens, closes_on=None, late_steps=()), by=officer, at=PLANNED)
    assert call.version.number == number


def test_each_period_is_counted_by_its_own_terms(two_versions, plan, officer, hand_in, association, alice):
    kronor = {}
    for opens, closes in ((date(2026, 6, 1), date(2026, 9, 30)), (TURN, date(2026, 10, 1))):
        planned = calls.plan_in(two_versions, replace(plan, opens_on=opens, closes_on=closes), by=officer, at=PLANNED)
        call = calls.publish_call(planned, by=officer, at=PLANNED)
        kronor[opens] = count(hand_in(call, association, alice)).amount
    assert list(kronor.values()) == [5000, 9000]


def test_terms_that_begin_later_do_not_reach_a_published_call(two_versions, plan, officer, hand_in, association, alice):
    call = calls.publish_call(calls.plan_in(two_versions, plan, by=officer, at=PLANNED), by=officer, at=PLANNED)
    application = hand_in(call, association, alice)
    before = count(application).lines
    terms = replace(schemes.terms_of(two_versions.versions.latest("number")), parts=[{"kind": "requested_up_to", "cap": "1"}])
    schemes.write_version(two_versions, terms, by=officer, at=AT)
    versions.publish_version(two_versions, valid_from=plan.opens_on, by=officer, at=AT)

    assert count(type(application).objects.get(pk=application.pk)).lines == before


def test_before_anything_is_published_a_call_stands_on_what_is_being_prepared(version, plan, officer):
    assert calls.plan_in(version.scheme, plan, by=officer, at=PLANNED).version == version


def test_what_is_being_prepared_is_not_taken_when_something_is_published(two_versions, plan, officer):
    prepared = schemes.terms_of(two_versions.versions.latest("number"))
    schemes.write_version(two_versions, replace(prepared, valid_from=date(2026, 2, 1)), by=officer, at=PLANNED)

    assert calls.plan_in(two_versions, plan, by=officer, at=PLANNED).version.number == 1


def test_a_call_before_any_terms_hold_is_refused_beside_the_day(two_versions, plan, officer, sign_in):
    early = replace(plan, opens_on=date(2025, 6, 1))
    with pytest.raises(NotComplete) as refused:
        calls.plan_in(two_versions, early, by=officer, at=PLANNED)
    assert refused.value.fields == ("opens_on",)
    page = sign_in(officer).post(reverse("grants:call_plan", args=[two_versions.pk]), CALL | {"opens_on": "1 mars 2025"})
    assert page.status_code == 422
    assert "Inga villkor för bidragsformen gäller 1 mars 2025 ännu." in page.content.decode()
    assert not Call.objects.exists()


def test_a_call_being_prepared_follows_new_terms_when_it_is_saved_and_not_in_silence(two_versions, plan, officer, sign_in):
    call = calls.plan_in(two_versions, plan, by=officer, at=PLANNED)
    terms = schemes.terms_of(call.version)
    schemes.write_version(two_versions, terms, by=officer, at=PLANNED)
    versions.publish_version(two_versions, valid_from=date(2026, 5, 1), by=officer, at=PLANNED)

    with pytest.raises(NotComplete, match="Version 3"):
        calls.publish_call(call, by=officer, at=PLANNED)
    page = sign_in(officer).get(reverse("grants:call_manage", args=[call.pk])).content.decode()
    assert "Version 3 av villkoren gäller från 1 maj 2026." in page
    assert "version 1 av villkoren" in page

    calls.change_call(call, plan, by=officer, at=PLANNED)
    assert calls.publish_call(call, by=officer, at=PLANNED).version.number == 3


def test_a_copy_takes_the_terms_that_hold_next_year(two_versions, plan, officer, sign_in):
    call = calls.publish_call(calls.plan_in(two_versions, plan, by=officer, at=PLANNED), by=officer, at=PLANNED)
    with time_machine.travel(AT, tick=False):
        sign_in(officer).post(reverse("grants:call_copy", args=[call.pk]))
    assert Call.objects.latest("pk").version.number == 2
