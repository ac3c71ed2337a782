"""Activity support from attendance to application: estimated, frozen at hand-in, explained, the same afterwards."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from associations import actions as cards
from associations.models import ActivitySession
from associations.rules.attendance import Half
from grants import activity_words as words
from grants.actions import calls, drafts, schemes, submission
from grants.actions.activity import estimates
from grants.actions.counting import count
from grants.forms.parts import PartForm
from grants.models import Application
from grants.part_words import part_text
from grants.rules.counted import LEFT_OUT as REASONS
from grants.rules.counted import REJECTED as REJECTIONS
from grants.rules.parts_json import parts_from_json
from tests.grants.conftest import FORM, PLANNED

SPRING = Half(2026, 1)
APPLY = datetime(2026, 8, 1, 10, 0, tzinfo=UTC)
PARTS = (
    {"kind": "activity_counting", "age_from": 7, "age_to": 25, "minutes": 60, "least": 3, "leaders": 1, "per_day": 1},
    {"kind": "per_leader", "kronor": "21", "more": "5"},
    {"kind": "per_participation", "kronor": "7"},
)


@pytest.fixture
def activity_call(scheme, officer, call):
    terms = schemes.Terms(valid_from=date(2026, 1, 1), form=FORM[:1], parts=PARTS)
    version = schemes.write_version(scheme, terms, by=officer, at=PLANNED)
    plan = replace(
        calls.plan_of(call),
        title="Aktivitetsstöd våren 2026",
        opens_on=date(2026, 7, 1),
        closes_on=date(2026, 8, 25),
        budget=None,
    )
    return calls.publish_call(calls.plan_call(version, plan, by=officer, at=PLANNED), by=officer, at=PLANNED)


@pytest.fixture
def attended(association, alice):
    """Twelve ten-year-olds and two leaders at two sessions in March, one of them half an hour."""
    at = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
    usual = {"weekday": None, "starts": None, "minutes": None, "by": alice, "at": at}
    group = cards.save_group(association, name="Ungteatern", activity="Teater", place="", **usual)
    facts = {"sex": "female", "lives_here": True, "is_member": True, "by": alice, "at": at}
    people = [cards.save_person(group, name=f"Barn {n}", birth_year=2016, leads=False, **facts) for n in range(12)]
    leaders = [cards.save_person(group, name=f"Ledare {n}", birth_year=1980, leads=True, **facts) for n in range(2)]
    marks = {person.pk: "present" for person in people} | {person.pk: "leader" for person in leaders}
    for day, minutes in ((date(2026, 3, 2), 60), (date(2026, 3, 9), 30)):
        cards.mark(group, day=day, starts=time(18), minutes=minutes, changes=marks, by=alice, at=at)
    return group


@pytest.fixture
def applied(activity_call, association, alice, attended):
    draft = drafts.start(activity_call, association, by=alice, at=APPLY)
    draft = drafts.save_section(draft, "activity", answers={"plan": "Teater"}, edition=draft.edition, by=alice, at=APPLY)
    return submission.submit(draft, by=alice, at=APPLY)


def test_the_half_years_support_is_counted_from_the_cards(activity_call, association, attended, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        (found,) = estimates(association, SPRING, APPLY.date())
    assert found.calculation.total == Decimal(110)
    assert [each.reason for each in found.rejected] == ["too_short"]
    assert estimates(association, Half(2025, 2), APPLY.date()) == []


def test_the_association_and_the_officer_read_every_krona_and_each_rejected_session(
    sign_in, alice, officer, stranger, activity_call, association, attended
):
    url = reverse("grants:activity_support", args=[association.pk, 2026, 1])
    for reader in (alice, officer):
        page = sign_in(reader).get(url).content.decode()
        assert "12 × 7 = 84" in page
        assert "G-95" in page
        assert "Den varade 30 minuter, minst 60 behövs." in page
        assert "Barn 0" not in page
    assert sign_in(stranger).get(url).status_code == 404
    figures = reverse("associations:half_year", args=[association.pk, 2026, 1])
    assert url in sign_in(alice).get(figures).content.decode()


def test_what_was_handed_in_stands_whatever_is_corrected_afterwards(applied, attended, alice):
    """Case 60."""
    before = count(applied)
    assert before.amount == Decimal(110)
    marks = {person.pk: "away" for person in attended.association.participants.filter(birth_year=2016)[:6]}
    at = APPLY + timedelta(days=1)
    cards.mark(attended, day=date(2026, 3, 2), starts=time(18), minutes=60, changes=marks, by=alice, at=at)
    ActivitySession.objects.filter(day=date(2026, 3, 9)).delete()
    again = count(Application.objects.get(pk=applied.pk))
    assert again.lines == before.lines


def test_no_person_is_frozen_with_an_application(applied):
    frozen = applied.facts["activity"]
    assert frozen["half"] == [2026, 1]
    assert "Barn" not in str(frozen)
    (counted,) = frozen["counted"].values()
    assert counted["cells"] == [[10, "female", False, 12]]


def test_the_basis_of_an_application_is_read_by_those_who_may_read_it(sign_in, applied, alice, officer, stranger):
    url = reverse("grants:activity_basis", args=[applied.pk])
    for reader, page in ((alice, "grants:application"), (officer, "grants:casework_application")):
        client = sign_in(reader)
        assert "av 2 sammankomster räknas" in client.get(url).content.decode()
        assert url in client.get(reverse(page, args=[applied.pk])).content.decode()
    assert sign_in(stranger).get(url).status_code == 404


def test_every_reason_has_its_sentence():
    assert set(words.REJECTED) == set(REJECTIONS)
    assert set(words.LEFT_OUT) == set(REASONS)


def test_an_officer_enters_a_scheme_of_activity_support_in_forms():
    for part in PARTS:
        form = PartForm(None, part["kind"], quantities=[], groups=[], part=part)
        typed = {
            name: "on" if value is True else str(value) for name, value in form.initial.items() if value not in (None, "", [])
        }
        filled = PartForm(typed, part["kind"], quantities=[], groups=[])
        assert filled.is_valid(), filled.errors
        assert parts_from_json([filled.part()]) == parts_from_json([part])
        assert part_text(parts_from_json([part])[0], {})


def test_a_day_and_a_word_are_entered_as_people_write_them():
    typed = {"since": "1 juli 2023", "minutes": "45"}
    form = PartForm(typed, "activity_counting", quantities=[], groups=[])
    assert form.is_valid()
    assert form.part() == {"kind": "activity_counting", "since": "2023-07-01", "minutes": 45}
    wrong = PartForm({"age_from": "25", "age_to": "7"}, "activity_counting", quantities=[], groups=[])
    assert "age_to" in wrong.errors
