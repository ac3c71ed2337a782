"""What stands in the way of publishing an offer, and what an officer is warned of afterwards: by the same look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from culture.choices import OfferStatus, VisitStatus
from culture.models import Offer, Producer, Visit


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that is missing. code: for tests and links."""

    code: str
    sentence: str | Promise


NO_TAX = Obstacle("tax", _("The producer has no valid F-tax on the day of the agreement. Look it up and note it."))
NO_TAX_TODAY = Obstacle("tax", _("F-tax that holds today is not noted. Look it up and note it."))
NO_PAPERS = Obstacle("agreement", _("No agreement with the producer is noted."))
NO_AGREEMENT = Obstacle("agreement", _("There is no agreement with the producer for this offer."))
NO_EVIDENCE = Obstacle(
    "evidence", _("Nothing shows that the producer is professional. Keep some evidence, or mark the offer as not professional.")
)


def obstacles(offer: Offer, today: date) -> list[Obstacle]:
    """Why the offer cannot be published (case 41). Three queries, none for the municipality's own producer without evidence.

    F-tax is looked at for the day the agreement was signed, and for today when there is none. The municipality's own producers
    (the Culture School) send no invoice and need neither.
    """
    found = []
    if not offer.producer.is_own:
        if offer.agreement is None:
            found.append(NO_AGREEMENT)
        if not has_tax(offer, offer.agreement.signed_on if offer.agreement else today):
            found.append(NO_TAX)
    if offer.is_professional and not offer.producer.evidence.exists():
        found.append(NO_EVIDENCE)
    return found


def papers_missing(producer: Producer, today: date) -> list[Obstacle]:
    """What a producer lacks before an offer of its can be published. Three queries, none when its papers are fetched before."""
    found = []
    if not producer.is_own:
        if not producer.agreements.exists():
            found.append(NO_PAPERS)
        if not approved_on(producer, today):
            found.append(NO_TAX_TODAY)
    if not producer.evidence.exists():
        found.append(NO_EVIDENCE)
    return found


def missing_of(offer: Offer, today: date) -> list[Obstacle]:
    """What is missing before an offer can be published; of a published one also what no longer holds (case 41)."""
    return next(missing for _offer, missing in _missing([offer], today))


def has_tax(offer: Offer, day: date) -> bool:
    """Whether the latest look says that the producer is approved for F-tax on *day*."""
    return approved_on(offer.producer, day)


def approved_on(producer: Producer, day: date) -> bool:
    latest = producer.tax_checks.first()
    return latest is not None and latest.covers(day)


def warnings(today: date) -> list[tuple[Offer, list[Obstacle], int]]:
    """Published offers with booked visits ahead whose papers no longer hold: (offer, what is missing, visits). For the desk."""
    coming = Visit.objects.filter(status__in=[VisitStatus.PLANNED, VisitStatus.BOOKED], day__gte=today)
    visits: dict[int, int] = {}
    for pk in coming.values_list("offer", flat=True):
        visits[pk] = visits.get(pk, 0) + 1
    offers = Offer.objects.filter(pk__in=visits).select_related("producer", "agreement").order_by("title", "pk")
    offers = offers.prefetch_related("producer__tax_checks", "producer__evidence")
    return [(offer, missing, visits[offer.pk]) for offer, missing in _missing(offers, today) if missing]


def _missing(offers: Iterable[Offer], today: date) -> Iterable[tuple[Offer, list[Obstacle]]]:
    for offer in offers:
        missing = obstacles(offer, today)
        if (
            offer.status == OfferStatus.PUBLISHED
            and not offer.producer.is_own
            and NO_TAX not in missing
            and not has_tax(offer, today)
        ):
            missing.append(NO_TAX_TODAY)
        yield offer, missing
