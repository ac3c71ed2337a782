"""Offers: drafted, published when their papers are there, withdrawn; and what each grade gets in a school year."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from culture.actions.counting import recount
from culture.actions.ground import clean_words, with_reason
from culture.choices import OFFER_MOVES, OfferStatus, VisitStatus
from culture.models import GuaranteeItem, Offer, Producer, School, SchoolYear, Visit
from culture.permissions import may_plan
from culture.publishing import Obstacle, obstacles
from records import filing
from records.refusals import NotAllowedNow
from records.values import local_day

FACTS = frozenset(
    {
        "title",
        "agreement",
        "description",
        "art_form",
        "is_professional",
        "grades",
        "for_adapted",
        "seats",
        "groups",
        "minutes",
        "is_touring",
        "needs",
        "access",
        "is_calm",
        "has_sign_language",
        "language",
        "without_words",
        "price",
        "travel",
        "is_example",
    }
)


class NotReady(NotAllowedNow):
    """The offer cannot be published yet. obstacles: everything that is missing."""

    def __init__(self, missing: Sequence[Obstacle]) -> None:
        super().__init__(missing[0].sentence, missing[0].code)
        self.obstacles = tuple(missing)


@transaction.atomic
def add_offer(producer: Producer, title: str, *, by: Any, at: datetime, **facts: Any) -> Offer:
    """Draft an offer. facts: as on the model; grades and seats or groups are needed."""
    if by is not None:
        may_plan(by).or_refuse()
    facts = _checked(facts)
    if not facts.get("seats") and not facts.get("groups"):
        raise NotAllowedNow(_("Say how many people or how many classes there is room for."), "capacity")
    offer = Offer.objects.create(producer=producer, title=clean_words(title, 150), **facts)
    filing.note(None, "culture.offer_added", by=by, at=at, changes={"offer": [None, offer.pk]})
    return offer


@transaction.atomic
def change_offer(offer: Offer, *, by: Any, at: datetime, **facts: Any) -> Offer:
    """Change an offer. Performances that are planned keep their room. Whether it is professional is counted again at once."""
    may_plan(by).or_refuse()
    offer = _locked(offer)
    changed = sorted(name for name, value in _checked(facts).items() if getattr(offer, name) != value)
    for name in changed:
        setattr(offer, name, facts[name])
    offer.save(update_fields=changed)
    if changed:
        changes = {"offer": [offer.pk, offer.pk], "fields": [None, changed]}
        filing.note(None, "culture.offer_changed", by=by, at=at, changes=changes)
    if "is_professional" in changed:
        stand = Visit.objects.filter(offer=offer).exclude(status__in=[VisitStatus.CANCELLED, VisitStatus.WAITING])
        recount(stand.filter(class_group__year__locked_at=None).values_list("class_group", flat=True))
    return offer


@transaction.atomic
def publish_offer(offer: Offer, *, by: Any, at: datetime) -> Offer:
    """Show the offer to schools. Raises NotReady when papers are missing (case 41)."""
    if by is not None:
        may_plan(by).or_refuse()
    offer = _locked(offer)
    if OfferStatus.PUBLISHED not in OFFER_MOVES[offer.status]:
        raise NotAllowedNow(_("The offer is already published."), "status")
    if missing := obstacles(offer, local_day(at)):
        raise NotReady(missing)
    offer.status, offer.published_at = OfferStatus.PUBLISHED, at
    offer.save(update_fields=["status", "published_at"])
    filing.note(None, "culture.offer_published", by=by, at=at, changes={"offer": [offer.pk, offer.pk]})
    return offer


@transaction.atomic
def withdraw_offer(offer: Offer, *, reason: str, by: Any, at: datetime) -> Offer:
    """Take an offer out of the programme. What is booked stands: its performances are cancelled one by one."""
    may_plan(by).or_refuse()
    offer = _locked(offer)
    if OfferStatus.WITHDRAWN not in OFFER_MOVES[offer.status]:
        raise NotAllowedNow(_("The offer is already withdrawn."), "status")
    offer.status = OfferStatus.WITHDRAWN
    offer.save(update_fields=["status"])
    reason = with_reason(reason)
    filing.note(None, "culture.offer_withdrawn", by=by, at=at, reason=reason, changes={"offer": [offer.pk, None]})
    return offer


@transaction.atomic
def promise(
    year: SchoolYear, grade: int, title: str, *, by: Any, at: datetime, schools: Sequence[School] = (), **facts: Any
) -> GuaranteeItem:
    """Write what every pupil of a grade (0 = the first year of schooling) is to meet in a school year.

    facts: art_form, offer, is_rotating, is_professional, note, source, order, is_example. schools: whose turn, when it rotates.
    """
    if by is not None:
        may_plan(by).or_refuse()
    if GuaranteeItem.objects.filter(year=year, grade=grade, title=title).exists():
        raise NotAllowedNow(_("This is in the guarantee of that grade already."), "there")
    item = GuaranteeItem.objects.create(year=year, grade=grade, title=clean_words(title, 150), **facts)
    item.schools.set(schools)
    filing.note(None, "culture.promised", by=by, at=at, changes={"item": [None, item.pk], "year": [None, year.first]})
    return item


@transaction.atomic
def change_promise(item: GuaranteeItem, *, by: Any, at: datetime, schools: Sequence[School] = (), **facts: Any) -> GuaranteeItem:
    """Change what a grade is promised, or whose turn it is. facts: as promise takes them, and grade and title."""
    may_plan(by).or_refuse()
    item = GuaranteeItem.objects.select_for_update(of=("self",)).select_related("year").get(pk=item.pk)
    grade, title = facts.get("grade", item.grade), clean_words(facts.get("title", item.title), 150)
    if GuaranteeItem.objects.filter(year=item.year, grade=grade, title=title).exclude(pk=item.pk).exists():
        raise NotAllowedNow(_("This is in the guarantee of that grade already."), "there")
    facts |= {"grade": grade, "title": title}
    changed = sorted(name for name, value in facts.items() if getattr(item, name) != value)
    turns = sorted(school.code for school in item.schools.all()), sorted(school.code for school in schools)
    for name in changed:
        setattr(item, name, facts[name])
    item.save(update_fields=changed)
    item.schools.set(schools)
    if changed or turns[0] != turns[1]:
        changes = {"item": [item.pk, item.pk], "fields": [None, changed], "turn": list(turns)}
        filing.note(None, "culture.promise_changed", by=by, at=at, changes=changes)
    return item


@transaction.atomic
def promise_again(year: SchoolYear, before: SchoolYear, *, by: Any, at: datetime) -> list[GuaranteeItem]:
    """What *before* promised, promised in *year* too; what is there already stays. Whose turn it is, is left to be said."""
    there = set(GuaranteeItem.objects.filter(year=year).values_list("grade", "title"))
    kept = ("art_form", "offer", "is_rotating", "is_professional", "note", "source", "order", "is_example")
    return [
        promise(year, old.grade, old.title, by=by, at=at, **{name: getattr(old, name) for name in kept})
        for old in before.items.select_related("offer").order_by("grade", "order", "pk")
        if (old.grade, old.title) not in there
    ]


@transaction.atomic
def take_back_promise(item: GuaranteeItem, *, by: Any, at: datetime, reason: str) -> None:
    """Take something out of the guarantee plan of a year."""
    may_plan(by).or_refuse()
    changes = {"item": [item.pk, None], "year": [item.year.first, item.year.first]}
    filing.note(None, "culture.promise_taken_back", by=by, at=at, reason=with_reason(reason), changes=changes)
    item.delete()


def _locked(offer: Offer) -> Offer:
    return Offer.objects.select_for_update(of=("self",)).select_related("producer", "agreement").get(pk=offer.pk)


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - FACTS:
        raise ValueError(f"Not facts of an offer: {sorted(unknown)}")
    for name in ("title", "description", "needs"):
        if name in facts:
            facts[name] = clean_words(facts[name], 5000)
    if "grades" in facts:
        facts["grades"] = sorted(set(facts["grades"]))
        if not facts["grades"]:
            raise NotAllowedNow(_("Say which grades it is for."), "grades")
    return facts
