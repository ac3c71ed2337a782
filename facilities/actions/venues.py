"""What is said of a venue: its facts, and the pictures that everybody may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from facilities.actions.photos import plain_photo
from facilities.actions.spaces import changed_facts
from facilities.models import Venue, VenuePicture
from facilities.permissions import may_keep_venues
from records import filing
from records.filetypes import IMAGES

PICTURE = "facilities-picture"  # the kind of file, for retention


@transaction.atomic
def describe_venue(venue: Venue, facts: Mapping[str, Any], *, by: Any, at: datetime) -> Venue:
    """Change facts of a venue. The log names the fields; the row history has the values."""
    may_keep_venues(by).or_refuse()
    fresh = Venue.objects.select_for_update().get(pk=venue.pk)
    if changed := changed_facts(fresh, facts):
        fresh.save(update_fields=changed)
        changes = {"venue": [venue.pk, venue.pk], "fields": [None, changed]}
        filing.note(None, "facilities.venue_changed", by=by, at=at, changes=changes)
    return fresh


@transaction.atomic
def add_picture(venue: Venue, upload: Any, alt: str, *, by: Any, at: datetime) -> VenuePicture:
    """A picture, last. It is drawn again, so that neither place nor camera follows along. FileRefused when it is no picture."""
    may_keep_venues(by).or_refuse()
    stored = filing.store_file(plain_photo(upload), at=at, by=by, allowed=IMAGES, kind=PICTURE)
    last = VenuePicture.objects.filter(venue=venue).order_by("-order").first()
    picture = VenuePicture.objects.create(venue=venue, file=stored, alt=alt, order=last.order + 1 if last else 0)
    filing.note(None, "facilities.picture_added", by=by, at=at, changes={"venue": [venue.pk, venue.pk]})
    return picture


@transaction.atomic
def describe_picture(picture: VenuePicture, *, alt: str, order: int, by: Any, at: datetime) -> VenuePicture:
    may_keep_venues(by).or_refuse()
    fresh = VenuePicture.objects.select_for_update().get(pk=picture.pk)
    if changed := changed_facts(fresh, {"alt": alt, "order": order}):
        fresh.save(update_fields=changed)
        filing.note(None, "facilities.picture_changed", by=by, at=at, changes={"venue": [fresh.venue_id, fresh.venue_id]})
    return fresh


@transaction.atomic
def remove_picture(picture: VenuePicture, *, by: Any, at: datetime) -> None:
    """Take a picture away, its bytes too. Harmless twice."""
    may_keep_venues(by).or_refuse()
    fresh = VenuePicture.objects.select_for_update(of=("self",)).select_related("file").filter(pk=picture.pk).first()
    if fresh is None:
        return
    fresh.delete()
    filing.dispose_files([fresh.file], at=at)
    filing.note(None, "facilities.picture_removed", by=by, at=at, changes={"venue": [fresh.venue_id, fresh.venue_id]})
