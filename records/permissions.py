"""How a view states who may open it. The words live here, lowest; which roles exist is accounts' business."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def opens_to(who: str, admits: Callable[[Any], bool] | None = None) -> Callable[[View], View]:
    """Mark a view with who may open it; tests/architecture walks the URL tree and refuses a view without the mark.

    who: a few words for the list of doors. admits: asked with the signed-in user; a no is a 403 page with a reason.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if admits is not None and not admits(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.opens_to = who  # type: ignore[attr-defined]
        return guarded

    return mark


def public(view: View) -> View:
    """Anyone may open this page."""
    return login_not_required(opens_to("everyone")(view))


def needs(permission: str) -> Callable[[View], View]:
    """Opens to those whose role gives *permission* (accounts.choices lists which roles do)."""
    return opens_to(permission, lambda user: user.has_perm(permission))
