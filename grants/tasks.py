"""The worker's way in: thin, by key, harmless twice."""

from celery import shared_task
from django.utils.timezone import now

from grants.actions import reports
from grants.actions.completion import lapse_completion
from grants.models import CompletionRequest


@shared_task(name="grants.lapse_completions")
def lapse_completions() -> int:
    """Close the completion requests that nobody answered in time; answers with how many."""
    at = now()
    due = CompletionRequest.objects.filter(answered_at=None, lapsed_at=None, due_at__lte=at).select_related("application")
    return sum(lapse_completion(request, at=at) for request in due)


@shared_task(name="grants.remind_of_reports")
def remind_of_reports() -> int:
    """Send the reminders about follow-up reports that are due; answers with how many. Each goes out once (Case 48)."""
    return reports.remind(at=now())
