"""Buses to order, and how far it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture.rules.buses import buses_for, metres_apart

degrees = st.floats(-89, 89), st.floats(-179, 179)


@given(st.integers(0, 5000), st.integers(1, 100))
def test_there_are_seats_for_everybody_and_no_bus_too_many(people, seats):
    buses = buses_for(people, seats)
    assert buses * seats >= people
    assert (buses - 1) * seats < people or buses == 0


def test_a_bus_without_seats_is_refused():
    with pytest.raises(ValueError, match="seats"):
        buses_for(10, 0)


@given(*degrees, *degrees)
def test_it_is_as_far_there_as_back_and_never_more_than_half_round_the_earth(lat, lon, other_lat, other_lon):
    there = metres_apart(lat, lon, other_lat, other_lon)
    assert there == metres_apart(other_lat, other_lon, lat, lon)
    assert 0 <= there <= 20_015_087
    assert metres_apart(lat, lon, lat, lon) == 0


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres():
    assert metres_apart(59.0, 14.5, 60.0, 14.5) == pytest.approx(111_195, abs=10)
