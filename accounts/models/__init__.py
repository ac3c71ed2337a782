from accounts.models.invitation import Invitation
from accounts.models.role import RoleGrant
from accounts.models.user import User

__all__ = ["Invitation", "RoleGrant", "User"]
