"""Links in letters to schools: made, opened, revoked. Who holds the link may do the one thing it is for, and nothing else."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from culture.models import School, SchoolYear, SignedLink, Visit
from culture.models.contact import hashed
from culture.permissions import may_plan
from records import filing
from records.refusals import NotAllowedNow

LASTS = timedelta(days=60)


class LinkRefused(NotAllowedNow):
    """The link does not work; the sentence says why."""


@transaction.atomic
def make_link(
    school: School,
    year: SchoolYear,
    purpose: str,
    *,
    at: datetime,
    by: Any = None,
    email: str = "",
    visit: Visit | None = None,
    expires_at: datetime | None = None,
) -> tuple[SignedLink, str]:
    """A link for one purpose. Returns the row and the token that only the letter knows: the table holds a keyed hash."""
    token = secrets.token_urlsafe(32)
    link = SignedLink.objects.create(
        token_hash=hashed(token),
        purpose=purpose,
        school=school,
        year=year,
        visit=visit,
        email=email,
        made_at=at,
        made_by=by,
        expires_at=expires_at or at + LASTS,
    )
    return link, token


def link_with(token: str, *, at: datetime, purpose: str = "") -> SignedLink:
    """What a token opens at *at*. LinkRefused with a sentence when it opens nothing. Changes nothing: mail scanners may look."""
    link = SignedLink.objects.with_token(token).select_related("school", "year", "visit").first()
    if link is None or (purpose and link.purpose != purpose):
        raise LinkRefused(_("This link does not work. Check that you have the whole link from the letter."), "unknown")
    if refusal := link.refusal(at):
        raise LinkRefused(refusal, "old")
    return link


@transaction.atomic
def revoke_link(link: SignedLink, *, by: Any, at: datetime) -> SignedLink:
    """Make a link stop working. Harmless twice."""
    may_plan(by).or_refuse()
    link = SignedLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if link.revoked_at is None:
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        filing.note(None, "culture.link_revoked", by=by, at=at, changes={"link": [link.pk, None]})
    return link


@transaction.atomic
def revoke_links(school: School, *, by: Any, at: datetime) -> int:
    """Make every open link of a school stop working (a letter went to the wrong address). Returns how many."""
    may_plan(by).or_refuse()
    count = school.links.open_at(at).update(revoked_at=at)
    if count:
        changes = {"school": [school.pk, school.pk], "links": [count, 0]}
        filing.note(None, "culture.link_revoked", by=by, at=at, changes=changes)
    return count
