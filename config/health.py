"""What a monitor asks: does the house stand, and does the worker keep up?"""

from django.db import connection
from django.db.utils import OperationalError
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import public
from records.choices import LetterStatus
from records.models import Letter


@public
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503. letters_waiting_s: age of the oldest letter that the worker has not sent."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        oldest = (
            Letter.objects.filter(status=LetterStatus.WAITING).order_by("posted_at").values_list("posted_at", flat=True).first()
        )
    except OperationalError:
        return JsonResponse({"database": "does not answer"}, status=503)
    waiting = max(int((now() - oldest).total_seconds()), 0) if oldest else 0
    return JsonResponse({"database": "ok", "letters_waiting_s": waiting})
