"""Seasons in words: the days of a round, a group's wish in a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from facilities.forms.fields import length_in_words
from facilities.forms.keep_fields import hours_text
from facilities.models import SeasonRound, Section, WishedSpace
from facilities.models.hours import WEEKDAYS

_NAMES: Mapping[int, Any] = dict(WEEKDAYS)


def days_of(season: SeasonRound) -> list[tuple[str, date]]:
    """The days of the round, in order."""
    rows = [
        (_("Invitation"), season.opens_on),
        (_("Last day for wishes"), season.wishes_until),
        (_("Proposal"), season.proposed_on),
        (_("Last day for comments"), season.comments_until),
        (_("Decision"), season.decided_on),
        (_("The season begins"), season.since),
        (_("Check of real use"), season.checked_on),
    ]
    return [(label, day) for label, day in rows if day]


@dataclass(frozen=True, slots=True)
class SectionWords:
    """A group's wish as it is read back. lacks: what must be said before the list can be handed in."""

    who: str
    what: str
    when: tuple[str, ...]
    where: tuple[str, ...]
    lacks: tuple[str, ...]


def section_words(section: Section) -> SectionWords:
    """Reads the prefetched suits and spaces; no queries."""
    ages = _("aged %(first)s–%(last)s") % {"first": section.age_from, "last": section.age_to}
    people = _("%(girls)s girls and women, %(boys)s boys and men") % {"girls": section.girls, "boys": section.boys}
    times = ngettext("%(n)s time a week", "%(n)s times a week", section.passes) % {"n": section.passes}
    length = length_in_words(section.longest)
    if section.shortest != section.longest:
        length = _("%(shortest)s to %(longest)s") % {"shortest": length_in_words(section.shortest), "longest": length}
    suits, spaces = list(section.suits.all()), list(section.spaces.all())
    lacks = ([] if suits else [_("when it suits")]) + ([] if spaces else [_("where")])
    return SectionWords(f"{people}, {ages}", f"{times}, {length}", tuple(_hours(suits)), tuple(map(_place, spaces)), tuple(lacks))


def _hours(suits: list[Any]) -> list[str]:
    """'Monday 17.00–19.00'; what is only good enough says so."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for each in suits:
        found.setdefault((each.weekday, each.choice), []).append((each.starts, each.ends))
    return [
        f"{capfirst(str(_NAMES[day]))} {hours_text(hours)}" + (f" ({_('good enough')})" if choice == 2 else "")
        for (day, choice), hours in sorted(found.items())
    ]


def _place(wished: WishedSpace) -> str:
    if not wished.parts:
        return str(wished.space)
    parts = ngettext("%(n)s part, whichever", "%(n)s parts, whichever", wished.parts) % {"n": wished.parts}
    return f"{wished.space} ({parts})"
