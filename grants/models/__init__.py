from grants.models.aftermath import Appeal, BankFile, Ending
from grants.models.aggregate import Aggregate, CriterionView, aggregate_of
from grants.models.application import Application, Attachment, CompletionRequest, Extension, Lateness
from grants.models.assessment import Assessment, Assessor, Conflict, Score
from grants.models.decision import Decision, Meeting, Proposal
from grants.models.payment import DelegationReport, Instalment, PaymentLine, PaymentRun, Reclaim, Reminder, Repayment, Report
from grants.models.pot import Pot
from grants.models.scenario import Scenario, in_room
from grants.models.scheme import Call, Criterion, LateStep, Scheme, SchemeVersion

__all__ = [
    "Aggregate",
    "Appeal",
    "Application",
    "Assessment",
    "Assessor",
    "Attachment",
    "BankFile",
    "Call",
    "CompletionRequest",
    "Conflict",
    "Criterion",
    "CriterionView",
    "Decision",
    "DelegationReport",
    "Ending",
    "Extension",
    "Instalment",
    "LateStep",
    "Lateness",
    "Meeting",
    "PaymentLine",
    "PaymentRun",
    "Pot",
    "Proposal",
    "Reclaim",
    "Reminder",
    "Repayment",
    "Report",
    "Scenario",
    "Scheme",
    "SchemeVersion",
    "Score",
    "aggregate_of",
    "in_room",
]
