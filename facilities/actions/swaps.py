"""Two associations change times with each other: one proposes, the other says yes or no, and both change or neither does."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from facilities.actions.changes import swap
from facilities.actions.ground import NotPossible, ground_of
from facilities.choices import HIRED, BookingStatus, SwapStatus
from facilities.models import Booking, SwapProposal
from facilities.models.swap import place_of
from facilities.permissions import may_answer_for, may_change
from facilities.rules.terms import Fault
from records import filing
from records.refusals import NotAllowedNow

OPEN = timedelta(days=7)  # to answer, or until the first of the two times begins
MOST_OPEN = 5  # proposals that one association may have waiting: nobody asks everybody


@transaction.atomic
def propose_swap(ours: Booking, theirs: Booking, *, by: Any, at: datetime, message: str = "") -> SwapProposal:
    """Ask another association to change times. Asked again it answers with the proposal that waits already."""
    ours, theirs = _now(ours), _now(theirs)
    may_change(by, ours, at).or_refuse()
    _may_be_swapped(ours, theirs, at)
    open_now = SwapProposal.objects.open_at(at).filter(ours__association=ours.association).with_both()
    waiting = [each for each in open_now if each.is_as_proposed]
    for each in waiting:
        if (each.ours_id, each.theirs_id) == (ours.pk, theirs.pk):
            return each
    if len(waiting) >= MOST_OPEN:
        raise NotAllowedNow(_("You have several proposals waiting already. Withdraw one of them first."), "many_open")
    SwapProposal.objects.filter(ours=ours, theirs=theirs, status=SwapStatus.PROPOSED).update(
        status=SwapStatus.LAPSED, answered_at=at
    )
    proposal = SwapProposal.objects.create(
        ours=ours,
        theirs=theirs,
        message=message,
        places=[place_of(ours), place_of(theirs)],
        proposed_by=by,
        made_at=at,
        open_until=min(at + OPEN, ours.starts_at, theirs.starts_at),
    )
    changes = {"bookings": [ours.pk, theirs.pk], "swap": [None, proposal.pk]}
    filing.note(None, "facilities.swap_proposed", by=by, at=at, changes=changes)
    _write("proposed", proposal, theirs, _("Another association wants to swap times with you"), at=at)
    return proposal


@transaction.atomic
def accept_swap(proposal: SwapProposal, *, by: Any, at: datetime) -> SwapProposal:
    """Say yes: both bookings change places. Of two who answer at once one does; NotAllowedNow for the other.

    Both must still stand where they stood when it was proposed, and both sides must still speak for their associations.
    """
    proposal = _locked(proposal)
    if proposal.status != SwapStatus.PROPOSED or proposal.open_until <= at:
        raise NotAllowedNow(_("The proposal is no longer open."), "swap_over")
    if not may_change(proposal.proposed_by, proposal.ours, at):
        raise NotAllowedNow(_("The other association can no longer swap the time. Ask them to propose it again."), "changed")
    _may_be_swapped(proposal.ours, proposal.theirs, at)
    ours, theirs = swap(proposal.ours, proposal.theirs, by=proposal.proposed_by, by_other=by, at=at)
    if [place_of(theirs), place_of(ours)] != proposal.places:  # judged under the locks: the swap is undone
        raise NotAllowedNow(_("One of the times has been changed since it was proposed. Make a new proposal."), "changed")
    return _answer(proposal, SwapStatus.ACCEPTED, by=by, at=at)


@transaction.atomic
def decline_swap(proposal: SwapProposal, *, by: Any, at: datetime) -> SwapProposal:
    """Say no; the other association is told. Harmless twice."""
    proposal = _locked(proposal)
    may_answer_for(by, proposal.theirs, at).or_refuse()
    if proposal.status != SwapStatus.PROPOSED:
        return proposal
    _write("declined", proposal, proposal.ours, _("They do not want to swap times"), at=at)
    return _answer(proposal, SwapStatus.DECLINED, by=by, at=at)


@transaction.atomic
def withdraw_swap(proposal: SwapProposal, *, by: Any, at: datetime) -> SwapProposal:
    """Take a proposal back. Harmless twice, and after an answer."""
    proposal = _locked(proposal)
    may_answer_for(by, proposal.ours, at).or_refuse()
    if proposal.status != SwapStatus.PROPOSED:
        return proposal
    return _answer(proposal, SwapStatus.WITHDRAWN, by=by, at=at)


def lapse_swaps(at: datetime) -> int:
    """Close the proposals that nobody answered in time. How many; 0 the second time."""
    return SwapProposal.objects.ran_out(at).update(status=SwapStatus.LAPSED, answered_at=at)


def _may_be_swapped(ours: Booking, theirs: Booking, at: datetime) -> None:
    """Both are booked by associations, are to come, and fit the space of the other."""
    if ours.association_id is None or theirs.association_id is None or ours.association_id == theirs.association_id:
        raise NotAllowedNow(_("Choose a time that another association has booked."), "same")
    for each in (ours, theirs):
        if each.kind not in HIRED or each.status != BookingStatus.CONFIRMED:
            raise NotAllowedNow(_("The booking no longer stands."), "not_booked")
        if each.starts_at <= at:
            raise NotAllowedNow(_("The time has already begun or passed."), "past")
    for moving, place in ((ours, theirs), (theirs, ours)):
        ground = ground_of(place.space, place.span)
        if ground.rules.needs_approval:
            sentence = _("There a person answers each request, so the municipality has to make the swap. Contact us.")
            raise NotAllowedNow(sentence, "needs_approval")
        if Fault.TOO_MANY_PEOPLE in ground.faults(place.span, at, people=moving.people):
            raise NotPossible([Fault.TOO_MANY_PEOPLE])


def _answer(proposal: SwapProposal, status: str, *, by: Any, at: datetime) -> SwapProposal:
    proposal.status, proposal.answered_at, proposal.answered_by = status, at, by
    proposal.save(update_fields=["status", "answered_at", "answered_by"])
    if status == SwapStatus.DECLINED:
        filing.note(None, "facilities.swap_declined", by=by, at=at, changes={"swap": [proposal.pk, None]})
    if status == SwapStatus.WITHDRAWN:
        filing.note(None, "facilities.swap_withdrawn", by=by, at=at, changes={"swap": [proposal.pk, None]})
    return proposal


def _write(kind: str, proposal: SwapProposal, to: Booking, subject: str | Promise, *, at: datetime) -> None:
    """A letter to the one who booked *to*."""
    language = to.booked_by.language
    with translation.override(language):
        heading = f"{subject}: {to.space}"
    filing.post_letter(
        None,
        key=f"facilities.swap_{kind}.{proposal.pk}",
        to=[to.booked_by.email],
        addressee=to.association.name if to.association else "",
        subject=heading,
        template="letters/facilities/swap.html",
        context={"kind": kind, "proposal": proposal, "ours": proposal.ours, "theirs": proposal.theirs},
        at=at,
        language=language,
    )


def _now(booking: Booking) -> Booking:
    related = ("space__venue", "association", "booked_by")
    return Booking.objects.select_related(*related).get(pk=booking.pk)


def _locked(proposal: SwapProposal) -> SwapProposal:
    """The proposal as it is now. Its row is taken before any ground, by all, so nobody waits in a ring."""
    locked = SwapProposal.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=proposal.pk)
    locked.ours, locked.theirs = _now(Booking(pk=locked.ours_id)), _now(Booking(pk=locked.theirs_id))
    return locked
