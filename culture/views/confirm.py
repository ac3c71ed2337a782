"""A school confirms its visits, says that a class did not come, and answers the plan: by a link or signed in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from culture import actions
from culture.actions.attendance import SAYABLE
from culture.choices import LinkPurpose, VisitStatus
from culture.forms.confirming import AnswerForm, ConfirmForm, MissedForm
from culture.models import Visit
from culture.views.voices import Voice, by_link, in_office, signed_in_for_school
from records.refusals import NotAllowedNow

# Where the sentence of a refusal belongs, by its code; others stand above the form.
_FIELD = {"personal_number": "reason", "no_reason": "reason", "locked": "reason"}


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """One visit: confirm it with numbers, or correct them. Pressing twice is one confirmation."""
    found = get_object_or_404(voice.visits(), pk=pk)
    ask = request.method == "POST" and f"v{found.pk}-asked" in request.POST
    form = ConfirmForm(request.POST or None, visit=found, ask=ask)
    if request.method == "POST" and form.is_valid():
        try:
            said = actions.confirm_visit(
                found,
                form.numbers,
                by=voice.speaker,
                at=now(),
                reason=form.cleaned_data.get("reason", ""),
                guests=form.cleaned_data.get("guests", False),
            )
        except actions.AskFirst as question:
            form = ConfirmForm(request.POST, visit=found, ask=True)
            form.add_error(None, str(question))
            return _shown(request, voice, found, form, asked=True)
        except NotAllowedNow as refused:
            _put(form, refused)
        else:
            messages.success(request, _thanks(said))
            return redirect(voice.address("home"))
    return _shown(request, voice, found, form)


def _shown(request: HttpRequest, voice: Voice, found: Visit, form: ConfirmForm, *, asked: bool = False) -> HttpResponse:
    context = {
        "voice": voice,
        "visit": found,
        "form": form,
        "asked": asked,
        "sayable": found.status in SAYABLE and found.performance.starts_at <= now(),
        "history": found.attendances.select_related("by", "link").order_by("-number"),
        "missed": VisitStatus.MISSED,
        "missed_url": voice.address("missed", found.pk),
        "home": voice.address("home"),
    }
    return render(request, "culture/visit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def missed(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """The class did not come, and why."""
    found = get_object_or_404(voice.visits(), pk=pk)
    form = MissedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.miss_visit(found, reason=form.cleaned_data["reason"], by=voice.speaker, at=now())
        except NotAllowedNow as refused:
            _put(form, refused)
        else:
            messages.success(request, _("Noted. The class goes first when a new visit is planned."))
            return redirect(voice.address("home"))
    context = {"voice": voice, "visit": found, "form": form, "back": voice.address("visit", found.pk)}
    return render(request, "culture/missed.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """The answer to a visit in the published plan."""
    found = get_object_or_404(voice.visits(), pk=pk)
    form = AnswerForm(request.POST or None, initial={"answer": found.answer, "reason": found.answer_reason})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.answer_visit(found, said["answer"], reason=said["reason"], by=voice.speaker, at=now())
        except NotAllowedNow as refused:
            _put(form, refused)
        else:
            messages.success(request, _("Thank you. Your answer is noted."))
            return redirect(voice.address("home"))
    context = {"voice": voice, "visit": found, "form": form, "home": voice.address("home")}
    return render(request, "culture/answer.html", context, status=422 if form.errors else 200)


def _put(form: Any, refused: NotAllowedNow) -> None:
    """The sentence of a refusal beside the field that it is about, else above the form."""
    name = _FIELD.get(refused.code)
    form.add_error(name if name in form.fields else None, str(refused))


def _thanks(said: actions.Said) -> str:
    if said.again:
        return _("The visit was confirmed already: %(n)s pupils.") % {"n": said.attendance.pupils}
    if said.attendance.number > 1:
        return _("Corrected: %(n)s pupils came.") % {"n": said.attendance.pupils}
    return _("Thank you. The visit is confirmed: %(n)s pupils came.") % {"n": said.attendance.pupils}


office_visit, office_missed, office_answer = in_office(visit), in_office(missed), in_office(answer)
link_visit, school_visit = by_link(LinkPurpose.CONFIRM)(visit), signed_in_for_school(visit)
link_missed, school_missed = by_link(LinkPurpose.CONFIRM)(missed), signed_in_for_school(missed)
link_answer, school_answer = by_link(LinkPurpose.ANSWER)(answer), signed_in_for_school(answer)
