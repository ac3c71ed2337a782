"""The fields that read what people write."""

from contextlib import suppress
from datetime import date, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from records.forms import KronorField, OrganisationNumberField, SwedishDateField, SwedishTimeField, WholeNumberField
from records.values import kronor_text, parse_clock, parse_day, parse_whole_number

anything = st.text(max_size=40)


def refusal(field, typed):
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    return refused.value.messages[0]


# --- kronor


@pytest.mark.parametrize(
    "typed", ["12000,50", "12 000,50 kr", "12\u00a0000,50 kronor", " 12 000,50 ", "12000.5", "12 000,50:-", "12 000,50 SEK"]
)
def test_amounts_are_read_as_people_write_them(typed):
    assert KronorField().clean(typed) == Decimal("12000.50")


@pytest.mark.parametrize("typed", ["12000", "12 000:-", "12 000 kr", "12000,-", "12\u202f000"])
def test_whole_amounts_are_read_as_people_write_them(typed):
    assert KronorField().clean(typed) == Decimal("12000")


def test_a_letter_in_an_amount_is_answered_with_an_example(settings):
    assert refusal(KronorField(), "12 000,5o") == "Skriv beloppet med siffror, till exempel 12 000."


def test_a_minus_is_refused_unless_it_is_allowed():
    assert refusal(KronorField(), "-500") == "Beloppet kan inte vara negativt."
    assert KronorField(allow_negative=True).clean("−500") == Decimal("-500")


def test_an_amount_beyond_its_limits_is_told_the_limit():
    assert refusal(KronorField(max_value=30_000), "30 000,01") == "Beloppet får vara högst 30\u00a0000 kr."
    assert refusal(KronorField(min_value=100), "99") == "Beloppet måste vara minst 100 kr."
    assert "högst" in refusal(KronorField(), "10 000 000 000")


def test_an_optional_amount_may_be_left_empty_but_zero_is_an_amount():
    assert KronorField(required=False).clean("  ") is None
    assert KronorField(required=False).clean("0") == 0


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_shown_amount_is_read_back_as_itself(amount):
    field = KronorField()
    assert field.clean(field.prepare_value(amount)) == amount
    assert field.clean(f"{kronor_text(amount)} kr") == amount


# --- days


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-04",
        "20261204",
        "2026/12/04",
        "4/12 2026",
        "4/12/2026",
        "04/12-2026",
        "4.12.2026",
        "4. 12. 2026",
        "4 december 2026",
        "4 Dec. 2026",
        "den 4 december 2026",
        "fredag 4 december 2026",
        "4 December 2026",
        "4. joulukuuta 2026",
    ],
)
def test_days_are_read_as_people_write_them(typed):
    assert SwedishDateField().clean(typed) == date(2026, 12, 4)


@pytest.mark.parametrize("typed", ["4/12", "4 december", "31/2 2026", "2026-13-01", "12/4/26", "i morgon", "4 foo 2026"])
def test_a_day_that_cannot_be_is_answered_with_an_example(typed):
    assert "2026-12-04" in refusal(SwedishDateField(), typed)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_shown_day_is_read_back_as_itself(day):
    field = SwedishDateField()
    assert field.clean(field.prepare_value(day)) == day


# --- times of day


@pytest.mark.parametrize("typed", ["18", "18.00", "18:00", "1800", "kl. 18", "kl 18.00", "klo 18", " 18.00 "])
def test_times_are_read_as_people_write_them(typed):
    assert SwedishTimeField().clean(typed) == time(18, 0)


@pytest.mark.parametrize("typed", ["25", "18.5", "18.60", "sex", "18.00.00"])
def test_a_time_that_cannot_be_is_answered_with_an_example(typed):
    assert "18.00" in refusal(SwedishTimeField(), typed)


# --- whole numbers


@pytest.mark.parametrize("typed", ["1200", "1 200", "1\u00a0200", " 1200 "])
def test_whole_numbers_are_read_as_people_write_them(typed):
    assert WholeNumberField().clean(typed) == 1200


@pytest.mark.parametrize("typed", ["12,5", "1.200", "tolv", "12 00", "1e3"])
def test_what_is_not_a_whole_number_is_answered_with_an_example(typed):
    assert "25" in refusal(WholeNumberField(), typed)


def test_limits_of_a_whole_number_hold():
    assert refusal(WholeNumberField(min_value=0), "-1")


# --- organisation numbers


@pytest.mark.parametrize("typed", ["857500-1238", "8575001238", "16857500-1238", "16 857500-1238", "857500\u20111238"])
def test_organisation_numbers_are_read_as_people_write_them(typed):
    assert OrganisationNumberField().clean(typed) == "8575001238"


def test_a_wrong_check_digit_is_told():
    assert refusal(OrganisationNumberField(), "857500-1234").startswith("Organisationsnumret stämmer inte.")


@pytest.mark.parametrize("typed", ["811218-9876", "19811218-9876", "198112189876"])
def test_a_personal_number_is_turned_away(typed):
    assert refusal(OrganisationNumberField(), typed).startswith("Det här ser ut som ett personnummer.")


@pytest.mark.parametrize("typed", ["857500", "85750012381", "abcdefghij", "٨575001238"])
def test_what_has_not_ten_digits_is_told_the_form(typed):
    assert "857500-1238" in refusal(OrganisationNumberField(), typed)


def test_a_stored_number_is_shown_with_its_hyphen():
    assert OrganisationNumberField().prepare_value("8575001238") == "857500-1238"


# --- nothing that is typed ever breaks a page


@given(anything)
def test_every_text_is_read_or_answered(typed):
    for field in (KronorField(), SwedishDateField(), SwedishTimeField(), WholeNumberField(), OrganisationNumberField()):
        with suppress(ValidationError):
            field.clean(typed)


@given(anything)
def test_the_readers_only_ever_raise_value_error(typed):
    for read in (parse_day, parse_clock, parse_whole_number):
        with suppress(ValueError):
            read(typed)
