"""Comments on a proposal that is shown: written, written again, withdrawn, answered."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from associations.actions import dossier
from associations.models import Association
from facilities.actions.showing import is_open_for_comments
from facilities.models import SeasonComment, SeasonRound, SeasonStep, Section
from facilities.permissions import may_answer_comment, may_book_for
from records import filing
from records.refusals import NotAllowedNow


@transaction.atomic
def write_comment(
    season: SeasonRound, association: Association, text: str, *, by: Any, at: datetime, section: Section | None = None
) -> SeasonComment:
    """What the association says of the version that is shown, of one of its groups or all. Pressed twice it is said once."""
    may_book_for(by, association, at).or_refuse()
    step = _commented_step(season, at)
    _insist_own(season, association, section)
    row, made = SeasonComment.objects.get_or_create(
        season=season,
        step=step,
        association=association,
        section=section,
        text=_said(text),
        answered_at=None,
        defaults={"made_at": at, "by": by},
    )
    if made:
        filing.note(None, "facilities.comment_written", by=by, at=at, changes={"comment": [None, row.pk]})
    return row


@transaction.atomic
def edit_comment(comment: SeasonComment, text: str, *, by: Any, at: datetime, section: Section | None = None) -> SeasonComment:
    """Write a comment again, of what is shown now. NotAllowedNow when it is answered or the last day has passed."""
    row = _own(comment, by=by, at=at)
    row.step = _commented_step(row.season, at)
    _insist_own(row.season, row.association, section)
    row.text, row.section = _said(text), section
    row.save(update_fields=["text", "section", "step"])
    filing.note(None, "facilities.comment_edited", by=by, at=at, changes={"comment": [row.pk, row.pk]})
    return row


@transaction.atomic
def withdraw_comment(comment: SeasonComment, *, by: Any, at: datetime) -> None:
    """Take a comment back that nobody has answered. What it said stays in the history of the rows."""
    row = _own(comment, by=by, at=at)
    filing.note(None, "facilities.comment_withdrawn", by=by, at=at, changes={"comment": [row.pk, None]})
    row.delete()


@transaction.atomic
def answer_comment(comment: SeasonComment, answer: str, *, by: Any, at: datetime) -> SeasonComment:
    """Answer, once, by letter. Nobody answers an association that they act for."""
    row = _locked(comment)
    may_answer_comment(by, row, at).or_refuse()
    if row.answered_at:
        raise NotAllowedNow(_("Somebody has answered this comment already."), "answered")
    row.answer, row.answered_at, row.answered_by = _said(answer), at, by
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    filing.note(None, "facilities.comment_answered", by=by, at=at, changes={"comment": [row.pk, row.pk]})
    with translation.override(settings.LANGUAGE_CODE):
        subject = gettext("Answer to your comment on %(season)s") % {"season": row.season.name}
    filing.post_letter(
        None,
        key=f"facilities.season_comment_answer.{row.pk}",
        to=dossier.addresses(row.association, at=at),
        addressee=row.association.name,
        subject=subject,
        template="letters/facilities/season_comment_answer.html",
        context={"comment": row, "season": row.season, "site": settings.SITE_URL},
        at=at,
    )
    return row


def _commented_step(season: SeasonRound, at: datetime) -> SeasonStep:
    fresh = SeasonRound.objects.select_for_update(of=("self",)).select_related("shown").get(pk=season.pk)
    if not is_open_for_comments(fresh, at) or fresh.shown is None:
        raise NotAllowedNow(_("The season is not open for comments."), "closed")
    return fresh.shown


def _insist_own(season: SeasonRound, association: Association, section: Section | None) -> None:
    if section is not None and (section.wishes.season_id, section.wishes.association_id) != (season.pk, association.pk):
        raise NotAllowedNow(_("Choose among your own groups."), "section")


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise NotAllowedNow(_("Write something first."), "empty")
    return text[:2000]


def _own(comment: SeasonComment, *, by: Any, at: datetime) -> SeasonComment:
    """The comment under its lock, when this person may change it now."""
    row = _locked(comment)
    may_book_for(by, row.association, at).or_refuse()
    if row.answered_at:
        raise NotAllowedNow(_("The comment is answered, and stands."), "answered")
    if not is_open_for_comments(row.season, at):
        raise NotAllowedNow(_("The season is not open for comments."), "closed")
    return row


def _locked(comment: SeasonComment) -> SeasonComment:
    rows = SeasonComment.objects.select_for_update(of=("self",)).select_related("season", "association", "section")
    found = rows.filter(pk=comment.pk).first()
    if found is None:
        raise NotAllowedNow(_("The comment is withdrawn."), "gone")
    return found
