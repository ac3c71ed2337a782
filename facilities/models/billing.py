"""What was billed: a run for each month, its bills and their lines. Nothing of it is changed: a correction is a new line."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.choices import HIRED, BillItem, BillKind
from facilities.models.booking import Booking
from facilities.rules.billing import Billed
from records.lines import Line, lines_from_json
from records.values import months_after, opens_on

_KRONOR: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}

# Bookings whose price or fee is not what is billed of them, or that have moved since. One pass over both tables.
_OUT_OF_STEP = """
    FROM facilities_booking booking
    LEFT JOIN (
        SELECT booking_id,
               COALESCE(sum(amount) FILTER (WHERE item = 'hire'), 0) AS hire,
               COALESCE(sum(amount) FILTER (WHERE item = 'fee'), 0) AS fee,
               (array_agg(starts_at ORDER BY id DESC))[1] AS starts_at
        FROM facilities_billline
        WHERE %(association)s::bigint IS NULL
           OR booking_id IN (SELECT id FROM facilities_booking WHERE association_id = %(association)s)
        GROUP BY booking_id
    ) billed ON billed.booking_id = booking.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN booking.status = 'confirmed' THEN booking.payable ELSE 0 END - COALESCE(billed.hire, 0) AS hire,
               booking.fee - COALESCE(billed.fee, 0) AS fee
    ) missing
    WHERE booking.tariff_id IS NOT NULL AND booking.kind = ANY(%(kinds)s)
      AND (%(association)s::bigint IS NULL OR booking.association_id = %(association)s)
      AND (billed.booking_id IS NOT NULL OR (booking.starts_at < %(until)s AND booking.starts_at >= %(since)s))
      AND (missing.hire <> 0 OR missing.fee <> 0 OR booking.starts_at <> billed.starts_at)
"""
_BY_MONTH = f"""
    SELECT date_trunc('month', booking.starts_at AT TIME ZONE 'Europe/Stockholm')::date, count(*), sum(missing.hire + missing.fee)
    {_OUT_OF_STEP} AND (missing.hire <> 0 OR missing.fee <> 0)
    GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class MonthLeft:
    """What is not billed of the bookings that began in a month. month: its first day; amount: kronor, may be below 0."""

    month: date
    bookings: int
    amount: Decimal


def out_of_step(until: datetime, since: datetime, association: int | None = None) -> list[int]:
    """Keys of the bookings that something may have to be billed of: begun in [since, until) and not billed, or changed since.

    association: only its bookings. One query; the rules say what, if anything, each of them gives (Rule F-60).
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT booking.id {_OUT_OF_STEP}", _wanted(until, since, association))
        return [pk for (pk,) in cursor.fetchall()]


def left_by_month(until: datetime, since: datetime) -> list[MonthLeft]:
    """The same bookings counted by month, in order. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_MONTH, _wanted(until, since, None))
        return [MonthLeft(*row) for row in cursor.fetchall()]


def _wanted(until: datetime, since: datetime, association: int | None) -> dict[str, Any]:
    return {"kinds": list(HIRED), "until": until, "since": since, "association": association}


class BillingRunQuerySet(models.QuerySet["BillingRun"]):
    def not_handed_over(self) -> "BillingRunQuerySet":
        return self.filter(handed_over_at=None).order_by("month")


class BillingRun(models.Model):
    """One month's invoice basis. Made once; handed over to the finance system once."""

    month = models.DateField(_("month"), unique=True)  # its first day
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    net = models.DecimalField(_("without VAT"), **_KRONOR)
    vat = models.DecimalField(_("VAT"), **_KRONOR)
    total = models.DecimalField(_("sum"), **_KRONOR)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = BillingRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice basis")
        verbose_name_plural = _("invoice bases")
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(name="billing_run_is_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(name="billing_run_sums", condition=Q(total=F("net") + F("vat"))),
            models.CheckConstraint(
                name="billing_run_handed_over_has_who_and_when",
                condition=Q(handed_over_at=None, handed_over_by=None)
                | Q(handed_over_at__isnull=False, handed_over_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="billing_run_is_fixed", exclude=["handed_over_at", "handed_over_by"]),
            pgtrigger.Protect(
                name="billing_run_is_handed_over_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__handed_over_at__isnull=False),
            ),
            pgtrigger.Protect(name="billing_run_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("facilities:bill_month", args=[self.month.year, self.month.month])


class BillQuerySet(models.QuerySet["Bill"]):
    def visible_to(self, user: Any) -> "BillQuerySet":
        """All for those who read bills, else those of the associations this user speaks for."""
        if not user.is_authenticated:
            return self.none()
        if user.has_perm("facilities.read_bills"):
            return self.all()
        return self.spoken_for_by(user)

    def spoken_for_by(self, user: Any) -> "BillQuerySet":
        return self.filter(association__in=Association.objects.spoken_for_by(user).values("pk"))


class Bill(models.Model):
    """What one hirer is billed in a run, or gets back: who and where as it was then. Amounts of a credit note are below 0."""

    run = models.ForeignKey(BillingRun, on_delete=models.PROTECT, related_name="bills")
    kind = models.CharField(_("kind"), max_length=8, choices=BillKind.choices)
    series = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(_("number"))
    association = models.ForeignKey(Association, on_delete=models.PROTECT, null=True, blank=True, related_name="bills")
    hirer_name = models.CharField(_("hirer"), max_length=150)
    organisation_number = models.CharField(_("organisation number"), max_length=10, blank=True)
    street = models.CharField(_("postal address"), max_length=150, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    issued_on = models.DateField(_("date"))
    due_on = models.DateField(_("pay no later than"), null=True, blank=True)
    net = models.DecimalField(_("without VAT"), **_KRONOR)
    vat = models.DecimalField(_("VAT"), **_KRONOR)
    total = models.DecimalField(_("sum"), **_KRONOR)

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(name="bill_number_once", fields=["series", "year", "number"]),
            models.UniqueConstraint(
                name="bill_once_per_association_and_run",
                fields=["run", "association", "kind"],
                condition=Q(association__isnull=False),
            ),
            models.UniqueConstraint(
                name="bill_once_per_hirer_and_run",
                fields=["run", "hirer_name", "kind"],
                condition=Q(association__isnull=True),
            ),
            models.CheckConstraint(name="bill_sums", condition=Q(total=F("net") + F("vat"))),
            models.CheckConstraint(
                name="bill_takes_or_gives_back",
                condition=Q(kind=BillKind.INVOICE, total__gt=0, due_on__isnull=False)
                | Q(kind=BillKind.CREDIT, total__lt=0, due_on__isnull=True),
            ),
            models.CheckConstraint(name="bill_has_a_hirer", condition=~Q(hirer_name="")),
        ]
        triggers = [pgtrigger.Protect(name="bill_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("facilities:bill", args=[self.pk])

    @property
    def reference(self) -> str:
        """As it is printed: 'LOK-2026-00012'."""
        return f"{self.series}-{self.year}-{self.number:05d}"

    @property
    def is_credit(self) -> bool:
        return self.kind == BillKind.CREDIT

    @property
    def can_be_electronic(self) -> bool:
        """Whether it can be sent as an e-invoice: that takes an organisation number."""
        return bool(self.organisation_number)


_ADDS_UP = """
    IF NEW.standing <> NEW.amount + COALESCE((
        SELECT standing FROM facilities_billline
        WHERE id = NEW.corrects_id AND booking_id = NEW.booking_id AND item = NEW.item AND version = NEW.version - 1
    ), 0) THEN
        RAISE EXCEPTION 'a line adds to the latest line of the same thing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class BillLineQuerySet(models.QuerySet["BillLine"]):
    def latest_of(self, bookings: list[int]) -> "BillLineQuerySet":
        """The line that says where each item of these bookings stands: that which nothing corrects."""
        return self.filter(booking__in=bookings, corrected_by=None).select_related("bill")


class BillLine(models.Model):
    """One thing of one booking, billed or corrected. Amounts in kronor with VAT.

    version: 1, then each correction. standing, standing_vat: what the item costs in all after this line. lines: the price lines
    as they were then. place, starts_at, ends_at, title: as they were then.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="bill_lines")
    item = models.CharField(_("what"), max_length=5, choices=BillItem.choices)
    version = models.PositiveSmallIntegerField(default=1)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by")
    amount = models.DecimalField(_("amount"), **_KRONOR)
    vat_percent = models.DecimalField(_("VAT, percent"), max_digits=4, decimal_places=2)
    vat = models.DecimalField(_("of which VAT"), **_KRONOR)
    standing = models.DecimalField(_("in all"), **_KRONOR)
    standing_vat = models.DecimalField(_("VAT in all"), **_KRONOR)
    lines = models.JSONField(default=list)
    place = models.CharField(_("place"), max_length=210)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    title = models.CharField(_("what for"), max_length=150, blank=True)

    objects = BillLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill line")
        verbose_name_plural = _("bill lines")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="booking_billed_once", fields=["booking", "item", "version"]),
            models.CheckConstraint(name="bill_line_is_money", condition=~Q(amount=0)),
            models.CheckConstraint(name="bill_line_leaves_nothing_below_zero", condition=Q(standing__gte=0, standing_vat__gte=0)),
            models.CheckConstraint(
                name="bill_line_vat_is_within",
                condition=Q(amount__gt=0, vat__gte=0, vat__lte=F("amount")) | Q(amount__lt=0, vat__lte=0, vat__gte=F("amount")),
            ),
            models.CheckConstraint(
                name="bill_line_corrects_one_before",
                condition=Q(version=1, corrects__isnull=True) | Q(version__gt=1, corrects__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="bill_line_stands", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(name="bill_line_adds_up", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_ADDS_UP),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def net(self) -> Decimal:
        return self.amount - self.vat

    @property
    def is_correction(self) -> bool:
        return self.version > 1

    @property
    def before(self) -> Decimal:
        """What the item stood at before this line, in kronor."""
        return self.standing - self.amount

    @property
    def price_lines(self) -> tuple[Line, ...]:
        return lines_from_json(self.lines)

    @property
    def rule_ids(self) -> str:
        """Ids of the rules behind it, each once: 'F-42 F-45'."""
        return " ".join(dict.fromkeys(line.rule for line in self.price_lines))

    def billed(self, hirer: str) -> Billed:
        """Where its item stands, for the rules. hirer: the key of the bill's hirer."""
        return Billed(hirer, self.version, self.standing, self.standing_vat, self.vat_percent)


def end_of(month: date) -> datetime:
    """The exclusive instant at which a month, given by its first day, is over."""
    return opens_on(months_after(month, 1))
