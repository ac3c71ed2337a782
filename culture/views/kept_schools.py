"""School units for those who plan culture: found, entered, followed by others, taking part or not; and their contacts."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request
from culture import actions
from culture.choices import Organiser, SchoolKind, SchoolStatus
from culture.forms.offers import grade_choices
from culture.forms.schools import ContactForm, DeclineForm, FollowForm, SchoolFilter, SchoolForm
from culture.models import ClassGroup, ListConfirmation, Participation, School, SchoolContact, SchoolYear
from culture.views.office import asked, do, form_page, number_in_address, planners, readers, refuse, year_in_address
from records.refusals import Refused
from records.spreadsheets import FORMATS, download

SCHOOL_TONES: dict[str, str] = {
    SchoolStatus.ACTIVE: "success",
    SchoolStatus.PLANNED: "waiting",
    SchoolStatus.RESTING: "neutral",
    SchoolStatus.CLOSED: "neutral",
}
_BESIDE = {"code": "code", "personal_number": "hall_note"}


@readers
@require_GET
def kept_schools(request: Request) -> HttpResponse:
    """All schools with what is left to do about each. Constant queries; csv and xlsx."""
    year, today = year_in_address(request), localdate()
    form = SchoolFilter(asked(request, year), year=year, years=SchoolYear.objects.order_by("-first"))
    schools = School.objects.visible_to(request.user)
    running = ClassGroup.objects.running().filter(school=OuterRef("pk"), year=year)
    confirmed = ListConfirmation.objects.filter(school=OuterRef("pk"), year=year)
    declined = Participation.objects.filter(school=OuterRef("pk"), year=year)
    in_force = Q(contacts__since__lte=today) & (Q(contacts__until=None) | Q(contacts__until__gt=today))
    schools = schools.annotate(
        has_classes=Exists(running),
        is_confirmed=Exists(confirmed),
        has_declined=Exists(declined),
        reached_by=Count("contacts", filter=in_force, distinct=True),
    ).in_swedish_order()
    schools = form.narrowed(schools) if request.GET else schools
    if (kind := request.GET.get("format")) in FORMATS:
        return download(kind, name="skolor", headings=_headings(), rows=[_line(school) for school in schools])
    page = Paginator(schools, 100).get_page(request.GET.get("page"))
    unmapped = School.objects.closed_without_successor().in_swedish_order()
    context = {
        "form": form,
        "year": year,
        "page": page,
        "rows": [(school, _grades(school), SCHOOL_TONES[school.status]) for school in page],
        "unmapped": unmapped,
    }
    return render(request, "culture/office/schools.html", context)


def _grades(school: School) -> str:
    names = dict(grade_choices())
    labels = [names[str(grade)] for grade in sorted(school.grades)]
    return f"{labels[0]}–{labels[-1]}" if len(labels) > 1 else "".join(labels)


def _headings() -> list[str]:
    return [
        _("School unit code"),
        _("School"),
        _("Status"),
        _("Organiser"),
        _("Name of the organiser"),
        _("Grades"),
        _("Address"),
        _("Town"),
        _("People in the hall at most"),
        _("Contacts"),
    ]


def _line(school: Any) -> list[Any]:
    words = [school.code, school.name, str(school.get_status_display()), str(school.get_organiser_display())]
    return [*words, school.organiser_name, _grades(school), school.street, school.town, school.hall_capacity, school.reached_by]


def school_or_404(request: Request, pk: int) -> School:
    return get_object_or_404(School.objects.visible_to(request.user).select_related("successor"), pk=pk)


@readers
@require_GET
def kept_school(request: Request, pk: int) -> HttpResponse:
    """One school: facts, contacts, links, what it came after and went on as, school years. Constant queries."""
    school, at = school_or_404(request, pk), now()
    kinds = dict(SchoolKind.choices)
    links = school.links.filter(visit=None).select_related("year", "made_by")[:30]
    confirmed = {row.year_id: row for row in reversed(school.list_confirmations.select_related("by", "link"))}
    counts = Count("classes", filter=Q(classes__school=school, classes__closed_on=None))
    declined = {row.year_id: row for row in school.participation.select_related("noted_by")}
    years = SchoolYear.objects.annotate(running=counts).order_by("-first")
    context = {
        "school": school,
        "tone": SCHOOL_TONES[school.status],
        "kinds": [kinds[kind] for kind in school.kinds],
        "grades": _grades(school),
        "contacts": school.contacts.on(localdate(at)).select_related("given_by"),
        "links": [(link, link.refusal(at)) for link in links],
        "predecessors": school.predecessors.order_by("name"),
        "years": [(year, confirmed.get(year.pk), declined.get(year.pk)) for year in years],
        "may_decline": school.organiser == Organiser.INDEPENDENT,
    }
    return render(request, "culture/office/school.html", context)


def _of(school: School, title: str, button: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "kicker": school, "button": button, "back": reverse("culture:kept_school", args=[school.pk]), **more}


@planners
@require_http_methods(["GET", "POST"])
def kept_school_new(request: Request) -> HttpResponse:
    form = SchoolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_school(code=form.cleaned_data["code"], by=request.user, at=now(), **form.facts())
        except Refused as refusal:
            refuse(form, refusal, _BESIDE)
        else:
            messages.success(request, _("The school is added."))
            return redirect("culture:kept_school", made.pk)
    context: dict[str, Any] = {"title": _("Add a school"), "button": _("Add"), "back": reverse("culture:kept_schools")}
    return form_page(request, form, "culture/office/school_form.html", **context)


@planners
@require_http_methods(["GET", "POST"])
def kept_school_edit(request: Request, pk: int) -> HttpResponse:
    school = school_or_404(request, pk)
    form = SchoolForm(request.POST or None, school=school)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_school(school, by=request.user, at=now(), **form.facts())
        except Refused as refusal:
            refuse(form, refusal, _BESIDE)
        else:
            messages.success(request, _("Saved."))
            return redirect("culture:kept_school", pk)
    return form_page(request, form, "culture/office/school_form.html", **_of(school, _("Change the facts"), _("Save")))


@planners
@require_http_methods(["GET", "POST"])
def kept_school_follow(request: Request, pk: int) -> HttpResponse:
    """Say by hand what a closed unit went on as, so that its history follows (case 36)."""
    school = school_or_404(request, pk)
    form = FollowForm(request.POST or None, school=school)
    if request.method == "POST" and form.is_valid():
        try:
            actions.follow(school, form.cleaned_data["successor"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, {"ring": "successor", "double": "successor"})
        else:
            messages.success(request, _("Noted. The history follows."))
            return redirect("culture:kept_school", pk)
    lead = _("What its pupils have met, and what is to be caught up, follows to the school that came after.")
    return form_page(request, form, **_of(school, _("What did the school go on as?"), _("Save"), lead=lead))


@planners
@require_http_methods(["GET", "POST"])
def kept_school_decline(request: Request, pk: int) -> HttpResponse:
    """An independent school takes no part in a year: noted with its day, its pupils stay in the count (case 20)."""
    school, years = school_or_404(request, pk), SchoolYear.objects.filter(locked_at=None).order_by("-first")
    form = DeclineForm(request.POST or None, years=years, initial={"year": year_in_address(request)})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.decline(school, typed["year"], reason=typed["reason"], by=request.user, at=now())
        except Refused as refusal:
            refuse(form, refusal, {"personal_number": "reason", "organiser": "year"})
        else:
            messages.success(request, _("Noted. The pupils of the school stay in the count, on its own line."))
            return redirect("culture:kept_school", pk)
    lead = _("The day is noted as today's. The plan leaves the school out; its pupils stay in the count.")
    return form_page(request, form, **_of(school, _("The school declines to take part"), _("Note"), lead=lead))


@planners
@require_POST
def kept_school_takes_part(request: Request, pk: int) -> HttpResponse:
    """After all."""
    school = school_or_404(request, pk)
    year = get_object_or_404(SchoolYear, first=number_in_address(request, "lasar") or 0)
    done = _("Noted. The school takes part.")
    return do(request, partial(actions.take_part, school, year, by=request.user, at=now()), done, "culture:kept_school", pk)


@planners
@require_http_methods(["GET", "POST"])
def contact_new(request: Request, pk: int) -> HttpResponse:
    school = school_or_404(request, pk)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_contact(school, by=request.user, at=now(), **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal, {"personal_number": "name", "email": "email"})
        else:
            messages.success(request, _("The contact is added."))
            return redirect("culture:kept_school", pk)
    return form_page(request, form, **_of(school, _("Add a contact"), _("Add")))


@planners
@require_POST
def contact_end(request: Request, pk: int) -> HttpResponse:
    """No more letters to the address; its open links stop working."""
    contact = get_object_or_404(SchoolContact.objects.select_related("school"), pk=pk)
    done = _("%(contact)s is no longer a contact. Open links to the address have stopped working.") % {"contact": contact}
    act = partial(actions.end_contact, contact, by=request.user, at=now())
    return do(request, act, done, "culture:kept_school", contact.school_id)
