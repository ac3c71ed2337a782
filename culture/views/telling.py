"""Telling what one thought: the school makes a link for the class, and whoever holds it answers without a name."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from culture import actions
from culture.choices import LinkPurpose, VisitStatus
from culture.forms.telling import TellForm
from culture.views.voices import Voice, by_link, signed_in_for_school
from records.refusals import NotAllowedNow


@require_http_methods(["GET", "POST"])
def telling(request: HttpRequest, voice: Voice, pk: int) -> HttpResponse:
    """A link to share with the class and its teachers. It is made on a press, and shown once: the table keeps a hash of it."""
    visit = get_object_or_404(voice.visits(), pk=pk, status=VisitStatus.CONFIRMED)
    context: dict[str, Any] = {"voice": voice, "visit": visit, "home": voice.address("home")}
    if request.method == "POST":
        try:
            link, token = actions.evaluation_link(visit, by=voice.speaker, at=now())
        except NotAllowedNow as refused:
            messages.warning(request, str(refused))
            return redirect(voice.address("home"))
        context |= {"link": link, "address": settings.SITE_URL + reverse("culture:link_tell", args=[token])}
    return render(request, "culture/telling.html", context)


@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, voice: Voice) -> HttpResponse:
    """The questions. Nothing of who answers is kept."""
    visit = voice.visits().first()
    if visit is None:
        raise Http404
    form = TellForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            answers = {name: said[name] for name in ("liked", "suited", "again", "words")}
            actions.evaluate(voice.speaker, said["who"], at=now(), **answers)  # type: ignore[arg-type]
        except NotAllowedNow as refused:
            form.add_error("words" if refused.code == "personal_number" else None, str(refused))
        else:
            return redirect(f"{reverse('culture:link_tell', args=[voice.token])}?tack=1")
    context = {"voice": voice, "visit": visit, "form": form, "thanks": request.GET.get("tack") == "1" and not form.is_bound}
    return render(request, "culture/tell.html", context, status=422 if form.errors else 200)


link_telling, school_telling = by_link(LinkPurpose.CONFIRM)(telling), signed_in_for_school(telling)
link_tell = by_link(LinkPurpose.EVALUATE)(tell)
