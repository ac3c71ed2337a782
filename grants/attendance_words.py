"""Attendance in words for officers and committee: counts only, and no cell of a few people for others than officers."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from associations.attended import Attended, Reach
from facilities.rules.statistics import FEWEST, hidden_cells, per_head
from records.values import rounded


def reach_text(known: Attended, *, exact: bool) -> str:
    """How many participations, by how many people. exact: the reader may see small numbers."""
    if not known.reach.times:
        return _("none marked")
    if not exact and 0 < known.reach.people < FEWEST:
        return too_few()
    people = known.reach.people
    persons = ngettext("%(n)s person", "%(n)s people", people) % {"n": _whole(people)}
    if known.at_least:
        persons = _("at least %s") % persons
    return _("%(times)s by %(people)s") % {"times": _whole(known.reach.times), "people": persons}


def sessions_text(known: Attended) -> str:
    if not known.sessions:
        return _("none marked")
    hours = rounded(Decimal(known.minutes) / 60, Decimal(1))
    sessions = ngettext("%(n)s session", "%(n)s sessions", known.sessions) % {"n": _whole(known.sessions)}
    return _("%(sessions)s, %(hours)s hours") % {"sessions": sessions, "hours": number_format(hours, decimal_pos=0)}


def silent_text(known: Attended) -> str:
    """The groups that marked nothing; "" when the register knows of no groups."""
    if not known.groups:
        return ""
    if not known.silent:
        return ngettext("none of %(n)s group", "none of %(n)s groups", known.groups) % {"n": known.groups}
    return _("%(part)s of %(whole)s") % {"part": known.silent, "whole": known.groups}


def ages_text(known: Attended, *, exact: bool) -> str:
    """Participations by age group, whatever sex."""
    return _listed([(age_text(*band), reach) for band, reach in known.by_band], exact=exact)


def sexes_text(known: Attended, *, exact: bool) -> str:
    """Participations of girls and women, boys and men, and of those whose sex is not told."""
    told = [(_("girls and women"), known.girls), (_("boys and men"), known.boys), (_("other or not stated"), known.others)]
    return _listed([(who, reach) for who, reach in told if reach.times], exact=exact)


def each_text(known: Attended, *, exact: bool) -> str:
    """How many times each girl and each boy who took part did so; at most so many when some are only numbers."""
    rows = [(who, reach) for who, reach in ((_("girls and women"), known.girls), (_("boys and men"), known.boys)) if reach.times]
    hidden = frozenset[int]() if exact else hidden_cells([reach.people for _who, reach in rows])
    parts = []
    for index, (who, reach) in enumerate(rows):
        each = per_head(Decimal(reach.times), reach.people) or Decimal(0)
        told = _("not shown") if index in hidden else _("%s times each") % number_format(each, decimal_pos=1)
        parts.append(f"{who}: {told}")
    text = ", ".join(parts)
    return _("%s (at most: some are counted without names)") % text if text and known.at_least else text


def too_few() -> str:
    return ngettext("not shown: fewer than %d person", "not shown: fewer than %d people", FEWEST) % FEWEST


def _listed(rows: Sequence[tuple[str, Reach]], *, exact: bool) -> str:
    hidden = frozenset[int]() if exact else hidden_cells([reach.people for _name, reach in rows])
    return ", ".join(
        f"{name}: {_('not shown') if index in hidden else _whole(reach.times)}" for index, (name, reach) in enumerate(rows)
    )


def age_text(first: int, last: int | None) -> str:
    return _("%d or older") % first if last is None else f"{first}–{last}"


def _whole(number: int) -> str:
    return number_format(number, force_grouping=True)
