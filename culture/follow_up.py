"""What a school year's programme came to: per offer the pupils reached, the money, and what those who were there thought."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from culture.choices import VisitStatus, Who
from culture.models import Evaluation, Evidence, Offer, SchoolYear, Visit
from culture.models.evaluation import FEWEST_SHOWN
from records.values import rounded


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """One offer in a school year, as the report of Skapande skola asks for it.

    pupils: visits by pupils, each visit at most its class. cost: kronor for the performances that classes were at; per_pupil
    None when nobody came. evidence: what shows that the producer is professional.
    """

    offer: Offer
    performances: int
    visits: int
    schools: int
    pupils: int
    adults: int
    cost: Decimal
    evidence: tuple[Evidence, ...]

    @property
    def per_pupil(self) -> Decimal | None:
        return rounded(self.cost / self.pupils) if self.pupils else None


@dataclass(frozen=True, slots=True)
class Opinions:
    """What one kind of people thought of an offer. answers: how many; spread: question -> how many said 1, 2, 3 and 4.

    spread and words are empty below FEWEST_SHOWN answers. words come in order of the alphabet, not of time.
    """

    who: str
    answers: int
    spread: dict[str, tuple[int, int, int, int]]
    words: tuple[str, ...]

    @property
    def is_shown(self) -> bool:
        return self.answers >= FEWEST_SHOWN

    def mean(self, question: str) -> Decimal | None:
        """With one decimal; None when nothing is shown or nobody answered."""
        counts = self.spread.get(question, (0, 0, 0, 0))
        number = sum(counts)
        return rounded(Decimal(sum(value * n for value, n in enumerate(counts, 1))) / number, Decimal("0.1")) if number else None


def offers_of(year: SchoolYear) -> list[OfferFigures]:
    """Every offer that classes were at in a school year, by title. Three queries."""
    visits = Visit.objects.filter(status=VisitStatus.CONFIRMED, performance__year=year)
    rows = visits.select_related("class_group").prefetch_related("parts__fragment").order_by("pk")
    by_offer: dict[int, list[Visit]] = defaultdict(list)
    for visit in rows:
        by_offer[visit.offer_id].append(visit)
    evidence = Prefetch("producer__evidence", Evidence.objects.order_by("-seen_on", "-pk"))
    offers = Offer.objects.filter(pk__in=by_offer).select_related("producer").prefetch_related(evidence).order_by("title", "pk")
    return [_figures(offer, by_offer[offer.pk]) for offer in offers]


def opinions(offers: Iterable[Offer]) -> dict[int, tuple[Opinions, ...]]:
    """offer -> what teachers thought and what pupils thought. One query. Never anything below FEWEST_SHOWN answers."""
    answers: dict[tuple[int, str], list[Evaluation]] = defaultdict(list)
    keys = [offer.pk for offer in offers]
    for row in Evaluation.objects.filter(offer__in=keys):
        answers[row.offer_id, row.who].append(row)
    return {pk: tuple(_opinions(who, answers[pk, who]) for who in Who.values) for pk in keys}


def _figures(offer: Offer, visits: list[Visit]) -> OfferFigures:
    held = {visit.performance_id for visit in visits}
    pupils = 0
    for visit in visits:
        has = sum(max(part.fragment.live, part.fragment.official or 0) for part in visit.parts.all())
        pupils += min(visit.attended or 0, has)
    return OfferFigures(
        offer=offer,
        performances=len(held),
        visits=len(visits),
        schools=len({visit.class_group.school_id for visit in visits}),
        pupils=pupils,
        adults=sum(visit.adults for visit in visits),
        cost=offer.cost * len(held),
        evidence=tuple(offer.producer.evidence.all()),
    )


def _opinions(who: str, rows: list[Evaluation]) -> Opinions:
    if len(rows) < FEWEST_SHOWN:
        return Opinions(who, len(rows), {}, ())
    spread = {}
    for question in ("liked", "suited", "again"):
        given = [getattr(row, question) for row in rows]
        spread[question] = (given.count(1), given.count(2), given.count(3), given.count(4))
    return Opinions(who, len(rows), spread, tuple(sorted(row.words for row in rows if row.words)))
