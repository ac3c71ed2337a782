"""What stands between the door and every page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.hats import chosen, hats_of

Handler = Callable[[HttpRequest], HttpResponse]


def hats(get_response: Handler) -> Handler:
    """request.hats: what the person speaks for; request.hat: which of them right now. Asked of the database when first used."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.hats = SimpleLazyObject(lambda: hats_of(request.user))  # type: ignore[attr-defined]
        request.hat = SimpleLazyObject(lambda: chosen(request.hats, request.session))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
