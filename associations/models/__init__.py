from associations.models.association import Association
from associations.models.bank_account import BankAccount
from associations.models.board import BoardMember
from associations.models.mandate import JointAct, Mandate, MandateOffer
from associations.models.members import MemberCount, MemberFigures
from associations.models.oversight import Attendance, DialogueMeeting, Dispensation, RecordCheck
from associations.models.reference import Activity, AgeBand, Area, Category, Requirement
from associations.models.register_import import RegisterImport
from associations.models.yearly import YearlyConfirmation, YearlyDocument

__all__ = [
    "Activity",
    "AgeBand",
    "Area",
    "Association",
    "Attendance",
    "BankAccount",
    "BoardMember",
    "Category",
    "DialogueMeeting",
    "Dispensation",
    "JointAct",
    "Mandate",
    "MandateOffer",
    "MemberCount",
    "MemberFigures",
    "RecordCheck",
    "RegisterImport",
    "Requirement",
    "YearlyConfirmation",
    "YearlyDocument",
]
