"""The whole story in a real browser: a volunteer signs up and registers an association, keeps its yearly facts and applies
twice; officers assess and propose; a delegate decides one case and the committee's secretary notes the other; the money is
paid, reported and accounted for. Every page it meets passes axe and fits at 320 and 1280 px."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import localdate, now

from associations import setup
from grants.actions import calls, karlskoga, schemes
from tests.grants.story import applying, deciding, paying, registering
from tests.grants.story.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def walk(live_server, page, screens, mailoutbox):
    setup.karlskoga(now())
    return Walk(page, live_server.url, screens, mailoutbox)


@pytest.fixture
def open_calls(walk, officer):
    """Karlskoga's yearly grant and extra support, open since last week: (yearly, extra)."""
    today = localdate()
    opened = []
    for entry in karlskoga.entries(today.year)[:2]:
        scheme = schemes.add_scheme(
            key=entry.key, name=entry.name, purpose=entry.purpose, decided_by=entry.decided_by, by=officer, at=now()
        )
        version = schemes.write_version(scheme, entry.terms, by=officer, at=now())
        window = replace(
            entry.calls[0],
            opens_on=today - timedelta(days=7),
            closes_on=today + timedelta(days=20),
            pays_on=None,
            report_due_on=entry.calls[0].report_due_on and today + timedelta(days=90),
        )
        opened.append(calls.publish_call(calls.plan_call(version, window, by=officer, at=now()), by=officer, at=now()))
    return opened


def test_three_people_go_the_whole_way_from_a_sign_up_to_money_accounted_for(
    walk, open_calls, officer, other_officer, decision_maker, secretary
):
    volunteer = registering.signs_up(walk)
    association = registering.registers(walk)
    registering.is_let_in(walk, officer, association)
    registering.keeps_the_years_facts(walk, volunteer, association)
    registering.are_looked_at(walk, officer, association)
    registering.meets_every_requirement(walk, volunteer, association)

    yearly, extra = [applying.applies(walk, volunteer, call) for call in open_calls]
    applying.reads_the_receipt(walk, extra)

    deciding.assesses(walk, officer, yearly, level=4)
    deciding.assesses(walk, officer, extra, level=4)
    deciding.assesses(walk, other_officer, extra, level=3)
    delegated = deciding.proposes(walk, officer, yearly, amount="3 020")
    for_the_committee = deciding.proposes(walk, officer, extra, amount="30 000,50")
    deciding.is_decided_by_a_delegate(walk, decision_maker, delegated)
    deciding.is_published(walk, decision_maker, yearly)
    deciding.is_decided_by_the_committee(walk, secretary, for_the_committee)
    deciding.is_published(walk, secretary, extra)
    deciding.is_read(walk, volunteer, extra, "30 000,50")

    file = paying.are_paid(walk, officer, decision_maker)
    paying.the_file_says(file, total=Decimal("33020.50"), payments=2)
    paying.reports(walk, volunteer, extra, spent="28 500")
    paying.is_read_and_approved(walk, officer, extra)
    paying.pays_the_rest_back(walk, decision_maker, officer, extra, unused=Decimal("1500.50"))
    paying.is_told_of_the_whole(walk, officer, volunteer, extra)
