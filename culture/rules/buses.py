"""Buses to order: who goes by bus, and how many buses it takes."""

from math import asin, cos, radians, sin, sqrt

EARTH = 6_371_000  # metres, mean radius


def metres_apart(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> int:
    """As the crow flies between two places in degrees (WGS 84), whole metres.

    Rule C-96. Source: house convention: until somebody measures the way, the straight line is what is known.
    Words: avstånd, fågelvägen, meter, distance.
    """
    north, east = radians(other_latitude - latitude), radians(other_longitude - longitude)
    root = sin(north / 2) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east / 2) ** 2
    return round(2 * EARTH * asin(sqrt(min(1.0, root))))


def buses_for(people: int, seats: int) -> int:
    """How many buses carry that many people. people: pupils and grown-ups, 0 or more; seats: in one bus, above 0.

    Rule C-97. Source: issue, "buses as a list to order"; classes of one school share buses, schools do not.
    Words: buss, bussar, beställa, antal, buses.
    """
    if seats < 1 or people < 0:
        raise ValueError("A bus has seats, and nobody is fewer than nobody.")
    return -(-people // seats)
