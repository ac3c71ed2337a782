"""Who may assess, and who has stepped out."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Role
from associations.models import Association
from grants.choices import ASSESSED_IN, AssessmentStatus
from grants.models import Application, Assessment, Conflict
from grants.permissions.answer import YES, Answer, no


def has_interest(user: Any, application: Application) -> bool:
    """Whether a conflict of interest keeps this person out of this case (Case 25): with_interest_of, of one application."""
    lifted = list(application.conflicts.filter(user=user).values_list("lifted_at", flat=True))
    if lifted:
        return None in lifted
    return Association.objects.with_link_to(user).filter(pk=application.association_id).exists()


def without_interest(user: Any, application: Application) -> Answer:
    return (
        no(_("You have a conflict of interest in this case and take no part in it.")) if has_interest(user, application) else YES
    )


def interest_sentence() -> str:
    """What the person reads on every page of such a case: that, and nothing of the case (Case 25)."""
    return _("You have a conflict of interest (jäv) in this case. You take no part in it and do not see it.")


def may_assess(user: Any, application: Application) -> Answer:
    """An officer without an interest, appointed where assessors are appointed, before anything is proposed."""
    if not user.has_role(Role.OFFICER):
        return no(_("Only officers assess applications."))
    if application.status not in ASSESSED_IN:
        return no(
            _("The application is %(status)s, so it can no longer be assessed.") % {"status": application.get_status_display()}
        )
    if not (answer := without_interest(user, application)):
        return answer
    appointed = set(application.call.assessors.values_list("user", flat=True))
    if appointed and user.pk not in appointed:
        return no(_("Others are appointed to assess the applications in this call."))
    if not application.call.criteria.exists():
        return no(_("The applications in this call are not assessed."))
    return YES


def may_change(user: Any, assessment: Assessment) -> Answer:
    """One's own, while it is not done and nothing is proposed (Case 29)."""
    if assessment.assessor_id != user.pk:
        return no(_("This is somebody else's assessment."))
    if not (answer := may_assess(user, assessment.application)):
        return answer
    if assessment.status == AssessmentStatus.DONE:
        return no(_("Your assessment is done. Open it again to change it."))
    return YES


def may_step_back_in(user: Any, conflict: Conflict) -> Answer:
    """Another officer lets a person back into a case, never the person."""
    if conflict.lifted_at is not None:
        return no(_("The person has already been let back into the case."))
    if user.pk == conflict.user_id:
        return no(_("Somebody else must decide that you have no conflict of interest."))
    if not user.has_role(Role.OFFICER, Role.DECISION_MAKER):
        return no(_("Only an officer can let a person back into a case."))
    return without_interest(user, conflict.application)
