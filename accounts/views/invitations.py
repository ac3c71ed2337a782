"""The link in an invitation: read it, sign in or sign up, accept."""

from collections.abc import Callable
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.models import Invitation, User
from accounts.permissions import public

# (token, who accepts, when) -> where to go afterwards.
Accept = Callable[[str, User, datetime], str]


def invitation_page(
    request: HttpRequest, token: str, *, accept: Accept, template: str = "accounts/invitation.html", **context: object
) -> HttpResponse:
    """The page every kind of invitation shares; *accept* is the one action that uses the token.

    A room with its own kind of invitation calls this from a public view of its own.
    """
    at = now()
    try:
        invitation = actions.invitation_with(token, at=at)
        if invitation.page != request.resolver_match.view_name:  # type: ignore[union-attr]
            return redirect(invitation.page, token)
        if request.method == "POST" and request.user.is_authenticated:
            return redirect(accept(token, request.user, at))
    except actions.NotAllowed as refusal:
        return _refused(request, token, str(refusal))
    if not request.user.is_authenticated:
        # Whoever holds the letter has shown that the address is theirs: signing up with it needs no code.
        get_adapter(request).stash_verified_email(request, invitation.email)
    page = {"invitation": invitation, "has_account": User.objects.filter(email=invitation.email).exists(), **context}
    return render(request, template, page)


def _refused(request: HttpRequest, token: str, sentence: str) -> HttpResponse:
    """Say why, or send someone who clicked the link again to the start."""
    if request.user.is_authenticated and Invitation.objects.with_token(token).filter(accepted_by=request.user).exists():
        messages.info(request, _("You have already accepted this invitation."))
        return redirect("home")
    return render(request, "accounts/invitation_refused.html", {"sentence": sentence}, status=410)


@public
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    return invitation_page(request, token, accept=_accept)


def _accept(token: str, by: User, at: datetime) -> str:
    actions.use_invitation(token, by, at)
    return "home"
