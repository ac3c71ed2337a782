"""What the groups of the statistics are called, and the sentence that a chart says."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.choices import SpaceKind, UseForm, UseKind
from facilities.models.usage import Use
from facilities.rules.statistics import AgeBand, SexBand, used_share
from records.values import kronor_text

GROUP_WORDS = {
    "anlaggning": gettext_lazy("Venue"),
    "del": gettext_lazy("Space and part"),
    "lokalslag": gettext_lazy("Kind of space"),
    "anvandning": gettext_lazy("Kind of use"),
    "form": gettext_lazy("What for"),
    "kategori": gettext_lazy("Category of hirer"),
    "forening": gettext_lazy("Association"),
    "alder": gettext_lazy("Age of the group"),
    "kon": gettext_lazy("Sex of the group"),
}
AGES = {
    AgeBand.YOUNG: gettext_lazy("everybody under 25"),
    AgeBand.MOSTLY_YOUNG: gettext_lazy("at least half under 25"),
    AgeBand.MOSTLY_ADULT: gettext_lazy("fewer than half under 25"),
    AgeBand.ADULT: gettext_lazy("nobody under 25"),
    AgeBand.UNKNOWN: gettext_lazy("not told"),
}
SEXES = {
    SexBand.GIRLS: gettext_lazy("mostly girls and women"),
    SexBand.EVEN: gettext_lazy("as many of both"),
    SexBand.BOYS: gettext_lazy("mostly boys and men"),
    SexBand.UNKNOWN: gettext_lazy("not told"),
}
_TABLES: dict[str, Mapping[Any, Any]] = {
    "lokalslag": dict(SpaceKind.choices),
    "anvandning": dict(UseKind.choices),
    "form": dict(UseForm.choices),
    "alder": AGES,
    "kon": SEXES,
}


def group_name(group: str, key: str) -> str:
    """A group as people call it; an empty key is what no hirer told or nobody hired."""
    nothing = {
        "kategori": _("no category"),
        "forening": _("others than associations"),
        "form": _("not told"),
    }
    word = _TABLES.get(group, {}).get(key, key) if key else nothing.get(group, _("not told"))
    return capfirst(str(word))


def most_booked(uses: Mapping[str, Use], group: str) -> str:
    """The message of the chart of hours: which group has most."""
    key, use = next(iter(uses.items()))
    return _("%(name)s has most: %(hours)s hours") % {"name": group_name(group, key), "hours": whole(use.booked)}


def how_much_is_used(use: Use) -> str:
    """The message of the chart of use: how much of what somebody has noted."""
    share = used_share(use.came, use.unused)
    if share is None:
        return _("Nobody has noted which times were used")
    return _("%(n)s of 100 noted hours were used") % {"n": whole(100 * share)}


def who_got_most(uses: Mapping[str, Use]) -> str:
    """The message of the chart of subsidies."""
    key, use = max(uses.items(), key=lambda pair: pair[1].given)
    words = {"name": group_name("kategori", key), "amount": kronor_text(use.given.quantize(Decimal(1)))}
    return _("%(name)s gets most of the subsidy: %(amount)s kr") % words


def how_young(uses: Mapping[str, Use]) -> str:
    """The message of the chart of ages."""
    known = sum((use.booked for key, use in uses.items() if key != AgeBand.UNKNOWN), Decimal(0))
    young = sum((uses[key].booked for key in (AgeBand.YOUNG, AgeBand.MOSTLY_YOUNG) if key in uses), Decimal(0))
    if not known:
        return _("Nobody has told how old the groups are")
    return _("%(n)s of 100 hours of a known age are youth activity") % {"n": whole(100 * young / known)}


def girls_and_boys(uses: Mapping[str, Use]) -> str:
    """The message of the chart of sexes."""
    girls, boys = (uses[key].booked if key in uses else Decimal(0) for key in (SexBand.GIRLS, SexBand.BOYS))
    if not girls + boys and SexBand.EVEN not in uses:
        return _("Nobody has told how many girls and boys there are")
    words = {"girls": whole(girls), "boys": whole(boys)}
    return _("Groups of mostly girls have %(girls)s hours, groups of mostly boys %(boys)s") % words


def whole(number: Decimal) -> str:
    """A number without decimals, with no-break spaces."""
    return kronor_text(number.quantize(Decimal(1)))
