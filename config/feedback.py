"""Telling us that something is hard to use: anonymous, and kept as a letter to ourselves (the accessibility law asks for it)."""

import uuid
from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import public
from records import filing

PER_HOUR = 20  # from everyone together: enough for people, too slow for a machine


class FeedbackForm(forms.Form):
    what = forms.CharField(
        label=gettext_lazy("What was hard?"),
        help_text=gettext_lazy("Say on which page, and with which aids if you use any."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), required=False, help_text=gettext_lazy("Only if you want an answer.")
    )
    once = forms.UUIDField(widget=forms.HiddenInput)


@public
@require_http_methods(["GET", "POST"])
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, with the form that takes what is wrong. Nothing about the sender is kept unless written."""
    form = FeedbackForm(request.POST or None, initial={"once": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        if _too_many():
            messages.warning(request, _("Many have written in the last hour. Write to us by e-mail instead, or try again later."))
        else:
            _post(form, now())
            messages.success(request, _("Thank you. We read everything that is sent."))
            return redirect("accessibility")
    return render(request, "accessibility.html", {"form": form}, status=422 if form.errors else 200)


def _post(form: FeedbackForm, at: datetime) -> None:
    """A letter to the municipality's own address; the same form sent twice is one letter."""
    filing.post_letter(
        None,
        key=f"config.feedback.{form.cleaned_data['once']}",
        to=[settings.MUNICIPALITY["email"]],
        addressee=settings.MUNICIPALITY["department"],
        subject=_("About accessibility"),
        template="letters/feedback.html",
        context={"what": form.cleaned_data["what"], "email": form.cleaned_data["email"]},
        at=at,
    )


def _too_many() -> bool:
    cache.add("feedback", 0, timeout=3600)
    return cache.incr("feedback") > PER_HOUR
