"""What has been paid of each grant, as the ledger knows it, read in the same query as the decisions."""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, Max, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from grants.choices import PaymentLineStatus
from grants.models import Decision, Instalment, PaymentLine, Repayment

_MONEY = DecimalField(max_digits=14, decimal_places=2)
_ZERO = Value(Decimal(0), _MONEY)


def with_disbursed(decisions: QuerySet[Decision]) -> QuerySet[Any]:
    """Adds in_ledger: payments were planned; disbursed: paid and set off less what came back, kronor; settled_on: the last day
    that money moved, None before any has."""
    lines = PaymentLine.objects.filter(instalment__decision__application=OuterRef("application"))
    paid = lines.filter(status=PaymentLineStatus.PAID)
    set_off = Repayment.objects.filter(set_off_by__application=OuterRef("application"))
    back = Repayment.objects.filter(reclaim__decision__application=OuterRef("application"))
    of_line, of_claim = "instalment__decision__application", "reclaim__decision__application"
    days = Greatest(
        _of(lines, of_line, Max("paid_on")),
        _of(lines, of_line, Max("returned_on")),
        _of(back, of_claim, Max("on")),
        _of(set_off, "set_off_by__application", Max("on")),
    )
    return decisions.annotate(
        in_ledger=Exists(Instalment.objects.filter(decision__application=OuterRef("application"))),
        _paid=Coalesce(_of(paid, of_line, Sum("amount")), _ZERO),
        _set_off=Coalesce(_of(set_off, "set_off_by__application", Sum("amount")), _ZERO),
        _back=Coalesce(_of(back, of_claim, Sum("amount")), _ZERO),
        settled_on=days,
    ).annotate(disbursed=F("_paid") + F("_set_off") - F("_back"))


def _of(rows: QuerySet[Any], path: str, figure: Any) -> Subquery:
    return Subquery(rows.order_by().values(path).annotate(figure=figure).values("figure"))
