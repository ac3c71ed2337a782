"""A pot that is asked for twice over: assessed, undecided, with a tie at the cut and three scenarios side by side."""

from datetime import date, timedelta
from decimal import Decimal

from config.demo import applying, deciding
from config.demo.stage import Stage, at
from grants.actions.budget_room import Choice, save_scenario
from grants.actions.calls import CallPlan, Weight, plan_call, publish_call
from grants.actions.karlskoga_texts import ANCHORS, EXTRA_FORM
from grants.actions.schemes import Terms, add_scheme, write_version
from grants.choices import CriterionKey, LateCountsFrom, ShareMethod
from grants.models import Call

POT = Decimal(120_000)
# association, kronor asked for, levels for democracy, inclusion, public health and equality
COMPETING = (
    ("Alfreds Amatörteater", 30_000, (5, 5, 4, 5)),
    ("Möckelns Scouter", 35_000, (4, 4, 5, 4)),
    ("Ungdomens Hus Vänner", 25_000, (4, 4, 4, 4)),
    ("Valåsens Karate", 40_000, (3, 4, 4, 4)),  # these two are equal, and there is money for one of them
    ("Möckelns Dansförening", 20_000, (5, 4, 3, 3)),
    ("Ekebyns Friidrott", 30_000, (3, 3, 4, 3)),
    ("Häsängens Handboll", 15_000, (2, 3, 3, 3)),
)


def share_a_pot(stage: Stage) -> None:
    call = _call(stage)
    for number, (name, asked, levels) in enumerate(COMPETING):
        day = call.opens_on + timedelta(days=3 + 2 * number)
        application = applying.apply(stage, stage.troupe(name), call, day, asked=Decimal(asked))
        deciding.assess(stage, application, day + timedelta(days=8), by=("handlaggare", "handlaggare2"), levels=levels)
    by, when = stage.staff["handlaggare"], at(min(stage.today, date(stage.year, 11, 20)), 14)
    democracy: dict[str, int] = {key: 55 if key == CriterionKey.DEMOCRACY else 15 for key in CriterionKey}
    scenarios = (
        ("Efter rang, hela beloppet", Choice(ShareMethod.RANKED, POT)),
        ("Efter rang, demokrati väger mest", Choice(ShareMethod.RANKED, POT, weights=democracy)),
        ("Lika stor del åt alla", Choice(ShareMethod.PRO_RATA, POT, least=Decimal(5_000))),
    )
    for name, choice in scenarios:
        save_scenario(call, choice, name=name, by=by, at=when)
        when += timedelta(minutes=7)
    stage.say(f"{len(COMPETING)} applications share a pot, three scenarios")


def _call(stage: Stage) -> Call:
    officer, when = stage.staff["handlaggare"], at(date(stage.year, 9, 1), 9)
    scheme = add_scheme(
        key="lovpengar",
        name="Lovpengar",
        purpose="Gratis aktiviteter på lov för unga 6–20 år. Ett exempel i demonstrationen, inte antaget av kommunen.",
        is_example=True,
        by=officer,
        at=when,
    )
    terms = Terms(
        valid_from=when.date(),
        form=EXTRA_FORM,
        parts=({"kind": "requested_up_to"},),
        requirements=("A-05",),
        calculation_is_example=True,
    )
    version = write_version(scheme, terms, by=officer, at=when)
    plan = CallPlan(
        title=f"Lovpengar sportlovet {stage.year + 1}",
        grant_year=stage.year + 1,
        opens_on=date(stage.year, 9, 15),
        closes_on=date(stage.year, 10, 12),
        criteria=[Weight(key, 25, ANCHORS[key]) for key in CriterionKey],
        anchors_are_examples=True,
        late_counts_from=LateCountsFrom.SUBMISSION,
        max_per_association=1,
        budget=POT,
    )
    return publish_call(plan_call(version, plan, by=officer, at=when), by=officer, at=when)
