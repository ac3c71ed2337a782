"""The association's own case: its lock, its log, its letters; and the refusal of a page that has grown old."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from associations.choices import TRANSITIONS, AssociationStatus, MandateKind
from associations.models import Association, Mandate
from records import filing
from records.filing import NotAllowedNow
from records.models import Case
from records.values import local_day


class StalePage(NotAllowedNow):
    """Somebody else has saved since the page was opened; nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "Somebody else has changed this since you opened the page. Nothing of yours is lost: compare with what is "
                "saved now, and save again."
            ),
            "stale",
        )


def locked(association: Association) -> Association:
    """The association read again under its lock; the caller's object is never trusted."""
    return Association.objects.select_for_update(of=("self",)).select_related("case").get(pk=association.pk)


def require(association: Association, to: str) -> None:
    """NotAllowedNow unless the association may move to the status *to*."""
    if to not in TRANSITIONS[association.status]:
        status = AssociationStatus(association.status).label
        raise NotAllowedNow(
            gettext_lazy("This cannot be done now: the association is %(status)s.") % {"status": status}, "status"
        )


def case_of(association: Association, *, at: datetime, by: User | None = None) -> Case:
    """The association's own case, opened the first time something happens to one that came into the register by import."""
    if association.case is None:
        association.case = filing.open_case(title=in_swedish("association_case", association.name), at=at, by=by)
        association.save(update_fields=["case"])
    return association.case


def note(
    association: Association, verb: str, *, at: datetime, by: User, reason: str = "", changes: Mapping[str, Any] | None = None
) -> None:
    """One line in the log of the association's case."""
    filing.note(case_of(association, at=at, by=by), f"associations.{verb}", at=at, by=by, reason=reason, changes=changes)


def addresses(association: Association, *, at: datetime) -> Sequence[str]:
    """Where a letter to the association goes: its own address and its signatories'. One query."""
    mandates = association.mandates.in_force(local_day(at)).filter(kind=MandateKind.SIGNATORY, user__is_active=True)
    found = [association.email, *mandates.order_by("pk").values_list("user__email", flat=True)]
    return list(dict.fromkeys(address for address in found if address))


def addresses_of(associations: Iterable[Association], *, at: datetime) -> dict[int, list[str]]:
    """Association key -> as addresses, of many. One query."""
    found = {association.pk: [association.email] for association in associations}
    mandates = Mandate.objects.in_force(local_day(at)).filter(kind=MandateKind.SIGNATORY, user__is_active=True)
    for association, address in mandates.filter(association__in=found).order_by("pk").values_list("association", "user__email"):
        found[association].append(address)
    return {key: list(dict.fromkeys(address for address in known if address)) for key, known in found.items()}


def post(
    association: Association, letter: str, *, key: str, subject: str, at: datetime, context: Mapping[str, Any] | None = None
) -> None:
    """A letter to the association, in Swedish, in its own case."""
    filing.post_letter(
        case_of(association, at=at),
        key=f"associations.{letter}.{key}",
        to=addresses(association, at=at),
        addressee=association.name,
        subject=in_swedish(subject, association.name),
        template=f"letters/associations/{letter}.html",
        context={"association": association, "site": settings.SITE_URL, **(context or {})},
        at=at,
    )


def in_swedish(what: str, name: str) -> str:
    """Titles of cases and letters, and reasons of the system: the register is kept in Swedish whatever language the page has."""
    with translation.override(settings.LANGUAGE_CODE):
        sentences = {
            "association_case": _("Association register: %(name)s"),
            "registration": _("Registration of the association %(name)s"),
            "import": _("Import into the association register: %(name)s"),
            "receipt": _("We have received your registration of %(name)s"),
            "approved": _("%(name)s is registered"),
            "refused": _("Decision: %(name)s is not registered"),
            "document_needs_change": _("A document from %(name)s needs a change"),
            "account_entered": _("A new bank account for %(name)s"),
            "account_verified": _("The bank account of %(name)s is verified"),
            "account_refused": _("The bank account of %(name)s could not be verified"),
            "dispensation": _("Decision on dispensation for %(name)s"),
            "mandate": _("You are asked to act for %(name)s"),
            "removed_by_file": _("Removed by the file %(name)s"),
        }
        return sentences[what] % {"name": name}
