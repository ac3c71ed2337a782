"""The demonstration: a municipality and two grant years, played by the actions that people call, the same from the same seed.

Last year's round is decided, paid and followed up; this year's is in the middle of its casework; one small scheme is open.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from associations import setup
from config.demo import aftermath, applying, deciding, money
from config.demo.attendance import keep_attendance
from config.demo.cast import accounts_text, enter_staff
from config.demo.culture import keep_the_guarantee
from config.demo.guarantee import guarantee_a_loss
from config.demo.names import ASSOCIATIONS
from config.demo.register import CAN_SIGN_IN, OFFICER_ON_BOARD, TOO_YOUNG, enter_register
from config.demo.rooms import share_a_pot
from config.demo.seasons import keep_seasons
from config.demo.stage import Say, Stage, Troupe, at
from config.demo.venues import keep_venues
from grants.actions import completion, conflicts, decisions, extension, withdrawal
from grants.actions.calls import CallPlan, Weight, plan_call, publish_call
from grants.actions.karlskoga import enter_karlskoga
from grants.actions.karlskoga_texts import ANCHORS, EXTRA_FORM
from grants.actions.schemes import Terms, add_scheme, write_version
from grants.choices import CriterionKey, LateCountsFrom
from grants.models import Application, Call, Meeting, Proposal, Report

# Who does what in this year's yearly round, by name; everyone else applies in time.
DRAFT_ONLY = ("E-sport Möckeln", "Nya Basket Möckeln")
NEVER_BEGAN = ("Flottans Ungdom", "Visans Vänner Bofors", "Odlarna på Sandviken", "Bangolf Näset")
LATE_A_WEEK = {"Bokcirkeln Möckelstrand": 3, "Filmstudion Strand": 6, "Slöjdarna i Linnebäck": 7}
LATE_TWO_WEEKS = {"Nyktra Vänner Möckeln": 12}
TOO_LATE = "Karlskoga Fjällräddare"
EXTENDED = "Hörselrådet Möckeln"
WITHDREW = ("Cirkus Baklänges", "Musikföreningen Rost")
ASKED_FOR_MORE = ("Språkcaféet Hörnan", "Jazz i Parken", "Bregårdens Konståkare")
EXTRA_AUTUMN = (
    "Somaliska Familjeföreningen",
    "Parasport Nobel",
    "Kvinnor i Rörelse",
    "Skranta Boxning",
    "Autismföreningen Gnistan",
)
EXTRA_SPRING = ("Språkcaféet Hörnan", "Möckelns IF", "Matlaget Skranta", "Synvänd Karlskoga")


def play(*, today: date, seed: int, say: Say, size: int = len(ASSOCIATIONS)) -> Stage:
    """Play the whole; the stage afterwards. Only for an empty database. size: so many associations, and last year only."""
    stage = Stage(today=today, dice=Random(seed), say=say, size=size)  # noqa: S311  not for secrets
    enter_staff(stage)
    start = at(date(stage.year - 1, 1, 7), 9)
    officer = stage.staff["handlaggare"]
    setup.karlskoga(start)
    for year in (stage.year - 1, stage.year, stage.year + 1):
        enter_karlskoga(
            year=year, by=officer, at=at(date(year - 1 if year > stage.year else year, 1 if year <= stage.year else 11, 9))
        )
    _open_small_scheme(stage)
    enter_register(stage)
    _last_year(stage)
    if stage.is_whole:
        _extra_last_autumn(stage)
        _extra_this_spring(stage)
        _this_year(stage)
        _extra_this_autumn(stage)
        keep_venues(stage)
        keep_seasons(stage)
        keep_the_guarantee(stage)
        keep_attendance(stage)
        share_a_pot(stage)
        guarantee_a_loss(stage)
    return stage


def accounts_file(stage: Stage) -> str:
    can = [(troupe.chair.email, f"{troupe.chair}, {troupe.association}") for troupe in stage.troupes[:CAN_SIGN_IN]]
    seconds = [(troupe.second.email, f"{troupe.second}, {troupe.association}") for troupe in stage.troupes if troupe.second]
    return accounts_text(stage, [*can, *seconds, *stage.leaders])


def _call(key: str, closes_on: date) -> Call:
    return Call.objects.get(version__scheme__key=key, closes_on=closes_on)


def _open_small_scheme(stage: Stage) -> None:
    """A small scheme without a last day, so that there is always something to apply for. Invented, and labelled so."""
    officer, opens = stage.staff["handlaggare"], date(stage.year, 1, 15)
    when = at(opens, 9)
    scheme = add_scheme(
        key="snabba-pengar",
        name="Snabba pengar till ungas idéer",
        purpose="Ett litet stöd när unga vill ordna något tillsammans. Ett exempel i demonstrationen, inte antaget av kommunen.",
        is_example=True,
        by=officer,
        at=when,
    )
    parts = ({"kind": "requested_up_to"}, {"kind": "at_most", "kronor": "10000"})
    terms = Terms(valid_from=opens, form=EXTRA_FORM, parts=parts, requirements=("A-05",), calculation_is_example=True)
    version = write_version(scheme, terms, by=officer, at=when)
    plan = CallPlan(
        title=f"Snabba pengar till ungas idéer {stage.year}",
        grant_year=stage.year,
        opens_on=opens,
        closes_on=None,
        criteria=[Weight(key, 25, ANCHORS[key]) for key in CriterionKey],
        anchors_are_examples=True,
        late_counts_from=LateCountsFrom.SUBMISSION,
        max_per_association=4,
        budget=Decimal(100_000),
    )
    publish_call(plan_call(version, plan, by=officer, at=when), by=officer, at=when)


def _yearly(stage: Stage, year: int) -> Call:
    return _call("arligt-foreningsbidrag", date(year, 10, 1))


def _last_year(stage: Stage) -> None:
    """Applied for, assessed, decided before Christmas, paid in January."""
    year = stage.year - 1
    call = _yearly(stage, year)
    handed_in = []
    for number, troupe in enumerate(stage.troupes):
        if troupe.association.name == TOO_YOUNG or number % 9 == 8:
            continue
        late = 4 if number % 23 == 5 else 0
        day = date(year, 10, 1) + timedelta(days=late) if late else date(year, 9, 1) + timedelta(days=stage.dice.randint(0, 29))
        handed_in.append((day, troupe))
    applications = [applying.apply(stage, troupe, call, day) for day, troupe in sorted(handed_in, key=lambda pair: pair[0])]
    stage.say(f"{len(applications)} applications for {call.title}")
    proposed = [_handle(stage, application, date(year, 10, 20)) for application in applications]
    meeting = deciding.plan_meeting(stage, date(year, 11, 24))
    deciding.list_for(stage, meeting, proposed, date(year, 11, 10))
    delegated = deciding.decide_by_delegation(stage, proposed, date(year, 11, 12))
    decisions.publish(delegated, by=stage.staff["beslutsfattare"], at=at(date(year, 11, 14), 9))
    deciding.adjust_and_publish(stage, meeting, deciding.hold_meeting(stage, meeting))
    run = money.pay(stage, call, date(year + 1, 1, 29))
    stage.say(f"{len(delegated)} delegated decisions, {run.lines_count if run else 0} payments")


def _handle(stage: Stage, application: Application, day: date) -> Proposal:
    troupe = stage.troupe_of(application)
    by = "handlaggare2" if troupe.association.name != OFFICER_ON_BOARD and troupe.number % 3 == 0 else "handlaggare"
    deciding.assess(stage, application, day + timedelta(days=troupe.number % 9), by=(by,))
    return deciding.propose(stage, application, day + timedelta(days=12), by=by)


def _extra(stage: Stage, call: Call, names: tuple[str, ...], day: date) -> list[Application]:
    made = []
    for number, name in enumerate(names):
        asked = Decimal(18_000 + 17_500 * number)
        made.append(applying.apply(stage, stage.troupe(name), call, day - timedelta(days=3 * number), asked=asked))
    for application in made:
        deciding.assess(stage, application, day + timedelta(days=8), by=("handlaggare", "handlaggare2"))
    return made


def _extra_last_autumn(stage: Stage) -> None:
    """Decided by the committee, paid, reported: one unspent, one reminded of."""
    year = stage.year - 1
    call = _call("extra-stod", date(year, 10, 15))
    made = _extra(stage, call, EXTRA_AUTUMN, date(year, 10, 14))
    proposed = [deciding.propose(stage, application, date(year, 11, 3)) for application in made[:-1]]
    proposed.append(deciding.propose(stage, made[-1], date(year, 11, 3), refuse=deciding.REFUSED))
    meeting = deciding.plan_meeting(stage, date(year, 12, 8))
    deciding.list_for(stage, meeting, proposed, date(year, 11, 20))
    deciding.adjust_and_publish(stage, meeting, deciding.hold_meeting(stage, meeting))
    money.pay(stage, call, date(year, 12, 18))
    aftermath.appeal_refusal(stage, call, EXTRA_AUTUMN[-1], date(year, 12, 29))
    due = list(Report.objects.filter(application__call=call).order_by("pk"))
    money.report(stage, due[:2])
    money.report(stage, due[2:3], unspent=Decimal(6_400))
    money.claim_unspent(stage, due[2])


def _extra_this_spring(stage: Stage) -> None:
    """Decided in May; the reports are due next March. One grant is given back before it is paid, one annulled afterwards."""
    call = _call("extra-stod", date(stage.year, 4, 15))
    made = _extra(stage, call, EXTRA_SPRING, date(stage.year, 4, 12))
    proposed = [deciding.propose(stage, application, date(stage.year, 5, 4)) for application in made]
    meeting = deciding.plan_meeting(stage, date(stage.year, 5, 26))
    deciding.list_for(stage, meeting, proposed, date(stage.year, 5, 12))
    deciding.adjust_and_publish(stage, meeting, deciding.hold_meeting(stage, meeting))
    aftermath.give_back(stage, call, EXTRA_SPRING[3], date(stage.year, 6, 15))
    money.pay(stage, call, date(stage.year, 6, 30))
    aftermath.annul(stage, call, EXTRA_SPRING[2], date(stage.year, 6, 18), date(stage.year, 10, 6))


def _this_year(stage: Stage) -> None:
    """In the middle of the casework: drafts, late, too late, withdrawn, asked for more, assessed, proposed, decided."""
    call = _yearly(stage, stage.year)
    officer = stage.staff["handlaggare"]
    extended = stage.troupe(EXTENDED)
    extension.extend(
        call, extended.association, closes_on=date(stage.year, 10, 10), reason="Kassören är långvarigt sjuk.",
        by=officer, at=at(date(stage.year, 9, 28), 10),
    )  # fmt: skip
    received: list[tuple[Troupe, Application]] = []
    for day, troupe in _calendar(stage):
        name = troupe.association.name
        if name in DRAFT_ONLY:
            applying.draft(stage, troupe, call, stage.some_time(day), sections=2, attach=False)
        elif name == TOO_LATE:
            if not applying.too_late(stage, troupe, call, date(stage.year, 10, 20)):
                raise AssertionError("An application after the last late step was taken in.")
        else:
            received.append((troupe, applying.apply(stage, troupe, call, day)))
    stage.say(f"{len(received)} applications for {call.title}")
    _withdraw_and_complete(stage, received)
    _casework(stage, [application for _troupe, application in received])


def _calendar(stage: Stage) -> list[tuple[date, Troupe]]:
    last_day, days = date(stage.year, 10, 1), []
    for troupe in stage.troupes:
        name = troupe.association.name
        if name in NEVER_BEGAN or name == TOO_YOUNG:
            continue
        late = {**LATE_A_WEEK, **LATE_TWO_WEEKS, EXTENDED: 8}.get(name, 0)
        day = (
            last_day + timedelta(days=late) if late else last_day - timedelta(days=stage.dice.choice((0, 0, 1, 2, 5, 9, 17, 30)))
        )
        days.append((day, troupe))
    return sorted(days, key=lambda pair: (pair[0], pair[1].number))


def _withdraw_and_complete(stage: Stage, received: list[tuple[Troupe, Application]]) -> None:
    officer = stage.staff["handlaggare"]
    for troupe, application in received:
        name = troupe.association.name
        if name in WITHDREW:
            when = stage.some_time(date(stage.year, 10, 12))
            withdrawal.withdraw(application, reason="Vi ställer in verksamheten nästa år.", by=troupe.chair, at=when)
        elif name in ASKED_FOR_MORE:
            completion.ask_completion(
                application,
                sections=["economy"],
                message="Skriv hur mycket pengar föreningen hade vid årets slut enligt balansräkningen.",
                due_on=max(stage.today, date(stage.year, 10, 20)) + timedelta(days=11),
                by=officer,
                at=stage.office_time(date(stage.year, 10, 19)),
            )


def _casework(stage: Stage, received: list[Application]) -> None:
    """A third decided and published, a third proposed, some half assessed, the rest waiting."""
    _step_out(stage, received)
    waiting = list(Application.objects.filter(pk__in=[each.pk for each in received], status="submitted").order_by("received_at"))
    day = date(stage.year, 10, 19)
    share = len(waiting) // 3
    proposed = [_handle(stage, application, day) for application in waiting[: 2 * share]]
    delegated = deciding.decide_by_delegation(stage, proposed[:share], day + timedelta(days=18))
    decisions.publish(delegated[:-3], by=stage.staff["beslutsfattare"], at=at(day + timedelta(days=21), 9))
    for application in waiting[2 * share : 2 * share + 6]:
        if application.association.name != OFFICER_ON_BOARD:
            deciding.assess(stage, application, day, finish=stage.troupe_of(application).number % 2 == 0)
    meeting = deciding.plan_meeting(stage, date(stage.year, 12, 8))
    deciding.list_for(stage, meeting, proposed, day + timedelta(days=20))
    stage.say(f"{len(delegated)} of this year's applications decided, {len(proposed) - len(delegated)} proposed")


def _step_out(stage: Stage, received: list[Application]) -> None:
    """The second officer keeps the orienteers' books and steps out of their case."""
    for application in received:
        if application.association.name == OFFICER_ON_BOARD:
            mats = stage.staff["handlaggare2"]
            conflicts.declare(application, reason="Jag är kassör i föreningen.", by=mats, at=at(date(stage.year, 10, 16), 9))


def _extra_this_autumn(stage: Stage) -> None:
    """Assessed, and on the list of the committee's next meeting."""
    call = _call("extra-stod", date(stage.year, 10, 15))
    made = _extra(stage, call, EXTRA_AUTUMN[::-1], date(stage.year, 10, 14))
    proposed = [deciding.propose(stage, application, date(stage.year, 11, 4)) for application in made[1:]]
    meeting = Meeting.objects.get(held_on=date(stage.year, 12, 8))
    deciding.list_for(stage, meeting, proposed, date(stage.year, 11, 11))
