"""Comments on a proposal that is shown: written until the last local day, changed while unanswered, answered by somebody else."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from facilities import actions
from facilities.models import SeasonComment, Section
from records.models import Event, Letter
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT
from tests.facilities.pages import page, text_of
from tests.facilities.test_proposals import closed, run  # noqa: F401 - fixtures
from tests.facilities.test_season_showing import edited, shown  # noqa: F401 - fixtures
from tests.facilities.test_season_wishes import plan, principles, refused, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
LAST = datetime(2026, 6, 20, 21, 59, tzinfo=UTC)
COMMENT_QUERIES = 6
AFTER = datetime(2026, 6, 20, 22, 0, tzinfo=UTC)  # midnight in Karlskoga


@pytest.fixture
def f8(closed):  # noqa: F811
    return Section.objects.select_related("wishes").get(name="F8")


@pytest.fixture
def comment(shown, association, alice, f8):  # noqa: F811
    return actions.write_comment(shown, association, "Vi behöver två tider.", by=alice, at=AT, section=f8)


@pytest.fixture
def open_now(time_machine):
    time_machine.move_to(AT, tick=False)


def test_comment_names_the_version_that_was_read_and_is_said_once(comment, shown, association, alice, f8):  # noqa: F811
    again = actions.write_comment(shown, association, "Vi behöver två tider.", by=alice, at=AT, section=f8)
    assert again == comment
    assert (comment.step, comment.section, comment.answered_at) == (shown.shown, f8, None)
    assert Event.objects.filter(verb="facilities.comment_written").count() == 1


def test_only_those_who_speak_for_the_association_comment(shown, association, stina, stranger, officer, f8):  # noqa: F811
    for person in (stina, stranger, officer):
        with pytest.raises(NotAllowedNow):
            actions.write_comment(shown, association, "Hej", by=person, at=AT)


def test_group_of_another_association_cannot_be_commented_as_ones_own(shown, other_association, stina, f8, refused):  # noqa: F811
    refused("section", actions.write_comment, shown, other_association, "Hej", by=stina, at=AT, section=f8)


def test_comments_are_open_to_the_end_of_the_last_local_day(shown, association, alice, refused):  # noqa: F811
    actions.write_comment(shown, association, "Sent", by=alice, at=LAST)
    refused("closed", actions.write_comment, shown, association, "För sent", by=alice, at=AFTER)
    refused("empty", actions.write_comment, shown, association, "  ", by=alice, at=LAST)


def test_nothing_is_commented_before_a_proposal_is_shown_or_when_it_is_taken_back(
    run, closed, comment, association, alice, officer, refused  # noqa: F811
):  # fmt: skip
    actions.take_back_showing(closed, reason="Fel", by=officer, at=AT)
    refused("closed", actions.write_comment, closed, association, "Hej", by=alice, at=AT)
    refused("closed", actions.edit_comment, comment, "Hej", by=alice, at=AT)
    assert SeasonComment.objects.get() == comment


def test_comment_is_changed_and_withdrawn_while_nobody_has_answered(comment, run, officer, alice, refused):  # noqa: F811
    step = edited(run, officer)
    actions.show_proposal(run, by=officer, at=AT)
    changed = actions.edit_comment(comment, "Fredag går inte.", by=alice, at=AT)
    assert (changed.text, changed.section, changed.step) == ("Fredag går inte.", None, step)
    actions.withdraw_comment(comment, by=alice, at=AT)
    assert not SeasonComment.objects.exists()
    refused("gone", actions.edit_comment, comment, "Hej", by=alice, at=AT)


def test_answered_comment_stands_and_the_association_gets_a_letter(comment, officer, alice, refused):  # noqa: F811
    answered = actions.answer_comment(comment, "Ni får en tid till.", by=officer, at=AT)
    assert (answered.answer, answered.answered_by) == ("Ni får en tid till.", officer)
    letter = Letter.objects.get(key=f"facilities.season_comment_answer.{comment.pk}")
    assert "Vi behöver två tider." in letter.html
    assert "Ni får en tid till." in letter.html
    refused("answered", actions.answer_comment, comment, "Igen", by=officer, at=AT)
    refused("answered", actions.edit_comment, comment, "Hej", by=alice, at=AT)
    refused("answered", actions.withdraw_comment, comment, by=alice, at=AT)


def test_nobody_answers_an_association_they_act_for(comment, officer, association, staff, alice, refused):  # noqa: F811
    association.mandates.create(user=officer, kind="leader", since=AT.date())
    for person in (officer, staff, alice):
        refused("not_allowed", actions.answer_comment, comment, "Ja", by=person, at=AT)


def test_answer_without_words_is_refused_by_the_database(comment):
    with pytest.raises(DatabaseError), transaction.atomic():
        SeasonComment.objects.filter(pk=comment.pk).update(answered_at=AT)


# --- pages --------------------------------------------------------------------------------------------------------------------


def test_club_comments_on_a_group_and_reads_the_answer(client, shown, alice, officer, f8, open_now):  # noqa: F811
    client.force_login(alice)
    address = page("comment_new", shown.pk, grupp=f8.pk)
    assert f'value="{f8.pk}" selected' in client.get(address).content.decode()
    wrong = client.post(address, {"section": f8.pk, "text": ""})
    assert wrong.status_code == 422
    answer = client.post(address, {"section": f8.pk, "text": "Vi behöver två tider."})
    assert answer["Location"] == page("result_ours", shown.pk)
    comment = SeasonComment.objects.get()
    assert (comment.section, comment.by) == (f8, alice)
    assert "Väntar på svar" in text_of(client.get(page("result_ours", shown.pk)))
    actions.answer_comment(comment, "Ni får en tid till.", by=officer, at=AT)
    read = text_of(client.get(page("result_ours", shown.pk)))
    assert "Ni får en tid till." in read
    assert "Väntar på svar" not in read


def test_personal_number_in_a_comment_is_refused_and_the_text_is_kept(client, shown, alice, open_now):  # noqa: F811
    client.force_login(alice)
    answer = client.post(page("comment_new", shown.pk), {"section": "", "text": "Ring 811218-9876 om tiden"})
    assert answer.status_code == 422
    assert "Ring 811218-9876 om tiden" in answer.content.decode()
    assert not SeasonComment.objects.exists()


def test_club_changes_and_withdraws_on_its_pages(client, comment, alice, open_now):
    client.force_login(alice)
    assert client.get(page("comment_edit", comment.pk)).status_code == 200
    client.post(page("comment_edit", comment.pk), {"section": "", "text": "Nytt"})
    comment.refresh_from_db()
    assert (comment.text, comment.section) == ("Nytt", None)
    assert client.get(page("comment_withdraw", comment.pk)).status_code == 200
    client.post(page("comment_withdraw", comment.pk))
    assert not SeasonComment.objects.exists()


def test_comment_of_others_is_not_found(client, comment, stina, stranger, open_now):
    for person in (stina, stranger):
        client.force_login(person)
        for name in ("comment_edit", "comment_withdraw"):
            assert client.get(page(name, comment.pk)).status_code == 404
        assert client.get(page("kept_comment", comment.pk)).status_code in (403, 404)


def test_comment_page_says_when_it_is_too_late(client, shown, alice, time_machine):  # noqa: F811
    time_machine.move_to(AFTER, tick=False)
    client.force_login(alice)
    assert "inte öppen för synpunkter" in text_of(client.get(page("comment_new", shown.pk)))
    assert client.post(page("comment_new", shown.pk), {"text": "Hej"}).status_code == 422


def test_officer_filters_answers_and_sees_what_changed_since(client, comment, shown, run, officer, open_now):  # noqa: F811
    client.force_login(officer)
    edited(run, officer)
    actions.show_proposal(run, by=officer, at=AT)
    read = text_of(client.get(page("kept_comment", comment.pk)))
    for words in ("version 0", "version 1", "Onsdag 18.00–19.00", "Nu: ", "Fredag 20.00–21.00", "Ändrad"):
        assert words in read
    assert client.post(page("kept_comment", comment.pk), {"answer": ""}).status_code == 422
    answer = client.post(page("kept_comment", comment.pk), {"answer": "Ni har fått fredag."})
    assert answer["Location"] == page("kept_comments", shown.pk)
    assert "Vi behöver två tider." in text_of(client.get(page("kept_comments", shown.pk)))
    assert "Alla synpunkter är besvarade" in text_of(client.get(page("kept_comments", shown.pk, visa="obesvarade")))


def test_officer_who_acts_for_the_association_is_told_that_a_colleague_answers(client, comment, officer, association, open_now):
    association.mandates.create(user=officer, kind="leader", since=AT.date())
    client.force_login(officer)
    read = client.get(page("kept_comment", comment.pk))
    assert "En kollega" in text_of(read)
    assert 'name="answer"' not in read.content.decode()


@pytest.mark.parametrize("comments", [1, 3])
def test_comments_are_read_with_as_many_queries_however_many(
    client, shown, association, alice, officer, open_now, comments, django_assert_num_queries  # noqa: F811
):  # fmt: skip
    for number in range(comments):
        actions.write_comment(shown, association, f"Synpunkt {number}", by=alice, at=AT)
    client.force_login(officer)
    client.get(page("kept_comments", shown.pk))
    with django_assert_num_queries(COMMENT_QUERIES):
        client.get(page("kept_comments", shown.pk))


def test_officer_shows_and_takes_back_on_pages(client, run, closed, officer, alice, open_now):  # noqa: F811
    client.force_login(alice)
    assert client.post(page("proposal_show", run.pk), {"version": "0"}).status_code == 403
    client.force_login(officer)
    client.post(page("proposal_show", run.pk), {"version": "7"})
    closed.refresh_from_db()
    assert closed.shown is None
    answer = client.post(page("proposal_show", run.pk), {"version": "0"})
    assert answer["Location"] == page("kept_comments", closed.pk)
    closed.refresh_from_db()
    assert closed.shown.run == run
    assert client.post(page("proposal_take_back", closed.pk), {"reason": ""}).status_code == 422
    client.post(page("proposal_take_back", closed.pk), {"reason": "Fel öppettider."})
    closed.refresh_from_db()
    assert closed.shown is None


def test_start_page_asks_the_club_to_read_and_the_officer_to_answer(
    client, sign_in, shown, run, association, alice, stina, officer, open_now  # noqa: F811
):  # fmt: skip
    assert page("result_ours", shown.pk) in sign_in(alice).get("/").content.decode()
    assert page("result_ours", shown.pk) not in sign_in(stina).get("/").content.decode()
    assert page("kept_comments", shown.pk) not in sign_in(officer).get("/").content.decode()
    actions.write_comment(shown, association, "Ett", by=alice, at=AT)
    second = actions.write_comment(shown, association, "Två", by=alice, at=AT)
    actions.answer_comment(second, "Ja", by=officer, at=AT)
    assert page("result_ours", shown.pk) not in sign_in(alice).get("/").content.decode()
    assert "1 synpunkt på förslaget är obesvarad" in text_of(sign_in(officer).get("/"))
