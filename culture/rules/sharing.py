"""What a performance cost, shared between those whose pupils were there."""

from collections.abc import Mapping
from decimal import Decimal

from records.values import shared_out


def cost_by_pupils(cost: Decimal, pupils: Mapping[str, int]) -> dict[str, Decimal]:
    """Kronor of *cost* for each key, in proportion to its pupils who came; together exactly the cost.

    cost: kronor, not negative, in whole öre. pupils: not negative. When nobody came the cost is shared equally between those
    who had a place; what is left over of an öre goes to the largest remainder, among equal ones to the first by key.

    Rule C-111. Source: house convention "parts of a pot sum to the pot"; the report of Skapande skola is per organiser.
    Words: kostnad, fördela, huvudman, skapande skola, kronor, share.
    """
    keys = sorted(pupils)
    if not keys:
        return {}
    weights = [Decimal(pupils[key]) for key in keys]
    if not any(weights):
        weights = [Decimal(1)] * len(keys)
    return dict(zip(keys, shared_out(cost, weights), strict=True))
