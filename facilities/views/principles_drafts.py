"""What the pages of a draft share: the draft, and writing in it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _

from accounts.permissions import Request
from facilities import actions
from facilities.models import PrincipleSet
from facilities.rules.allocation.principles import Principles
from facilities.views.keeping import refuse
from records.refusals import Refused


def draft_or_404(pk: int) -> PrincipleSet:
    return get_object_or_404(PrincipleSet.objects.filter(published_at=None), pk=pk)


def save(request: Request, draft: PrincipleSet, principles: Principles, **facts: Any) -> PrincipleSet:
    """Write the draft as it was changed on the page that was shown. facts: source and is_example, when they are changed."""
    kept: dict[str, Any] = {"source": draft.source, "is_example": draft.is_example, **facts}
    seen = request.POST.get("seen", "")
    return actions.write_principles(principles, by=request.user, at=now(), draft=draft, seen=seen, **kept)


def write(
    request: Request, draft: PrincipleSet, principles: Principles, form: forms.BaseForm, at_row: str = "", **facts: Any
) -> HttpResponse | None:
    """Save and go back to the draft, at a part of it. None: it was refused, and the form says why."""
    try:
        save(request, draft, principles, **facts)
    except Refused as refusal:
        refuse(form, refusal)
        return None
    messages.success(request, _("The draft is saved."))
    response = redirect("facilities:kept_principles", draft.pk)
    response["Location"] += f"#{at_row}" if at_row else ""
    return response
