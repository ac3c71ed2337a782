"""The yearly facts as a list of steps: what is done, what is left, and where it is done."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from associations import wording
from associations.choices import BoardRole, DocumentKind, DocumentStatus, YearStep
from associations.models import Association, YearlyDocument
from associations.standing import Asked, Standing, asked_on, document_years


@dataclass(frozen=True, slots=True)
class Step:
    """One step. state: what the register says; confirmable: it can be confirmed as it stands."""

    key: str
    label: str | Promise
    done: bool
    state: str
    url: str
    confirmable: bool = False
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """All steps of one year."""

    year: int
    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def left(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.done)

    @property
    def can_carry_over(self) -> bool:
        return any(step.confirmable and not step.done for step in self.steps)


@dataclass(frozen=True, slots=True)
class Slot:
    """A document that is asked for: kind, operating year, and the one that was handed in, if any."""

    kind: str
    label: str | Promise
    year: int
    year_label: str
    document: YearlyDocument | None

    @property
    def is_left(self) -> bool:
        """Nothing is handed in, or it was sent back."""
        return self.document is None or self.document.status == DocumentStatus.NEEDS_CHANGE


# rule -> the page where an association does something about it; the others are the municipality's to see to.
_DOORS = {
    "A-02": "about",
    "A-03": "about",
    "A-04": "members",
    "A-06": "about",
    "A-07": "board",
    "A-08": "about",
    "A-09": "about",
    "A-10": "members",
    "A-11": "people",
    "A-15": "about",
    "A-16": "documents",
    "A-17": "account",
    "A-18": "about",
    "A-19": "yearly",
}


def requirement_rows(standing: Standing, *, met: bool) -> list[dict[str, Any]]:
    """The requirements that are met, or those that are not, each with the address where something is done about it."""
    pk, year = standing.association.pk, standing.day.year
    rows = []
    for row in standing.rows:
        if row["met"] == met:
            page = _DOORS.get(row["rule"], "")
            arguments = [pk, year] if page == "members" else [pk]
            rows.append({**row, "url": reverse(f"associations:{page}", args=arguments) if page and not met else ""})
    return rows


def of(association: Association, day: date) -> Overview:
    """The steps of the year that *day* falls in. Nine queries."""
    asked = asked_on(day)
    confirmed = {row.step: localdate(row.at) for row in association.confirmations.filter(year=day.year)}
    steps = (
        _contact(association, confirmed),
        _board(association, day, asked, confirmed),
        _members(association, day),
        _documents(association, day, asked),
        _bank(association),
        _people(association, day, confirmed),
    )
    return Overview(day.year, steps)


def slots(association: Association, day: date, asked: Asked | None = None) -> list[Slot]:
    """The documents that are asked for on *day*, in order. One query (four without asked)."""
    asked = asked or asked_on(day)
    years = document_years(association, day, asked.document_months)
    rows = list(association.documents.current().select_related("file").order_by("year"))
    found = []
    for kind in DocumentKind:
        if asked.requirements.documents and kind not in asked.requirements.documents:
            continue
        of_kind = [row for row in rows if row.kind == kind]
        right = [row for row in of_kind if row.year == years[kind]] or (of_kind if kind == DocumentKind.STATUTES else [])
        document = right[-1] if right else None
        year = document.year if document else years[kind]
        found.append(Slot(kind, kind.label, year, association.year_label(year), document))
    return found


def _contact(association: Association, confirmed: dict[str, date]) -> Step:
    day = confirmed.get(YearStep.CONTACT)
    state = association.email or _("There is no e-mail address.")
    url = reverse("associations:contact", args=[association.pk])
    return Step(YearStep.CONTACT, YearStep.CONTACT.label, bool(day), state, url, bool(association.email), day)


def _board(association: Association, day: date, asked: Asked, confirmed: dict[str, date]) -> Step:
    board = list(association.board.in_office(day))
    missing = [BoardRole(role).label for role in asked.requirements.board_roles if role not in {row.role for row in board}]
    state = ngettext("%(n)s person on the board.", "%(n)s people on the board.", len(board)) % {"n": len(board)}
    if missing:
        state += " " + _("Missing: %(roles)s.") % {"roles": wording.listed([str(role) for role in missing])}
    url = reverse("associations:board", args=[association.pk])
    when = confirmed.get(YearStep.BOARD)
    return Step(YearStep.BOARD, YearStep.BOARD.label, bool(when), state, url, bool(board), when)


def _members(association: Association, day: date) -> Step:
    figures = association.member_figures.filter(year__lte=day.year).with_totals().first()
    url = reverse("associations:members", args=[association.pk, day.year])
    if figures is None:
        return Step(YearStep.MEMBERS, YearStep.MEMBERS.label, False, _("No figures yet."), url)
    total = figures.total_members  # type: ignore[attr-defined]
    told = ngettext("%(n)s member", "%(n)s members", total) % {"n": total}
    if figures.year != day.year:
        state = _("%(year)s: %(members)s. This year's figures are not begun.") % {"year": figures.year, "members": told}
        return Step(YearStep.MEMBERS, YearStep.MEMBERS.label, False, state, url, confirmable=True)
    if figures.confirmed_at is None:
        state = _("Draft: %(members)s. Check the figures and confirm.") % {"members": told}
        return Step(YearStep.MEMBERS, YearStep.MEMBERS.label, False, state, url)
    return Step(YearStep.MEMBERS, YearStep.MEMBERS.label, True, told, url, confirmed_on=localdate(figures.confirmed_at))


def _documents(association: Association, day: date, asked: Asked) -> Step:
    wanted = slots(association, day, asked)
    left = [str(slot.label) for slot in wanted if slot.is_left]
    state = _("%(done)s of %(all)s handed in.") % {"done": len(wanted) - len(left), "all": len(wanted)}
    if left:
        state += " " + _("Left: %(documents)s.") % {"documents": wording.listed(left)}
    url = reverse("associations:documents", args=[association.pk])
    return Step(YearStep.DOCUMENTS, YearStep.DOCUMENTS.label, not left, state, url)


def _bank(association: Association) -> Step:
    account = association.bank_accounts.current().first()
    url = reverse("associations:account", args=[association.pk])
    if account is None:
        return Step(YearStep.BANK, YearStep.BANK.label, False, _("No account yet."), url)
    if account.refused_at:
        return Step(YearStep.BANK, YearStep.BANK.label, False, _("The account could not be verified. Name another."), url)
    told = {"account": str(account)}
    verified = _("%(account)s, verified") if account.verified_at else _("%(account)s, waiting to be verified")
    return Step(YearStep.BANK, YearStep.BANK.label, True, verified % told, url)


def _people(association: Association, day: date, confirmed: dict[str, date]) -> Step:
    people = list(association.record_checks.running())
    when, url = confirmed.get(YearStep.RECORD_CHECKS), reverse("associations:people", args=[association.pk])
    if association.meets_children is False:
        state = _("Nobody in the association meets children.")
    elif not people:
        state = _("Say who meets children, or that nobody does.")
    else:
        valid = sum(1 for each in people if each.next_due and each.next_due > day)
        state = _("%(valid)s of %(people)s have a valid extract.") % {"valid": valid, "people": len(people)}
    ready = association.meets_children is False or bool(people)
    return Step(YearStep.RECORD_CHECKS, YearStep.RECORD_CHECKS.label, bool(when), state, url, ready, when)
