"""How the facts and comparisons of a condition are called in the forms."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.rules.allocation.conditions import FlagFact, NumberFact, Op, TextFact

GROUP = "group"
NO = "not "  # before the word of a comparison or a group: the opposite

FACTS: dict[str, Any] = {
    NumberFact.AGE_TO: gettext_lazy("The oldest turns"),
    NumberFact.AGE_FROM: gettext_lazy("The youngest turns"),
    NumberFact.SIZE: gettext_lazy("Members of the group"),
    NumberFact.GIRLS: gettext_lazy("Girls in the group, percent"),
    NumberFact.MONTHS: gettext_lazy("Months of the season that it trains"),
    NumberFact.PASSES: gettext_lazy("Times a week that it wishes"),
    NumberFact.USED: gettext_lazy("Used of last season's time, percent"),
    TextFact.SEX: gettext_lazy("Girls, boys or both"),
    TextFact.DIVISION: gettext_lazy("Division or level"),
    TextFact.SPORT: gettext_lazy("Sport or art"),
    TextFact.KIND: gettext_lazy("Who applies"),
    TextFact.CLUB: gettext_lazy("Association"),
    TextFact.AREA: gettext_lazy("Area of the town"),
    TextFact.MARK: gettext_lazy("Mark that the municipality has set"),
    FlagFact.FEDERATION: gettext_lazy("The association is in a national sports federation"),
    FlagFact.DISABILITY: gettext_lazy("For people with disabilities"),
    FlagFact.INDOOR: gettext_lazy("The sport has its season indoors"),
    FlagFact.LOCAL: gettext_lazy("The association is of the municipality"),
    FlagFact.HAD_TIME: gettext_lazy("The group had time last season"),
}
OPS: dict[str, Any] = {
    Op.AT_MOST: gettext_lazy("at most"),
    Op.LESS: gettext_lazy("less than"),
    Op.IS: gettext_lazy("exactly"),
    Op.AT_LEAST: gettext_lazy("at least"),
    Op.MORE: gettext_lazy("more than"),
}
WORDS: dict[TextFact, dict[str, Any]] = {
    TextFact.SEX: {"girls": gettext_lazy("girls"), "boys": gettext_lazy("boys"), "mixed": gettext_lazy("both")},
    TextFact.KIND: {
        "association": gettext_lazy("an association"),
        "school": gettext_lazy("a school"),
        "company": gettext_lazy("a company"),
        "private": gettext_lazy("a private person"),
    },
}
JOINS: dict[str, Any] = {
    "all": gettext_lazy("All of this is so"),
    "any": gettext_lazy("At least one of these is so"),
    f"{NO}all": gettext_lazy("Not all of this is so"),
    f"{NO}any": gettext_lazy("None of these is so"),
}


def addable() -> list[tuple[str, Any]]:
    """What a row can be about, in groups."""
    groups = ((_("Ages and numbers"), NumberFact), (_("Words"), TextFact), (_("Yes or no"), FlagFact))
    named = [(label, [(str(fact), FACTS[fact]) for fact in FACTS if isinstance(fact, kind)]) for label, kind in groups]
    return [*named, (_("Several together"), [(GROUP, _("A group of conditions"))])]
