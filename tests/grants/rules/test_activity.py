"""Activity support: real schemes as data with their worked cases, and why a session or a mark does not count."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from associations.rules.attendance import Anonymous, Attendance, Person, Session
from grants.rules.activity import rate_findings
from grants.rules.activity_count import ActivityCounting, count_activity
from grants.rules.calculation import FactMissing, Facts, PotOutcome, calculate, calculation_to_json
from grants.rules.counted import counted_from_json, counted_to_json
from grants.rules.parts_json import PartsNotReadable, parts_from_json, parts_to_json
from grants.rules.parts_pot import share_pot
from grants.rules.weaknesses import weaknesses

DAY = date(2026, 3, 2)
FIRST, UNTIL = date(2026, 1, 1), date(2026, 7, 1)

LOK_COUNTING = {
    "kind": "activity_counting", "age_from": 7, "age_to": 25, "disability_any_age": True, "minutes": 60, "least": 3, "most": 30,
    "leaders": 1, "leader_age_from": 13, "per_day": 1,
}  # fmt: skip
SCHEMES = {
    "State LOK 2017-21": [
        LOK_COUNTING,
        {"kind": "per_leader", "kronor": "21", "more": "5"},
        {"kind": "per_participation", "kronor": "7"},
    ],
    "State LOK 2016": [
        LOK_COUNTING,
        {"kind": "per_leader", "kronor": "24", "more": "6"},
        {"kind": "per_participation", "kronor": "8"},
    ],
    "State LOK from July 2023": [
        {
            "kind": "activity_counting", "age_from": 7, "age_to": 25, "disability_any_age": True, "minutes": 45, "least": 3,
            "per_leader": 20, "leaders": 1, "leader_age_from": 13, "per_day": 1, "since": "2023-07-01",
        },
        {"kind": "per_participation", "kronor": "7"},
    ],
    "Laholm 2024": [
        {
            "kind": "activity_counting", "age_from": 7, "age_to": 25, "least": 3, "leaders": 1, "leaders_count_from": 13,
            "leaders_count_to": 25,
        },
        {"kind": "per_participation", "kronor": "7", "age_from": 7, "age_to": 12, "who": "others"},
        {"kind": "per_participation", "kronor": "11", "age_from": 13, "age_to": 18, "who": "others"},
        {"kind": "per_participation", "kronor": "7", "age_from": 19, "age_to": 25, "who": "others"},
        {"kind": "per_participation", "kronor": "14", "who": "disability"},
    ],
    "Gotland": [
        {"kind": "activity_counting", "least": 3},
        {"kind": "per_session", "kronor": "33"},
        {"kind": "per_participation", "kronor": "3.85"},
    ],
    "Fagersta": [
        {"kind": "activity_counting", "minutes": 60},
        {"kind": "per_session", "kronor": "75", "when": {"fact": "category", "is": ["barn-och-ungdom", "kultur"]}},
        {"kind": "per_session", "kronor": "100", "when": {"fact": "category", "is": ["funktionsnedsattas"]}},
    ],
    "Härryda": [
        {"kind": "activity_counting", "per_day": 1},
        {"kind": "per_participation", "kronor": "1"},
        {"kind": "pot_share", "kronor": "250000"},
    ],
}  # fmt: skip


class Club:
    """An association on paper: persons by age, sessions one after another."""

    def __init__(self):
        self.persons, self.sessions = {}, []

    def people(self, number, age, **more):
        keys = range(len(self.persons) + 1, len(self.persons) + number + 1)
        self.persons |= {key: Person(2026 - age, **more) for key in keys}
        return list(keys)

    def meet(self, present, leaders=(), *, day=DAY, starts=18 * 60, minutes=60, **more):
        self.sessions.append(Session(len(self.sessions) + 1, day, starts, minutes, tuple(present), tuple(leaders), **more))
        return self

    @property
    def attendance(self):
        in_order = sorted(self.sessions, key=lambda each: (each.day, each.starts, each.key))
        return Attendance(FIRST, UNTIL, self.persons, in_order)


@pytest.fixture
def club():
    return Club()


def kronor(scheme, club, **facts):
    return calculate(parts_from_json(SCHEMES[scheme]), Facts(attendance=club.attendance, **facts)).total


def count(club, **parameters):
    return count_activity(ActivityCounting(**parameters), club.attendance)


# the worked cases -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "amount"), [("State LOK 2017-21", "110"), ("State LOK 2016", "126")])
def test_state_lok_pays_twelve_participants_and_two_leaders(club, scheme, amount):
    club.meet(club.people(12, 10), club.people(2, 30))
    assert kronor(scheme, club) == Decimal(amount)


def test_state_lok_of_2023_pays_for_at_most_twenty_with_each_leader(club):
    club.meet(club.people(45, 12), club.people(2, 30), minutes=45)
    counting, rate = parts_from_json(SCHEMES["State LOK from July 2023"])
    counted = count_activity(counting, club.attendance)
    assert counted.participations == 40
    assert dict(counted.left_out) == {"over_size": 5}
    assert calculate([counting, rate], Facts(attendance=club.attendance)).total == 280


def test_laholm_pays_by_age_and_for_the_leader_of_seventeen(club):
    club.meet(club.people(5, 10) + club.people(4, 15) + club.people(2, 22), club.people(1, 17))
    assert kronor("Laholm 2024", club) == Decimal("104")


def test_laholm_pays_more_for_the_priority_group(club):
    present = club.people(4, 10)
    club.meet(present, club.people(1, 40), disabled=present[:1])
    assert kronor("Laholm 2024", club) == 3 * 7 + 14


def test_gotland_pays_the_session_and_each_participation(club):
    club.meet(club.people(14, 12))
    assert kronor("Gotland", club) == Decimal("86.90")


@pytest.mark.parametrize(("category", "amount"), [("barn-och-ungdom", 75), ("funktionsnedsattas", 100)])
def test_fagersta_pays_disability_associations_more_for_a_session(club, category, amount):
    club.meet(club.people(3, 12)).meet(club.people(3, 12), minutes=59)
    assert kronor("Fagersta", club, choices={"category": (category,)}) == amount


def test_harryda_shares_the_pot_over_all_participations(club):
    players = club.people(12, 10)
    club.meet(players).meet(players, starts=20 * 60)
    parts = parts_from_json(SCHEMES["Härryda"])
    claim = calculate(parts[:2], Facts(attendance=club.attendance)).total
    pot = share_pot(Decimal(250_000), {1: Decimal(30), 2: claim, 3: Decimal(7)})
    outcome = PotOutcome(Decimal(250_000), pot.claims, pot.rate, claim, pot.shares[2])
    assert (claim, pot.claims, sum(pot.shares.values())) == (12, 49, 250_000)
    assert kronor("Härryda", club, pot=outcome) == Decimal("61224.49")
    with pytest.raises(FactMissing, match="pot"):
        kronor("Härryda", club)


# ages, sizes, days ------------------------------------------------------------------------------------------------------


def test_age_is_the_year_one_turns(club):
    """Case 53."""
    club.persons = {1: Person(2019), 2: Person(2001), 3: Person(2000), 4: Person(2000)}
    club.meet([1, 2, 3, 4], disabled=[4], day=date(2026, 1, 2))
    counted = count(club, age_from=7, age_to=25, disability_any_age=True)
    assert [(cell.age, cell.disability) for cell in counted.cells] == [(7, False), (25, False), (26, True)]
    assert dict(counted.left_out) == {"too_old": 1}


@pytest.mark.parametrize(
    ("participants", "minutes", "counts", "reason"),
    [(3, 60, 3, None), (2, 60, 0, "too_few"), (3, 59, 0, "too_short"), (31, 60, 30, None)],
)
def test_a_session_needs_people_and_minutes_and_pays_for_thirty(club, participants, minutes, counts, reason):
    """Case 54."""
    club.meet(club.people(participants, 12), club.people(1, 30), minutes=minutes)
    counted = count(club, minutes=60, least=3, most=30, leaders=1)
    assert counted.participations == counts
    assert [each.reason for each in counted.rejected] == ([reason] if reason else [])


def test_the_same_child_twice_a_day_counts_once_in_an_association_and_in_each_of_two(club):
    """Case 55."""
    child = club.people(1, 10)
    club.meet(child).meet(child, starts=20 * 60)
    first = count(club, per_day=1)
    assert (first.participations, [each.reason for each in first.rejected]) == (1, ["all_counted_already"])
    assert count(club, per_day=1).participations == 1, "another association counts for itself"


def test_a_session_without_a_leader_or_with_a_child_for_leader_is_rejected(club):
    children = club.people(5, 10)
    club.meet(children).meet(children, club.people(1, 12), starts=60)
    assert [each.reason for each in count(club, leaders=1, leader_age_from=13).rejected] == ["no_leader", "no_leader"]


def test_a_session_is_not_too_small_because_its_people_were_there_earlier_that_day(club):
    present = club.people(4, 10)
    club.meet(present[:3]).meet(present, starts=20 * 60)
    counted = count(club, least=3, per_day=1)
    assert (counted.participations, counted.rejected, dict(counted.left_out)) == (4, (), {"already_that_day": 3})


def test_caps_of_a_week_hold_for_each_activity(club):
    child = club.people(1, 10)
    for number, activity in enumerate(["Fotboll", "Fotboll", "Fotboll", "Handboll"]):
        club.meet(child, day=DAY + timedelta(days=number), activity=activity)
    assert count(club, per_week_and_activity=2).participations == 3
    assert count(club, per_week=2).participations == 2


def test_a_cap_of_a_year_remembers_the_spring(club):
    child = club.people(1, 10)
    for month in (2, 3, 8, 9):
        club.meet(child, day=date(2026, month, 1))
    attendance = replace(club.attendance, first=date(2026, 7, 1), until=date(2027, 1, 1))
    counted = count_activity(ActivityCounting(per_year=3), attendance)
    assert (counted.held, counted.participations) == (2, 1)


def test_who_tries_out_counts_a_few_times_and_a_member_always(club):
    guest, member = club.people(1, 10, member=False), club.people(1, 10)
    for number in range(5):
        club.meet(guest + member, day=DAY + timedelta(days=number))
    assert count(club, try_outs=3).participations == 5 + 3


def test_only_those_who_live_in_the_municipality_when_the_rule_says_so(club):
    club.meet(club.people(2, 10) + club.people(3, 10, at_home=False))
    counted = count(club, only_at_home=True)
    assert (counted.participations, dict(counted.left_out)) == (2, {"elsewhere": 3})


def test_people_with_a_protected_identity_count_as_numbers(club):
    club.meet(club.people(2, 10), anonymous=(Anonymous(2014, "female", 2), Anonymous(1990, "male", 1, leader=True)))
    counted = count(club, age_from=7, age_to=25, least=4, leaders=1, per_day=1)
    assert (counted.participations, counted.one_leader) == (4, 1)


def test_a_rule_holds_from_its_day(club):
    child = club.people(1, 10)
    club.meet(child, day=date(2026, 3, 31), minutes=50).meet(child, day=date(2026, 4, 1), minutes=50)
    parts = parts_from_json(
        [
            {"kind": "activity_counting", "minutes": 60, "until": "2026-04-01"},
            {"kind": "per_participation", "kronor": "7"},
            {"kind": "activity_counting", "minutes": 45, "since": "2026-04-01"},
            {"kind": "per_participation", "kronor": "8"},
        ]
    )
    calculation = calculate(parts, Facts(attendance=club.attendance))
    assert [line.amount for line in calculation.lines] == [0, 0, 0, 8]


def test_every_krona_is_a_line_with_its_rule_and_arithmetic(club):
    club.meet(club.people(12, 10), club.people(2, 30)).meet(club.people(2, 10), club.people(1, 30))
    counting, leaders, rate = calculate(parts_from_json(SCHEMES["State LOK 2017-21"]), Facts(attendance=club.attendance)).lines
    assert (counting.rule, counting.arithmetic, counting.amount) == ("G-91", "2 − 1 = 1", 0)
    assert (leaders.rule, leaders.arithmetic) == ("G-95", "1 × 21 + 1 × 5 = 26")
    assert (rate.rule, rate.arithmetic, rate.amount) == ("G-93", "12 × 7 = 84", 84)


# what is frozen ---------------------------------------------------------------------------------------------------------

ages = st.integers(0, 40)


@st.composite
def attendances(draw):
    club = Club()
    everyone = [key for age in draw(st.lists(ages, min_size=1, max_size=12)) for key in club.people(1, age, sex="female")]
    for _ in range(draw(st.integers(0, 8))):
        there = draw(st.lists(st.sampled_from(everyone), unique=True))
        led = [key for key in draw(st.lists(st.sampled_from(everyone), unique=True, max_size=2)) if key not in there]
        day = FIRST + timedelta(days=draw(st.integers(0, 20)))
        club.meet(there, led, day=day, minutes=draw(st.integers(1, 120)), starts=draw(st.integers(0, 1439)))
    return club


rules = st.builds(
    ActivityCounting,
    age_from=st.integers(0, 12),
    age_to=st.none() | st.integers(12, 30),
    minutes=st.sampled_from([0, 45, 60]),
    least=st.integers(0, 4),
    most=st.none() | st.integers(4, 8),
    per_leader=st.none() | st.integers(1, 5),
    leaders=st.integers(0, 1),
    per_day=st.none() | st.integers(1, 2),
    per_week=st.none() | st.integers(1, 3),
    leaders_count_from=st.none() | st.integers(0, 20),
)


@given(attendances(), rules)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_session_pays_or_has_a_reason_and_nobody_is_counted_who_was_not_there(club, rule):
    counted = count_activity(rule, club.attendance)
    assert counted.held == len(club.sessions) == counted.sessions + len(counted.rejected)
    assert sum(sessions for _size, sessions in counted.sizes) == counted.sessions
    assert sum(size * sessions for size, sessions in counted.sizes) == counted.participations
    assert counted.participations <= sum(len(each.present) + len(each.leaders) for each in club.sessions)
    assert all(cell.age >= rule.age_from or rule.leaders_count_from is not None for cell in counted.cells)


@given(attendances(), rules)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_was_frozen_gives_the_same_calculation_byte_for_byte(club, rule):
    """Case 60."""
    parts = (rule, *parts_from_json(SCHEMES["State LOK 2017-21"])[1:])
    now = calculate(parts, Facts(attendance=club.attendance))
    frozen = counted_from_json(counted_to_json(count_activity(rule, club.attendance)))
    later = calculate(parts, Facts(counted={rule.key: frozen}))
    assert calculation_to_json(later) == calculation_to_json(now)


# entering it ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_is_a_file_that_goes_out_and_in(scheme):
    parts = parts_from_json(SCHEMES[scheme])
    assert parts_from_json(parts_to_json(parts)) == parts


@pytest.mark.parametrize(
    ("part", "field", "code"),
    [
        ({"kind": "activity_counting", "age_from": 25, "age_to": 7}, "age_to", "band"),
        ({"kind": "activity_counting", "least": 5, "most": 4}, "most", "band"),
        ({"kind": "activity_counting", "per_day": 0}, "per_day", "not_positive"),
        ({"kind": "activity_counting", "minutes": -1}, "minutes", "negative"),
        ({"kind": "activity_counting", "since": "2026-02-30"}, "since", "not_a_date"),
        ({"kind": "activity_counting", "since": "2026-02-02", "until": "2026-02-02"}, "until", "band"),
        ({"kind": "per_participation", "kronor": "7", "sex": "girls"}, "sex", "unknown_word"),
        ({"kind": "per_session", "kronor": "7", "size_from": 9, "size_to": 3}, "size_to", "band"),
    ],
)
def test_a_senseless_number_is_refused_with_its_place(part, field, code):
    with pytest.raises(PartsNotReadable) as refused:
        parts_from_json([part])
    assert (refused.value.field, refused.value.code) == (field, code)


def findings(*rows):
    return [(found.code, dict(found.figures)) for found in rate_findings(parts_from_json(list(rows)))]


def test_gaps_and_overlaps_in_the_entered_ages_are_shown():
    counting = {"kind": "activity_counting", "age_from": 7, "age_to": 25}
    low = {"kind": "per_participation", "kronor": "7", "age_from": 7, "age_to": 13}
    high = {"kind": "per_participation", "kronor": "11", "age_from": 13, "age_to": 20}
    assert findings(counting, low, high) == [
        ("ages_with_two_rates", {"age_from": 13, "age_to": 13, "times": 2}),
        ("ages_without_rate", {"age_from": 21, "age_to": 25}),
    ]


def test_ljungbys_undefined_size_is_shown():
    small = {"kind": "per_session", "kronor": "50", "size_from": 1, "size_to": 74}
    large = {"kind": "per_session", "kronor": "90", "size_from": 76}
    assert findings({"kind": "activity_counting"}, small, large) == [("sizes_without_amount", {"size_from": 75, "size_to": 75})]


def test_a_rate_with_nothing_counted_is_shown():
    assert findings({"kind": "per_session", "kronor": "50"}) == [("nothing_is_counted", {})]


def test_complete_rates_have_no_findings():
    for scheme in ("State LOK 2017-21", "Gotland", "Härryda"):
        assert rate_findings(parts_from_json(SCHEMES[scheme])) == (), scheme
        assert weaknesses(parts_from_json(SCHEMES[scheme])) == (), scheme


def test_the_officer_is_shown_gaps_among_all_weaknesses():
    counting = {"kind": "activity_counting", "age_from": 7, "age_to": 25}
    rate = {"kind": "per_participation", "kronor": "7", "age_from": 7, "age_to": 13}
    (found,) = weaknesses(parts_from_json([{"kind": "base_amount", "kronor": "10"}, counting, rate]))
    assert (found.code, found.parts, dict(found.figures)) == ("age_gap", (1,), {"first": 14, "last": 25})
