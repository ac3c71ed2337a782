"""What stands in the way of handing in, one sentence each, and where it is mended."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.models import Application
from grants.rules.balances import sides
from grants.rules.form_shape import Answers
from grants.rules.questions import Fault, Form, Question, faults, form_from_json, seen_questions
from grants.wording import balance_sentence, fault_sentence
from records.choices import ScanStatus

AIMS = "aims"
ATTACHMENTS = "attachments"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or wrong. blocks: it must be mended first; otherwise one may hand in without it (Case 9)."""

    section: str
    question: str
    sentence: str
    blocks: bool = True


def gaps(application: Application, *, filled: Collection[str] | None = None) -> list[Gap]:
    """Everything that is missing, in the order of the form.

    filled: the headings that have a file; by default those where one is attached (a draft's page also counts the register's).
    """
    version = application.version
    form = form_from_json(version.form)
    places = {question.key: (section, question) for section in form for question in section.questions}
    found = []
    if version.aims and not application.aims:
        found.append(Gap(AIMS, "", _("Choose at least one of the aims.")))
    for key, fault in faults(form, application.answers).items():
        section, question = places[key]
        found.append(Gap(section.key, key, _sentence(question, fault, form, application.answers)))
    for label in infected_attachments(application):
        found.append(Gap(ATTACHMENTS, "", _("%s: the file contains a virus. Replace it.") % label))
    for label in missing_attachments(application, filled=filled):
        found.append(Gap(ATTACHMENTS, "", _("%s is not attached.") % label, blocks=False))
    return found


def _sentence(question: Question, fault: Fault, form: Form, answers: Answers) -> str:
    if fault is Fault.MISSING:
        return question.label
    both_sides = sides(question, form, answers, seen_questions(form, answers))
    if fault is Fault.SIDES_DIFFER and both_sides is not None:
        return f"{question.label} – {balance_sentence(question, form, both_sides)}"
    return f"{question.label} – {fault_sentence(question, fault, answers.get(question.key))}"


def missing_attachments(application: Application, *, filled: Collection[str] | None = None) -> list[str]:
    """The headings of required attachments that have no file."""
    if filled is None:
        filled = set(application.attachments.filter(replaced_at=None).values_list("key", flat=True))
    rows = application.headings()
    return [row["label"] for row in rows if row.get("required", True) and row["key"] not in filled]


def infected_attachments(application: Application) -> list[str]:
    """The headings of required attachments whose file was quarantined (Case 17)."""
    caught = application.attachments.filter(replaced_at=None, file__scan=ScanStatus.INFECTED)
    required = {row["key"]: row["label"] for row in application.headings() if row.get("required", True)}
    return [required[row.key] for row in caught if row.key in required]


def what_is_missing(application: Application, *, without_attachments: bool = False) -> list[str]:
    """One sentence for each thing that must be mended before the application can be handed in."""
    return [gap.sentence for gap in gaps(application) if gap.blocks or not without_attachments]
