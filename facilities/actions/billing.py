"""The invoice basis of a month: looked at, made once, handed over to the finance system."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.actions.prices import tariff_rules
from facilities.choices import BookingStatus
from facilities.models import Bill, BillingRun, BillLine, Booking
from facilities.models.billing import MonthLeft, end_of, left_by_month, out_of_step
from facilities.permissions import may_bill
from facilities.rules import billing as rules
from facilities.rules.billing import Billed, BillKind, Item, NewLine, Owed, Sums
from facilities.rules.pricing import vat_percent
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day, months_after, opens_on

_SWEDISH_ORDER = str.maketrans("åäö", "{|}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A bill as it would be: nothing of it is stored, and it has no number."""

    bill: Bill
    lines: tuple[BillLine, ...]
    hirer: str  # a key of the hirer, for addresses


@dataclass(frozen=True, slots=True)
class _Hirer:
    """Who a bill is for: an association as it is in the register now, or a name."""

    name: str
    association: Association | None = None

    @property
    def key(self) -> str:
        return f"association:{self.association.pk}" if self.association else f"name:{self.name.casefold()}"


def draft_of(month: date, *, at: datetime, association: Association | None = None) -> list[Draft]:
    """What a run of the month would bill now, by hirer. month: its first day. association: only its own. Three queries.

    What was used before the month and is not billed, and what has changed since it was billed, is there too.
    """
    wanted = out_of_step(end_of(month), opens_on(settings.BILLING_SINCE), association.pk if association else None)
    related = ("space__venue", "association")
    bookings = Booking.objects.filter(pk__in=wanted).select_related(*related).order_by("starts_at", "pk")
    latest = {
        (line.booking_id, Item(line.item)): line
        for line in BillLine.objects.latest_of(wanted).select_related("bill__association")
    }
    return _Drafting(list(bookings), latest).drafts(local_day(at))


def months_left(at: datetime) -> list[MonthLeft]:
    """The months with something to bill, to this one, in order: what the next run of each would take. Two queries.

    What is left of months that are made, or were passed over, goes with the next run; so do changes of what was billed too early.
    """
    this_month = local_day(at).replace(day=1)
    latest = BillingRun.objects.values_list("month", flat=True).first()
    following = months_after(latest, 1) if latest else None
    found: dict[date, MonthLeft] = {}
    for each in left_by_month(end_of(this_month), opens_on(settings.BILLING_SINCE)):
        month = min(max(each.month, following or each.month), this_month)
        so_far = found.get(month, MonthLeft(month, 0, Decimal(0)))
        found[month] = MonthLeft(month, so_far.bookings + each.bookings, so_far.amount + each.amount)
    return [found[month] for month in sorted(found)]


def sums_of(drafts: Iterable[Draft]) -> Sums:
    """What several drafts come to."""
    return rules.sums_of((draft.bill.total, draft.bill.vat) for draft in drafts)


@transaction.atomic
def make_run(month: date, *, by: Any, at: datetime) -> BillingRun:
    """Make a month's invoice basis: its bills get numbers and its lines are fixed. Made already: that one, unchanged.

    Whoever makes one at the same time waits here and gets the same. NotAllowedNow while the month goes on, when a later month is
    made, and when there is nothing to bill.
    """
    may_bill(by).or_refuse()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('facilities.billing_run'))")
    if made := BillingRun.objects.filter(month=month).first():
        return made
    if not rules.month_is_over(month, at):
        raise NotAllowedNow(_("The month is not over yet."), "month_goes_on")
    if BillingRun.objects.filter(month__gt=month).exists():
        raise NotAllowedNow(_("A later month is already made. What was left of this one is in it."), "later_month")
    drafts = draft_of(month, at=at)
    if not drafts:
        raise NotAllowedNow(_("There is nothing to bill for this month."), "nothing")
    sums = sums_of(drafts)
    run = BillingRun.objects.create(month=month, made_at=at, made_by=by, net=sums.net, vat=sums.vat, total=sums.total)
    year = local_day(at).year
    first = filing.next_number(settings.BILLING_SERIES, year, how_many=len(drafts))
    for number, draft in enumerate(drafts, start=first):
        draft.bill.run, draft.bill.series, draft.bill.year, draft.bill.number = run, settings.BILLING_SERIES, year, number
    Bill.objects.bulk_create([draft.bill for draft in drafts])
    _save_lines(drafts)
    changes = {"month": [None, str(run)], "bills": [None, len(drafts)], "amount": [None, str(run.total)]}
    filing.note(None, "facilities.billed", by=by, at=at, changes=changes)
    return run


@transaction.atomic
def hand_over(run: BillingRun, *, how: str, by: Any, at: datetime) -> BillingRun:
    """Note that the basis was handed over to the finance system. how: what was fetched. The first time stands; each is logged."""
    may_bill(by).or_refuse()
    run = BillingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.handed_over_at is None:
        run.handed_over_at, run.handed_over_by = at, by
        run.save(update_fields=["handed_over_at", "handed_over_by"])
    filing.note(None, "facilities.bills_handed_over", by=by, at=at, changes={"month": [None, str(run)], "how": [None, how]})
    return run


def _save_lines(drafts: Sequence[Draft]) -> None:
    """Lines in the order of their versions, so that what a line corrects is there before it."""
    left = [line for draft in drafts for line in draft.lines]
    for version in sorted({line.version for line in left}):
        BillLine.objects.bulk_create([_settled(line) for line in left if line.version == version])


def _settled(line: BillLine) -> BillLine:
    """Django notes keys when an object is assigned: here both have got theirs since."""
    line.bill, line.corrects = line.bill, line.corrects
    return line


class _Drafting:
    """Turns bookings, and where their items stand, into drafts."""

    def __init__(self, bookings: Sequence[Booking], latest: dict[tuple[int, Item], BillLine]) -> None:
        self.bookings = {booking.pk: booking for booking in bookings}
        self.latest = latest
        self.hirers: dict[str, _Hirer] = {}

    def drafts(self, day: date) -> list[Draft]:
        new = [line for booking in self.bookings.values() for item in Item for line in self._new_lines(booking, item)]
        made = [self._draft(key, kind, lines, day) for (key, kind), lines in rules.bills(new).items()]
        made.sort(key=lambda draft: (_in_swedish_order(draft.bill.hirer_name), draft.bill.hirer_name, draft.bill.is_credit))
        self._chain(made)
        return made

    def _new_lines(self, booking: Booking, item: Item) -> tuple[NewLine, ...]:
        billed = self._billed(booking, item)
        return rules.lines_to_bill(self._owed(booking, item), billed)

    def _owed(self, booking: Booking, item: Item) -> Owed:
        stands = booking.status == BookingStatus.CONFIRMED
        amount = booking.fee if item is Item.FEE else booking.payable if stands else Decimal(0)
        rates = tariff_rules(booking.tariff_id or 0).vat
        hirer = self._known(_Hirer(booking.association.name if booking.association else booking.hirer_name, booking.association))
        return Owed(booking.pk, item, hirer, amount, vat_percent(rates, local_day(booking.starts_at)))

    def _billed(self, booking: Booking, item: Item) -> Billed | None:
        line = self.latest.get((booking.pk, item))
        if line is None:
            return None
        return line.billed(self._known(_Hirer(line.bill.hirer_name, line.bill.association)))

    def _known(self, hirer: _Hirer) -> str:
        self.hirers.setdefault(hirer.key, hirer)
        return hirer.key

    def _draft(self, key: str, kind: BillKind, lines: Sequence[NewLine], day: date) -> Draft:
        vat = rules.vat_of_lines(lines)
        bill = _bill(self.hirers[key], kind, day)
        sums = rules.sums_of(zip((line.amount for line in lines), vat, strict=True))
        bill.net, bill.vat, bill.total = sums.net, sums.vat, sums.total
        return Draft(bill, tuple(self._line(bill, line, each) for line, each in zip(lines, vat, strict=True)), key)

    def _line(self, bill: Bill, line: NewLine, vat: Decimal) -> BillLine:
        booking, earlier = self.bookings[line.booking], self.latest.get((line.booking, line.item))
        found = BillLine(
            bill=bill,
            booking=booking,
            item=line.item.value,
            version=line.version,
            amount=line.amount,
            vat_percent=line.vat_percent,
            vat=vat,
            standing=line.standing,
            standing_vat=(line.before.standing_vat if line.before else Decimal(0)) + vat,
            lines=booking.lines if line.item is Item.HIRE else booking.fee_lines,
            place=str(booking.space),
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            title=booking.title,
        )
        if line.is_correction and not line.standing and earlier:  # takes back what was billed: as it was billed
            found.lines, found.place, found.title = earlier.lines, earlier.place, earlier.title
            found.starts_at, found.ends_at = earlier.starts_at, earlier.ends_at
        return found

    def _chain(self, drafts: Sequence[Draft]) -> None:
        """Each correction is tied to the line before it: a stored one, or one of these."""
        before = {(line.booking_id, line.item, line.version): line for line in self.latest.values()}
        every = [line for draft in drafts for line in draft.lines]
        before |= {(line.booking_id, line.item, line.version): line for line in every}
        for line in every:
            line.corrects = before.get((line.booking_id, line.item, line.version - 1))


def _bill(hirer: _Hirer, kind: BillKind, day: date) -> Bill:
    due_on = rules.due_day(day, settings.BILLING_DAYS) if kind is BillKind.INVOICE else None
    bill = Bill(kind=kind.value, association=hirer.association, hirer_name=hirer.name, issued_on=day, due_on=due_on)
    if (known := hirer.association) is not None:
        bill.organisation_number, bill.email = known.organisation_number, known.email
        bill.street, bill.postcode, bill.town = known.street, known.postcode, known.town
    return bill


def _in_swedish_order(name: str) -> str:
    return name.lower().translate(_SWEDISH_ORDER)
