"""Sets to begin from: made up, after shapes that municipalities' published principles have. None is anybody's decision."""

from facilities.rules.allocation.conditions import EVERYBODY, All, Either, Flag, FlagFact, Number, NumberFact, Op
from facilities.rules.allocation.principles import (
    Attractive,
    Effect,
    Principles,
    PriorityClass,
    Rung,
    Window,
    by_class,
    by_need,
)

_YOUNG = All((Number(NumberFact.AGE_FROM, Op.AT_LEAST, 7), Number(NumberFact.AGE_TO, Op.AT_MOST, 20)))
_OTHERS = PriorityClass("ovriga", "Övriga", EVERYBODY)

YOUNG_FIRST = Principles(
    name="Barn och unga först",
    classes=(
        PriorityClass(
            "unga",
            "Barn och unga 7–20 år och personer med funktionsnedsättning",
            Either((_YOUNG, Flag(FlagFact.DISABILITY))),
        ),
        PriorityClass("vuxna", "Vuxna i föreningar i specialidrottsförbund", Flag(FlagFact.FEDERATION)),
        _OTHERS,
    ),
    ladder=by_class(("unga", "vuxna", "ovriga")),
    windows=(Window(Number(NumberFact.AGE_TO, Op.LESS, 13), 15 * 60, 20 * 60, Effect.MAINLY),),
    attractive=Attractive(),
)
SOME_TIME_FOR_ALL = Principles(
    name="Alla får någon tid",
    classes=(
        PriorityClass("unga", "Barn och unga till och med 20 år", Number(NumberFact.AGE_TO, Op.AT_MOST, 20)),
        PriorityClass("vuxna", "Vuxna", EVERYBODY),
    ),
    ladder=by_need(("unga", "vuxna"), 2),
    attractive=Attractive(),
)
EVENINGS_FOR_CHILDREN = Principles(
    name="Kvällar för barn och unga",
    classes=(
        PriorityClass("barn", "Barn och unga 7–16 år", All((_YOUNG, Number(NumberFact.AGE_TO, Op.AT_MOST, 16)))),
        PriorityClass("aldre", "Ungdomar till och med 20 år", Number(NumberFact.AGE_TO, Op.AT_MOST, 20)),
        _OTHERS,
    ),
    ladder=(
        Rung(("barn", "aldre"), 1, 1),
        Rung(("ovriga",), 1, 1),
        Rung(("barn",), 2, None),
        Rung(("aldre",), 2, None),
        Rung(("ovriga",), 2, None),
    ),
    windows=(Window(Number(NumberFact.AGE_TO, Op.AT_MOST, 20), 17 * 60, 20 * 60, Effect.KEPT),),
    attractive=Attractive(),
)
EXAMPLES = (YOUNG_FIRST, SOME_TIME_FOR_ALL, EVENINGS_FOR_CHILDREN)
