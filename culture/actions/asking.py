"""A link that an officer sends by hand: to one address at a school, for one purpose; sent again, the one before stops working."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from culture.actions.ground import locked_school
from culture.actions.letters import LANGUAGE
from culture.actions.links import make_link, revoke_link
from culture.choices import LinkPurpose, SchoolStatus
from culture.models import School, SchoolYear, SignedLink
from culture.permissions import may_plan
from records import filing
from records.refusals import NotAllowedNow

SENDABLE = (LinkPurpose.CLASSES, LinkPurpose.ANSWER, LinkPurpose.CONFIRM)


@transaction.atomic
def send_link(school: School, year: SchoolYear, purpose: str, *, email: str, by: Any, at: datetime) -> SignedLink:
    """Post a letter with a link that opens one thing. Links of the same purpose that this address has stop working."""
    may_plan(by).or_refuse()
    school, email = locked_school(school), email.strip().lower()
    if purpose not in SENDABLE:
        raise NotAllowedNow(_("Such a link is not sent by hand."), "purpose")
    if school.status == SchoolStatus.CLOSED:
        raise NotAllowedNow(_("The school is closed."), "school_closed")
    for old in school.links.open_at(at).filter(year=year, purpose=purpose, email=email):
        revoke_link(old, by=by, at=at)
    link, token = make_link(school, year, purpose, at=at, by=by, email=email)
    with translation.override(LANGUAGE):
        filing.post_letter(
            None,
            key=f"culture.link.{link.pk}",
            to=[email],
            addressee=school.name,
            subject=str(_("The culture guarantee: your link")),
            template="letters/culture/link.html",
            context={
                "school": school,
                "year": year,
                "link": settings.SITE_URL + reverse("culture:link", args=[token]),
                "link_row": link,
            },
            at=at,
            language=LANGUAGE,
            private=True,
        )
    changes = {"school": [school.pk, school.pk], "link": [None, link.pk], "purpose": [None, purpose]}
    filing.note(None, "culture.link_sent", by=by, at=at, changes=changes)
    return link
