"""What someone who acts for an association may do with its applications."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from associations.choices import MandateKind
from associations.models import Association
from grants.choices import ApplicationStatus, CallStatus
from grants.models import Application, Call, Extension
from grants.permissions.answer import YES, Answer, no
from grants.rules.late import refused_from
from grants.rules.windows import CallState, call_state, deadline_of
from records.values import local_day

MAY_APPLY = (MandateKind.SIGNATORY, MandateKind.APPLICANT)

# What the applicant may do on their own, before or after hand-in.
_WITHDRAWABLE = (ApplicationStatus.SUBMITTED, ApplicationStatus.COMPLETING, ApplicationStatus.PROPOSED)


def may_apply_for(user: Any, association: Association, at: datetime) -> Answer:
    """Whether this person may start, change and hand in the association's applications."""
    mandates = user.mandates.in_force(local_day(at)).filter(association=association, kind__in=MAY_APPLY)
    return YES if mandates.exists() else no(_("You need the right to apply for the association. Ask one of its signatories."))


def takes_in(call: Call, at: datetime, extension: Extension | None = None) -> Answer:
    """Whether the call takes in an application at this instant, late ones included (Cases 1-6 and 10)."""
    if call.status == CallStatus.DRAFT:
        return no(_("The call is not open yet."))
    window = call.window(extension.closes_at if extension else None)
    state = call_state(window, at)
    if state in (CallState.OPEN, CallState.LATE):
        return YES
    if state is CallState.NOT_YET_OPEN:
        return no(_("The call opens on %s.") % date_format(call.opens_on, "j F Y"))
    deadline = deadline_of(window)
    if window.closed_at is not None or deadline is None:
        return no(_("The call is closed."))
    last_day = local_day(refused_from(deadline) - timedelta(microseconds=1))
    return no(
        _("The time to apply is over. Applications that come in after %s are not considered.") % date_format(last_day, "j F Y")
    )


def may_withdraw(application: Application) -> Answer:
    if application.status in _WITHDRAWABLE:
        return YES
    return no(_("Only an application that is handed in and not decided can be withdrawn."))
