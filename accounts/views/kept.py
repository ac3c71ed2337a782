"""A page that had been open too long: nothing that was typed is lost."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import kept
from accounts.permissions import Request, signed_in


@signed_in
@require_POST
def kept_text_drop(request: Request) -> HttpResponse:
    """Throw away what was kept and open the page as it is."""
    path = request.POST.get("path", "")
    kept.forget(request, path)
    messages.info(request, _("What you had written was thrown away."))
    return redirect(path if url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()}) else "home")


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's answer when a form lacks its forgery token (settings.CSRF_FAILURE_VIEW).

    A form that was sent from our own page, by a browser that says so, was only open too long (someone signed in again in
    another window): it may be sent once more. Anything else may be somebody else's form, and is not shown back.
    """
    path = request.get_full_path()
    if _from_our_own_page(request):
        if request.user.is_authenticated:
            return render(request, "accounts/kept_text.html", {"kept": kept.as_posted(request, path), "stale": True}, status=403)
        if request.resolver_match and getattr(request.resolver_match.func, "login_required", True):
            kept.keep(request, path=path, at=now())
            return redirect(path)
    return render(request, "accounts/stale_page.html", {"path": path}, status=403)


def _from_our_own_page(request: HttpRequest) -> bool:
    """Browsers let no other site choose these headers."""
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(said) and urlsplit(said).netloc == request.get_host()
