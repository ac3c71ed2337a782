"""The association applies in two of Karlskoga's calls: the yearly grant and the extra support."""

from typing import Any

from accounts.models import User
from grants.choices import ApplicationStatus
from grants.models import Application, Call
from tests.grants.story.walk import Walk

_WORDS = "Vi öppnar scenen för alla som vill prova, en kväll i veckan, och medlemmarna väljer vad vi spelar."
_ANSWERS = {
    "changes": "no",
    "other_support": "no",
    "together": "no",
    "equity": "8 450 kr",
    "asked": "30 000,50 kr",
    "cost": "41000",
    "name": "Öppen scen",
    "begins": "1 februari 2027",
    "ends": "2027-05-31",
}


def applies(walk: Walk, volunteer: User, call: Call) -> Application:
    """From the list of calls to the receipt. Amounts and days are typed as people type them."""
    walk.sits_down(volunteer)
    walk.opens("grants:call_list")
    walk.opens("grants:call", call.pk)
    walk.opens("grants:application_start", call.pk)
    walk.page.locator("main form button[type=submit]").first.click()
    application = Application.objects.get(call=call)
    walk.opens("grants:application", application.pk)
    for section in call.version.form:
        walk.opens("grants:application_section", application.pk, section["key"])
        _answers(walk, section)
        walk.presses("Spara och fortsätt")
    if call.version.aims:
        walk.opens("grants:application_aims", application.pk)
        walk.page.locator("main input[name$=aims][value=integration]").check()
        walk.presses("Spara och fortsätt")
    walk.opens("grants:application_attachments", application.pk)
    for heading in call.version.attachments:
        if heading["required"] and not heading["yearly_document"]:
            walk.hands_over(_field_of(walk, heading["label"]), f"{heading['key']}.pdf")
    walk.presses("Spara och fortsätt")
    walk.opens("grants:application_submit", application.pk)
    walk.reads("Öppna scenen", "19")
    walk.presses("Lämna in ansökan")
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED
    walk.looks("application-handed-in")
    walk.reads(application.case.reference)
    return application


def _answers(walk: Walk, section: dict[str, Any]) -> None:
    for question in section["questions"]:
        field, answer = f"q-{question['key']}", _ANSWERS.get(question["key"], _WORDS)
        if question.get("shown_if") or question.get("required") is False:
            continue
        if question["kind"] == "confirm":
            walk.ticks(field)
        elif question["kind"] == "yes_no":
            walk.page.locator(f"main input[name='{field}'][value='{answer}']").check()
        else:
            walk.page.locator(f"main [name='{field}']").fill(answer)


def _field_of(walk: Walk, label: str) -> str:
    files = walk.page.locator(".attachment", has_text=label).first.locator("input[type=file]")
    return files.get_attribute("name") or ""


def reads_the_receipt(walk: Walk, application: Application) -> None:
    """The letter says when it came, and under which number."""
    walk.post_comes()
    letter = walk.newest_letter_to("kansli@oppnascenen.example")
    assert application.case.reference in letter.body or application.case.reference in letter.subject
