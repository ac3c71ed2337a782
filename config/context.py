"""What every page knows: the municipality it belongs to."""

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    return {"municipality": settings.MUNICIPALITY, "is_demo": settings.DEMO}
