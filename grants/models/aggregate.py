"""What several assessments say together: read, never stored, except in the basis of a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from grants.choices import AssessmentStatus, CriterionKey
from grants.models.application import Application
from grants.models.assessment import Assessment, Score
from grants.models.scheme import Criterion
from grants.rules import scoring
from records.values import rounded


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion over all assessments that count. level: their mean, None when nobody found it applicable."""

    key: str
    weight: int
    threshold: int | None
    anchors: Sequence[str]
    level: Decimal | None
    below: bool
    reasons: tuple[str, ...]

    @property
    def name(self) -> str:
        return str(CriterionKey(self.key).label)

    @property
    def anchor(self) -> str:
        """The sentence of the level nearest to the mean."""
        if self.level is None or not self.anchors:
            return ""
        return str(self.anchors[int(rounded(self.level, Decimal(1)))])


@dataclass(frozen=True, slots=True)
class Aggregate:
    """assessed of needed; summary: mean, median and spread of the weighted scores (None = no score, which is not 0)."""

    assessed: int
    needed: int
    summary: scoring.Summary
    scores: tuple[Decimal | None, ...]
    criteria: tuple[CriterionView, ...]

    @property
    def score(self) -> Decimal | None:
        return self.summary.mean

    @property
    def is_covered(self) -> bool:
        return self.assessed >= self.needed

    @property
    def below(self) -> tuple[CriterionView, ...]:
        """Criteria whose mean is below the lowest level that may be granted (Case 24)."""
        return tuple(criterion for criterion in self.criteria if criterion.below)


def aggregate_of(application: Application) -> Aggregate:
    """The assessments that count, weighed together. Constant queries over a list that is `with_assessments()`."""
    criteria = list(application.call.criteria.all())
    counted = [row for row in application.assessments.all() if row.status == AssessmentStatus.DONE]
    rules = [rule_of(criterion) for criterion in criteria]
    levels = [levels_of(assessment, criteria) for assessment in counted]
    scores = tuple(scoring.weighted_score(rules, each) for each in levels) if criteria else ()
    below = scoring.below_threshold(rules, levels) if criteria else ()
    views = tuple(_view(criterion, counted, criterion.key in below) for criterion in criteria)
    return Aggregate(len(counted), application.call.assessors_needed if criteria else 0, scoring.summary(scores), scores, views)


def rule_of(criterion: Criterion) -> scoring.Criterion:
    return scoring.Criterion(criterion.key, Decimal(criterion.weight), criterion.threshold)


def levels_of(assessment: Assessment, criteria: Sequence[Criterion]) -> dict[str, int | None]:
    given = {score.criterion: score.level for score in assessment.scores.all()}
    return {criterion.key: given.get(criterion.key) for criterion in criteria}


def _view(criterion: Criterion, counted: Sequence[Assessment], below: bool) -> CriterionView:
    scores: list[Score] = [score for row in counted for score in row.scores.all() if score.criterion == criterion.key]
    levels = [score.level for score in scores if score.level is not None]
    mean = rounded(Decimal(sum(levels)) / len(levels), Decimal("0.01")) if levels else None
    reasons = tuple(score.reason for score in scores if score.reason)
    return CriterionView(criterion.key, criterion.weight, criterion.threshold, criterion.anchors, mean, below, reasons)
