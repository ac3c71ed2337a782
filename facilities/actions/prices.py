"""What a booking costs by the tariff in force."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.models import Booking, HirerCategory, Tariff
from facilities.rules import pricing
from facilities.rules.fees import is_youth_activity
from facilities.rules.same_price import price_key
from facilities.rules.spans import Span
from records.lines import lines_to_json
from records.refusals import NotAllowedNow
from records.values import local_day


def tariff_rules(published: int) -> pricing.Tariff:
    """The tariff with this key as the rules read it. Only for published ones: they never change, so they are kept."""
    return _kept(published)[1]


@lru_cache(maxsize=16)
def _kept(published: int) -> tuple[Tariff, pricing.Tariff]:
    tariff = Tariff.objects.select_related("reference").get(pk=published)
    return tariff, tariff.for_rules()


class Prices:
    """What bookings on days until *last* cost, whoever hires: tariffs and categories are asked for once. A few queries in all."""

    def __init__(self, last: date) -> None:
        self._tariffs = [_kept(pk)[0] for pk in Tariff.objects.in_force(last).values_list("pk", flat=True)]
        self._categories: dict[str, HirerCategory | None] = {}

    def put(self, booking: Booking, *, leave_gaps: bool = False) -> None:
        """Count the price of a booking by the tariff of its day and freeze it on the row, not saved here. As put_prices."""
        booking.from_elsewhere = booking.from_elsewhere or is_from_elsewhere(booking.association)
        try:
            _put_price(booking, self._tariff_on(local_day(booking.starts_at)), self._category(booking))
        except NotAllowedNow:
            if not leave_gaps:
                raise
            booking.tariff = None

    def alike(self, booking: Booking, spans: Iterable[Span]) -> list[list[Span]]:
        """The spans in groups: those of a group would cost this booking the same, line by line (Rule F-49)."""
        found: dict[object, list[Span]] = {}
        category = self._category(booking)
        elsewhere = booking.from_elsewhere or is_from_elsewhere(booking.association)
        for span in spans:
            tariff = next((each for each in self._tariffs if each.valid_from <= local_day(span.starts)), None)
            key: object = None
            if tariff is not None:
                hirer = category or tariff.reference
                hire = pricing.Hire(
                    span=span,
                    group=booking.space.price_group,
                    hirer=hirer.key if hirer else "",
                    form=booking.form,
                    from_elsewhere=elsewhere,
                )
                key = (tariff.pk, price_key(hire, tariff_rules(tariff.pk)))
            found.setdefault(key, []).append(span)
        return list(found.values())

    def _tariff_on(self, day: date) -> Tariff:
        tariff = next((each for each in self._tariffs if each.valid_from <= day), None)  # the newest comes first
        if tariff is None:
            raise NotAllowedNow(_("There is no price for that day yet. Contact the municipality."), "no_tariff")
        return tariff

    def _category(self, booking: Booking) -> HirerCategory | None:
        """The category that hires: the association's, unless what they do is no youth activity (Rule F-54).

        None: pays the full price.
        """
        if booking.association is None or booking.association.category is None:
            return booking.hirer
        key = booking.association.category.key
        if key not in self._categories:
            self._categories[key] = HirerCategory.objects.filter(association_categories__contains=[key]).first()
        category = self._categories[key]
        known = booking.people is not None and booking.young is not None
        if category and category.for_youth and known and not is_youth_activity(booking.young or 0, booking.people or 0):
            return None
        return category


def put_prices(bookings: Sequence[Booking], *, leave_gaps: bool = False) -> None:
    """Count the prices of bookings by the tariffs of their days and freeze them on the rows, not saved here.

    At most two queries for one hirer, however many bookings. NotAllowedNow when a day or a time has no price; leave_gaps: such a
    booking is left without a tariff, to be shown as one that has no price yet.
    """
    prices = Prices(max(local_day(booking.starts_at) for booking in bookings))
    for booking in bookings:
        prices.put(booking, leave_gaps=leave_gaps)


def put_price(booking: Booking) -> None:
    """As put_prices, for one."""
    put_prices([booking])


def is_from_elsewhere(association: Association | None) -> bool:
    """Whether a hirer pays as one from another municipality (Rule F-44): its seat is known, and it is not here."""
    return association is not None and association.seat not in ("", settings.MUNICIPALITY["code"])


def _put_price(booking: Booking, tariff: Tariff, category: HirerCategory | None) -> None:
    booking.tariff, booking.hirer = tariff, category or tariff.reference
    try:
        price = pricing.price_of(booking.hire(), tariff_rules(tariff.pk))
    except pricing.NoRate as gap:
        raise NotAllowedNow(_("The tariff has no price for that time. Contact the municipality."), "no_rate") from gap
    booking.lines = lines_to_json(price.lines)
    booking.payable, booking.full, booking.vat = price.payable, price.full, price.vat
