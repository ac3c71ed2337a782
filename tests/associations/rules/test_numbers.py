"""Organisation numbers, giros and accounts; and personal numbers in free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from associations.rules.numbers import (
    CODES,
    NumberRefused,
    bank_giro,
    bank_giro_text,
    contains_personal_number,
    iban,
    iban_text,
    organisation_number,
    organisation_number_text,
    plus_giro,
    plus_giro_text,
)

NBSP = "\u00a0"


def with_check_digit(stem: str) -> str:
    return stem + luhn.calc_check_digit(stem)


def refusal(read, text: str) -> str:
    with pytest.raises(NumberRefused) as refused:
        read(text)
    return refused.value.code


@pytest.mark.parametrize("text", ["802400-1235", "8024001235", "168024001235", "16802400-1235", " 802400 1235 ", "802400–1235"])
def test_an_organisation_number_is_read_the_way_people_write_it(text):
    assert organisation_number(text) == "8024001235"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("802400-1234", "number_check_digit"),
        ("802400-123", "number_wrong_length"),
        ("", "number_not_digits"),
        ("802400-123X", "number_not_digits"),
        ("８０２４００１２３５", "number_not_digits"),
        ("850709-9805", "number_belongs_to_a_person"),
        ("19850709-9805", "number_belongs_to_a_person"),
        ("850769-9802", "number_belongs_to_a_person"),
        ("198024001235", "number_wrong_length"),
    ],
)
def test_a_wrong_organisation_number_is_refused_with_its_reason(text, code):
    assert refusal(organisation_number, text) == code


@given(st.from_regex(r"[2-9][0-9][2-9][0-9]{6}", fullmatch=True))
def test_an_organisation_number_survives_being_shown(stem):
    number = with_check_digit(stem)
    assert organisation_number(organisation_number_text(number)) == number
    assert organisation_number("16" + number) == number


@given(st.from_regex(r"[2-9][0-9][2-9][0-9]{6}", fullmatch=True), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(stem, place, change):
    digits = [int(digit) for digit in with_check_digit(stem)]
    digits[place] = (digits[place] + change) % 10
    with pytest.raises(NumberRefused):
        organisation_number("".join(map(str, digits)))


def test_a_bank_giro_number_has_a_check_digit():
    """Case 47."""
    assert bank_giro("5050-1055") == "50501055"
    assert refusal(bank_giro, "5050-1054") == "number_check_digit"


@pytest.mark.parametrize(
    ("text", "code"),
    [("123456", "number_wrong_length"), ("123456789", "number_wrong_length"), ("BG 5050-1055", "number_not_digits")],
)
def test_a_wrong_bank_giro_number_is_refused(text, code):
    assert refusal(bank_giro, text) == code


@given(st.from_regex(r"[1-9][0-9]{5,6}", fullmatch=True))
def test_a_bank_giro_number_survives_being_shown(stem):
    number = with_check_digit(stem)
    assert bank_giro(bank_giro_text(number)) == number


def test_a_bank_giro_number_is_shown_with_a_hyphen():
    assert bank_giro_text("50501055") == "5050-1055"
    assert bank_giro_text("9912346") == "991-2346"


def test_a_plus_giro_number_is_shown_in_pairs():
    assert plus_giro_text("1234567") == f"12{NBSP}34{NBSP}56-7"
    assert plus_giro_text("12345674") == f"1{NBSP}23{NBSP}45{NBSP}67-4"
    assert plus_giro_text("18") == "1-8"


@given(st.from_regex(r"[1-9][0-9]{0,6}", fullmatch=True))
def test_a_plus_giro_number_survives_being_shown(stem):
    number = with_check_digit(stem)
    assert plus_giro(plus_giro_text(number)) == number


@pytest.mark.parametrize(
    ("text", "code"), [("1", "number_wrong_length"), ("123456789", "number_wrong_length"), ("1-9", "number_check_digit")]
)
def test_a_wrong_plus_giro_number_is_refused(text, code):
    assert refusal(plus_giro, text) == code


def test_an_iban_is_stored_without_spaces_and_shown_in_fours():
    assert iban("se45 5000 0000 0583 9825 7466") == "SE4550000000058398257466"
    assert iban_text("SE4550000000058398257466") == NBSP.join(["SE45", "5000", "0000", "0583", "9825", "7466"])


@pytest.mark.parametrize(
    "text", ["", "SE4550000000058398257467", "SE45", "5050-1055", "XX4550000000058398257466", "SE455000000005839825746Å"]
)
def test_a_wrong_iban_is_refused(text):
    assert refusal(iban, text) == "iban_invalid"


@given(
    st.text(max_size=40) | st.text("0123456789- ", max_size=14),
    st.sampled_from([organisation_number, bank_giro, plus_giro, iban]),
)
def test_any_text_at_all_is_read_or_refused_with_a_known_code(text, read):
    try:
        code = read(text) and None
    except NumberRefused as refused:
        code = refused.code
    assert code is None or code in CODES


@pytest.mark.parametrize(
    "text",
    [
        "850709-9805",
        "19850709-9805",
        "198507099805",
        "8507099805",
        "850709+9805",
        "850709 9805",
        "850709–9805",
        "Barnet (20120229-2387) deltar.",
        "850769-9802",  # co-ordination number
        "198507699802",
        "Kassör:850709-9805.",
        "000229-0005",
        "070123-4569",
        "070123 4569",
        "200701234569",
        "personnummer: 0701234569",
        "Född 0701234569",
        "pnr 0701234569",
    ],
)
def test_a_personal_number_is_noticed_in_free_text(text):
    assert contains_personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "850709-9806",  # wrong check digit
        "802400-1235",  # an organisation number
        "19850231-1230",  # no such day
        "5050-1055",
        "2026-12-04",
        "ring 070-123 45 67",
        "Ring 0701234569 om ni undrar",
        "Personen som svarar på frågor nås efter klockan arton på 0701234569",
        "KS-2026-000123",
        "1850709980512345",
        "12 000,50 kr",
    ],
)
def test_what_only_looks_like_a_personal_number_is_let_through(text):
    assert not contains_personal_number(text)


@given(st.sampled_from(["070", "072", "073", "076", "079", "08", "031", "0586"]), st.integers(0, 10**9))
def test_a_telephone_number_without_spaces_is_let_through(area, rest):
    subscriber = f"{rest:09}"[: 10 - len(area)]
    assert not contains_personal_number(f"Ring vår ordförande på {area}{subscriber}, helst på kvällen.")


@given(st.dates(), st.integers(0, 999), st.booleans(), st.sampled_from(["", "-", "+", " "]), st.booleans())
def test_every_personal_number_there_is_is_noticed(born, serial, coordination, sign, century):
    if not 1900 <= born.year <= 2099:
        born = born.replace(year=1904 + born.year % 4)
    day = born.day + (60 if coordination else 0)
    number = with_check_digit(f"{born:%y%m}{day:02}{serial:03}")
    prefix = f"{born.year // 100}" if century else ""
    assert contains_personal_number(f"född {prefix}{number[:6]}{sign}{number[6:]}, Karlskoga")
