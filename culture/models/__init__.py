from culture.models.classes import BlockedDays, ClassGroup, Count, Fragment, ListConfirmation, Move
from culture.models.contact import Message, SignedLink
from culture.models.coverage import ClassCoverage, CoverageLine, CoverageVersion, FragmentCoverage, SchoolCoverage
from culture.models.evaluation import Evaluation
from culture.models.performance import GuaranteeItem, Performance
from culture.models.plan_run import PlanEdit, PlanRow, PlanRun
from culture.models.programme import Agreement, Evidence, Offer, Producer, TaxCheck
from culture.models.school import Participation, School, SchoolContact
from culture.models.school_import import SchoolImport
from culture.models.visit import Attendance, AttendancePart, Visit, VisitPart
from culture.models.year import SchoolYear

__all__ = [
    "Agreement",
    "Attendance",
    "AttendancePart",
    "BlockedDays",
    "ClassCoverage",
    "ClassGroup",
    "Count",
    "CoverageLine",
    "CoverageVersion",
    "Evaluation",
    "Evidence",
    "Fragment",
    "FragmentCoverage",
    "GuaranteeItem",
    "ListConfirmation",
    "Message",
    "Move",
    "Offer",
    "Participation",
    "Performance",
    "PlanEdit",
    "PlanRow",
    "PlanRun",
    "Producer",
    "School",
    "SchoolContact",
    "SchoolCoverage",
    "SchoolImport",
    "SchoolYear",
    "SignedLink",
    "TaxCheck",
    "Visit",
    "VisitPart",
]
