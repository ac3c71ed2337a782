"""Producers for those who plan culture: who they are, their papers, and what is missing before their offers can be published."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Request
from culture import actions, publishing
from culture.choices import OfferStatus
from culture.forms.producers import AgreementForm, EvidenceForm, ProducerForm, TaxForm
from culture.models import Offer, Producer
from culture.views.offers import OFFER_TONES
from culture.views.office import form_page, planners, readers, refuse
from records import filing
from records.models import StoredFile
from records.refusals import Refused

PAPERS = ("tax_checks__by", "evidence__file", "evidence__by", "agreements__file")


@readers
@require_GET
def producer_list(request: Request) -> HttpResponse:
    """All producers with what is missing. Constant queries."""
    rows = Producer.objects.prefetch_related("tax_checks", "evidence", "agreements").annotate(
        offered=Count("offers", filter=~Q(offers__status=OfferStatus.WITHDRAWN))
    )
    today = localdate()
    producers = [(producer, publishing.papers_missing(producer, today)) for producer in rows.order_by("name")]
    return render(request, "culture/office/producers.html", {"producers": producers})


@readers
@require_GET
def producer(request: Request, pk: int) -> HttpResponse:
    """One producer: papers in order of time, and each offer with what keeps it from being published. Constant queries."""
    found = get_object_or_404(Producer.objects.select_related("association").prefetch_related(*PAPERS), pk=pk)
    today = localdate()
    offers = Offer.objects.visible_to(request.user).filter(producer=found).select_related("agreement").order_by("title")
    context = {
        "producer": found,
        "missing": publishing.papers_missing(found, today),
        "offers": [(offer, OFFER_TONES[offer.status], _obstacles(found, offer, today)) for offer in offers],
    }
    return render(request, "culture/office/producer.html", context)


def _obstacles(producer: Producer, offer: Offer, today: date) -> list[publishing.Obstacle]:
    offer.producer = producer  # with its papers fetched
    return publishing.obstacles(offer, today)


@planners
@require_http_methods(["GET", "POST"])
def producer_new(request: Request) -> HttpResponse:
    form = ProducerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_producer(by=request.user, at=now(), **form.facts())
        except Refused as refusal:
            refuse(form, refusal, {"name": "name", "personal_number": "name"})
        else:
            messages.success(request, _("The producer is added. Now note F-tax, evidence and agreement."))
            return redirect("culture:producer", made.pk)
    return form_page(request, form, title=_("Add a producer"), button=_("Add"), back=reverse("culture:producer_list"))


@planners
@require_http_methods(["GET", "POST"])
def producer_edit(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Producer, pk=pk)
    form = ProducerForm(request.POST or None, producer=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_producer(found, by=request.user, at=now(), **form.facts())
        except Refused as refusal:
            refuse(form, refusal, {"name": "name", "personal_number": "name"})
        else:
            messages.success(request, _("Saved."))
            return redirect("culture:producer", pk)
    return form_page(request, form, **_of(found, _("Change the facts"), _("Save")))


@planners
@require_http_methods(["GET", "POST"])
def producer_tax(request: Request, pk: int) -> HttpResponse:
    """That somebody looked up the F-tax today, or another day; who noted it is kept."""
    found = get_object_or_404(Producer, pk=pk)
    form = TaxForm(request.POST or None, initial={"seen_on": localdate()})
    if request.method == "POST" and form.is_valid():
        actions.note_tax(found, by=request.user, at=now(), **form.cleaned_data)
        messages.success(request, _("Noted."))
        return redirect("culture:producer", pk)
    lead = _(
        "Look it up at the Swedish Tax Agency before the agreement is signed. The latest look counts; the earlier ones stay."
    )
    return form_page(request, form, **_of(found, _("Note F-tax"), _("Note"), lead=lead))


@planners
@require_http_methods(["GET", "POST"])
def producer_evidence(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Producer, pk=pk)
    form = EvidenceForm(request.POST or None, request.FILES or None, initial={"seen_on": localdate()})
    if request.method == "POST" and form.is_valid() and _kept(request, form, actions.add_evidence, found, "culture_evidence"):
        messages.success(request, _("The evidence is kept."))
        return redirect("culture:producer", pk)
    return form_page(request, form, **_of(found, _("Keep evidence of being professional"), _("Keep"), multipart=True))


@planners
@require_http_methods(["GET", "POST"])
def producer_agreement(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Producer, pk=pk)
    form = AgreementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _kept(request, form, actions.sign_agreement, found, "culture_agreement"):
        messages.success(request, _("The agreement is noted. Choose it on the offers that it is about."))
        return redirect("culture:producer", pk)
    return form_page(request, form, **_of(found, _("Note an agreement"), _("Note"), multipart=True))


def _kept(request: Request, form: Any, act: Any, producer: Producer, kind: str) -> bool:
    """Store the file, if there is one, and note what the form says; a refusal stands beside its field."""
    at, facts = now(), dict(form.cleaned_data)
    upload = facts.pop("file", None)
    try:
        with transaction.atomic():
            file: StoredFile | None = filing.store_file(upload, at=at, by=request.user, kind=kind) if upload else None
            act(producer, by=request.user, at=at, file=file, **facts)
    except Refused as refusal:
        beside = {"personal_number": "text" if "text" in form.fields else "about", "backwards": "last"}
        refuse(form, refusal, {"too_large": "file", "infected": "file", **beside})
        return False
    return True


def _of(producer: Producer, title: str, button: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "kicker": producer, "button": button, "back": reverse("culture:producer", args=[producer.pk]), **more}
