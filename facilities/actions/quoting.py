"""What times would cost somebody, before anything is held."""

from collections.abc import Sequence

from facilities.actions.booking import Wish
from facilities.actions.prices import put_prices
from facilities.choices import USUAL_FORM, UseForm
from facilities.models import Booking, Space
from facilities.rules.spans import Span


def quotes(wanted: Sequence[tuple[Space, Span]], wish: Wish) -> list[Booking]:
    """Unsaved bookings of these times with their prices, in the same order. tariff None: there is no price for that time yet.

    A wish without an association is priced as for whoever pays the full price; one without a form of use for what each space is
    usually used for. At most two queries, however many times.
    """
    bookings = [
        Booking(
            space=space,
            starts_at=span.starts,
            ends_at=span.ends,
            association=wish.association,
            hirer=wish.hirer,
            from_elsewhere=wish.from_elsewhere,
            form=wish.form or USUAL_FORM.get(space.kind, UseForm.TRAINING),
            people=wish.people,
            young=wish.young,
        )
        for space, span in wanted
    ]
    if bookings:
        put_prices(bookings, leave_gaps=True)
    return bookings
