"""The yearly report: a page, an accessible PDF and a file; for everybody once the year is locked, with small numbers hidden."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.permissions import Request, needs
from accounts.permissions import public as for_everybody
from culture.choices import Organiser
from culture.follow_up import Opinions
from culture.matrix import Cell
from culture.models import CoverageVersion, SchoolYear
from culture.rules.figures import missing_text, percent_text
from culture.views.figures import figure
from culture.views.plan_words import count
from culture.views.voices import year_shown
from culture.yearbook import EVERYBODY, Yearbook, shown
from records import pdf
from records.spreadsheets import FORMATS, download

HIDDEN, STYLES = "..", ("css/letter.css", "css/report.css")
LANGUAGE = "sv"


@needs("culture.read")
@require_GET
def report(request: Request) -> HttpResponse:
    """The report of a school year: the headline, its versions, and the files. Constant queries."""
    year = year_shown(request.GET.get("lasar", ""), localdate())
    if year is None:
        return redirect("culture:plan_list")
    book = Yearbook(year, year.versions.order_by("-number").first())
    context = {
        "year": year,
        "years": SchoolYear.objects.order_by("-first"),
        "book": book,
        "headline": figure(book.whole),
        "lines": [(label, cell, figure(cell), declined) for label, cell, declined in book.organisers],
        "by_grade": [(label, cell, figure(cell)) for label, cell in book.by_grade],
        "versions": book.versions,
        "over_the_years": [(grade, [figure(cell) for cell in cells]) for grade, cells in book.over_the_years],
    }
    return render(request, "culture/report/page.html", context)


@needs("culture.read")
@require_GET
def report_pdf(request: Request, first: int) -> HttpResponse:
    """The whole report with every number, for those who plan and audit. ?version=: an earlier version of a locked year."""
    year = get_object_or_404(SchoolYear, first=first)
    return _pdf(Yearbook(year, _version(request, year)), open_to_all=False)


@for_everybody
@require_GET
def report_public(request: HttpRequest, first: int) -> HttpResponse:
    """The report of a locked year for everybody, with small numbers hidden; its latest version."""
    year = get_object_or_404(SchoolYear, first=first, locked_at__isnull=False)
    return _pdf(Yearbook(year, year.versions.order_by("-number").first()), open_to_all=True)


@needs("culture.read")
@require_GET
def report_table(request: Request, first: int, kind: str) -> HttpResponse:
    """The figures as a file: each school and grade, then each kind of organiser, then everybody."""
    if kind not in FORMATS:
        raise Http404
    year = get_object_or_404(SchoolYear, first=first)
    book = Yearbook(year, _version(request, year))
    return download(kind, name=_name(book, open_to_all=False), headings=_headings(), rows=_rows(book))


def _version(request: HttpRequest, year: SchoolYear) -> CoverageVersion | None:
    asked = request.GET.get("version", "")
    if asked.isdecimal() and len(asked) < 6:
        return get_object_or_404(year.versions, number=int(asked))
    return year.versions.order_by("-number").first()


def _name(book: Yearbook, *, open_to_all: bool) -> str:
    version = f"version-{book.version.number}" if book.version else "preliminar"
    return f"kulturgarantin-{book.year.first}-{version}" + ("" if open_to_all else "-intern")


def _pdf(book: Yearbook, *, open_to_all: bool) -> HttpResponse:
    with translation.override(LANGUAGE):
        html = render_to_string("culture/report/report.html", _context(book, open_to_all=open_to_all))
    response = HttpResponse(pdf.to_pdf(html, stylesheets=STYLES), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_name(book, open_to_all=open_to_all)}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _context(book: Yearbook, *, open_to_all: bool) -> dict[str, Any]:
    whole = book.whole
    return {
        "municipality": settings.MUNICIPALITY,
        "book": book,
        "year": book.year,
        "version": book.version,
        "made_at": now(),
        "open_to_all": open_to_all,
        "percent": percent_text(whole.reached, whole.official),
        "bare": _bare(whole.reached, whole.official),
        "missing": missing_text(whole.guarantee),
        "share": _share(whole.reached, whole.official),
        "organisers": _organisers(book, open_to_all=open_to_all),
        "by_grade": _by_grade(book, open_to_all=open_to_all),
        "grades": [book.grade_name(grade) for grade in book.grades],
        "schools": _schools(book, open_to_all=open_to_all),
        "together": [_cell(book, EVERYBODY, str(grade), open_to_all) for grade in book.grades],
        "hides": open_to_all and bool(book.table and book.table.hidden),
        "cohorts": [(cohort, [(cohort.met.get(art, 0), cohort.schools) for art, _label in book.arts]) for cohort in book.cohorts],
        "over_the_years": _over_the_years(book, open_to_all=open_to_all),
        "offers": [(each, *(_mean(opinions) for opinions in thought)) for each, thought in book.offers],
    }


def _share(reached: int, official: int) -> str:
    """For the length of a bar, in percent with a point."""
    return f"{100 * reached / official:.1f}" if official else "0"


def _organisers(book: Yearbook, *, open_to_all: bool) -> list[dict[str, Any]]:
    labels = {str(kind.label): kind.value for kind in Organiser}
    found = []
    for label, cell, declined in book.organisers:
        numbers = shown(book.table, labels[label]) if open_to_all else (cell.reached, cell.official)
        found.append({**_line(numbers), "label": label, "declined": [(each, book.declined[each.pk]) for each in declined]})
    return found


def _line(numbers: tuple[int, int] | None) -> dict[str, Any]:
    """One line of a table: hidden, or percent, reached, pupils and who is missing."""
    if numbers is None:
        return {"percent": HIDDEN, "reached": HIDDEN, "pupils": HIDDEN, "missing": HIDDEN, "share": "0"}
    reached, pupils = numbers
    return {
        "percent": percent_text(reached, pupils),
        "reached": count(reached),
        "pupils": count(pupils),
        "missing": count(pupils - reached),
        "share": _share(reached, pupils),
    }


def _by_grade(book: Yearbook, *, open_to_all: bool) -> list[dict[str, Any]]:
    found = []
    for grade, (label, cell) in zip(book.grades, book.by_grade, strict=True):
        numbers = shown(book.table, EVERYBODY, str(grade)) if open_to_all else (cell.reached, cell.official)
        found.append({**_line(numbers), "label": label})
    return found


def _schools(book: Yearbook, *, open_to_all: bool) -> list[dict[str, Any]]:
    return [
        {
            "school": school,
            "cells": [_cell(book, str(school.pk), str(grade), open_to_all) for grade in book.grades],
            "whole": _cell(book, str(school.pk), "", open_to_all),
            "declined": school.pk in book.declined,
        }
        for school in book.schools
    ]


def _cell(book: Yearbook, name: str, column: str, open_to_all: bool) -> str:
    """A cell of the matrix in percent, without the sign: the head of the table says it."""
    if open_to_all:
        numbers = shown(book.table, name, column) if column else shown(book.table, name)
        return HIDDEN if numbers is None else _bare(*numbers)
    if name == EVERYBODY:
        cell = next(cell for grade, (_label, cell) in zip(book.grades, book.by_grade, strict=True) if str(grade) == column)
        return _bare(cell.reached, cell.official)
    row = book.rows[int(name)]
    found: Cell | None = row.grades.get(int(column)) if column else row.whole
    return _bare(found.reached, found.official) if found else "–"


def _bare(reached: int, official: int) -> str:
    return percent_text(reached, official).removesuffix("\u00a0%")


def _over_the_years(book: Yearbook, *, open_to_all: bool) -> list[tuple[str, list[str]]]:
    """Each cohort year by year. For everybody only when at least a class is behind every number."""
    least = 5 if open_to_all else 0

    def text(cell: Cell) -> str:
        if not cell.official:
            return "–"
        small = min(each for each in (cell.official, cell.reached or cell.official)) < least
        return HIDDEN if small else percent_text(cell.reached, cell.official)

    return [(grade, [text(cell) for cell in cells]) for grade, cells in book.over_the_years]


def _mean(opinions: Opinions) -> tuple[Decimal | None, int | None]:
    """(how much they liked it, answers), nothing of fewer than five."""
    return (opinions.mean("liked"), opinions.answers) if opinions.is_shown else (None, None)


def _headings() -> list[str]:
    return [
        _("School year"),
        _("Version"),
        _("School unit code"),
        _("School"),
        _("Organiser"),
        _("Declined"),
        _("Grade"),
        _("Classes"),
        _("Pupils on the measuring date"),
        _("Reached, at least"),
        _("Reached, at most"),
        _("Percent"),
        _("Booked"),
        _("Planned"),
        _("Pupils today"),
        _("Reached today"),
    ]


def _rows(book: Yearbook) -> Iterable[list[Any]]:
    head = [str(book.year), book.version.number if book.version else None]
    for school in book.schools:
        mine = [*head, school.code, school.name, str(school.get_organiser_display()), book.declined.get(school.pk)]
        row = book.rows[school.pk]
        for grade, cell in row.grades.items():
            yield [*mine, book.grade_name(grade), *_numbers(cell)]
        yield [*mine, _("All"), *_numbers(row.whole)]
    for label, cell, _declined in book.organisers:
        yield [*head, None, None, label, None, _("All"), *_numbers(cell)]
    for label, cell in book.by_grade:
        yield [*head, None, None, None, None, label, *_numbers(cell)]
    yield [*head, None, None, None, None, _("All"), *_numbers(book.whole)]


def _numbers(cell: Cell) -> list[Any]:
    reached = [cell.classes, cell.official, cell.reached, max(cell.reached, cell.upper)]
    percent = percent_text(cell.reached, cell.official)
    return [*reached, percent, cell.booked, cell.planned, cell.live, cell.live_reached]
