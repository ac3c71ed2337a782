"""What this room tells the rooms below when the house starts: hats of schools, words of the log."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from accounts import hats as all_hats
from accounts import registry as people
from accounts.hats import Hat
from accounts.registry import Holding
from culture.models import School, SchoolContact
from culture.wording import VERBS
from records import registry


def hats(user: Any) -> list[Hat]:
    """One hat for each school the person signs in for. No query for those without the role of a school."""
    return [Hat("school", str(each.pk), each.name, _home(each)) for each in School.objects.spoken_for_by(user).in_swedish_order()]


def holdings(user: Any) -> list[Holding]:
    """The schools that name one of the person's own addresses as their contact. One query."""
    rows = SchoolContact.objects.filter(email__in=user.verified_emails).select_related("school").order_by("-since")
    return [Holding(str(row.school), row.since, row.until) for row in rows]


def own_data(user: Any) -> tuple[str, Any]:
    """What the room keeps of a person: that they are a school's contact."""
    rows = SchoolContact.objects.filter(email__in=user.verified_emails).select_related("school").order_by("since")
    return "culture", [
        {"school": row.school.code, "since": row.since.isoformat(), "until": row.until.isoformat() if row.until else None}
        for row in rows
    ]


def tell() -> None:
    """Called once, by AppConfig.ready."""
    all_hats.providers.append(hats)
    people.holdings.append(holdings)
    people.own_data.append(own_data)
    registry.verb_words.update(VERBS)


def _home(school: School) -> str:
    try:
        return reverse("culture:school_home")
    except NoReverseMatch:  # the page does not exist yet
        return "/"
