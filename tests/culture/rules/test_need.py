"""What a class is owed when a year was missed, and when it is booked twice."""

from fractions import Fraction

from culture.rules.coverage import Count
from culture.rules.need import Past, YearRecord, need_of, past_year, same_event_twice
from culture.rules.years import SchoolYear

Y2024, Y2025 = SchoolYear(2024), SchoolYear(2025)
MISSED = YearRecord(Y2025, Count(0, 0, 25))


def test_case_26_a_missed_year_is_owed_and_stays_missed():
    assert need_of([MISSED], had_this_year=False).owed == 2
    need = need_of([MISSED], had_this_year=True)
    assert (need.missed, need.owed, need.left) == ((Y2025,), 2, 1)
    assert past_year(MISSED) is Past.MISSED
    assert need_of([MISSED], had_this_year=True, caught_up=1).left == 0


def test_case_26_a_year_made_good_is_told_beside_its_figure():
    record = YearRecord(Y2025, Count(0, 0, 25), made_good=True)
    assert past_year(record) is Past.MADE_GOOD
    assert need_of([record], had_this_year=False).owed == 1
    assert record.count == Count(0, 0, 25)


def test_a_year_in_which_most_were_reached_is_not_missed_by_the_class():
    assert past_year(YearRecord(Y2025, Count(20, 20, 25))) is Past.PARTLY
    assert past_year(YearRecord(Y2025, Count(20, 20, 25)), missed_below=Fraction(9, 10)) is Past.MISSED
    assert past_year(YearRecord(Y2025, Count(25, 25, 25))) is Past.FULFILLED
    assert past_year(YearRecord(Y2025, Count(0, 0, 0))) is Past.FULFILLED


def test_only_the_latest_years_are_caught_up_when_there_is_a_limit():
    older = YearRecord(Y2024, Count(1, 1, 25))
    assert need_of([older, MISSED], had_this_year=False).owed == 3
    assert need_of([older, MISSED], had_this_year=False, most_years=1).missed == (Y2025,)
    assert need_of([], had_this_year=True, caught_up=3).left == 0


def test_case_44_the_same_class_is_not_booked_to_an_event_twice():
    booked = {("id-of-5A", "circus")}
    assert same_event_twice("id-of-5A", "circus", booked)
    assert not same_event_twice("id-of-5A", "dance", booked)
    assert not same_event_twice("id-of-5B", "circus", booked)
