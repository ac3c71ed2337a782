"""Lines of bills as pages and files show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from facilities.actions.invoices import what
from facilities.models import Bill, BillLine
from facilities.wording import LINES


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of the price behind a bill line, in words."""

    rule: str
    text: str
    arithmetic: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """A bill line: what it is for, and how its amount came about."""

    line: BillLine
    what: str
    counted: tuple[Counted, ...]

    @property
    def subsidy(self) -> Decimal:
        """What the municipality paid of a hire that stands, in kronor."""
        return -sum((each.amount for each in self.counted if each.rule == "F-45"), Decimal(0))


def rows_of(lines: Iterable[BillLine]) -> list[Row]:
    return [Row(line, what(line), tuple(_counted(line))) for line in lines]


def _counted(line: BillLine) -> Iterable[Counted]:
    for each in line.price_lines:
        yield Counted(each.rule, str(LINES.get(each.label, each.label)), each.arithmetic, each.amount)


def headings() -> list[str]:
    return [
        _("Bill"),
        _("Kind"),
        _("Hirer"),
        _("Organisation number"),
        _("Begins"),
        _("Ends"),
        _("Place"),
        _("What"),
        _("What for"),
        _("Rules"),
        capfirst(_("VAT, percent")),
        _("Without VAT"),
        _("VAT"),
        _("Amount"),
    ]


def table_of(bills: Sequence[tuple[Bill, Iterable[BillLine]]]) -> Iterable[list[Any]]:
    """A row for each line. A draft has no number."""
    for bill, lines in bills:
        number = bill.reference if bill.pk else ""
        for line in lines:
            yield [
                number,
                str(bill.get_kind_display()).capitalize(),
                bill.hirer_name,
                bill.organisation_number,
                line.starts_at,
                line.ends_at,
                line.place,
                what(line),
                line.title,
                line.rule_ids,
                line.vat_percent,
                line.net,
                line.vat,
                line.amount,
            ]
