"""What the rules found, in words: every code of associations.rules has its sentence here."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from associations.choices import BoardRole, DocumentKind, ExcludedKind
from associations.rules.finding import Finding
from records.values import kronor_text

# rule id -> what is asked, as a heading; the order in which they are shown is the rules' own.
TITLES: dict[str, str | Promise] = {
    "A-01": gettext_lazy("Approved statutes"),
    "A-02": gettext_lazy("Democratically built up"),
    "A-03": gettext_lazy("Open to all"),
    "A-04": gettext_lazy("Enough active members"),
    "A-05": gettext_lazy("Organisation number"),
    "A-06": gettext_lazy("Membership fee"),
    "A-07": gettext_lazy("A complete board"),
    "A-08": gettext_lazy("Seat in the municipality"),
    "A-09": gettext_lazy("Activity in the municipality"),
    "A-10": gettext_lazy("Most members live in the municipality"),
    "A-11": gettext_lazy("Criminal record extracts shown"),
    "A-12": gettext_lazy("Took part in the dialogue meeting"),
    "A-13": gettext_lazy("Belongs to a category that is supported"),
    "A-14": gettext_lazy("A kind of association that can be supported"),
    "A-15": gettext_lazy("Old enough"),
    "A-16": gettext_lazy("Yearly documents"),
    "A-17": gettext_lazy("Verified bank account"),
    "A-18": gettext_lazy("State support applied for first"),
    "A-19": gettext_lazy("This year's facts confirmed"),
}

_PLAIN: dict[str, str | Promise] = {
    "statutes_approved": gettext_lazy("The statutes were approved on %(approved_on)s."),
    "statutes_not_approved": gettext_lazy(
        "The statutes are not approved yet. They are approved by your national federation or by the municipality."
    ),
    "democratic": gettext_lazy("You have declared that the association is democratically built up."),
    "not_democratic": gettext_lazy("The association is not democratically built up."),
    "democratic_not_stated": gettext_lazy("You have not yet declared that the association is democratically built up."),
    "open_to_all": gettext_lazy("You have declared that the association is open to all."),
    "not_open_to_all": gettext_lazy("The association is not open to all."),
    "open_to_all_not_stated": gettext_lazy("You have not yet declared that the association is open to all."),
    "organisation_number_right": gettext_lazy("The association has an organisation number."),
    "organisation_number_missing": gettext_lazy("The association has no organisation number. The Swedish Tax Agency gives one."),
    "organisation_number_wrong": gettext_lazy("The organisation number is not right. Contact the municipality."),
    "fee_charged": gettext_lazy("The membership fee is %(fee)s kr a year."),
    "fee_too_low": gettext_lazy("The membership fee is %(fee)s kr a year, at least %(needed)s kr is needed."),
    "fee_not_stated": gettext_lazy("You have not told what the membership fee is."),
    "board_complete": gettext_lazy("The board has %(roles)s."),
    "board_incomplete": gettext_lazy("The board lacks %(missing)s."),
    "seat_at_home": gettext_lazy("The association has its seat in the municipality."),
    "seat_elsewhere": gettext_lazy("The association does not have its seat in the municipality."),
    "activity_at_home": gettext_lazy("The association is active in the municipality."),
    "activity_elsewhere": gettext_lazy("You have not told that the association is active in the municipality."),
    "most_members_at_home": gettext_lazy("%(at_home)s of %(members)s members live in the municipality."),
    "most_members_elsewhere": gettext_lazy(
        "%(at_home)s of %(members)s members live in the municipality, more than half have to."
    ),
    "members_not_stated": gettext_lazy("You have not told how many members you have."),
    "nobody_meets_children": gettext_lazy("Nobody in the association meets children."),
    "record_people_not_stated": gettext_lazy("You have not told whether anyone in the association meets children."),
    "dialogue_attended": gettext_lazy("You took part in the dialogue meeting %(year)s."),
    "dialogue_missed": gettext_lazy("You did not take part in the dialogue meeting %(year)s."),
    "dialogue_not_yet_held": gettext_lazy("The dialogue meeting %(year)s has not been held yet."),
    "category_supported": gettext_lazy("The association's category can be supported."),
    "category_not_supported": gettext_lazy("The association's category cannot be supported."),
    "category_missing": gettext_lazy("The municipality has not yet set the association's category."),
    "kind_supported": gettext_lazy("The association is of a kind that can be supported."),
    "kind_excluded": gettext_lazy("The association is of a kind that never gets support: %(kind)s."),
    "old_enough": gettext_lazy("The association was founded on %(founded_on)s."),
    "too_young": gettext_lazy(
        "The association was founded on %(founded_on)s and must be %(months)s months old. It is on %(old_enough_on)s."
    ),
    "founded_not_stated": gettext_lazy("You have not told when the association was founded."),
    "documents_accepted": gettext_lazy("All yearly documents are accepted: %(accepted)s of %(needed)s."),
    "documents_missing": gettext_lazy("%(accepted)s of %(needed)s documents are accepted. Missing: %(missing)s."),
    "documents_waiting": gettext_lazy("%(accepted)s of %(needed)s documents are accepted. Being looked at: %(waiting)s."),
    "account_verified": gettext_lazy("The bank account was verified on %(verified_on)s."),
    "account_not_verified": gettext_lazy("There is no verified bank account."),
    "state_support_applied_for": gettext_lazy("You have applied for state LOK support."),
    "state_support_not_due": gettext_lazy("The association cannot get state LOK support, so nothing is asked here."),
    "state_support_first": gettext_lazy("You may apply for state LOK support, and have to do that first."),
    "facts_confirmed": gettext_lazy("You confirmed this year's facts on %(confirmed_on)s."),
    "facts_not_confirmed": gettext_lazy("The facts for %(year)s are not confirmed yet."),
    "dispensation_possible": gettext_lazy("A dispensation of at most %(months)s months is possible."),
    "dispensation_not_possible": gettext_lazy("There can be no dispensation from this requirement."),
    "dispensation_without_end": gettext_lazy("A dispensation must end within %(months)s months."),
    "dispensation_too_long": gettext_lazy("A dispensation can last at most %(months)s months."),
}


def _members(figures: dict[str, Any]) -> str:
    have = ngettext("%(members)s active member", "%(members)s active members", figures["members"]) % figures
    return _("%(have)s, %(needed)s are needed") % {"have": have, "needed": figures["needed"]} + "."


def _enough(figures: dict[str, Any]) -> str:
    return ngettext("%(members)s active member.", "%(members)s active members.", figures["members"]) % figures


def _shown(figures: dict[str, Any]) -> str:
    return (
        ngettext(
            "The one person who meets children has shown an extract.",
            "All %(people)s people who meet children have shown an extract.",
            figures["people"],
        )
        % figures
    )


def _missing(figures: dict[str, Any]) -> str:
    return (
        ngettext(
            "%(missing)s of %(people)s person who meets children lacks a valid extract.",
            "%(missing)s of %(people)s people who meet children lack a valid extract.",
            figures["people"],
        )
        % figures
    )


_COUNTED: dict[str, Callable[[dict[str, Any]], str]] = {
    "too_few_members": _members,
    "enough_members": _enough,
    "records_shown": _shown,
    "records_missing": _missing,
}

CODES = frozenset(_PLAIN) | frozenset(_COUNTED)


def title(rule: str) -> str:
    """What the requirement asks, as a heading."""
    return str(TITLES.get(rule, rule))


def sentence(finding: Finding) -> str:
    """The finding as one sentence: '8 active members, 10 are needed; dispensation until 30 June 2027.'"""
    if finding.code in _COUNTED:
        text = _COUNTED[finding.code](dict(finding.figures))
    else:
        text = str(_PLAIN[finding.code]) % {name: _word(name, figure) for name, figure in finding.figures.items()}
    if finding.dispensed_through:
        until = date_format(finding.dispensed_through, "j F Y")
        return text.removesuffix(".") + _("; dispensation until %(day)s.") % {"day": until}
    return text


def _word(name: str, figure: Any) -> str:
    if isinstance(figure, date):
        return date_format(figure, "j F Y")
    if isinstance(figure, Decimal):
        return kronor_text(figure)
    if isinstance(figure, tuple):
        return listed([_label(each) for each in figure])
    return _label(figure) if isinstance(figure, str) else str(figure)


_LABELS: dict[str, Any] = {
    **{role.value: role.label for role in BoardRole},
    **{kind.value: kind.label for kind in DocumentKind},
    **{kind.value: kind.label for kind in ExcludedKind},
}


def _label(key: str) -> str:
    return str(_LABELS.get(key, key))


def listed(words: list[str]) -> str:
    """'budget, plan and statutes'."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
