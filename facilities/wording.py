"""What the codes of the rules and the log say to people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from facilities.rules.terms import Fault
from records.lines import lines_from_json

FAULTS: dict[str, str | Promise] = {
    Fault.NOT_BOOKABLE: _("The space cannot be booked."),
    Fault.CLOSED: _("The space is closed at that time."),
    Fault.PAST: _("The time has already begun or passed."),
    Fault.TOO_SHORT: _("The time is shorter than what can be booked here."),
    Fault.TOO_LONG: _("The time is longer than what can be booked here."),
    Fault.OFF_GRID: _("The time has to begin and end at one of the times that the space is divided into."),
    Fault.TOO_SOON: _("It is too late to book that day. Choose a later day."),
    Fault.TOO_FAR_AHEAD: _("That day cannot be booked yet."),
    Fault.TOO_MANY_PEOPLE: _("There are more people than the space may hold."),
    Fault.TOO_YOUNG: _("The person responsible is too young."),
    Fault.QUOTA: _("You have as many coming bookings here as you may have at a time."),
    Fault.TAKEN: _("Somebody else has the space at that time."),
    Fault.NO_SUCH_TIME: _("There is no such time that day, because the clock goes forward."),
}

# Why a day of a season's weekly time could not be booked.
CLASHES: dict[str, str | Promise] = {
    **FAULTS,
    "overlapping": _("Somebody else has the space at that time."),
}

LINES: dict[str, str | Promise] = {
    "hire": _("Hire per hour"),
    "hire_occasion": _("Hire for the occasion"),
    "whole_day": _("At most the price of a whole day"),
    "other_municipality": _("Hirer from another municipality"),
    "subsidy": _("The municipality's subsidy"),
    "minimum": _("Minimum charge"),
    "vat": _("VAT"),
    "cancellation": _("Cancelled late"),
    "no_show": _("Booked and not used"),
}

ITEMS: dict[str, str | Promise] = {"hire": _("Hire"), "fee": _("Fee")}

VERBS: dict[str, str | Promise] = {
    "facilities.held": _("A time was held while somebody books"),
    "facilities.hold_released": _("A held time was let go"),
    "facilities.booked": _("A time was booked"),
    "facilities.requested": _("A time was asked for"),
    "facilities.series_booked": _("A series of times was booked"),
    "facilities.approved": _("The request was approved"),
    "facilities.refused": _("The request was refused"),
    "facilities.moved": _("The booking was moved"),
    "facilities.shortened": _("The booking was shortened"),
    "facilities.cancelled": _("The booking was cancelled"),
    "facilities.swapped": _("Two bookings changed times with each other"),
    "facilities.swap_proposed": _("Somebody proposed to swap times"),
    "facilities.swap_declined": _("A proposal to swap times was declined"),
    "facilities.swap_withdrawn": _("A proposal to swap times was withdrawn"),
    "facilities.closed": _("The space was closed for a time"),
    "facilities.opened_again": _("A closed time was opened again"),
    "facilities.waiting": _("Somebody asked to wait for a time"),
    "facilities.waiting_withdrawn": _("Somebody no longer waits for a time"),
    "facilities.offered": _("A time that came free was offered"),
    "facilities.offer_taken": _("An offered time was taken"),
    "facilities.offer_passed": _("An offer was not answered in time"),
    "facilities.arrived": _("The hirer came"),
    "facilities.absent": _("Nobody came"),
    "facilities.venue_added": _("A venue was added"),
    "facilities.space_added": _("A space was added"),
    "facilities.space_moved": _("A space was made part of another"),
    "facilities.tariff_published": _("A tariff was published"),
    "facilities.calendar_made": _("A calendar address was made"),
    "facilities.calendar_renewed": _("A calendar got a new address"),
    "facilities.calendar_revoked": _("A calendar address was taken away"),
    "facilities.billed": _("A month's invoice basis was made"),
    "facilities.bills_handed_over": _("A month's invoice basis was handed over to the finance system"),
    "facilities.tariff_drafted": _("A tariff was drafted"),
    "facilities.tariff_changed": _("The draft of a tariff was changed"),
    "facilities.tariff_discarded": _("The draft of a tariff was thrown away"),
    "facilities.note_taken_back": _("A note of who came was taken back"),
    "facilities.venue_changed": _("Facts about a venue were changed"),
    "facilities.picture_added": _("A picture of a venue was added"),
    "facilities.picture_changed": _("A picture of a venue was described again"),
    "facilities.picture_removed": _("A picture of a venue was taken away"),
    "facilities.space_changed": _("Facts about a space were changed"),
    "facilities.space_removed": _("A space was taken away"),
    "facilities.equipment_changed": _("The equipment that follows a space was changed"),
    "facilities.hours_changed": _("Opening hours were changed"),
    "facilities.exception_added": _("Other hours were set for some days"),
    "facilities.exception_removed": _("Other hours were taken away for a day"),
    "facilities.rules_changed": _("Booking rules were changed"),
    "facilities.rules_removed": _("Booking rules were taken away"),
    "facilities.principles_written": _("Principles of a season were written"),
    "facilities.principles_published": _("Principles of a season were published"),
    "facilities.season_planned": _("A season was prepared"),
    "facilities.season_opened": _("A season was opened for wishes"),
    "facilities.season_closed": _("A season was closed for wishes"),
    "facilities.wishes_begun": _("An association began its wishes for a season"),
    "facilities.wishes_copied": _("Last season's groups were copied"),
    "facilities.section_saved": _("A group's wishes were saved"),
    "facilities.section_removed": _("A group was taken out of the wishes"),
    "facilities.wishes_handed_in": _("An association handed in its wishes"),
    "facilities.wishes_taken_back": _("An association opened its wishes to change them"),
    "facilities.proposal_asked_for": _("A proposal of a season was asked for"),
    "facilities.proposal_computed": _("A proposal of a season was computed"),
    "facilities.proposal_failed": _("A proposal of a season could not be computed"),
    "facilities.proposal_edited": _("A proposal of a season was changed by hand"),
    "facilities.proposal_edit_undone": _("A change of a proposal was undone"),
    "facilities.proposal_dropped": _("A proposal of a season was thrown away"),
    "facilities.season_day_released": _("A date of a season time was given back"),
    "facilities.season_time_ended": _("A season time ended"),
    "facilities.season_time_offered": _("A season time was offered to the next in order"),
    "facilities.season_time_taken": _("An offered season time was taken"),
    "facilities.season_time_declined": _("An offered season time was declined"),
    "facilities.season_time_passed": _("An offered season time was not answered in time"),
    "facilities.checked_in": _("A leader checked in"),
    "facilities.use_limits_set": _("The limits of the check of real use were set"),
    "facilities.use_notice_sent": _("A notice of unused time was sent"),
    "facilities.use_notice_answered": _("A notice of unused time was answered"),
    "facilities.time_taken_back": _("A season time was taken back"),
    "facilities.time_kept": _("An association kept its season time"),
    "facilities.block_divided": _("A block was divided among groups"),
    "facilities.season_decided": _("A season was decided and its times were booked"),
    "facilities.season_undone": _("The decision of a season was undone"),
    "facilities.season_work_asked_for": _("A decision of a season, or the undoing of one, was put in line"),
    "facilities.season_work_failed": _("A decision of a season, or the undoing of one, came to nothing"),
    "facilities.season_work_called_off": _("A decision of a season, or the undoing of one, was called off"),
    "facilities.season_clash_settled": _("A day that could not be booked was settled"),
    "facilities.season_code_given": _("A code was noted for a weekly time of a season"),
    "facilities.season_time_booked": _("A weekly time of a season was booked"),
    "facilities.proposal_shown": _("A proposal of a season was shown to associations and the public"),
    "facilities.proposal_taken_back": _("A proposal that was shown was taken back"),
    "facilities.comment_written": _("An association commented on a proposal"),
    "facilities.comment_edited": _("An association wrote its comment on a proposal again"),
    "facilities.comment_withdrawn": _("An association withdrew its comment on a proposal"),
    "facilities.comment_answered": _("A comment on a proposal was answered"),
    "facilities.fault_reported": _("A fault was reported"),
    "facilities.fault_followed": _("Somebody followed a fault"),
}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """What components/calculation.html reads."""

    rule: str
    text: Any
    arithmetic: str
    amount: Decimal


def shown_lines(stored: Sequence[Mapping[str, Any]]) -> list[ShownLine]:
    """The lines of a price as a page and a letter show them."""
    return [
        ShownLine(line.rule, LINES.get(line.label, line.label), line.arithmetic, line.amount) for line in lines_from_json(stored)
    ]


# What a season's letters are about: the subject says what is asked or told.
_SUBJECTS = {
    "season_invitation": _("Wish for times: %(season)s"),
    "season_reminder": _("Reminder to wish for times: %(season)s"),
    "season_proposal": _("Proposed times: %(season)s"),
    "season_taken_back": _("The proposal is taken back: %(season)s"),
    "season_comment_reminder": _("Reminder to comment on the proposal: %(season)s"),
    "season_decision": _("Your times are decided: %(season)s"),
    "season_undone": _("The decision is undone: %(season)s"),
    "season_clash": _("Days in your weekly times: %(season)s"),
}


def subject_of(letter: str, season: str) -> str:
    """The subject of a letter about a season, in the language that is on."""
    return str(_SUBJECTS[letter] % {"season": season})
