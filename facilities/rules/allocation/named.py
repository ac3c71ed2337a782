"""For one named section: could it have one more pass without anybody on its rung or before having fewer?"""

from enum import StrEnum

from facilities.rules.allocation.loading import loaded
from facilities.rules.allocation.model import compiled
from facilities.rules.allocation.plan import LevelName, Plan
from facilities.rules.allocation.problem import Problem, canonical
from facilities.rules.allocation.state import level_specs
from facilities.rules.allocation.windows import Window

LIMIT = 10.0  # deterministic seconds


class Answer(StrEnum):
    NOT_WITHOUT_TAKING = "not_without_taking"  # proved: somebody on the same rung or before would have to give a pass
    COULD = "could"  # another plan gives it; this one is not the best
    NOT_PROVED = "not_proved"  # the limit was reached
    HAS_ALL = "has_all"


def could_have_more(problem: Problem, plan: Plan, section: str, limit: float = LIMIT) -> Answer:
    """Whether a section could have its next pass with every rung up to its own kept: its pass set to 1, the rest as before.

    Everybody may be moved. The parts of halls are not looked at: a "no" holds all the same, and a "could" is of the cells.

    Rule FA-36. Source: PLANNING, "for one named section: infeasible = not without taking from someone before you".
    Words: varför, bevis, avslag, en grupp.
    """
    model = compiled(canonical(problem))
    state = loaded(model, plan)
    state.shrink_all()
    at = model.by_key[section]
    rung = state.missing(at)
    if rung < 0:
        return Answer.HAS_ALL
    specs = [spec for spec in level_specs(model) if spec[0] is LevelName.RUNG and spec[1] <= rung]
    window = Window(state, range(len(model.groups)), specs, limit=limit)
    found = window.could(at, state.values(specs))
    if found is None:
        return Answer.NOT_PROVED
    return Answer.COULD if found else Answer.NOT_WITHOUT_TAKING
