"""The one way an application changes its state."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from grants.actions.refusals import NotAllowedNow
from grants.choices import APPLICATION_TRANSITIONS
from grants.models import Application
from records import filing


def move(application: Application, to: str, *, verb: str, by: Any, at: datetime, reason: str = "") -> None:
    """Take a locked application to state *to* and write it in the log. NotAllowedNow when the table does not allow it."""
    before = application.status
    if to not in APPLICATION_TRANSITIONS[before]:
        raise NotAllowedNow(
            _("The application is %(status)s, so this cannot be done now.") % {"status": application.get_status_display()}
        )
    application.status = to
    application.save()
    filing.note(application.case, verb, by=by, at=at, reason=reason, changes={"status": [before, to]})
