"""Two associations change times with each other: both agree, and both change or neither does."""

import threading
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from facilities import actions
from facilities.choices import BookingStatus, SwapStatus
from facilities.models import Booking, Occupancy, SwapProposal
from facilities.rules.terms import Fault
from records.models import Event, Letter
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT, hours


@pytest.fixture
def pair(tree, book, stina, other_association):
    """Alice has the half 10-12, Stina the room 14-17."""
    ours = book(tree["1.1"], hours(10, 12), people=20)
    theirs = book(tree["2"], hours(14, 17), by=stina, association=other_association)
    return ours, theirs


@pytest.fixture
def proposal(pair, alice):
    return actions.propose_swap(*pair, message="Går det bra?", by=alice, at=AT)


def refusal(action, *args, **kwargs):
    with pytest.raises(NotAllowedNow) as refused, transaction.atomic():
        action(*args, **kwargs)
    return refused.value.code


def test_both_change_when_the_other_says_yes(pair, proposal, tree, stina):
    """Case 61."""
    ours, theirs = pair
    accepted = actions.accept_swap(proposal, by=stina, at=AT)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert accepted.status == SwapStatus.ACCEPTED
    assert (ours.space, ours.span) == (tree["2"], hours(14, 17))
    assert (theirs.space, theirs.span) == (tree["1.1"], hours(10, 12))
    assert Event.objects.filter(verb="facilities.swapped").count() == 1


def test_proposal_is_written_to_the_other_association_and_asked_once(pair, proposal, alice):
    assert Letter.objects.filter(key=f"facilities.swap_proposed.{proposal.pk}", to=["stina@innebandy.example"]).exists()
    assert actions.propose_swap(*pair, by=alice, at=AT) == proposal


def test_nothing_changes_when_the_other_says_no(pair, proposal, stina):
    for _twice in range(2):
        assert actions.decline_swap(proposal, by=stina, at=AT).status == SwapStatus.DECLINED
    assert Booking.objects.get(pk=pair[0].pk).span == hours(10, 12)
    assert Letter.objects.filter(key=f"facilities.swap_declined.{proposal.pk}", to=["alice@handboll.example"]).count() == 1
    assert refusal(actions.accept_swap, proposal, by=stina, at=AT) == "swap_over"


def test_one_side_alone_swaps_nothing(pair, proposal, alice, stranger):
    for somebody in (alice, stranger):
        assert refusal(actions.accept_swap, proposal, by=somebody, at=AT) == "not_allowed"
        assert refusal(actions.decline_swap, proposal, by=somebody, at=AT) == "not_allowed"
    assert Booking.objects.get(pk=pair[0].pk).span == hours(10, 12)


def test_stranger_proposes_nothing_and_sees_nothing(pair, proposal, stina, stranger):
    ours, theirs = pair
    assert refusal(actions.propose_swap, ours, theirs, by=stina, at=AT) == "not_allowed"
    assert [SwapProposal.objects.visible_to(user).count() for user in (stina, stranger)] == [1, 0]


def test_proposal_taken_back_can_no_longer_be_accepted(proposal, alice, stina):
    for _twice in range(2):
        actions.withdraw_swap(proposal, by=alice, at=AT)
    assert refusal(actions.accept_swap, proposal, by=stina, at=AT) == "swap_over"


def test_proposal_runs_out_after_a_week_and_can_be_made_again(pair, proposal, alice, stina):
    late = AT + timedelta(days=7)
    assert refusal(actions.accept_swap, proposal, by=stina, at=late) == "swap_over"
    again = actions.propose_swap(*pair, by=alice, at=late)
    proposal.refresh_from_db()
    assert (again.pk != proposal.pk, proposal.status) == (True, SwapStatus.LAPSED)
    assert (actions.lapse_swaps(late + timedelta(days=7)), actions.lapse_swaps(late + timedelta(days=7))) == (1, 0)


def test_proposal_never_outlives_the_first_of_the_times(pair, alice):
    ours, theirs = pair
    near = ours.starts_at - timedelta(hours=3)
    assert actions.propose_swap(ours, theirs, by=alice, at=near).open_until == ours.starts_at


def test_what_has_moved_since_is_not_agreed(pair, proposal, alice, stina, tree):
    actions.move(pair[0], tree["1.1"], hours(10, 11), by=alice, at=AT)
    assert refusal(actions.accept_swap, proposal, by=stina, at=AT) == "changed"
    assert Booking.objects.get(pk=pair[1].pk).span == hours(14, 17)


def test_cancelled_time_cannot_be_swapped(pair, proposal, alice, stina):
    actions.cancel(pair[0], by=alice, at=AT)
    assert refusal(actions.accept_swap, proposal, by=stina, at=AT) in {"not_booked", "changed"}


def test_one_who_no_longer_speaks_for_the_association_has_agreed_to_nothing(pair, proposal, alice, stina, association):
    association.mandates.filter(user=alice).update(until=date(2026, 5, 4))
    assert refusal(actions.accept_swap, proposal, by=stina, at=AT) == "changed"


def test_forty_people_do_not_swap_into_a_room_for_ten(pair, alice, tree):
    tree["2"].capacity = 10
    tree["2"].save()
    with pytest.raises(actions.NotPossible) as refused:
        actions.propose_swap(*pair, by=alice, at=AT)
    assert refused.value.faults == (Fault.TOO_MANY_PEOPLE,)


def test_swap_is_no_way_round_those_who_answer_requests(pair, alice, rules):
    rules(needs_approval=True)
    assert refusal(actions.propose_swap, *pair, by=alice, at=AT) == "needs_approval"


def test_own_times_are_moved_and_not_swapped(pair, book, tree, alice):
    other = book(tree["1.2"], hours(10, 12))
    assert refusal(actions.propose_swap, pair[0], other, by=alice, at=AT) == "same"


def test_nobody_asks_everybody(pair, book, tree, alice, stina, other_association):
    for day in range(1, 6):
        theirs = book(tree["2"], hours(10, 12, day=day), by=stina, association=other_association)
        actions.propose_swap(pair[0], theirs, by=alice, at=AT)
    assert refusal(actions.propose_swap, *pair, by=alice, at=AT) == "many_open"


def test_overlapping_times_of_one_hall_change_places(tree, book, stina, other_association, alice):
    """In between they lie over each other: the database looks when both have moved."""
    ours = book(tree["1"], hours(10, 12))
    theirs = book(tree["1.1.1"], hours(12, 15), by=stina, association=other_association)
    proposal = actions.propose_swap(ours, theirs, by=alice, at=AT)
    actions.accept_swap(proposal, by=stina, at=AT)
    ours.refresh_from_db()
    assert (ours.space, ours.span) == (tree["1.1.1"], hours(12, 15))
    assert Occupancy.objects.filter(booking=theirs).count() == len(tree["1"].takes)


def test_what_must_be_true_of_a_proposal_is_kept_by_the_database(proposal):
    for change, name in (
        ({"status": SwapStatus.DECLINED}, "swap_answered_has_its_time"),
        ({"open_until": AT}, "swap_is_open_for_a_while"),
        ({"theirs": proposal.ours}, "swap_of_two_bookings"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            SwapProposal.objects.filter(pk=proposal.pk).update(**change)
    SwapProposal.objects.filter(pk=proposal.pk).update(status=SwapStatus.DECLINED, answered_at=AT)
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        SwapProposal.objects.filter(pk=proposal.pk).update(status=SwapStatus.ACCEPTED)


# --- at the same moment ----------------------------------------------------------------------------------------------------


def _together(*jobs):
    """Real threads, one connection each: what each job returned or raised, in order."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number, job):
        try:
            barrier.wait()
            results[number] = job()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, job)) for number, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_swap_once(tree, book, alice, stina, other_association, speaker):
    colleague = speaker("sixten@innebandy.example", other_association)
    for day in range(10):
        ours = book(tree["1.1"], hours(10, 12, day=day))
        theirs = book(tree["2"], hours(14, 16, day=day), by=stina, association=other_association)
        proposal = actions.propose_swap(ours, theirs, by=alice, at=AT)
        results = _together(*(partial(actions.accept_swap, proposal, by=by, at=AT) for by in (stina, colleague)))
        assert sorted(type(each).__name__ for each in results) == ["NotAllowedNow", "SwapProposal"]
        ours.refresh_from_db()
        assert ours.space == tree["2"]


@pytest.mark.django_db(transaction=True)
def test_accepting_against_cancelling_leaves_both_or_neither_changed(tree, book, alice, stina, other_association):
    for day in range(10):
        ours = book(tree["1"], hours(10, 12, day=day))
        theirs = book(tree["1.1"], hours(14, 16, day=day), by=stina, association=other_association)
        proposal = actions.propose_swap(ours, theirs, by=alice, at=AT)
        answered, cancelled = _together(
            lambda proposal=proposal: actions.accept_swap(proposal, by=stina, at=AT),
            lambda ours=ours: actions.cancel(ours, by=alice, at=AT),
        )
        assert not isinstance(cancelled, Exception) or isinstance(cancelled, NotAllowedNow), cancelled
        assert not isinstance(answered, Exception) or isinstance(answered, NotAllowedNow), answered
        ours.refresh_from_db()
        theirs.refresh_from_db()
        changed = isinstance(answered, SwapProposal)
        assert (ours.space == tree["1.1"], theirs.space == tree["1"]) == (changed, changed)
        assert theirs.status == BookingStatus.CONFIRMED


@pytest.mark.django_db(transaction=True)
def test_two_proposals_that_cross_each_other_swap_once_or_twice_but_never_half(tree, book, alice, stina, other_association):
    """Each proposes the same swap to the other, and both say yes at once: locks in one order, nobody waits for ever."""
    for day in range(10):
        ours = book(tree["1.1"], hours(10, 12, day=day))
        theirs = book(tree["1.2"], hours(10, 12, day=day), by=stina, association=other_association)
        one = actions.propose_swap(ours, theirs, by=alice, at=AT)
        other = actions.propose_swap(theirs, ours, by=stina, at=AT)
        results = _together(
            lambda one=one: actions.accept_swap(one, by=stina, at=AT),
            lambda other=other: actions.accept_swap(other, by=alice, at=AT),
        )
        assert [each for each in results if not isinstance(each, SwapProposal | NotAllowedNow)] == []
        ours.refresh_from_db()
        theirs.refresh_from_db()
        assert {ours.space, theirs.space} == {tree["1.1"], tree["1.2"]}
        assert sum(isinstance(each, SwapProposal) for each in results) == 1
