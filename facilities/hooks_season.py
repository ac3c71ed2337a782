"""What a season asks on the start page: of associations to read a proposal, of officers to answer, and to see to decisions."""

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from associations.models import Association
from facilities.choices import RoundStatus, SeasonTask
from facilities.models import SeasonComment, SeasonRound, SeasonWork
from facilities.permissions import may_keep_venues
from records import registry
from records.choices import WorkStatus
from records.registry import Task
from records.values import local_day


def register() -> None:
    """Called once, by AppConfig.ready."""
    registry.tasks.append(tasks)


def tasks(user: Any, hat: Any, at: datetime) -> list[Task]:
    """One query for an association, none or two for those who have a role."""
    if hat and hat.kind == "association":
        return _to_read(user, hat, at)
    return [*_came_to_nothing(), *_to_answer()] if may_keep_venues(user) else []


def _to_read(user: Any, hat: Any, at: datetime) -> list[Task]:
    """Proposals that the association has wished for and not commented yet."""
    ours = Association.objects.spoken_for_by(user).filter(pk=hat.key).values("pk")
    commented = SeasonComment.objects.filter(association__in=ours).values("season")
    rows = SeasonRound.objects.filter(
        status=RoundStatus.PROPOSED,
        comments_until__gte=local_day(at),
        wish_lists__association__in=ours,
        wish_lists__handed_in_at__isnull=False,
    ).exclude(pk__in=commented)
    return [
        Task(
            title=_("Read what your groups are given: %(season)s") % {"season": row},
            why=_("There is a proposal. You can comment on it. If you are content you do not have to do anything."),
            url=reverse("facilities:result_ours", args=[row.pk]),
            button=_("Read the proposal"),
            due=row.comments_until,
        )
        for row in rows.order_by("comments_until", "pk")
    ]


def _came_to_nothing() -> list[Task]:
    """Decisions, and undoings, that the worker could not carry out and that nobody has tried again or put away."""
    rows = SeasonWork.objects.latest_of_each().filter(status=WorkStatus.FAILED).select_related("season")
    titles = {
        SeasonTask.DECIDE: _("The season was not decided: %(season)s"),
        SeasonTask.UNDO: _("The decision was not undone: %(season)s"),
    }
    return [
        Task(
            title=titles[SeasonTask(row.task)] % {"season": row.season},
            why=_("Nothing has changed, and nobody has got a letter."),
            url=reverse("facilities:season_work", args=[row.pk]),
            button=_("Read why"),
            urgent=True,
            group=str(_("Venues")),
        )
        for row in rows.order_by("made_at", "pk")
    ]


def _to_answer() -> list[Task]:
    rows = SeasonRound.objects.filter(comments__in=SeasonComment.objects.unanswered()).annotate(waiting=Count("comments"))
    return [
        Task(
            title=_("Answer comments: %(season)s") % {"season": name},
            why=ngettext("%(n)s comment on the proposal is not answered.", "%(n)s comments on the proposal are not answered.", n)
            % {"n": n},
            url=reverse("facilities:kept_comments", args=[pk]) + "?visa=obesvarade",
            button=_("Read and answer"),
            due=decided_on,
            group=str(_("Venues")),
        )
        for pk, name, decided_on, n in rows.order_by("decided_on", "pk").values_list("pk", "name", "decided_on", "waiting")
    ]
