"""Who may open a page, said in words that stand above the view."""

from collections.abc import Callable

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.choices import Role
from accounts.hats import Hat
from accounts.models import User
from records.permissions import View, needs, opens_to, public

__all__ = ["Request", "for_roles", "needs", "opens_to", "public", "signed_in"]


class Request(HttpRequest):
    """For types: a request as it reaches a view behind signed_in, for_roles or needs. A public view has HttpRequest."""

    user: User
    hat: Hat | None  # lazy: ask for its truth, not whether it is None
    hats: list[Hat]
    htmx: HtmxDetails


def signed_in(view: View) -> View:
    """Anyone who has signed in; what they see is decided by visible_to(user)."""
    return opens_to("signed in")(view)


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Those who hold one of *roles* today."""
    return opens_to(", ".join(roles), lambda user: user.has_role(*roles))
