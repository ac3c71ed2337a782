"""What an association planned, beside what its report says it came to; and a loss guarantee counted again on that.

Nothing is changed here: another amount takes a new decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from grants.actions.counting import Counted, count_parts, facts_for, names_in
from grants.actions.register import quantities_from
from grants.choices import Outcome, ReportStatus
from grants.models import Application, Call, Decision, Report
from grants.rules.calculation import Part
from grants.rules.parts_counted import LossGuarantee
from grants.rules.parts_json import PartsNotReadable, inner, parts_from_json
from grants.rules.questions import Form, Kind, Seen, form_from_json, questions_of, seen_questions

ACTUAL = "actual-"  # and the key of the question in the application


@dataclass(frozen=True, slots=True)
class Planned:
    """One amount of the application's plan, and what it came to: kronor, None = not told. needed: the rules count on it."""

    key: str
    label: str
    amount: Decimal | None
    actual: Decimal | None = None
    needed: bool = False

    @property
    def field(self) -> str:
        return ACTUAL + self.key

    @property
    def difference(self) -> Decimal | None:
        return None if self.amount is None or self.actual is None else self.actual - self.amount


def plan_of(report: Report) -> list[Planned]:
    """The amounts the association planned, as in its application, beside what the report says they came to.

    The columns of a table stand among them when a loss guarantee is counted on them.
    """
    application = report.application
    form, needed = form_from_json(application.version.form), counted_on_actuals(application.call)
    seen = seen_questions(form, application.answers)
    amounts = {q.key for q in questions_of(form) if q.kind is Kind.AMOUNT and q.key != "asked" and seen[q.key] is not Seen.HIDDEN}
    planned = {key: _kronor(application.answers.get(key)) for key in amounts}
    planned |= {key: amount for key, amount in quantities_from(form, application.answers).items() if "." in key}
    return [
        Planned(key, label, planned.get(key), _kronor(report.answers.get(ACTUAL + key)), key in needed)
        for key, label in _labels(form).items()
        if key in amounts or ("." in key and key in needed)
    ]


def counted_on_actuals(call: Call) -> tuple[str, ...]:
    """The amounts that a loss guarantee of the call's scheme is counted on; none in other schemes."""
    guarantees = [part for each in _parts(call) if isinstance(part := inner(each), LossGuarantee)]
    return tuple(dict.fromkeys(name for part in guarantees for name in (part.costs, part.incomes)))


def count_again(application: Application) -> Counted | None:
    """The rules on what the approved report says it came to, never above the guarantee that was decided.

    None when there is nothing to count again: the scheme has no loss guarantee, no report is approved, or nothing was granted.
    """
    names = counted_on_actuals(application.call)
    report = Report.objects.filter(application=application, status=ReportStatus.APPROVED).first() if names else None
    guarantee = guarantee_of(application) if report else None
    if report is None or guarantee is None or guarantee.amount is None:
        return None
    actual = figures_of(report, names)
    if untold := [name for name in names if name not in actual]:
        labels = _labels(form_from_json(application.version.form))
        return Counted(
            None, missing=_("The follow-up report does not say what this came to: %s.") % labels.get(untold[0], untold[0])
        )
    parts = _parts(application.call)
    facts = facts_for(application, parts)
    return count_parts(application, parts, replace(facts, quantities={**facts.quantities, **actual, "granted": guarantee.amount}))


def figures_of(report: Report, names: tuple[str, ...]) -> dict[str, Decimal]:
    """What these amounts came to by the report, in kronor; what it does not tell is left out."""
    found = {name: _kronor(report.answers.get(ACTUAL + name)) for name in names}
    return {name: amount for name, amount in found.items() if amount is not None}


def guarantee_of(application: Application) -> Decision | None:
    """The published grant that the guarantee was decided in: the latest that was not itself counted on a report."""
    rows = Decision.objects.filter(application=application, published_at__isnull=False, ending=None, outcome=Outcome.GRANT)
    return rows.exclude(basis__has_key="report").order_by("-number").first()


def report_basis(application: Application) -> Mapping[str, Any]:
    """What a decision that is counted again rests on besides the rest, as JSON: the report's day and its figures."""
    report = application.report
    figures = figures_of(report, counted_on_actuals(application.call))
    approved = report.reviewed_at.isoformat() if report.reviewed_at else None
    return {"approved_at": approved, "figures": {name: str(amount) for name, amount in figures.items()}}


def _labels(form: Form) -> dict[str, str]:
    """Questions and columns of tables by key, in the order of the form."""
    return {key: label for key, label in names_in(form).items() if "=" not in key}


def _parts(call: Call) -> tuple[Part, ...]:
    try:
        return parts_from_json(call.version.parts)
    except PartsNotReadable:
        return ()


def _kronor(answer: Any) -> Decimal | None:
    try:
        return Decimal(str(answer)) if answer else None
    except InvalidOperation:
        return None
