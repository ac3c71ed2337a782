"""Whether an association may be supported: every requirement of the municipality as a rule with a yes or no and a reason.

Only codes and figures are made here; the sentences are in associations.wording. Every number the council adopts comes in
through Requirements, one per year.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from associations.rules.facts import AssociationFacts, Requirements
from associations.rules.finding import Figure, Finding
from associations.rules.numbers import NumberRefused, organisation_number
from records.values import Period, months_after

# Every code a finding here can carry, and the figures that come with it: what the wording must have a sentence for.
CODES: Mapping[str, tuple[str, ...]] = {
    "statutes_approved": ("approved_on",),
    "statutes_not_approved": (),
    "democratic": (),
    "not_democratic": (),
    "democratic_not_stated": (),
    "open_to_all": (),
    "not_open_to_all": (),
    "open_to_all_not_stated": (),
    "enough_members": ("members", "needed"),
    "too_few_members": ("members", "needed"),
    "organisation_number_right": (),
    "organisation_number_missing": (),
    "organisation_number_wrong": (),
    "fee_charged": ("fee", "needed"),
    "fee_too_low": ("fee", "needed"),
    "fee_not_stated": (),
    "board_complete": ("roles",),
    "board_incomplete": ("missing",),
    "seat_at_home": (),
    "seat_elsewhere": (),
    "activity_at_home": (),
    "activity_elsewhere": (),
    "most_members_at_home": ("at_home", "members"),
    "most_members_elsewhere": ("at_home", "members"),
    "members_not_stated": (),
    "records_shown": ("people",),
    "nobody_meets_children": (),
    "records_missing": ("people", "missing", "months"),
    "record_people_not_stated": (),
    "dialogue_attended": ("year",),
    "dialogue_missed": ("year",),
    "dialogue_not_yet_held": ("year",),
    "category_supported": ("category",),
    "category_not_supported": ("category",),
    "category_missing": (),
    "kind_supported": (),
    "kind_excluded": ("kind",),
    "old_enough": ("founded_on", "months"),
    "too_young": ("founded_on", "months", "old_enough_on"),
    "founded_not_stated": (),
    "documents_accepted": ("accepted", "needed"),
    "documents_missing": ("accepted", "needed", "missing", "waiting"),
    "documents_waiting": ("accepted", "needed", "waiting"),
    "account_verified": ("verified_on",),
    "account_not_verified": (),
    "state_support_applied_for": (),
    "state_support_not_due": (),
    "state_support_first": (),
    "facts_confirmed": ("confirmed_on",),
    "facts_not_confirmed": ("year",),
    "dispensation_possible": ("months",),
    "dispensation_not_possible": (),
    "dispensation_without_end": ("months",),
    "dispensation_too_long": ("months",),
}


def standing(facts: AssociationFacts, requirements: Requirements, day: date) -> tuple[Finding, ...]:
    """Every requirement that is asked this year, in the order of the rules, met or not on *day*.

    A requirement that is not met counts as met while a dispensation runs, if it may be dispensed from; its code still says
    what is missing and dispensed_through gives the last day.

    Rule A-00. Source: Karlskoga, "Krav för att få föreningsbidrag" (DOMAIN.md, section 2).
    Words: krav, bidragsberättigad, villkor, föreningens status, standing.
    """
    findings = (
        statutes(facts),
        democratic(facts),
        open_to_all(facts),
        active_members(facts, requirements),
        has_organisation_number(facts),
        member_fee(facts, requirements),
        board(facts, requirements, day),
        seat(facts),
        activity(facts),
        most_members(facts, requirements),
        criminal_records(facts, requirements, day),
        dialogue(facts, requirements, day),
        category(facts, requirements),
        kind(facts, requirements),
        age(facts, requirements, day),
        documents(facts, requirements),
        account(facts),
        state_support(facts),
        yearly_facts(facts, day),
    )
    return tuple(
        _with_dispensation(finding, facts, requirements, day) for finding in findings if finding.rule not in requirements.left_out
    )


def may_be_dispensed(rule: str, period: Period[date], requirements: Requirements) -> Finding:
    """Whether the requirement *rule* may be dispensed from during *period*: only those the council names, with an end in time.

    Rule A-20. Source: Karlskoga, "Krav för att få föreningsbidrag": one-year dispensation possible for members and board.
    Words: dispens, undantag, dispensation.
    """
    months = requirements.dispensation_months
    if rule not in requirements.dispensable:
        return Finding(rule="A-20", met=False, code="dispensation_not_possible")
    if period.until is None:
        return Finding(rule="A-20", met=False, code="dispensation_without_end", figures={"months": months})
    if period.until > months_after(period.since, months):
        return Finding(rule="A-20", met=False, code="dispensation_too_long", figures={"months": months})
    return Finding(rule="A-20", met=True, code="dispensation_possible", figures={"months": months})


def statutes(facts: AssociationFacts) -> Finding:
    """Statutes approved by the national federation or the department.

    Rule A-01. Source: Karlskoga, "Krav för att få föreningsbidrag".
    Words: stadgar, godkända, statutes.
    """
    if facts.statutes_approved_on is None:
        return Finding(rule="A-01", met=False, code="statutes_not_approved")
    return Finding(rule="A-01", met=True, code="statutes_approved", figures={"approved_on": facts.statutes_approved_on})


def democratic(facts: AssociationFacts) -> Finding:
    """Democratically built up.

    Rule A-02. Source: Karlskoga, "Krav för att få föreningsbidrag".
    Words: demokrati, demokratisk, demokrativillkor.
    """
    return _stated("A-02", facts.democratic, "democratic", "not_democratic", "democratic_not_stated")


def open_to_all(facts: AssociationFacts) -> Finding:
    """Open to all.

    Rule A-03. Source: Karlskoga, "Krav för att få föreningsbidrag".
    Words: öppen för alla, medlemskap, open.
    """
    return _stated("A-03", facts.open_to_all, "open_to_all", "not_open_to_all", "open_to_all_not_stated")


def active_members(facts: AssociationFacts, requirements: Requirements) -> Finding:
    """Enough active members; a dispensation of one year is possible.

    Rule A-04. Source: Karlskoga, "Krav för att få föreningsbidrag": at least 10 active members.
    Words: medlemmar, antal medlemmar, aktiva, members.
    """
    met = facts.active_members >= requirements.members_needed
    figures: dict[str, Figure] = {"members": facts.active_members, "needed": requirements.members_needed}
    return Finding(rule="A-04", met=met, code="enough_members" if met else "too_few_members", figures=figures)


def has_organisation_number(facts: AssociationFacts) -> Finding:
    """An organisation number that can be right.

    Rule A-05. Source: Karlskoga, "Krav för att få föreningsbidrag".
    Words: organisationsnummer.
    """
    if not facts.organisation_number:
        return Finding(rule="A-05", met=False, code="organisation_number_missing")
    try:
        organisation_number(facts.organisation_number)
    except NumberRefused:
        return Finding(rule="A-05", met=False, code="organisation_number_wrong")
    return Finding(rule="A-05", met=True, code="organisation_number_right")


def member_fee(facts: AssociationFacts, requirements: Requirements) -> Finding:
    """A membership fee of at least so many kronor a year.

    Rule A-06. Source: Karlskoga, "Krav för att få föreningsbidrag".
    Words: medlemsavgift, avgift, fee.
    """
    if facts.member_fee is None:
        return Finding(rule="A-06", met=False, code="fee_not_stated")
    met = facts.member_fee >= requirements.fee_needed
    figures: dict[str, Figure] = {"fee": facts.member_fee, "needed": requirements.fee_needed}
    return Finding(rule="A-06", met=met, code="fee_charged" if met else "fee_too_low", figures=figures)


def board(facts: AssociationFacts, requirements: Requirements, day: date) -> Finding:
    """A board with at least chair, treasurer and secretary whose terms run; a dispensation of one year is possible.

    Rule A-07. Source: Karlskoga, "Krav för att få föreningsbidrag".
    Words: styrelse, ordförande, kassör, sekreterare, mandatperiod, board.
    """
    filled = {seat.role for seat in facts.board if day in seat.term}
    missing = tuple(role for role in requirements.board_roles if role not in filled)
    if missing:
        return Finding(rule="A-07", met=False, code="board_incomplete", figures={"missing": missing})
    return Finding(rule="A-07", met=True, code="board_complete", figures={"roles": requirements.board_roles})


def seat(facts: AssociationFacts) -> Finding:
    """Its seat in the municipality.

    Rule A-08. Source: Karlskoga, "Krav för att få föreningsbidrag": activity, most members and seat in Karlskoga.
    Words: säte, hemort, seat.
    """
    return _yes_or_no("A-08", facts.seat_at_home, "seat_at_home", "seat_elsewhere")


def activity(facts: AssociationFacts) -> Finding:
    """Its activity in the municipality.

    Rule A-09. Source: Karlskoga, "Krav för att få föreningsbidrag": activity, most members and seat in Karlskoga.
    Words: verksamhet i kommunen, verksamhetsort, activity.
    """
    return _yes_or_no("A-09", facts.activity_at_home, "activity_at_home", "activity_elsewhere")


def most_members(facts: AssociationFacts, requirements: Requirements) -> Finding:
    """More than a given share of the members (most: 50 percent) live in the municipality.

    Rule A-10. Source: Karlskoga, "Krav för att få föreningsbidrag": activity, most members and seat in Karlskoga.
    Words: medlemmar i kommunen, hemkommun, flertalet, most members.
    """
    if facts.members <= 0:
        return Finding(rule="A-10", met=False, code="members_not_stated")
    met = 100 * Decimal(facts.members_at_home) > requirements.home_share * facts.members
    figures: dict[str, Figure] = {"at_home": facts.members_at_home, "members": facts.members}
    return Finding(rule="A-10", met=met, code="most_members_at_home" if met else "most_members_elsewhere", figures=figures)


def criminal_records(facts: AssociationFacts, requirements: Requirements, day: date) -> Finding:
    """Everyone who meets children has shown an extract from the criminal record that is not too old.

    Rule A-11. Source: Karlskoga, "Krav för att få föreningsbidrag"; how long an extract holds is a setting.
    Words: registerutdrag, belastningsregister, ledare, barn, criminal record.
    """
    if facts.record_checks is None:
        return Finding(rule="A-11", met=False, code="record_people_not_stated")
    people = len(facts.record_checks)
    if not people:
        return Finding(rule="A-11", met=True, code="nobody_meets_children")
    months = requirements.record_months
    missing = sum(1 for shown in facts.record_checks if shown is None or not shown <= day < months_after(shown, months))
    if missing:
        figures: dict[str, Figure] = {"people": people, "missing": missing, "months": months}
        return Finding(rule="A-11", met=False, code="records_missing", figures=figures)
    return Finding(rule="A-11", met=True, code="records_shown", figures={"people": people})


def dialogue(facts: AssociationFacts, requirements: Requirements, day: date) -> Finding:
    """Took part in this year's dialogue meeting; until it has been held nobody has missed it.

    Rule A-12. Source: Karlskoga, "Krav för att få föreningsbidrag".
    Words: dialogmöte, dialogträff, möte, dialogue.
    """
    if day.year in facts.dialogue_years:
        return Finding(rule="A-12", met=True, code="dialogue_attended", figures={"year": day.year})
    if requirements.dialogue_on is None or day <= requirements.dialogue_on:
        return Finding(rule="A-12", met=True, code="dialogue_not_yet_held", figures={"year": day.year})
    return Finding(rule="A-12", met=False, code="dialogue_missed", figures={"year": day.year})


def category(facts: AssociationFacts, requirements: Requirements) -> Finding:
    """Belongs to a category that the municipality supports.

    Rule A-13. Source: Karlskoga, "Krav för att få föreningsbidrag": the list of categories.
    Words: kategori, föreningskategori, category.
    """
    if not facts.category:
        return Finding(rule="A-13", met=False, code="category_missing")
    met = facts.category in requirements.categories
    code = "category_supported" if met else "category_not_supported"
    return Finding(rule="A-13", met=met, code=code, figures={"category": facts.category})


def kind(facts: AssociationFacts, requirements: Requirements) -> Finding:
    """Is not of a kind that never gets support (economic, political, pupil, supporter … associations).

    Rule A-14. Source: Karlskoga, older page "Föreningsbidrag": associations that are excluded.
    Words: undantagen, utesluten, politisk, ekonomisk, supporter, pensionär, excluded.
    """
    if facts.kind in requirements.kinds_excluded:
        return Finding(rule="A-14", met=False, code="kind_excluded", figures={"kind": facts.kind})
    return Finding(rule="A-14", met=True, code="kind_supported")


def age(facts: AssociationFacts, requirements: Requirements, day: date) -> Finding:
    """Founded at least so many full months ago.

    Rule A-15. Source: Karlskoga, older page "Föreningsbidrag": not those under 6 months old.
    Words: ålder, bildad, ny förening, sex månader, founded.
    """
    if facts.founded_on is None:
        return Finding(rule="A-15", met=False, code="founded_not_stated")
    figures: dict[str, Figure] = {"founded_on": facts.founded_on, "months": requirements.months_old}
    old_enough_on = months_after(facts.founded_on, requirements.months_old)
    if day < old_enough_on:
        return Finding(rule="A-15", met=False, code="too_young", figures={**figures, "old_enough_on": old_enough_on})
    return Finding(rule="A-15", met=True, code="old_enough", figures=figures)


def documents(facts: AssociationFacts, requirements: Requirements) -> Finding:
    """The yearly documents are handed in and accepted.

    Rule A-16. Source: Karlskoga, "Årligt föreningsbidrag": the attachments.
    Words: årshandlingar, handlingar, verksamhetsberättelse, årsredovisning, budget, revision, bilagor, documents.
    """
    accepted = sum(1 for each in requirements.documents if each in facts.documents_accepted)
    open_ones = [each for each in requirements.documents if each not in facts.documents_accepted]
    missing = tuple(each for each in open_ones if each not in facts.documents_waiting)
    waiting = tuple(each for each in open_ones if each in facts.documents_waiting)
    figures: dict[str, Figure] = {"accepted": accepted, "needed": len(requirements.documents)}
    if missing:
        more: dict[str, Figure] = {**figures, "missing": missing, "waiting": waiting}
        return Finding(rule="A-16", met=False, code="documents_missing", figures=more)
    if waiting:
        return Finding(rule="A-16", met=False, code="documents_waiting", figures={**figures, "waiting": waiting})
    return Finding(rule="A-16", met=True, code="documents_accepted", figures=figures)


def account(facts: AssociationFacts) -> Finding:
    """A bank account that an officer has verified to be the association's own.

    Rule A-17. Source: Karlskoga, "Föreningsbidrag": paid to the association's account; Case 47.
    Words: konto, bankgiro, plusgiro, verifierat, bank account.
    """
    if facts.account_verified_on is None:
        return Finding(rule="A-17", met=False, code="account_not_verified")
    return Finding(rule="A-17", met=True, code="account_verified", figures={"verified_on": facts.account_verified_on})


def state_support(facts: AssociationFacts) -> Finding:
    """Who may have state LOK support applies for that first.

    Rule A-18. Source: Karlskoga, older page "Föreningsbidrag".
    Words: statligt stöd, LOK-stöd, lok, state support.
    """
    if not facts.entitled_to_state_support:
        return Finding(rule="A-18", met=True, code="state_support_not_due")
    return _yes_or_no("A-18", facts.state_support_applied_for, "state_support_applied_for", "state_support_first")


def yearly_facts(facts: AssociationFacts, day: date) -> Finding:
    """The yearly basic facts are confirmed this year.

    Rule A-19. Source: Karlskoga, older page "Föreningsbidrag": yearly basic facts to the municipality.
    Words: årliga uppgifter, grunduppgifter, bekräfta, basic facts.
    """
    if facts.confirmed_on is None or facts.confirmed_on.year != day.year:
        return Finding(rule="A-19", met=False, code="facts_not_confirmed", figures={"year": day.year})
    return Finding(rule="A-19", met=True, code="facts_confirmed", figures={"confirmed_on": facts.confirmed_on})


def _with_dispensation(finding: Finding, facts: AssociationFacts, requirements: Requirements, day: date) -> Finding:
    if finding.met or finding.rule not in requirements.dispensable:
        return finding
    ends = [
        each.period.until
        for each in facts.dispensations
        if each.rule == finding.rule and day in each.period and each.period.until is not None
    ]
    if not ends:
        return finding
    return replace(finding, met=True, dispensed_through=max(ends) - timedelta(days=1))


def _stated(rule: str, stated: bool | None, yes: str, no: str, unsaid: str) -> Finding:
    if stated is None:
        return Finding(rule=rule, met=False, code=unsaid)
    return _yes_or_no(rule, stated, yes, no)


def _yes_or_no(rule: str, met: bool, yes: str, no: str) -> Finding:
    return Finding(rule=rule, met=met, code=yes if met else no)
