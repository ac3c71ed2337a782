"""Who may open a page, said in words that stand above the view."""

from collections.abc import Callable

from accounts.choices import Role
from records.permissions import View, needs, opens_to, public

__all__ = ["for_roles", "needs", "opens_to", "public", "signed_in"]


def signed_in(view: View) -> View:
    """Anyone who has signed in; what they see is decided by visible_to(user)."""
    return opens_to("signed in")(view)


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Those who hold one of *roles* today."""
    return opens_to(", ".join(roles), lambda user: user.has_role(*roles))
