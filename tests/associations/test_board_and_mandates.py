"""Who sits on the board, who may act, and what takes two."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from associations import actions
from associations.actions import NotAllowedNow, StalePage
from associations.choices import BoardRole, MandateKind, MandateSource
from associations.models import Association, BoardMember, JointAct, Mandate, MandateOffer
from associations.permissions import is_confirmed, may_sign
from records.models import Event, Letter


def token_of(offer):
    html = Letter.objects.get(key=f"accounts.invitation.{offer.invitation_id}").html
    return re.search(r"/([^/\"<]+)/\"", html).group(1)


@pytest.fixture
def board(association, seats, alice, at):
    empty = actions.fingerprint([])
    return actions.set_board(association, seats=seats, seen=empty, by=alice, at=at)


def test_a_board_is_set_and_the_log_says_how_many_not_who(association, board):
    assert [member.name for member in association.board.order_by("pk")] == ["Bosse Berg", "Cilla Ceder", "Alice Andersson"]
    event = Event.objects.get(verb="associations.board_set")
    assert event.changes == {"board": [0, 3]}


def test_only_the_chair_and_the_contact_keep_an_address(association, seats, alice, at):
    seats[1] = replace(seats[1], email="bosse@example.org", phone="070-123 45 67")
    actions.set_board(association, seats=seats, seen=actions.fingerprint([]), by=alice, at=at)
    assert association.board.get(role=BoardRole.TREASURER).email == ""
    assert association.board.get(role=BoardRole.CHAIR).email == "alice@teaterboden.example"


def test_the_chair_can_change_places_with_another_in_one_save(association, board, alice, at):
    rows = {row.role: row for row in board}
    swapped = [
        actions.Seat(pk=rows["chair"].pk, name="Alice Andersson", role=BoardRole.SECRETARY, since=rows["chair"].since),
        actions.Seat(pk=rows["secretary"].pk, name="Cilla Ceder", role=BoardRole.CHAIR, since=rows["secretary"].since),
    ]
    actions.set_board(association, seats=swapped, seen=actions.fingerprint(board), by=alice, at=at)
    assert association.board.in_office(at.date()).get(role=BoardRole.CHAIR).name == "Cilla Ceder"
    assert association.board.get(role=BoardRole.TREASURER).until == at.date()


def test_two_chairs_at_a_time_are_refused_by_the_action_and_by_the_database(association, seats, board, alice, at):
    second = replace(seats[0], name="Diana Dahl")
    with pytest.raises(NotAllowedNow) as refusal:
        actions.set_board(
            association, seats=[replace(seats[0], pk=board[2].pk), second], seen=actions.fingerprint(board), by=alice, at=at
        )
    assert refusal.value.code == "two_chairs"
    with pytest.raises(IntegrityError, match="board_has_one_chair_at_a_time"), transaction.atomic():
        BoardMember.objects.filter(name="Bosse Berg").update(role=BoardRole.CHAIR)


def test_an_old_page_does_not_overwrite_a_newer_board(association, seats, board, alice, at):
    with pytest.raises(StalePage):
        actions.set_board(association, seats=seats[:1], seen=actions.fingerprint([]), by=alice, at=at)
    assert association.board.in_office(at.date()).count() == 3


@pytest.mark.parametrize(
    ("truth", "values"),
    [
        ("board_term_ends_after_it_begins", {"until": date(2020, 1, 1)}),
        ("board_member_has_a_name", {"name": ""}),
        ("board_only_chair_and_contact_can_be_reached", {"role": BoardRole.MEMBER}),
        ("board_birth_year_is_a_year", {"birth_year": 85}),
    ],
)
def test_the_database_keeps_what_must_be_true_of_a_board(board, truth, values):
    with pytest.raises(IntegrityError, match=truth), transaction.atomic():
        BoardMember.objects.filter(role=BoardRole.CHAIR).update(**values)


def test_an_invited_person_accepts_by_the_link_and_a_second_click_changes_nothing(association, alice, bosse, at):
    offer = actions.invite_mandate(association, email="Bosse@teaterboden.example", kind=MandateKind.APPLICANT, by=alice, at=at)
    token = token_of(offer)
    mandate = actions.accept_mandate(token, by=bosse, at=at)
    assert (mandate.user, mandate.kind, mandate.source) == (bosse, MandateKind.APPLICANT, MandateSource.INVITED)
    assert actions.accept_mandate(token, by=bosse, at=at) == mandate
    assert Association.objects.spoken_for_by(bosse).get() == association
    assert mail.outbox == []  # letters leave by the worker, after commit


def test_an_offer_that_is_withdrawn_opens_nothing(association, alice, bosse, at):
    offer = actions.invite_mandate(association, email=bosse.email, kind=MandateKind.LEADER, by=alice, at=at)
    token = token_of(offer)
    actions.withdraw_offer(offer, by=alice, at=at)
    with pytest.raises(Exception, match=r"."):
        actions.accept_mandate(token, by=bosse, at=at)
    assert not Association.objects.spoken_for_by(bosse).exists()


def test_the_same_offer_is_not_made_twice(association, alice, at):
    actions.invite_mandate(association, email="cilla@example.org", kind=MandateKind.LEADER, by=alice, at=at)
    with pytest.raises(NotAllowedNow):
        actions.invite_mandate(association, email="Cilla@example.org", kind=MandateKind.LEADER, by=alice, at=at)


def test_a_stranger_invites_nobody(association, stranger, at):
    with pytest.raises(NotAllowedNow):
        actions.invite_mandate(association, email=stranger.email, kind=MandateKind.SIGNATORY, by=stranger, at=at)


def test_the_last_signatory_cannot_leave_by_themselves(association, alice, officer, at):
    mandate = association.mandates.get()
    with pytest.raises(NotAllowedNow) as refusal:
        actions.end_mandate(mandate, by=alice, at=at)
    assert refusal.value.code == "last"
    actions.end_mandate(mandate, by=officer, at=at, reason="Har flyttat.")
    assert not Association.objects.spoken_for_by(alice).exists()


def test_a_mandate_of_a_kind_is_held_once_at_a_time(association, alice, at):
    with pytest.raises(IntegrityError, match="mandate_of_a_kind_held_once_at_a_time"), transaction.atomic():
        Mandate.objects.create(association=association, user=alice, kind=MandateKind.SIGNATORY, since=at.date())


def test_a_mandate_does_not_end_before_it_begins(association, at):
    with pytest.raises(IntegrityError, match="mandate_does_not_end_before_it_begins"), transaction.atomic():
        Mandate.objects.update(until=at.date() - timedelta(days=1))


def test_an_act_by_two_takes_two_different_people(two_sign, alice, bosse, at):
    act = actions.prepare_joint(two_sign, key="grants.submit.1", digest="abc", by=alice, at=at)
    assert not is_confirmed(two_sign, "grants.submit.1", "abc")
    with pytest.raises(NotAllowedNow):
        actions.confirm_joint(act, by=alice, at=at)
    with pytest.raises(IntegrityError, match="joint_act_takes_two_people"), transaction.atomic():
        JointAct.objects.update(confirmed_by=alice, confirmed_at=at)
    actions.confirm_joint(act, by=bosse, at=at, digest="abc")
    assert is_confirmed(two_sign, "grants.submit.1", "abc")


def test_an_act_by_two_starts_over_when_its_content_changes(two_sign, alice, bosse, at):
    act = actions.prepare_joint(two_sign, key="grants.submit.1", digest="abc", by=alice, at=at)
    actions.confirm_joint(act, by=bosse, at=at)
    actions.prepare_joint(two_sign, key="grants.submit.1", digest="def", by=bosse, at=at)
    assert not is_confirmed(two_sign, "grants.submit.1", "abc")
    with pytest.raises(NotAllowedNow):
        actions.confirm_joint(act, by=alice, at=at, digest="abc")
    actions.confirm_joint(act, by=alice, at=at, digest="def")
    assert is_confirmed(two_sign, "grants.submit.1", "def")


def test_one_signatory_is_enough_where_the_statutes_say_so(association):
    assert is_confirmed(association, "grants.submit.1")


def test_nobody_gives_themselves_the_second_signature(two_sign, alice, bosse, at):
    offer = actions.invite_mandate(two_sign, email="alice.privat@example.org", kind=MandateKind.SIGNATORY, by=alice, at=at)
    assert offer.invitation is None
    with pytest.raises(NotAllowedNow):
        actions.send_offer(offer, by=alice, at=at)
    actions.confirm_joint(two_sign.joint_acts.get(), by=bosse, at=at)
    assert actions.send_offer(offer, by=bosse, at=at).invitation is not None


def test_an_offer_is_accepted_or_withdrawn_not_both(association, alice, bosse, at):
    offer = actions.invite_mandate(association, email=bosse.email, kind=MandateKind.LEADER, by=alice, at=at)
    actions.accept_mandate(token_of(offer), by=bosse, at=at)
    with pytest.raises(IntegrityError, match="mandate_offer_accepted_or_withdrawn_not_both"), transaction.atomic():
        MandateOffer.objects.update(withdrawn_at=at)


def test_only_a_signatory_signs(association, alice, bosse, sign_for, at):
    sign_for(bosse, association, MandateKind.APPLICANT)
    assert may_sign(alice, association, at.date())
    answer = may_sign(bosse, association, at.date())
    assert not answer
    assert "firmatecknare" in str(answer.reason)
