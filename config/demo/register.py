"""Act one: sixty associations enter the register and keep their yearly facts."""

import re
from datetime import date, timedelta
from decimal import Decimal

from django.utils.text import slugify

from accounts import actions as accounts
from accounts.models import User
from associations.actions import bank, board, documents, joint, mandates, members, oversight, register, yearly
from associations.actions.bank import waits_for_second
from associations.choices import AccountKind, BoardRole, DocumentKind, MandateKind, Sex, Signing, StatutesApprovedBy, YearStep
from associations.models import Activity, AgeBand, Area, Association, Category
from associations.standing import asked_on, document_years
from config.demo.cast import PASSWORD
from config.demo.names import ASSOCIATIONS, FIRST_NAMES, LAST_NAMES
from config.demo.stage import Stage, Troupe, at, luhn_digit, paper
from records.models import Letter

KARLSKOGA = "1883"
TWO_SIGN = {"Aggeruds BK", "Bergslagens Kammarkör", "Parasport Nobel"}
TOO_FEW = "Lilla Cykelköket"  # eight members; has a dispensation
TOO_YOUNG = "Nystartade Padelgänget"  # founded this summer
NO_SECRETARY = "Matlaget Skranta"  # a board without a secretary, and no dispensation
NO_RECORDS = "Rollspelarna i Källaren"  # two leaders have not shown their extracts
CAN_SIGN_IN = 6  # the chairs of the first associations have the demonstration's password
OFFICER_ON_BOARD = "Rävåsens Orienterare"  # the second officer is its treasurer: a conflict of interest

_SEATS = ((BoardRole.CHAIR, True), (BoardRole.TREASURER, True), (BoardRole.SECRETARY, True), (BoardRole.MEMBER, False))


def enter_register(stage: Stage) -> None:
    """Register, approve and fill in every association, from the winter of the year before."""
    for number in range(stage.size):
        _found(stage, number)
    stage.say(f"{len(stage.troupes)} associations registered")
    for year in (stage.year - 1, stage.year):
        _hold_dialogue_meeting(stage, year)
        for troupe in stage.troupes:
            if (troupe.association.applied_on or stage.today).year <= year:
                _keep_yearly_facts(stage, troupe, year)
        stage.say(f"yearly facts of {year} confirmed")
    if stage.is_whole:
        _dispense(stage)


def _found(stage: Stage, number: int) -> None:
    name, category, activity, area, counts, girls = ASSOCIATIONS[number]
    young = name == TOO_YOUNG
    day = date(stage.year, 8, 24) if young else date(stage.year - 1, 1, 12) + timedelta(days=number // 3)
    chair = _person(stage, name, "ordforande", day, can_sign_in=number < CAN_SIGN_IN)
    children = category == "barn-och-ungdom" or counts[1] > 30
    association = register.register_association(
        name=name,
        organisation_number=_organisation_number(number),
        by=chair,
        at=stage.some_time(day),
        facts={
            "category": Category.objects.get(key=category),
            "activity": _activity(activity),
            "area": _area(area),
            "seat": KARLSKOGA,
            "acts_here": True,
            "meets_children": children,
            "description": f"{name} är en påhittad förening i demonstrationen.",
            "email": f"kansli@{slugify(name)}.example",
            "phone": f"0586-55 {number:02d} 00",
            "street": f"Exempelgatan {number + 1}",
            "postcode": "69131",
            "town": "Karlskoga",
            "founded_on": day - timedelta(days=20) if young else date(1921 + number, 3, 1 + number % 28),
            "open_to_all_on": day,
            "democratic_on": day,
            "membership_fee": Decimal(50 + 50 * (number % 6)),
            "signing": Signing.TWO_JOINTLY if name in TWO_SIGN else Signing.ALONE,
        },
    )
    officer = stage.staff["handlaggare"]
    association = register.approve(association, by=officer, at=stage.office_time(day + timedelta(days=4)))
    register.change_facts(
        association,
        facts={"statutes_approved_on": day, "statutes_approved_by": StatutesApprovedBy.DEPARTMENT},
        version=association.version,
        by=officer,
        at=stage.office_time(day + timedelta(days=5)),
    )
    second = _second_signatory(stage, association, day) if name in TWO_SIGN else None
    association = Association.objects.get(pk=association.pk)
    stage.troupes.append(Troupe(number, association, chair, second, counts, girls, children))


def _person(stage: Stage, name: str, role: str, day: date, *, can_sign_in: bool) -> User:
    full_name = f"{stage.dice.choice(FIRST_NAMES)} {stage.dice.choice(LAST_NAMES)}"
    person = accounts.add_person(f"{role}@{slugify(name)}.example", at=at(day), name=full_name)
    return accounts.demonstration_password(person, PASSWORD) if can_sign_in else person


def _organisation_number(number: int) -> str:
    nine = f"80299{number:02d}{(number * 37) % 100:02d}"
    return nine + luhn_digit(nine)


def _activity(name: str) -> Activity:
    defaults = {"name": name.capitalize(), "kind": "other", "is_example": True}
    return Activity.objects.filter(name__iexact=name).first() or Activity.objects.create(key=slugify(name), **defaults)


def _area(name: str) -> Area:
    return Area.objects.filter(name__iexact=name).first() or Area.objects.create(key=slugify(name), name=name, is_example=True)


def _second_signatory(stage: Stage, association: Association, day: date) -> User:
    """Two sign jointly, so the first cannot invite the second alone: the officer does, from the statutes."""
    treasurer = _person(stage, association.name, "kassor", day, can_sign_in=True)
    offer = mandates.invite_mandate(
        association,
        email=treasurer.email,
        kind=MandateKind.SIGNATORY,
        by=stage.staff["handlaggare"],
        at=stage.office_time(day + timedelta(days=6)),
    )
    letter = Letter.objects.get(key=f"accounts.invitation.{offer.invitation_id}")
    found = re.search(r"/([A-Za-z0-9_-]{43})/", letter.html)
    if found is None:
        raise ValueError("The letter of invitation carries no link.")
    mandates.accept_mandate(found[1], by=treasurer, at=stage.some_time(day + timedelta(days=8)))
    return treasurer


def _hold_dialogue_meeting(stage: Stage, year: int) -> None:
    officer = stage.staff["handlaggare"]
    day = date(year, 3, 18)
    meeting = oversight.call_dialogue_meeting(
        title=f"Dialogmöte våren {year}", held_on=day, place="Nya Folkets Hus", by=officer, at=at(date(year, 2, 1), 9)
    )
    present = [each.association for each in stage.troupes if each.association.name not in {"Bangolf Näset", TOO_YOUNG}]
    oversight.attend_dialogue(meeting, associations=present, by=officer, at=at(day, 20))


def _keep_yearly_facts(stage: Stage, troupe: Troupe, year: int) -> None:
    """Board, members, papers, account and extracts of one year, as the chair does it an evening after the annual meeting."""
    association, chair = troupe.association, troupe.chair
    day = max(
        date(year, 4, 1) + timedelta(days=stage.dice.randint(0, 50)), (association.applied_on or stage.today) + timedelta(8)
    )
    when = stage.some_time(day)
    _elect(stage, troupe, day)
    _count_members(stage, troupe, year, day)
    _hand_in_papers(stage, troupe, day)
    if not association.bank_accounts.current().exists():
        _name_account(stage, troupe, day)
    _show_extracts(stage, troupe, day)
    for step in YearStep.values:
        if step != YearStep.MEMBERS:
            yearly.confirm_step(association, year=year, step=step, by=chair, at=when)


def _elect(stage: Stage, troupe: Troupe, day: date) -> None:
    association = troupe.association
    running = list(association.board.not_over(day))
    seats = []
    for role, is_woman in _SEATS:
        if role == BoardRole.SECRETARY and association.name == NO_SECRETARY:
            continue
        woman = stage.dice.randrange(100) < troupe.girls if not is_woman else stage.dice.randrange(100) < 50
        name = str(troupe.chair) if role == BoardRole.CHAIR else _name(stage)
        if role == BoardRole.TREASURER and association.name == OFFICER_ON_BOARD:
            name = str(stage.staff["handlaggare2"])
        email = troupe.chair.email if role == BoardRole.CHAIR else ""
        sex, born = (Sex.FEMALE if woman else Sex.MALE), stage.dice.randint(1950, 2003)
        seats.append(
            board.Seat(name=name, role=role, since=day, until=date(day.year + 1, 7, 1), sex=sex, birth_year=born, email=email)
        )
    board.set_board(association, seats=seats, seen=board.fingerprint(running), by=troupe.chair, at=stage.some_time(day))


def _name(stage: Stage) -> str:
    return f"{stage.dice.choice(FIRST_NAMES)} {stage.dice.choice(LAST_NAMES)}"


def _count_members(stage: Stage, troupe: Troupe, year: int, day: date) -> None:
    """The invented age groups, spread over the municipality's age bands, sexes and homes."""
    bands = list(AgeBand.objects.filter(in_use=True).order_by("first_age"))
    counts: dict[tuple[int, str, bool], int] = {}
    for (first, last), people in zip(((0, 6), (7, 15), (16, 25), (26, 64), (65, 99)), troupe.members, strict=True):
        fitting = [band for band in bands if first <= band.first_age <= last] or [bands[-1]]
        for _person in range(people):
            band = stage.dice.choice(fitting)
            sex = Sex.FEMALE if stage.dice.randrange(100) < troupe.girls else Sex.MALE
            cell = (band.pk, str(sex), stage.dice.randrange(100) < 88)
            counts[cell] = counts.get(cell, 0) + 1
    members.report_members(
        troupe.association,
        year=year,
        counts=counts,
        active=sum(troupe.members) - stage.dice.randint(0, sum(troupe.members) // 10),
        as_of=date(year - 1, 12, 31),
        by=troupe.chair,
        at=stage.some_time(day),
    )


def _hand_in_papers(stage: Stage, troupe: Troupe, day: date) -> None:
    """The seven documents; one association forgets its auditor's report, one gets its budget back."""
    association, officer = troupe.association, stage.staff["handlaggare"]
    asked = date(day.year, 7, 1)  # the annual meeting's papers are the ones asked for from the summer on
    for kind, year in document_years(association, asked, asked_on(asked).document_months).items():
        if association.name == "Bangolf Näset" and kind == DocumentKind.AUDITORS_REPORT:
            continue
        label = DocumentKind(kind).label
        upload = paper(f"{label} {year}", f"{kind}-{year}.pdf")
        document = documents.hand_in_document(
            association, kind=kind, year=year, upload=upload, by=troupe.chair, at=stage.some_time(day)
        )
        later = stage.office_time(day + timedelta(days=6))
        if association.name == "Jazz i Parken" and kind == DocumentKind.BUDGET and year == stage.year:
            documents.ask_for_change(document, reason="Budgeten saknar intäkter. Lägg till dem.", by=officer, at=later)
        elif association.name != "Visans Vänner Bofors" or year < stage.year:
            documents.accept_document(document, by=officer, at=later)


def _name_account(stage: Stage, troupe: Troupe, day: date) -> None:
    association, officer = troupe.association, stage.staff["handlaggare"]
    seven = f"5{troupe.number + 1:03d}{(troupe.number + 1) * 7:03d}"
    account = bank.add_bank_account(
        association,
        kind=AccountKind.BANKGIRO,
        number=seven + luhn_digit(seven),
        holder=association.name,
        by=troupe.chair,
        at=stage.some_time(day),
        evidence=paper("Kontobevis", "kontobevis.pdf"),
    )
    if troupe.second is not None and waits_for_second(account):
        act = association.joint_acts.get(key=account.joint_key)
        joint.confirm_joint(act, by=troupe.second, at=stage.some_time(day + timedelta(days=1)))
    if association.name != TOO_YOUNG:
        bank.verify_bank_account(account, by=officer, at=stage.office_time(day + timedelta(days=7)))


def _show_extracts(stage: Stage, troupe: Troupe, day: date) -> None:
    association, officer = troupe.association, stage.staff["handlaggare"]
    if not troupe.meets_children:
        return
    for index in range(2 + sum(troupe.members[:2]) // 40):
        role = ("Ledare", "Tränare", "Assistent")[index % 3]
        known = list(association.record_checks.running().order_by("pk"))
        person = known[index].person if index < len(known) else f"{_name(stage)}"
        check = oversight.list_person(association, person=person, role=role, by=troupe.chair, at=stage.some_time(day))
        if association.name != NO_RECORDS or index > 1:
            shown = stage.office_time(day + timedelta(days=7))
            oversight.note_record_check(check, shown_on=shown.date(), by=officer, at=shown)


def _dispense(stage: Stage) -> None:
    oversight.grant_dispensation(
        stage.troupe(TOO_FEW).association,
        rule="A-04",
        since=date(stage.year, 7, 1),
        until=date(stage.year + 1, 7, 1),
        reason="Föreningen är ny i området och växer. Kulturellt viktig mötesplats.",
        by=stage.staff["handlaggare"],
        at=at(date(stage.year, 6, 20), 10),
    )
