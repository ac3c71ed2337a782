"""What someone who acts for an association may do with its applications."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from associations.models import Association
from associations.permissions import in_register, may_report, signs
from grants.choices import ApplicationStatus, CallStatus
from grants.models import Application, Call, Extension
from grants.permissions.answer import YES, Answer, no
from grants.rules.late import refused_from
from grants.rules.windows import CallState, call_state, deadline_of
from records.values import local_day

# What the applicant may do on their own, before or after hand-in.
_WITHDRAWABLE = (ApplicationStatus.SUBMITTED, ApplicationStatus.COMPLETING, ApplicationStatus.PROPOSED)


def may_apply_for(user: Any, association: Association, at: datetime) -> Answer:
    """Whether this person may start and change the association's applications."""
    return may_report(user, association, local_day(at))


def may_hand_in(user: Any, application: Application, at: datetime) -> Answer:
    """Whether this person may hand in: who may apply, or where the statutes want two jointly, one of the signatories."""
    association = application.association
    if not in_register(association):
        return no(_("The association must be registered before you can hand in. Your draft is kept until then."))
    if association.needs_two:
        return signs(user, association, local_day(at))
    return may_apply_for(user, association, at)


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
