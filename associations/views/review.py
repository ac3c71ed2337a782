"""What officers look at and note: new associations, documents, accounts, extracts, meetings, dispensations."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, needs
from associations import actions
from associations.forms import ChangeForm, DialogueForm, DispensationForm, ReasonForm, ShownForm
from associations.models import Association, BankAccount, DialogueMeeting, RecordCheck, YearlyDocument
from associations.permissions import may_handle, may_keep
from associations.standing import requirements_on
from associations.views.page import association_or_404, form_page, refuse
from records.refusals import Refused

readers = needs("associations.read_register")
keepers = needs("associations.keep_register")


@keepers
@require_GET
def queues(request: Request) -> HttpResponse:
    """What waits for an officer, oldest first."""
    visible = Association.objects.visible_to(request.user)
    documents = YearlyDocument.objects.awaiting_review().filter(association__in=visible)
    accounts = BankAccount.objects.awaiting_verification().filter(association__in=visible)
    context = {
        "new": visible.awaiting_approval().select_related("category", "case").order_by("applied_on", "pk"),
        "documents": documents.select_related("association", "file").order_by("handed_in_at"),
        "accounts": accounts.select_related("association", "entered_by", "evidence").order_by("entered_at"),
    }
    return render(request, "associations/queues.html", context)


@keepers
@require_http_methods(["GET", "POST"])
def document_review(request: Request, pk: int) -> HttpResponse:
    """Look at a document: accept it, or say what needs to change."""
    visible = Association.objects.visible_to(request.user)
    rows = YearlyDocument.objects.filter(association__in=visible).select_related("association", "file", "handed_in_by")
    document = get_object_or_404(rows, pk=pk)
    form, at = ChangeForm(request.POST if "send_back" in request.POST else None), now()
    if request.method == "POST":
        try:
            if "accept" in request.POST:
                actions.accept_document(document, by=request.user, at=at)
                messages.success(request, _("The document is accepted."))
                return redirect(_next_document(request))
            if form.is_valid():
                actions.ask_for_change(document, reason=form.cleaned_data["reason"], by=request.user, at=at)
                messages.success(request, _("The association gets a letter about what needs to change."))
                return redirect(_next_document(request))
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("associations:queues")
    return form_page(
        request,
        form,
        "associations/document_review.html",
        document=document,
        year_label=document.association.year_label(document.year),
        may=may_handle(request.user, document.association, localdate(at)),
    )


def _next_document(request: Request) -> str:
    """The next document of the queue, so that one can go on; the queue itself when it is empty."""
    visible = Association.objects.visible_to(request.user)
    waiting = YearlyDocument.objects.awaiting_review().filter(association__in=visible).order_by("handed_in_at").first()
    return reverse("associations:document_review", args=[waiting.pk]) if waiting else reverse("associations:queues")


@keepers
@require_http_methods(["GET", "POST"])
def account_review(request: Request, pk: int) -> HttpResponse:
    """Verify that an account is the association's own, or say why it cannot be."""
    visible = Association.objects.visible_to(request.user)
    rows = BankAccount.objects.filter(association__in=visible).select_related("association", "entered_by", "evidence")
    account = get_object_or_404(rows, pk=pk)
    form, at = ReasonForm(request.POST if "send_back" in request.POST else None), now()
    if request.method == "POST":
        try:
            if "accept" in request.POST:
                actions.verify_bank_account(account, by=request.user, at=at)
                messages.success(request, _("The account is verified. Grants can be paid to it."))
                return redirect("associations:queues")
            if form.is_valid():
                actions.refuse_bank_account(account, reason=form.cleaned_data["reason"], by=request.user, at=at)
                messages.success(request, _("The association gets a letter about why."))
                return redirect("associations:queues")
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("associations:account_review", pk)
    return form_page(
        request,
        form,
        "associations/account_review.html",
        account=account,
        earlier=account.association.bank_accounts.exclude(pk=pk),
        waits_for_second=actions.waits_for_second(account),
        may=may_handle(request.user, account.association, localdate(at)),
    )


@keepers
@require_http_methods(["GET", "POST"])
def person_shown(request: Request, pk: int) -> HttpResponse:
    """Note that somebody has shown an extract from the criminal record."""
    visible = Association.objects.visible_to(request.user)
    check = get_object_or_404(RecordCheck.objects.running().filter(association__in=visible).select_related("association"), pk=pk)
    at = now()
    form = ShownForm(request.POST or None, initial={"shown_on": localdate(at)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_record_check(check, shown_on=form.cleaned_data["shown_on"], by=request.user, at=at)
        except Refused as refusal:
            refuse(form, refusal, "shown_on")
        else:
            messages.success(request, _("Noted. Give the extract back: it is not kept."))
            return redirect("associations:casework", check.association_id)
    return form_page(
        request,
        form,
        title=_("Criminal record extract: %(name)s") % {"name": check.person},
        lead=_("%(role)s in %(association)s. Only note that the extract was shown. Never copy it, never write what it says.")
        % {"role": check.role, "association": check.association},
        button=_("Note"),
        back=reverse("associations:casework", args=[check.association_id]),
    )


@keepers
@require_http_methods(["GET", "POST"])
def dispensation_grant(request: Request, pk: int) -> HttpResponse:
    association, at = association_or_404(request, pk), now()
    rules = sorted(requirements_on(localdate(at)).dispensable)
    form = DispensationForm(rules, request.POST or None, initial={"since": localdate(at)})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            actions.grant_dispensation(
                association,
                rule=wanted["rule"],
                since=wanted["since"],
                until=wanted["until"],
                reason=wanted["reason"],
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            refuse(form, refusal, "last_day" if refusal.code.startswith("dispensation") else None)
        else:
            messages.success(request, _("The dispensation is decided, and a letter is on its way."))
            return redirect("associations:casework", pk)
    return form_page(
        request,
        form,
        title=_("Dispensation for %(name)s") % {"name": association},
        button=_("Decide"),
        back=reverse("associations:casework", args=[pk]),
        may=may_handle(request.user, association, localdate(at)),
    )


@readers
@require_http_methods(["GET", "POST"])
def meeting_list(request: Request) -> HttpResponse:
    """The dialogue meetings, and a new one."""
    form = DialogueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = actions.call_dialogue_meeting(**form.cleaned_data, by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The meeting is entered."))
            return redirect("associations:meeting", meeting.pk)
    meetings = DialogueMeeting.objects.annotate(number=Count("attendances"))
    return form_page(request, form, "associations/meeting_list.html", meetings=meetings, may=may_keep(request.user))


@readers
@require_http_methods(["GET", "POST"])
def meeting(request: Request, pk: int) -> HttpResponse:
    """Tick off who was there: every association of the register on one page."""
    held, at = get_object_or_404(DialogueMeeting, pk=pk), now()
    present = set(held.attendances.values_list("association_id", flat=True))
    associations = list(Association.objects.visible_to(request.user).in_register().in_swedish_order())
    if request.method == "POST":
        ticked = set(request.POST.getlist("present"))
        new = [each for each in associations if str(each.pk) in ticked and each.pk not in present]
        try:
            added = actions.attend_dialogue(held, associations=new, by=request.user, at=at)
        except Refused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Saved. %(n)s new attendances.") % {"n": added})
        return redirect("associations:meeting", pk)
    context = {"meeting": held, "associations": associations, "present": present, "may": may_keep(request.user)}
    return render(request, "associations/meeting.html", {**context, "held": held.held_on <= localdate(at)})


@keepers
@require_POST
def attendance_correct(request: Request, pk: int, association_pk: int) -> HttpResponse:
    held, association = get_object_or_404(DialogueMeeting, pk=pk), association_or_404(request, association_pk)
    actions.correct_attendance(held, association=association, by=request.user, at=now())
    messages.success(request, _("%(name)s is no longer noted as present.") % {"name": association})
    return redirect("associations:meeting", pk)
