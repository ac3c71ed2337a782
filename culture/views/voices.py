"""Who speaks for a school on a page: somebody signed in, or whoever holds a link from a letter. The pages are the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.permissions import Request, for_roles, needs, public
from culture import actions
from culture.choices import CountSource
from culture.models import School, SchoolYear, Visit
from culture.models.visit import VisitQuerySet
from culture.permissions import Speaker
from culture.rules.years import school_year_of

Page = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Voice:
    """A school in a school year, and who speaks for it. token: of the link; empty for somebody signed in."""

    school: School
    year: SchoolYear
    speaker: Speaker
    token: str = ""
    visit: int | None = None  # a link for one visit opens that alone
    in_office: bool = False  # an officer, on pages of their own

    def address(self, page: str, *args: Any) -> str:
        """The address of a page for whoever speaks: 'visit' is culture:link_visit or culture:school_visit."""
        if self.in_office:
            return self._in_office(page, *args)
        if self.token:
            return reverse(f"culture:link_{page}" if page != "home" else "culture:link", args=[self.token, *args])
        return reverse(f"culture:school_{page}", args=args)

    def _in_office(self, page: str, *args: Any) -> str:
        if page == "home":
            return f"{reverse('culture:desk_school', args=[self.school.pk])}?lasar={self.year.first}"
        return reverse(f"culture:office_{page}", args=[self.school.pk, self.year.first, *args])

    @property
    def home_label(self) -> str:
        return self.school.name if self.in_office else _("The visits")

    @property
    def source(self) -> str:
        """Who states the numbers."""
        return CountSource.OFFICER if self.in_office else CountSource.SCHOOL

    def visits(self) -> VisitQuerySet:
        """The visits of the school's classes this year that it has been told of."""
        found = Visit.objects.with_all().filter(class_group__school=self.school, class_group__year=self.year)
        found = found.exclude(status="planned").order_by("day", "class_group__key")
        return found.filter(pk=self.visit) if self.visit else found


def by_link(*purposes: str) -> Callable[[Page], Page]:
    """The door of a link: opens a page for whoever holds a link made for one of *purposes*, and says why when it does not."""

    def door(page: Page) -> Page:
        @public
        @wraps(page)
        def view(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                link = actions.link_with(token, at=now())
            except actions.LinkRefused as refusal:
                return render(request, "culture/link_refused.html", {"refusal": refusal}, status=410)
            if purposes and link.purpose not in purposes:
                raise Http404
            return page(request, Voice(link.school, link.year, link, token, link.visit_id), *args, **kwargs)

        return view

    return door


def signed_in_for_school(page: Page) -> Page:
    """The door of those who sign in for a school: the one they act for right now, in the year of ?lasar= or the present one."""

    @for_roles(Role.SCHOOL)
    @wraps(page)
    def view(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        hat = request.hat
        key = hat.key if hat and hat.kind == "school" else 0
        school = School.objects.spoken_for_by(request.user).filter(pk=key).first()
        year = year_shown(request.GET.get("lasar", ""), localdate())
        if school is None or year is None:
            return render(request, "culture/no_school.html", {"school": school})
        return page(request, Voice(school, year, request.user), *args, **kwargs)

    return view


def in_office(page: Page) -> Page:
    """The door of officers to the same pages: for any school, in the school year that the address names."""

    @needs("culture.plan")
    @wraps(page)
    def view(request: Request, school: int, first: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found, year = School.objects.filter(pk=school).first(), SchoolYear.objects.filter(first=first).first()
        if found is None or year is None:
            raise Http404
        return page(request, Voice(found, year, request.user, in_office=True), *args, **kwargs)

    return view


def year_shown(asked: str, today: date) -> SchoolYear | None:
    """The school year asked for by its first year, else the one of today, else the latest that is opened. One query."""
    years = {year.first: year for year in SchoolYear.objects.all()}
    wanted = int(asked) if asked.isdecimal() and len(asked) == 4 else school_year_of(today).start
    return years.get(wanted) or (years[max(years)] if years else None)
