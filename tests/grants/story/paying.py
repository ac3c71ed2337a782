"""The money: one file to the bank, the report after the grant, and what was not used comes back."""

from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.timezone import localdate
from lxml import etree

from accounts.models import User
from grants.choices import InstalmentStatus, ReclaimStatus, ReportStatus
from grants.models import Application, Instalment, PaymentRun, Reclaim
from tests.grants.story.registering import OFFICE
from tests.grants.story.walk import Walk

SCHEMAS = Path(str(find_spec("sepaxml").submodule_search_locations[0])) / "schemas"  # type: ignore[union-attr,index]


def are_paid(walk: Walk, officer: Any, delegate: Any) -> bytes:
    """The officer makes the file, somebody else approves it, the bank pays."""
    walk.sits_down(officer)
    walk.opens("grants:payment_list")
    walk.writes(pays_on=localdate().isoformat())
    walk.presses("Skapa en betalfil")
    run = PaymentRun.objects.get()
    walk.looks("payment-run-made")
    walk.sits_down(delegate)
    walk.opens("grants:payment_run", run.pk)
    walk.presses("Godkänn filen")
    walk.sits_down(officer)
    walk.opens("grants:payment_run", run.pk)
    walk.looks("payment-run-approved")
    with walk.page.expect_download() as fetched:
        walk.page.get_by_role("button", name="Hämta filen till banken").click()
    content = Path(fetched.value.path()).read_bytes()
    walk.opens("grants:payment_run", run.pk)
    walk.writes(on=localdate().isoformat())
    walk.presses("Banken har betalat de förkryssade")
    walk.looks("payment-run-paid")
    assert set(Instalment.objects.values_list("status", flat=True)) == {InstalmentStatus.PAID}
    return content


def the_file_says(content: bytes, total: Decimal, payments: int) -> None:
    """It follows the bank's schema; number of payments, control sum and account are right."""
    root = etree.fromstring(content)
    version = etree.QName(root).namespace.rsplit(":", 1)[-1]
    etree.XMLSchema(etree.parse(str(SCHEMAS / f"{version}.xsd"))).assertValid(root)
    texts = {etree.QName(element).localname: element.text for element in root.iter() if element.text}
    assert (int(texts["NbOfTxs"]), Decimal(texts["CtrlSum"])) == (payments, total)
    assert b"50501055" in content


def reports(walk: Walk, volunteer: User, application: Application, spent: str) -> None:
    """Saved first, handed in later; what is missing is said, and what was typed stays."""
    report = application.report
    walk.sits_down(volunteer)
    walk.opens("grants:report_list")
    walk.opens("grants:report", report.pk)
    walk.writes(done="Vi öppnade scenen fjorton kvällar.", girls="21", boys="17", spent=spent)
    walk.presses("Lämna in redovisningen", refused=True)
    walk.looks("report-refused")
    walk.writes(effect="Sexton nya medlemmar från fyra språkgrupper.", explanation="En ledare blev sjuk två kvällar.")
    walk.presses("Lämna in redovisningen")
    walk.looks("report-handed-in")
    report.refresh_from_db()
    assert report.status == ReportStatus.HANDED_IN


def is_read_and_approved(walk: Walk, officer: Any, application: Application) -> None:
    walk.sits_down(officer)
    walk.opens("grants:report_queue")
    walk.opens("grants:report_review", application.report.pk)
    walk.presses("Godkänn redovisningen")
    walk.opens("grants:report_review", application.report.pk)
    walk.looks("report-approved")
    walk.post_comes()
    assert "redovisning" in walk.newest_letter_to(OFFICE).subject.lower()


def pays_the_rest_back(walk: Walk, delegate: Any, officer: Any, application: Application, unused: Decimal) -> None:
    """A delegate decides on the claim, a letter tells, the money comes in, the account is even."""
    walk.sits_down(delegate)
    walk.opens("grants:claim_back", application.decisions.get().pk)
    walk.writes(reason="Ni använde inte hela bidraget. Det som blev över betalas tillbaka.")
    walk.presses("Besluta och skicka brevet")
    claim = Reclaim.objects.get()
    assert claim.amount == unused
    walk.looks("reclaim-decided")
    walk.post_comes()
    walk.sits_down(officer)
    walk.opens("grants:reclaim_list")
    walk.opens("grants:reclaim", claim.pk)
    walk.writes(repayment__amount=str(unused).replace(".", ","), repayment__on=localdate().isoformat())
    walk.presses("Notera återbetalningen")
    walk.looks("reclaim-settled")
    claim.refresh_from_db()
    assert claim.status == ReclaimStatus.SETTLED


def is_told_of_the_whole(walk: Walk, officer: Any, volunteer: User, application: Application) -> None:
    """The case page tells everything that happened, to the officer and to the association."""
    walk.sits_down(officer)
    walk.opens("records:case", application.case.slug)
    walk.looks("case-officer")
    walk.opens("grants:casework_application", application.pk)
    walk.looks("casework-settled")
    walk.sits_down(volunteer)
    walk.opens("grants:own_grant", application.pk)
    walk.looks("own-grant-settled")
