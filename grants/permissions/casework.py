"""What officers may do with applications and calls."""

from datetime import datetime

from django.utils.translation import gettext as _

from grants.choices import ApplicationStatus, CallStatus
from grants.models import Application, Call
from grants.permissions.answer import YES, Answer, no


def may_ask_completion(application: Application) -> Answer:
    if application.status == ApplicationStatus.SUBMITTED:
        return YES
    if application.status == ApplicationStatus.COMPLETING:
        return no(_("The association already has a request to answer."))
    return no(_("Only an application that is handed in and not yet proposed for a decision can be completed."))


def may_close(call: Call, at: datetime) -> Answer:
    return YES if call.status == CallStatus.PUBLISHED else no(_("Only a published call can be closed."))


def may_configure(call: Call) -> Answer:
    return YES if call.status == CallStatus.DRAFT else no(_("The call is published, so its terms are fixed."))
