"""The invoice basis: what a month's bookings cost, billed once each; what changes afterwards becomes new lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from facilities.rules.pricing import vat_within
from records.values import local_day, months_after, next_working_day, shared_out

_ZERO = Decimal("0.00")


class Item(StrEnum):
    """What of a booking is billed: each is billed by itself, once."""

    HIRE = "hire"  # the price of a use that stands
    FEE = "fee"  # cancelled late, not used


class BillKind(StrEnum):
    INVOICE = "invoice"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Owed:
    """What an item of a booking costs as it is now. amount: kronor with VAT, not negative. hirer: a key of our own."""

    booking: int
    item: Item
    hirer: str
    amount: Decimal
    vat_percent: Decimal

    def __post_init__(self) -> None:
        if self.amount < 0 or self.vat_percent < 0:
            raise ValueError("What is owed and its VAT are not negative.")


@dataclass(frozen=True, slots=True)
class Billed:
    """Where an item stands after its latest line. version: of that line, from 1. standing, standing_vat: kronor in all so far."""

    hirer: str
    version: int
    standing: Decimal
    standing_vat: Decimal
    vat_percent: Decimal


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to bill. amount: kronor with VAT that it adds (below 0: takes back). before: where the item stood.

    standing: what the item costs in all after the line.
    """

    booking: int
    item: Item
    hirer: str
    version: int
    amount: Decimal
    standing: Decimal
    vat_percent: Decimal
    before: Billed | None = None

    @property
    def is_correction(self) -> bool:
        return self.version > 1

    @property
    def kind(self) -> BillKind:
        return BillKind.INVOICE if self.amount > 0 else BillKind.CREDIT


@dataclass(frozen=True, slots=True)
class Sums:
    """What the lines of a bill come to, in kronor: total = net + vat."""

    net: Decimal
    vat: Decimal

    @property
    def total(self) -> Decimal:
        return self.net + self.vat


def lines_to_bill(owed: Owed, billed: Billed | None) -> tuple[NewLine, ...]:
    """The lines that bring what is billed of an item in step with what is owed: none, one, or two.

    Never billed: the whole amount, when there is any. Billed: the difference, as a line of its own that corrects the latest.
    Where the hirer or the VAT rate has changed, one line takes back all that stands as it stood, and another bills anew. What is
    in step gives no line, so the same can be asked again without harm.

    Rule F-60. Source: issue "invoice basis": corrections as new lines, never the same line twice; bokföringslagen 5:5 (a
    correction shows what it corrects).
    Words: fakturaunderlag, fakturarad, rättelse, kredit, debitera, billing, correction.
    """
    if billed is None:
        return (_line(owed, 1, owed.amount, None),) if owed.amount else ()
    if owed.amount == billed.standing and (not owed.amount or _alike(owed, billed)):
        return ()
    if not billed.standing or _alike(owed, billed):
        return (_line(owed, billed.version + 1, owed.amount - billed.standing, billed),)
    taken_back = NewLine(
        booking=owed.booking,
        item=owed.item,
        hirer=billed.hirer,
        version=billed.version + 1,
        amount=-billed.standing,
        standing=_ZERO,
        vat_percent=billed.vat_percent,
        before=billed,
    )
    if not owed.amount:
        return (taken_back,)
    nothing = Billed(billed.hirer, taken_back.version, _ZERO, _ZERO, billed.vat_percent)
    return taken_back, _line(owed, taken_back.version + 1, owed.amount, nothing)


def vat_of_lines(lines: Sequence[NewLine]) -> tuple[Decimal, ...]:
    """How much of each line is VAT, in kronor; the sign of its amount, never more than it.

    lines: those of one bill. Lines that bill something anew share the VAT on their sum, one sum for each rate, so that the bill's
    VAT is right to the öre however many lines it has. A correction moves the VAT of its item to what the new amount holds; one
    that takes back everything takes back exactly the VAT that was billed.

    Rule F-61. Source: mervärdesskattelagen 17 kap. (the tax of an invoice, per rate); house convention "parts of a pot sum to the
    pot".
    Words: moms, mervärdesskatt, öre, avrundning, momsbelopp, vat.
    """
    found: dict[int, Decimal] = {}
    anew: dict[Decimal, list[int]] = {}
    for index, line in enumerate(lines):
        if line.before is None or not line.before.standing:
            anew.setdefault(line.vat_percent, []).append(index)
        else:
            found[index] = _moved_vat(line, line.before)
    for percent, indexes in anew.items():
        amounts = [lines[index].amount for index in indexes]
        pot = vat_within(sum(amounts, _ZERO), percent)
        found.update(zip(indexes, shared_out(pot, amounts), strict=True))
    return tuple(found[index] for index in range(len(lines)))


def sums_of(lines: Iterable[tuple[Decimal, Decimal]]) -> Sums:
    """What lines of (amount with VAT, VAT) come to.

    Rule F-62. Source: house convention: an amount is the sum of its lines.
    Words: summa, netto, moms, att betala, total.
    """
    every = list(lines)
    vat = sum((vat for _amount, vat in every), _ZERO)
    return Sums(sum((amount for amount, _vat in every), _ZERO) - vat, vat)


def bills(lines: Iterable[NewLine]) -> Mapping[tuple[str, BillKind], tuple[NewLine, ...]]:
    """The lines as bills: for each hirer an invoice of what is to be paid and a credit note of what is taken back.

    In the order in which the hirers come.

    Rule F-63. Source: Peppol BIS Billing 3 (an invoice is never negative; a credit note takes back).
    Words: faktura, kreditnota, kreditfaktura, hyresgäst, bill, credit note.
    """
    found: dict[tuple[str, BillKind], list[NewLine]] = {}
    for line in lines:
        found.setdefault((line.hirer, line.kind), []).append(line)
    return {key: tuple(each) for key, each in found.items()}


def month_is_over(month: date, at: datetime) -> bool:
    """Whether a month can be billed: its last local day has passed. month: its first day.

    Rule F-64. Source: issue "invoice basis per month".
    Words: månad, fakturera, månadsslut, month.
    """
    return local_day(at) >= months_after(month, 1)


def due_day(issued_on: date, days: int) -> date:
    """The last day to pay: *days* after the bill, moved to the next weekday that a time limit may end on. days: 0 or more.

    Rule F-65. Source: räntelagen 4 § (30 days); lag (1930:173) section 2.
    Words: förfallodag, betala senast, betalningsvillkor, due.
    """
    return next_working_day(issued_on + timedelta(days=days))


def _alike(owed: Owed, billed: Billed) -> bool:
    return (owed.hirer, owed.vat_percent) == (billed.hirer, billed.vat_percent)


def _line(owed: Owed, version: int, amount: Decimal, before: Billed | None) -> NewLine:
    return NewLine(
        booking=owed.booking,
        item=owed.item,
        hirer=owed.hirer,
        version=version,
        amount=amount,
        standing=owed.amount,
        vat_percent=owed.vat_percent,
        before=before,
    )


def _moved_vat(line: NewLine, before: Billed) -> Decimal:
    """The VAT of a correction, kept between nothing and the whole of it."""
    if not line.standing:
        return -before.standing_vat
    moved = vat_within(line.standing, line.vat_percent) - before.standing_vat
    return max(line.amount, min(moved, _ZERO)) if line.amount < 0 else min(line.amount, max(moved, _ZERO))
