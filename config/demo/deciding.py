"""Act three, the municipality's side: assess, propose, decide by delegation or in the committee, publish."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from config.demo.stage import Stage, at
from grants.actions import assessments, decisions, meetings, proposals
from grants.actions.counting import count
from grants.actions.proposals import Draft
from grants.choices import CriterionKey, ItemResult, Outcome, Route
from grants.models import Application, Decision, Meeting, Proposal

_WORDS = {
    CriterionKey.DEMOCRACY: "Medlemmarna är med och bestämmer, och föreningen visar hur.",
    CriterionKey.INCLUSION: "Föreningen sänker trösklar: avgifter, språk och lån av utrustning.",
    CriterionKey.PUBLIC_HEALTH: "Regelbunden verksamhet som många deltar i.",
    CriterionKey.EQUALITY: "Tider och resurser följs upp och fördelas lika.",
}
GRANTED = "Föreningen uppfyller kraven och verksamheten bidrar till syftena med bidraget."
REFUSED = "Insatsen är en del av den löpande verksamheten. Extra stöd ges bara till särskilda insatser."


def assess(
    stage: Stage,
    application: Application,
    day: date,
    *,
    by: tuple[str, ...] = ("handlaggare",),
    finish: bool = True,
    levels: tuple[int, ...] = (),
) -> None:
    """levels: in the order of the criteria; () = as the dice fall."""
    for key in by:
        assessor = stage.staff[key]
        when = stage.office_time(day)
        assessment = assessments.start(application, by=assessor, at=when)
        scores = {
            str(key): assessments.Given(level=levels[place] if levels else stage.dice.choice((2, 3, 3, 4, 4, 5)), reason=words)
            for place, (key, words) in enumerate(_WORDS.items())
        }
        assessment = assessments.save(assessment, scores=scores, by=assessor, at=when)
        if finish:
            assessments.finish(assessment, by=assessor, at=when + timedelta(minutes=20))


def propose(stage: Stage, application: Application, day: date, *, by: str = "handlaggare", refuse: str = "") -> Proposal:
    """Propose what the rules counted, or a refusal with its reason; below a threshold with an override."""
    application = Application.objects.get(pk=application.pk)
    amount = count(application).amount
    if refuse or not amount:
        draft = Draft(outcome=Outcome.REFUSE, reasons=refuse or "Underlaget ger inte rätt till något belopp.")
    else:
        unmet = [row["title"] for row in application.standing if not row["met"]]
        override = "Bristen är avhjälpt sedan ansökan lämnades in." if unmet else ""
        draft = Draft(outcome=Outcome.GRANT, amount=amount, reasons=GRANTED, override_reason=override)
    return proposals.propose(application, draft, by=stage.staff[by], at=stage.office_time(day))


def decide_by_delegation(stage: Stage, open_proposals: Iterable[Proposal], day: date) -> list[Decision]:
    return [
        decisions.decide(proposal, by=stage.staff["beslutsfattare"], at=stage.office_time(day))
        for proposal in open_proposals
        if proposal.route == Route.DELEGATE
    ]


def list_for(stage: Stage, meeting: Meeting, open_proposals: Iterable[Proposal], day: date) -> None:
    for proposal in open_proposals:
        if proposal.route == Route.COMMITTEE:
            meetings.put_on_list(proposal, meeting, by=stage.staff["namndsekreterare"], at=stage.office_time(day))


def plan_meeting(stage: Stage, held_on: date) -> Meeting:
    secretary = stage.staff["namndsekreterare"]
    return meetings.plan_meeting(held_on, place="Stadshuset, sal Möckeln", by=secretary, at=at(held_on - timedelta(days=60), 10))


def hold_meeting(stage: Stage, meeting: Meeting) -> list[Decision]:
    """The committee decides as proposed, except one where it grants three quarters."""
    secretary = stage.staff["namndsekreterare"]
    evening = at(meeting.held_on, 16, 30)
    meetings.hold(meeting, by=secretary, at=evening)
    made: list[Decision] = []
    for number, proposal in enumerate(meeting.proposals.filter(closed_at=None).order_by("pk")):
        if number == 1 and proposal.outcome == Outcome.GRANT and proposal.amount:
            less = (proposal.amount * Decimal("0.75")).quantize(Decimal(10))
            decision = meetings.record_result(
                proposal,
                result=ItemResult.OTHER_AMOUNT,
                amount=less,
                reasons="Nämnden prioriterar bredd och ger tre fjärdedelar av beloppet.",
                by=secretary,
                at=evening,
            )
        else:
            decision = meetings.record_result(proposal, result=ItemResult.AS_PROPOSED, by=secretary, at=evening)
        if decision is not None:
            made.append(decision)
    return made


def adjust_and_publish(stage: Stage, meeting: Meeting, made: list[Decision]) -> None:
    secretary = stage.staff["namndsekreterare"]
    day = meeting.held_on + timedelta(days=6)
    meetings.adjust_minutes(meeting, on=day, by=secretary, at=at(day, 14))
    if made:
        decisions.publish(made, by=secretary, at=at(day, 15))
