"""What the start page asks of each, what letters go out, and what the worker does twice without harm."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.hats import Hat
from associations.choices import Signing
from grants.actions import completion, drafts, submission
from grants.actions.quarantine import tell_of_virus
from grants.hooks import association_tasks, officer_tasks, own_files
from grants.models import CompletionRequest
from grants.tasks import lapse_completions
from records.models import Letter, StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(at, time_machine):
    time_machine.move_to(at)


def hat_of(association):
    return Hat("association", str(association.pk), association.name, "/")


def test_a_draft_is_asked_for_until_it_is_handed_in(draft, alice, association, at):
    [task] = association_tasks(alice, hat_of(association), at)
    assert task.url == reverse("grants:application", args=[draft.pk])
    assert task.due == draft.call.closes_on
    submission.submit(draft, by=alice, at=at)
    assert association_tasks(alice, hat_of(association), at) == []


def test_a_late_draft_is_urgent_and_says_what_it_costs(draft, alice, association):
    [task] = association_tasks(alice, hat_of(association), draft.call.closes_at + timedelta(days=2))
    assert task.urgent
    assert "10 %" in task.why
    assert association_tasks(alice, hat_of(association), draft.call.refuses_at) == []


def test_a_call_that_closes_soon_is_asked_for_where_it_is_not_begun(call, alice, association, stranger, other_association, at):
    soon = call.closes_at - timedelta(days=3)
    assert [task.due for task in association_tasks(alice, hat_of(association), soon)] == [call.closes_on]
    assert association_tasks(alice, hat_of(association), at) == []


def test_without_a_hat_nothing_is_asked(draft, alice, at):
    assert association_tasks(alice, None, at) == []


def test_one_does_not_see_the_tasks_of_another_association(draft, stranger, association, other_association, at):
    assert association_tasks(stranger, hat_of(association), at) == []
    assert association_tasks(stranger, hat_of(other_association), at) == []


def test_a_completion_is_asked_for_first(application, alice, officer, association, at):
    due = at.date() + timedelta(days=7)
    completion.ask_completion(application, sections=["budget"], message="Mer", due_on=due, by=officer, at=at)
    [task] = association_tasks(alice, hat_of(association), at)
    assert (task.urgent, task.due, task.why) == (True, due, "Mer")
    assert association_tasks(alice, hat_of(association), at + timedelta(days=8)) == []


def test_the_second_signatory_is_asked_to_sign(draft, association, person, give_mandate, at):
    association.signing = Signing.TWO_JOINTLY
    association.save()
    first, second = person("first@example.org"), person("second@example.org")
    give_mandate(first, association, "signatory")
    give_mandate(second, association, "signatory")
    submission.hand_in(draft, by=first, at=at)
    assert association_tasks(first, hat_of(association), at) == []
    [task] = association_tasks(second, hat_of(association), at)
    assert task.url == reverse("grants:application_submit", args=[draft.pk])
    assert task.urgent


def test_officers_are_told_of_applications_nobody_handles(application, officer, auditor, at):
    [task] = officer_tasks(officer, None, at)
    assert "(1)" in task.title
    assert officer_tasks(auditor, None, at) == []


def test_the_worker_closes_what_was_not_answered_and_harms_nothing_twice(application, officer, at, time_machine):
    """Case 20."""
    due = at.date() + timedelta(days=7)
    completion.ask_completion(application, sections=["budget"], message="Mer", due_on=due, by=officer, at=at)
    assert lapse_completions() == 0
    time_machine.move_to(at + timedelta(days=8))
    assert lapse_completions() == 1
    assert lapse_completions() == 0
    titles = [task.title for task in officer_tasks(officer, None, at + timedelta(days=8))]
    assert any("Teaterboden" in title for title in titles)


def test_after_the_due_date_nothing_is_taken_in_and_the_text_is_kept(application, alice, officer, at, sign_in, time_machine):
    """Case 20."""
    due = at.date() + timedelta(days=7)
    completion.ask_completion(application, sections=["budget"], message="Mer", due_on=due, by=officer, at=at)
    time_machine.move_to(at + timedelta(days=8))
    client = sign_in(alice)
    url = reverse("grants:application_section", args=[application.pk, "budget"])
    response = client.post(url, {"edition": application.edition, "q-asked": "99 000"})
    assert response.status_code == 409
    assert "99 000" in response.content.decode()
    assert client.post(reverse("grants:completion_answer", args=[application.pk])).status_code == 409
    application.refresh_from_db()
    assert application.answers["asked"] == "12000.50"


def test_a_second_completion_may_be_asked_for(application, alice, officer, at):
    """Case 20."""
    due = at.date() + timedelta(days=7)
    for number in (1, 2):
        completion.ask_completion(application, sections=["budget"], message=f"Mer {number}", due_on=due, by=officer, at=at)
        application.refresh_from_db()
        drafts.save_section(
            application, "budget", answers={"asked": f"{number} 000"}, edition=application.edition, by=alice, at=at
        )
        application = completion.answer_completion(application, by=alice, at=at)
    assert application.answers["asked"] == "2000.00"
    assert str(application.asked) == "2000.00"
    assert CompletionRequest.objects.filter(answered_at__isnull=False).count() == 2
    assert Letter.objects.filter(key__startswith="grants.completion.").count() == 2


def test_whoever_handed_in_a_file_with_a_virus_is_told_once(draft, alice, stranger, at):
    """Case 17."""
    file = StoredFile.objects.create(
        name="budget.pdf", path="x", content_type="application/pdf", size=1, sha256="0" * 64, received_at=at, by=alice
    )
    draft.attachments.create(key="budget", file=file, added_at=at, added_by=alice)
    for _twice in range(2):
        tell_of_virus(file, at=at)
    letter = Letter.objects.get()
    assert letter.to == [alice.email]
    assert "budget.pdf" in letter.html
    assert StoredFile.objects.filter(own_files(alice)).exists()
    assert not StoredFile.objects.filter(own_files(stranger)).exists()


def test_text_typed_after_the_session_ran_out_is_there_again_after_signing_in(client, alice, draft):
    url = reverse("grants:application_section", args=[draft.pk, "activity"])
    response = client.post(url, {"edition": draft.edition, "q-plan": "Skrivet när sessionen hade gått ut, en lång mening."})
    assert response.status_code == 302
    client.force_login(alice)
    assert "Skrivet när sessionen hade gått ut, en lång mening." in client.get(url).content.decode()


def test_the_associations_list_costs_the_same_however_many_applications(
    sign_in, alice, application, publish_call, plan, association, start_draft, django_assert_num_queries
):
    client = sign_in(alice)
    client.get("/bidrag/ansokningar/")
    with django_assert_num_queries(OWN_LIST):
        client.get("/bidrag/ansokningar/")
    for year in (2028, 2029):
        start_draft(publish_call(replace(plan, title=f"Stöd {year}", grant_year=year)), association, alice)
    with django_assert_num_queries(OWN_LIST):
        client.get("/bidrag/ansokningar/")


OWN_LIST = 9


def test_the_public_list_costs_the_same_however_many_calls(client, publish_call, plan, call, django_assert_num_queries):
    client.get("/bidrag/")
    with django_assert_num_queries(PUBLIC_LIST):
        client.get("/bidrag/")
    for year in (2028, 2029):
        publish_call(replace(plan, title=f"Stöd {year}", grant_year=year))
    with django_assert_num_queries(PUBLIC_LIST):
        client.get("/bidrag/")


PUBLIC_LIST = 2
