"""Everything that changes rows: one function per verb."""

from accounts.actions.invitations import InvitationRefused, invitation_with, invite, use_invitation, withdraw_invitation
from accounts.actions.people import (
    add_person,
    ask_for_erasure,
    change_profile,
    demonstration_second_factor,
    pseudonymise,
    take_back_erasure,
)
from accounts.actions.refusals import NotAllowed
from accounts.actions.roles import change_limit, end_role, give_role

__all__ = [
    "InvitationRefused",
    "NotAllowed",
    "add_person",
    "ask_for_erasure",
    "change_limit",
    "change_profile",
    "demonstration_second_factor",
    "end_role",
    "give_role",
    "invitation_with",
    "invite",
    "pseudonymise",
    "take_back_erasure",
    "use_invitation",
    "withdraw_invitation",
]
