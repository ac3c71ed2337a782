"""Applications that share a pot of 200 000 kr, assessed: their scores are 4,10, 3,50 and 3,20."""

from decimal import Decimal

import pytest

from tests.grants.deciding.conftest import *  # noqa: F403 - from a handed-in application to a paid one

LEVELS = {"Alfa": (4, 3, 5, 2), "Beta": (5, 4, 4, 3), "Gamma": (2, 2, 5, 5)}
ASKED = {"Alfa": "120 000", "Beta": "95 000", "Gamma": "80 000"}


@pytest.fixture
def plan(plan):
    return plan.__class__(**{**{name: getattr(plan, name) for name in plan.__slots__}, "budget": Decimal(200_000)})


@pytest.fixture
def competing(call, make_association, person, give_mandate, hand_in, assess, officer):
    """Those who share the pot: competing("Alfa", "Beta") -> {name: application}, assessed by officer."""

    def make(*names):
        made = {}
        for name in names:
            at = list(LEVELS).index(name)
            association = make_association(f"{name} IF", f"80260000{at:02d}")
            chair = person(f"{name.lower()}@forening.example")
            give_mandate(chair, association)
            made[name] = hand_in(call, association, chair, asked=ASKED[name])
            assess(made[name], officer, LEVELS[name])
        return made

    return make
