"""What is noted in the log from assessment to repayment, in words, and what only those who keep the register see of it.

Until a decision is published nothing of how it came about shows on the applicant's case page.
"""

from django.utils.translation import gettext_lazy as _

INTERNAL_WORDS = {
    "grants.assessor_appointed": _("An assessor was appointed"),
    "grants.assessor_released": _("The appointment of an assessor was taken back"),
    "grants.assessment_started": _("An assessment was started"),
    "grants.assessment_done": _("An assessment was finished"),
    "grants.assessment_reopened": _("An assessment was opened again"),
    "grants.assessment_voided": _("An assessment no longer counts, because of a conflict of interest"),
    "grants.conflict_declared": _("A conflict of interest was declared"),
    "grants.conflict_found": _("A conflict of interest was found in the register"),
    "grants.conflict_lifted": _("A conflict of interest was found not to apply"),
    "grants.proposed": _("A decision was proposed"),
    "grants.new_decision_proposed": _("A new decision was proposed in place of the published one"),
    "grants.proposal_reviewed": _("The proposal was reviewed"),
    "grants.proposal_taken_back": _("The proposal was taken back"),
    "grants.referred_back": _("The proposal was sent back for more work"),
    "grants.put_on_list": _("The proposal was put on the committee's list"),
    "grants.taken_off_list": _("The proposal was taken off the committee's list"),
    "grants.rectified": _("A correction of the decision was written"),
    "grants.decided": _("A decision was made"),
    "grants.decision_changed": _("The decision was changed before it was published"),
    "grants.decision_undone": _("The decision was taken away before it was published"),
    "grants.scenario_saved": _("A scenario of the budget room was saved"),
    "grants.scenario_thrown_away": _("A scenario of the budget room was thrown away"),
    "grants.meeting_planned": _("A meeting was planned"),
    "grants.meeting_held": _("A meeting was held"),
    "grants.payment_held": _("A payment was held back"),
    "grants.payment_released": _("A payment that was held back was released"),
    "grants.payment_in_run": _("A payment was put in a payment run"),
    "grants.run_approved": _("A payment run was approved"),
    "grants.run_fetched": _("A payment file was fetched"),
    "grants.run_stopped": _("A payment run was stopped"),
    "grants.payment_rejected": _("The bank turned a payment away"),
}
OPEN_WORDS = {
    "grants.published": _("The decision was published"),
    "grants.reported_to_committee": _("The decision was reported to the committee"),
    "grants.paid": _("A payment was made"),
    "grants.report_handed_in": _("The follow-up report was handed in"),
    "grants.report_returned": _("The follow-up report was returned for more information"),
    "grants.report_approved": _("The follow-up report was approved"),
    "grants.report_reminded": _("A reminder about the follow-up report was sent"),
    "grants.claimed_back": _("Money was claimed back"),
    "grants.claim_replaced": _("The claim was replaced by a new one"),
    "grants.claim_given_up": _("The claim was given up"),
    "grants.claim_waived": _("The claim was too small to be made"),
    "grants.repaid": _("Money was paid back"),
    "grants.set_off": _("A claim was taken from the next grant"),
}
