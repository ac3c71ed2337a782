"""Links to schools, by hand: sent, sent again, withdrawn."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Request
from culture import actions
from culture.forms.schools import LinkForm
from culture.models import SchoolYear, SignedLink
from culture.views.kept_schools import school_or_404
from culture.views.office import do, form_page, planners, refuse, year_in_address
from records.refusals import Refused


@planners
@require_http_methods(["GET", "POST"])
def link_send(request: Request, pk: int) -> HttpResponse:
    """A letter with a link that opens one thing, to one address at the school."""
    school, years = school_or_404(request, pk), SchoolYear.objects.filter(locked_at=None).order_by("-first")
    contacts = school.contacts.on(localdate())
    first = {"year": year_in_address(request), "email": next((each.email for each in contacts), school.email)}
    form = LinkForm(request.POST or None, school=school, contacts=contacts, years=years, initial=first)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            link = actions.send_link(school, typed["year"], typed["purpose"], email=typed["email"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, {"purpose": "purpose"})
        else:
            messages.success(request, _("The link is sent to %(email)s.") % {"email": link.email})
            return redirect("culture:kept_school", pk)
    reachable = bool(school.email or first["email"])
    warning = "" if reachable else _("The school has no contact and no address of its own. Add a contact first.")
    context: dict[str, Any] = {"title": _("Send a link"), "kicker": school, "button": _("Send"), "warning": warning}
    lead = _("Whoever has the link can do just this for the school, without an account. It works for 60 days.")
    return form_page(request, form, lead=lead, back=reverse("culture:kept_school", args=[pk]), **context)


@planners
@require_POST
def link_resend(request: Request, pk: int) -> HttpResponse:
    """A new link for the same thing to the same address; the old one stops working."""
    link = get_object_or_404(SignedLink.objects.select_related("school", "year").exclude(email=""), pk=pk)
    done = _("A new link is sent to %(email)s. The old one has stopped working.") % {"email": link.email}
    facts: dict[str, Any] = {"email": link.email, "by": request.user, "at": now()}
    return do(
        request,
        partial(actions.send_link, link.school, link.year, link.purpose, **facts),
        done,
        "culture:kept_school",
        link.school_id,
    )


@planners
@require_POST
def link_revoke(request: Request, pk: int) -> HttpResponse:
    link = get_object_or_404(SignedLink, pk=pk)
    act = partial(actions.revoke_link, link, by=request.user, at=now())
    return do(request, act, _("The link has stopped working."), "culture:kept_school", link.school_id)


@planners
@require_POST
def links_revoke(request: Request, pk: int) -> HttpResponse:
    """All of a school's: a letter went to the wrong address."""
    school = school_or_404(request, pk)
    act = partial(actions.revoke_links, school, by=request.user, at=now())
    return do(request, act, _("All open links of the school have stopped working."), "culture:kept_school", pk)
