"""Groups of an association and the people on their cards."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.actions.dossier import note
from associations.models import ActivityGroup, Association, GroupPlace, Participant
from associations.permissions import may_mark
from records.filing import NotAllowedNow
from records.values import local_day


@transaction.atomic
def save_group(
    association: Association,
    group: ActivityGroup | None = None,
    *,
    name: str,
    activity: str,
    place: str,
    weekday: int | None,
    starts: time | None,
    minutes: int | None,
    by: User,
    at: datetime,
) -> ActivityGroup:
    """A new group, or other facts about one. Sessions that are saved keep what they were."""
    may_mark(by, association, local_day(at)).or_refuse()
    if group is not None:
        group = ActivityGroup.objects.select_for_update().get(pk=group.pk, association=association)
    changed = group or ActivityGroup(association=association)
    changed.name, changed.activity, changed.place = name, activity, place
    changed.weekday, changed.starts, changed.minutes = weekday, starts, minutes
    changed.save()
    if group is None:
        note(association, "group_added", at=at, by=by, changes={"group": [None, name]})
    return changed


@transaction.atomic
def close_group(group: ActivityGroup, *, by: User, at: datetime) -> ActivityGroup:
    """The group does not meet any more. Its sessions stay; its people leave the card."""
    group = ActivityGroup.objects.select_for_update(of=("self",)).select_related("association__case").get(pk=group.pk)
    may_mark(by, group.association, local_day(at)).or_refuse()
    if group.closed_on is None:
        group.closed_on = local_day(at)
        group.save(update_fields=["closed_on"])
        group.places.all().delete()
        note(group.association, "group_closed", at=at, by=by, changes={"group": [group.name, None]})
    return group


@transaction.atomic
def save_person(
    group: ActivityGroup,
    person: Participant | None = None,
    *,
    name: str,
    birth_year: int,
    sex: str,
    leads: bool,
    lives_here: bool,
    is_member: bool,
    by: User,
    at: datetime,
) -> Participant:
    """Put somebody on a group's card, or change what is known of them. The same name and birth year is the same person."""
    may_mark(by, group.association, local_day(at)).or_refuse()
    _believable(birth_year, local_day(at))
    ActivityGroup.objects.select_for_update().get(pk=group.pk)
    if person is None:
        people = group.association.participants.filter(name__iexact=name, birth_year=birth_year)
        person = people.first() or Participant(association=group.association)
    person.name, person.birth_year, person.sex = name, birth_year, sex
    person.lives_here, person.is_member = lives_here, is_member
    person.save()
    GroupPlace.objects.update_or_create(group=group, participant=person, defaults={"leads": leads})
    return person


def _believable(birth_year: int, day: date) -> None:
    if not 1900 <= birth_year <= day.year:
        raise NotAllowedNow(_("Write the year of birth with four digits, for example 2014."), "birth_year")


@transaction.atomic
def leave_group(place: GroupPlace, *, by: User, at: datetime) -> None:
    """Take somebody off a card. Where they have been stays."""
    may_mark(by, place.group.association, local_day(at)).or_refuse()
    GroupPlace.objects.filter(pk=place.pk).delete()
