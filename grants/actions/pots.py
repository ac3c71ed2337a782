"""A call whose calculation shares out a pot: everybody's claims are counted together, and the sharing is kept."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grants.actions.counting import count_parts
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.choices import ApplicationStatus
from grants.models import Application, Call, Pot
from grants.rules.calculation import Part
from grants.rules.parts_json import inner, parts_from_json
from grants.rules.parts_pot import PotShare, SharedPot, share_pot
from records import filing

OUTSIDE = (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN, ApplicationStatus.DISMISSED, ApplicationStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class Claims:
    """What every application in the call claims. uncounted: those that cannot be counted, each with its sentence."""

    pot: SharedPot | None
    claims: dict[Application, Decimal]
    uncounted: list[tuple[Application, str]]


def pot_part(parts: tuple[Part, ...]) -> PotShare | None:
    return next((part for each in parts if isinstance(part := inner(each), PotShare)), None)


def claims_in(call: Call, parts: tuple[Part, ...] | None = None) -> Claims:
    """The sharing as it would be now. parts: of another version, to try. Nothing is written."""
    parts = parts_from_json(call.version.parts) if parts is None else parts
    part = pot_part(parts)
    rows = call.applications.exclude(status__in=OUTSIDE).order_by("pk")
    applications = rows.select_related("call__version__scheme", "mended", "association__category").prefetch_related(
        "call__late_steps"
    )
    claims, uncounted = {}, []
    before = tuple(parts[: next((place for place, each in enumerate(parts) if inner(each) is part), 0)])
    for application in applications:
        counted = count_parts(application, before)
        if counted.amount is not None:
            claims[application] = counted.amount
        elif not counted.too_late:
            uncounted.append((application, counted.missing))
    kronor = call.budget if part is None or part.kronor is None else part.kronor
    if part is None or kronor is None:
        return Claims(None, claims, uncounted)
    numbered = {application.pk: amount for application, amount in claims.items()}
    return Claims(share_pot(kronor, numbered, step=part.step, only_down=part.only_down), claims, uncounted)


@transaction.atomic
def share_out(call: Call, *, by: Any, at: datetime) -> Pot:
    """Share the pot of a call over what is claimed now, and keep it: the amounts count with the last sharing.

    NotComplete while an application cannot be counted: its claim would come out of the others' shares. Locks: the call.
    """
    call = Call.objects.select_for_update(of=("self",)).select_related("version").get(pk=call.pk)
    if pot_part(parts_from_json(call.version.parts)) is None:
        raise NotAllowedNow(_("The calculation of this call does not share out a pot."))
    found = claims_in(call)
    if found.uncounted:
        raise NotComplete([f"{application.association}: {sentence}" for application, sentence in found.uncounted])
    if found.pot is None:
        raise NotAllowedNow(_("The call has no budget, so there is no pot to share out."))
    shared = found.pot
    shares = {
        str(application.pk): [str(claim), str(shared.shares[application.pk])] for application, claim in found.claims.items()
    }
    pot = Pot.objects.create(
        call=call,
        kronor=shared.kronor,
        claims=shared.claims,
        rate=shared.rate,
        residual=shared.residual,
        shares=shares,
        shared_at=at,
        shared_by=by,
    )
    filing.note(None, "grants.pot_shared", by=by, at=at, changes={"call": [call.pk, call.pk], "rate": [None, str(shared.rate)]})
    return pot
