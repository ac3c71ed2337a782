"""The worker's way in: thin, by key, harmless twice. The rows decide what is left to do."""

from celery import shared_task
from django.utils.timezone import now

from facilities import actions


@shared_task(name="facilities.sweep")
def sweep() -> int:
    """Every minute: offers, holds and proposals to swap that ran out. How many there were."""
    at = now()
    return actions.pass_on_times(at) + actions.sweep(at) + actions.lapse_swaps(at)


@shared_task(name="facilities.keep_rounds")
def keep_rounds() -> int:
    """Once an hour: seasons whose last day for wishes has passed are closed; who has not wished or commented is reminded once."""
    at = now()
    return actions.keep_rounds(at=at) + actions.keep_comments(at=at)


@shared_task(name="facilities.compute_proposal")
def compute_proposal(run_id: int) -> bool:
    """Minutes of work: computes one proposal of a season, and writes how far it has come."""
    return actions.compute_proposal(run_id, at=now())


@shared_task(name="facilities.sweep_proposals")
def sweep_proposals() -> None:
    """Every minute: proposals that the broker lost, or whose worker died."""
    for pk in actions.proposals_to_compute(at=now()):
        compute_proposal.apply_async([pk], retry=False)


@shared_task(name="facilities.carry_out_work")
def carry_out_work(key: int) -> bool:
    """Seconds to minutes: decides a season or undoes that, all of it or nothing, and writes how far it has come."""
    return actions.carry_out_work(key, at=now())


@shared_task(name="facilities.sweep_work")
def sweep_work() -> None:
    """Every minute: decisions that the broker lost, or whose worker died."""
    for key in actions.work_left(at=now()):
        carry_out_work.apply_async([key], retry=False)
