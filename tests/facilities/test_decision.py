"""A season is decided: its times are booked, told by letter, and the decision can be undone until the season begins."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from pypdf import PdfReader

from associations.choices import MandateKind
from associations.models import Mandate
from facilities import actions
from facilities.actions.decision import GroupGiven
from facilities.choices import BookingStatus, RoundStatus, TimeStatus, UseKind
from facilities.models import Booking, HoursException, Occupancy, SeasonClash, SeasonRound, SeasonTime
from facilities.rules.series import Pattern
from records.models import Event, Letter
from records.pdf import to_pdf
from records.refusals import Refused
from tests.facilities.at_once import faults, no_two_overlap, together
from tests.facilities.conftest import AT, hours
from tests.facilities.test_proposals import closed, run  # noqa: F401 - fixtures
from tests.facilities.test_season_wishes import plan, principles, refused, season  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
MONDAYS, WEDNESDAYS = 48, 48  # of the season, 1 August 2026 to 30 June 2027


@pytest.fixture
def proposed(run, tariff):  # noqa: F811
    """A proposal that is shown: F12 and F10 on Mondays, F8 on Wednesdays."""
    SeasonRound.objects.filter(pk=run.season_id).update(status=RoundStatus.PROPOSED, shown=run.steps.get())
    return SeasonRound.objects.get(pk=run.season_id)


@pytest.fixture
def decided(proposed, officer):
    actions.decide_season(proposed, by=officer, at=AT)
    proposed.refresh_from_db()
    return proposed


def test_decision_books_every_week_of_every_time(proposed, officer, association):
    foreseen = actions.foresee(proposed, at=AT)
    made = actions.decide_season(proposed, by=officer, at=AT, seen=proposed.shown_id)
    proposed.refresh_from_db()
    assert (proposed.status, proposed.decided_by, proposed.decided_at) == (RoundStatus.DECIDED, officer, AT)
    assert len(made.bookings) == foreseen.bookings == 2 * MONDAYS + WEDNESDAYS
    assert made.clashes == foreseen.clashes == ()
    times = SeasonTime.objects.filter(season=proposed).select_related("section")
    assert sorted((each.section.name, each.weekday) for each in times) == [("F10", 0), ("F12", 0), ("F8", 2)]
    assert {(each.since, each.until) for each in times} == {(date(2026, 8, 1), date(2027, 7, 1))}
    assert Booking.objects.filter(kind=UseKind.SEASON, association=association).count() == len(made.bookings)
    assert no_two_overlap()


def test_days_that_cannot_be_had_are_foreseen_and_told(proposed, officer, hall, venue, staff):
    HoursException.objects.create(venue=venue, day=date(2026, 8, 12), opens=None, reason="Städning")
    pattern = Pattern(date(2026, 9, 7), date(2026, 9, 7), 17 * 60, 19 * 60)
    (taken,) = actions.take_series_for(hall, pattern, title="Prov", by=staff, at=AT)
    foreseen = actions.foresee(proposed, at=AT)
    assert [(day.day, day.why) for _row, day in foreseen.clashes] == [
        (date(2026, 8, 12), "closed"),
        (date(2026, 9, 7), "overlapping"),
        (date(2026, 9, 7), "overlapping"),
    ]
    made = actions.decide_season(proposed, by=officer, at=AT)
    assert sorted((each.day, each.why) for each in made.clashes) == [(day.day, day.why) for _row, day in foreseen.clashes]
    assert {each.booking for each in made.clashes if each.booking} == {taken}
    assert len(made.bookings) == foreseen.bookings == 2 * MONDAYS + WEDNESDAYS - 3


def test_every_association_that_wished_gets_its_times_and_how_to_appeal(decided, association):
    letter = Letter.objects.get(key__startswith="facilities.season_decision", key__endswith=f".{association.pk}")
    assert letter.case == decided.case
    for said in ("F12", "måndag", "Olle Handläggare", "laglighetsprövning", "3 veckotider", "4 önskade", "1 av 2"):
        assert said in letter.html
    event = Event.objects.get(verb="facilities.season_decided")
    assert (event.case, event.changes["bookings"]) == (decided.case, [None, 2 * MONDAYS + WEDNESDAYS])


def test_how_to_appeal_is_read_on_one_page_wherever_the_letter_ends(decided, association):
    """From one group to twelve: somewhere among them the box would lie over the foot of a page."""
    broken = []
    for count in range(1, 13):
        groups = [GroupGiven(f"Grupp {number}", 2, (), ()) for number in range(count)]
        context = {"season": decided, "association": association, "groups": groups, "given": 0, "wished": 2 * count, "lost": 0}
        said = {"municipality": settings.MUNICIPALITY, "addressee": association.name, "subject": "Prov", "letter_at": AT}
        html = render_to_string("letters/facilities/season_decision.html", {**context, **said, "site": settings.SITE_URL})
        pages = [page.extract_text() for page in PdfReader(BytesIO(to_pdf(html))).pages]
        (of_box,) = [page for page in pages if "Om ni tycker att beslutet är fel" in page]
        if "har justerats" not in " ".join(of_box.split()):
            broken.append(count)
    assert broken == []


def test_decision_is_an_officers_but_not_for_a_club_of_their_own(proposed, staff, alice, officer, association):
    for person in (staff, alice):
        with pytest.raises(Refused):
            actions.decide_season(proposed, by=person, at=AT)
    Mandate.objects.create(user=officer, association=association, kind=MandateKind.LEADER, since=date(2026, 1, 1))
    with pytest.raises(Refused, match="kollega"):
        actions.decide_season(proposed, by=officer, at=AT)
    assert Booking.objects.count() == 0


def test_only_the_proposal_that_was_read_is_decided(proposed, closed, officer, refused):  # noqa: F811
    other = actions.ask_for_proposal(closed, by=officer, at=AT + timedelta(hours=1))
    actions.compute_proposal(other.pk, at=AT)
    seen = proposed.shown_id
    SeasonRound.objects.filter(pk=proposed.pk).update(shown=other.steps.get())
    refused("changed", actions.decide_season, proposed, by=officer, at=AT, seen=seen)
    SeasonRound.objects.filter(pk=proposed.pk).update(shown=None, status=RoundStatus.CLOSED)
    refused("not_shown", actions.decide_season, proposed, by=officer, at=AT)


def test_undoing_removes_the_bookings_of_the_round_and_their_codes_only(decided, officer, staff, book, room, refused):  # noqa: F811
    """Case 55."""
    other = book(room, hours(10, 12))
    actions.give_code(other, "1234", by=staff, at=AT)
    given = Booking.objects.filter(kind=UseKind.SEASON).first()
    actions.give_code(given, "5678", by=staff, at=AT)
    refused("no_reason", actions.undo_decision, decided, reason=" ", by=officer, at=AT)
    season = actions.undo_decision(decided, reason="Fel hall", by=officer, at=AT)  # noqa: F811
    other.refresh_from_db()
    given.refresh_from_db()
    assert (season.status, season.decided_at) == (RoundStatus.PROPOSED, None)
    assert (other.status, other.access_code) == (BookingStatus.CONFIRMED, "1234")
    assert (given.status, given.access_code) == (BookingStatus.CANCELLED, "")
    assert not Booking.objects.taking_space().filter(kind=UseKind.SEASON).exists()
    assert set(Occupancy.objects.values_list("booking", flat=True)) == {other.pk}
    assert set(SeasonTime.objects.values_list("status", "ended_on")) == {(TimeStatus.TAKEN_BACK, season.since)}
    assert "Fel hall" in Letter.objects.get(key__startswith="facilities.season_undone").html


def test_decision_that_is_undone_can_be_made_again(decided, officer):
    case = decided.case
    actions.undo_decision(decided, reason="Fel hall", by=officer, at=AT)
    made = actions.decide_season(decided, by=officer, at=AT + timedelta(days=1))
    decided.refresh_from_db()
    assert (len(made.bookings), made.clashes, decided.case) == (2 * MONDAYS + WEDNESDAYS, (), case)
    assert Letter.objects.filter(key__startswith="facilities.season_decision").count() == 2
    assert no_two_overlap()


def test_decision_stands_once_the_season_has_begun(decided, officer, refused):  # noqa: F811
    begun = datetime(2026, 7, 31, 22, 0, tzinfo=UTC)
    refused("begun", actions.undo_decision, decided, reason="Fel hall", by=officer, at=begun)
    assert actions.undo_decision(decided, reason="Fel", by=officer, at=begun - timedelta(seconds=1)).status == "proposed"


def test_open_clashes_are_settled_when_the_decision_is_undone(proposed, venue, officer):
    HoursException.objects.create(venue=venue, day=date(2026, 8, 12), opens=None)
    actions.decide_season(proposed, by=officer, at=AT)
    actions.undo_decision(proposed, reason="Fel hall", by=officer, at=AT)
    assert not SeasonClash.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_decision_pressed_twice_at_once_is_made_once(proposed, officer):
    """Case 45."""
    results = together(*(lambda: actions.decide_season(proposed, by=officer, at=AT) for _ in range(3)))
    assert faults(results) == []
    assert [getattr(each, "code", "made") for each in results].count("made") == 1
    assert {getattr(each, "code", "made") for each in results} == {"made", "status"}
    assert Booking.objects.filter(kind=UseKind.SEASON).count() == 2 * MONDAYS + WEDNESDAYS
    assert SeasonTime.objects.count() == 3
    assert Letter.objects.filter(key__startswith="facilities.season_decision").count() == 1


@pytest.mark.django_db(transaction=True)
def test_citizen_and_decision_at_the_same_moment_share_nothing_and_who_lost_is_told(proposed, officer, hall, clubs):
    """Case 45: a Monday evening that a club books while the season is decided."""
    wish, user = clubs[0]
    monday = hours(15, 17, day=7 * 14)  # 17-19 on the wall, 24 August

    def booked():
        return actions.book(hall, monday, wish, by=user, at=AT)

    results = together(lambda: actions.decide_season(proposed, by=officer, at=AT), booked)
    made, single = results
    assert faults(results) == []
    assert no_two_overlap()
    if isinstance(single, Booking):
        assert [(each.day, each.booking) for each in made.clashes] == [(date(2026, 8, 24), single)] * 2
    else:
        assert isinstance(single, actions.Taken)
        assert made.clashes == ()
    assert len(made.bookings) + len(made.clashes) == 2 * MONDAYS + WEDNESDAYS
