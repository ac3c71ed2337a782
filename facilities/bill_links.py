"""What is asked of those who bill, and what the start page tells of bills."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from facilities.choices import HIRED, BookingStatus
from facilities.models import Bill, BillingRun, Booking
from facilities.models.billing import end_of
from facilities.permissions import may_bill
from records import registry
from records.lines import written
from records.registry import Card, Task
from records.values import local_day, months_after, opens_on


def tell() -> None:
    registry.tasks.append(billing_tasks)
    registry.cards.append(bill_card)


def billing_tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """The month that is over and not billed, and months that are made and not handed over. Three queries."""
    if not may_bill(user):
        return []
    group = _("Venues")
    tasks = [_hand_over(run, group) for run in BillingRun.objects.not_handed_over()]
    month = months_after(local_day(at).replace(day=1), -1)
    if not BillingRun.objects.filter(month__gte=month).exists() and _has_something(month):
        title = _("Make the invoice basis for %(month)s") % {"month": date_format(month, "F")}
        why = _("The month is over and its bookings are not billed.")
        tasks.append(
            Task(title, why, reverse("facilities:bill_month", args=[month.year, month.month]), _("Look through"), group=group)
        )
    return tasks


def bill_card(user: Any, hat: Any, at: datetime) -> list[Card]:
    """The latest bill of the association one acts for. One query; nothing before the first bill."""
    if not (hat and hat.kind == "association"):
        return []
    bill = Bill.objects.spoken_for_by(user).filter(association=hat.key).select_related("run").first()
    if bill is None:
        return []
    line = _("%(month)s: %(amount)s kr.") % {"month": capfirst(date_format(bill.run.month, "F Y")), "amount": written(bill.total)}
    due = (_("Pay no later than %(day)s.") % {"day": date_format(bill.due_on, "j F")},) if bill.due_on else ()
    return [Card(_("What we pay for our times"), (line, *due), reverse("facilities:own_bills"), _("See the bills"))]


def _hand_over(run: BillingRun, group: str) -> Task:
    title = _("Hand over the invoice basis for %(month)s") % {"month": date_format(run.month, "F")}
    return Task(title, _("It is made, and the finance system has not got it."), run.get_absolute_url(), _("Open"), group=group)


def _has_something(month: Any) -> bool:
    """Whether something of the month's bookings costs anything. One query by time."""
    begins = max(opens_on(month), opens_on(settings.BILLING_SINCE))
    used = Booking.objects.filter(starts_at__gte=begins, starts_at__lt=end_of(month), kind__in=HIRED, tariff__isnull=False)
    return used.filter(Q(status=BookingStatus.CONFIRMED, payable__gt=0) | Q(fee__gt=0)).exists()
