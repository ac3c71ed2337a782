"""The association's pages, as alice (who may apply), as an officer and as a stranger."""

import pytest
import time_machine
from django.urls import reverse

from grants.actions import calls, completion, drafts
from grants.choices import ApplicationStatus
from grants.models import Application
from records.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(at):
    with time_machine.travel(at, tick=False):
        yield


def page(name, *args):
    return reverse(f"grants:{name}", args=args)


def test_everyone_can_read_what_can_be_applied_for(client, call):
    response = client.get(page("call_list"))
    assert "Årligt föreningsbidrag 2027" in response.content.decode()
    text = client.get(page("call", call.pk)).content.decode()
    assert "Nivå 5" in text
    assert "10" in text


def test_a_call_that_is_being_prepared_is_seen_by_nobody_outside(client, sign_in, version, plan, officer, alice, at):
    hidden = calls.plan_call(version, plan, by=officer, at=at)
    assert client.get(page("call", hidden.pk)).status_code == 404
    assert sign_in(alice).get(page("call", hidden.pk)).status_code == 404


def test_alice_starts_an_application_and_finds_it_in_her_list(sign_in, alice, call):
    client = sign_in(alice)
    assert client.get(page("application_start", call.pk)).status_code == 200
    response = client.post(page("application_start", call.pk))
    draft = Application.objects.get()
    assert response.url == page("application", draft.pk)
    assert client.get(response.url).status_code == 200
    assert "Årligt föreningsbidrag 2027" in client.get(page("application_list")).content.decode()


def test_starting_twice_leads_to_the_same_draft(sign_in, alice, call):
    client = sign_in(alice)
    first = client.post(page("application_start", call.pk)).url
    assert client.post(page("application_start", call.pk)).url == first
    assert Application.objects.count() == 1


def test_a_section_is_saved_and_leads_to_the_next(sign_in, alice, draft):
    client = sign_in(alice)
    url = page("application_section", draft.pk, "activity")
    assert client.get(url).status_code == 200
    response = client.post(url, {"edition": draft.edition, "q-plan": "Öppet hus varje lördag", "q-new": "no"})
    assert response.url == page("application_section", draft.pk, "budget")
    draft.refresh_from_db()
    assert draft.answers["plan"] == "Öppet hus varje lördag"


def test_what_cannot_be_read_is_saved_as_typed_and_said_beside_the_field(sign_in, alice, draft):
    url = page("application_section", draft.pk, "budget")
    response = sign_in(alice).post(url, {"edition": draft.edition, "q-asked": "tolv tusen"})
    assert response.status_code == 422
    assert "tolv tusen" in response.content.decode()
    draft.refresh_from_db()
    assert draft.answers["asked"] == "tolv tusen"


def test_a_personal_number_in_free_text_is_turned_away_with_advice(sign_in, alice, draft):
    url = page("application_section", draft.pk, "activity")
    response = sign_in(alice).post(url, {"edition": draft.edition, "q-plan": "Kontakta 19850709-9805 om ni undrar."})
    assert response.status_code == 422


def test_autosave_answers_with_the_new_edition(sign_in, alice, draft):
    url = page("application_section", draft.pk, "activity")
    response = sign_in(alice).post(url, {"edition": draft.edition, "q-plan": "halvvägs"}, headers={"X-Autosave": "yes"})
    assert response.json()["edition"] == draft.edition + 1


def test_a_page_open_in_two_tabs_tells_instead_of_overwriting_and_keeps_the_typed_text(sign_in, alice, draft):
    client = sign_in(alice)
    url = page("application_section", draft.pk, "activity")
    client.post(url, {"edition": draft.edition, "q-plan": "Det första fönstrets text"})
    response = client.post(url, {"edition": draft.edition, "q-plan": "Det andra fönstrets text"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "Det första fönstrets text" in text
    assert "Det andra fönstrets text" in text
    draft.refresh_from_db()
    assert draft.answers["plan"] == "Det första fönstrets text"


def test_the_summary_lists_everything_that_is_missing_as_links(sign_in, alice, call, association, at):
    draft = drafts.start(call, association, by=alice, at=at)
    client = sign_in(alice)
    text = client.get(page("application_submit", draft.pk)).content.decode()
    assert page("application_section", draft.pk, "activity") in text
    response = client.post(page("application_submit", draft.pk), {"edition": draft.edition})
    assert response.status_code == 422
    assert Application.objects.get().status == ApplicationStatus.DRAFT


def test_handing_in_through_the_page_gives_a_number_and_a_receipt_and_pressing_again_changes_nothing(sign_in, alice, draft):
    client = sign_in(alice)
    url = page("application_submit", draft.pk)
    for _press in range(2):
        assert client.post(url, {"edition": draft.edition}).status_code == 302
    assert Letter.objects.filter(key__startswith="grants.receipt").count() == 1
    assert "KFN 2026-00001" in client.get(page("application", draft.pk)).content.decode()


def test_round_closed_while_the_form_is_open_is_refused_with_the_typed_text_and_no_letter(
    sign_in, alice, officer, call, draft, at
):
    """Case 6."""
    calls.close_call(call, reason="Potten är slut", by=officer, at=at)
    client = sign_in(alice)
    url = page("application_section", draft.pk, "activity")
    response = client.post(url, {"edition": draft.edition, "q-plan": "Text som inte får försvinna"})
    assert response.status_code == 409
    assert "Text som inte får försvinna" in response.content.decode()
    response = client.post(page("application_submit", draft.pk), {"edition": draft.edition})
    assert response.status_code == 409
    assert "Vi vill öppna för fler." in response.content.decode()
    assert Letter.objects.count() == 0


def test_a_stranger_meets_404_for_another_associations_application(sign_in, stranger, draft, application_urls):
    client = sign_in(stranger)
    for url in application_urls(draft):
        assert client.get(url).status_code in (404, 405), url
        assert client.post(url).status_code in (404, 405), url


@pytest.fixture
def application_urls():
    def urls(found):
        yield page("application_section", found.pk, "activity")
        yield page("attachment_remove", found.pk, "budget")
        for name in (
            "application",
            "application_aims",
            "application_attachments",
            "application_submit",
            "completion_answer",
            "application_withdraw",
            "application_discard",
        ):
            yield page(name, found.pk)

    return urls


def test_an_officer_does_not_see_drafts(sign_in, officer, draft):
    assert sign_in(officer).get(page("application", draft.pk)).status_code == 404


def test_alice_withdraws_and_may_apply_again(sign_in, alice, application, call):
    client = sign_in(alice)
    assert client.get(page("application_withdraw", application.pk)).status_code == 200
    client.post(page("application_withdraw", application.pk), {"reason": "Vi hann inte"})
    application.refresh_from_db()
    assert application.status == ApplicationStatus.WITHDRAWN
    client.post(page("application_start", call.pk))
    assert Application.objects.count() == 2


def test_a_draft_is_thrown_away_only_by_post(sign_in, alice, draft):
    client = sign_in(alice)
    assert client.get(page("application_discard", draft.pk)).status_code == 200
    client.post(page("application_discard", draft.pk))
    assert Application.objects.count() == 0


def test_completion_opens_only_its_section(sign_in, alice, officer, application, at):
    """Case 20."""
    due = at.date().replace(day=15)
    completion.ask_completion(application, sections=["budget"], message="Summan saknar moms.", due_on=due, by=officer, at=at)
    client = sign_in(alice)
    assert "Summan saknar moms." in client.get(page("application", application.pk)).content.decode()
    assert client.get(page("application_section", application.pk, "activity")).status_code == 404
    url = page("application_section", application.pk, "budget")
    assert client.get(url).status_code == 200
    client.post(url, {"edition": application.edition, "q-asked": "15 000"})
    text = client.get(page("completion_answer", application.pk)).content.decode()
    assert "12\u00a0000,50" in text
    client.post(page("completion_answer", application.pk))
    application.refresh_from_db()
    assert application.answers["asked"] == "15000.00"
    assert client.get(page("application", application.pk)).status_code == 200
