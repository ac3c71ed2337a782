"""What stands in the way of handing in, one sentence each."""

from django.utils.translation import gettext as _

from grants.models import Application
from grants.rules.questions import Fault, Question, faults, form_from_json
from records.choices import ScanStatus


def fault_sentence(question: Question, fault: Fault) -> str:
    """What is wrong with an answer and what to do about it."""
    if fault is Fault.TOO_LONG:
        return _("Shorten the text to at most %d characters.") % question.max_length
    return {
        Fault.MISSING: _("Answer this question."),
        Fault.PERSONAL_NUMBER: _("Take away the personal identity number. We do not need it, and others may read this."),
        Fault.NOT_AN_AMOUNT: _("Write an amount in kronor, for example 12 000 or 12 000,50."),
        Fault.NOT_A_NUMBER: _("Write a whole number, for example 25."),
        Fault.NOT_A_DAY: _("Write a date, for example 2026-12-04 or 4/12 2026."),
        Fault.NOT_A_CHOICE: _("Choose one of the answers in the list."),
    }[fault]


def missing_attachments(application: Application) -> list[str]:
    """The headings of required attachments that have no file."""
    filled = set(application.attachments.filter(replaced_at=None).values_list("key", flat=True))
    rows = application.call.version.attachments
    return [row["label"] for row in rows if row.get("required", True) and row["key"] not in filled]


def infected_attachments(application: Application) -> list[str]:
    """The headings of required attachments whose file was quarantined (Case 17)."""
    caught = application.attachments.filter(replaced_at=None, file__scan=ScanStatus.INFECTED)
    required = {row["key"]: row["label"] for row in application.call.version.attachments if row.get("required", True)}
    return [required[row.key] for row in caught if row.key in required]


def what_is_missing(application: Application, *, without_attachments: bool = False) -> list[str]:
    """One sentence for each thing that must be mended before the application can be handed in."""
    version = application.call.version
    form = form_from_json(version.form)
    labels = {question.key: question for section in form for question in section.questions}
    found = [
        f"{labels[key].label} – {fault_sentence(labels[key], fault)}" for key, fault in faults(form, application.answers).items()
    ]
    if version.aims and not application.aims:
        found.append(_("Choose at least one of the aims."))
    found += [_("%s: the file contains a virus. Replace it.") % label for label in infected_attachments(application)]
    if not without_attachments:
        found += [_("%s is not attached.") % label for label in missing_attachments(application)]
    return found
