"""What someone who acts for an association may do with its applications."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from associations.choices import MandateKind
from associations.models import Association
from grants.choices import ApplicationStatus, CallStatus
from grants.models import Application, Call, Extension
from grants.permissions.answer import YES, Answer, no
from records.values import local_day

MAY_APPLY = (MandateKind.SIGNATORY, MandateKind.APPLICANT)

# What the applicant may do on their own, before or after hand-in.
_WITHDRAWABLE = (ApplicationStatus.SUBMITTED, ApplicationStatus.COMPLETING, ApplicationStatus.PROPOSED)


def may_apply_for(user: Any, association: Association, at: datetime) -> Answer:
    """Whether this person may start, change and hand in the association's applications."""
    mandates = user.mandates.in_force(local_day(at)).filter(association=association, kind__in=MAY_APPLY)
    return YES if mandates.exists() else no(_("You need the right to apply for the association. Ask one of its signatories."))


def takes_in(call: Call, at: datetime, extension: Extension | None = None) -> Answer:
    """Whether the call takes in an application at this instant (exclusive limits; Cases 1-6 and 10)."""
    if extension is not None and at < extension.closes_at and call.status != CallStatus.DRAFT:
        return YES
    if call.status == CallStatus.DRAFT:
        return no(_("The call is not open yet."))
    if call.status == CallStatus.CLOSED:
        return no(_("The call is closed."))
    if at < call.opens_at:
        return no(_("The call opens on %s.") % date_format(call.opens_on, "j F Y"))
    refuses_at = extension_end(call, extension) if extension else call.refuses_at
    if refuses_at is not None and at >= refuses_at:
        last = date_format(localtime(refuses_at), "j F Y")
        return no(_("The time to apply is over. Applications that come in after %s are not considered.") % last)
    return YES


def extension_end(call: Call, extension: Extension) -> datetime | None:
    """When an application under an extension is refused: as long after its last day as the call's late steps run."""
    if call.refuses_at is None or call.closes_at is None:
        return None
    return max(call.refuses_at, extension.closes_at + (call.refuses_at - call.closes_at))


def may_withdraw(application: Application) -> Answer:
    if application.status in _WITHDRAWABLE:
        return YES
    return no(_("Only an application that is handed in and not decided can be withdrawn."))
