"""What a season gives, for anybody to read: by hall and week, by association, and why for each wished time; and for us."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from accounts.permissions import Request, public, signed_in
from associations.models import Association
from facilities import actions
from facilities.choices import ROUND_TONES
from facilities.models import SeasonComment, SeasonRound
from facilities.models.hours import WEEKDAYS
from facilities.models.usage import used_before
from facilities.permissions import may_book_for
from facilities.rules.allocation.fairness import season_hours
from facilities.rules.allocation.result import Outcome, drawn
from facilities.rules.allocation.sentences import published
from facilities.views.doors import current_association, received_at
from facilities.views.result_reading import Result, result_or_404
from facilities.views.result_words import rule_of, whys

PER_PAGE = 100


@public
@require_GET
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole season at a glance: every hall, every association. Two queries."""
    found = result_or_404(pk)
    halls = [
        (hall, len(passes), sum(each.ends - each.starts for each in passes) // 60)
        for hall in found.problem.halls
        for passes in [found.reading.by_hall.get(hall.key, [])]
    ]
    context = {"halls": sorted(halls, key=lambda row: row[0].name), "rows": _associations(found)}
    return shown_page(request, "result", found, "all", **context)


@public
@require_GET
def result_hall(request: HttpRequest, pk: int, hall: int) -> HttpResponse:
    """A hall's week: who is there when. Two queries."""
    found = result_or_404(pk)
    shown = found.halls.get(str(hall))
    if shown is None:
        raise Http404
    passes = found.reading.by_hall.get(shown.key, [])
    days = [
        (
            name,
            [
                (found.hours(each), found.part(each), found.reading.by_key[each.section].section)
                for each in passes
                if each.weekday == day
            ],
        )
        for day, name in WEEKDAYS
        if day <= 6
    ]
    others = sorted((each for each in found.problem.halls), key=lambda each: each.name)
    return shown_page(request, "result_hall", found, "hall", hall=shown, days=days, halls=others, passes=len(passes))


@public
@require_GET
def result_association(request: HttpRequest, pk: int, association: int) -> HttpResponse:
    """What each group of an association wished and was given. Three queries."""
    found = result_or_404(pk)
    rows = found.of(association)
    if not rows:
        raise Http404
    return shown_page(request, "result_association", found, "association", name=rows[0].section.club, rows=_groups(found, rows))


@public
@require_GET
def result_why(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """Why a group was given its times, and why not others: the rule, the step, what held the time. Four queries."""
    found = result_or_404(pk)
    outcome = found.outcome_or_404(section)
    association = current_association(request)
    owner = found.belongs.get(outcome.section.key)
    ours = association is not None and association.pk == owner
    context = {
        "outcome": outcome,
        "owner": owner,
        "times": found.times(outcome),
        "rule": rule_of(found, outcome.section),
        "whys": whys(found, outcome.section),
        "draw": next(each for each in drawn(found.problem) if each.section == outcome.section.key),
        "groups": len(found.problem.sections),
        "ours": ours,
        "may_comment": ours and actions.is_open_for_comments(found.season, received_at(request)),
    }
    return shown_page(request, "result_why", found, "association", **context)


@public
@require_GET
def result_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """The principles in words beside their formal meaning, and the lot so that anybody can draw it again. One query."""
    found = result_or_404(pk)
    draws = [(each, found.reading.by_key[each.section].section) for each in drawn(found.problem)]
    page = Paginator(draws, PER_PAGE).get_page(request.GET.get("page"))
    context = {"lines": published(found.problem.principles), "page": page, "seed": found.problem.seed, "first": draws[:1]}
    return shown_page(request, "result_rules", found, "rules", **context)


@signed_in
@require_GET
def result_ours(request: Request, pk: int) -> HttpResponse:
    """So it went for us: what our groups got, why, what we have commented, and how much we asked for beside what we used."""
    association = current_association(request)
    season = get_object_or_404(SeasonRound.objects.shown(), pk=pk)
    if association is None or season.shown_id is None:
        return redirect("facilities:season_round", pk)
    found = result_or_404(pk)
    rows = found.of(association.pk)
    at = received_at(request)
    context = {
        "association": association,
        "rows": _groups(found, rows),
        "our_given": sum(row.given for row in rows),
        "our_wished": sum(row.wished for row in rows),
        "use": _use(found, association, rows),
        "comments": SeasonComment.objects.filter(season=season, association=association).select_related("section"),
        "may_comment": actions.is_open_for_comments(season, at) and may_book_for(request.user, association, at),
    }
    return shown_page(request, "result_ours", found, "ours", **context)


def _groups(found: Result, rows: list[Outcome]) -> list[tuple[Outcome, list[str]]]:
    return [(row, found.times(row)) for row in rows]


def _use(found: Result, association: Association, rows: list[Outcome]) -> dict[str, Any] | None:
    """What was asked for and given, beside what was used the year before. None when there is nothing to stand beside."""
    used = used_before(found.season, [association.pk]).get(association.pk)
    if used is None:
        return None
    since, until = found.season.since, found.season.until
    asked = season_hours(sum(row.section.passes * row.section.longest for row in rows), since, until)
    return {
        "had": used.hours,
        "percent": used.used_percent,
        "used": used.hours * used.used_percent // 100,
        "asked": asked,
        "given": season_hours(sum(row.minutes for row in rows), since, until),
    }


def _associations(found: Result) -> list[dict[str, Any]]:
    """Each association with what it wished and got, in the order of their names."""
    sums: dict[tuple[str, int | None], dict[str, Any]] = {}
    for row in found.reading.rows:
        key = (row.section.club, found.belongs.get(row.section.key))
        line = sums.setdefault(key, {"name": key[0], "pk": key[1], "groups": 0, "wished": 0, "given": 0})
        line["groups"] += 1
        line["wished"] += row.wished
        line["given"] += row.given
    return list(sums.values())


def shown_page(request: HttpRequest, template: str, found: Result, here: str, **context: Any) -> HttpResponse:
    """A page of the result, with what all of them say. At most two queries."""
    shared = {
        "season": found.season,
        "tone": ROUND_TONES[found.season.status],
        "here": here,
        "given": sum(row.given for row in found.reading.rows),
        "wished": sum(row.wished for row in found.reading.rows),
        "open": actions.is_open_for_comments(found.season, received_at(request)),
        "acting": current_association(request),
    }
    return render(request, f"facilities/season/{template}.html", {**shared, **context})
