"""What the pages of this room have in common: whose page it is, the page with one form, and a refusal that is shown."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.permissions import Request
from associations.models import Association
from associations.permissions import may_keep
from records.refusals import Refused


def association_or_404(request: Request, pk: int) -> Association:
    """An association that this person speaks for or keeps; a stranger meets a 404."""
    rows = Association.objects.visible_to(request.user).select_related("category", "activity", "area", "case")
    return get_object_or_404(rows, pk=pk)


def home_of(request: Request, association: Association) -> str:
    """Where "back" leads: the officer's page of the association, or its own."""
    page = "associations:casework" if may_keep(request.user) else "associations:home"
    return reverse(page, args=[association.pk])


def form_page(request: Request, form: forms.Form, template: str = "associations/form.html", **context: Any) -> HttpResponse:
    """A page with one form. 422 when something in it needs correcting, 409 when the thing has moved on."""
    status = 409 if context.get("moved_on") else 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, "multipart": form.is_multipart(), **context}, status=status)


def refuse(form: forms.Form, refusal: Refused, field: str | None = None) -> None:
    """Show a refusal among the form's errors."""
    form.add_error(field if field in form.fields else None, str(refusal))
