"""What the house adds to each request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.timezone import now

Respond = Callable[[HttpRequest], HttpResponse]


def chosen_language(respond: Respond) -> Respond:
    """Swedish until somebody chooses another language here: the cookie of this browser, else what the user has saved.

    The browser's own languages are not asked: many Swedes keep their browser in English, and half-translated pages help nobody.
    """
    known = dict(settings.LANGUAGES)

    def middleware(request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(request.user, "language", "")
        with translation.override(language if language in known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = respond(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response

    return middleware


def received(respond: Respond) -> Respond:
    """request.received_at: when it reached the server, before any file is read: what deadlines are judged by (Case 4)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.received_at = now()  # type: ignore[attr-defined]
        return respond(request)

    return middleware


def permissions_policy(respond: Respond) -> Respond:
    """No page of ours, and nothing shown in one, asks for the camera, the place, the microphone or a payment."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        return response

    return middleware
