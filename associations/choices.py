"""The words of the association register and the whole life of an association, a document and a bank account on one page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssociationStatus(models.TextChoices):
    APPLIED = "applied", _("waiting for approval")
    REGISTERED = "registered", _("registered")
    REFUSED = "refused", _("refused")
    RESTING = "resting", _("resting")
    DISSOLVED = "dissolved", _("dissolved")


# from -> to: everything that may happen to an association.
TRANSITIONS: dict[str, frozenset[str]] = {
    AssociationStatus.APPLIED: frozenset({AssociationStatus.REGISTERED, AssociationStatus.REFUSED}),
    AssociationStatus.REFUSED: frozenset({AssociationStatus.APPLIED}),
    AssociationStatus.REGISTERED: frozenset({AssociationStatus.RESTING, AssociationStatus.DISSOLVED}),
    AssociationStatus.RESTING: frozenset({AssociationStatus.REGISTERED, AssociationStatus.DISSOLVED}),
    AssociationStatus.DISSOLVED: frozenset({AssociationStatus.REGISTERED}),
}

# How a status looks: the tones of the tag component.
TONES: dict[str, str] = {
    AssociationStatus.APPLIED: "waiting",
    AssociationStatus.REGISTERED: "success",
    AssociationStatus.REFUSED: "danger",
    AssociationStatus.RESTING: "neutral",
    AssociationStatus.DISSOLVED: "neutral",
}

# In the municipality's register, active or not.
IN_REGISTER = frozenset({AssociationStatus.REGISTERED, AssociationStatus.RESTING})


class Signing(models.TextChoices):
    """How the statutes let the association be bound."""

    ALONE = "alone", _("one signatory alone")
    TWO_JOINTLY = "two_jointly", _("two signatories jointly")


class StatutesApprovedBy(models.TextChoices):
    FEDERATION = "federation", _("the national federation")
    DEPARTMENT = "department", _("the municipality's department")


class ExcludedKind(models.TextChoices):
    """Kinds of association that never get support; an ordinary association has none of them."""

    ECONOMIC = "economic", _("economic association")
    POLITICAL = "political", _("political association")
    PUPIL = "pupil", _("pupils' association")
    SUPPORTER = "supporter", _("supporters' association")
    PENSIONER = "pensioner", _("pensioners' association")
    COMPANY = "company", _("company association")
    NATIONAL = "national", _("national association")
    COUNTY = "county", _("county association")
    PARENT = "parent", _("parents' association")


class ActivityKind(models.TextChoices):
    SPORT = "sport", _("sport")
    ART = "art", _("art form")
    OTHER = "other", _("other")


class MandateKind(models.TextChoices):
    SIGNATORY = "signatory", _("signatory")
    APPLICANT = "applicant", _("may apply and report")
    LEADER = "leader", _("reports attendance")


class MandateSource(models.TextChoices):
    """How the mandate came about."""

    REGISTERED = "registered", _("registered the association")
    INVITED = "invited", _("invited by the association")
    OFFICER = "officer", _("invited by the municipality")


class BoardRole(models.TextChoices):
    CHAIR = "chair", _("chair")
    TREASURER = "treasurer", _("treasurer")
    SECRETARY = "secretary", _("secretary")
    MEMBER = "member", _("board member")
    DEPUTY = "deputy", _("deputy")
    AUDITOR = "auditor", _("auditor")
    CONTACT = "contact", _("contact person")


# Roles whose e-mail address and telephone number the municipality needs; of the others it keeps neither.
REACHABLE_ROLES = (BoardRole.CHAIR, BoardRole.CONTACT)


class Sex(models.TextChoices):
    FEMALE = "female", _("girls and women")
    MALE = "male", _("boys and men")
    OTHER = "other", _("other or not stated")


class SessionKind(models.TextChoices):
    """What a session of a group is; the words of the DAK format."""

    TRAINING = "training", _("training")
    MATCH = "match", _("match or competition")
    MEETING = "meeting", _("meeting")
    OTHER = "other", _("something else")


class DocumentKind(models.TextChoices):
    """The seven yearly documents."""

    ANNUAL_REPORT = "annual_report", _("annual report")
    PROFIT_AND_LOSS = "profit_and_loss", _("profit and loss statement")
    BALANCE_SHEET = "balance_sheet", _("balance sheet")
    AUDITORS_REPORT = "auditors_report", _("auditor's report")
    PLAN = "plan", _("plan of activities")
    BUDGET = "budget", _("budget")
    STATUTES = "statutes", _("statutes")


# The year a document is about: reports look back on the operating year that has ended, plans look ahead on the running one.
LOOKS_BACK = frozenset(
    {DocumentKind.ANNUAL_REPORT, DocumentKind.PROFIT_AND_LOSS, DocumentKind.BALANCE_SHEET, DocumentKind.AUDITORS_REPORT}
)


class DocumentStatus(models.TextChoices):
    HANDED_IN = "handed_in", _("handed in")
    ACCEPTED = "accepted", _("accepted")
    NEEDS_CHANGE = "needs_change", _("needs a change")
    REPLACED = "replaced", _("replaced")


DOCUMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    DocumentStatus.HANDED_IN: frozenset({DocumentStatus.ACCEPTED, DocumentStatus.NEEDS_CHANGE, DocumentStatus.REPLACED}),
    DocumentStatus.NEEDS_CHANGE: frozenset({DocumentStatus.REPLACED, DocumentStatus.ACCEPTED}),
    DocumentStatus.ACCEPTED: frozenset({DocumentStatus.REPLACED, DocumentStatus.NEEDS_CHANGE}),
    DocumentStatus.REPLACED: frozenset(),
}


class AccountKind(models.TextChoices):
    BANKGIRO = "bankgiro", _("bank giro")
    PLUSGIRO = "plusgiro", _("plus giro")
    IBAN = "iban", _("IBAN")


class YearStep(models.TextChoices):
    """The steps of the yearly facts, in the order they are asked for."""

    CONTACT = "contact", _("Contact details")
    BOARD = "board", _("Board")
    MEMBERS = "members", _("Members")
    DOCUMENTS = "documents", _("Documents")
    BANK = "bank", _("Bank account")
    RECORD_CHECKS = "record_checks", _("Criminal record extracts")


class ImportStatus(models.TextChoices):
    PREVIEWED = "previewed", _("previewed")
    APPLIED = "applied", _("imported")
    DISCARDED = "discarded", _("discarded")


class FileStatus(models.TextChoices):
    """A file of attendance. One that the worker reads or writes passes more stations than one that is done at once."""

    WAITING = "waiting", _("in line to be read")
    READING = "reading", _("being read")
    PREVIEWED = "previewed", _("previewed")
    CONFIRMED = "confirmed", _("being read in")
    APPLIED = "applied", _("imported")
    DISCARDED = "discarded", _("discarded")
    FAILED = "failed", _("could not be read")
