"""What stands between the door and every page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts import kept, second_factor
from accounts.hats import chosen, hats_of

Handler = Callable[[HttpRequest], HttpResponse]


def hats(get_response: Handler) -> Handler:
    """request.hats: what the person speaks for; request.hat: which of them right now. Asked of the database when first used."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.hats = SimpleLazyObject(lambda: hats_of(request.user))  # type: ignore[attr-defined]
        request.hat = SimpleLazyObject(lambda: chosen(request.hats, request.session))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


class LoginRequired(LoginRequiredMiddleware):
    """Every page wants a signed-in person unless it is marked public; what a stranger had typed is kept until they are in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        path = request.get_full_path()
        if page := _page_behind(request):
            path = page
        if request.method == "POST":
            kept.keep(request, path=path, at=now())
            messages.info(request, _("You had been signed out. Sign in, and you can go on with what you wrote."))
        login_url = str(resolve_url(self.get_login_url(view_func)))
        response = redirect_to_login(path, login_url, self.get_redirect_field_name(view_func))
        return HttpResponseClientRedirect(response.url) if _is_fragment(request) else response


class SecondFactor:
    """Staff without a second factor reach only the pages where they set one up, sign out or change language."""

    OPEN = frozenset({"accounts:second_factor", "set_language"})
    OPEN_PREFIXES = ("mfa_", "account_logout", "account_reauthenticate", "account_email", "account_confirm_email")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.STAFF_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        page = request.resolver_match.view_name if request.resolver_match else ""
        if page in self.OPEN or page.startswith(self.OPEN_PREFIXES):
            return None
        if not request.user.is_municipal_staff or second_factor.is_shown(request):
            return None
        return HttpResponseClientRedirect(_set_up()) if _is_fragment(request) else redirect(_set_up())


class KeepText:
    """Shows a kept form again when its writer has signed in and opens its page; forgets it when it is sent."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or _is_fragment(request) or not request.user.is_authenticated:
            return response
        if request.method == "POST":
            kept.forget(request, request.get_full_path())
        # 405: a button whose page cannot be read. Any other answer (404: not theirs) is left alone.
        may_show = request.method == "GET" and response.status_code in {200, 405}
        form = kept.kept_for(request, at=now()) if may_show else None
        return render(request, "accounts/kept_text.html", {"kept": form}) if form else response


def _set_up() -> str:
    return str(resolve_url("accounts:second_factor"))


def _is_fragment(request: HttpRequest) -> bool:
    """Asked for by htmx: a redirect must move the whole page, not a piece of it."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def _page_behind(request: HttpRequest) -> str:
    """The page that a fragment belongs to, as path and question; '' when there is none of ours."""
    if not _is_fragment(request):
        return ""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{parts.path}{'?' + parts.query if parts.query else ''}" if parts.netloc == request.get_host() else ""
