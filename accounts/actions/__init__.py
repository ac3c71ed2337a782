"""Everything that changes rows: one function per verb."""

from accounts.actions.invitations import InvitationRefused, invitation_with, invite, use_invitation, withdraw_invitation
from accounts.actions.people import (
    add_person,
    ask_for_erasure,
    change_profile,
    clear_sessions,
    demonstration_password,
    demonstration_second_factor,
    pseudonymise,
    reset_second_factor,
    take_back_erasure,
)
from accounts.actions.refusals import NotAllowed
from accounts.actions.retention import (
    count_forgotten_invitations,
    count_forgotten_people,
    forget_invitations,
    forget_people,
)
from accounts.actions.roles import change_limit, end_role, give_role, take_roles_from_directory

__all__ = [
    "InvitationRefused",
    "NotAllowed",
    "add_person",
    "ask_for_erasure",
    "change_limit",
    "change_profile",
    "clear_sessions",
    "count_forgotten_invitations",
    "count_forgotten_people",
    "demonstration_password",
    "demonstration_second_factor",
    "end_role",
    "forget_invitations",
    "forget_people",
    "give_role",
    "invitation_with",
    "invite",
    "pseudonymise",
    "reset_second_factor",
    "take_back_erasure",
    "take_roles_from_directory",
    "use_invitation",
    "withdraw_invitation",
]
