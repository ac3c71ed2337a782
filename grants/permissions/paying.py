"""Who may pay, hold back, look at reports and claim money back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.choices import Role
from associations.rules.finding import Finding
from grants.choices import InstalmentStatus, ReportStatus
from grants.models import Application, Decision, Instalment, PaymentRun, Reclaim, Report
from grants.permissions.answer import YES, Answer, no
from grants.permissions.assessing import without_interest
from grants.rules import instalments


def may_pay(user: Any) -> Answer:
    if not user.has_role(Role.OFFICER):
        return no(_("Only officers handle payments."))
    return YES


def may_be_paid(instalment: Instalment, day: date) -> Answer:
    """Whether an instalment may go into a file that pays on *day*; otherwise the first thing that stands in its way (G-52)."""
    if instalment.status != InstalmentStatus.PLANNED:
        return no(_("The payment is %(status)s.") % {"status": instalment.get_status_display()})
    finding = instalments.may_be_paid(facts_of(instalment), day)
    return YES if finding else no(hindrance(finding, instalment))


def facts_of(instalment: Instalment) -> instalments.InstalmentFacts:
    application = instalment.decision.application
    report = getattr(application, "report", None)
    return instalments.InstalmentFacts(
        due_on=instalment.due_on,
        needs_report=instalment.needs_report,
        report_approved=report is not None and report.status == ReportStatus.APPROVED,
        decision_published=instalment.decision.published_at is not None,
        account_verified=any(
            account.verified_at and not account.replaced_at for account in application.association.bank_accounts.all()
        ),
        held_back=bool(instalment.held_reason),
    )


def hindrance(finding: Finding, instalment: Instalment) -> str:
    """Why a payment waits, in words."""
    words = {
        "not_due_yet": _("Paid out on %(day)s.") % {"day": date_format(instalment.due_on, "j F Y")},
        "not_published": _("The decision is not published."),
        "report_not_approved": _("The follow-up report must be approved first."),
        "account_not_verified": _("The association has no verified account."),
        "held_back": instalment.held_reason,
    }
    return words[finding.code]


def may_put_in_run(user: Any, chosen: Iterable[Instalment]) -> Answer:
    """Nobody pays an association they have an interest in: a colleague makes a file of that payment. One query."""
    applications = [instalment.decision.application_id for instalment in chosen]
    if Application.objects.with_interest_of(user).filter(pk__in=applications).exists():
        return no(_("You have a conflict of interest in one of the payments. A colleague puts it in a file."))
    return YES


def may_approve_run(user: Any, run: PaymentRun) -> Answer:
    """Another than the one who made it, officer or decision-maker, without an interest in any of its payments."""
    if not user.has_role(Role.OFFICER, Role.DECISION_MAKER):
        return no(_("Only officers and decision-makers approve payment files."))
    if run.approved_at is not None:
        return no(_("The payment file is already approved."))
    if run.cancelled_at is not None:
        return no(_("The payment file has been stopped."))
    if settings.GRANTS_PAYMENT_NEEDS_TWO and user.pk == run.made_by_id:
        return no(_("Somebody else than the one who made the payment file must approve it."))
    return _without_interest_in(user, run)


def may_fetch(user: Any, run: PaymentRun) -> Answer:
    """The file names every payee, so it is fetched by somebody without an interest in any of them."""
    if not (answer := may_pay(user)):
        return answer
    if run.approved_at is None:
        return no(_("The payment file must be approved before it can be fetched."))
    return _without_interest_in(user, run)


def _without_interest_in(user: Any, run: PaymentRun) -> Answer:
    paid = Application.objects.filter(decisions__instalments__lines__run=run)
    if Application.objects.with_interest_of(user).filter(pk__in=paid.values("pk")).exists():
        return no(_("You have a conflict of interest in one of its payments. A colleague takes care of the file."))
    return YES


def may_hand_in(report: Report) -> Answer:
    if report.status not in {ReportStatus.WAITING, ReportStatus.RETURNED}:
        return no(_("The report is handed in and can no longer be changed."))
    return YES


def may_review_report(user: Any, report: Report) -> Answer:
    if not user.has_role(Role.OFFICER):
        return no(_("Only officers review reports."))
    if report.status != ReportStatus.HANDED_IN:
        return no(_("There is no report to review now."))
    return without_interest(user, report.application)


def may_claim(user: Any, decision: Decision) -> Answer:
    """A claim is a decision: it takes a delegate."""
    if not user.has_role(Role.DECISION_MAKER):
        return no(_("Only a decision-maker can decide on a repayment claim."))
    if decision.published_at is None:
        return no(_("The decision is not published."))
    return without_interest(user, decision.application)


def may_note_repayment(user: Any, reclaim: Reclaim) -> Answer:
    if not user.has_role(Role.OFFICER, Role.DECISION_MAKER):
        return no(_("Only officers note repayments."))
    return without_interest(user, _application(reclaim))


def _application(reclaim: Reclaim) -> Application:
    return reclaim.decision.application
