"""The worker's way in: thin, by key, harmless twice. The rows decide what is left to do."""

from celery import shared_task
from django.utils.timezone import now

from culture import actions


@shared_task(name="culture.remind")
def remind() -> int:
    """Once an hour: what schools are reminded of, each once."""
    return actions.remind(at=now())


@shared_task(name="culture.compute_plan")
def compute_plan(run_id: int) -> bool:
    """Minutes of work: computes one proposal, and writes how far it has come."""
    return actions.compute_plan(run_id, at=now())


@shared_task(name="culture.sweep_plans")
def sweep_plans() -> None:
    """Every minute: proposals that the broker lost, or whose worker died."""
    for pk in actions.runs_to_compute(at=now()):
        compute_plan.apply_async([pk], retry=False)


@shared_task(name="culture.keep_years")
def keep_years() -> int:
    """Once an hour: the measuring date is counted when it has come, and a school year is locked on its day."""
    return actions.measure_due(at=now()) + actions.lock_due(at=now())
