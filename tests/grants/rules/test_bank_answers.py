"""Rule GP-01: what the bank answers, read; hostile files refused unread. Rules GP-11 and GP-12: appeals."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.appeals import Standing, is_in_time, standing
from grants.rules.bank_answers import AnswerRefused, Happened, read_answer
from tests.grants.aftermath.files import camt, entry, pain, status


def test_a_status_report_says_what_was_taken_and_what_was_turned_away():
    answer = read_answer(pain(status("A-1", "ACCP", "100.00"), status("A-2", "RJCT", "200.50", "AC04", "Kontot avslutat")))

    assert (answer.kind, answer.about) == ("pain.002", "MEDSPEL-1883-000001")
    assert [(line.reference, line.happened, line.amount, line.reason) for line in answer.lines] == [
        ("A-1", Happened.ACCEPTED, Decimal("100.00"), ""),
        ("A-2", Happened.REJECTED, Decimal("200.50"), "AC04 Kontot avslutat"),
    ]
    assert answer.lines[1].line > answer.lines[0].line > 1


def test_a_whole_file_turned_away_is_one_line_without_a_reference():
    (line,) = read_answer(pain(group="RJCT")).lines
    assert (line.reference, line.happened) == ("", Happened.REJECTED)


def test_an_advice_says_what_is_paid_and_what_came_back():
    answer = read_answer(
        camt(
            entry("A-1", "100.00"),
            entry("A-2", "200.50", credit=True, code="AC01", words="Fel konto"),
            entry("A-3", "1.00", booked="PDNG"),
            entry("NOTPROVIDED", "1.00"),
        )
    )

    assert [(line.reference, line.happened, line.on, line.reason) for line in answer.lines] == [
        ("A-1", Happened.PAID, date(2027, 1, 15), ""),
        ("A-2", Happened.RETURNED, date(2027, 1, 15), "AC01 Fel konto"),
    ]


@pytest.mark.parametrize("version", ["02", "08", "13"])
def test_newer_versions_are_read_alike(version):
    assert read_answer(camt(entry("A-1", "5"), version=version)).lines[0].amount == 5


BOMB = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
OUTSIDE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "hostile"),
        (OUTSIDE, "hostile"),
        (BOMB.decode().replace('<?xml version="1.0"?>', "").encode("utf-16"), "hostile"),
        (b"not xml", "not_xml"),
        (b"", "not_xml"),
        (b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.03'/>", "unknown"),
        (b"<Other xmlns='urn:iso:std:iso:20022:tech:xsd:camt.054.001.02'/>", "unknown"),
        (b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.054.001.02'/>", "no_id"),
        (b" " * 10_000_001, "too_large"),
        (camt(entry("A-1", "twelve")), "amount"),
        (camt(entry("A-1", "1e400000000")), "amount"),
        (camt(entry("A-1", "-1")), "amount"),
        (camt(entry("A-1", "5", on="2027-13-01")), "day"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_a_code(content, code):
    with pytest.raises(AnswerRefused) as refused:
        read_answer(content)
    assert refused.value.code == code


@given(st.binary(max_size=300))
def test_no_bytes_make_it_crash(content):
    with pytest.raises(AnswerRefused):
        read_answer(content)


def test_an_appeal_is_in_time_through_the_last_day():
    """Case 44: notice Tue 2026-03-17, last day Tue 2026-04-07."""
    assert is_in_time(date(2026, 4, 7), date(2026, 4, 7))
    assert not is_in_time(date(2026, 4, 8), date(2026, 4, 7))
    assert is_in_time(date(2026, 3, 1), None)


@pytest.mark.parametrize(
    ("until", "pending", "day", "where"),
    [
        (None, [], date(2026, 3, 1), Standing.NOT_ANNOUNCED),
        (date(2026, 4, 7), [], date(2026, 4, 7), Standing.OPEN),
        (date(2026, 4, 7), [], date(2026, 4, 8), Standing.FINAL),
        (date(2026, 4, 7), [date(2026, 4, 7)], date(2026, 9, 1), Standing.APPEALED),
        (date(2026, 4, 7), [date(2026, 4, 8)], date(2026, 9, 1), Standing.FINAL),
    ],
)
def test_a_decision_gains_legal_force_when_nobody_appealed_in_time(until, pending, day, where):
    """Case 44."""
    assert standing(until, pending, day) is where
