"""What the pages of this room share: when the request came, and for which association the person acts."""

from datetime import date, datetime

from django.http import HttpRequest
from django.utils.timezone import now

from associations.models import Association
from records.values import local_day


def received_at(request: HttpRequest) -> datetime:
    """When the request reached the server (config.middleware): what time limits are judged by."""
    return getattr(request, "received_at", None) or now()


def today(request: HttpRequest) -> date:
    return local_day(received_at(request))


def current_association(request: HttpRequest) -> Association | None:
    """The association the person acts for right now. At most two queries, once a request."""
    if not hasattr(request, "acting_association"):
        request.acting_association = _acting(request)  # type: ignore[attr-defined]
    found: Association | None = request.acting_association  # type: ignore[attr-defined]
    return found


def _acting(request: HttpRequest) -> Association | None:
    if not request.user.is_authenticated:
        return None
    spoken_for = Association.objects.spoken_for_by(request.user).select_related("category")
    hat = getattr(request, "hat", None)
    if not hat:
        return spoken_for.in_swedish_order().first()
    return spoken_for.filter(pk=hat.key).first() if hat.kind == "association" else None
