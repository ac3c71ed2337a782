"""What a person does with their own account."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, registry, second_factor
from accounts.forms import ProfileForm
from accounts.hats import put_on
from accounts.models import User
from accounts.own_data import own_data
from accounts.permissions import Request, signed_in


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: Request) -> HttpResponse:
    """Who I am here: name, language, addresses, ways to sign in, what I hold."""
    user = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user, **form.cleaned_data)
        messages.success(request, _("Your details are saved."))
        response = redirect("accounts:profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response
    context = {"form": form, **_sign_in_means(user), **_holdings(user)}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


def _sign_in_means(user: User) -> dict[str, Any]:
    factors = list(Authenticator.objects.filter(user=user).order_by("pk"))
    return {
        "addresses": EmailAddress.objects.filter(user=user).order_by("-primary", "email"),
        "has_password": user.has_usable_password(),
        "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "app": next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
        "directories": [
            (settings.DIRECTORIES[account.provider].name, account)
            for account in SocialAccount.objects.filter(user=user).order_by("pk")
            if account.provider in settings.DIRECTORIES
        ],
        "can_connect": bool(settings.DIRECTORIES),
    }


def _holdings(user: User) -> dict[str, Any]:
    today = localdate()
    return {
        "grants": user.role_grants.on(today),
        "holdings": [holding for ask in registry.holdings for holding in ask(user)],
    }


@signed_in
@require_GET
def own_data_download(request: Request) -> HttpResponse:
    at = now()
    response = JsonResponse(own_data(request.user, at=at), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="medspel-{localdate(at).isoformat()}.json"'
    return response


@signed_in
@require_http_methods(["GET", "POST"])
def erasure(request: Request) -> HttpResponse:
    """Ask to be erased, or take it back."""
    if request.method == "POST":
        _answer(request, now())
        return redirect("accounts:profile")
    needed = [sentence for needs in registry.still_needed if (sentence := needs(request.user))]
    return render(request, "accounts/erasure.html", {"needed": needed})


def _answer(request: Request, at: datetime) -> None:
    if "back" in request.POST:
        actions.take_back_erasure(request.user, at=at)
        messages.success(request, _("Your account stays."))
    else:
        actions.ask_for_erasure(request.user, at=at)
        messages.success(request, _("We have received your request. Until it is done you can change your mind."))


@signed_in
@require_GET
def second_factor_set_up(request: Request) -> HttpResponse:
    """Staff without a second factor stay here until they have one."""
    if second_factor.is_shown(request):
        return redirect("mfa_index")
    return render(request, "accounts/second_factor.html")


@signed_in
@require_POST
def hat_switch(request: Request) -> HttpResponse:
    """Speak for another association or school from now on; 'next' may bring the person back."""
    hat = put_on(request.POST.get("hat", ""), request.user, request.session)
    if hat is None:
        messages.error(request, _("You do not speak for that association or school."))
        return redirect("home")
    messages.success(request, _("You now speak for %(name)s.") % {"name": hat.label})
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect(hat.url)
