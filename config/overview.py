"""The cards under the tasks of the start page: what comes next and what stands, over several rooms."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from associations import standing
from associations.models import Association
from config import formats
from config.navigation import CASEWORK
from grants.choices import DECIDED, RECEIVED, ApplicationStatus, InstalmentStatus
from grants.models import Application, Instalment, Meeting
from records.registry import Card

SHOWN = 3


def cards(user: Any, hat: Any, at: datetime) -> list[Card]:
    """For the association one acts for, or for those who handle applications. At most 16 queries."""
    day = localdate(at)
    if hat and hat.kind == "association":
        association = Association.objects.spoken_for_by(user).filter(pk=hat.key).select_related("category").first()
        return _of_association(association, user, day) if association else []
    makers: list[Callable[[Any, date], Card | None]] = [_applications, _meeting, _to_pay] if user.has_role(*CASEWORK) else []
    return [card for make in makers if (card := make(user, day))]


# The association --------------------------------------------------------------------------------------------------


def _of_association(association: Association, user: Any, day: date) -> list[Card]:
    own = Application.objects.spoken_for_by(user).filter(association=association)
    latest = list(own.received().select_related("call").order_by("-received_at")[:SHOWN])
    found = [_requirements(association, day)]
    if latest:
        found.append(
            Card(
                _("Applications"),
                tuple(f"{row.call}: {row.get_status_display()}." for row in latest),
                reverse("grants:application_list"),
                _("See your applications"),
            )
        )
    return [*found, *_money(own, day)]


def _requirements(association: Association, day: date) -> Card:
    """'11 av 12 uppfyllda', and what is missing."""
    result = standing.of(association, day)
    rows = [row for row in result.rows if not row["met"]]
    first = tuple(row["sentence"] for row in rows[:2])
    more = len(rows) - len(first)
    counted = _("%(met)s met.") % {"met": formats.out_of(result.number_met, len(result.findings))}
    rest = (ngettext("And one more.", "And %(n)s more.", more) % {"n": more},) if more > 0 else ()
    return Card(
        _("Requirements for support"),
        (counted, *first, *rest),
        reverse("associations:requirements", args=[association.pk]),
        _("See all requirements"),
    )


def _money(own: Any, day: date) -> list[Card]:
    parts = Instalment.objects.filter(decision__application__in=own.values("pk"))
    paid = parts.filter(status=InstalmentStatus.PAID, due_on__year=day.year).aggregate(sum=Sum("amount"))["sum"]
    coming = parts.filter(status__in=[InstalmentStatus.PLANNED, InstalmentStatus.IN_RUN]).order_by("due_on").first()
    lines = [_("Paid this year: %(amount)s.") % {"amount": formats.kronor(paid)}] if paid else []
    if coming:
        lines.append(
            _("Next payment: %(amount)s on %(day)s.")
            % {"amount": formats.kronor(coming.amount), "day": formats.day(coming.due_on, weekday=False)}
        )
    return [Card(_("Money"), tuple(lines), reverse("grants:own_grants"), _("Our grants"))] if lines else []


# Casework ---------------------------------------------------------------------------------------------------------


def _applications(user: Any, day: date) -> Card | None:
    """The calls that have something left to decide: how far each has come."""
    left = Count("pk", filter=~Q(status__in=[*DECIDED, ApplicationStatus.WITHDRAWN]))
    rows = (
        Application.objects.for_casework_by(user)
        .filter(status__in=RECEIVED)
        .values_list("call__title")
        .annotate(received=Count("pk"), left=left)
        .filter(left__gt=0)
        .order_by("-left")[:SHOWN]
    )
    lines = tuple(
        _("%(call)s: %(decided)s decided.") % {"call": call, "decided": formats.out_of(received - waiting, received)}
        for call, received, waiting in rows
    )
    if not lines:
        return None
    return Card(_("Calls being handled"), lines, reverse("grants:casework_list"), _("See the applications"))


def _meeting(user: Any, day: date) -> Card | None:
    meeting = Meeting.objects.upcoming(day).first()
    if meeting is None:
        return None
    return Card(
        _("The committee's next meeting"), tuple(capfirst(line) for line in (formats.day(meeting.held_on), meeting.place) if line)
    )


def _to_pay(user: Any, day: date) -> Card | None:
    due = Instalment.objects.visible_to(user).due(day).aggregate(sum=Sum("amount"), n=Count("pk"))
    if not due["n"]:
        return None
    line = ngettext("One payment, %(amount)s.", "%(n)s payments, together %(amount)s.", due["n"])
    return Card(_("Ready to be paid"), (line % {"n": due["n"], "amount": formats.kronor(due["sum"])},))
