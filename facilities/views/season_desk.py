"""Seasons as officers keep them: prepared, opened, followed while wishes come in, closed."""

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from facilities import actions
from facilities.choices import ROUND_TONES
from facilities.forms.season import RoundForm, round_initial
from facilities.models import PrincipleSet, SeasonRound, WishList
from facilities.models.usage import used_before
from facilities.permissions import may_keep_venues
from facilities.views.keeping import do, form_page, officers, readers, refuse
from facilities.views.proposals import proposals_of
from facilities.views.season_words import days_of, section_words
from facilities.views.season_work import latest_work
from records.refusals import Refused


@readers
@require_GET
def kept_seasons(request: Request) -> HttpResponse:
    """Every season with how many have answered, and every set of principles. Two queries."""
    rows = SeasonRound.objects.annotate(
        lists=Count("wish_lists"), handed_in=Count("wish_lists", filter=Q(wish_lists__handed_in_at__isnull=False))
    ).order_by("-since", "-pk")
    context = {
        "rows": [(season, ROUND_TONES[season.status]) for season in rows],
        "sets": PrincipleSet.objects.order_by("-published_at", "name"),
        "keeps": may_keep_venues(request.user),
    }
    return render(request, "facilities/season/kept_list.html", context)


@officers
@require_http_methods(["GET", "POST"])
def kept_season_new(request: Request) -> HttpResponse:
    """A season more."""
    return _round_page(request, None)


@officers
@require_http_methods(["GET", "POST"])
def kept_season_edit(request: Request, pk: int) -> HttpResponse:
    """A season's name, days, halls and principles."""
    return _round_page(request, get_object_or_404(SeasonRound, pk=pk))


def _round_page(request: Request, season: SeasonRound | None) -> HttpResponse:
    form = RoundForm(request.POST if request.method == "POST" else None, initial=round_initial(season) if season else None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.plan_round(form.plan(), by=request.user, at=now(), season=season)
        except Refused as refusal:
            refuse(form, refusal, "principles" if refusal.code == "principles" else None)
        else:
            messages.success(request, _("The season is saved."))
            return redirect("facilities:kept_season", saved.pk)
    return form_page(request, form, "facilities/season/kept_form.html", season=season)


@readers
@require_GET
def kept_season(request: Request, pk: int) -> HttpResponse:
    """One season: who has answered, what each wishes beside what it had and used last year, who has not. Eight queries."""
    season = get_object_or_404(SeasonRound.objects.select_related("principles"), pk=pk)
    lists = list(
        WishList.objects.filter(season=season)
        .select_related("association")
        .annotate(groups=Count("sections"), passes=Coalesce(Sum("sections__passes"), 0))
        .order_by("association__name", "pk")
    )
    used = used_before(season, [each.association_id for each in lists])
    context = {
        "season": season,
        "tone": ROUND_TONES[season.status],
        "days": days_of(season),
        "rows": [(each, used.get(each.association_id)) for each in lists],
        "handed_in": sum(each.handed_in_at is not None for each in lists),
        "passes": sum(getattr(each, "passes", 0) for each in lists if each.handed_in_at),
        "unanswered": actions.unanswered(season) if season.status == "open" else [],
        "halls": season.halls.count(),
        "keeps": may_keep_venues(request.user),
        "proposals": proposals_of(season, request.user),
        "work": latest_work(season),
    }
    return render(request, "facilities/season/kept_season.html", context)


@readers
@require_GET
def kept_wishes(request: Request, pk: int) -> HttpResponse:
    """What one association wishes, to read. Four queries."""
    wishes = get_object_or_404(WishList.objects.select_related("season", "association", "handed_in_by"), pk=pk)
    sections = wishes.sections.prefetch_related("suits", "spaces__space__venue")
    context = {"wishes": wishes, "rows": [(section, section_words(section)) for section in sections]}
    return render(request, "facilities/season/kept_wishes.html", context)


@officers
@require_POST
def kept_season_open(request: Request, pk: int) -> HttpResponse:
    """Invite every association."""
    season = get_object_or_404(SeasonRound, pk=pk)
    done = _("The season is open, and every association is invited by letter.")
    return do(request, lambda: actions.open_round(season, by=request.user, at=now()), done, "facilities:kept_season", pk)


@officers
@require_POST
def kept_season_close(request: Request, pk: int) -> HttpResponse:
    """No more wishes."""
    season = get_object_or_404(SeasonRound, pk=pk)
    done = _("The season is closed for wishes.")
    return do(request, lambda: actions.close_round(season, by=request.user, at=now()), done, "facilities:kept_season", pk)
