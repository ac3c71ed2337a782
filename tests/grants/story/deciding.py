"""Officers assess and propose; a delegate decides one case, the committee another; each is published with its letter."""

from typing import Any

from django.utils.timezone import localdate

from accounts.models import User
from grants.choices import ApplicationStatus, CriterionKey
from grants.models import Application, Proposal
from tests.grants.story.registering import OFFICE
from tests.grants.story.walk import Walk, spaced

REASONS = "Verksamheten öppnar för nya grupper, och medlemmarna är med och bestämmer."


def assesses(walk: Walk, officer: Any, application: Application, level: int) -> None:
    """On the four criteria, each with a level and a reason, beside what the register says."""
    walk.sits_down(officer)
    walk.opens("grants:casework_list")
    walk.opens("grants:casework_application", application.pk)
    walk.opens("grants:assessment_list")
    walk.opens("grants:assessment", application.pk)
    walk.presses("Min bedömning är klar", refused=True)
    walk.looks("assessment-refused")
    for key in CriterionKey.values:
        walk.page.locator(f"input[name=q-{key}-level][value='{level}']").check()
        walk.page.locator(f"textarea[name=q-{key}-reason]").fill("Föreningen visar hur, med exempel.")
    walk.presses("Min bedömning är klar")


def proposes(walk: Walk, officer: Any, application: Application, amount: str) -> Proposal:
    """The amount that the rules give stands in the form already."""
    walk.sits_down(officer)
    walk.opens("grants:proposal_write", application.pk)
    assert walk.page.locator("input[name=amount]").input_value().replace("\xa0", " ") == amount
    walk.chooses(outcome="grant")
    walk.writes(reasons=REASONS)
    walk.presses("Lägg förslaget")
    walk.looks("proposal")
    return application.proposals.get()


def is_decided_by_a_delegate(walk: Walk, delegate: Any, proposal: Proposal) -> None:
    walk.sits_down(delegate)
    walk.opens("home")
    walk.opens("grants:decision_list")
    walk.opens("grants:proposal", proposal.pk)
    walk.looks("proposal-to-decide")
    walk.presses("Besluta enligt förslaget")
    walk.looks("decision-staged")


def is_decided_by_the_committee(walk: Walk, secretary: Any, proposal: Proposal) -> None:
    """The list, the meeting with its result, what delegates have decided reported, and the minutes on the notice board."""
    walk.sits_down(secretary)
    walk.opens("home")
    walk.opens("grants:meeting_list")
    walk.writes(held_on=localdate().isoformat(), place="Rådhuset, Karlskoga")
    walk.presses("Planera sammanträdet")
    walk.opens("grants:proposal", proposal.pk)
    walk.looks("proposal-to-list")
    walk.presses("Sätt upp på listan")
    proposal.refresh_from_db()
    walk.opens("grants:meeting", proposal.meeting_id)
    walk.reads("Öppna scenen", "Årligt föreningsbidrag")
    walk.presses("Sammanträdet har ägt rum")
    walk.looks("meeting-held")
    walk.presses("Notera resultatet")
    walk.looks("meeting-recorded")
    walk.writes(on=localdate().isoformat())
    walk.presses("Sätt upp anslaget")
    walk.looks("meeting-adjusted")
    walk.opens("records:notice_board")


def is_published(walk: Walk, by: Any, application: Application) -> None:
    """The letter has its own reasons and says how to appeal."""
    walk.sits_down(by)
    walk.opens("grants:decision_list")
    walk.looks("decisions-to-publish")
    walk.presses("Publicera de förkryssade")
    walk.looks("decisions-published")
    walk.post_comes()
    application.refresh_from_db()
    assert application.status == ApplicationStatus.GRANTED
    assert application.decisions.get().letter.sent_at
    letter = spaced(walk.newest_letter_to(OFFICE).body)
    for sentence in (application.case.reference, REASONS, "laglighetsprövning", "Förvaltningsrätten"):
        assert sentence in letter, letter


def is_read(walk: Walk, volunteer: User, application: Application, amount: str) -> None:
    """The association reads its decision, and everybody what was granted."""
    walk.sits_down(volunteer)
    walk.opens("home")
    walk.opens("grants:application_list")
    walk.opens("grants:application", application.pk)
    walk.looks("application-decided")
    walk.reads(f"Ni får {amount} kr", REASONS)
    walk.opens("grants:own_grants")
    walk.opens("grants:own_grant", application.pk)
    walk.opens("records:letter", application.decisions.get().letter_id)
    walk.opens("records:case", application.case.slug)
    walk.page.context.clear_cookies()
    walk.opens("grants:granted_list")
    walk.opens("grants:granted", application.decisions.get().pk)
