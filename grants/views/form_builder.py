"""Officers build the form of a scheme: sections, questions, conditions, a preview, copies from other schemes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import needs
from grants.actions import form_edits, versions
from grants.actions.refusals import NotAllowedNow
from grants.actions.versions import List
from grants.file_words import problem_text
from grants.forms.answers import SectionForm, typed_answers
from grants.forms.builder import KINDS, QuestionEdit, SectionEdit
from grants.forms.conditions import ConditionsEdit
from grants.models import SchemeVersion
from grants.rules.questions import Answer, FormNotReadable, Kind, Question, Section, Seen, is_hidden, questions_of, seen_questions
from grants.views.steps import received_at
from grants.views.workbench import Workbench, workbench
from grants.wording import condition_sentence


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def form_builder(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as it stands, with doors to every section and question."""
    bench = workbench(pk)
    if request.method == "POST":
        _save(request, bench, form_edits.moved_or_removed(request.POST.get("do", "")))
        return redirect("grants:form_builder", pk)
    everything = questions_of(bench.form)
    sections = [
        {
            "section": section,
            "condition": condition_sentence(section.shown_if, everything) if section.shown_if else "",
            "questions": [_shown(question, everything) for question in section.questions],
        }
        for section in bench.form
    ]
    return render(request, "grants/schemes/form_builder.html", bench.context("form_builder", sections=sections))


def _shown(question: Question, everything: list[Question]) -> dict[str, Any]:
    return {
        "question": question,
        "kind": KINDS[question.kind][0],
        "condition": condition_sentence(question.shown_if, everything) if question.shown_if else "",
    }


def _save(request: HttpRequest, bench: Workbench, change: Callable[[List], List]) -> bool:
    """Whether it was saved; otherwise a message says why not."""
    try:
        versions.change_form(bench.scheme, change, stamp=request.POST.get("stamp", ""), by=request.user, at=received_at(request))
    except NotAllowedNow as refused:
        messages.warning(request, str(refused))
    except FormNotReadable as wrong:
        messages.error(request, problem_text(wrong.code))
    else:
        return True
    return False


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def section_edit(request: HttpRequest, pk: int, key: str = "") -> HttpResponse:
    """A section of the form: its heading, its introduction, when it is asked."""
    bench = workbench(pk)
    section = next((each for each in bench.form if each.key == key), None)
    if key and section is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = SectionEdit(data, initial={"title": section.title, "hint": section.hint} if section else {})
    conditions = ConditionsEdit(data, _before_section(bench, section), section.shown_if if section else None)
    is_right = data is not None and form.is_valid() & conditions.is_valid()
    if is_right and _save(request, bench, form_edits.put_section({**form.row(), **conditions.row()}, key)):
        messages.success(request, _("The part is saved."))
        return redirect("grants:form_builder", pk)
    context = {"form": form, "conditions": conditions, "section": section}
    return _page(request, bench, "section_edit", context, form, conditions)


def _page(request: HttpRequest, bench: Workbench, name: str, context: dict[str, Any], *forms: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, f"grants/schemes/{name}.html", bench.context("form_builder", **context), status=status)


def _before_section(bench: Workbench, section: Section | None) -> list[Question]:
    """The questions that come before a section; all of them for a new one, which is put last."""
    place = bench.form.index(section) if section else len(bench.form)
    return questions_of(bench.form[:place])


def _before_question(bench: Workbench, section: Section, question: Question | None) -> list[Question]:
    """The questions that come before one; a new one is put last in its section."""
    inside = section.questions[: section.questions.index(question)] if question else section.questions
    return [*_before_section(bench, section), *inside]


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def question_add(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Choose a kind, then what is asked."""
    bench = workbench(pk)
    into = next((each for each in bench.form if each.key == section), None)
    if into is None:
        raise Http404
    kind = request.GET.get("slag", "")
    if kind not in list(Kind):
        kinds = [(each.value, words) for each, words in KINDS.items()]
        return render(request, "grants/schemes/question_kinds.html", bench.context("form_builder", kinds=kinds, section=into))
    return _question_page(request, bench, Kind(kind), into, None)


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def question_edit(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    bench = workbench(pk)
    for section in bench.form:
        for question in section.questions:
            if question.key == key:
                return _question_page(request, bench, question.kind, section, question)
    raise Http404


def _question_page(
    request: HttpRequest, bench: Workbench, kind: Kind, section: Section, question: Question | None
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    key = question.key if question else ""
    saved = next((row for each in bench.version.form for row in each["questions"] if row["key"] == key), None)
    is_free = question is None and kind is Kind.AMOUNT and all(each.key != "asked" for each in questions_of(bench.form))
    sections = [(each.key, each.title) for each in bench.form]
    earlier = _before_question(bench, section, question)
    form = QuestionEdit(data, kind, sections=sections, into=section.key, question=saved, may_be_asked=is_free, earlier=earlier)
    if saved is not None and "required" not in saved:
        form.initial["required"] = True
    conditions = ConditionsEdit(data, earlier, question.shown_if if question else None)
    if data is not None and form.is_valid() & conditions.is_valid():
        row = {**form.row(), **conditions.row()}
        if _save(request, bench, form_edits.put_question(row, form.cleaned_data["into"], key)):
            messages.success(request, _("The question is saved."))
            return redirect("grants:form_builder", bench.scheme.pk)
    context = {"form": form, "conditions": conditions, "kind": KINDS[kind], "question": question}
    return _page(request, bench, "question_edit", context, form, conditions)


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def form_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole form as an applicant meets it. What is typed here is judged, and saved nowhere."""
    bench = workbench(pk)
    answers: dict[str, Answer] = {}
    if request.method == "POST":
        for section in bench.form:
            answers |= typed_answers(section, request.POST)
    seen = seen_questions(bench.form, answers)
    sections = [
        {
            "section": section,
            "form": SectionForm(section, bench.form, answers, strict=request.method == "POST"),
            "is_hidden": is_hidden(section, bench.form, answers),
        }
        for section in bench.form
    ]
    hidden = [question.label for question in questions_of(bench.form) if seen[question.key] is Seen.HIDDEN]
    waiting = [question.label for question in questions_of(bench.form) if seen[question.key] is Seen.UNDETERMINED]
    context = {"sections": sections, "hidden": hidden, "waiting": waiting, "tried": request.method == "POST"}
    return render(request, "grants/schemes/form_preview.html", bench.context("form_builder", **context))


@needs("grants.configure")
@require_http_methods(["GET", "POST"])
def form_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the sections of another scheme's form into this one."""
    bench = workbench(pk)
    others = SchemeVersion.objects.exclude(scheme=bench.scheme).exclude(form=[]).select_related("scheme")
    if request.method == "POST":
        number = request.POST.get("version", "")
        other = get_object_or_404(others, pk=int(number) if number.isdecimal() and len(number) < 10 else 0)
        taken = [section.key for section in bench.form]
        if _save(request, bench, lambda rows: [*rows, *versions.sections_from(other, taken)]):
            messages.success(request, _("The parts are copied. Change them as you like; the original stays as it is."))
        return redirect("grants:form_builder", pk)
    newest = {each.scheme_id: each for each in others.order_by("number")}
    rows = [{"version": each, "sections": [section["title"] for section in each.form]} for each in newest.values()]
    return render(request, "grants/schemes/form_copy.html", bench.context("form_builder", rows=rows))
