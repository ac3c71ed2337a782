"""Two proposals, or two versions of one, beside each other: level by level, and whose times differ."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Request
from facilities.rules.allocation.edits import costs_of
from facilities.views.board_words import cost_words, level_changes
from facilities.views.proposal_reading import Read, allocators, read_or_404
from facilities.views.proposal_words import counts

SHOWN = 200  # groups whose times differ, on the page


@allocators
@require_GET
def proposal_compare(request: Request) -> HttpResponse:
    """one and other: '12' is the proposal as it stands now, '12.3' its version 3. Constant queries."""
    one, other = (_named(request, name) for name in ("one", "other"))
    if one.run.season_id != other.run.season_id:
        raise Http404
    costs = cost_words(one, costs_of(one.plan, other.plan), other)
    context = {
        "one": one,
        "other": other,
        "same_run": one.run == other.run,
        "counts": [counts(each.problem, each.version.reasons) for each in (one, other)],
        "levels": level_changes(one, one.plan.levels, other.plan.levels, other),
        "costs": costs[:SHOWN],
        "more": max(0, len(costs) - SHOWN),
    }
    return render(request, "facilities/season/proposal_compare.html", context)


def _named(request: Request, name: str) -> Read:
    run, _dot, step = request.GET.get(name, "").partition(".")
    if not run.isdecimal() or len(run) > 9 or (step and not (step.isdecimal() and len(step) < 9)):
        raise Http404
    return read_or_404(request, int(run), int(step) if step else None)
