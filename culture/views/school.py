"""The pages of a school: what is asked of it, its visits, its classes, the days that do not suit, open places."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from culture import actions
from culture.actions.attendance import SAYABLE
from culture.choices import VISIT_TONES, LinkPurpose, VisitStatus
from culture.fitting import fragments_for
from culture.forms.classes import CountForm, DaysForm, NewClassForm
from culture.forms.confirming import ConfirmForm
from culture.models import BlockedDays, ClassGroup, ListConfirmation, Performance, SchoolYear, Visit
from culture.rules import years
from culture.views.asked import asked_of
from culture.views.voices import Voice, by_link, in_office, signed_in_for_school
from records.refusals import NotAllowedNow

TELL_WITHIN = timedelta(days=45)


@require_GET
def home(request: HttpRequest, voice: Voice) -> HttpResponse:
    """What is asked of the school now, and the year's visits. A link shows what it is for."""
    at = now()
    if voice.token and voice.speaker.purpose == LinkPurpose.EVALUATE:  # type: ignore[union-attr]
        return redirect(voice.address("tell"))
    visits = list(voice.visits().exclude(status=VisitStatus.CANCELLED))
    over = [visit for visit in visits if visit.status == VisitStatus.BOOKED and visit.performance.ends_at <= at]
    context: dict[str, Any] = {
        "voice": voice,
        "to_confirm": [(visit, ConfirmForm(visit=visit), voice.address("visit", visit.pk)) for visit in over],
        "visits": [(visit, VISIT_TONES[visit.status], _address_of(voice, visit)) for visit in visits if visit not in over],
        "to_tell": [(visit, voice.address("telling", visit.pk)) for visit in visits if _can_tell(voice, visit, at)],
    }
    if voice.token:
        return render(request, "culture/link.html", context)
    context["tasks"] = asked_of(voice, visits, at)
    context["years"] = SchoolYear.objects.order_by("-first")
    return render(request, "culture/school_home.html", context)


def _can_tell(voice: Voice, visit: Visit, at: datetime) -> bool:
    """Whether the class is asked what it thought: soon after a visit that is confirmed."""
    asks = not voice.token or voice.speaker.purpose == LinkPurpose.CONFIRM  # type: ignore[union-attr]
    return asks and visit.status == VisitStatus.CONFIRMED and at - visit.performance.ends_at < TELL_WITHIN


def _address_of(voice: Voice, visit: Visit) -> str:
    """Where a visit is opened by this voice; empty where there is nothing to do."""
    if voice.token and voice.speaker.purpose == LinkPurpose.ANSWER:  # type: ignore[union-attr]
        return voice.address("answer", visit.pk) if visit.status == VisitStatus.BOOKED else ""
    if voice.token and voice.speaker.purpose != LinkPurpose.CONFIRM:  # type: ignore[union-attr]
        return ""
    if visit.status in SAYABLE and visit.performance.starts_at <= now():
        return voice.address("visit", visit.pk)
    return voice.address("answer", visit.pk) if visit.status == VisitStatus.BOOKED and not voice.token else ""


@require_http_methods(["GET", "POST"])
def classes(request: HttpRequest, voice: Voice) -> HttpResponse:
    """The list of classes with pupils counted; the school confirms that it is right."""
    if request.method == "POST":
        try:
            row = actions.confirm_list(voice.school, voice.year, by=voice.speaker, at=now())
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            told = _("Thank you. %(classes)s classes with %(pupils)s pupils are confirmed.")
            messages.success(request, told % {"classes": row.classes, "pupils": row.pupils})
        return redirect(voice.address("classes"))
    groups = list(_groups(voice).running().with_counts().order_by("key"))
    latest = ListConfirmation.objects.filter(school=voice.school, year=voice.year).first()
    pupils = sum(group.pupils for group in groups)
    context = {
        "voice": voice,
        "rows": [(group, _grades(group), _doors(voice, group)) for group in groups],
        "pupils": pupils,
        "latest": latest,
        "confirmed": latest is not None and (latest.classes, latest.pupils) == (len(groups), pupils),
        "new": voice.address("class_new"),
        "merge": voice.address("classes_merge") if len(groups) > 1 else "",
        "fetch": reverse("culture:office_carry_over", args=[voice.school.pk, voice.year.first]) if voice.in_office else "",
        "home": voice.address("home"),
    }
    return render(request, "culture/classes.html", context)


def _doors(voice: Voice, group: ClassGroup) -> dict[str, str]:
    """Where the numbers of a class, what it needs, and its pupils on the measuring date are changed."""
    doors = {
        name: voice.address(page, group.pk)
        for name, page in (("count", "class"), ("facts", "class_facts"), ("remove", "class_remove"), ("split", "class_split"))
    }
    return {**doors, "official": voice.address("class_official", group.pk)} if voice.in_office else doors


def _groups(voice: Voice) -> Any:
    return ClassGroup.objects.filter(school=voice.school, year=voice.year)


def _grades(group: ClassGroup) -> list[tuple[str, int]]:
    year = years.SchoolYear(group.year.first)
    return [(years.grade_label(part.cohort, year), part.live) for part in group.fragments.all()]


@require_http_methods(["GET", "POST"])
def class_count(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """How many pupils a class has now."""
    group = get_object_or_404(_groups(voice).running().with_counts(), pk=pk)
    form = CountForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            actions.count_class(group, form.counts, by=voice.speaker, at=now(), source=voice.source)
        except NotAllowedNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(voice.address("classes"))
    context = {"voice": voice, "group": group, "form": form, "back": voice.address("classes")}
    return render(request, "culture/class.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def class_new(request: HttpRequest, voice: Voice) -> HttpResponse:
    """A class that is missing in the list."""
    year = years.SchoolYear(voice.year.first)
    form = NewClassForm(request.POST or None, year=year, grades=sorted(voice.school.grades) or list(range(10)))
    if request.method == "POST" and form.is_valid():
        try:
            facts: dict[str, Any] = {"by": voice.speaker, "at": now(), "source": voice.source}
            actions.add_class(voice.school, voice.year, form.cleaned_data["name"], form.counts, **facts)
        except NotAllowedNow as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("The class is in the list."))
            return redirect(voice.address("classes"))
    context = {"voice": voice, "form": form, "back": voice.address("classes")}
    return render(request, "culture/class.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def days(request: HttpRequest, voice: Voice) -> HttpResponse:
    """Days on which the school or a class cannot come; the next plan leaves them out."""
    form = DaysForm(request.POST or None, groups=_groups(voice).running().order_by("key"))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        last = said["last"] or said["first"]
        try:
            actions.block_days(
                voice.school,
                said["first"],
                last,
                year=voice.year,
                by=voice.speaker,
                at=now(),
                group=said["group"],
                reason=said["reason"],
            )
        except NotAllowedNow as refused:
            form.add_error("reason" if refused.code == "personal_number" else "last", str(refused))
        else:
            messages.success(request, _("Noted. The plan leaves those days out."))
            return redirect(voice.address("days"))
    rows = BlockedDays.objects.filter(school=voice.school, last__gte=voice.year.starts_on).select_related("class_group")
    context = {
        "voice": voice,
        "form": form,
        "rows": [(row, voice.address("days_free", row.pk)) for row in rows.order_by("first", "pk")],
        "home": voice.address("home"),
    }
    return render(request, "culture/days.html", context, status=422 if form.errors else 200)


@require_POST
def days_free(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """The days suit after all."""
    row = get_object_or_404(BlockedDays, school=voice.school, pk=pk)
    actions.unblock_days(row, year=voice.year, by=voice.speaker, at=now())
    messages.success(request, _("The days are free again."))
    return redirect(voice.address("days"))


@require_http_methods(["GET", "POST"])
def places(request: HttpRequest, voice: Voice) -> HttpResponse:
    """Performances with room that suit the school's classes: book a place, or wait for one."""
    at = now()
    groups = {group.pk: group for group in _groups(voice).running().with_counts().order_by("key")}
    coming = Performance.objects.filter(year=voice.year, status="planned", offer__status="published")
    coming = coming.filter(starts_at__gt=at).select_related("offer", "space__venue", "host").order_by("starts_at")
    if request.method == "POST":
        performance = get_object_or_404(coming, pk=_number(request.POST.get("performance")))
        group = groups.get(_number(request.POST.get("class")))
        if group is None:
            messages.warning(request, _("Choose a class."))
            return redirect(voice.address("places"))
        try:
            visit = actions.ask_for_place(group, performance, by=voice.speaker, at=at)
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _told(visit))
        return redirect(voice.address("places"))
    rows = []
    for performance in coming:
        fitting = [group for group in groups.values() if fragments_for(group, performance.offer)]
        if fitting:
            rows.append((performance, fitting))
    context = {"voice": voice, "rows": rows, "home": voice.address("home")}
    return render(request, "culture/places.html", context)


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 12 else 0


def _told(visit: Visit) -> str:
    if visit.status == VisitStatus.WAITING:
        told = _("It is full. %(class)s waits as number %(n)s and gets a letter if a place comes free.")
        return told % {"class": visit.class_group, "n": visit.arrival}
    return _("%(class)s has a place at %(what)s.") % {"class": visit.class_group, "what": visit.performance.offer}


office_classes, office_class, office_class_new = in_office(classes), in_office(class_count), in_office(class_new)
office_days, office_days_free = in_office(days), in_office(days_free)
link_home, school_home = by_link()(home), signed_in_for_school(home)
link_classes, school_classes = by_link(LinkPurpose.CLASSES)(classes), signed_in_for_school(classes)
link_class, school_class = by_link(LinkPurpose.CLASSES)(class_count), signed_in_for_school(class_count)
link_class_new, school_class_new = by_link(LinkPurpose.CLASSES)(class_new), signed_in_for_school(class_new)
link_days, school_days = by_link(LinkPurpose.ANSWER)(days), signed_in_for_school(days)
link_days_free, school_days_free = by_link(LinkPurpose.ANSWER)(days_free), signed_in_for_school(days_free)
school_places = signed_in_for_school(places)
