"""A season's problem as the rows have it: halls with their parts and hours, what stands already, the groups and their wishes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.timezone import localtime

from associations.models import Association
from facilities.choices import SpaceKind, UseKind
from facilities.models import Booking, SeasonRound, SeasonTime, Section, Space
from facilities.models.terms import places_of
from facilities.models.usage import used_before
from facilities.rules.allocation import problem as rules
from facilities.rules.allocation.principles import DAY, STEP
from records.values import local_day, opens_on

REPEATED = 4  # dates from which a use of the same time of the week stands in the way of a season time; fewer: a clash on the day
OUTDOOR = (SpaceKind.FIELD, SpaceKind.OUTDOOR)
_LONG = timedelta(days=28)  # a closure of so long takes the hall out of the weeks that it covers


def build(season: SeasonRound, *, at: datetime) -> rules.Problem:
    """The problem as it stands now: lists that are handed in, and no others. Nine queries, however many groups.

    ValueError when the season has no principles. Opening hours are those of the whole hall; special days are met as clashes when
    the bookings are made.
    """
    if season.principles is None:
        raise ValueError("A season is allocated by principles.")
    roots = list(season.halls.select_related("venue").order_by("pk"))
    spaces = list(Space.objects.filter(path__0__in=[root.pk for root in roots]).order_by("path", "order"))
    return rules.canonical(
        rules.Problem(
            since=season.since,
            until=season.until,
            principles=season.principles.for_rules(),
            halls=tuple(_hall(root, [each for each in spaces if each.path[0] == root.pk]) for root in roots),
            openings=tuple(_openings(season, roots)),
            sections=tuple(_sections(season, roots)),
            standing=tuple(_standing(season, spaces, at)),
            seed=season.seed,
        )
    )


def _hall(root: Space, spaces: Sequence[Space]) -> rules.Hall:
    ordered = sorted(spaces, key=lambda each: (len(each.path), each.order, each.name, each.pk))
    return rules.Hall(
        key=str(root.pk),
        name=str(root),
        spaces=tuple(
            rules.Space(str(each.pk), str(each.parent_id) if each.parent_id else None, each.capacity) for each in ordered
        ),
    )


def _openings(season: SeasonRound, roots: Sequence[Space]) -> Iterable[rules.Opening]:
    for place in places_of(roots, season.since, season.until - timedelta(days=1)):
        for hours in place.hours:
            if hours.opens is None or hours.weekday > 6:
                continue
            since = max(hours.since, season.since)
            until = min(hours.until or season.until, season.until)
            opens, closes = -(-hours.opens // STEP) * STEP, min(hours.closes, DAY) // STEP * STEP
            if since < until and opens < closes:
                yield rules.Opening(
                    hall=str(place.space.pk),
                    weekday=hours.weekday,
                    opens=opens,
                    closes=closes,
                    since=since if since > season.since else None,
                    until=until if until < season.until else None,
                )


def _standing(season: SeasonRound, spaces: Sequence[Space], at: datetime) -> Iterable[rules.Standing]:
    """What takes the same time of the week on several dates of the season, and halls that are closed for weeks."""
    hall_of = {each.pk: each.path[0] for each in spaces}
    begins, ends = opens_on(season.since), opens_on(season.until)
    rows = Booking.objects.taking_space().filter(space__in=hall_of, starts_at__lt=ends, ends_at__gt=begins)
    days: dict[tuple[int, int, int, int, str], set[date]] = defaultdict(set)
    for row in rows.exclude(held_until__lte=at).only("kind", "space", "starts_at", "ends_at", "title").order_by("pk"):
        if row.kind == UseKind.CLOSURE and row.ends_at - row.starts_at >= _LONG:
            yield from _closed(season, row, hall_of[row.space_id])
            continue
        starts, until = localtime(row.starts_at), localtime(row.ends_at)
        begun = (starts.hour * 60 + starts.minute) // STEP * STEP
        over = DAY if until.date() > starts.date() else -(-(until.hour * 60 + until.minute) // STEP) * STEP
        days[row.space_id, starts.weekday(), begun, over, UseKind(row.kind).value].add(starts.date())
    for (space, weekday, begun, over, label), found in sorted(days.items()):
        if len(found) >= REPEATED:
            since, until_day = max(min(found), season.since), min(max(found) + timedelta(days=1), season.until)
            yield rules.Standing(
                hall=str(hall_of[space]),
                space=str(space),
                weekday=weekday,
                starts=begun,
                ends=over,
                label=label,
                since=since if since > season.since else None,
                until=until_day if until_day < season.until - timedelta(days=7) else None,
            )


def _closed(season: SeasonRound, row: Booking, hall: int) -> Iterable[rules.Standing]:
    since, until = max(local_day(row.starts_at), season.since), min(local_day(row.ends_at), season.until)
    if since >= until:
        return
    for weekday in range(7):
        yield rules.Standing(
            hall=str(hall),
            space=str(row.space_id),
            weekday=weekday,
            starts=0,
            ends=DAY,
            label=UseKind.CLOSURE.value,
            since=since if since > season.since else None,
            until=until if until < season.until else None,
        )


def _sections(season: SeasonRound, roots: Sequence[Space]) -> Iterable[rules.Section]:
    rows = list(
        Section.objects.filter(wishes__season=season, wishes__handed_in_at__isnull=False)
        .select_related("wishes__association__area")
        .prefetch_related("suits", "spaces__space")
        .order_by("pk")
    )
    used = used_before(season, sorted({row.wishes.association_id for row in rows}))
    last = _last_times(rows)
    outdoor = {root.pk for root in roots if root.kind in OUTDOOR}
    for row in rows:
        association = row.wishes.association
        before = used.get(association.pk)
        since, until = row.since or season.since, row.until or season.until
        yield rules.Section(
            key=str(row.pk),
            club=association.name,
            name=row.name,
            ages=(row.age_from, row.age_to),
            girls=row.girls,
            boys=row.boys,
            passes=row.passes,
            shortest=row.shortest,
            longest=row.longest,
            suits=tuple(rules.Suits(each.weekday, each.starts, each.ends, each.choice) for each in row.suits.all()),
            spaces=tuple(_wished(each.space, each.parts) for each in row.spaces.all()),
            since=row.since if row.since and row.since > season.since else None,
            until=row.until if row.until and row.until < season.until else None,
            last=tuple(last.get(row.before_id or 0, ())),
            used_percent=before.used_percent if before else -1,
            months=max(1, round((min(until, season.until) - max(since, season.since)).days / 30.44)),
            division=row.division,
            sport=row.sport,
            area=association.area.name if association.area else "",
            federation=bool(association.federation),
            disability=row.disability,
            indoor=not all(each.space.path[0] in outdoor for each in row.spaces.all()),
            local=_is_local(association),
        )


def _wished(space: Space, parts: int) -> rules.Wished:
    if space.parent_id:
        return rules.Wished(str(space.path[0]), space=str(space.pk))
    return rules.Wished(str(space.pk), parts)


def _last_times(rows: Sequence[Section]) -> dict[int, list[rules.Time]]:
    """Section of the season before -> the weekly times that it had to the end."""
    found: dict[int, list[rules.Time]] = defaultdict(list)
    before = [row.before_id for row in rows if row.before_id]
    for time in SeasonTime.objects.standing().filter(section__in=before).order_by("weekday", "starts", "pk"):
        found[time.section_id or 0].append(rules.Time(str(time.hall_id), time.weekday, time.starts, time.ends))
    return found


def _is_local(association: Association) -> bool:
    return association.seat in ("", settings.MUNICIPALITY["code"])
