"""A draft never loses text, and is begun, copied and thrown away by those who may."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grants.actions import calls, drafts, schemes, versions
from grants.actions.refusals import NotAllowedNow, StalePage
from grants.actions.retention import count_old_drafts, dispose_of_drafts
from grants.models import Application
from records.models import Event

pytestmark = pytest.mark.django_db


def test_saving_the_same_again_changes_nothing(draft, alice, at):
    again = drafts.save_section(draft, "activity", answers={"plan": draft.answers["plan"]}, edition=0, by=alice, at=at)
    assert again.edition == draft.edition


def test_two_people_may_write_in_different_parts_at_the_same_time(draft, alice, at):
    opened = draft.edition
    drafts.save_section(draft, "activity", answers={"plan": "En"}, edition=opened, by=alice, at=at)
    saved = drafts.save_section(draft, "budget", answers={"asked": "500"}, edition=opened, by=alice, at=at)
    assert saved.answers == draft.answers | {"plan": "En", "asked": "500"}


def test_a_page_older_than_what_it_would_replace_is_told_and_nothing_is_overwritten(draft, alice, at):
    opened = draft.edition
    drafts.save_section(draft, "activity", answers={"plan": "Första fliken"}, edition=opened, by=alice, at=at)
    with pytest.raises(StalePage) as stale:
        drafts.save_section(draft, "activity", answers={"plan": "Andra fliken"}, edition=opened, by=alice, at=at)
    assert stale.value.application.answers["plan"] == "Första fliken"
    saved = drafts.save_section(
        draft, "activity", answers={"plan": "Andra fliken"}, edition=stale.value.application.edition, by=alice, at=at
    )
    assert saved.answers["plan"] == "Andra fliken"


def test_only_the_sections_own_questions_are_saved(draft, alice, at):
    saved = drafts.save_section(draft, "budget", answers={"asked": "7", "plan": "smyg"}, edition=draft.edition, by=alice, at=at)
    assert saved.answers["plan"] == "Vi vill öppna för fler."


def test_last_years_answers_are_copied_where_they_still_fit(application, call, association, alice, officer, at):
    scheme = call.version.scheme
    terms = schemes.terms_of(call.version)
    form = [dict(terms.form[0]), *terms.form[1:]]
    form[0] = form[0] | {"questions": [*form[0]["questions"], {"key": "extra", "label": "Ny fråga", "kind": "text"}]}
    schemes.write_version(scheme, replace(terms, form=form), by=officer, at=at)
    version = versions.publish_version(scheme, valid_from=date(2027, 1, 1), by=officer, at=at)
    assert version.number == 2
    later = calls.copy_to_next_year(call, by=officer, at=at)
    assert later.version == version
    later = calls.publish_call(later, by=officer, at=at)
    draft = drafts.start(later, association, by=alice, at=at + timedelta(days=365), copy_from=application)
    assert draft.answers == {"plan": "Vi vill öppna för fler."}


def test_the_start_page_offers_the_copy_and_says_what_changed(
    sign_in, application, call, association, alice, officer, at, time_machine
):
    terms = schemes.terms_of(call.version)
    section = dict(terms.form[0])
    section["questions"] = [{"key": "extra", "label": "Vilka är nya?", "kind": "text"}, *section["questions"][:2]]
    schemes.write_version(call.version.scheme, replace(terms, form=[section, terms.form[1]]), by=officer, at=at)
    versions.publish_version(call.version.scheme, valid_from=date(2027, 1, 1), by=officer, at=at)
    later = calls.publish_call(calls.copy_to_next_year(call, by=officer, at=at), by=officer, at=at)
    time_machine.move_to(at + timedelta(days=365))
    client = sign_in(alice)
    url = reverse("grants:application_start", args=[later.pk])
    text = client.get(url).content.decode()
    assert "Vilka är nya?" in text
    assert "Varför behövs det nu?" in text
    client.post(url, {"copy": "yes"})
    assert Application.objects.get(call=later).answers == {"plan": "Vi vill öppna för fler."}


def test_an_association_of_another_category_cannot_apply(publish_call, plan, association, alice, at):
    call = publish_call(replace(plan, categories=["sisu"]))
    with pytest.raises(NotAllowedNow, match="andra sorters"):
        drafts.start(call, association, by=alice, at=at)


def test_a_leader_reports_attendance_but_does_not_apply(call, association, person, give_mandate, at):
    leader = person("leader@example.org")
    give_mandate(leader, association, "leader")
    with pytest.raises(NotAllowedNow):
        drafts.start(call, association, by=leader, at=at)


def test_old_drafts_are_disposed_of_and_nothing_else_and_a_second_run_changes_nothing(
    draft, hand_in, call, other_association, stranger, at
):
    """Case 63."""
    kept = hand_in(call, other_association, stranger)
    before = call.refuses_at - timedelta(days=1)
    assert dispose_of_drafts(before, at) == 0
    over = call.refuses_at + timedelta(days=1)
    assert count_old_drafts(over) == 1
    assert dispose_of_drafts(over, at) == 1
    assert dispose_of_drafts(over, at) == 0
    assert list(Application.objects.all()) == [kept]
    assert Event.objects.filter(verb="grants.drafts_disposed").count() == 1


@pytest.fixture
def attach_url(scheme, version, officer, plan, publish_call, start_draft, association, alice, at):
    terms = replace(schemes.terms_of(version), attachments=[{"key": "budget", "label": "Budget", "required": True}])
    call = publish_call(plan, schemes.write_version(scheme, terms, by=officer, at=at))
    return reverse("grants:application_attachments", args=[start_draft(call, association, alice).pk])


def test_a_file_is_uploaded_replaced_and_removed(sign_in, alice, attach_url, at, time_machine):
    time_machine.move_to(at)
    client = sign_in(alice)
    assert client.get(attach_url).status_code == 200
    for name in ("a.pdf", "b.pdf"):
        response = client.post(attach_url, {"budget": SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n"), "next": "stay"})
        assert response.status_code == 302
    text = client.get(attach_url).content.decode()
    assert "b.pdf" in text
    assert "a.pdf" not in text
    client.post(attach_url + "budget/ta-bort/")
    assert "b.pdf" not in client.get(attach_url).content.decode()


def test_a_file_of_the_wrong_kind_is_said_beside_its_field(sign_in, alice, attach_url, at, time_machine):
    time_machine.move_to(at)
    response = sign_in(alice).post(attach_url, {"budget": SimpleUploadedFile("program.exe", b"MZ\x90\x00" + b"\x00" * 200)})
    assert response.status_code == 422
    empty = sign_in(alice).post(attach_url, {"budget": SimpleUploadedFile("tom.pdf", b"")})
    assert empty.status_code == 422
