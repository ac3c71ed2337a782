"""The principles of a season: begun, written part by part without script, read through, published; and as a file."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Request, public
from facilities import actions
from facilities.forms.principles import BeginForm, FactsForm
from facilities.forms.season import PrinciplesForm, principles_text
from facilities.models import PrincipleSet
from facilities.permissions import may_keep_venues
from facilities.rules.allocation.editing import Part, To, rearranged
from facilities.views.keeping import do, form_page, officers, readers, refuse
from facilities.views.principles_drafts import draft_or_404, save, write
from facilities.views.principles_words import principles_in_words
from records.refusals import Refused


@public
@require_GET
def season_principles(request: HttpRequest, pk: int) -> HttpResponse:
    """A published set as anybody reads it. One query beside the page's own."""
    found = get_object_or_404(PrincipleSet.objects.exclude(published_at=None), pk=pk)
    context = {"set": found, "principles": principles_in_words(found.for_rules())}
    return render(request, "facilities/season/principles_public.html", context)


@readers
@require_GET
def kept_principles(request: Request, pk: int) -> HttpResponse:
    """One set, every principle in words beside its formal meaning; a draft also with what is odd in it, and to change."""
    found = get_object_or_404(PrincipleSet, pk=pk)
    principles = found.for_rules()
    is_draft = found.published_at is None
    context = {
        "set": found,
        "principles": principles_in_words(principles, checked=is_draft),
        "text": principles_text(principles),
        "keeps": may_keep_venues(request.user) and is_draft,
        "may_begin": may_keep_venues(request.user),
    }
    return render(request, "facilities/season/principles_set.html", context)


@readers
@require_GET
def principles_file(request: Request, pk: int) -> HttpResponse:
    """The set as a file, to keep or to take in elsewhere."""
    found = get_object_or_404(PrincipleSet, pk=pk)
    response = HttpResponse(principles_text(found.for_rules()), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="principer-{found.pk}.json"'
    return response


@officers
@require_http_methods(["GET", "POST"])
def principles_begin(request: Request) -> HttpResponse:
    """A new draft: empty, from a set that is published, or from an example."""
    sets = list(PrincipleSet.objects.exclude(published_at=None).order_by("-published_at", "name"))
    base = f"set:{request.GET.get('from', '')}"
    known = {f"set:{each.pk}" for each in sets}
    initial = {"base": base if base in known else "nothing"}
    form = BeginForm(request.POST if request.method == "POST" else None, sets=sets, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        draft = actions.write_principles(
            form.principles(), by=request.user, at=now(), source=typed["source"], is_example=typed["is_example"]
        )
        messages.success(request, _("The draft is begun. Write each part below; nothing counts until it is published."))
        return redirect("facilities:kept_principles", draft.pk)
    return form_page(request, form, "facilities/season/principles_begin.html")


@officers
@require_http_methods(["GET", "POST"])
def principles_facts(request: Request, pk: int) -> HttpResponse:
    """What a draft is called and rests on."""
    draft = draft_or_404(pk)
    initial = {"name": draft.name, "source": draft.source, "is_example": draft.is_example}
    form = FactsForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        called = replace(draft.for_rules(), name=typed["name"])
        if written := write(request, draft, called, form, source=typed["source"], is_example=typed["is_example"]):
            return written
    return form_page(request, form, "facilities/season/principles_facts.html", set=draft)


@officers
@require_POST
def principles_move(request: Request, pk: int) -> HttpResponse:
    """One row a step up or down, or out of the draft."""
    draft = draft_or_404(pk)
    try:
        part, to = Part(request.POST.get("part", "")), To(request.POST.get("to", ""))
        changed = rearranged(draft.for_rules(), part, int(request.POST.get("row", "")), to)
    except (ValueError, IndexError):
        raise Http404 from None
    done = _("The row is taken away.") if to is To.AWAY else _("The order is changed.")

    def move() -> None:
        save(request, draft, changed)

    return do(request, move, done, "facilities:kept_principles", pk, at_row=part.value)


@officers
@require_POST
def principles_publish(request: Request, pk: int) -> HttpResponse:
    """Publish a draft; from then on it stands."""
    draft = get_object_or_404(PrincipleSet, pk=pk)
    done = _("The principles are published, and stand. Choose them for a season.")
    return do(
        request,
        lambda: actions.publish_principles(draft, by=request.user, at=now()),
        done,
        "facilities:kept_principles",
        pk,
    )


# As a file ------------------------------------------------------------------------------------------------------------------


@officers
@require_http_methods(["GET", "POST"])
def kept_principles_new(request: Request) -> HttpResponse:
    """Principles from a file; a set that exists can be begun from."""
    base = PrincipleSet.objects.filter(pk=request.GET["from"]).first() if request.GET.get("from", "").isdecimal() else None
    return _file_page(request, None, principles_text(base.for_rules()) if base else "")


@officers
@require_http_methods(["GET", "POST"])
def kept_principles_edit(request: Request, pk: int) -> HttpResponse:
    """A set that is not published yet, written again."""
    draft = get_object_or_404(PrincipleSet, pk=pk)
    return _file_page(request, draft, principles_text(draft.for_rules()))


def _file_page(request: Request, draft: PrincipleSet | None, text: str) -> HttpResponse:
    initial = {"text": text, "source": draft.source if draft else "", "is_example": draft.is_example if draft else False}
    form = PrinciplesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            saved = actions.write_principles(
                form.principles, by=request.user, at=now(), source=typed["source"], is_example=typed["is_example"], draft=draft
            )
        except Refused as refusal:
            refuse(form, refusal, "text")
        else:
            messages.success(request, _("The principles are saved. Read them through as associations will."))
            return redirect("facilities:kept_principles", saved.pk)
    return form_page(request, form, "facilities/season/kept_principles_form.html", set=draft)
