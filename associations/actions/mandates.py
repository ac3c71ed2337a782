"""Who acts for the association: asked, accepted, ended."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import invite, use_invitation, withdraw_invitation
from accounts.models import User
from associations.actions.dossier import in_swedish, locked, note
from associations.actions.joint import prepare_joint
from associations.choices import MandateKind, MandateSource
from associations.models import Association, Mandate, MandateOffer
from associations.permissions import is_confirmed, may_keep, signs
from records.filing import NotAllowedNow
from records.values import local_day


@transaction.atomic
def invite_mandate(association: Association, *, email: str, kind: str, by: User, at: datetime) -> MandateOffer:
    """Ask somebody to act for the association, by letter.

    Where two sign jointly a new signatory takes a second signatory's word before the letter goes: nobody gives themselves
    the second signature.
    """
    association, day = locked(association), local_day(at)
    officer = bool(may_keep(by))
    if not officer:
        signs(by, association, day).or_refuse()
    email = email.strip().lower()
    if association.mandates.in_force(day).filter(user__email__iexact=email, kind=kind).exists():
        raise NotAllowedNow(_("This person already has this mandate."), "has_it")
    if association.offers.waiting().filter(email__iexact=email, kind=kind).exists():
        raise NotAllowedNow(_("This person has already been asked and has not answered yet."), "asked")
    offer = MandateOffer.objects.create(association=association, kind=kind, email=email, made_by=by, made_at=at)
    note(association, "mandate_offered", at=at, by=by, changes={"mandate": [None, kind]})
    if officer or kind != MandateKind.SIGNATORY or not association.needs_two:
        return _send(offer, by=by, at=at)
    if association.mandates.in_force(day).signatories().values("user").distinct().count() < 2:
        raise NotAllowedNow(
            _("Two signatories are needed to name a third. Contact the municipality, which can invite the second one."),
            "needs_two",
        )
    prepare_joint(association, key=offer.joint_key, digest=_digest(offer), by=by, at=at)
    return offer


@transaction.atomic
def send_offer(offer: MandateOffer, *, by: User, at: datetime) -> MandateOffer:
    """Send the letter of an offer that a second signatory has confirmed."""
    association = locked(offer.association)
    offer = MandateOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if offer.invitation_id or offer.withdrawn_at:
        return offer
    if not is_confirmed(association, offer.joint_key, _digest(offer)):
        raise NotAllowedNow(_("A second signatory has to confirm first."), "needs_two")
    return _send(offer, by=by, at=at)


def _digest(offer: MandateOffer) -> str:
    return f"{offer.kind}:{offer.pk}"


def _send(offer: MandateOffer, *, by: User, at: datetime) -> MandateOffer:
    offer.invitation, _token = invite(
        offer.email,
        by=by,
        at=at,
        subject=in_swedish("mandate", offer.association.name),
        template="letters/associations/mandate.html",
        context={"association": offer.association, "offer": offer},
        page="associations:mandate_accept",
    )
    offer.save(update_fields=["invitation"])
    return offer


@transaction.atomic
def accept_mandate(token: str, *, by: User, at: datetime) -> Mandate:
    """Take the mandate that the letter's link offers. A second click changes nothing."""
    invitation = use_invitation(token, by=by, at=at)
    offer = MandateOffer.objects.select_for_update(of=("self",)).select_related("association").get(invitation=invitation)
    if offer.withdrawn_at:
        raise NotAllowedNow(_("The offer has been withdrawn."), "withdrawn")
    if offer.mandate is not None:
        return offer.mandate
    association, day = locked(offer.association), local_day(at)
    mandate = association.mandates.in_force(day).filter(user=by, kind=offer.kind).first()
    if mandate is None:
        source = MandateSource.OFFICER if may_keep(offer.made_by) else MandateSource.INVITED
        mandate = Mandate.objects.create(
            association=association, user=by, kind=offer.kind, since=day, source=source, given_by=offer.made_by
        )
    if not MandateOffer.objects.filter(mandate=mandate).exists():
        offer.mandate = mandate
        offer.save(update_fields=["mandate"])
    else:
        offer.withdrawn_at = at
        offer.save(update_fields=["withdrawn_at"])
    note(association, "mandate_accepted", at=at, by=by, changes={"mandate": [None, offer.kind]})
    return mandate


@transaction.atomic
def withdraw_offer(offer: MandateOffer, *, by: User, at: datetime) -> MandateOffer:
    """Take back an offer that nobody has accepted; its link stops working."""
    association = locked(offer.association)
    if not may_keep(by):
        signs(by, association, local_day(at)).or_refuse()
    offer = MandateOffer.objects.select_for_update(of=("self",)).select_related("invitation").get(pk=offer.pk)
    if offer.mandate_id:
        raise NotAllowedNow(_("The person has already accepted. End the mandate instead."), "accepted")
    if offer.withdrawn_at is None:
        if offer.invitation:
            withdraw_invitation(offer.invitation, by=by, at=at)
        offer.withdrawn_at = at
        offer.save(update_fields=["withdrawn_at"])
        note(association, "mandate_offer_withdrawn", at=at, by=by)
    return offer


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: User, at: datetime, reason: str = "") -> Mandate:
    """End a mandate today: one's own, or another's by a signatory or an officer. The last signatory's only by an officer."""
    association, day = locked(mandate.association), local_day(at)
    mandate = Mandate.objects.select_for_update().get(pk=mandate.pk)
    if mandate.until is not None and mandate.until <= day:
        return mandate
    if not may_keep(by):
        if mandate.user_id != by.pk:
            signs(by, association, day).or_refuse()
        others = association.mandates.in_force(day).signatories().exclude(pk=mandate.pk)
        if mandate.kind == MandateKind.SIGNATORY and not others.exists():
            raise NotAllowedNow(
                _("This is the association's last signatory. Invite another one first, or contact the municipality."), "last"
            )
    mandate.until = day
    mandate.save(update_fields=["until"])
    note(association, "mandate_ended", at=at, by=by, reason=reason, changes={"mandate": [mandate.kind, None]})
    return mandate
