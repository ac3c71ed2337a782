"""Classes merged or split during the year, by their school or an officer (cases 5 and 7)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from culture import actions
from culture.choices import LinkPurpose
from culture.forms.class_changes import MergeForm, SplitForm
from culture.models import ClassGroup
from culture.views.office import refuse
from culture.views.voices import Voice, by_link, in_office, signed_in_for_school
from records.refusals import Refused

_BESIDE = {"no_reason": "reason", "locked": "reason", "personal_number": "reason", "too_few": "groups"}


@require_http_methods(["GET", "POST"])
def classes_merge(request: HttpRequest, voice: Voice) -> HttpResponse:
    """Several classes become one. What they have seen comes along; what they had ahead is cancelled and planned anew."""
    groups = ClassGroup.objects.filter(school=voice.school, year=voice.year).running().order_by("key")
    form = MergeForm(request.POST or None, groups=groups)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        facts = {"by": voice.speaker, "at": now(), "reason": typed["reason"]}
        try:
            new = actions.merge_classes(list(typed["groups"]), typed["name"], day=typed["day"], **facts)
        except Refused as refusal:
            refuse(form, refusal, {**_BESIDE, "same_class": "name", "name": "name"})
        else:
            messages.success(request, _("The classes are merged into %(class)s.") % {"class": new})
            return redirect(voice.address("classes"))
    context = {"form": form, "title": _("Merge classes"), "button": _("Merge"), "kicker": voice.school}
    return _page(request, "culture/office/form.html", voice, form, context)


@require_http_methods(["GET", "POST"])
def class_split(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """A class becomes two or three."""
    groups = ClassGroup.objects.filter(school=voice.school, year=voice.year).running()
    group = get_object_or_404(groups.with_counts(), pk=pk)
    form = SplitForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        facts = {"by": voice.speaker, "at": now(), "reason": typed["reason"]}
        try:
            news = actions.split_class(group, form.into(), day=typed["day"], **facts)
        except Refused as refusal:
            refuse(form, refusal, {**_BESIDE, "same_class": "name_1", "name": "name_1", "sum": "name_1"})
        else:
            done = _("The class is split into %(classes)s.") % {"classes": ", ".join(map(str, news))}
            messages.success(request, done)
            return redirect(voice.address("classes"))
    context = {"form": form, "title": _("Split the class"), "button": _("Split"), "kicker": f"{group}, {voice.school}"}
    return _page(request, "culture/class_split.html", voice, form, context)


def _page(request: HttpRequest, template: str, voice: Voice, form: object, context: dict[str, object]) -> HttpResponse:
    lead = _("What the pupils have seen comes along. Visits ahead are cancelled, and the new class goes first in the next plan.")
    errors = getattr(form, "errors", None)
    context = {**context, "lead": lead, "back": voice.address("classes")}
    return render(request, template, context, status=422 if errors else 200)


link_classes_merge, school_classes_merge = by_link(LinkPurpose.CLASSES)(classes_merge), signed_in_for_school(classes_merge)
link_class_split, school_class_split = by_link(LinkPurpose.CLASSES)(class_split), signed_in_for_school(class_split)
office_classes_merge, office_class_split = in_office(classes_merge), in_office(class_split)
