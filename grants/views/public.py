"""What anyone may read: what can be applied for, on which terms, and how it is assessed."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import public
from grants.choices import CallStatus
from grants.models import Call, Criterion
from grants.rules.questions import form_from_json
from grants.rules.windows import CallState, call_state
from grants.views.steps import current_association, received_at


@dataclass(frozen=True, slots=True)
class ShownCall:
    """A call and where it stands."""

    call: Call
    state: CallState

    @property
    def word(self) -> str:
        return {
            CallState.NOT_YET_OPEN: _("not open yet"),
            CallState.OPEN: _("open"),
            CallState.LATE: _("open, late applications"),
            CallState.CLOSED: _("closed"),
        }[self.state]

    @property
    def tone(self) -> str:
        return {
            CallState.NOT_YET_OPEN: "neutral",
            CallState.OPEN: "success",
            CallState.LATE: "warning",
            CallState.CLOSED: "neutral",
        }[self.state]

    @property
    def takes_in(self) -> bool:
        return self.state in (CallState.OPEN, CallState.LATE)


def shown(call: Call, at: datetime) -> ShownCall:
    return ShownCall(call, call_state(call.window(), at))


@public
@require_GET
def call_list(request: HttpRequest) -> HttpResponse:
    """What can be applied for now, what opens later, and what has closed lately."""
    at = received_at(request)
    calls = Call.objects.announced().select_related("version__scheme").prefetch_related("late_steps").order_by("closes_at", "pk")
    rows = [shown(call, at) for call in calls]
    context = {
        "open": [row for row in rows if row.takes_in],
        "coming": [row for row in rows if row.state is CallState.NOT_YET_OPEN],
        "closed": [row for row in reversed(rows) if row.state is CallState.CLOSED][:10],
    }
    return render(request, "grants/call_list.html", context)


@public
@require_GET
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One call: purpose, terms, dates, what late costs, the four criteria with weights and the meaning of each level."""
    calls = Call.objects.visible_to(request.user) if request.user.is_authenticated else Call.objects.announced()
    found = get_object_or_404(calls.select_related("version__scheme", "mended").prefetch_related("late_steps", "criteria"), pk=pk)
    version = found.version
    context = {
        "row": shown(found, received_at(request)),
        "call": found,
        "scheme": version.scheme,
        "sections": form_from_json(found.form_version.form),
        "criteria": [_criterion(row) for row in found.criteria.all()],
        "is_draft": found.status == CallStatus.DRAFT,
        "association": current_association(request) if request.user.is_authenticated else None,
    }
    return render(request, "grants/call.html", context)


def _criterion(row: Criterion) -> dict[str, object]:
    levels = list(enumerate(row.anchors))
    return {"name": row.get_key_display(), "weight": row.weight, "threshold": row.threshold, "levels": levels}
