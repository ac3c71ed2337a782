"""Personal numbers in files: read for age and sex, and never shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.rules.identity import CODES, IdentityRefused, identity, masked
from associations.rules.numbers import contains_personal_number

ON = date(2026, 11, 26)


@pytest.mark.parametrize("text", ["199803158515", "19980315-8515", "980315-8515", "9803158515", " 19980315 8515 "])
def test_a_personal_number_is_read_however_it_is_written(text):
    found = identity(text, ON)
    assert (found.born, found.sex, found.number) == (1998, "male", "199803158515")


def test_the_last_digit_but_one_says_the_sex():
    assert identity("19121212-1212", ON).sex == "male"
    assert identity("20150101-2384", ON).sex == "female"


def test_a_plus_sign_is_a_hundred_years():
    assert identity("121212+1212", ON).born == 1912
    assert identity("121212-1212", ON).born == 2012


def test_a_co_ordination_number_gives_age_and_sex():
    assert identity("19701063-2391", ON).born == 1970


@pytest.mark.parametrize("text", ["20150101", "20150101-0000", "20150101XXXX", "20150101-****", "150101", "20150101-T123"])
def test_a_birth_date_alone_gives_the_year(text):
    found = identity(text, ON)
    assert (found.born, found.sex, found.number) == (2015, "", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "identity_missing"),
        ("000000000000", "identity_missing"),
        ("abc", "identity_unreadable"),
        ("19980231-8515", "identity_no_such_day"),
        ("20270101", "identity_in_the_future"),
    ],
)
def test_what_cannot_be_a_personal_number_is_refused_with_its_reason(text, code):
    with pytest.raises(IdentityRefused) as refused:
        identity(text, ON)
    assert refused.value.code == code


def test_a_number_whose_check_digit_does_not_hold_still_counts_and_is_told():
    assert identity("19121212-1212", ON).doubtful is False
    assert identity("19121212-1213", ON).doubtful is True


@given(st.text(max_size=20))
def test_whatever_is_written_it_is_read_or_refused(text):
    try:
        outcome = identity(text, ON).born <= ON.year
    except IdentityRefused as refused:
        outcome = refused.code in CODES
    assert outcome


@pytest.mark.parametrize("text", ["199803158515", "19980315-8515", "980315-8515", "id 9803158515 i filen", "19980315 8515"])
def test_a_personal_number_is_masked_wherever_it_stands(text):
    assert not contains_personal_number(masked(text))
    assert "8515" not in masked(text)
    assert "0315" not in masked(text)


def test_masking_leaves_other_text_as_it_is():
    assert masked("Sammankomst[2026-03-02-A] kl. 18.00") == "Sammankomst[2026-03-02-A] kl. 18.00"
