"""Names of classes, and numbers of persons in remarks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture.rules.class_names import class_key, next_name
from culture.rules.remarks import looks_like_personal_number


@pytest.mark.parametrize("typed", ["5A", "5 a", " 5a ", "5:A", "5.a", "klass 5a", "Kl. 5 A", "5\u00a0A"])
def test_one_class_is_recognised_however_it_is_written(typed):
    """Case 44."""
    assert class_key(typed) == "5A"


@pytest.mark.parametrize(("typed", "key"), [("1-3", "1-3"), ("1 – 3", "1-3"), ("1/3", "1-3"), ("13", "13"), ("Solen", "SOLEN")])
def test_different_classes_stay_different(typed, key):
    assert class_key(typed) == key


def test_nothing_is_no_class():
    with pytest.raises(ValueError, match="Not the name"):
        class_key(" . ")


@given(st.text(min_size=1, max_size=60))
def test_key_of_a_key_is_itself(text):
    try:
        key = class_key(text)
    except ValueError:
        return
    assert class_key(key) in {key, key[:40]}


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("5A", "6A"),
        ("9b", "10b"),
        ("1-3", "2-4"),
        ("F-1", "1-2"),
        ("FA", "1A"),
        ("F", "1"),
        ("Solen", "Solen"),
        ("Fjället", "Fjället"),
    ],
)
def test_class_is_called_something_else_the_year_after(name, after):
    assert next_name(name) == after


@pytest.mark.parametrize(
    "text",
    [
        "20150709-9802",
        "201507099802",
        "150709-9802",
        "150709+9802",
        "Anna 20150709 9802 var sjuk",
        "20150769-9802",
        "20150709TF10",
    ],
)
def test_number_of_a_person_is_found_though_its_check_digit_is_wrong(text):
    """Case 25."""
    assert looks_like_personal_number(text)


@pytest.mark.parametrize(
    "text", ["25 elever den 9 juli 2015", "2015-07-09", "070-123 45 67", "20159909-9802", "kl. 10.15-11.30", "802400-1239"]
)
def test_other_figures_are_let_through(text):
    assert not looks_like_personal_number(text)
