"""Bookings, and the space-time table that every use of a space is written in."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import connection, models
from django.db.models import Deferrable, F, Q
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.choices import BOOKING_MOVES, TAKES_SPACE, BookingStatus, UseForm, UseKind
from facilities.models.place import Space
from facilities.models.tariff import HirerCategory, Tariff
from facilities.rules.pricing import Hire, Price
from facilities.rules.series import Pattern, Repeats
from facilities.rules.spans import Span
from records.lines import Line, lines_from_json, total

CORE, AROUND = 1, 2  # Occupancy.kind: the use itself; the use with its buffers, or a closure. Above: both in one

# Writes what bookings take, whoever writes the bookings. A closure has no core row and no buffers (Rule F-06). A use without
# buffers needs one row for both: its kind is its own number, which differs from every other's and so keeps everybody away.
_TAKE = """
    INSERT INTO facilities_occupancy (leaf_id, booking_id, kind, held_until, during)
    SELECT part, use.id, side.kind, use.held_until, tstzrange(side.starts, side.ends)
    FROM {} AS use
    JOIN facilities_space ON facilities_space.id = use.space_id
    CROSS JOIN unnest(facilities_space.takes) AS part
    CROSS JOIN LATERAL (VALUES
        (2, use.starts_at, use.ends_at, use.kind = 'closure'),
        (2 + use.id, use.starts_at, use.ends_at, use.kind <> 'closure' AND GREATEST(use.before, use.after) = 0),
        (1, use.starts_at, use.ends_at, use.kind <> 'closure' AND GREATEST(use.before, use.after) > 0),
        (
            2, use.starts_at - make_interval(mins => use.before), use.ends_at + make_interval(mins => use.after),
            use.kind <> 'closure' AND GREATEST(use.before, use.after) > 0
        )
    ) AS side(kind, starts, ends, is_so)
    WHERE use.status IN ('held', 'requested', 'confirmed') AND side.is_so;
"""
_NEW_TAKE = f"{_TAKE.format('made')} RETURN NULL;"
# A hold that becomes a booking stays where it is: its rows are told, and nothing is looked for anew.
_CHANGED_TAKES = f"""
    IF OLD.status IN ('held', 'requested', 'confirmed') AND NEW.status IN ('held', 'requested', 'confirmed')
        AND (NEW.space_id, NEW.starts_at, NEW.ends_at, NEW.before, NEW.after, NEW.kind)
          = (OLD.space_id, OLD.starts_at, OLD.ends_at, OLD.before, OLD.after, OLD.kind) THEN
        UPDATE facilities_occupancy SET held_until = NEW.held_until WHERE booking_id = NEW.id;
    ELSE
        DELETE FROM facilities_occupancy WHERE booking_id = NEW.id;
        {_TAKE.format("(SELECT NEW.*)")}
    END IF;
    RETURN NULL;
"""  # noqa: S608 - only our own text
_MAKE_EACH = """
    INSERT INTO facilities_booking ({columns})
    SELECT {values}
    FROM unnest(%s::int[], %s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS one(pattern, starts, ends, place)
    JOIN jsonb_populate_recordset(NULL::facilities_booking, %s) WITH ORDINALITY AS alike ON alike.ordinality = one.pattern
    ORDER BY one.place
    RETURNING id
"""
_WHAT_IT_TAKES = ("space", "starts_at", "ends_at", "before", "after", "status", "kind", "held_until")


class Series(models.Model):
    """A pattern that bookings were made from. first, last: local days, both included; minutes from local midnight."""

    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    starts = models.PositiveSmallIntegerField(_("begins"))
    ends = models.PositiveSmallIntegerField(_("ends"))
    repeats = models.CharField(_("repeats"), max_length=10, choices=[(each.value, each.value) for each in Repeats])
    every = models.PositiveSmallIntegerField(_("every"), default=1)
    weekdays = models.JSONField(default=list)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        constraints = [
            models.CheckConstraint(name="series_runs_forward", condition=Q(last__gte=F("first"), ends__gt=F("starts"))),
            models.CheckConstraint(name="series_moves_on", condition=Q(every__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.first} - {self.last}"

    @classmethod
    def of(cls, pattern: Pattern, *, by: Any, at: datetime) -> "Series":
        return cls(
            first=pattern.first,
            last=pattern.last,
            starts=pattern.starts,
            ends=pattern.ends,
            repeats=pattern.repeats.value,
            every=pattern.every,
            weekdays=sorted(pattern.weekdays),
            made_by=by,
            made_at=at,
        )


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: Any) -> "BookingQuerySet":
        """What this user may read in full: all for those who read bookings, else their associations' and their own."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.has_perm("facilities.read_bookings") else self.spoken_for_by(user)

    def spoken_for_by(self, user: Any) -> "BookingQuerySet":
        """Their associations' and their own. Where those who hire do things; the municipality's staff have pages of their own."""
        if not user.is_authenticated:
            return self.none()
        theirs = Association.objects.spoken_for_by(user).values("pk")
        return self.filter(Q(association__in=theirs) | Q(booked_by=user, association=None)).exclude(kind=UseKind.CLOSURE)

    def taking_space(self) -> "BookingQuerySet":
        return self.filter(status__in=TAKES_SPACE)

    def in_span(self, span: Span) -> "BookingQuerySet":
        return self.filter(starts_at__lt=span.ends, ends_at__gt=span.starts)

    def on_ground_of(self, space: Space) -> "BookingQuerySet":
        """Uses of any space that shares a smallest part with this one."""
        return self.filter(space__takes__overlap=space.takes)

    def counted_against_quota(self, space: Space, at: datetime) -> "BookingQuerySet":
        """Coming bookings of just this space that hirers made themselves; what others made for them does not count."""
        return self.taking_space().filter(space=space, kind=UseKind.BOOKING, on_behalf=False, ends_at__gt=at)

    def take_their_space_again(self) -> None:
        """Write what these take by the tree of spaces as it is now. The caller has deferred the constraint space_held_once."""
        keys = list(self.values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM facilities_occupancy WHERE booking_id = ANY(%s)", [keys])
            cursor.execute(_TAKE.format("(SELECT * FROM facilities_booking WHERE id = ANY(%s))"), [keys])

    def make_each(self, patterns: Sequence[tuple["Booking", Sequence[Span]]]) -> list[int]:
        """Insert an unsaved booking once for each of its spans; their keys, in that order. One query, however many.

        Only what differs is sent row by row: a season is sixteen thousand bookings that differ in their times alone.
        """
        if not patterns:
            return []
        fields = {str(field.column): field.attname for field in Booking._meta.concrete_fields if not field.primary_key}
        alike = [{column: getattr(booking, name) for column, name in fields.items()} for booking, _spans in patterns]
        each = [(number, span.starts, span.ends) for number, (_booking, spans) in enumerate(patterns, 1) for span in spans]
        own = {"uid": "gen_random_uuid()", "starts_at": "one.starts", "ends_at": "one.ends"}
        with connection.cursor() as cursor:
            cursor.execute(
                _MAKE_EACH.format(
                    columns=", ".join(map(connection.ops.quote_name, fields)),
                    values=", ".join(own.get(column, f"alike.{connection.ops.quote_name(column)}") for column in fields),
                ),
                [*map(list, zip(*each, strict=True)), json.dumps(alike, default=str)],
            )
            return [key for (key,) in cursor.fetchall()]

    def lapsed_holds(self, at: datetime) -> "BookingQuerySet":
        return self.filter(status=BookingStatus.HELD, held_until__lte=at)

    def awaiting_answer(self) -> "BookingQuerySet":
        return self.filter(status=BookingStatus.REQUESTED).order_by("answer_by", "pk")


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["space", "starts_at", "ends_at", "before", "after", "status", "association", "hirer_name", "payable", "fee"],
    model_name="BookingHistory",
    obj_field=pghistory.ObjForeignKey(related_name="history"),
    append_only=True,
)
class Booking(models.Model):
    """A rectangle in space and time, of any kind. What it takes is written by the database (trigger) into Occupancy.

    before, after: minutes of its own buffers, from the space's rules on the day it was made. lines, payable, full, vat: the price
    as it was when it was made, in kronor. fee_lines: what is billed although it was not used.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=UseKind.choices, default=UseKind.BOOKING)
    status = models.CharField(_("status"), max_length=10, choices=BookingStatus.choices)
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("space"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    before = models.PositiveSmallIntegerField(_("minutes to set up"), default=0)
    after = models.PositiveSmallIntegerField(_("minutes to clean"), default=0)
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")

    association = models.ForeignKey(
        Association, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("association")
    )
    hirer_name = models.CharField(_("who hires"), max_length=150, blank=True)
    hirer = models.ForeignKey(HirerCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_elsewhere = models.BooleanField(_("from another municipality"), default=False)
    title = models.CharField(_("what for"), max_length=150, blank=True)
    form = models.CharField(_("form of use"), max_length=15, choices=UseForm.choices, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    young = models.PositiveIntegerField(_("of whom under 25"), null=True, blank=True)
    women = models.PositiveIntegerField(_("girls and women"), null=True, blank=True)
    men = models.PositiveIntegerField(_("boys and men"), null=True, blank=True)

    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bookings")
    on_behalf = models.BooleanField(_("made by the municipality for somebody"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    made_at = models.DateTimeField(_("made"))
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    answer_by = models.DateField(_("answered at the latest"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("came"), null=True, blank=True)
    absent_at = models.DateTimeField(_("noted that nobody came"), null=True, blank=True)
    access_code = models.CharField(_("code or key"), max_length=40, blank=True)
    rules_accepted_at = models.DateTimeField(_("the venue's rules were accepted"), null=True, blank=True)

    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lines = models.JSONField(default=list, blank=True)
    payable = models.DecimalField(_("price, kronor"), max_digits=10, decimal_places=2, default=Decimal(0))
    full = models.DecimalField(_("full price, kronor"), max_digits=10, decimal_places=2, default=Decimal(0))
    vat = models.DecimalField(_("of which VAT, kronor"), max_digits=10, decimal_places=2, default=Decimal(0))
    fee_lines = models.JSONField(default=list, blank=True)
    fee = models.DecimalField(_("fee, kronor"), max_digits=10, decimal_places=2, default=Decimal(0))

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["space", "starts_at"], name="booking_of_space"),
            models.Index(fields=["association", "starts_at"], name="booking_of_association"),
            models.Index(fields=["starts_at"], name="booking_by_time"),
            models.Index(fields=["held_until"], condition=Q(status=BookingStatus.HELD), name="booking_held"),
            models.Index(fields=["answer_by"], condition=Q(status=BookingStatus.REQUESTED), name="booking_requested"),
        ]
        constraints = [
            models.CheckConstraint(name="booking_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="booking_held_until_a_time",
                condition=Q(status=BookingStatus.HELD, held_until__isnull=False)
                | (~Q(status=BookingStatus.HELD) & Q(held_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_requested_is_answered_by_a_day",
                condition=~Q(status=BookingStatus.REQUESTED) | Q(answer_by__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_cancelled_has_its_time",
                condition=Q(status=BookingStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=BookingStatus.CANCELLED) & Q(cancelled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_has_a_hirer_when_somebody_hires",
                condition=Q(kind__in=[UseKind.OWN, UseKind.CLOSURE, UseKind.PERFORMANCE])
                | Q(association__isnull=False)
                | ~Q(hirer_name=""),
            ),
            models.CheckConstraint(
                name="booking_came_or_did_not", condition=Q(arrived_at__isnull=True) | Q(absent_at__isnull=True)
            ),
            models.CheckConstraint(
                name="booking_amounts_not_negative", condition=Q(payable__gte=0, full__gte=0, vat__gte=0, fee__gte=0)
            ),
            models.CheckConstraint(name="booking_on_behalf_says_why", condition=Q(on_behalf=False) | ~Q(reason="")),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="booking_takes_its_space",  # all rows of a statement at once: a series, an import
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="made"),  # type: ignore[no-untyped-call]
                func=_NEW_TAKE,
            ),
            pgtrigger.Trigger(
                name="booking_takes_its_new_space",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*_WHAT_IT_TAKES),
                func=_CHANGED_TAKES,
            ),
            pgtrigger.FSM(
                name="booking_status_moves",
                field="status",
                transitions=[(old, new) for old, moves in BOOKING_MOVES.items() for new in sorted(moves)],
            ),
            pgtrigger.Protect(name="booking_is_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.space}, {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def price_lines(self) -> tuple[Line, ...]:
        return lines_from_json(self.lines)

    @property
    def price(self) -> Price:
        return Price(self.price_lines, self.full, self.vat)

    @property
    def billable(self) -> Decimal:
        """Kronor: the price of a use that stands, or the fees of one that does not."""
        price = self.payable if self.status == BookingStatus.CONFIRMED else Decimal(0)
        return price + total(lines_from_json(self.fee_lines))

    @property
    def subsidy(self) -> Decimal:
        """What the municipality gives away with this use, in kronor."""
        return max(Decimal(0), self.full - self.payable)

    def hire(self) -> Hire:
        """What is priced."""
        key = self.hirer.key if self.hirer else ""
        return Hire(
            span=self.span,
            group=self.space.price_group,
            hirer=key,
            form=self.form,
            from_elsewhere=self.from_elsewhere,
        )


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    def in_the_way(self, at: datetime) -> "OccupancyQuerySet":
        """Leaves out holds that have run out but are not swept yet."""
        return self.filter(Q(held_until=None) | Q(held_until__gt=at))


class Occupancy(models.Model):
    """One smallest part, taken for a half-open time by one use. Written by the bookings' triggers, never by hand.

    Two rows of different uses and different kinds may not overlap: a use keeps others' buffers and uses away, its buffers keep
    others' uses away, and two buffers, or two closures, may overlap (Rule F-06). kind: CORE, AROUND, or above them where the two
    are the same time: then a number of its own.
    """

    leaf = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+", db_index=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="occupancy")
    kind = models.BigIntegerField()
    during = DateTimeRangeField()
    held_until = models.DateTimeField(null=True)

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="occupancy_is_core_or_around", condition=Q(kind__in=[CORE, AROUND]) | Q(kind=F("booking") + AROUND)
            ),
            ExclusionConstraint(
                name="space_held_once",
                expressions=[
                    ("leaf", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                    ("kind", RangeOperators.NOT_EQUAL),
                    ("booking", RangeOperators.NOT_EQUAL),
                ],
                deferrable=Deferrable.IMMEDIATE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaf_id} {self.during}"
