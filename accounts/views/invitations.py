"""The link in an invitation: read it, sign in or sign up, accept."""

from collections.abc import Callable
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions
from accounts.choices import Role
from accounts.forms import InvitationForm
from accounts.models import Invitation, User
from accounts.permissions import Request, for_roles, public

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


@for_roles(Role.ADMINISTRATOR)
@require_GET
def invitation_list(request: Request) -> HttpResponse:
    sent = Invitation.objects.visible_to(request.user).select_related("invited_by", "accepted_by")
    page = Paginator(sent, 50).get_page(request.GET.get("page"))
    at = now()
    rows = [(invitation, *invitation.status(at)) for invitation in page]
    return render(request, "accounts/invitation_list.html", {"page": page, "rows": rows})


@for_roles(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def invitation_new(request: Request) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        actions.invite(
            wanted["email"],
            by=request.user,
            at=now(),
            role=wanted["role"] or None,
            text=wanted["text"],
            language=wanted["language"],
            name=wanted["name"],
        )
        messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": wanted["email"]})
        return redirect("accounts:invitation_list")
    return render(request, "accounts/invitation_new.html", {"form": form}, status=422 if form.errors else 200)


@for_roles(Role.ADMINISTRATOR)
@require_POST
def invitation_withdraw(request: Request, pk: int) -> HttpResponse:
    sent = get_object_or_404(Invitation.objects.visible_to(request.user), pk=pk)
    try:
        actions.withdraw_invitation(sent, by=request.user, at=now())
    except actions.NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("accounts:invitation_list")
