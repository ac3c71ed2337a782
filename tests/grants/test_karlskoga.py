"""Karlskoga's own rules, entered by the same actions that officers use."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from grants.actions.karlskoga import enter_karlskoga
from grants.choices import DecidedBy
from grants.models import Call, Criterion, SchemeVersion
from grants.rules.parts_json import parts_from_json

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)


def test_yearly_support_has_its_window_its_attachments_and_what_lateness_costs():
    enter_karlskoga(year=2026, by=None, at=AT)
    call = Call.objects.get(title="Årligt föreningsbidrag 2027")
    assert (call.opens_on, call.closes_on) == (date(2026, 6, 1), date(2026, 10, 1))
    assert [(step.from_day, step.to_day, step.percent) for step in call.steps()] == [(1, 7, Decimal(10)), (8, 14, Decimal(50))]
    assert len(call.version.attachments) == 7
    assert call.version.calculation_is_example
    assert parts_from_json(call.version.parts)


def test_study_associations_and_sisu_have_until_31_october():
    enter_karlskoga(year=2026, by=None, at=AT)
    assert Call.objects.get(categories__contains=["sisu"]).closes_on == date(2026, 10, 31)


def test_extra_support_closes_twice_a_year_is_always_decided_by_the_committee_and_has_three_aims():
    enter_karlskoga(year=2026, by=None, at=AT)
    calls = Call.objects.filter(version__scheme__key="extra-stod").order_by("closes_on")
    assert [call.closes_on for call in calls] == [date(2026, 4, 15), date(2026, 10, 15)]
    assert sum(call.budget for call in calls) == Decimal(1_000_000)
    assert calls[0].version.scheme.decided_by == DecidedBy.COMMITTEE
    assert len(calls[0].version.aims) == 3
    assert calls[0].report_due_on.year == 2027


def test_every_level_of_every_criterion_has_a_sentence_that_is_marked_as_an_example():
    calls = enter_karlskoga(year=2026, by=None, at=AT)
    assert all(call.anchors_are_examples for call in calls)
    assert all(len(set(row.anchors)) == 6 for row in Criterion.objects.all())


def test_entering_twice_changes_nothing():
    first = enter_karlskoga(year=2026, by=None, at=AT)
    assert enter_karlskoga(year=2026, by=None, at=AT) == first
    assert Call.objects.count() == 5
    assert SchemeVersion.objects.count() == 3
