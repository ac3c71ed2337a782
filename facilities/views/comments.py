"""What an association says of a proposal that is shown: written, written again, withdrawn."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request, signed_in
from associations.models import Association
from facilities import actions
from facilities.forms.comments import CommentForm
from facilities.models import SeasonComment, SeasonRound, Section
from facilities.views.doors import current_association, received_at
from records.refusals import NotAllowedNow

OPENS_AGAIN = 422


@signed_in
@require_http_methods(["GET", "POST"])
def comment_new(request: Request, pk: int) -> HttpResponse:
    """A comment on our times. The address may name the group: ?grupp=12."""
    season = get_object_or_404(SeasonRound.objects.shown(), pk=pk)
    association = current_association(request)
    if association is None:
        raise Http404
    return _form_page(request, season, association, None)


@signed_in
@require_http_methods(["GET", "POST"])
def comment_edit(request: Request, pk: int) -> HttpResponse:
    """A comment of ours, written again."""
    comment = _ours_or_404(request, pk)
    return _form_page(request, comment.season, comment.association, comment)


@signed_in
@require_http_methods(["GET", "POST"])
def comment_withdraw(request: Request, pk: int) -> HttpResponse:
    """Withdraw a comment, after a question."""
    comment = _ours_or_404(request, pk)
    if request.method == "POST":
        try:
            actions.withdraw_comment(comment, by=request.user, at=received_at(request))
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("The comment is withdrawn."))
        return redirect("facilities:result_ours", comment.season_id)
    return render(request, "facilities/season/comment_withdraw.html", {"comment": comment})


def _form_page(request: Request, season: SeasonRound, association: Association, comment: SeasonComment | None) -> HttpResponse:
    sections = Section.objects.filter(wishes__season=season, wishes__association=association).select_related("wishes")
    form = CommentForm(request.POST if request.method == "POST" else None, sections=sections, initial=_initial(request, comment))
    at = received_at(request)
    if request.method == "POST" and form.is_valid():
        text: Any = form.cleaned_data["text"]
        try:
            if comment:
                actions.edit_comment(comment, text, section=form.about, by=request.user, at=at)
            else:
                actions.write_comment(season, association, text, section=form.about, by=request.user, at=at)
        except NotAllowedNow as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("Your comment has been sent. You get the answer as a letter, and can read it here."))
            return redirect("facilities:result_ours", season.pk)
    context = {"form": form, "season": season, "association": association, "comment": comment}
    context["open"] = actions.is_open_for_comments(season, at)
    return render(request, "facilities/season/comment_form.html", context, status=OPENS_AGAIN if form.errors else 200)


def _initial(request: Request, comment: SeasonComment | None) -> dict[str, Any]:
    if comment:
        return {"section": comment.section_id, "text": comment.text}
    asked = request.GET.get("grupp", "")
    return {"section": int(asked)} if asked.isdecimal() and len(asked) < 10 else {}


def _ours_or_404(request: Request, pk: int) -> SeasonComment:
    ours = Association.objects.spoken_for_by(request.user).values("pk")
    rows = SeasonComment.objects.filter(association__in=ours).select_related("season", "association", "section")
    return get_object_or_404(rows, pk=pk)
