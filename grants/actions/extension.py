"""A later last day for one association (Case 5)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from associations.models import Association
from associations.permissions import may_handle as may_extend_for
from grants.actions.refusals import NotAllowedNow
from grants.models import Call, Extension
from records import filing
from records.values import closes_after, local_day


@transaction.atomic
def extend(call: Call, association: Association, *, closes_on: date, reason: str, by: Any, at: datetime) -> Extension:
    """Give one association until the end of *closes_on*; given again, the later day and reason replace the earlier."""
    may_extend_for(by, association, local_day(at)).or_refuse()
    ends = closes_after(closes_on)
    if ends <= at or (call.closes_at is not None and ends <= call.closes_at):
        raise NotAllowedNow(_("The new last day must be later than today and than the call's own last day."))
    earlier = Extension.objects.select_for_update().filter(call=call, association=association).first()
    extension, _made = Extension.objects.update_or_create(
        call=call,
        association=association,
        defaults={"closes_on": closes_on, "closes_at": ends, "reason": reason, "given_at": at, "given_by": by},
    )
    filing.note(
        None,
        "grants.extended",
        by=by,
        at=at,
        reason=reason,
        changes={
            "call": [call.pk, call.pk],
            "association": [association.pk, association.pk],
            "last_day": [earlier.closes_on.isoformat() if earlier else None, closes_on.isoformat()],
        },
    )
    return extension
