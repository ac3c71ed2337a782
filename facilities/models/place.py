"""Venues and the tree of spaces in them."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Collate, Lower
from django.utils.translation import gettext_lazy as _

from associations.models.history import tracked
from facilities.choices import AccessFact, SpaceKind
from records.models import StoredFile


class VenueQuerySet(models.QuerySet["Venue"]):
    def in_use(self) -> "VenueQuerySet":
        return self.filter(is_in_use=True)

    def with_access(self, facts: list[str]) -> "VenueQuerySet":
        """Those that have every one of these accessibility facts."""
        return self.filter(access__contains=facts)

    def in_swedish_order(self) -> "VenueQuerySet":
        folded = Func(Lower("name"), Value("åäö"), Value("{|}"), function="translate")
        return self.order_by(Collate(folded, "C"), "pk")


@tracked()
class Venue(models.Model):
    """A place that people go to: an arena, a swimming hall, a people's house."""

    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    access = ArrayField(
        models.CharField(max_length=20, choices=AccessFact.choices), verbose_name=_("accessibility"), default=list, blank=True
    )
    access_note = models.TextField(_("more about accessibility"), blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    rules_to_accept = models.TextField(_("rules to accept"), blank=True)
    is_in_use = models.BooleanField(_("can be booked"), default=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="venue_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="venue_lies_somewhere_on_earth",
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
            ),
            models.CheckConstraint(
                name="venue_access_is_among_the_facts", condition=Q(access__contained_by=list(AccessFact.values))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VenuePicture(models.Model):
    """A picture of a venue that everybody may see. alt: what it shows, for those who do not see it."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("venue"))
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    alt = models.CharField(_("what the picture shows"), max_length=200)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["order", "pk"]
        constraints = [models.CheckConstraint(name="picture_says_what_it_shows", condition=~Q(alt=""))]

    def __str__(self) -> str:
        return self.alt


# Keeps path and takes of every space of one venue; the same arithmetic as Rule F-19. Raises when a space hangs loose: it is a
# part of itself, or of a space in another venue.
_DERIVE = """
    WITH RECURSIVE tree(id, path) AS (
        SELECT id, ARRAY[id] FROM facilities_space WHERE venue_id = place AND parent_id IS NULL
        UNION ALL
        SELECT part.id, tree.path || part.id
        FROM facilities_space part JOIN tree ON part.parent_id = tree.id WHERE part.venue_id = place
    ), own AS (
        SELECT above AS id, array_agg(tree.id) AS parts
        FROM tree, unnest(tree.path) AS above
        WHERE NOT EXISTS (SELECT 1 FROM facilities_space part WHERE part.parent_id = tree.id)
        GROUP BY above
    ), derived AS (
        SELECT tree.id, tree.path, (
            SELECT array_agg(DISTINCT part ORDER BY part)
            FROM own, unnest(own.parts) AS part
            WHERE own.id = tree.id
               OR own.id IN (SELECT equipment_id FROM facilities_spaceequipment WHERE space_id = tree.id)
        ) AS takes
        FROM tree
    )
    UPDATE facilities_space space SET path = derived.path, takes = derived.takes
    FROM derived
    WHERE derived.id = space.id AND (space.path, space.takes) IS DISTINCT FROM (derived.path, derived.takes);
    IF EXISTS (SELECT 1 FROM facilities_space WHERE venue_id = place AND takes = '{}') OR EXISTS (
        WITH RECURSIVE tree(id) AS (
            SELECT id FROM facilities_space WHERE venue_id = place AND parent_id IS NULL
            UNION
            SELECT part.id FROM facilities_space part JOIN tree ON part.parent_id = tree.id WHERE part.venue_id = place
        )
        SELECT 1 FROM facilities_space WHERE venue_id = place AND id NOT IN (SELECT id FROM tree)
    ) THEN
        RAISE EXCEPTION 'a space is a part of itself or of another venue' USING ERRCODE = 'check_violation';
    END IF;
"""

_SPACE_CHANGED = f"""
    place := COALESCE(NEW.venue_id, OLD.venue_id);
    {_DERIVE}
    RETURN NULL;
"""

_EQUIPMENT_CHANGED = f"""
    place := (SELECT venue_id FROM facilities_space WHERE id = COALESCE(NEW.space_id, OLD.space_id));
    {_DERIVE}
    RETURN NULL;
"""  # noqa: S608 - only our own text


class SpaceQuerySet(models.QuerySet["Space"]):
    def bookable(self) -> "SpaceQuerySet":
        return self.filter(is_bookable=True, venue__is_in_use=True)

    def sharing_ground_with(self, takes: list[int]) -> "SpaceQuerySet":
        """Those that cannot be used while these smallest parts are."""
        return self.filter(takes__overlap=takes)


@tracked("path", "takes")
class Space(models.Model):
    """Something that can be held: a hall, a half of it, a lane, a room, a thing that follows along.

    path: the spaces above it and itself, from the top. takes: the smallest parts that a use of it holds, those of its equipment
    included. Both are kept by the database (trigger), whoever writes; facilities.actions.spaces rewrites what stands booked.
    """

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="spaces", verbose_name=_("venue"))
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=12, choices=SpaceKind.choices, default=SpaceKind.OTHER)
    price_group = models.SlugField(_("price group"), blank=True)
    capacity = models.PositiveIntegerField(_("people at most"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_bookable = models.BooleanField(_("can be booked"), default=True)
    is_example = models.BooleanField(_("example"), default=False)
    equipment = models.ManyToManyField(
        "self", through="SpaceEquipment", symmetrical=False, related_name="follows", verbose_name=_("equipment that follows")
    )
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    takes = ArrayField(models.BigIntegerField(), default=list, editable=False)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        ordering = ["venue", "path"]
        constraints = [
            models.UniqueConstraint(name="space_name_once_per_venue", fields=["venue", "name"]),
            models.CheckConstraint(name="space_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="space_is_not_its_own_parent", condition=~Q(parent=F("id"))),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="space_takes_its_parts",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.UpdateOf("parent_id", "venue_id"),  # type: ignore[no-untyped-call]
                declare=[("place", "bigint")],
                func=_SPACE_CHANGED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venue}, {self.name}"


class SpaceEquipment(models.Model):
    """This thing follows that space: whoever holds one holds the other's smallest parts too."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    equipment = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="equipment_follows_a_space_once", fields=["space", "equipment"])]
        triggers = [
            pgtrigger.Trigger(
                name="equipment_takes_its_parts",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete | pgtrigger.Update,
                declare=[("place", "bigint")],
                func=_EQUIPMENT_CHANGED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.space_id} + {self.equipment_id}"
