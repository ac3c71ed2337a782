"""A loss guarantee: decided on a plan, half of it paid, and the report says that the loss was smaller."""

from datetime import date, timedelta
from decimal import Decimal

from config.demo import applying, deciding, money
from config.demo.stage import Stage, at
from grants.actions import decisions, reports
from grants.actions.calls import CallPlan, plan_call, publish_call
from grants.actions.report_plan import ACTUAL
from grants.actions.schemes import Terms, add_scheme, write_version
from grants.choices import LateCountsFrom
from grants.models import Call, Report

NAME = "Jazz i Parken"
LOSS = Decimal(18_000)
FORM = (
    {
        "key": "event",
        "title": "Arrangemanget",
        "questions": [
            {"key": "name", "label": "Vad heter arrangemanget?", "kind": "text", "max_length": 120},
            {"key": "what", "label": "Vad ska ni ordna?", "kind": "long_text"},
            {"key": "costs", "label": "Vad kostar det?", "kind": "amount"},
            {"key": "incomes", "label": "Vad får ni in?", "kind": "amount"},
            {"key": "asked", "label": "Hur stor garanti söker ni?", "kind": "amount"},
        ],
    },
)
PARTS = ({"kind": "loss_guarantee", "costs": "costs", "incomes": "incomes", "cap": "40000"},)


def guarantee_a_loss(stage: Stage) -> None:
    call = _call(stage)
    application = applying.apply(stage, stage.troupe(NAME), call, date(stage.year, 2, 20), asked=LOSS)
    proposal = deciding.propose(stage, application, date(stage.year, 3, 9))
    made = deciding.decide_by_delegation(stage, [proposal], date(stage.year, 3, 12))
    decisions.publish(made, by=stage.staff["beslutsfattare"], at=at(date(stage.year, 3, 13), 9))
    money.pay(stage, call, date(stage.year, 4, 15))
    _report(stage, Report.objects.get(application=application))
    stage.say("one loss guarantee, whose loss was smaller")


def _report(stage: Stage, report: Report) -> None:
    """Costs as planned, but a quarter of the loss was earned at the door."""
    told = {
        "done": "Tre konserter i Boulognerskogen med gratis inträde för unga.",
        "effect": "Sexhundra kom, och hälften hade aldrig varit på jazz förut.",
        f"{ACTUAL}costs": f"{LOSS * 3:.0f}",
        f"{ACTUAL}incomes": f"{LOSS * 2 + LOSS / 4:.0f}",
    }
    by, when = stage.troupe(NAME).chair, stage.some_time(report.due_on - timedelta(days=9))
    report = reports.hand_in(
        report, answers=told, spent=LOSS * 3 / 4, explanation="Kaffet sålde bättre än väntat.", by=by, at=when
    )
    reports.review(report, approved=True, by=stage.staff["handlaggare"], at=stage.office_time(report.due_on + timedelta(days=3)))


def _call(stage: Stage) -> Call:
    officer, when = stage.staff["handlaggare"], at(date(stage.year, 1, 19), 9)
    scheme = add_scheme(
        key="forlustgaranti",
        name="Förlustgaranti för arrangemang",
        purpose="Kommunen täcker förlusten på ett öppet arrangemang. Ett exempel i demonstrationen, inte antaget av kommunen.",
        is_example=True,
        by=officer,
        at=when,
    )
    terms = Terms(valid_from=when.date(), form=FORM, parts=PARTS, requirements=("A-05",), calculation_is_example=True)
    plan = CallPlan(
        title=f"Förlustgaranti våren {stage.year}",
        grant_year=stage.year,
        opens_on=date(stage.year, 2, 1),
        closes_on=date(stage.year, 3, 1),
        criteria=[],
        anchors_are_examples=True,
        late_counts_from=LateCountsFrom.SUBMISSION,
        max_per_association=1,
        budget=Decimal(150_000),
        pays_on=date(stage.year, 4, 15),
        report_due_on=date(stage.year, 9, 1),
        instalment_shares=(50, 50),
    )
    return publish_call(
        plan_call(write_version(scheme, terms, by=officer, at=when), plan, by=officer, at=when), by=officer, at=when
    )
