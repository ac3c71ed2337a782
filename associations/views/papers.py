"""The association's documents and bank account."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Request, signed_in
from associations import actions, year
from associations.choices import DocumentKind
from associations.forms import AccountForm, DocumentForm
from associations.permissions import may_change, may_keep, signs
from associations.views.page import association_or_404, form_page, home_of, refuse
from records.refusals import Refused


@signed_in
@require_GET
def documents(request: Request, pk: int) -> HttpResponse:
    association, day = association_or_404(request, pk), localdate()
    wanted = year.slots(association, day)
    shown = {slot.document.pk for slot in wanted if slot.document}
    context = {
        "association": association,
        "slots": wanted,
        "earlier": [row for row in association.documents.select_related("file") if row.pk not in shown],
        "back": home_of(request, association),
        "may": may_change(request.user, association, day),
    }
    return render(request, "associations/documents.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def document_hand_in(request: Request, pk: int, kind: str, year: int) -> HttpResponse:
    association, at = association_or_404(request, pk), now()
    if kind not in DocumentKind.values or abs(year - localdate(at).year) > 10:
        raise Http404
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_in_document(association, kind=kind, year=year, upload=form.cleaned_data["file"], by=request.user, at=at)
        except Refused as refusal:
            refuse(form, refusal, "file")
        else:
            messages.success(request, _("The document is handed in."))
            return redirect("associations:documents", pk)
    name, label = DocumentKind(kind).label, association.year_label(year)
    return form_page(
        request,
        form,
        title=_("Hand in: %(document)s %(year)s") % {"document": name, "year": label},
        lead=_("A document that you have handed in before is replaced, and stays readable."),
        button=_("Hand in"),
        back=reverse("associations:documents", args=[pk]),
        may=may_change(request.user, association, localdate(at)),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def account(request: Request, pk: int) -> HttpResponse:
    association, at = association_or_404(request, pk), now()
    form = AccountForm(request.POST or None, request.FILES or None, initial={"holder": association.name})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.add_bank_account(
                association,
                kind=typed["kind"],
                number=typed["number"],
                holder=typed["holder"],
                evidence=typed["evidence"],
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            refuse(form, refusal, "evidence" if isinstance(refusal, actions.FileRefused) else None)
        else:
            messages.success(request, _("The account is entered. An officer verifies it before anything is paid to it."))
            return redirect("associations:account", pk)
    current = association.bank_accounts.current().select_related("association").first()
    return form_page(
        request,
        form,
        "associations/account.html",
        association=association,
        current=current,
        waits_for_second=bool(current and not current.verified_at and actions.waits_for_second(current)),
        may=may_keep(request.user) or signs(request.user, association, localdate(at)),
        back=home_of(request, association),
    )
