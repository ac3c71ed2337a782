"""The notice board: what is posted stays as it was written, and is taken down once."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from records.choices import NoticeKind
from records.filing.cases import note
from records.models import Case, Notice
from records.refusals import NotAllowedNow
from records.values import last_day_to_appeal, local_day


@transaction.atomic
def post_notice(
    *,
    kind: NoticeKind,
    title: str,
    at: datetime,
    by: Any = None,
    case: Case | None = None,
    body: str = "",
    committee: str = "",
    meeting_on: date | None = None,
    minutes_adjusted_on: date | None = None,
    minutes_kept_at: str = "",
    contact: str = "",
    take_down_on: date | None = None,
) -> Notice:
    """Put a notice on the board now; it cannot be edited afterwards. Notes 'records.notice_posted'.

    Adjusted minutes give the last day to appeal (settings.APPEAL_WEEKS after the local day of *at*) and come down the day after;
    other kinds need take_down_on, a local day after today.
    """
    posted_on = local_day(at)
    appeal_until = last_day_to_appeal(posted_on, settings.APPEAL_WEEKS) if kind == NoticeKind.MINUTES else None
    down = appeal_until + timedelta(days=1) if appeal_until else take_down_on
    if down is None or down <= posted_on:
        raise NotAllowedNow(_("Say on which day the notice is to be taken down: a day after today."), "take_down_on")
    notice = Notice.objects.create(
        case=case,
        kind=kind,
        title=title[:200],
        body=body,
        committee=committee,
        meeting_on=meeting_on,
        minutes_adjusted_on=minutes_adjusted_on,
        minutes_kept_at=minutes_kept_at,
        contact=contact,
        posted_at=at,
        appeal_until=appeal_until,
        take_down_on=down,
    )
    note(case, "records.notice_posted", by=by, at=at, changes={"notice": [None, notice.pk]})
    return notice


@transaction.atomic
def take_down(notice: Notice, *, at: datetime, by: Any = None, reason: str = "") -> Notice:
    """Take a notice down before or on its day; notes 'records.notice_taken_down'. NotAllowedNow when it is down already."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("case").get(pk=notice.pk)
    if notice.taken_down_at:
        raise NotAllowedNow(_("The notice has already been taken down."), "taken_down")
    notice.taken_down_at = at
    notice.save(update_fields=["taken_down_at"])
    note(notice.case, "records.notice_taken_down", by=by, at=at, reason=reason, changes={"notice": [notice.pk, None]})
    return notice
