"""Who works with an application."""

from datetime import datetime
from typing import Any

from django.db import transaction

from grants.actions.drafts import locked
from grants.models import Application
from grants.permissions.casework import may_handle
from records import filing


@transaction.atomic
def assign(application: Application, handler: Any | None, *, by: Any, at: datetime) -> Application:
    """Say which officer works with the application; None: nobody yet. The same officer again changes nothing."""
    application = locked(application)
    may_handle(by, application).or_refuse()
    if handler is not None:
        may_handle(handler, application).or_refuse()
    if application.handler_id == (handler.pk if handler else None):
        return application
    before = application.handler_id
    application.handler = handler
    application.save(update_fields=["handler"])
    filing.note(application.case, "grants.assigned", by=by, at=at, changes={"handler": [before, handler.pk if handler else None]})
    return application
