"""How figures, amounts and times are written for people."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.template import engines
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from config import formats

N = "\u00a0"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (12000, f"12{N}000{N}kr"),
        (Decimal("12000.5"), f"12{N}000,50{N}kr"),
        (Decimal("-1250"), f"−1{N}250{N}kr"),
        (0, f"0{N}kr"),
        (None, "–"),
    ],
)
def test_kronor_are_written_the_swedish_way(amount, text):
    assert formats.kronor(amount) == text


@pytest.mark.parametrize(("share", "text"), [(Decimal("0.125"), f"13{N}%"), (Decimal("0.61"), f"61{N}%"), (None, "–")])
def test_percent_is_rounded_half_up(share, text):
    assert formats.percent(share) == text


def test_a_part_of_a_whole_is_said_in_words():
    assert formats.out_of(20, 25) == "20 av 25"


@pytest.mark.parametrize(
    ("octets", "text"), [(1, "1 byte"), (999, "999 byte"), (184_000, f"184{N}kB"), (1_536_000, f"1,5{N}MB"), (None, "–")]
)
def test_file_sizes_are_short(octets, text):
    assert formats.size(octets) == text


def test_an_organisation_number_has_its_hyphen():
    assert formats.organisation_number("8575001238") == "857500-1238"


@given(st.text(max_size=12))
def test_what_is_no_organisation_number_comes_back_as_it_is(text):
    assert formats.organisation_number(text).replace("-", "") == text.replace("-", "")


@time_machine.travel("2026-11-23 09:00Z")
def test_a_day_of_this_year_needs_no_year():
    assert formats.day(date(2026, 12, 4)) == f"fredag 4{N}december"
    assert formats.day(date(2027, 1, 8)) == f"fredag 8{N}januari 2027"


@time_machine.travel("2026-11-23 09:00Z")
def test_a_moment_is_local_time():
    assert formats.moment(datetime(2026, 12, 4, 17, 0, tzinfo=UTC)) == f"4{N}december kl.{N}18.00"
    assert formats.day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), weekday=False) == f"1{N}januari 2027"


@time_machine.travel("2026-11-23 09:00Z")
def test_a_deadline_is_said_as_the_last_whole_day_before_it():
    assert formats.last_day(datetime(2026, 3, 15, 23, 0, tzinfo=UTC)) == f"söndag 15{N}mars"


@time_machine.travel("2026-11-23 09:00Z")
@pytest.mark.parametrize(
    ("language", "text"), [("en", f"Friday 4{N}December at{N}18:00"), ("fi", f"perjantai 4.{N}joulukuuta klo{N}18.00")]
)
def test_other_languages_write_times_their_own_way(language, text):
    with translation.override(language):
        assert formats.moment(datetime(2026, 12, 4, 17, 0, tzinfo=UTC), weekday=True) == text


def test_templates_have_the_filters_without_loading():
    template = engines["django"].from_string("{{ amount|kronor }} {{ number|organisation_number }} {{ 3|out_of:4 }}")
    assert template.render({"amount": 500, "number": "8575001238"}) == f"500{N}kr 857500-1238 3 av 4"
