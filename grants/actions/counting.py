"""What the rules give for an application: its frozen facts put into the calculation of its scheme version."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from associations.rules.members import BandsDoNotFit
from grants.actions.register import members_from, quantities_from
from grants.models import Application, Call, Decision, Extension
from grants.rules import budget
from grants.rules.calculation import Calculation, FactMissing, Facts, calculate, calculation_to_json
from grants.rules.late import Deadline, LateStep, TooLate, received_basis
from grants.rules.parts_json import PartsNotReadable, parts_from_json
from grants.rules.questions import Kind, form_from_json
from grants.rules.windows import Window, deadline_of, extended


@dataclass(frozen=True, slots=True)
class Counted:
    """The amount by the rules. too_late: the application came after the last late step and cannot be granted by them.

    missing: what the calculation needs and does not have, as a sentence; then there is no amount.
    """

    calculation: Calculation | None
    too_late: bool = False
    missing: str = ""

    @property
    def amount(self) -> Decimal | None:
        return self.calculation.total if self.calculation else None

    @property
    def lines(self) -> list[dict[str, Any]]:
        return calculation_to_json(self.calculation) if self.calculation else []


def count(application: Application) -> Counted:
    """The calculation as it is now. Nothing is written."""
    try:
        parts = parts_from_json(application.call.version.parts)
        return Counted(calculate(parts, facts_for(application)))
    except TooLate:
        return Counted(None, too_late=True)
    except BandsDoNotFit:
        return Counted(None, missing=_("The members are reported in age groups that the rule cuts through."))
    except FactMissing as fact:
        return Counted(None, missing=_what_is_needed(application, fact.name))
    except PartsNotReadable:
        return Counted(None, missing=_("The calculation of the scheme cannot be read. An administrator must look at it."))


def _what_is_needed(application: Application, name: str) -> str:
    """A fact that the rules lack, as the officer knows it: the day lateness is counted from, or a question of the form."""
    if name == "received_at":
        return _("The application is not complete yet, so nobody knows how late it is.")
    key = "asked" if name == "requested" else name
    form = form_from_json(application.call.version.form)
    labels = {question.key: question.label for section in form for question in section.questions}
    return _("The calculation needs a figure that is not in the application: %s.") % labels.get(key, key)


def facts_for(application: Application) -> Facts:
    """The frozen facts and answers of a handed-in application, as the rules read them."""
    form = form_from_json(application.call.version.form)
    amounts = [question.key for section in form for question in section.questions if question.kind is Kind.AMOUNT]
    quantities = quantities_from(application.answers, amounts)
    if application.asked is not None:
        quantities["requested"] = application.asked
    return Facts(
        members=members_from(application.facts),
        quantities=quantities,
        received_at=_received(application),
        deadline=_deadline(application),
    )


def _received(application: Application) -> Any:
    if application.received_at is None:
        return None
    return received_basis(application.received_at, application.completed_at, application.call.late_counts_from)


def _deadline(application: Application) -> Deadline | None:
    call = application.call
    steps = tuple(LateStep(step.from_day, step.to_day, step.percent) for step in call.late_steps.all())
    extension = Extension.objects.filter(call=call, association=application.association_id).first()
    window = extended(Window(call.opens_at, call.closes_at, steps), extension.closes_at if extension else None)
    return deadline_of(window)


def committed(call: Call, *, besides: Application | None = None) -> list[Decimal]:
    """What the last decision of each application in the call grants, published or not; nothing for one that has ended."""
    rows = Decision.objects.latest_of_each().filter(application__call=call, amount__isnull=False, ending=None)
    if besides is not None:
        rows = rows.exclude(application=besides)
    return [amount for amount in rows.values_list("amount", flat=True) if amount is not None]


def remaining(call: Call, *, besides: Application | None = None) -> Decimal | None:
    """What is left of the call's budget, kronor; None when the call has no budget of its own."""
    return None if call.budget is None else budget.remaining(call.budget, committed(call, besides=besides))
