"""A draft tried on the wishes of a season, by counting: who falls where, and how much each class may get at most."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request
from facilities import problem as problems
from facilities.models import PrincipleSet, SeasonRound
from facilities.rules.allocation.principles import Principles
from facilities.rules.allocation.sentences import published
from facilities.rules.allocation.trial import Less, Trial, tried
from facilities.views.keeping import readers


@readers
@require_GET
def principles_try(request: Request, pk: int) -> HttpResponse:
    """Eleven queries beside the page's own, however many groups. Without a season in the address the newest is tried."""
    found = get_object_or_404(PrincipleSet, pk=pk)
    handed_in = Count("wish_lists", filter=Q(wish_lists__handed_in_at__isnull=False))
    rows = SeasonRound.objects.exclude(principles=None).annotate(handed_in=handed_in).filter(handed_in__gt=0)
    seasons = list(rows.select_related("principles").order_by("-since", "-pk"))
    asked = request.GET.get("season", "")
    season = next((each for each in seasons if str(each.pk) == asked), seasons[0] if seasons else None)
    context: dict[str, Any] = {"set": found, "seasons": seasons, "season": season}
    if season is not None:
        principles = found.for_rules()
        trial = tried(problems.build(season, at=now()), principles)
        context |= {"trial": trial, "steps": _steps(trial, principles), "by_class": _by_class(trial, principles)}
    return render(request, "facilities/season/principles_try.html", context)


def _steps(trial: Trial, principles: Principles) -> list[tuple[str, Any]]:
    sentences = [line.sentence for line in published(principles) if line.part == "ladder"]
    return list(zip(sentences, trial.steps, strict=True))


def _by_class(trial: Trial, principles: Principles) -> list[tuple[str, list[tuple[Any, str]]]]:
    """Each class with its groups, and why one may get less than it wishes; those of none first, empty ones left out."""
    why = {
        Less.CLASS: _("in no class"),
        Less.ORDER: _("order or limit"),
        Less.HOURS: _("hours and halls"),
    }
    named = [("", _("In no class")), *((each.key, each.name) for each in principles.classes)]
    rows = {key: [each for each in trial.groups if each.class_key == key] for key, _name in named}
    return [(name, [(each, why[each.less] if each.less else "") for each in rows[key]]) for key, name in named if rows[key]]
