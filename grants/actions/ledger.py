"""What has gone out, what is owed and what must come back, read from the rows. Nothing is written here."""

from decimal import Decimal

from django.db.models import Sum

from grants.choices import InstalmentStatus, ReclaimStatus, ReportStatus
from grants.models import Application, Decision, Ending, Instalment, Reclaim, Repayment, Report

ZERO = Decimal(0)
ON_ITS_WAY = (InstalmentStatus.IN_RUN, InstalmentStatus.PAID)


def entitled(decision: Decision) -> Decimal:
    """What the association may keep: the grant, and no more than an approved report says was used; nothing when it has ended."""
    if Ending.objects.filter(decision=decision).exists():
        return ZERO
    granted = decision.amount or ZERO
    report = Report.objects.filter(application=decision.application_id, status=ReportStatus.APPROVED).first()
    return min(granted, report.spent) if report and report.spent is not None else granted


def net_paid(application: Application) -> Decimal:
    """Paid or on its way, and set off, less what came back; kronor."""
    instalments = Instalment.objects.filter(decision__application=application, status__in=ON_ITS_WAY)
    out = _sum(instalments.aggregate(sum=Sum("amount")))
    set_off = _sum(Repayment.objects.filter(set_off_by__application=application).aggregate(sum=Sum("amount")))
    return out + set_off - repaid(application)


def planned(application: Application) -> Decimal:
    rows = Instalment.objects.filter(decision__application=application, status=InstalmentStatus.PLANNED)
    return _sum(rows.aggregate(sum=Sum("amount")))


def repaid(application: Application) -> Decimal:
    """What came back on the claims on this grant, set-offs against later grants included; kronor."""
    return _sum(Repayment.objects.filter(reclaim__decision__application=application).aggregate(sum=Sum("amount")))


def outstanding(application: Application) -> Decimal:
    """What is claimed on this grant and has not come back; waived claims count, since nobody asks for them again."""
    claims = Reclaim.objects.filter(decision__application=application).exclude(status=ReclaimStatus.REPLACED)
    back = Repayment.objects.filter(reclaim__in=claims.values("pk"))
    return _sum(claims.aggregate(sum=Sum("amount"))) - _sum(back.aggregate(sum=Sum("amount")))


def claimed_by_delegate(decision: Decision) -> tuple[Decimal, Decimal]:
    """(what a delegate's claims on this decision take from the grant, how much of that has not come back yet); kronor."""
    claims = Reclaim.objects.filter(decision=decision, is_decision=True).exclude(status=ReclaimStatus.REPLACED)
    balances = {claim: balance_of(claim) for claim in claims}
    taken = sum((claim.amount - left * (claim.status == ReclaimStatus.WAIVED) for claim, left in balances.items()), ZERO)
    comes_in = sum((left for claim, left in balances.items() if claim.status != ReclaimStatus.WAIVED), ZERO)
    return taken, comes_in


def balance_of(reclaim: Reclaim) -> Decimal:
    return reclaim.amount - _sum(reclaim.repayments.aggregate(sum=Sum("amount")))


def _sum(aggregated: dict[str, Decimal | None]) -> Decimal:
    return aggregated["sum"] or ZERO
