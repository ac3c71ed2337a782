"""How a grant is paid: the parts it comes in, before they are rows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from grants.models import Call
from grants.rules import instalments as rules


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment to come. needs_report: paid when the follow-up report is approved."""

    number: int
    amount: Decimal
    due_on: date
    needs_report: bool


def parts_of(call: Call, owed: Decimal, *, first_time: bool, day: date) -> list[Part]:
    """Instalments by the call's shares; what is left of a grant that has been paid in part comes all at once.

    owed: kronor above 0. day: the decision's day; nothing is due before it.
    """
    shares = [Decimal(str(share)) for share in call.instalment_shares] if first_time else []
    try:
        amounts = rules.instalments(owed, shares or [Decimal(100)])
    except ValueError:  # too small to be divided
        amounts = (owed,)
    first = max(call.pays_on or day, day)
    later = max(call.report_due_on or first, first)
    return [
        Part(number, amount, later if number > 1 else first, number > 1 and call.report_due_on is not None)
        for number, amount in enumerate(amounts, start=1)
    ]
