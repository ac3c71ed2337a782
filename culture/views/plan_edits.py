"""One class in a proposal: where it goes, where else it could go and why not; kept, placed, taken out, allowed, taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Request, needs
from culture import actions
from culture.choices import EditKind, RunStatus
from culture.fitting import fragments_for, unmet_needs
from culture.forms.planning import AllowForm
from culture.models import BlockedDays, ClassGroup, Performance, PlanEdit, PlanRow, PlanRun
from culture.permissions import may_plan
from culture.proposal import Proposal
from culture.views import plan_words
from culture.views.figures import grade_name
from culture.views.plan_tables import readable
from records.refusals import NotAllowedNow


@dataclass(frozen=True, slots=True)
class Option:
    """A performance that the class could go to, or why not. left: seats, None when they are not counted."""

    performance: Performance
    left: int | None
    why: str = ""
    off_grade: bool = False


@needs("culture.read")
@require_GET
def plan_class(request: Request, pk: int, group: int) -> HttpResponse:
    """Where one class goes in a proposal, why it goes without, and every other performance with what stands in the way."""
    run = readable(request, pk)
    return _shown(request, run, _class_of(run, group))


def _class_of(run: PlanRun, pk: int) -> ClassGroup:
    return get_object_or_404(ClassGroup.objects.with_counts().filter(year=run.year_id), pk=pk)


def _shown(request: Request, run: PlanRun, found: ClassGroup, form: AllowForm | None = None) -> HttpResponse:
    read = Proposal(run)
    rows = [row for row in read.rows if row.class_group_id == found.pk]
    options = options_of(read, found)
    off_grade = [option.performance for option in options if option.off_grade]
    line = next((line for line in read.classes if line.group.pk == found.pk), None)
    context = {
        "run": run,
        "group": found,
        "line": line,
        "grades": [(grade_name(part.grade, run.year.first), part.live) for part in found.fragments.all() if part.live],
        "rows": rows,
        "edits": [(edit, plan_words.edit_tone(edit)) for edit in read.edits if edit.class_group_id == found.pk],
        "open": [option for option in options if not option.why],
        "closed": [option for option in options if option.why],
        "reasons": [(why, plan_words.links(why, read)) for why in read.reasons if str(found.pk) in why.unserved],
        "form": form or (AllowForm(group=found, performances=off_grade) if off_grade else None),
        "may": bool(may_plan(request.user)) and run.status == RunStatus.DONE,
    }
    return render(request, "culture/plan/class.html", context, status=422 if form and form.errors else 200)


def options_of(read: Proposal, group: ClassGroup) -> list[Option]:
    """Every performance that the class does not go to in the proposal, by time, with the first thing that stands in the way."""
    theirs = [row.performance for row in read.rows if row.class_group_id == group.pk]
    there = {show.pk for show in theirs}
    look = _Look(read, group, theirs)
    return [look.at(show) for show in _by_time(read.performances.values()) if show.pk not in there]


def _by_time(shows: Iterable[Performance]) -> list[Performance]:
    return sorted(shows, key=lambda show: (show.starts_at, show.pk))


class _Look:
    """What a class can go to, as the proposal stands. One query: the days that do not suit."""

    def __init__(self, read: Proposal, group: ClassGroup, theirs: list[Performance]) -> None:
        self.group = group
        self.events = {show.offer_id for show in theirs}
        self.days = {show.day for show in theirs}
        given: dict[str, Any] = next((klass for klass in read.problem["classes"] if klass["key"] == str(group.pk)), {})
        self.seen = set(given.get("seen", ()))
        refused = {performance for klass, performance in read.problem["refused"] if klass == str(group.pk)}
        said = {e.performance_id for e in read.edits if e.class_group_id == group.pk and e.kind == EditKind.FORBID}
        self.refused = refused | {str(pk) for pk in said}
        self.allowed = {e.performance_id for e in read.edits if e.class_group_id == group.pk and e.kind == EditKind.ALLOW}
        blocked = BlockedDays.objects.filter(school=group.school_id)
        self.blocked = [row for row in blocked if row.class_group_id in (None, group.pk)]
        self.rows: dict[int, list[PlanRow]] = {}
        for row in read.rows:
            self.rows.setdefault(row.performance_id, []).append(row)

    def at(self, show: Performance) -> Option:
        rows = self.rows.get(show.pk, [])
        taken = sum(row.pupils + row.adults for row in rows)
        left = None if show.seats is None else show.seats - taken
        coming = fragments_for(self.group, show.offer)
        off_grade = not coming and show.pk not in self.allowed
        return Option(show, left, "" if (code := self._code(show, rows, left, off_grade)) is None else _words(code), off_grade)

    def _code(self, show: Performance, rows: list[PlanRow], left: int | None, off_grade: bool) -> str | None:
        host = next((row.host_id for row in rows if row.host_id), show.host_id)
        people = sum(part.live for part in fragments_for(self.group, show.offer)) + self.group.adults
        looks = (
            ("grade", off_grade),
            ("seen", str(show.offer_id) in self.seen),
            ("access", bool(unmet_needs(self.group, show)) and not (show.is_touring and host is None)),
            ("blocked", any(row.first <= show.day <= row.last for row in self.blocked)),
            ("refused", str(show.pk) in self.refused),
            ("elsewhere", show.is_touring and host not in (None, self.group.school_id)),
            ("hall", show.is_touring and host is None and (self.group.school.hall_capacity or 0) < people),
            ("same_event", show.offer_id in self.events),
            ("same_day", show.day in self.days),
            ("full", (left is not None and left < people) or (show.groups is not None and len(rows) >= show.groups)),
        )
        return next((code for code, holds in looks if holds), None)


def _words(code: str) -> str:
    words = {
        "grade": _("is not for its grades"),
        "seen": _("it has been to this before"),
        "access": _("lacks the accessibility that the class needs"),
        "blocked": _("the day does not suit the school"),
        "refused": _("the school or you have said no"),
        "hall": _("the school has no hall that is large enough"),
        "elsewhere": _("is given at another school"),
        "same_event": _("it goes to the same event at another time"),
        "same_day": _("it goes to something else that day"),
        "full": _("is full in this proposal"),
    }
    return words[code]


# What is said ---------------------------------------------------------------------------------------------------------


@needs("culture.plan")
@require_POST
def plan_edit(request: Request, pk: int, group: int) -> HttpResponse:
    """One press: place here, keep here, not here. do and performance come with the button."""
    run = readable(request, pk)
    found = _class_of(run, group)
    do, typed = request.POST.get("do", ""), request.POST.get("performance", "")
    show = get_object_or_404(Performance, pk=int(typed) if typed.isdecimal() and len(typed) < 12 else 0, year=run.year_id)
    try:
        if do == "keep":
            row = get_object_or_404(PlanRow, run=run, class_group=found, performance=show)
            actions.lock_place(run, row, by=request.user, at=now())
        elif do in (EditKind.PLACE, EditKind.FORBID):
            actions.edit_plan(run, do, found, show, by=request.user, at=now())
        else:
            messages.warning(request, _("Choose what to do."))
            return redirect("culture:plan_class", run.pk, found.pk)
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _said(do) % {"class": found, "what": show.offer})
    return redirect("culture:plan_class", run.pk, found.pk)


def _said(do: str) -> str:
    words = {
        "keep": _("%(class)s keeps its place at %(what)s."),
        EditKind.PLACE: _("%(class)s goes to %(what)s."),
        EditKind.FORBID: _("%(class)s does not go to %(what)s."),
    }
    return words[do]


@needs("culture.plan")
@require_POST
def plan_allow(request: Request, pk: int, group: int) -> HttpResponse:
    """A grade may go to something that is not for it, with a reason; and goes there at once when there is room."""
    run = readable(request, pk)
    found = _class_of(run, group)
    read = Proposal(run)
    off_grade = [option.performance for option in options_of(read, found) if option.off_grade]
    form = AllowForm(request.POST, group=found, performances=off_grade)
    if not form.is_valid():
        return _shown(request, run, found, form)
    said: dict[str, Any] = form.cleaned_data
    try:
        actions.edit_plan(
            run,
            EditKind.ALLOW,
            found,
            said["performance"],
            fragment=said["fragment"],
            reason=said["reason"],
            by=request.user,
            at=now(),
        )
    except NotAllowedNow as refused:
        form.add_error("reason" if refused.code in ("personal_number", "no_reason") else None, str(refused))
        return _shown(request, run, found, form)
    messages.success(request, _("Noted. Press Place here to put the class there now, or compute a new proposal."))
    return redirect("culture:plan_class", run.pk, found.pk)


@needs("culture.plan")
@require_POST
def plan_edit_back(request: Request, pk: int, edit: int) -> HttpResponse:
    """What was said is taken back."""
    run = readable(request, pk)
    found = get_object_or_404(PlanEdit.objects.select_related("run"), run=run, pk=edit)
    try:
        actions.take_back_edit(found, by=request.user, at=now())
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Taken back."))
    if request.POST.get("back") == "plan":
        return redirect("culture:plan", run.pk)
    return redirect("culture:plan_class", run.pk, found.class_group_id)
