"""What officers may do with applications and calls."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from grants.choices import ApplicationStatus, CallStatus
from grants.models import Application, Call
from grants.permissions.answer import YES, Answer, no


def may_handle(user: Any, application: Application) -> Answer:
    """Whether this officer may work with the application: nobody does with an interest in it, or while assessing it blind."""
    if not user.has_perm("grants.handle"):
        return no(_("Only an officer may do this."))
    if not Application.objects.for_casework_by(user).filter(pk=application.pk).exists():
        return no(_("You have a conflict of interest in this case and take no part in it."))
    return YES


def may_ask_completion(application: Application) -> Answer:
    if application.status == ApplicationStatus.SUBMITTED:
        return YES
    if application.status == ApplicationStatus.COMPLETING:
        return no(_("The association already has a request to answer."))
    return no(_("Only an application that is handed in and not yet proposed for a decision can be completed."))


def may_configure_calls(user: Any) -> Answer:
    return YES if user is None or user.has_perm("grants.configure") else no(_("Only an officer may do this."))


def may_close(call: Call, at: datetime) -> Answer:
    return YES if call.status == CallStatus.PUBLISHED else no(_("Only a published call can be closed."))


def may_configure(call: Call) -> Answer:
    return YES if call.status == CallStatus.DRAFT else no(_("The call is published, so its terms are fixed."))
