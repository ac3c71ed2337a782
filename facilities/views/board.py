"""The board of a proposal: halls and weekdays with everybody's times, groups that lack times, one group, one pass."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Request
from facilities import actions
from facilities.forms.board import place_key
from facilities.forms.fields import length_in_words
from facilities.rules.allocation.board import Act, Edit
from facilities.rules.allocation.locks import faults_of
from facilities.rules.allocation.principles import DAY, STEP, clock
from facilities.rules.allocation.problem import Fixed, Section
from facilities.rules.allocation.told import told
from facilities.views.board_cells import day_table, week_tables
from facilities.views.keeping import keys_typed, officers
from facilities.views.proposal_reading import Read, allocators, hours, may_edit, read_or_404, weekday_name, when
from records.refusals import NotAllowedNow

HALLS = 12  # on a page of a weekday
GROUPS = 60  # on a page of those that lack times


def base(read: Read, request: Request, here: str) -> dict[str, Any]:
    return {"run": read.run, "step": read.step, "may": may_edit(request, read.run), "here": here}


@allocators
@require_GET
def board(request: Request, pk: int) -> HttpResponse:
    """One hall's week, or one weekday in the halls; links to the others. Three queries."""
    read = read_or_404(request, pk)
    weekday = _weekday(request.GET.get("weekday", ""))
    context = base(read, request, "board")
    if weekday is None:
        hall = read.halls.get(request.GET.get("hall", "")) or read.problem.halls[0]
        context |= {"title": hall.name, "tables": week_tables(read, hall), "hall": hall}
    else:
        page = Paginator(read.problem.halls, HALLS).get_page(request.GET.get("page"))
        table = day_table(read, page, weekday)
        context |= {"title": weekday_name(weekday), "tables": [table] if table else [], "page": page}
    context["halls"] = [(each, context.get("hall") == each) for each in read.problem.halls]
    context["weekdays"] = [(day, weekday_name(day), day == weekday) for day in range(7)]
    return render(request, "facilities/season/board.html", context)


def _weekday(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) == 1 and int(typed) <= 6 else None


# Groups -----------------------------------------------------------------------------------------------------------------------


@allocators
@require_GET
def board_lacking(request: Request, pk: int) -> HttpResponse:
    """Groups that lack times; for a gap in a hall, those that could have it first. Two queries."""
    read = read_or_404(request, pk)
    gap = _gap(read, request)
    lacking = [section for section in read.problem.sections if read.lacks(section.key)]
    fits = {section.key: _fitting(read, section, gap) for section in lacking} if gap else {}
    ordered = sorted(lacking, key=lambda each: (fits.get(each.key) is None, not _wishes(each, gap), each.club, each.name))
    page = Paginator(ordered, GROUPS).get_page(request.GET.get("page"))
    context = base(read, request, "lacking") | {
        "page": page,
        "rows": [(each, len(read.by_section[each.key]), _add_url(read, fits.get(each.key)), _wishes(each, gap)) for each in page],
        "gap": f"{when(gap)}, {read.hall_name(gap.hall)}" if gap else "",
        "fitting": sum(each is not None for each in fits.values()),
        "missing": sum(read.lacks(each.key) for each in lacking),
    }
    return render(request, "facilities/season/board_lacking.html", context)


def _gap(read: Read, request: Request) -> Fixed | None:
    """The gap that the address names, as somebody's time without a somebody."""
    typed = keys_typed([request.GET.get(name, "")[:5] for name in ("day", "starts", "ends")])
    if request.GET.get("hall") not in read.halls or len(typed) != 3:
        return None
    day, starts, ends = typed
    return Fixed("", request.GET["hall"], day, starts, ends) if day <= 6 and starts < ends <= DAY else None


def _fitting(read: Read, section: Section, gap: Fixed) -> Fixed | None:
    """The longest time in a gap that a group could have as it stands; None when there is none."""
    spaces = {each.space for each in section.spaces if each.hall == gap.hall}
    for length in range(min(section.longest, gap.ends - gap.starts) // STEP * STEP, section.shortest - 1, -STEP):
        for starts in range(-(-gap.starts // STEP) * STEP, gap.ends - length + 1, STEP):
            for space in sorted(spaces):
                to = Fixed(section.key, gap.hall, gap.weekday, starts, starts + length, space)
                if not faults_of(read.problem, read.plan, to):
                    return to
    return None


def _wishes(section: Section, gap: Fixed | None) -> str:
    """The place that a group wishes in the hall of a gap, as the address of a time more carries it; '' when it wishes none."""
    spaces = [each for each in section.spaces if gap and each.hall == gap.hall]
    return place_key(spaces[0].hall, spaces[0].space) if spaces else ""


def _add_url(read: Read, to: Fixed | None) -> str:
    if to is None:
        return ""
    place = place_key(to.hall, to.space)
    return (
        f"{reverse('facilities:board_try', args=[read.run.pk])}?act=add&section={to.section}&place={place}"
        f"&to_weekday={to.weekday}&starts={to.starts}&ends={to.ends}"
    )


def group_words(read: Read, section: Section) -> dict[str, Any]:
    """What a group wishes, from the frozen problem."""
    suits = [
        f"{weekday_name(each.weekday)} {hours(each.starts, each.ends)}" + (f" ({_('good enough')})" if each.choice == 2 else "")
        for each in section.suits
    ]
    length = length_in_words(section.longest)
    if section.shortest != section.longest:
        length = _("%(shortest)s to %(longest)s") % {"shortest": length_in_words(section.shortest), "longest": length}
    return {
        "people": _("%(girls)s girls and women, %(boys)s boys and men") % {"girls": section.girls, "boys": section.boys},
        "length": length,
        "suits": suits,
        "places": [read.wished(each) for each in section.spaces],
        "last": [
            f"{weekday_name(each.weekday)} {clock(each.starts).replace(':', '.')}, {read.hall_name(each.hall)}"
            for each in section.last
        ],
    }


@allocators
@require_GET
def board_group(request: Request, pk: int, section: str) -> HttpResponse:
    """One group: what it wishes and has, why it lacks what it lacks, and the way to a time more. Two queries."""
    read = read_or_404(request, pk)
    found = read.section_or_404(section)
    context = base(read, request, "group") | {
        "section": found,
        "title": read.who(section),
        "wish": group_words(read, found),
        "times": [(each, read.time_and_place(each)) for each in read.by_section[section]],
        "lacks": read.lacks(section),
        "why": told(read.problem, read.version.reasons, section),
    }
    return render(request, "facilities/season/board_group.html", context)


# One pass ---------------------------------------------------------------------------------------------------------------------


@allocators
@require_GET
def board_pass(request: Request, pk: int, section: str, weekday: int) -> HttpResponse:
    """One pass and what can be done to it. Three queries."""
    read = read_or_404(request, pk)
    found = read.section_or_404(section)
    what = read.pass_on(section, weekday)
    if what is None:
        return gone(request, read, found)
    context = base(read, request, "pass") | {
        "section": found,
        "what": what,
        "title": read.who(section),
        "time": read.time_and_place(what),
        "length": length_in_words(what.ends - what.starts),
        "wish": group_words(read, found),
        "others": [(each, read.time_and_place(each)) for each in read.by_section[section] if each != what],
        "divisible": what.ends - what.starts > STEP,
    }
    return render(request, "facilities/season/board_pass.html", context)


def gone(request: Request, read: Read, section: Section | None = None) -> HttpResponse:
    """The pass is not there any more: what the group has now, and what was done meanwhile."""
    context = base(read, request, "pass") | {
        "section": section,
        "title": read.who(section.key) if section else _("The time is not there any more"),
        "times": [(each, read.time_and_place(each)) for each in read.by_section[section.key]] if section else [],
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "facilities/season/board_gone.html", context, status=404 if request.method == "GET" else 409)


@officers
@require_POST
def board_lock(request: Request, pk: int, section: str, weekday: int) -> HttpResponse:
    """Lock or unlock at one press; when that would change the times of others, the officer first sees whom."""
    read = read_or_404(request, pk)
    act = Act.FREE if request.POST.get("act") == Act.FREE else Act.LOCK
    what = read.pass_on(read.section_or_404(section).key, weekday)
    if what is None:
        return gone(request, read, read.sections[section])
    on = (keys_typed([request.POST.get("on", "")]) or [-1])[0]
    try:
        actions.edit_proposal(read.run, Edit(act=act, what=what), on=on, by=request.user, at=now(), at_no_cost=True)
    except NotAllowedNow as refused:
        if refused.code == "costs":
            query = f"?act={act}&section={section}&weekday={weekday}"
            return redirect(reverse("facilities:board_try", args=[read.run.pk]) + query)
        messages.warning(request, str(refused))
    else:
        words = _("Locked: %(what)s.") if act is Act.LOCK else _("Unlocked: %(what)s.")
        messages.success(request, words % {"what": f"{read.who(section)}, {read.time_and_place(what)}"})
    return redirect("facilities:board_pass", pk, section, weekday)
