"""Act two, the applicants' side: draft, answer, attach, hand in - on time, late, incomplete, too late."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from config.demo.answers import answers_for
from config.demo.stage import Stage, Troupe, paper
from grants.actions import drafts, submission
from grants.actions.refusals import NotAllowedNow
from grants.models import Application, Call
from grants.permissions.completeness import AIMS
from grants.rules.questions import form_from_json
from records import filing


def apply(
    stage: Stage, troupe: Troupe, call: Call, day: date, *, asked: Decimal = Decimal(0), attach: bool = True
) -> Application:
    """Begin on *day*, hand in the same evening; the handed-in application. NotAllowedNow when it is too late."""
    when = stage.some_time(day)
    application = draft(stage, troupe, call, when - timedelta(minutes=50), asked=asked, attach=attach)
    return hand_in(troupe, application, when)


def draft(
    stage: Stage,
    troupe: Troupe,
    call: Call,
    when: datetime,
    *,
    asked: Decimal = Decimal(0),
    attach: bool = True,
    sections: int = 99,
) -> Application:
    """Begin an application and fill in its first *sections* sections."""
    application = drafts.start(call, troupe.association, by=troupe.chair, at=when)
    form = form_from_json(call.version.form)
    answers = answers_for(form, troupe.association, asked=asked, year=call.opens_on.year, dice=stage.dice)
    for section, typed in list(answers.items())[:sections]:
        application = drafts.save_section(
            application, section, answers=typed, edition=application.edition, by=troupe.chair, at=when
        )
    if call.version.aims and sections >= len(answers):
        chosen = [stage.dice.choice(call.version.aims)["key"]]
        application = drafts.save_section(
            application, AIMS, answers={}, aims=chosen, edition=application.edition, by=troupe.chair, at=when
        )
    if attach:
        attach_missing(troupe, application, when)
    return application


def attach_missing(troupe: Troupe, application: Application, when: datetime) -> None:
    """Upload the required attachments that the register does not have."""
    for row in application.call.version.attachments:
        if row["required"] and not row.get("yearly_document"):
            file = filing.store_file(paper(row["label"], f"{row['key']}.pdf"), at=when, by=troupe.chair)
            drafts.attach(application, row["key"], file=file, by=troupe.chair, at=when)


def hand_in(troupe: Troupe, application: Application, when: datetime) -> Application:
    """Press "hand in"; where two sign jointly the second signatory presses too."""
    application = submission.hand_in(application, by=troupe.chair, at=when, without_attachments=True)
    if troupe.second is not None:
        application = submission.hand_in(application, by=troupe.second, at=when + timedelta(minutes=5), without_attachments=True)
    return application


def too_late(stage: Stage, troupe: Troupe, call: Call, day: date) -> bool:
    """Try after the last late step; True when it was refused, as it must be."""
    try:
        apply(stage, troupe, call, day)
    except NotAllowedNow:
        return True
    return False
