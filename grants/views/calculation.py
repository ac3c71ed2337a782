"""The calculation of a scheme, part by part: add, change, move, take away, and see its gaps and cliffs at once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import needs
from grants.actions import versions
from grants.actions.refusals import NotAllowedNow
from grants.actions.versions import List
from grants.file_words import problem_text
from grants.forms.parts import PartForm
from grants.part_words import KINDS, shown_parts
from grants.rules.parts import PARTS
from grants.rules.parts_json import MOST_PARTS, PartsNotReadable, parts_from_json
from grants.rules.weaknesses import weaknesses
from grants.views.steps import received_at
from grants.views.workbench import Workbench, workbench
from grants.weakness_words import shown_weaknesses


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def calculation(request: HttpRequest, pk: int) -> HttpResponse:
    """The parts in order, and what to look at."""
    bench = workbench(pk)
    if request.method == "POST":
        _save(request, bench, moved_or_removed(request.POST.get("do", "")))
        return redirect("grants:calculation", pk)
    context = {
        "rows": shown_parts(bench.parts, bench.names),
        "weaknesses": shown_weaknesses(weaknesses(bench.parts), bench.names),
    }
    return render(request, "grants/schemes/calculation.html", bench.context("calculation", **context))


def moved_or_removed(do: str) -> Callable[[List], List]:
    """ "up:2", "down:0" or "remove:1" as a change of a list. Anything else, or a place that is not there, changes nothing."""
    verb, _colon, text = do.partition(":")
    place = int(text) if text.isdecimal() and len(text) < 4 else -1

    def change(rows: List) -> List:
        if not 0 <= place < len(rows):
            return rows
        row = rows[place]
        others = [*rows[:place], *rows[place + 1 :]]
        to = {"up": place - 1, "down": place + 1}.get(verb, place)
        if verb == "remove":
            return others
        return [*others[: max(to, 0)], row, *others[max(to, 0) :]]

    return change


def _save(request: HttpRequest, bench: Workbench, change: Callable[[List], List]) -> bool:
    """Whether it was saved; otherwise a message says why not."""
    stamp = request.POST.get("stamp", "")
    try:
        versions.change_parts(bench.scheme, change, stamp=stamp, by=request.user, at=received_at(request))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    except PartsNotReadable as wrong:
        messages.error(request, problem_text(wrong.code))
    else:
        return True
    return False


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def part_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a kind, then its numbers."""
    bench = workbench(pk)
    kind = request.GET.get("slag", "")
    if kind not in PARTS:
        return render(request, "grants/schemes/part_kinds.html", bench.context("calculation", kinds=KINDS.items()))
    return _part_page(request, bench, kind, None)


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def part_change(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    bench = workbench(pk)
    if not 0 <= place < len(bench.version.parts):
        raise Http404
    return _part_page(request, bench, bench.version.parts[place]["kind"], place)


def _part_page(request: HttpRequest, bench: Workbench, kind: str, place: int | None) -> HttpResponse:
    """The form of one part. "Look" shows what the calculation would be, with its weaknesses, and saves nothing."""
    rows = list(bench.version.parts)
    data = request.POST if request.method == "POST" else None
    form = PartForm(data, kind, quantities=bench.quantities, groups=bench.groups, part=None if place is None else rows[place])
    looked: dict[str, Any] = {}
    if data is not None and form.is_valid():
        if place is None and len(rows) >= MOST_PARTS:
            form.add_error(None, problem_text("too_many"))
        elif data.get("next") == "look":
            looked = _looked(bench, _with(rows, place, form.part()))
        elif _save(request, bench, lambda kept: _with(kept, place, form.part())):
            messages.success(request, _("The part is saved."))
            return redirect("grants:calculation", bench.scheme.pk)
    context = {"form": form, "kind": KINDS[kind], "place": place, "number": (len(rows) if place is None else place) + 1, **looked}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "grants/schemes/part.html", bench.context("calculation", **context), status=status)


def _with(rows: List, place: int | None, part: dict[str, Any]) -> List:
    return [*rows, part] if place is None else [*rows[:place], part, *rows[place + 1 :]]


def _looked(bench: Workbench, rows: List) -> dict[str, Any]:
    try:
        parts = parts_from_json(rows)
    except PartsNotReadable as wrong:
        return {"looked": [], "weaknesses": [], "wrong": problem_text(wrong.code)}
    return {"looked": shown_parts(parts, bench.names), "weaknesses": shown_weaknesses(weaknesses(parts), bench.names)}
