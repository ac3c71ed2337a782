"""What this room tells the rooms below when the house starts: hats of schools, words of the log."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts import hats as all_hats
from accounts import registry as people
from accounts.hats import Hat
from accounts.registry import Holding
from culture import todo
from culture.models import Agreement, Evidence, Producer, School, SchoolContact
from culture.wording import VERBS
from records import registry
from records.registry import Card, Task


def hats(user: Any) -> list[Hat]:
    """One hat for each school the person signs in for. No query for those without the role of a school."""
    return [Hat("school", str(each.pk), each.name, _home(each)) for each in School.objects.spoken_for_by(user).in_swedish_order()]


def tasks(user: Any, hat: Hat | None, at: datetime) -> list[Task]:
    """What is asked of the school one acts for, and of those who plan culture."""
    found = todo.tasks_of_planner(user, at)
    if hat and hat.kind == "school":
        school = School.objects.spoken_for_by(user).filter(pk=hat.key).first()
        if school:
            found += todo.tasks_of_school(school, at)
    return found


def cards(user: Any, hat: Hat | None, at: datetime) -> list[Card]:
    """What people thought, for an association that is a producer. One query, none for others."""
    if not hat or hat.kind != "association" or not Producer.objects.filter(association=int(hat.key)).exists():
        return []
    line = _("Teachers and pupils answer without names.")
    return [Card(_("Your offers in the culture guarantee"), (line,), reverse("culture:own_opinions"), _("What people thought"))]


def open_files(user: Any) -> Q:
    """Those who plan culture read evidence and agreements of producers; auditors too."""
    if not user.has_perm("culture.read"):
        return Q(pk__in=[])
    return Q(pk__in=Evidence.objects.exclude(file=None).values("file")) | Q(
        pk__in=Agreement.objects.exclude(file=None).values("file")
    )


def holdings(user: Any) -> list[Holding]:
    """The schools that name one of the person's own addresses as their contact. One query."""
    rows = SchoolContact.objects.filter(email__in=user.verified_emails).select_related("school").order_by("-since")
    return [Holding(str(row.school), row.since, row.until) for row in rows]


def own_data(user: Any) -> tuple[str, Any]:
    """What the room keeps of a person: that they are a school's contact."""
    rows = SchoolContact.objects.filter(email__in=user.verified_emails).select_related("school").order_by("since")
    return _("The culture guarantee"), [
        {"school": row.school.code, "since": row.since.isoformat(), "until": row.until.isoformat() if row.until else None}
        for row in rows
    ]


def tell() -> None:
    """Called once, by AppConfig.ready."""
    all_hats.providers.append(hats)
    people.holdings.append(holdings)
    people.own_data.append(own_data)
    registry.tasks.append(tasks)
    registry.cards.append(cards)
    registry.file_openings.append(open_files)
    registry.verb_words.update(VERBS)


def _home(school: School) -> str:
    try:
        return reverse("culture:school_home")
    except NoReverseMatch:  # the page does not exist yet
        return "/"
