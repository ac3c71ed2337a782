"""What a booking costs by the tariff in force."""

from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from associations.models import Association
from facilities.models import Booking, HirerCategory, Tariff
from facilities.rules import pricing
from facilities.rules.fees import is_youth_activity
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


def put_prices(bookings: Sequence[Booking], *, leave_gaps: bool = False) -> None:
    """Count the prices of bookings of one hirer by the tariffs of their days and freeze them on the rows, not saved here.

    At most two queries, however many. NotAllowedNow when a day or a time has no price; leave_gaps: such a booking is left without
    a tariff, to be shown as one that has no price yet.
    """
    last = max(local_day(booking.starts_at) for booking in bookings)
    tariffs = [_kept(pk)[0] for pk in Tariff.objects.in_force(last).values_list("pk", flat=True)]
    category, elsewhere = _category(bookings[0]), is_from_elsewhere(bookings[0].association)
    for booking in bookings:
        booking.from_elsewhere = booking.from_elsewhere or elsewhere
        try:
            _put_price(booking, _tariff_of(booking, tariffs), category)
        except NotAllowedNow:
            if not leave_gaps:
                raise
            booking.tariff = None


def put_price(booking: Booking) -> None:
    """As put_prices, for one."""
    put_prices([booking])


def is_from_elsewhere(association: Association | None) -> bool:
    """Whether a hirer pays as one from another municipality (Rule F-44): its seat is known, and it is not here."""
    return association is not None and association.seat not in ("", settings.MUNICIPALITY["code"])


def _tariff_of(booking: Booking, tariffs: Sequence[Tariff]) -> Tariff:
    """The one in force on its day, of tariffs with the newest first."""
    day = local_day(booking.starts_at)
    tariff = next((each for each in tariffs if each.valid_from <= day), None)
    if tariff is None:
        raise NotAllowedNow(_("There is no price for that day yet. Contact the municipality."), "no_tariff")
    return tariff


def _put_price(booking: Booking, tariff: Tariff, category: HirerCategory | None) -> None:
    booking.tariff, booking.hirer = tariff, category or tariff.reference
    try:
        price = pricing.price_of(booking.hire(), tariff_rules(tariff.pk))
    except pricing.NoRate as gap:
        raise NotAllowedNow(_("The tariff has no price for that time. Contact the municipality."), "no_rate") from gap
    booking.lines = lines_to_json(price.lines)
    booking.payable, booking.full, booking.vat = price.payable, price.full, price.vat


def _category(booking: Booking) -> HirerCategory | None:
    """The category that hires: the association's, unless what they do is no youth activity (Rule F-54). At most one query.

    None: pays the full price.
    """
    if booking.association is None or booking.association.category is None:
        return booking.hirer
    key = booking.association.category.key
    category = HirerCategory.objects.filter(association_categories__contains=[key]).first()
    known = booking.people is not None and booking.young is not None
    if category and category.for_youth and known and not is_youth_activity(booking.young or 0, booking.people or 0):
        return None
    return category
