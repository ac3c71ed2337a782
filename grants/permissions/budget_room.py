"""Who may open a call's budget room: nobody with an interest in it, nobody who still has to assess without seeing the others."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import Role
from grants.models import Application, Call, in_room
from grants.permissions.answer import YES, Answer, no

READERS = (Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY, Role.AUDITOR)


def may_enter(user: Any, call: Call) -> Answer:
    """All who share a pot stand against each other, so an interest in one of them is an interest in all (Case 25).

    One who is appointed in a blind call, or has an assessment left to finish, would learn what is hidden (Cases 27-28).
    """
    here = in_room(call)
    if Application.objects.with_interest_of(user).filter(pk__in=here.values("pk")).exists():
        return no(_("You have a conflict of interest (jäv) in a case that shares this pot. A colleague takes care of it."))
    if here.filter(pk__in=Application.objects.blind_to(user).values("pk")).exists():
        return no(_("You assess this call without knowing who applies. The budget room opens for you when it is decided."))
    hidden = here.exclude(pk__in=Application.objects.showing_aggregate_to(user).values("pk"))
    left = hidden.filter(pk__in=Application.objects.to_assess_by(user).values("pk")).count() if call.criteria.exists() else 0
    if left:
        return no(
            ngettext(
                "Finish your own assessment first: %(n)s is left. Until then you do not see what the others have found.",
                "Finish your own assessments first: %(n)s are left. Until then you do not see what the others have found.",
                left,
            )
            % {"n": left}
        )
    return YES


def may_save(user: Any) -> Answer:
    if not user.has_role(Role.OFFICER, Role.DECISION_MAKER):
        return no(_("Only officers and decision-makers save scenarios."))
    return YES
