"""A proposal as tables: by class and by performance, as a file, and beside another proposal."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request, needs
from culture import actions
from culture.choices import RunStatus
from culture.forms.planning import ClassFilter, ShowFilter
from culture.models import PlanRow, PlanRun
from culture.proposal import ClassLine, Proposal, ShowLine
from culture.views import plan_words
from culture.views.figures import grade_name
from records.spreadsheets import FORMATS, download

PAGE = 60
READABLE = (RunStatus.DONE, RunStatus.PUBLISHED)


def readable(request: Request, pk: int) -> PlanRun:
    """A proposal that has something to read; else a 404."""
    runs = PlanRun.objects.visible_to(request.user).filter(status__in=READABLE).select_related("year")
    return get_object_or_404(runs, pk=pk)


@needs("culture.read")
@require_GET
def plan_classes(request: Request, pk: int) -> HttpResponse:
    """Every class and where it goes, filtered by what stands in the address. Constant queries."""
    run = readable(request, pk)
    read = Proposal(run)
    lines = read.classes
    form = ClassFilter(request.GET, groups=[line.group for line in lines], first=run.year.first)
    shown = [line for line in lines if _is_shown(line, form)] if form.is_valid() else lines
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run,
        "form": form,
        "page": page,
        "lines": [(line, _grades(line, run), plan_words.address("plan_class", run.pk, line.group.pk)) for line in page],
        "pupils": sum(line.pupils for line in shown),
        "unserved": sum(line.unserved for line in shown),
        "section": "classes",
        "here": request.path,
    }
    return render(request, "culture/plan/classes.html", context, status=422 if form.errors else 200)


def _is_shown(line: ClassLine, form: ClassFilter) -> bool:
    wanted = form.cleaned_data
    grades = {str(part.grade) for part in line.group.fragments.all() if part.live}
    kinds = {
        "utan": line.unserved > 0,
        "andrade": any(row.edited for row in line.rows),
        "bokade": any(row.fixed for row in line.rows),
    }
    return (
        wanted["skola"] in ("", str(line.group.school_id))
        and (not wanted["arskurs"] or wanted["arskurs"] in grades)
        and kinds.get(wanted["visa"], True)
    )


def _grades(line: ClassLine, run: PlanRun) -> str:
    live = sorted({part.grade for part in line.group.fragments.all() if part.live})
    return ", ".join(grade_name(grade, run.year.first) for grade in live)


@needs("culture.read")
@require_GET
def plan_shows(request: Request, pk: int) -> HttpResponse:
    """Every performance, who goes there, and the room that is left. Constant queries."""
    run = readable(request, pk)
    read = Proposal(run)
    form = ShowFilter(request.GET)
    shown = [line for line in read.shows if _show_is_shown(line, form)] if form.is_valid() else read.shows
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "run": run,
        "form": form,
        "page": page,
        "lines": [
            (line, [(row, plan_words.address("plan_class", run.pk, row.class_group_id)) for row in line.rows]) for line in page
        ],
        "section": "shows",
        "here": request.path,
    }
    return render(request, "culture/plan/shows.html", context, status=422 if form.errors else 200)


def _show_is_shown(line: ShowLine, form: ShowFilter) -> bool:
    wanted = form.cleaned_data
    groups = line.performance.groups
    kinds = {"tomma": not line.rows, "lediga": bool(line.empty) or (groups is not None and len(line.rows) < groups)}
    return wanted["konstform"] in ("", line.performance.offer.art_form) and kinds.get(wanted["visa"], True)


@needs("culture.read")
@require_GET
def plan_table(request: Request, pk: int, kind: str) -> HttpResponse:
    """The whole proposal as a file: a row for each class at each performance, and for each class that goes nowhere."""
    if kind not in FORMATS:
        raise Http404
    run = readable(request, pk)
    read = Proposal(run)
    name = f"kulturplan-{run.year.first}-{run.pk}"
    return download(kind, name=name, headings=_headings(), rows=_rows(read))


def _headings() -> list[str]:
    return [
        _("School unit code"),
        _("School"),
        _("Organiser"),
        _("Class"),
        _("Pupils in the class"),
        _("Event"),
        _("Art form"),
        _("Begins"),
        _("Place"),
        _("Pupils who go"),
        _("Adults who go"),
        _("Status"),
    ]


def _rows(read: Proposal) -> Iterable[list[Any]]:
    for line in read.classes:
        school = line.group.school
        mine = [school.code, school.name, str(school.get_organiser_display()), line.group.name, line.pupils]
        for row in line.rows:
            show = row.performance
            where = _place(row)
            yield [*mine, show.offer.title, str(show.offer.get_art_form_display()), show.starts_at, where, *_numbers(row)]
        if not line.rows:
            yield [*mine, None, None, None, None, 0, 0, _("no visit in the plan") if line.unserved else _("has had its visit")]


def _numbers(row: PlanRow) -> list[Any]:
    return [row.pupils, row.adults, _("booked already") if row.fixed else _("changed by hand") if row.edited else _("proposed")]


def _place(row: PlanRow) -> str:
    show = row.performance
    if show.is_touring:
        return str(row.host or show.host or _("at the school"))
    return str(show.space or show.place)


@needs("culture.read")
@require_GET
def plan_compare(request: Request) -> HttpResponse:
    """Two proposals of a school year side by side: level by level, and the places that differ. Constant queries."""
    one, other = readable(request, _number(request, "ett")), readable(request, _number(request, "andra"))
    if one.year_id != other.year_id:
        raise Http404
    first, second = Proposal(one), Proposal(other)
    gone, new = actions.compare(one, other)
    context = {
        "one": one,
        "other": other,
        "headlines": [plan_words.headline(first), plan_words.headline(second)],
        "levels": _side_by_side(first, second),
        "classes": _differences(gone, new),
    }
    return render(request, "culture/plan/compare.html", context)


def _number(request: HttpRequest, name: str) -> int:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 12 else 0


def _side_by_side(one: Proposal, other: Proposal) -> list[dict[str, str]]:
    """Each level with both values, and which is better."""
    values = {level.name: level.value for level in one.levels}, {level.name: level.value for level in other.levels}
    words = {each.key: each for each in plan_words.levels(other)}
    found = []
    for each in plan_words.levels(one):
        there = words.get(each.key)
        left, right = values[0].get(each.key, 0), values[1].get(each.key, 0)
        verdict = _("the same") if left == right else _("the first is better") if left < right else _("the second is better")
        found.append({"name": each.name, "one": each.value, "other": there.value if there else "–", "verdict": verdict})
    return found


def _differences(gone: list[PlanRow], new: list[PlanRow]) -> list[tuple[Any, list[PlanRow], list[PlanRow]]]:
    """(class, places only in the first, places only in the other) of each class whose places differ."""
    groups = {row.class_group_id: row.class_group for row in (*gone, *new)}
    ordered = sorted(groups.values(), key=lambda group: (group.school.name, group.key))
    return [
        (group, [row for row in gone if row.class_group_id == group.pk], [row for row in new if row.class_group_id == group.pk])
        for group in ordered
    ]
