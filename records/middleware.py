"""What the records room asks of every request: that it is not larger than anything we receive."""

from collections.abc import Callable
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Respond = Callable[[HttpRequest], HttpResponse]

DRAINED = 64 * 1024 * 1024  # bytes read and thrown away, so that a browser in the middle of sending can see the answer
PATIENCE = 10  # seconds spent on that


def refuse_oversized_requests(respond: Respond) -> Respond:
    """A request that says it is larger than settings.REQUEST_MAX_SIZE gets a page that says so; none of it reaches disk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if _said_size(request) <= settings.REQUEST_MAX_SIZE:
            return respond(request)
        _throw_away(request)
        limit = settings.FILE_MAX_SIZE // 1_000_000
        return render(request, "records/request_too_large.html", {"limit": limit}, status=413)

    return middleware


def _said_size(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _throw_away(request: HttpRequest) -> None:
    left, until = min(_said_size(request), DRAINED), monotonic() + PATIENCE
    try:
        while left > 0 and monotonic() < until and (chunk := request.read(min(left, 1024 * 1024))):
            left -= len(chunk)
    except OSError:
        return
