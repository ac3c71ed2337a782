"""Letters to schools: each is written once, with a link that opens just what it asks for. Who has no contact is printed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from culture.actions.links import make_link
from culture.choices import LinkPurpose, MessageKind
from culture.models import Message, Performance, School, SchoolContact, SchoolYear, Visit
from records import filing
from records.values import local_day

LANGUAGE = "sv"


def addresses(school: School, at: datetime) -> list[str]:
    """Where a letter to the school goes: its contacts, else the school's own address. One query."""
    contacts = SchoolContact.objects.on(local_day(at)).filter(school=school).order_by("pk").values_list("email", flat=True)
    return list(contacts) or [school.email] * bool(school.email)


def tell(
    kind: str,
    school: School,
    key: str,
    subject: str | Promise,
    *,
    at: datetime,
    year: SchoolYear,
    purpose: str = "",
    visit: Visit | None = None,
    performance: Performance | None = None,
    expires_at: datetime | None = None,
    context: Mapping[str, Any] | None = None,
) -> Message | None:
    """Write to a school, once for each kind and key; None when it has been told before. Within the caller's transaction.

    key: what it is about, "2026" or "performance.12". purpose: what the link in the letter opens (LinkPurpose); '' for none.
    """
    unique = f"culture.{kind}.{key}.{school.pk}"
    if Message.objects.filter(key=unique).exists():
        return None
    link, address = None, ""
    if purpose:
        link, token = make_link(school, year, purpose, at=at, expires_at=expires_at)
        address = settings.SITE_URL + reverse("culture:link", args=[token])
    message, made = Message.objects.get_or_create(
        key=unique,
        defaults={
            "kind": kind,
            "school": school,
            "year": year,
            "visit": visit,
            "performance": performance,
            "link": link,
            "letter_key": unique,
            "sent_at": at,
        },
    )
    if not made:
        return None
    with translation.override(LANGUAGE):
        filing.post_letter(
            None,
            key=unique,
            to=addresses(school, at),
            addressee=school.name,
            subject=str(subject),
            template="letters/culture/school.html",
            context={"kind": kind, "school": school, "year": year, "link": address, "link_row": link, **(context or {})},
            at=at,
            language=LANGUAGE,
            private=bool(purpose),
        )
    return message


def tell_of_cancellation(performance: Performance, visits: Sequence[Visit], *, at: datetime) -> list[Message]:
    """One letter to each school that had classes at a performance that is cancelled (case 9)."""
    return _each_school(MessageKind.CANCELLED, performance, visits, at=at, reason=performance.cancel_reason)


def tell_of_place(visit: Visit, *, at: datetime) -> Message | None:
    """A place came free for a class in the waiting list, and is booked."""
    with translation.override(LANGUAGE):
        subject = _("A place came free: %(offer)s") % {"offer": visit.performance.offer}
    return tell(
        MessageKind.OFFERED,
        visit.class_group.school,
        f"visit.{visit.pk}",
        subject,
        at=at,
        year=visit.class_group.year,
        visit=visit,
        performance=visit.performance,
        context={"visits": [visit], "performance": visit.performance},
    )


def tell_of_move(performance: Performance, visits: Sequence[Visit], *, at: datetime) -> list[Message]:
    """One letter to each school that had been told of a performance that now has another time or place."""
    return _each_school(MessageKind.MOVED, performance, visits, at=at, edition=_edition(performance))


def tell_of_moved_visit(visit: Visit, *, at: datetime) -> Message | None:
    """A class goes to another performance than the school was told."""
    return _of_visit(MessageKind.MOVED, visit, gettext_lazy("New time: %(offer)s"), _edition(visit.performance), at=at)


def tell_of_loss(visit: Visit, *, at: datetime) -> Message | None:
    """The municipality took away a place that the school had been told of; the visit says why."""
    return _of_visit(MessageKind.LOST, visit, gettext_lazy("A place is taken away: %(offer)s"), "", at=at)


def _edition(performance: Performance) -> str:
    """What makes one move another than the one before."""
    return f".{performance.starts_at:%Y%m%d%H%M}.{performance.space_id or 0}.{crc32(performance.place.encode()):x}"


def _of_visit(kind: str, visit: Visit, subject: str | Promise, edition: str, *, at: datetime) -> Message | None:
    with translation.override(LANGUAGE):
        words = str(subject) % {"offer": visit.performance.offer}
    return tell(
        kind,
        visit.class_group.school,
        f"visit.{visit.pk}{edition}",
        words,
        at=at,
        year=visit.class_group.year,
        purpose=LinkPurpose.ANSWER if kind == MessageKind.MOVED else "",
        visit=visit,
        performance=visit.performance,
        context={"visits": [visit], "performance": visit.performance, "reason": visit.cancel_reason},
    )


def _each_school(
    kind: str, performance: Performance, visits: Sequence[Visit], *, at: datetime, edition: str = "", **more: Any
) -> list[Message]:
    by_school: dict[int, list[Visit]] = {}
    for visit in visits:
        by_school.setdefault(visit.class_group.school_id, []).append(visit)
    with translation.override(LANGUAGE):
        moved = kind == MessageKind.MOVED
        subject = (_("New time: %(offer)s") if moved else _("Cancelled: %(offer)s")) % {"offer": performance.offer}
    told = [
        tell(
            kind,
            theirs[0].class_group.school,
            f"performance.{performance.pk}{edition}",
            subject,
            at=at,
            year=performance.year,
            purpose=LinkPurpose.ANSWER if moved else "",
            performance=performance,
            context={"visits": theirs, "performance": performance, **more},
        )
        for _pk, theirs in sorted(by_school.items())
    ]
    return [message for message in told if message]
