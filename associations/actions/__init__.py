"""Everything that changes rows: one function per verb."""

from associations.actions.attendance import change_session, mark, remove_session
from associations.actions.attendance_file import apply_attendance, discard_attendance, look_at_attendance, upload_attendance
from associations.actions.attendance_worker import (
    attendance_in_line,
    confirm_attendance,
    hand_in_attendance,
    read_attendance,
    write_attendance,
)
from associations.actions.bank import add_bank_account, refuse_bank_account, verify_bank_account, waits_for_second
from associations.actions.board import Seat, fingerprint, set_board
from associations.actions.carry_over import carry_over_year
from associations.actions.documents import accept_document, ask_for_change, hand_in_document
from associations.actions.dossier import StalePage
from associations.actions.groups import close_group, leave_group, save_group, save_person
from associations.actions.importing import apply_import, discard_import, look_again, upload_register
from associations.actions.joint import confirm_joint, prepare_joint
from associations.actions.mandates import accept_mandate, end_mandate, invite_mandate, send_offer, withdraw_offer
from associations.actions.members import carry_over_members, report_members
from associations.actions.oversight import (
    attend_dialogue,
    call_dialogue_meeting,
    correct_attendance,
    end_record_check,
    grant_dispensation,
    list_person,
    note_record_check,
)
from associations.actions.register import approve, change_facts, dissolve, refuse, register_association, rest, wake
from associations.actions.yearly import confirm_step
from records.filing import FileRefused, NotAllowedNow

__all__ = [
    "FileRefused",
    "NotAllowedNow",
    "Seat",
    "StalePage",
    "accept_document",
    "accept_mandate",
    "add_bank_account",
    "apply_attendance",
    "apply_import",
    "approve",
    "ask_for_change",
    "attend_dialogue",
    "attendance_in_line",
    "call_dialogue_meeting",
    "carry_over_members",
    "carry_over_year",
    "change_facts",
    "change_session",
    "close_group",
    "confirm_attendance",
    "confirm_joint",
    "confirm_step",
    "correct_attendance",
    "discard_attendance",
    "discard_import",
    "dissolve",
    "end_mandate",
    "end_record_check",
    "fingerprint",
    "grant_dispensation",
    "hand_in_attendance",
    "hand_in_document",
    "invite_mandate",
    "leave_group",
    "list_person",
    "look_again",
    "look_at_attendance",
    "mark",
    "note_record_check",
    "prepare_joint",
    "read_attendance",
    "refuse",
    "refuse_bank_account",
    "register_association",
    "remove_session",
    "report_members",
    "rest",
    "save_group",
    "save_person",
    "send_offer",
    "set_board",
    "upload_attendance",
    "upload_register",
    "verify_bank_account",
    "waits_for_second",
    "wake",
    "withdraw_offer",
    "write_attendance",
]
