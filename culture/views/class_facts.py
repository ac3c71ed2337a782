"""What a class is called and needs, said by its school or an officer; what only officers do with a school's list of classes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from culture import actions
from culture.choices import CountKind, LinkPurpose
from culture.forms.offers import WhyForm
from culture.forms.schools import ClassFactsForm, OfficialForm
from culture.models import ClassGroup, SchoolYear
from culture.views.office import refuse
from culture.views.voices import Voice, by_link, in_office, signed_in_for_school
from records.refusals import Refused

_BESIDE = {
    "same_class": "name",
    "name": "name",
    "personal_number": "name",
    "no_reason": "reason",
    "locked": "reason",
    "official": "reason",
}


def _group_or_404(voice: Voice, pk: int) -> ClassGroup:
    groups = ClassGroup.objects.filter(school=voice.school, year=voice.year).running()
    return get_object_or_404(groups.with_counts(), pk=pk)


@require_http_methods(["GET", "POST"])
def class_facts(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """Its name, its grown-ups, and what it needs as a whole: the plan gives it only what has that."""
    group = _group_or_404(voice, pk)
    form = ClassFactsForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_class(group, by=voice.speaker, at=now(), **form.facts())
        except Refused as refusal:
            refuse(form, refusal, _BESIDE)
        else:
            messages.success(request, _("Saved."))
            return redirect(voice.address("classes"))
    return _page(request, voice, group, form, title=_("About the class"), button=_("Save"))


@require_http_methods(["GET", "POST"])
def class_remove(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """A class that was entered by mistake."""
    group = _group_or_404(voice, pk)
    form = WhyForm(request.POST or None, hint=_("Kept in the log. Name no pupils."))
    if request.method == "POST" and form.is_valid():
        try:
            actions.remove_class(group, reason=form.cleaned_data["reason"], by=voice.speaker, at=now())
        except Refused as refusal:
            refuse(form, refusal, {"personal_number": "reason", **_BESIDE})
        else:
            messages.success(request, _("The class is taken away."))
            return redirect(voice.address("classes"))
    lead = _("Only for a class that was entered by mistake. A class with visits is not taken away.")
    return _page(request, voice, group, form, title=_("Take the class away"), button=_("Take away"), lead=lead, tone="danger")


@require_http_methods(["GET", "POST"])
def class_official(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """The pupils of the measuring date: what the guarantee is counted on. Corrected with a reason."""
    group = _group_or_404(voice, pk)
    form = OfficialForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        facts = {"kind": CountKind.OFFICIAL, "source": voice.source, "reason": form.cleaned_data["reason"]}
        try:
            actions.count_class(group, form.counts, by=voice.speaker, at=now(), **facts)
        except Refused as refusal:
            refuse(form, refusal, {**_BESIDE, "personal_number": "reason"})
        else:
            messages.success(request, _("Saved."))
            return redirect(voice.address("classes"))
    return _page(request, voice, group, form, title=_("Pupils on the measuring date"), button=_("Save"))


def _page(request: HttpRequest, voice: Voice, group: ClassGroup, form: object, **words: str) -> HttpResponse:
    errors = getattr(form, "errors", None)
    context = {"form": form, "kicker": f"{group}, {voice.school}", "back": voice.address("classes"), **words}
    return render(request, "culture/office/form.html", context, status=422 if errors else 200)


@require_POST
def carry_over(request: HttpRequest, voice: Voice) -> HttpResponse:
    """Last year's classes a year older, as a proposal that the school corrects and confirms."""
    before = SchoolYear.objects.filter(first=voice.year.first - 1).first()
    if before is None:
        messages.warning(request, _("The school year before is not opened, so there is nothing to fetch."))
        return redirect(voice.address("classes"))
    try:
        made = actions.carry_over(voice.school, before, voice.year, by=voice.speaker, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("%(n)s classes are fetched from the school year before.") % {"n": len(made)})
    return redirect(voice.address("classes"))


link_class_facts, school_class_facts = by_link(LinkPurpose.CLASSES)(class_facts), signed_in_for_school(class_facts)
link_class_remove, school_class_remove = by_link(LinkPurpose.CLASSES)(class_remove), signed_in_for_school(class_remove)
office_class_facts, office_class_remove = in_office(class_facts), in_office(class_remove)
office_class_official, office_carry_over = in_office(class_official), in_office(carry_over)
