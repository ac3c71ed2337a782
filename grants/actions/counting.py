"""What the rules give for an application: its frozen facts put into the calculation of its scheme version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from associations.models import Category
from associations.rules.members import BandsDoNotFit
from grants.actions.activity import activity_for
from grants.actions.register import choices_from, members_from, quantities_from
from grants.models import Application, Call, Decision, Pot
from grants.rules import budget
from grants.rules.calculation import Calculation, FactMissing, Facts, NotDefined, Part, calculate, calculation_to_json
from grants.rules.late import Deadline, LateStep, TooLate, received_basis
from grants.rules.part import KNOWN_QUANTITIES
from grants.rules.parts_counted import AtMostInYear
from grants.rules.parts_json import PartsNotReadable, inner, parts_from_json
from grants.rules.parts_pot import PotShare
from grants.rules.parts_when import OnlyWhen
from grants.rules.questions import Form, Kind, form_from_json, questions_of
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
    except PartsNotReadable:
        return Counted(None, missing=_("The calculation of the scheme cannot be read. An administrator must look at it."))
    return count_parts(application, parts)


def count_parts(
    application: Application, parts: Sequence[Part], facts: Facts | None = None, names: Mapping[str, str] | None = None
) -> Counted:
    """What these parts give for an application. facts: instead of those it has, to try; names: of what another form asks."""
    try:
        return Counted(calculate(parts, facts_for(application, parts) if facts is None else facts))
    except TooLate:
        return Counted(None, too_late=True)
    except BandsDoNotFit:
        return Counted(None, missing=_("The members are reported in age groups that the rule cuts through."))
    except FactMissing as fact:
        return Counted(None, missing=_what_is_needed(application, fact.name, names or {}))
    except NotDefined as undefined:
        sentence = _("The rules of the scheme do not say what applies to %(value)s (%(quantity)s).")
        return Counted(
            None, missing=sentence % {"value": undefined.value, "quantity": label_of(application, undefined.name, names or {})}
        )


def _what_is_needed(application: Application, name: str, names: Mapping[str, str]) -> str:
    """A fact that the rules lack, as the officer knows it: the day lateness is counted from, or a question of the form."""
    if name == "received_at":
        return _("The application is not complete yet, so nobody knows how late it is.")
    if name == "attendance":
        return _("No attendance was counted when the application was handed in.")
    if name == "pot":
        return _("The pot of the call is not shared out yet, or the application has changed since.")
    return _("The calculation needs a figure that is not in the application: %s.") % label_of(application, name, names)


def label_of(application: Application, name: str, names: Mapping[str, str]) -> str:
    """What a quantity is called in the application's form, or in *names*."""
    key = "asked" if name == "requested" else name
    if key in names:
        return names[key]
    return names_in(form_from_json(application.version.form)).get(key, name)


def facts_for(application: Application, parts: Sequence[Part] = (), *, categories: Mapping[str, str] | None = None) -> Facts:
    """The frozen facts and answers of a handed-in application, as the rules read them; *parts* says which are needed.

    categories: category_names(parts), for those who count many applications.
    """
    form = form_from_json(application.version.form)
    kinds = {inner(part).kind for part in parts}
    quantities = quantities_from(form, application.answers)
    if application.asked is not None:
        quantities["requested"] = application.asked
    if AtMostInYear.kind in kinds:
        quantities["granted_before"] = granted_before(application)
    return Facts(
        members=members_from(application.facts),
        quantities=quantities,
        names={name: label for name, label in names_in(form).items() if name not in KNOWN_QUANTITIES}
        | dict(category_names(parts) if categories is None else categories),
        choices=choices_from(form, application.answers) | {"category": category_of(application)},
        received_at=_received(application),
        deadline=_deadline(application),
        pot=Pot.objects.outcome_for(application) if PotShare.kind in kinds else None,
        **activity_for(application, parts),
    )


def names_in(form: Form) -> dict[str, str]:
    """What people call each quantity and choice of a form."""
    names = {}
    for question in questions_of(form):
        names[question.key] = question.label
        names |= {f"{question.key}.{column.key}": f"{question.label}, {column.label}" for column in question.columns}
        names |= {f"{question.key}={choice.key}": choice.label for choice in question.choices}
        if question.kind is Kind.YES_NO:
            names |= {f"{question.key}=yes": _("Yes"), f"{question.key}=no": _("No")}
    return names


def category_of(application: Application) -> tuple[str, ...]:
    """The key of the association's category when it applied; for applications older than that is kept, as it is now."""
    known = application.facts.get("category_key")
    if known is None and application.association.category is not None:
        known = application.association.category.key
    return (known,) if known else ()


def category_names(parts: Sequence[Part]) -> dict[str, str]:
    """What the categories are called, when a part is for some of them only."""
    if not any(isinstance(part, OnlyWhen) and part.fact == "category" for part in parts):
        return {}
    return {f"category={key}": name for key, name in Category.objects.values_list("key", "name")}


def granted_before(application: Application) -> Decimal:
    """What applications of the association in the same scheme and grant year, that came in earlier, were granted; kronor."""
    earlier = Application.objects.filter(
        association=application.association_id,
        call__version__scheme=application.call.version.scheme_id,
        call__grant_year=application.call.grant_year,
        received_at__lt=application.received_at,
    )
    rows = Decision.objects.latest_of_each().filter(application__in=earlier, amount__isnull=False)
    return sum((amount for amount in rows.values_list("amount", flat=True) if amount is not None), Decimal(0))


def _received(application: Application) -> Any:
    if application.received_at is None:
        return None
    return received_basis(application.received_at, application.completed_at, application.call.late_counts_from)


def _deadline(application: Application) -> Deadline | None:
    call = application.call
    steps = tuple(LateStep(step.from_day, step.to_day, step.percent) for step in call.late_steps.all())
    return deadline_of(extended(Window(call.opens_at, call.closes_at, steps), application.extended_until()))


def committed(call: Call, *, besides: Application | None = None) -> list[Decimal]:
    """What the last decision of each application in the call grants, published or not; nothing for one that has ended."""
    rows = Decision.objects.latest_of_each().filter(application__call=call, amount__isnull=False, ending=None)
    if besides is not None:
        rows = rows.exclude(application=besides)
    return [amount for amount in rows.values_list("amount", flat=True) if amount is not None]


def remaining(call: Call, *, besides: Application | None = None) -> Decimal | None:
    """What is left of the call's budget, kronor; None when the call has no budget of its own."""
    return None if call.budget is None else budget.remaining(call.budget, committed(call, besides=besides))
