"""Everything that changes rows: one function per verb."""

from culture.actions.asking import send_link
from culture.actions.attendance import Said, confirm_visit, miss_visit
from culture.actions.changes import merge_classes, split_class
from culture.actions.classes import (
    add_class,
    block_days,
    carry_over,
    change_class,
    confirm_list,
    count_class,
    remove_class,
    unblock_days,
)
from culture.actions.counting import differences, lock_due, lock_year, recount, recount_year
from culture.actions.evaluation import evaluate, evaluation_link
from culture.actions.ground import AskFirst
from culture.actions.importing import (
    apply_import,
    discard_import,
    look_again,
    upload_class_list,
    upload_school_units,
    upload_ss12000,
)
from culture.actions.links import LinkRefused, link_with, make_link, revoke_link, revoke_links
from culture.actions.offers import (
    NotReady,
    add_offer,
    change_offer,
    change_promise,
    promise,
    promise_again,
    publish_offer,
    take_back_promise,
    withdraw_offer,
)
from culture.actions.performances import (
    cancel_performance,
    choose_host,
    move_performance,
    plan_performance,
    set_room,
)
from culture.actions.plans import (
    ask_for_plan,
    compare,
    compute_plan,
    drop_plan,
    edit_plan,
    lock_place,
    runs_to_compute,
    take_back_edit,
)
from culture.actions.producers import add_evidence, add_producer, change_producer, note_tax, sign_agreement
from culture.actions.publish import NoLongerHolds, publish_plan
from culture.actions.reminders import remind
from culture.actions.schools import add_contact, add_school, change_school, decline, end_contact, follow, take_part
from culture.actions.visits import Full, answer_visit, ask_for_place, cancel_visit, give_place, move_visit
from culture.actions.wishes import give_instead, grant_change, refuse_change
from culture.actions.years import measure, measure_due, open_year, set_dates, set_terms

__all__ = [
    "AskFirst",
    "Full",
    "LinkRefused",
    "NoLongerHolds",
    "NotReady",
    "Said",
    "add_class",
    "add_contact",
    "add_evidence",
    "add_offer",
    "add_producer",
    "add_school",
    "answer_visit",
    "apply_import",
    "ask_for_place",
    "ask_for_plan",
    "block_days",
    "cancel_performance",
    "cancel_visit",
    "carry_over",
    "change_class",
    "change_offer",
    "change_producer",
    "change_promise",
    "change_school",
    "choose_host",
    "compare",
    "compute_plan",
    "confirm_list",
    "confirm_visit",
    "count_class",
    "decline",
    "differences",
    "discard_import",
    "drop_plan",
    "edit_plan",
    "end_contact",
    "evaluate",
    "evaluation_link",
    "follow",
    "give_instead",
    "give_place",
    "grant_change",
    "link_with",
    "lock_due",
    "lock_place",
    "lock_year",
    "look_again",
    "make_link",
    "measure",
    "measure_due",
    "merge_classes",
    "miss_visit",
    "move_performance",
    "move_visit",
    "note_tax",
    "open_year",
    "plan_performance",
    "promise",
    "promise_again",
    "publish_offer",
    "publish_plan",
    "recount",
    "recount_year",
    "refuse_change",
    "remind",
    "remove_class",
    "revoke_link",
    "revoke_links",
    "runs_to_compute",
    "send_link",
    "set_dates",
    "set_room",
    "set_terms",
    "sign_agreement",
    "split_class",
    "take_back_edit",
    "take_back_promise",
    "take_part",
    "unblock_days",
    "upload_class_list",
    "upload_school_units",
    "upload_ss12000",
    "withdraw_offer",
]
