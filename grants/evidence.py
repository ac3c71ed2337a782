"""What the register says that bears on each criterion, each with where it comes from: shown beside the levels."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from associations.attended import Attended, attended
from associations.choices import DocumentKind, DocumentStatus, Sex
from associations.models import Association, BoardMember
from facilities.models.usage import Shared, YouthSupport, youth_support
from facilities.rules.statistics import FEWEST
from grants import attendance_words
from grants.choices import CriterionKey
from grants.models import Application
from records.values import Period, kronor_text, local_day, months_after, rounded

YOUNG_BELOW = 26  # "youth" in the venue rules and state LOK support: up to the year one turns 25
_SHORT = {
    Sex.FEMALE: lambda n: ngettext("%d girl or woman", "%d girls and women", n) % n,
    Sex.MALE: lambda n: ngettext("%d boy or man", "%d boys and men", n) % n,
    Sex.OTHER: lambda n: ngettext("%d other or not stated", "%d other or not stated", n) % n,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact. source: where it comes from and when it was read."""

    label: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all criteria. Never a name: the same page serves a blind call.

    exact: the reader may see how many they are when they are few.
    """

    facts: Mapping[str, Any]
    association: Association
    board: Sequence[BoardMember]
    documents: Mapping[str, str]  # kind -> status and year in words
    day: date
    hall: YouthSupport  # youth activity in the municipality's venues, the year before
    cards: Attended  # its attendance cards, the year before
    exact: bool

    @property
    def register(self) -> str:
        return _("association register, %s") % _written(self.day)

    @property
    def booked(self) -> str:
        return _("bookings of the twelve months before %s") % _written(self.day)

    @property
    def marked(self) -> str:
        words = {"day": _written(self.day), "files": self.cards.from_files, "all": self.cards.sessions}
        if self.cards.from_files:
            return _("attendance cards of the twelve months before %(day)s, %(files)s of %(all)s from a club system") % words
        return _("attendance cards of the twelve months before %(day)s") % words

    @property
    def counted(self) -> str:
        if "members_counted_on" not in self.facts:
            return self.register
        return _("members in figures, counted %s") % _written(date.fromisoformat(self.facts["members_counted_on"]))


def evidence_for(application: Application, *, exact: bool) -> dict[str, list[Evidence]]:
    """criterion -> facts. exact: small numbers of people too, for officers. Eight queries, however much it did."""
    association = application.association
    day = local_day(application.received_at) if application.received_at else local_day(application.created_at)
    rows = association.documents.current().filter(handed_in_at__lte=application.received_at or application.created_at)
    newest: dict[str, str] = {}
    for row in rows.order_by("year"):
        status = DocumentStatus(row.status).label
        newest[row.kind] = _("%(year)s, %(status)s") % {"year": row.year, "status": status}
    before, mine = Period(months_after(day, -12), day), [association.pk]
    known = _Known(
        facts=application.facts,
        association=association,
        board=list(association.board.in_office(day)),
        documents=newest,
        day=day,
        hall=youth_support(mine, before).get(association.pk, YouthSupport()),
        cards=attended(mine, before).get(association.pk, Attended()),
        exact=exact,
    )
    return {key: read(known) for key, read in _READERS.items()}


def _democracy(known: _Known) -> list[Evidence]:
    rows = [
        Evidence(DocumentKind(kind).label.capitalize(), known.documents.get(kind, _("not handed in")), _("yearly documents"))
        for kind in (DocumentKind.ANNUAL_REPORT, DocumentKind.AUDITORS_REPORT)
    ]
    approved = known.association.statutes_approved_on
    statutes = _("approved %s") % _written(approved) if approved else _("not approved")
    rows.append(Evidence(_("Statutes"), statutes, known.register))
    rows.append(Evidence(_("Board"), _board_size(known), known.register))
    return rows


def _inclusion(known: _Known) -> list[Evidence]:
    fee = known.facts.get("membership_fee")
    text = _("%s kr a year") % kronor_text(Decimal(fee)) if fee else _("not stated")
    return [
        Evidence(_("Members by age"), _by_age(known.facts) or _("not stated"), known.counted),
        Evidence(_("Live in the municipality"), _at_home(known.facts) or _("not stated"), known.counted),
        Evidence(_("Membership fee"), text, known.register),
        Evidence(_("Area of the activity"), str(known.association.area or _("not stated")), known.register),
        Evidence(_("Participations by age"), _marked(known, attendance_words.ages_text), known.marked),
    ]


def _public_health(known: _Known) -> list[Evidence]:
    active = known.facts.get("active_members")
    return [
        Evidence(_("Main activity"), known.facts.get("activity") or _("not stated"), known.register),
        Evidence(_("Active members"), str(active) if active is not None else _("not stated"), known.counted),
        Evidence(_("Young members"), _young(known.facts) or _("not stated"), known.counted),
        Evidence(_("Youth activity in our venues"), _hours(known), known.booked),
        Evidence(_("Sessions"), attendance_words.sessions_text(known.cards), known.marked),
        Evidence(_("Participations"), attendance_words.reach_text(known.cards, exact=known.exact), known.marked),
        Evidence(_("Groups without any session"), attendance_words.silent_text(known.cards) or _("no groups"), known.marked),
    ]


def _equality(known: _Known) -> list[Evidence]:
    members = Counter[str]()
    for row in known.facts.get("members", ()):
        members[row["sex"]] += row["count"]
    board = Counter(member.sex or Sex.OTHER for member in known.board)
    return [
        Evidence(_("Members"), _by_sex(members) or _("not stated"), known.counted),
        Evidence(_("Board"), _by_sex(board) or _("not stated"), known.register),
        Evidence(_("Age of the board"), _board_ages(known) or _("not stated"), known.register),
        Evidence(_("Participations by girls and boys"), _marked(known, attendance_words.sexes_text), known.marked),
        Evidence(_("Participations per girl and boy"), _marked(known, attendance_words.each_text), known.marked),
        Evidence(_("Hall hours"), _girls_and_boys(known.hall.hours, _("hours")), known.booked),
        Evidence(_("Hall hours per girl and boy up to 25"), _per_head(known.hall.hours_per_head, _("hours")), known.booked),
        Evidence(_("Subsidised hall time, kronor"), _girls_and_boys(known.hall.kronor, _("kr")), known.booked),
        Evidence(_("Kronor per girl and boy up to 25"), _per_head(known.hall.kronor_per_head, _("kr")), known.booked),
    ]


_READERS: dict[str, Callable[[_Known], list[Evidence]]] = {
    CriterionKey.DEMOCRACY: _democracy,
    CriterionKey.INCLUSION: _inclusion,
    CriterionKey.PUBLIC_HEALTH: _public_health,
    CriterionKey.EQUALITY: _equality,
}


def _hours(known: _Known) -> str:
    hours = known.hall.hours.total
    return _("%s hours") % number_format(rounded(hours, Decimal(1)), decimal_pos=0) if hours else _("none booked")


def _girls_and_boys(shared: Shared, unit: str) -> str:
    """Whom hall time reached, by what the groups told; what nobody told is said."""
    if not shared.total:
        return _("none booked")
    parts = {"girls": shared.girls, "boys": shared.boys, "unknown": shared.unknown}
    words = {name: number_format(rounded(part, Decimal(1)), decimal_pos=0) for name, part in parts.items()}
    return _("girls %(girls)s, boys %(boys)s, not told %(unknown)s %(unit)s") % {**words, "unit": unit}


def _per_head(each: tuple[Decimal | None, Decimal | None], unit: str) -> str:
    girl, boy = (number_format(part, decimal_pos=2) if part is not None else "–" for part in each)
    if each == (None, None):
        return _("no members up to 25 reported")
    return _("a girl %(girl)s, a boy %(boy)s %(unit)s") % {"girl": girl, "boy": boy, "unit": unit}


def _marked(known: _Known, words: Callable[..., str]) -> str:
    """Something of the cards; that nothing is marked, or that they are too few to tell of."""
    if not known.exact and 0 < known.cards.reach.people < FEWEST:
        return attendance_words.too_few()
    return words(known.cards, exact=known.exact) or _("none marked")


def _board_size(known: _Known) -> str:
    seats = len(known.board)
    return ngettext("%d seat filled", "%d seats filled", seats) % seats


def _board_ages(known: _Known) -> str:
    ages = sorted(known.day.year - member.birth_year for member in known.board if member.birth_year)
    return _("%(first)s–%(last)s years") % {"first": ages[0], "last": ages[-1]} if ages else ""


def _by_age(facts: Mapping[str, Any]) -> str:
    bands: dict[tuple[int, int | None], int] = {}
    for row in facts.get("members", ()):
        band = (row["age_from"], row["age_to"])
        bands[band] = bands.get(band, 0) + row["count"]
    ordered = sorted(bands.items(), key=lambda item: item[0][0])
    return ", ".join(f"{_band(first, last)}: {count}" for (first, last), count in ordered)


def _band(first: int, last: int | None) -> str:
    return _("%d or older") % first if last is None else f"{first}–{last}"


def _at_home(facts: Mapping[str, Any]) -> str:
    rows = facts.get("members", ())
    total = sum(row["count"] for row in rows)
    here = sum(row["count"] for row in rows if row["at_home"])
    return _("%(part)s of %(whole)s") % {"part": here, "whole": total} if total else ""


def _young(facts: Mapping[str, Any]) -> str:
    rows = facts.get("members", ())
    total = sum(row["count"] for row in rows)
    young = sum(row["count"] for row in rows if row["age_to"] is not None and row["age_to"] < YOUNG_BELOW)
    return _("%(part)s of %(whole)s are 25 or younger") % {"part": young, "whole": total} if total else ""


def _by_sex(counts: Counter[str]) -> str:
    return ", ".join(_SHORT[Sex(sex)](counts[sex]) for sex in Sex.values if counts[sex])


def _written(day: date) -> str:
    return date_format(day, "j F Y")
