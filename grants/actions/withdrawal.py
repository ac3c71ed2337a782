"""The association takes its application back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from grants.actions.drafts import locked, open_request
from grants.actions.moves import move
from grants.choices import ApplicationStatus
from grants.models import Application
from grants.permissions.applicant import may_apply_for, may_withdraw


@transaction.atomic
def withdraw(application: Application, *, reason: str, by: Any, at: datetime) -> Application:
    """Withdraw an undecided application. A second press changes nothing; the association may apply again while the call runs."""
    application = locked(application)
    if application.status == ApplicationStatus.WITHDRAWN:
        return application
    may_apply_for(by, application.association, at).or_refuse()
    may_withdraw(application).or_refuse()
    if request := open_request(application):
        request.lapsed_at = at
        request.save(update_fields=["lapsed_at"])
    application.proposals.filter(closed_at=None).update(closed_at=at)
    move(application, ApplicationStatus.WITHDRAWN, verb="grants.withdrawn", by=by, at=at, reason=reason)
    return application
