"""A volunteer signs up, registers an association and keeps its yearly facts; an officer looks at what comes in."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from accounts.models import User
from associations.models import AgeBand, Association, BankAccount, RecordCheck, YearlyDocument
from tests.grants.story.walk import Walk, code_in

VOLUNTEER = "vera@oppnascenen.example"
OFFICE = "kansli@oppnascenen.example"
NUMBER = "802400-1235"
BANKGIRO = "5050-1055"


def signs_up(walk: Walk) -> User:
    """With an e-mail address and a code; nobody in the municipality has to do anything."""
    walk.opens("home")
    walk.opens("account_signup")
    walk.writes(name="Vera Volontär", email=VOLUNTEER, password1="kaffe-och-bulle-17")
    walk.presses("Skapa kontot")
    walk.looks("confirm-email")
    walk.writes(code=code_in(walk.newest_letter_to(VOLUNTEER)))
    walk.presses("Fortsätt")
    walk.looks("signed-up")
    return User.objects.get(email=VOLUNTEER)


def registers(walk: Walk) -> Association:
    """A slip in the organisation number is said beside the field, and what was typed stays."""
    walk.opens("associations:register")
    walk.writes(name="Öppna scenen", organisation_number="802400-1230", email=OFFICE)
    walk.page.locator("select[name=category]").select_option(label="Kulturförening")
    walk.page.locator("select[name=activity]").select_option(label="Teater")
    walk.chooses(signing="alone")
    walk.ticks("right", "democratic_on", "open_to_all_on")
    walk.presses("Skicka anmälan", refused=True)
    walk.looks("register-refused")
    assert walk.page.locator("input[name=name]").input_value() == "Öppna scenen"
    walk.writes(organisation_number=NUMBER)
    walk.presses("Skicka anmälan")
    walk.looks("association-applied")
    return Association.objects.get()


def is_let_in(walk: Walk, officer: Any, association: Association) -> None:
    """An officer notes who approved the statutes, and takes the association into the register."""
    walk.sits_down(officer)
    walk.opens("home")
    walk.opens("associations:queues")
    walk.opens("associations:casework", association.pk)
    walk.presses("Registrera")
    walk.opens("associations:kept", association.pk)
    walk.writes(statutes_approved_on=_days_ago(30))
    walk.chooses(statutes_approved_by="department")
    walk.presses("Spara")
    walk.post_comes()
    assert "registre" in walk.newest_letter_to(OFFICE).subject.lower()


def keeps_the_years_facts(walk: Walk, volunteer: User, association: Association) -> None:
    """Contact, about, board, members in figures, those who meet children, the seven documents, the bank account."""
    walk.sits_down(volunteer)
    walk.opens("associations:home", association.pk)
    walk.opens("associations:yearly", association.pk)
    _contact_and_about(walk, association)
    _board(walk, association)
    _members(walk, association)
    walk.opens("associations:people", association.pk)
    walk.writes(person="Vera Volontär", role="leder barngruppen på tisdagar")
    walk.presses("Lägg till")
    walk.reads("Vera Volontär")
    _documents(walk, association)
    walk.opens("associations:account", association.pk)
    walk.chooses(kind="bankgiro")
    walk.writes(number="5050-1054")
    walk.presses("Ange det här kontot", refused=True)
    walk.writes(number=BANKGIRO)
    walk.hands_over("evidence", "kontobevis.pdf")
    walk.presses("Ange det här kontot")
    walk.looks("account-entered")


def _contact_and_about(walk: Walk, association: Association) -> None:
    walk.opens("associations:contact", association.pk)
    walk.writes(phone="070-123 45 67", street="Skolgatan 3", postcode="69132", town="Karlskoga")
    walk.presses("Spara och bekräfta")
    walk.opens("associations:about", association.pk)
    walk.writes(description="Vi spelar teater med alla som vill prova.", founded_on=_days_ago(400), membership_fee="100 kr")
    walk.chooses(acts_here="yes", meets_children="yes")
    walk.presses("Spara")


def _board(walk: Walk, association: Association) -> None:
    walk.opens("associations:board", association.pk)
    for number, (name, role) in enumerate(
        [("Vera Volontär", "chair"), ("Kaj Kassör", "treasurer"), ("Siv Skrivare", "secretary")]
    ):
        row = f"form-{number}"
        walk.page.locator(f"[name={row}-name]").fill(name)
        walk.page.locator(f"[name={row}-role]").select_option(role)
        walk.page.locator(f"[name={row}-since]").fill(_days_ago(100))
    walk.page.locator("details summary").first.click()
    walk.page.locator("[name=form-0-email]").fill(VOLUNTEER)
    walk.presses("Spara och bekräfta")


def _members(walk: Walk, association: Association) -> None:
    """Counted while one types, by the server."""
    walk.opens("associations:members", association.pk, localdate().year)
    band = AgeBand.objects.get(key="7-15")
    walk.page.locator(f"[name=c{band.pk}-female-here]").fill("9")
    walk.page.locator(f"[name=c{band.pk}-male-here]").fill("8")
    walk.page.locator(f"[name=c{band.pk}-male-away]").fill("2")
    walk.writes(active="16")
    walk.page.locator("#sums").get_by_text("19").first.wait_for()
    walk.presses("Bekräfta siffrorna")


def _documents(walk: Walk, association: Association) -> None:
    walk.opens("associations:documents", association.pk)
    for number in range(7):
        walk.page.locator("main .year-step__doors a", has_text="Lämna in").first.click()
        walk.looks("document_hand_in")
        walk.hands_over("file", f"handling-{number + 1}.pdf")
        walk.presses("Lämna in")
    walk.looks("documents-handed-in")
    assert association.documents.count() == 7


def are_looked_at(walk: Walk, officer: Any, association: Association) -> None:
    """The officer accepts the documents, verifies the account and notes the extract: every requirement is met."""
    walk.sits_down(officer)
    walk.opens("associations:queues")
    first = YearlyDocument.objects.awaiting_review().order_by("handed_in_at")[0]
    walk.opens("associations:document_review", first.pk)
    for _number in range(7):
        walk.presses("Godkänn")
    walk.opens("associations:account_review", BankAccount.objects.get().pk)
    walk.reads("5050-1055", "kontobevis.pdf")
    walk.presses("Kontot är föreningens eget")
    walk.opens("associations:person_shown", RecordCheck.objects.get().pk)
    walk.presses("Anteckna")
    walk.opens("associations:casework", association.pk)
    walk.looks("casework-complete")


def meets_every_requirement(walk: Walk, volunteer: User, association: Association) -> None:
    walk.sits_down(volunteer)
    walk.opens("associations:yearly", association.pk)
    for _step in range(walk.page.get_by_role("button", name="Det stämmer, bekräfta").count()):
        walk.presses("Det stämmer, bekräfta")
    walk.looks("yearly-done")
    walk.reads("Allt är klart för i år")
    walk.opens("associations:requirements", association.pk)


def _days_ago(days: int) -> str:
    return (localdate() - timedelta(days=days)).isoformat()
