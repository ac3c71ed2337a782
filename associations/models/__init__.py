from associations.models.activity import ActivityGroup, ActivitySession, AttendanceImport, GroupPlace, Participant
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
    "ActivityGroup",
    "ActivitySession",
    "AgeBand",
    "Area",
    "Association",
    "Attendance",
    "AttendanceImport",
    "BankAccount",
    "BoardMember",
    "Category",
    "DialogueMeeting",
    "Dispensation",
    "GroupPlace",
    "JointAct",
    "Mandate",
    "MandateOffer",
    "MemberCount",
    "MemberFigures",
    "Participant",
    "RecordCheck",
    "RegisterImport",
    "Requirement",
    "YearlyConfirmation",
    "YearlyDocument",
]
