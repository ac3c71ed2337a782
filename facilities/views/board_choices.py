"""Where a pass could go, which one it could change with, how it could be divided: the pages on which an officer chooses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from accounts.permissions import Request
from facilities.forms.board import SplitForm, SwapFilter, WhereForm, place_key
from facilities.forms.fields import clock_text
from facilities.rules.allocation.board import Act
from facilities.rules.allocation.hall_table import Choice, Room, choices_of, suits
from facilities.rules.allocation.plan import Pass
from facilities.rules.allocation.problem import Fixed, Section, Wished
from facilities.views.board import base, gone
from facilities.views.board_words import splits
from facilities.views.keeping import officers
from facilities.views.proposal_reading import Read, read_or_404, weekday_name

CANDIDATES = 40  # passes to change with, on the page; the search finds the others


@dataclass(frozen=True, slots=True)
class Start:
    """A time that can be chosen. tone: free, wished or others; url: '' when it cannot be."""

    time: str
    word: str
    note: str
    tone: str
    url: str


@officers
@require_GET
def board_move(request: Request, pk: int, section: str, weekday: int) -> HttpResponse:
    """Where a pass could be moved: every half hour of a hall's week, with what is in the way. Three queries."""
    read = read_or_404(request, pk)
    found = read.section_or_404(section)
    what = read.pass_on(section, weekday)
    if what is None:
        return gone(request, read, found)
    at = place_key(what.hall, next((each.space for each in found.spaces[what.wish : what.wish + 1]), ""))
    return _where(request, read, found, what, {"place": at, "length": what.ends - what.starts})


@officers
@require_GET
def board_add(request: Request, pk: int, section: str) -> HttpResponse:
    """Where a group could have a time more. Three queries."""
    read = read_or_404(request, pk)
    found = read.section_or_404(section)
    first = found.spaces[0] if found.spaces else Wished(read.problem.halls[0].key)
    return _where(request, read, found, None, {"place": place_key(first.hall, first.space), "length": found.longest})


def _where(request: Request, read: Read, section: Section, what: Pass | None, usual: dict[str, Any]) -> HttpResponse:
    asked = {name: request.GET[name] for name in ("place", "length") if request.GET.get(name)}
    form = WhereForm({**usual, **asked}, section=section, problem=read.problem, words=lambda *place: _place(read, *place))
    days: list[tuple[str, list[Start]]] = []
    if form.is_valid():
        hall, _colon, space = form.cleaned_data["place"].partition(":")
        plan = replace(read.plan, passes=tuple(each for each in read.plan.passes if each != what))
        choices = choices_of(read.problem, plan, section, read.halls[hall], form.cleaned_data["length"], space=space)
        days = _by_day(read, choices, what)
    context = base(read, request, "pass") | {
        "section": section,
        "what": what,
        "who": read.who(section.key),
        "time": read.time_and_place(what) if what else "",
        "form": form,
        "days": days,
        "lacks": read.lacks(section.key),
    }
    return render(request, "facilities/season/board_where.html", context, status=422 if form.errors else 200)


def _place(read: Read, hall: str, space: str = "", parts: int = 0) -> str:
    return read.wished(Wished(hall, parts, "" if space == read.halls[hall].spaces[0].key else space))


def _by_day(read: Read, choices: Sequence[Choice], what: Pass | None) -> list[tuple[str, list[Start]]]:
    days: dict[int, list[Start]] = {}
    for each in choices:
        if each.room is Room.CLOSED:
            continue
        here = what is not None and (each.to.hall, each.to.weekday, each.to.starts, each.to.ends) == (
            what.hall,
            what.weekday,
            what.starts,
            what.ends,
        )
        days.setdefault(each.to.weekday, []).append(_start(read, each, what, here=here))
    return [(weekday_name(day), starts) for day, starts in sorted(days.items())]


def _start(read: Read, each: Choice, what: Pass | None, *, here: bool) -> Start:
    words = {
        Room.FREE: pgettext("a time", "free"),
        Room.OTHERS: pgettext("a time", "taken"),
        Room.LOCKED: _("locked"),
        Room.STANDING: _("taken for something else"),
        Room.SAME_DAY: _("has another time that day"),
    }
    time = clock_text(each.to.starts)
    if here:
        return Start(time, _("here now"), "", "here", "")
    if each.room not in (Room.FREE, Room.OTHERS):
        return Start(time, words[each.room], "", "no", "")
    note = "" if each.wished else _("outside the wish")
    if each.room is Room.OTHERS:
        who = ", ".join(dict.fromkeys(read.who(one.section) for one in each.holders))
        note = ", ".join(word for word in (_("has to give way: %(who)s") % {"who": who}, note) if word)
    tone = "others" if each.room is Room.OTHERS else "wished" if each.wished else "free"
    return Start(time, words[each.room], note, tone, _try_url(read, each, what))


def _try_url(read: Read, each: Choice, what: Pass | None) -> str:
    to = each.to
    query: dict[str, Any] = {
        "act": Act.ADD if what is None else Act.MOVE,
        "section": to.section,
        "place": place_key(to.hall, to.space),
        "to_weekday": to.weekday,
        "starts": to.starts,
        "ends": to.ends,
    }
    query |= {"weekday": what.weekday} if what is not None else {}
    query |= {"push": "on"} if each.room is Room.OTHERS else {}
    return f"{reverse('facilities:board_try', args=[read.run.pk])}?{urlencode(query)}"


# Change places ----------------------------------------------------------------------------------------------------------------


@officers
@require_GET
def board_swap(request: Request, pk: int, section: str, weekday: int) -> HttpResponse:
    """Whom a pass could change places with: those for whom both are within the wishes first. Three queries."""
    read = read_or_404(request, pk)
    found = read.section_or_404(section)
    what = read.pass_on(section, weekday)
    if what is None:
        return gone(request, read, found)
    form = SwapFilter(request.GET)
    others = _candidates(read, what, form.cleaned_data if form.is_valid() else {})
    rows = [(each, read.who(each.section), read.time_and_place(each), *_sense(read, what, each)) for each in others]
    rows.sort(key=lambda row: (-row[3], row[0].weekday, row[0].starts, row[1]))
    context = base(read, request, "pass") | {
        "section": found,
        "what": what,
        "who": read.who(section),
        "time": read.time_and_place(what),
        "form": form,
        "rows": rows[:CANDIDATES],
        "more": max(0, len(rows) - CANDIDATES),
    }
    return render(request, "facilities/season/board_swap.html", context, status=422 if form.errors else 200)


def _candidates(read: Read, what: Pass, wanted: dict[str, Any]) -> list[Pass]:
    """Passes of other groups, on weekdays on which neither would have two."""
    q, day = wanted.get("q", "").casefold(), wanted.get("day", "")
    own = {each.weekday for each in read.by_section[what.section]} - {what.weekday}
    return [
        each
        for each in read.plan.passes
        if each.section != what.section
        and each.weekday not in own
        and (each.weekday == what.weekday or read.pass_on(each.section, what.weekday) is None)
        and (not q or q in read.who(each.section).casefold())
        and day in ("", str(each.weekday))
    ]


def _sense(read: Read, what: Pass, other: Pass) -> tuple[int, str]:
    """(2 when both get what they wish, 1 when one does, 0; in words)."""
    first = suits(read.sections[what.section], _placed(what.section, other))
    second = suits(read.sections[other.section], _placed(other.section, what))
    words = [_("outside both wishes"), _("outside one of the wishes"), _("suits both")]
    return first + second, words[first + second]


def _placed(section: str, where: Pass) -> Fixed:
    return Fixed(section, where.hall, where.weekday, where.starts, where.ends)


# Divide -----------------------------------------------------------------------------------------------------------------------


@officers
@require_GET
def board_split(request: Request, pk: int, section: str, weekday: int) -> HttpResponse:
    """At which half hour, and whose the rest is: those that lack times and wish that hall first. Three queries."""
    read = read_or_404(request, pk)
    found = read.section_or_404(section)
    what = read.pass_on(section, weekday)
    if what is None:
        return gone(request, read, found)
    times = splits(what)
    middle = times[(len(times) - 1) // 2][0] if times else 0
    form = SplitForm(initial={"at": middle}, times=times, groups=_takers(read, what))
    context = base(read, request, "pass") | {
        "section": found,
        "what": what,
        "who": read.who(section),
        "time": read.time_and_place(what),
        "form": form if times else None,
    }
    return render(request, "facilities/season/board_split.html", context)


def _takers(read: Read, what: Pass) -> list[tuple[str, Any]]:
    """Groups that could have the rest of a pass, as choices under headings."""
    free = [
        each
        for each in read.problem.sections
        if each.key != what.section and read.lacks(each.key) and read.pass_on(each.key, what.weekday) is None
    ]
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in sorted(free, key=lambda one: (one.club, one.name)):
        wishes = any(one.hall == what.hall for one in each.spaces)
        heading = _("Lack times and wish the hall") if wishes else _("Lack times")
        lacks = ngettext("lacks %(n)s", "lacks %(n)s", read.lacks(each.key)) % {"n": read.lacks(each.key)}
        groups.setdefault(heading, []).append((each.key, f"{read.who(each.key)} ({lacks})"))
    return sorted(groups.items(), key=lambda pair: pair[0] != _("Lack times and wish the hall"))
