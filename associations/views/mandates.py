"""Who acts for the association: invite, accept, end."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import NotAllowed
from accounts.models import Invitation, User
from accounts.permissions import Request, public, signed_in
from accounts.views.invitations import invitation_page
from associations import actions
from associations.forms import InviteForm
from associations.models import MandateOffer
from associations.permissions import may_keep, signs
from associations.views.page import association_or_404, form_page, home_of, refuse
from records.refusals import Refused


@signed_in
@require_GET
def mandates(request: Request, pk: int) -> HttpResponse:
    association, day = association_or_404(request, pk), localdate()
    context = {
        "association": association,
        "mandates": association.mandates.in_force(day).select_related("user").order_by("since", "pk"),
        "offers": association.offers.waiting().select_related("invitation", "made_by"),
        "may": may_keep(request.user) or signs(request.user, association, day),
        "back": home_of(request, association),
        "moment": now(),
    }
    return render(request, "associations/mandates.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def mandate_invite(request: Request, pk: int) -> HttpResponse:
    association, at = association_or_404(request, pk), now()
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            offer = actions.invite_mandate(association, **form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            refuse(form, refusal, "email")
        else:
            sent = _("An invitation is on its way to %(email)s.") % {"email": offer.email}
            waits = _("The invitation is sent when a second signatory has confirmed it.")
            messages.success(request, sent if offer.invitation_id else waits)
            return redirect("associations:mandates", pk)
    return form_page(
        request,
        form,
        title=_("Invite somebody to act for %(name)s") % {"name": association},
        lead=_("The person gets a letter with a link, and answers when they have signed in."),
        button=_("Send the invitation"),
        back=reverse("associations:mandates", args=[pk]),
        may=may_keep(request.user) or signs(request.user, association, localdate(at)),
    )


@signed_in
@require_POST
def offer_withdraw(request: Request, pk: int, offer_pk: int) -> HttpResponse:
    offer = get_object_or_404(association_or_404(request, pk).offers, pk=offer_pk)
    try:
        actions.withdraw_offer(offer, by=request.user, at=now())
    except (Refused, NotAllowed) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The invitation is withdrawn."))
    return redirect("associations:mandates", pk)


@signed_in
@require_http_methods(["GET", "POST"])
def mandate_end(request: Request, pk: int, mandate_pk: int) -> HttpResponse:
    association, at = association_or_404(request, pk), now()
    mandate = get_object_or_404(association.mandates.in_force(localdate(at)).select_related("user"), pk=mandate_pk)
    if request.method == "POST":
        try:
            actions.end_mandate(mandate, by=request.user, at=at)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("associations:mandates", pk)
        messages.success(request, _("The mandate has ended."))
        return redirect("associations:mine") if mandate.user_id == request.user.pk else redirect("associations:mandates", pk)
    context = {
        "title": _("End the mandate of %(name)s?") % {"name": mandate.user},
        "lead": _("From now on the person can no longer act for %(name)s.") % {"name": association},
        "rows": [(_("Mandate"), mandate.get_kind_display())],
        "button": _("End the mandate"),
        "tone": "danger",
        "cancel_url": reverse("associations:mandates", args=[pk]),
    }
    return render(request, "confirm.html", context)


@public
@require_http_methods(["GET", "POST"])
def mandate_accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the letter's link opens: read, sign in if need be, say yes."""
    offer = MandateOffer.objects.select_related("association", "made_by").filter(
        invitation__in=Invitation.objects.with_token(token)
    )
    return invitation_page(request, token, accept=_accept, template="associations/mandate_accept.html", offer=offer.first())


def _accept(token: str, by: User, at: datetime) -> str:
    mandate = actions.accept_mandate(token, by=by, at=at)
    return reverse("associations:home", args=[mandate.association_id])
