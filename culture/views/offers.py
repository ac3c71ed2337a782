"""Offers for those who plan culture: found, drafted, changed, published, withdrawn. What is booked is told first."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from culture import actions, publishing
from culture.choices import OFFER_MOVES, OfferStatus, PerformanceStatus, VisitStatus
from culture.forms.offers import OfferFilter, OfferForm, ProducerChoice, WhyForm, grade_choices
from culture.models import Offer, Performance, Producer, Visit
from culture.views.office import form_page, planners, readers, refuse
from facilities.choices import AccessFact
from records.refusals import Refused
from records.spreadsheets import FORMATS, download

OFFER_TONES: dict[str, str] = {OfferStatus.DRAFT: "waiting", OfferStatus.PUBLISHED: "success", OfferStatus.WITHDRAWN: "neutral"}
_BESIDE = {"capacity": "seats", "grades": "grades", "personal_number": "description"}


@readers
@require_GET
def offer_list(request: Request) -> HttpResponse:
    """The programme, narrowed by the address. Constant queries; csv and xlsx."""
    form = OfferFilter(request.GET or None)
    offers = Offer.objects.visible_to(request.user).select_related("producer", "agreement")
    offers = form.narrowed(offers) if request.GET else offers
    standing = Q(performances__status=PerformanceStatus.PLANNED, performances__starts_at__gte=now())
    offers = offers.annotate(coming=Count("performances", filter=standing, distinct=True)).order_by("title", "pk")
    names = dict(grade_choices())
    if (kind := request.GET.get("format")) in FORMATS:
        return download(kind, name="utbud", headings=_headings(), rows=(_line(offer, names) for offer in offers))
    page = Paginator(offers, 100).get_page(request.GET.get("page"))
    rows = [(offer, grades_text(offer, names), OFFER_TONES[offer.status]) for offer in page]
    return render(
        request,
        "culture/office/offers.html",
        {"form": form, "page": page, "rows": rows, "warnings": publishing.warnings(localdate())},
    )


def grades_text(offer: Offer, names: dict[str, str]) -> str:
    """'F–2, 5': grades in a row are drawn together."""
    runs: list[list[int]] = []
    for grade in sorted(offer.grades):
        if runs and grade == runs[-1][-1] + 1:
            runs[-1].append(grade)
        else:
            runs.append([grade])
    return ", ".join(f"{names[str(run[0])]}–{names[str(run[-1])]}" if len(run) > 1 else names[str(run[0])] for run in runs)


def _headings() -> list[str]:
    return [
        _("Title"),
        _("Producer"),
        _("Art form"),
        _("Grades"),
        _("Status"),
        _("Professional"),
        _("People at most"),
        _("Classes at most"),
        _("Minutes"),
        _("Comes to the school"),
        _("Price"),
        _("Travel"),
    ]


def _line(offer: Offer, names: dict[str, str]) -> list[Any]:
    yes = {True: _("yes"), False: _("no")}
    words = [offer.title, offer.producer.name, str(offer.get_art_form_display()), grades_text(offer, names)]
    room = [offer.seats, offer.groups, offer.minutes, yes[offer.is_touring], offer.price, offer.travel]
    return [*words, str(offer.get_status_display()), yes[offer.is_professional], *room]


@readers
@require_GET
def offer(request: Request, pk: int) -> HttpResponse:
    """One offer: every fact, what is missing before it can be published, what is booked, when it is given."""
    found = _visible(request, pk)
    access = dict(AccessFact.choices)
    coming = Performance.objects.filter(offer=found).select_related("space__venue", "host", "year").order_by("starts_at")
    context = {
        "offer": found,
        "tone": OFFER_TONES[found.status],
        "grades": grades_text(found, dict(grade_choices())),
        "access": [access[fact] for fact in found.access],
        "missing": publishing.missing_of(found, localdate()),
        "ahead": _ahead(found),
        "performances": coming,
        "may_publish": OfferStatus.PUBLISHED in OFFER_MOVES[found.status],
        "may_withdraw": OfferStatus.WITHDRAWN in OFFER_MOVES[found.status],
    }
    return render(request, "culture/office/offer.html", context)


def _visible(request: Request, pk: int) -> Offer:
    rows = Offer.objects.visible_to(request.user).select_related("producer", "agreement")
    return get_object_or_404(rows.prefetch_related("producer__tax_checks", "producer__evidence"), pk=pk)


def _ahead(offer: Offer) -> int:
    """Visits to come that a change would concern. One query."""
    standing = [VisitStatus.PLANNED, VisitStatus.BOOKED]
    return Visit.objects.filter(offer=offer, status__in=standing, day__gte=localdate()).count()


@planners
@require_http_methods(["GET", "POST"])
def offer_new(request: Request) -> HttpResponse:
    """Whose it is first, then what it is."""
    choice = ProducerChoice(request.GET or None)
    back = reverse("culture:offer_list")
    if not choice.is_valid():
        context: dict[str, Any] = {"title": _("Add an offer"), "button": _("Go on"), "back": back, "method": "get"}
        return form_page(request, choice, **context)
    producer: Producer = choice.cleaned_data["producent"]
    form = OfferForm(request.POST or None, producer=producer)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        try:
            made = actions.add_offer(producer, facts.pop("title"), by=request.user, at=now(), **facts)
        except Refused as refusal:
            refuse(form, refusal, _BESIDE)
        else:
            messages.success(request, _("The draft is saved. Publish it when everything is there."))
            return redirect("culture:offer", made.pk)
    context = {"title": _("Add an offer"), "kicker": producer, "button": _("Save the draft"), "back": back}
    return form_page(request, form, "culture/office/offer_form.html", **context)


@planners
@require_http_methods(["GET", "POST"])
def offer_edit(request: Request, pk: int) -> HttpResponse:
    """Change an offer. A change that touches what classes have booked is asked about once before it is saved."""
    found = _visible(request, pk)
    form = OfferForm(request.POST or None, producer=found.producer, offer=found)
    ahead, concerns = _ahead(found), []
    if request.method == "POST" and form.is_valid():
        concerns = _concerns(found, form.facts()) if ahead else []
        if not concerns or "seen" in request.POST:
            try:
                actions.change_offer(found, by=request.user, at=now(), **form.facts())
            except Refused as refusal:
                refuse(form, refusal, _BESIDE)
            else:
                messages.success(request, _("Saved."))
                return redirect("culture:offer", pk)
    back = reverse("culture:offer", args=[pk])
    context: dict[str, Any] = {
        "title": _("Change the offer"),
        "kicker": found,
        "button": _("Save"),
        "back": back,
        "ahead": ahead,
        "concerns": concerns,
    }
    return form_page(request, form, "culture/office/offer_form.html", conflict=bool(concerns), **context)


def _concerns(offer: Offer, facts: dict[str, Any]) -> list[str]:
    """What a change means for classes that have places already, in words."""
    found = []
    if offer.is_professional and not facts["is_professional"]:
        found.append(_("Their visits will not count towards the guarantee any more."))
    if gone := set(offer.grades) - set(facts["grades"]):
        names = dict(grade_choices())
        grades = ", ".join(names[str(grade)] for grade in sorted(gone))
        found.append(_("It is no longer for grade %(grades)s. Classes that have places keep them.") % {"grades": grades})
    for name, word in (("seats", _("people")), ("groups", _("classes"))):
        if facts[name] != getattr(offer, name):
            told = _("The number of %(what)s changes. Performances that are planned keep theirs: change them one by one.")
            found.append(told % {"what": word})
    if facts["is_touring"] != offer.is_touring:
        found.append(_("Performances that are planned stay where they are."))
    return found


@planners
@require_POST
def offer_publish(request: Request, pk: int) -> HttpResponse:
    """Show the offer to schools, when its papers are there; else the page says what is missing (case 41)."""
    found = _visible(request, pk)
    try:
        actions.publish_offer(found, by=request.user, at=now())
    except actions.NotReady as missing:
        for obstacle in missing.obstacles:
            messages.warning(request, str(obstacle.sentence))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The offer is published. The schools see it."))
    return redirect("culture:offer", pk)


@planners
@require_http_methods(["GET", "POST"])
def offer_withdraw(request: Request, pk: int) -> HttpResponse:
    found = _visible(request, pk)
    form = WhyForm(request.POST or None, label=_("Why is it withdrawn?"), hint=_("Kept in the log."))
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_offer(found, reason=form.cleaned_data["reason"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, {"personal_number": "reason", "no_reason": "reason"})
        else:
            messages.success(request, _("The offer is withdrawn."))
            return redirect("culture:offer", pk)
    lead = _("Schools no longer see it. What is booked stands: cancel the performances one by one if they are not to be.")
    back = reverse("culture:offer", args=[pk])
    context: dict[str, Any] = {
        "title": _("Withdraw the offer"),
        "kicker": found,
        "lead": lead,
        "back": back,
        "ahead": _ahead(found),
    }
    return form_page(request, form, button=_("Withdraw the offer"), tone="danger", **context)
