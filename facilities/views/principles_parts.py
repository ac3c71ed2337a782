"""The parts of a draft, each on a page: a class, hours or a limit with its condition; the order; what comes after it.

A button of a row sends the whole form; the page comes back with the rows changed and everything typed still there. Only "Save"
writes, and only then is anything said to be wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import Request
from facilities.forms.principles import (
    SOFTS,
    AfterForm,
    ClassForm,
    LimitForm,
    WindowForm,
    after_initial,
    row_initial,
    typed_in,
)
from facilities.forms.principles_conditions import ConditionTree
from facilities.forms.principles_ladder import Ladder, softs_pressed
from facilities.models import PrincipleSet
from facilities.models.section import words_in_use
from facilities.rules.allocation.conditions import EVERYBODY
from facilities.rules.allocation.editing import Part, with_classes
from facilities.rules.allocation.principles import Principles, Soft
from facilities.rules.allocation.sentences import condition_formal, condition_sentence, published
from facilities.views.keeping import officers
from facilities.views.principles_drafts import draft_or_404, write

WHO = "who"  # the prefix of the condition's fields


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rows. question: what the condition answers; empty: what it means when there are no conditions."""

    part: Part
    form: type[forms.Form]
    new: Any
    change: Any
    question: Any
    empty: Any


KINDS: Mapping[str, Kind] = {
    "klass": Kind(
        Part.CLASSES, ClassForm, gettext_lazy("Add a class"), gettext_lazy("Change the class"),
        gettext_lazy("Which groups are in the class?"),
        gettext_lazy("Without conditions every group is in it that is in no class before."),
    ),
    "tider": Kind(
        Part.WINDOWS, WindowForm, gettext_lazy("Add hours of their own"), gettext_lazy("Change the hours"),
        gettext_lazy("For which groups?"), gettext_lazy("Without conditions it holds for every group."),
    ),
    "grans": Kind(
        Part.LIMITS, LimitForm, gettext_lazy("Add a limit"), gettext_lazy("Change the limit"),
        gettext_lazy("For which groups?"), gettext_lazy("Without conditions it holds for every group."),
    ),
}  # fmt: skip


@officers
@require_http_methods(["GET", "POST"])
def principles_row(request: Request, pk: int, kind: str, place: int | None = None) -> HttpResponse:
    """One class, stretch of hours or limit, with its condition. place: which row, from 0; None: a new one."""
    if kind not in KINDS:
        raise Http404
    draft, words = draft_or_404(pk), KINDS[kind]
    principles = draft.for_rules()
    rows: tuple[Any, ...] = getattr(principles, words.part.value)
    if place is not None and place >= len(rows):
        raise Http404
    row = rows[place] if place is not None else None
    posted = request.POST if request.method == "POST" else None
    pressed = posted.get("press", "") if posted else ""
    saves = posted is not None and not pressed
    form = _row_form(words, principles, row, posted, saves=saves)
    known = words_in_use()
    tree = (
        ConditionTree.of(row.who if row else EVERYBODY, WHO, known=known)
        if posted is None
        else ConditionTree.posted(posted, WHO, is_bound=saves, known=known)
    )
    if pressed:
        tree.press(pressed)
    if saves and all([form.is_valid(), tree.is_valid()]):
        changed = _with_row(principles, words.part, place, form.row(tree.condition()))  # type: ignore[attr-defined]
        if written := write(request, draft, changed, form, at_row=words.part.value):
            return written
    who = tree.said()
    context = {
        **_page(draft, request),
        "form": form,
        "tree": tree,
        "kind": words,
        "row": row,
        "place": place,
        "sentence": condition_sentence(who) if who is not None else "",
        "formal": condition_formal(who) if who is not None else "",
    }
    return render(request, "facilities/season/principles_row.html", context, status=422 if saves else 200)


def _row_form(kind: Kind, principles: Principles, row: Any, posted: Any, *, saves: bool) -> forms.Form:
    options: dict[str, Any] = {}
    if kind.part is Part.CLASSES:
        options["taken"] = [each.key for each in principles.classes if each is not row]
    if saves:
        return kind.form(posted, **options)
    return kind.form(initial=typed_in(kind.form, posted) if posted is not None else row_initial(row), **options)


def _with_row(principles: Principles, part: Part, place: int | None, row: Any) -> Principles:
    rows = list(getattr(principles, part.value))
    old = rows[place] if place is not None else None
    if place is None:
        rows.append(row)
    else:
        rows[place] = row
    if part is Part.CLASSES:
        return with_classes(principles, tuple(rows), {old.key: row.key} if old else {})
    changed: dict[str, Any] = {part.value: tuple(rows)}
    return replace(principles, **changed)


@officers
@require_http_methods(["GET", "POST"])
def principles_ladder(request: Request, pk: int) -> HttpResponse:
    """In which order the classes get their times, with the steps that it gives in words."""
    draft = draft_or_404(pk)
    principles = draft.for_rules()
    posted = request.POST if request.method == "POST" else None
    pressed = posted.get("press", "") if posted else ""
    saves = posted is not None and not pressed
    page = Ladder(principles, posted, is_bound=saves)
    if pressed:
        page.press(pressed)
    ladder = page.ladder()
    if saves and page.is_valid() and ladder is not None:
        written = write(request, draft, replace(principles, ladder=ladder), page.form, at_row="ladder")
        if written is not None:
            return written
    steps = published(replace(principles, ladder=ladder)) if ladder is not None else ()
    context = {
        **_page(draft, request),
        "page": page,
        "form": page.form,
        "rungs": page.rungs,
        "steps": [line for line in steps if line.part == "ladder"],
        "classes": principles.classes,
    }
    return render(request, "facilities/season/principles_ladder.html", context, status=422 if saves else 200)


@officers
@require_http_methods(["GET", "POST"])
def principles_after(request: Request, pk: int) -> HttpResponse:
    """What is looked at after the order of the classes: in which order, attractive hours, what costs how much."""
    draft = draft_or_404(pk)
    principles = draft.for_rules()
    posted = request.POST if request.method == "POST" else None
    pressed = posted.get("press", "") if posted else ""
    saves = posted is not None and not pressed
    softs = [str(each) for each in principles.soft]
    if posted is not None:
        softs = softs_pressed(posted.getlist("soft"), pressed, posted.get("add", ""))
    if saves:
        form = AfterForm(posted)
    else:
        form = AfterForm(initial=typed_in(AfterForm, posted) if posted is not None else after_initial(principles))
    if saves and form.is_valid():
        changed = replace(
            principles, attractive=form.attractive(), weights=form.weights(), soft=tuple(Soft(each) for each in softs)
        )
        if written := write(request, draft, changed, form, at_row="after"):
            return written
    context = {
        **_page(draft, request),
        "form": form,
        "softs": [(each, SOFTS[Soft(each)]) for each in softs],
        "others": [(str(each), words) for each, words in SOFTS.items() if each not in softs],
    }
    return render(request, "facilities/season/principles_after.html", context, status=422 if saves else 200)


def _page(draft: PrincipleSet, request: Request) -> dict[str, Any]:
    """seen: the version that the officer began to change, also when the page comes back."""
    return {"set": draft, "seen": request.POST.get("seen") or draft.version}
