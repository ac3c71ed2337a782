"""A proposal in plain words: what it reaches, how far that is proved, what each level means, what an edit is called."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from culture.choices import EditKind, RunStatus
from culture.models import PlanEdit, PlanRun
from culture.proposal import Level, Proposal, class_name, show_name
from culture.reasons import Why
from culture.rules.figures import NBSP, percent_text

NAMED = 24  # classes or performances of one reason, by name
RUN_TONES: dict[str, str] = {
    RunStatus.WAITING: "waiting",
    RunStatus.RUNNING: "waiting",
    RunStatus.DONE: "info",
    RunStatus.FAILED: "danger",
    RunStatus.PUBLISHED: "success",
    RunStatus.DROPPED: "neutral",
}


@dataclass(frozen=True, slots=True)
class LevelWords:
    """A level as it is read. best: what no plan can be better than; verdict with its tone says how far that is proved."""

    key: str
    name: str
    meaning: str
    value: str
    best: str
    verdict: str
    tone: str
    parts: tuple[str, ...] = ()


def address(page: str, *args: Any) -> str:
    return reverse(f"culture:{page}", args=args)


def count(amount: int) -> str:
    """12 345, with no-break spaces."""
    return f"{amount:,}".replace(",", NBSP)


def headline(read: Proposal) -> dict[str, str]:
    """How many pupils get a visit, as it stands now."""
    pupils, unserved = read.pupils, read.unserved
    return {
        "percent": percent_text(pupils - unserved, pupils),
        "sentence": _("%(reached)s of %(all)s pupils get a visit.") % {"reached": count(pupils - unserved), "all": count(pupils)},
        "missing": ngettext("One pupil gets none.", "%(n)s pupils get none.", unserved) % {"n": count(unserved)}
        if unserved
        else "",
    }


def proof(read: Proposal) -> str:
    """What is known about plans that are not this one."""
    unserved, bound = read.run.unserved or 0, read.run.bound or 0
    if not unserved:
        return _("Everybody gets a visit: no plan can do better.")
    if read.proved:
        proved = ngettext(
            "Proved: every plan leaves out at least one pupil.", "Proved: every plan leaves out at least %(n)s pupils.", bound
        ) % {"n": count(bound)}
        return proved + " " + _("No plan reaches more.")
    if not bound:
        return _("Not proved to be the best: there may be a plan that reaches more.")
    return _(
        "Not proved to be the best. The plan leaves out %(unserved)s pupils; it is proved that no plan leaves out fewer than "
        "%(bound)s."
    ) % {"unserved": count(unserved), "bound": count(bound)}


def progress(run: PlanRun) -> dict[str, Any]:
    """How far a computation has come. share: None until the worker has said something."""
    done, of = run.progress.get("done", 0), run.progress.get("of", 0)
    return {"what": _doing(run.progress.get("level", "")), "done": done, "of": of, "known": bool(of)}


def _doing(level: str) -> str:
    words = {
        "ground": _("Looks at what each class can go to"),
        "unserved": _("Looks for a visit for every class"),
        "owed": _("Looks for visits to catch up"),
        "worst": _("Shares fairly between the schools"),
        "moved": _("Keeps what stands"),
        "cost": _("Saves buses, repeats and empty seats"),
        "line": _("Settles who goes first when places are equal"),
        "reasons": _("Writes down why classes go without"),
        "check": _("Checks the proposal"),
    }
    return words.get(level, _("Computes"))


def levels(read: Proposal) -> list[LevelWords]:
    """Each level in order: the one above always goes before the one below."""
    return [words for level in read.levels if (words := _level(level, read))]


def _level(level: Level, read: Proposal) -> LevelWords | None:
    if level.name == "moved" and not level.value and not level.bound:
        return None
    words = _LEVELS().get(level.name)
    if words is None:
        return None
    name, meaning = words
    value, best = _value(level.name, level.value), _value(level.name, level.bound)
    parts = _cost_parts(level, read) if level.name == "cost" else ()
    return LevelWords(level.name, name, meaning, value, best, *_verdict(level), parts=parts)


def _LEVELS() -> dict[str, tuple[str, str]]:  # noqa: N802 - a table that is translated when it is read
    return {
        "unserved": (
            _("Pupils without a visit"),
            _("Each pupil counts once, and once more for each earlier school year that was missed."),
        ),
        "owed": (_("Visits to catch up"), _("Pupils times visits from earlier school years that are still owed.")),
        "worst": (_("The school that is worst off"), _("The largest share of a school's pupils who get no visit.")),
        "moved": (_("Places that change"), _("Places in the plan before that this proposal takes away.")),
        "cost": (_("Cost"), _("Buses, and what an art form met again and an empty seat weigh, in kronor.")),
    }


def _value(name: str, value: int) -> str:
    if name == "worst":
        whole, tenth = divmod(value, 10)
        return f"{whole},{tenth}{NBSP}%"
    return f"{count(value)}{NBSP}kr" if name == "cost" else count(value)


def _verdict(level: Level) -> tuple[str, str]:
    """(words, tone): proved, or how much better another plan could be at most."""
    if level.proved:
        return _("proved best"), "success"
    if level.name == "cost":
        percent = f"{max(0.1, level.gap * 100):.1f}".replace(".", ",")
        return _("another plan is at most %(n)s %% better") % {"n": percent}, "waiting"
    return _("another plan is at most %(n)s better") % {"n": _value(level.name, level.value - level.bound)}, "waiting"


def _cost_parts(level: Level, read: Proposal) -> tuple[str, ...]:
    """What the cost is made of, when it adds up to it."""
    parts, terms = read.cost, read.problem["terms"]
    sums = [
        (ngettext("One bus", "%(n)s buses", parts["buses"]), parts["buses"], terms["bus_price"]),
        (ngettext("One class meets an art form again", "%(n)s times a class meets an art form again", parts["repeats"]),
         parts["repeats"], terms["repeat_price"]),
        (ngettext("One empty seat", "%(n)s empty seats", parts["empty"]), parts["empty"], terms["empty_seat_price"]),
    ]  # fmt: skip
    if sum(number * price for _words, number, price in sums) != level.value:
        return ()
    return tuple(
        f"{words % {'n': count(number)}} × {count(price)}{NBSP}kr = {count(number * price)}{NBSP}kr"
        for words, number, price in sums
    )


def faults(read: Proposal) -> list[str]:
    """What the independent check found, with the names of what it is about."""
    return [_fault(each, read) for each in read.run.verdict.get("faults", [])]


def _fault(each: Any, read: Proposal) -> str:
    if not isinstance(each, dict):
        return str(each)
    groups, shows = read.groups, read.performances
    about = [
        class_name(groups[key]) if key in groups else show_name(shows[key]) if key in shows else str(key)
        for key in each.get("about", ())
    ]
    values = {
        "fault": each.get("fault", ""),
        "about": "; ".join(about),
        "found": each.get("found"),
        "allowed": each.get("allowed"),
    }
    return _("%(fault)s: %(about)s (found %(found)s, allowed %(allowed)s)") % values


def links(why: Why, read: Proposal) -> dict[str, Any]:
    """(name, address) of the classes and performances that a reason names, the first of many, and how many more there are."""
    classes, shows = (
        [key for key in why.classes if key in read.groups],
        [key for key in why.performances if key in read.performances],
    )
    run, to_shows = read.run.pk, address("plan_shows", read.run.pk)
    return {
        "classes": [(class_name(read.groups[key]), address("plan_class", run, int(key))) for key in classes[:NAMED]],
        "more_classes": max(0, len(classes) - NAMED),
        "performances": [(show_name(read.performances[key]), f"{to_shows}#f{key}") for key in shows[:NAMED]],
        "more_performances": max(0, len(shows) - NAMED),
    }


def edit_tone(edit: PlanEdit) -> tuple[str, str]:
    """(words, tone) of an edit."""
    return {
        EditKind.PLACE: (_("goes there"), "success"),
        EditKind.FORBID: (_("does not go there"), "warning"),
        EditKind.ALLOW: (_("this grade may go"), "info"),
    }[EditKind(edit.kind)]
