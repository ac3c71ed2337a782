"""Standing from the rows: every requirement with a reason a person understands."""

from datetime import date

import pytest
from django.utils import translation

from associations import actions, standing, wording
from associations.choices import AccountKind, DocumentKind, Signing, StatutesApprovedBy, YearStep
from associations.models import Association, MemberFigures, Requirement
from associations.rules import standing as rules
from associations.rules.finding import Finding

DAY = date(2026, 11, 23)
FACTS = {
    "seat": "1883",
    "acts_here": True,
    "meets_children": True,
    "founded_on": date(2010, 5, 1),
    "democratic_on": date(2026, 3, 1),
    "open_to_all_on": date(2026, 3, 1),
    "membership_fee": 100,
}


@pytest.fixture
def sentence(association):
    """sentence("A-04") -> what the page says about Teaterboden's requirement."""

    def of(rule):
        with translation.override("sv"):
            return next(row for row in standing.of(association, DAY).rows if row["rule"] == rule)

    return of


def complete(association, by, officer, counts, seats, pdf, at):
    """Everything that is asked, through the actions."""
    Association.objects.filter(pk=association.pk).update(
        **FACTS, statutes_approved_on=date(2011, 1, 1), statutes_approved_by=StatutesApprovedBy.FEDERATION, signing=Signing.ALONE
    )
    actions.report_members(association, year=2026, counts=counts, active=10, as_of=DAY, by=by, at=at)
    actions.set_board(association, seats=seats, seen=actions.fingerprint([]), by=by, at=at)
    check = actions.list_person(association, person="Lena Ledare", role="ledare", by=by, at=at)
    actions.note_record_check(check, shown_on=DAY, by=officer, at=at)
    years = standing.document_years(association, DAY, standing.asked_on(DAY).document_months)
    for kind in DocumentKind.values:
        document = actions.hand_in_document(association, kind=kind, year=years[kind], upload=pdf(), by=by, at=at)
        actions.accept_document(document, by=officer, at=at)
    account = actions.add_bank_account(
        association, kind=AccountKind.BANKGIRO, number="50501055", holder="Teaterboden", by=by, at=at
    )
    actions.verify_bank_account(account, by=officer, at=at)
    meeting = actions.call_dialogue_meeting(title="Dialogmöte", held_on=date(2026, 10, 5), by=officer, at=at)
    actions.attend_dialogue(meeting, associations=[association], by=officer, at=at)
    for step in (YearStep.CONTACT, YearStep.BOARD, YearStep.RECORD_CHECKS):
        actions.confirm_step(association, year=2026, step=step, by=by, at=at)
    association.refresh_from_db()


def test_an_association_that_has_done_everything_meets_every_requirement(association, alice, officer, counts, seats, pdf, at):
    complete(association, alice, officer, counts, seats, pdf, at)
    found = standing.of(association, DAY)
    assert [finding.rule for finding in found.unmet] == []
    assert len(found.findings) == 19


def test_a_new_association_is_told_what_is_missing(association, sentence):
    assert sentence("A-01")["met"] is False
    assert sentence("A-07")["sentence"] == "Styrelsen saknar ordförande, kassör och sekreterare."
    assert sentence("A-16")["sentence"].startswith("0 av 7 handlingar är godkända.")


def test_too_few_members_with_a_dispensation_reads_as_the_issue_says(association, alice, officer, counts, sentence, at):
    few = dict(zip(counts, (5, 2, 1), strict=True))
    actions.report_members(association, year=2026, counts=few, active=8, as_of=DAY, by=alice, at=at)
    assert sentence("A-04")["sentence"] == "8 aktiva medlemmar, 10 behövs."
    actions.grant_dispensation(
        association, rule="A-04", since=date(2026, 7, 1), until=date(2027, 7, 1), reason="Nystartad.", by=officer, at=at
    )
    row = sentence("A-04")
    assert row["sentence"] == "8 aktiva medlemmar, 10 behövs; dispens till och med 30 juni 2027."
    assert row["met"]
    assert row["dispensed"]


def test_a_draft_of_figures_does_not_count(association, counts, alice, sentence, at):
    actions.report_members(association, year=2026, counts=counts, active=12, as_of=DAY, by=alice, at=at, confirm=False)
    assert sentence("A-04")["sentence"] == "0 aktiva medlemmar, 10 behövs."


def test_documents_are_asked_for_the_year_that_has_ended_and_plans_for_the_one_that_runs(association):
    years = standing.document_years(association, date(2026, 6, 1), 5)
    assert (years[DocumentKind.ANNUAL_REPORT], years[DocumentKind.BUDGET]) == (2025, 2026)
    winter = standing.document_years(association, date(2027, 1, 15), 5)
    assert winter == years
    association.year_begins_in = 7
    split = standing.document_years(association, date(2026, 12, 1), 5)
    assert (split[DocumentKind.ANNUAL_REPORT], split[DocumentKind.BUDGET]) == (2025, 2026)
    assert association.year_label(2025) == "2025/2026"


def test_every_code_of_the_rules_has_its_words_and_every_figure_it_needs():
    assert set(rules.CODES) == set(wording.CODES)
    samples = {"missing": 1, "members": 1, "people": 1}
    for code, names in rules.CODES.items():
        figures = {name: samples.get(name, 2) for name in names}
        if code in {"board_incomplete", "board_complete", "documents_missing", "documents_waiting"}:
            figures |= {name: ("chair", "budget") for name in names if name in {"missing", "roles", "waiting"}}
        assert wording.sentence(Finding(rule="A-00", met=True, code=code, figures=figures))


def test_every_requirement_has_a_title():
    assert len(wording.TITLES) == 19


def test_standing_of_many_costs_as_many_queries_as_of_one(association, register, alice, django_assert_num_queries):
    register("Möckelns IF", "8024005673", by=alice)
    register("Bofors Sim", "8024002340", by=alice)
    one = list(Association.objects.select_related("category")[:1])
    three = list(Association.objects.select_related("category"))
    with django_assert_num_queries(11):
        standing.of_many(one, DAY)
    with django_assert_num_queries(11):
        standing.of_many(three, DAY)


def test_a_requirement_without_a_row_is_not_asked(association):
    Requirement.objects.exclude(rule="A-04").delete()
    assert [finding.rule for finding in standing.of(association, DAY).findings] == ["A-04"]


def test_a_frozen_finding_keeps_its_words(association, counts, alice, at):
    actions.report_members(association, year=2026, counts=counts, active=10, as_of=DAY, by=alice, at=at)
    with translation.override("sv"):
        frozen = standing.of(association, DAY).as_json(only=["A-04", "A-06"])
    MemberFigures.objects.all().delete()
    assert [row["rule"] for row in frozen] == ["A-04", "A-06"]
    assert frozen[0]["sentence"] == "10 aktiva medlemmar."
    assert frozen[0]["figures"] == {"members": 10, "needed": 10}
