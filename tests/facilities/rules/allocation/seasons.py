"""Small seasons to test with."""

from datetime import date

from facilities.rules.allocation.conditions import EVERYBODY, Number, NumberFact, Op
from facilities.rules.allocation.principles import Principles, PriorityClass, by_class
from facilities.rules.allocation.problem import Hall, Opening, Problem, Section, Space, Suits, Wished

SINCE, UNTIL = date(2027, 8, 30), date(2028, 5, 1)
YOUTH = PriorityClass("ungdom", "Ungdomar under 20 år", Number(NumberFact.AGE_TO, Op.LESS, 20))
ADULTS = PriorityClass("vuxna", "Vuxna", EVERYBODY)
YOUTH_FIRST = Principles(name="Ungdomar först", classes=(YOUTH, ADULTS), ladder=by_class(("ungdom", "vuxna")))


def hall(key="H", parts="", **facts):
    """A hall; parts "AB" makes two halves."""
    return Hall(key=key, name=f"Hall {key}", spaces=(Space(key), *(Space(f"{key}{part}", key) for part in parts)), **facts)


def open_all_week(*halls, opens=16, closes=22):
    return tuple(Opening(hall=each.key, weekday=day, opens=opens * 60, closes=closes * 60) for each in halls for day in range(7))


def suits(*hours, choice=1):
    """suits((0, 18, 20)): Monday 18-20."""
    return tuple(Suits(day, int(starts * 60), int(ends * 60), choice) for day, starts, ends in hours)


ANYWHERE = (Wished("H"),)


def section(key, *hours, ages=(10, 12), spaces=ANYWHERE, **facts):
    facts.setdefault("boys", 15)
    return Section(key=key, club=f"Klubb {key}", name=key, ages=ages, suits=suits(*hours), spaces=spaces, **facts)


def season(*sections, halls=None, openings=None, principles=YOUTH_FIRST, **facts):
    halls = halls or (hall(),)
    return Problem(
        since=SINCE,
        until=UNTIL,
        principles=principles,
        halls=halls,
        openings=open_all_week(*halls) if openings is None else openings,
        sections=sections,
        seed=facts.pop("seed", "lott"),
        **facts,
    )


def times(plan, key):
    """[(weekday, starts, ends)] in hours of a section's passes."""
    return [(each.weekday, each.starts / 60, each.ends / 60) for each in plan.of(key)]
