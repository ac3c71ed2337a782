"""The invoice basis of a month: made once, every line once, corrections as new lines."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, connections, transaction

from facilities import actions
from facilities.actions import billing
from facilities.choices import BillKind, BookingStatus
from facilities.models import Bill, BillingRun, BillLine, Booking
from facilities.rules.pricing import Rate, VatRate
from records.models import Event
from records.refusals import NotAllowedNow
from tests.facilities.at_once import together
from tests.facilities.conftest import AT, hours

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
IN_JUNE, IN_JULY = datetime(2026, 6, 1, 8, tzinfo=UTC), datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.fixture
def run(officer):
    """run(MAY): the basis of a month, made the day after."""

    def make(month=MAY, at=None):
        return billing.make_run(month, by=officer, at=at or {MAY: IN_JUNE, JUNE: IN_JULY}[month])

    return make


def lines(run):
    """(item, amount) of the run's lines, in order."""
    found = BillLine.objects.filter(bill__run=run).order_by("starts_at", "item", "version")
    return [(line.item, str(line.amount)) for line in found]


# --- what is billed ----------------------------------------------------------------------------------------------------------


def test_month_is_billed_by_hirer_with_every_line_of_the_price(room, book, run, stina, other_association, association):
    book(room, hours(10, 12), title="Träning")
    book(room, hours(14, 15))
    book(room, hours(16, 18), by=stina, association=other_association)
    made = run()
    assert [(bill.hirer_name, bill.kind, str(bill.total)) for bill in made.bills.order_by("number")] == [
        ("Karlskoga Handboll", BillKind.INVOICE, "150.00"),
        ("Karlskoga Innebandy", BillKind.INVOICE, "100.00"),
    ]
    assert (made.total, made.vat) == (Decimal("250.00"), Decimal(0))
    line = BillLine.objects.filter(bill__association=association).first()
    assert (line.rule_ids, line.place, line.title) == ("F-42 F-45", "Hallen, 2", "Träning")
    bill = line.bill
    assert (bill.organisation_number, bill.issued_on, bill.due_on) == ("8024001239", date(2026, 6, 1), date(2026, 7, 1))
    assert Event.objects.get(verb="facilities.billed").changes["amount"] == [None, "250.00"]


def test_late_cancellation_is_billed_and_a_timely_one_is_not(room, book, run, alice):
    """Case 41."""
    late, early = book(room, hours(10, 12)), book(room, hours(14, 16))
    actions.cancel(late, by=alice, at=late.starts_at - timedelta(hours=20))
    actions.cancel(early, by=alice, at=early.starts_at - timedelta(days=5))
    assert lines(run()) == [("fee", "100.00")]


def test_nobody_came_is_billed_also_to_those_who_pay_nothing(room, book, run, staff, tariff):
    """Nykvarn: category 0 pays nothing, but a time that nobody used as category 1."""
    rates = (Rate(kronor=Decimal(0), hirer="youth"), Rate(kronor=Decimal(100)))
    zero = replace(tariff.for_rules(), rates=rates)
    actions.publish_tariff(actions.Plan(name="Nolltaxa", valid_from=date(2026, 5, 10), rules=zero), by=None, at=AT)
    used, unused = book(room, hours(10, 12)), book(room, hours(14, 15))
    actions.note_arrival(used, by=staff, at=used.ends_at)
    actions.note_absence(unused, by=staff, at=unused.ends_at)
    assert (used.payable, unused.payable) == (0, 0)
    assert lines(run()) == [("fee", "100.00")]


def test_moved_away_late_is_billed_as_hire_and_fee(room, book, run, alice):
    booking = book(room, hours(10, 12))
    actions.move(booking, room, hours(10, 11, day=3), by=alice, at=booking.starts_at - timedelta(hours=10))
    assert lines(run()) == [("fee", "100.00"), ("hire", "50.00")]


def test_what_is_not_a_hire_is_not_billed(room, book, run, officer, rules, alice):
    actions.close(room, hours(1, 2), reason="Städning", by=officer, at=AT)
    actions.take_for(room, hours(3, 4), "own", title="Möte", by=officer, at=AT)
    actions.hold(room, hours(5, 6), actions.Wish(association=book(room, hours(7, 8)).association), by=alice, at=AT)
    rules(needs_approval=True)
    assert book(room, hours(9, 10)).status == BookingStatus.REQUESTED
    assert lines(run()) == [("hire", "50.00")]


def test_private_hirer_is_billed_by_name_and_gets_no_electronic_invoice(room, run, tariff, officer):
    wish = actions.Wish(hirer_name="Anna Andersson", on_behalf=True, reason="Ringde")
    actions.book(room, hours(10, 12), wish, by=officer, at=AT)
    (bill,) = run().bills.all()
    assert (bill.hirer_name, str(bill.total), bill.can_be_electronic) == ("Anna Andersson", "200.00", False)


def test_time_over_the_end_of_the_month_belongs_to_the_month_it_begins_in(room, book, run):
    """Case 25. 31 May 23.00 - 1 June 01.00 on the wall is May's; 1 June 00.00 is June's."""
    book(room, hours(21, 23, day=13))
    book(room, hours(23, 24, day=13))
    assert lines(run()) == [("hire", "100.00")]
    assert lines(run(JUNE)) == [("hire", "50.00")]


def test_what_was_used_before_billing_began_is_never_billed(room, book, run, settings):
    settings.BILLING_SINCE = date(2026, 5, 20)
    book(room, hours(10, 12))
    book(room, hours(10, 11, day=2))
    assert lines(run()) == [("hire", "50.00")]


# --- once ---------------------------------------------------------------------------------------------------------------------


def test_run_that_is_made_again_changes_nothing(room, book, run):
    book(room, hours(10, 12))
    first, again = run(), run()
    assert first == again
    assert (BillingRun.objects.count(), Bill.objects.count(), BillLine.objects.count()) == (1, 1, 1)


def test_next_month_does_not_bill_the_same_again(room, book, run):
    book(room, hours(10, 12))
    book(room, hours(10, 11, day=20))
    run()
    assert lines(run(JUNE)) == [("hire", "50.00")]


def test_nothing_is_billed_while_the_month_goes_on_nor_when_there_is_nothing(room, book, run):
    with pytest.raises(NotAllowedNow, match=r"not over|inte slut"):
        run(at=datetime(2026, 5, 31, 21, 59, tzinfo=UTC))
    with pytest.raises(NotAllowedNow):
        run()
    book(room, hours(10, 12))
    assert run(at=datetime(2026, 5, 31, 22, 0, tzinfo=UTC)).total == Decimal("100.00")


def test_earlier_month_is_in_the_later_one_and_cannot_be_made_after_it(room, book, run):
    book(room, hours(10, 12))
    book(room, hours(10, 11, day=20))
    assert run(JUNE).total == Decimal("150.00")
    with pytest.raises(NotAllowedNow) as refused:
        run(MAY)
    assert refused.value.code == "later_month"


def test_only_officers_make_a_run(room, book, staff, alice):
    book(room, hours(10, 12))
    for person in (staff, alice):
        with pytest.raises(NotAllowedNow):
            billing.make_run(MAY, by=person, at=IN_JUNE)


def test_looking_at_a_draft_stores_nothing(room, book):
    book(room, hours(10, 12))
    (draft,) = billing.draft_of(MAY, at=IN_JUNE)
    assert (str(draft.bill.total), [str(line.amount) for line in draft.lines]) == ("100.00", ["100.00"])
    assert not BillLine.objects.exists()


def test_draft_takes_the_same_number_of_queries_however_long(room, book, django_assert_num_queries):
    book(room, hours(10, 12))
    billing.draft_of(MAY, at=IN_JUNE)  # the tariff is kept
    with django_assert_num_queries(3):
        assert len(billing.draft_of(MAY, at=IN_JUNE)[0].lines) == 1
    for start in (13, 15):
        book(room, hours(start, start + 1))
    with django_assert_num_queries(3):
        assert len(billing.draft_of(MAY, at=IN_JUNE)[0].lines) == 3


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_make_one_run(room, book, officer, person):
    """Eight hands on the button in the same moment: one run, one bill, one line, numbers without gaps."""
    book(room, hours(10, 12))
    found = together(*[lambda: billing.make_run(MAY, by=officer, at=IN_JUNE)] * 8)
    assert {each.pk for each in found} == {BillingRun.objects.get().pk}
    assert [bill.number for bill in Bill.objects.all()] == [1]
    assert BillLine.objects.count() == 1
    connections.close_all()


def test_database_bills_nothing_twice(room, book, run):
    book(room, hours(10, 12))
    run()
    line = BillLine.objects.get()
    for version, corrects in ((1, None), (2, None), (2, line)):
        copy = BillLine.objects.get()
        copy.pk, copy.version, copy.corrects = None, version, corrects
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            copy.save(force_insert=True)


@pytest.mark.parametrize("model", [BillLine, Bill, BillingRun])
def test_what_is_billed_stands(room, book, run, model):
    book(room, hours(10, 12))
    run()
    for change in (lambda: model.objects.update(vat=1), lambda: model.objects.all().delete()):
        with pytest.raises(Exception, match=r"Cannot|billing_run_is_fixed"), transaction.atomic():
            change()


# --- corrections --------------------------------------------------------------------------------------------------------------


def test_booking_changed_after_it_was_billed_gives_a_correction(room, book, run, staff, officer):
    booking = book(room, hours(10, 12))
    may = run()
    actions.note_absence(booking, by=staff, at=IN_JUNE)
    Booking.objects.filter(pk=booking.pk).update(fee=Decimal("40.00"))
    june = run(JUNE)
    assert (lines(may), lines(june)) == ([("hire", "100.00")], [("fee", "40.00")])


def test_booking_forgiven_after_it_was_billed_gives_a_credit_note(room, book, run, officer):
    booking, kept = book(room, hours(10, 12)), book(room, hours(14, 16))
    may = run()
    Booking.objects.filter(pk=booking.pk).update(status=BookingStatus.CANCELLED, cancelled_at=IN_JUNE)
    book(room, hours(10, 11, day=20))
    june = run(JUNE)
    invoice, credit = june.bills.order_by("number")
    assert (invoice.kind, str(invoice.total), invoice.due_on) == (BillKind.INVOICE, "50.00", date(2026, 7, 31))
    assert (credit.kind, str(credit.total), credit.due_on) == (BillKind.CREDIT, "-100.00", None)
    (line,) = credit.lines.all()
    assert (line.version, line.corrects.bill.run, line.standing) == (2, may, 0)
    assert BillLine.objects.filter(booking=kept).count() == 1
    assert june.total == Decimal("-50.00")


def test_price_that_is_lowered_gives_the_difference_back(room, book, run):
    booking = book(room, hours(10, 12))
    run()
    Booking.objects.filter(pk=booking.pk).update(payable=Decimal("60.00"))
    (line,) = run(JUNE).bills.get().lines.all()
    assert (str(line.amount), str(line.before), str(line.standing)) == ("-40.00", "100.00", "60.00")


def test_month_with_nothing_but_an_old_correction_can_be_billed(room, book, run):
    booking = book(room, hours(10, 12))
    run()
    Booking.objects.filter(pk=booking.pk).update(payable=Decimal(0))
    assert run(JUNE).total == Decimal("-100.00")


# --- VAT ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_vat(tariff):
    """From 10 May 6 %, from 20 May 25 %, within the price."""
    rates = (VatRate(date(2026, 5, 10), Decimal(6)), VatRate(date(2026, 5, 20), Decimal(25)))
    fresh = replace(tariff.for_rules(), vat=rates)
    return actions.publish_tariff(actions.Plan(name="Moms", valid_from=date(2026, 5, 2), rules=fresh), by=None, at=AT)


def test_vat_of_a_line_is_that_of_the_day_of_the_use(with_vat, room, book, run):
    """Case 62."""
    book(room, hours(10, 12))
    book(room, hours(10, 12, day=1))
    book(room, hours(10, 12, day=2))
    made = run()
    found = [(line.vat_percent, str(line.vat), str(line.net)) for line in BillLine.objects.order_by("starts_at")]
    assert found == [(6, "5.66", "94.34"), (6, "5.66", "94.34"), (25, "20.00", "80.00")]
    assert (made.net, made.vat, made.total) == (Decimal("268.68"), Decimal("31.32"), Decimal("300.00"))


def test_moved_over_a_change_of_vat_is_taken_back_and_billed_anew(with_vat, room, book, run):
    booking = book(room, hours(10, 12))
    run()
    Booking.objects.filter(pk=booking.pk).update(
        starts_at=booking.starts_at + timedelta(days=3), ends_at=booking.ends_at + timedelta(days=3)
    )
    june = run(JUNE)
    found = [(str(line.amount), line.vat_percent) for line in BillLine.objects.filter(bill__run=june).order_by("version")]
    assert found == [("-100.00", 6), ("100.00", 25)]
    assert june.total == 0


def test_run_sums_to_its_bills_and_these_to_their_lines(with_vat, room, book, run, stina, other_association):
    for start in range(0, 20, 2):
        book(room, hours(start, start + 1.25))
        book(room, hours(start, start + 1.75, day=3), by=stina, association=other_association)
    made = run()
    bills = list(made.bills.all())
    assert sum(bill.total for bill in bills) == made.total
    assert sum(bill.vat for bill in bills) == made.vat
    for bill in bills:
        found = list(bill.lines.all())
        assert (sum(line.amount for line in found), sum(line.vat for line in found)) == (bill.total, bill.vat)


def test_handing_over_is_noted_once_and_logged_each_time(room, book, run, officer, person):
    book(room, hours(10, 12))
    made = run()
    billing.hand_over(made, how="peppol", by=officer, at=IN_JUNE)
    later = billing.hand_over(made, how="peppol", by=officer, at=IN_JULY)
    assert later.handed_over_at == IN_JUNE
    assert Event.objects.filter(verb="facilities.bills_handed_over").count() == 2


def test_months_left_are_those_that_the_next_runs_take(room, book, run, officer):
    """What changes in a month that is made, or is moved ahead of this one, is counted where it will be billed."""
    june = datetime(2026, 6, 15, 8, tzinfo=UTC)
    changed, ahead = book(room, hours(10, 12)), book(room, hours(13, 14))
    book(room, hours(10, 11, day=20))
    assert [(each.month, each.bookings, each.amount) for each in billing.months_left(june)] == [(MAY, 2, 150), (JUNE, 1, 50)]
    run()
    Booking.objects.filter(pk=changed.pk).update(payable=Decimal(80))
    far = {"starts_at": ahead.starts_at + timedelta(days=90), "ends_at": ahead.ends_at + timedelta(days=90)}
    Booking.objects.filter(pk=ahead.pk).update(payable=Decimal(60), **far)
    assert [(each.month, each.bookings, each.amount) for each in billing.months_left(june)] == [(JUNE, 3, 40)]
    assert run(JUNE).total == 40
    assert billing.months_left(IN_JULY) == []
