"""Forms that officers build: tables, limits, conditions with all and any, and files that say where they are wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.form_json import CODES, FormNotReadable, conditions_to_json
from grants.rules.form_shape import Kind
from grants.rules.questions import (
    Fault,
    Progress,
    Seen,
    asked_files,
    column_sum,
    fault_of,
    faults,
    form_from_json,
    handed_in_answers,
    progress_of,
    seen_questions,
)
from grants.rules.reading import row_faults

BUDGET = {
    "key": "budget",
    "label": "Budget",
    "kind": "table",
    "columns": [
        {"key": "what", "label": "Post"},
        {"key": "in", "label": "Intäkt", "kind": "amount"},
        {"key": "out", "label": "Kostnad", "kind": "amount"},
    ],
    "balance": ["in", "out"],
}


def form_of(*questions, **section):
    return form_from_json([{"key": "a", "title": "A", "questions": list(questions), **section}])


def one(**question):
    ((section),) = form_of({"key": "x", "label": "X", **question})
    return section.questions[0]


def row(what="", income="", cost=""):
    return {"what": what, "in": income, "out": cost}


def test_a_budget_that_balances_is_read_and_its_empty_rows_are_dropped():
    question = one(**{**BUDGET, "key": "budget"})
    rows = [row("Lokal", "", "3 000"), row("Avgifter", "3000 kr", ""), row()]
    assert fault_of(question, rows) is None
    kept = handed_in_answers(form_of(BUDGET), {"budget": rows})["budget"]
    assert kept == [row("Lokal", "", "3000.00"), row("Avgifter", "3000.00", "")]
    assert column_sum(kept, "out") == 3000


def test_a_budget_that_does_not_balance_cannot_be_handed_in():
    rows = [row("Lokal", "", "3 000"), row("Avgifter", "2 999,50", "")]
    assert faults(form_of(BUDGET), {"budget": rows}) == {"budget": Fault.NOT_BALANCED}


def test_what_is_wrong_in_a_table_is_told_by_row_and_column():
    question = one(**{**BUDGET, "key": "budget"})
    rows = [row("Lokal", "", "tre tusen"), row("19121212-1212", "1", "")]
    assert fault_of(question, rows) is Fault.IN_A_ROW
    found = [(number, column.key, fault) for number, column, fault in row_faults(question, rows)]
    assert found == [(1, "out", Fault.NOT_AN_AMOUNT), (2, "what", Fault.PERSONAL_NUMBER)]


def test_a_table_has_at_most_so_many_rows_and_an_empty_one_is_no_answer():
    question = one(**{**BUDGET, "key": "budget", "most_rows": 2})
    assert fault_of(question, [row("a", "1", "1")] * 3) is Fault.TOO_MANY_ROWS
    assert fault_of(question, [row()]) is Fault.MISSING


@pytest.mark.parametrize(
    ("question", "answer", "fault"),
    [
        ({"kind": "number", "at_least": "10"}, "9", Fault.TOO_SMALL),
        ({"kind": "number", "at_least": "10"}, "10", None),
        ({"kind": "amount", "at_most": "5000"}, "5 000,01 kr", Fault.TOO_LARGE),
        ({"kind": "day", "at_least": "2026-06-01"}, "31 maj 2026", Fault.TOO_SMALL),
        ({"kind": "day", "at_most": "2026-08-31"}, "1/9 2026", Fault.TOO_LARGE),
        ({"kind": "text", "min_length": 5}, "kort", Fault.TOO_SHORT),
        ({"kind": "text", "max_length": 3}, "lång", Fault.TOO_LONG),
        ({"kind": "text", "pattern": "email"}, "anna@exempel.se", None),
        ({"kind": "text", "pattern": "email"}, "anna", Fault.NOT_THE_PATTERN),
        ({"kind": "text", "pattern": "postcode"}, "691 31", None),
        ({"kind": "text", "pattern": "postcode"}, "69131x", Fault.NOT_THE_PATTERN),
        ({"kind": "text", "pattern": "phone"}, "0586-123 45", None),
        ({"kind": "text", "pattern": "web"}, "https://www.exempel.se/om", None),
        ({"kind": "text", "pattern": "web"}, "javascript:alert(1)", Fault.NOT_THE_PATTERN),
        ({"kind": "text", "pattern": "organisation_number"}, "857500-1238", None),
        ({"kind": "text", "pattern": "organisation_number"}, "857500-1239", Fault.NOT_THE_PATTERN),
    ],
)
def test_an_answer_keeps_within_what_the_question_says(question, answer, fault):
    assert fault_of(one(**question), answer) is fault


MONEY = [{"key": "what", "label": "Post"}, {"key": "kronor", "label": "Kronor", "kind": "amount"}]
SIDES = {"left": ["in.kronor", "asked"], "right": ["this.kronor"]}


def budget_of(*, balances=SIDES, **asked):
    return form_of(
        {"key": "asked", "label": "Sökt", "kind": "amount", **asked},
        {"key": "in", "label": "Intäkter", "kind": "table", "columns": MONEY, "required": False},
        {"key": "out", "label": "Kostnader", "kind": "table", "columns": MONEY, "balances": balances},
    )


def kronor(*amounts):
    return [{"what": "x", "kronor": amount} for amount in amounts]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"asked": "5 000", "in": kronor("10 000"), "out": kronor("12 000", "3 000")}, {}),
        ({"asked": "5 000", "in": kronor("10 000"), "out": kronor("12 000")}, {"out": Fault.SIDES_DIFFER}),
        ({"asked": "5 000", "out": kronor("5 000")}, {}),  # incomes need not be told, and are then nothing
        ({"asked": "5 000", "out": kronor("4 999,99")}, {"out": Fault.SIDES_DIFFER}),
        ({"in": kronor("10 000"), "out": kronor("12 000")}, {"asked": Fault.MISSING}),  # one thing at a time
        ({"asked": "5 000", "in": kronor("mycket"), "out": kronor("1")}, {"in": Fault.IN_A_ROW}),
    ],
)
def test_a_budget_over_several_tables_must_balance(answers, expected):
    assert faults(budget_of(), answers) == expected


def test_what_is_not_asked_counts_as_nothing_and_what_may_be_asked_is_not_judged():
    """Cases 14 and 15."""
    form = form_of(
        {"key": "more", "label": "Fler intäkter?", "kind": "yes_no"},
        {"key": "in", "label": "Intäkter", "kind": "amount", "shown_if": {"question": "more", "equals": "yes"}},
        {"key": "out", "label": "Kostnader", "kind": "amount", "balances": {"left": ["in"], "right": ["this"]}},
    )
    assert faults(form, {"more": "no", "in": "700", "out": "0"}) == {}
    assert faults(form, {"more": "no", "in": "700", "out": "700"}) == {"out": Fault.SIDES_DIFFER}
    assert faults(form, {"out": "700"}) == {"more": Fault.MISSING}


def test_a_part_with_a_budget_that_does_not_balance_is_not_done():
    form = budget_of()
    assert progress_of(form[0], form, {"asked": "1", "out": kronor("2")}) is Progress.STARTED
    assert progress_of(form[0], form, {"asked": "1", "out": kronor("1")}) is Progress.DONE


@pytest.mark.parametrize(
    ("balances", "code"),
    [
        ({"left": ["asked"], "right": []}, "not_a_balance"),
        ({"left": ["asked"], "right": ["asked", "this.kronor"]}, "not_a_balance"),
        ({"left": ["asked"], "right": ["in.kronor"]}, "not_a_balance"),
        ({"left": ["later"], "right": ["this.kronor"]}, "not_before"),
        ({"left": ["in.what"], "right": ["this.kronor"]}, "not_before"),
        ({"left": "asked", "right": ["this.kronor"]}, "not_a_list"),
        ({"left": ["asked"], "right": ["this.kronor"], "both": []}, "unknown_field"),
    ],
)
def test_a_balance_that_cannot_be_judged_is_refused(balances, code):
    with pytest.raises(FormNotReadable) as refused:
        budget_of(balances=balances)
    assert refused.value.code == code


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.lists(st.integers(0, 10**6), max_size=5), st.integers(0, 10**6)
)
def test_a_budget_balances_exactly_when_its_sides_are_the_same(out, incomes, asked):
    answers = {"asked": str(asked), "in": kronor(*map(str, incomes)), "out": kronor(*map(str, out))}
    assert (faults(budget_of(), answers) == {}) is (sum(incomes) + asked == sum(out))


YES = {"question": "a", "equals": "yes"}
MANY = {"question": "n", "at_least": "10"}


def seen(shown_if, **answers):
    form = form_of(
        {"key": "a", "label": "A", "kind": "yes_no"},
        {"key": "n", "label": "N", "kind": "number"},
        {"key": "x", "label": "X", "kind": "text", "shown_if": shown_if},
    )
    return seen_questions(form, answers)["x"]


@pytest.mark.parametrize(
    ("shown_if", "answers", "expected"),
    [
        ({"all": [YES, MANY]}, {}, Seen.UNDETERMINED),
        ({"all": [YES, MANY]}, {"a": "yes"}, Seen.UNDETERMINED),
        ({"all": [YES, MANY]}, {"n": "9"}, Seen.HIDDEN),  # false whatever the other will be
        ({"all": [YES, MANY]}, {"a": "yes", "n": "10"}, Seen.SHOWN),
        ({"any": [YES, MANY]}, {"n": "9"}, Seen.UNDETERMINED),
        ({"any": [YES, MANY]}, {"a": "yes"}, Seen.SHOWN),  # true whatever the other will be
        ({"any": [YES, MANY]}, {"a": "no", "n": "9"}, Seen.HIDDEN),
        ({"any": [YES, MANY]}, {"a": "no", "n": "nio"}, Seen.UNDETERMINED),
        ({"question": "a", "is_not": "yes"}, {"a": "no"}, Seen.SHOWN),
        ({"question": "n", "at_most": "5"}, {"n": "5"}, Seen.SHOWN),
        ({"any": [{"all": [YES, MANY]}, {"question": "n", "at_most": "1"}]}, {"n": "1"}, Seen.SHOWN),
    ],
)
def test_all_and_any_know_what_is_not_known_yet(shown_if, answers, expected):
    """Case 15."""
    assert seen(shown_if, **answers) is expected


def test_a_section_with_a_condition_hides_its_questions_and_files():
    """Case 14."""
    form = form_from_json(
        [
            {"key": "a", "title": "A", "questions": [{"key": "a", "label": "A", "kind": "yes_no"}]},
            {
                "key": "b",
                "title": "B",
                "shown_if": YES,
                "questions": [{"key": "t", "label": "T", "kind": "text"}, {"key": "f", "label": "F", "kind": "file"}],
            },
        ]
    )
    assert progress_of(form[1], form, {}) is Progress.CANNOT_START
    assert [each.key for each in asked_files(form, {"a": "yes"})] == ["f"]
    assert asked_files(form, {"a": "no"}) == []
    assert handed_in_answers(form, {"a": "no", "t": "x"}) == {"a": "no"}
    assert faults(form, {"a": "yes"}) == {"t": Fault.MISSING}


@pytest.mark.parametrize("shown_if", [YES, {"all": [YES, {"any": [MANY, {"question": "a", "is_not": "no"}]}]}])
def test_conditions_go_out_as_they_came_in(shown_if):
    form = form_of(
        {"key": "a", "label": "A", "kind": "yes_no"},
        {"key": "n", "label": "N", "kind": "number"},
        {"key": "x", "label": "X", "kind": "text", "shown_if": shown_if},
    )
    assert conditions_to_json(form[0].questions[2].shown_if) == shown_if


@pytest.mark.parametrize(
    ("rows", "path", "code"),
    [
        ({}, "form", "not_a_list"),
        (["x"], "form[0]", "not_an_object"),
        ([{"key": "a"}], "form[0].title", "missing_field"),
        ([{"key": "a b", "title": "A"}], "form[0].key", "not_a_key"),
        ([{"key": "a", "title": "A", "colour": "red"}], "form[0].colour", "unknown_field"),
        ([{"key": "a", "title": "A"}, {"key": "a", "title": "B"}], "form[1].key", "key_twice"),
    ],
)
def test_a_form_that_cannot_be_used_says_where(rows, path, code):
    with pytest.raises(FormNotReadable) as wrong:
        form_from_json(rows)
    assert (wrong.value.path, wrong.value.code) == (path, code)
    assert code in CODES


@pytest.mark.parametrize(
    ("question", "where", "code"),
    [
        ({"kind": "essay"}, ".kind", "unknown_kind"),
        ({"kind": "text", "pattern": "(a+)+"}, ".pattern", "unknown_pattern"),
        ({"kind": "text", "at_least": "5"}, ".at_least", "not_a_limit"),
        ({"kind": "number", "at_least": "five"}, ".at_least", "not_a_limit"),
        ({"kind": "table"}, ".columns", "no_columns"),
        ({"kind": "table", "columns": [{"key": "a", "label": "A", "kind": "day"}]}, ".columns[0].kind", "unknown_kind"),
        ({**BUDGET, "balance": ["in", "what"]}, ".balance", "not_a_column"),
        ({"kind": "text", "required": "yes"}, ".required", "not_yes_or_no"),
        ({"kind": "text", "max_length": -1}, ".max_length", "not_a_whole_number"),
        ({"kind": "text", "shown_if": {"question": "later", "equals": "1"}}, ".shown_if", "not_before"),
        ({"kind": "text", "shown_if": {"all": []}}, ".shown_if", "not_a_condition"),
        ({"kind": "text", "shown_if": {"question": "q", "like": "%"}}, ".shown_if.like", "unknown_field"),
    ],
)
def test_a_question_that_cannot_be_used_says_where(question, where, code):
    with pytest.raises(FormNotReadable) as wrong:
        one(**{"key": "x", **question})
    assert (wrong.value.path, wrong.value.code) == (f"form[0].questions[0]{where}", code)


def test_the_calculations_own_names_are_not_free():
    with pytest.raises(FormNotReadable, match="reserved"):
        form_of({"key": "members", "label": "X", "kind": "text"})


leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([*Kind])
garbage = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "title", "questions", "label", "kind", "shown_if", "all", "columns", "choices", "balance"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(garbage)
def test_whatever_a_file_holds_the_form_is_read_or_refused_by_path(data):
    try:
        form_from_json(data)
    except FormNotReadable as refused:
        wrong = refused
    else:
        return
    assert wrong.path.startswith("form")
    assert wrong.code in CODES
