"""Whether a class fits a performance: grades, days, what it needs. The same answers for a hand-made booking and for the plan."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from culture.choices import ClassNeed
from culture.models import BlockedDays, ClassGroup, Fragment, Offer, Performance, School
from facilities.choices import AccessFact

LANGUAGE = "language:"  # before the language a class needs
CALM, ADAPTED, SIGN_LANGUAGE = "calm", "adapted", "sign_language"
OF_THE_PLACE = (AccessFact.STEP_FREE, AccessFact.HEARING_LOOP)


def needs_of(group: ClassGroup) -> frozenset[str]:
    """What a class must be offered, all of it. A wheelchair needs a way without steps."""
    needs = set(group.needs)
    if group.wheelchairs:
        needs.add(ClassNeed.STEP_FREE)
    if group.language:
        needs.add(LANGUAGE + group.language.casefold())
    return frozenset(str(need) for need in needs)


def offered_at(performance: Performance, languages: Iterable[str] = ()) -> frozenset[str]:
    """What a performance offers, of the offer and of its place. languages: those asked for, all met when it needs no words."""
    found = offered_by(performance.offer, languages)
    if performance.is_touring:
        return found | (of_hall(performance.host) if performance.host else frozenset())
    if performance.space:
        return found | {str(fact) for fact in OF_THE_PLACE if fact in performance.space.venue.access}
    return found | ({str(AccessFact.STEP_FREE)} if performance.place_step_free else set())


def offered_by(offer: Offer, languages: Iterable[str] = ()) -> frozenset[str]:
    """What the offer itself brings, wherever it is given."""
    found = {str(fact) for fact in offer.access}
    found |= {CALM} if offer.is_calm else set()
    found |= {ADAPTED} if offer.for_adapted else set()
    found |= {SIGN_LANGUAGE} if offer.has_sign_language else set()
    if offer.without_words:
        found |= {LANGUAGE + language.casefold() for language in languages}
    elif offer.language:
        found.add(LANGUAGE + offer.language.casefold())
    return frozenset(found)


def of_hall(school: School) -> frozenset[str]:
    """What a school's hall offers."""
    return frozenset({str(AccessFact.STEP_FREE)}) if school.hall_step_free else frozenset()


def unmet_needs(group: ClassGroup, performance: Performance) -> frozenset[str]:
    """What the class needs and the performance does not have (case 19)."""
    languages = [group.language] if group.language else []
    return needs_of(group) - offered_at(performance, languages)


def fragments_for(group: ClassGroup, offer: Offer) -> list[Fragment]:
    """The grades of the class that the offer is for, with pupils in them. From prefetched fragments."""
    return [part for part in group.fragments.all() if part.grade in offer.grades and part.live]


def is_blocked(group: ClassGroup, day: date) -> bool:
    """Whether the class or its school has said that the day does not suit."""
    rows = BlockedDays.objects.filter(school=group.school_id, first__lte=day, last__gte=day)
    return rows.filter(Q(class_group=None) | Q(class_group=group)).exists()
