"""The application form as data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.rules.questions import (
    Fault,
    Kind,
    Progress,
    Question,
    Seen,
    answer_changes,
    copied_answers,
    fault_of,
    faults,
    form_change,
    form_from_json,
    handed_in_answers,
    progress_of,
    read,
    seen_questions,
)


def section(key, *questions):
    return {"key": key, "title": key.title(), "questions": list(questions)}


def question(key, kind="text", **more):
    return {"key": key, "label": key.title(), "kind": kind, **more}


CHAIN = form_from_json(
    [
        section(
            "first",
            question("q1", "yes_no"),
            question("q2", "text", shown_if={"question": "q1", "equals": "yes"}),
        ),
        section(
            "second",
            question(
                "q3",
                "choice",
                choices=[{"key": "a", "label": "A"}, {"key": "b", "label": "B"}],
                shown_if={"question": "q2", "equals": "x"},
            ),
            question("q4", "text", shown_if={"question": "q3", "equals": "a"}),
        ),
    ]
)


def test_a_hidden_answer_is_gone_when_handed_in_and_is_not_asked_for():
    """Case 14."""
    answers = {"q1": "no", "q2": "x"}
    assert seen_questions(CHAIN, answers)["q2"] is Seen.HIDDEN
    assert handed_in_answers(CHAIN, answers) == {"q1": "no"}
    assert faults(CHAIN, answers) == {}


def test_a_chain_of_conditions_hides_all_that_hangs_on_it():
    """Case 14."""
    answers = {"q1": "no", "q2": "x", "q3": "a", "q4": "kvar"}
    seen = seen_questions(CHAIN, answers)
    assert [seen[key] for key in ("q2", "q3", "q4")] == [Seen.HIDDEN] * 3
    assert handed_in_answers(CHAIN, answers) == {"q1": "no"}


def test_an_unanswered_dependency_leaves_the_section_waiting_not_complete():
    """Case 15."""
    seen = seen_questions(CHAIN, {})
    assert seen["q2"] is Seen.UNDETERMINED
    assert seen["q4"] is Seen.UNDETERMINED
    assert progress_of(CHAIN[1], CHAIN, {}) is Progress.CANNOT_START
    assert progress_of(CHAIN[1], CHAIN, {"q1": "no"}) is Progress.DONE
    assert progress_of(CHAIN[1], CHAIN, {"q1": "yes", "q2": "x"}) is Progress.NOT_STARTED


def test_a_section_is_started_then_done():
    form = form_from_json([section("only", question("a"), question("b"), question("c", required=False))])
    assert progress_of(form[0], form, {}) is Progress.NOT_STARTED
    assert progress_of(form[0], form, {"a": "något"}) is Progress.STARTED
    assert progress_of(form[0], form, {"a": "något", "b": "annat"}) is Progress.DONE


def test_a_section_whose_questions_are_all_optional_is_done_from_the_start():
    form = form_from_json([section("only", question("a", required=False))])
    assert progress_of(form[0], form, {}) is Progress.DONE


def asked(kind, **more):
    return Question(key="q", label="Q", kind=kind, **more)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.AMOUNT, "12 000,50 kr", "12000.50"),
        (Kind.AMOUNT, "12000:-", "12000.00"),
        (Kind.NUMBER, "1 200", "1200"),
        (Kind.DAY, "4/12 2026", "2026-12-04"),
        (Kind.DAY, "2026-12-04", "2026-12-04"),
        (Kind.TEXT, "  hej  ", "hej"),
        (Kind.YES_NO, "yes", "yes"),
        (Kind.CONFIRM, "yes", "yes"),
    ],
)
def test_answers_are_read_the_way_people_write_them(kind, typed, kept):
    assert fault_of(asked(kind), typed) is None
    assert read(asked(kind), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed", "fault"),
    [
        (Kind.AMOUNT, "tolv", Fault.NOT_AN_AMOUNT),
        (Kind.AMOUNT, "-5", Fault.NOT_AN_AMOUNT),
        (Kind.NUMBER, "-1", Fault.NOT_A_NUMBER),
        (Kind.NUMBER, "1,5", Fault.NOT_A_NUMBER),
        (Kind.DAY, "31 februari 2026", Fault.NOT_A_DAY),
        (Kind.DAY, "i morgon", Fault.NOT_A_DAY),
        (Kind.YES_NO, "kanske", Fault.NOT_A_CHOICE),
        (Kind.CONFIRM, "on", Fault.NOT_A_CHOICE),
        (Kind.TEXT, "", Fault.MISSING),
        (Kind.LONG_TEXT, "Ring 19850709-9805", Fault.PERSONAL_NUMBER),
    ],
)
def test_what_cannot_be_read_has_a_fault(kind, typed, fault):
    assert fault_of(asked(kind), typed) is fault


def test_a_text_has_a_longest_length():
    assert fault_of(asked(Kind.TEXT, max_length=3), "fyra") is Fault.TOO_LONG


def test_an_answer_that_cannot_be_read_is_kept_as_typed():
    form = form_from_json([section("only", question("a", "amount"))])
    assert handed_in_answers(form, {"a": "tolv"}) == {"a": "tolv"}


def test_reading_what_was_read_changes_nothing():
    form = form_from_json([section("only", question("a", "amount"), question("b", "day"), question("c", "number"))])
    once = handed_in_answers(form, {"a": "12 000,50 kr", "b": "4/12 2026", "c": "1 200"})
    assert handed_in_answers(form, once) == once


def test_a_changed_form_says_what_was_added_dropped_and_reworded():
    """Case 16."""
    old = form_from_json([section("a", question("kept"), question("gone"), question("said", hint="förut"))])
    new = form_from_json([section("b", question("said", hint="nu"), question("kept"), question("new"))])
    change = form_change(old, new)
    assert (change.added, change.dropped, change.reworded) == (("new",), ("gone",), ("said",))


def test_only_answers_that_still_fit_are_copied():
    old = form_from_json(
        [
            section(
                "a",
                question("same"),
                question("kind", "text"),
                question("day", "day"),
                question("asked", "amount"),
                question("sure", "confirm"),
                question("one", "choice", choices=[{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]),
            )
        ]
    )
    new = form_from_json(
        [
            section(
                "a",
                question("same"),
                question("kind", "amount"),
                question("day", "day"),
                question("asked", "amount"),
                question("sure", "confirm"),
                question("one", "choice", choices=[{"key": "b", "label": "B"}, {"key": "c", "label": "C"}]),
            )
        ]
    )
    answers = {"same": "text", "kind": "5", "day": "2026-01-01", "asked": "5", "sure": "yes", "one": "a"}
    assert copied_answers(old, new, answers) == {"same": "text"}


def test_changes_between_answers_are_in_the_forms_order():
    form = form_from_json([section("a", question("a"), question("b"), question("c"))])
    changes = answer_changes(form, {"a": "1", "b": "2"}, {"b": "3", "c": "4"})
    assert [(row.question.key, row.before, row.after) for row in changes] == [("a", "1", ""), ("b", "2", "3"), ("c", "", "4")]


@pytest.mark.parametrize(
    "rows",
    [
        [section("a", question("x"), question("x"))],
        [section("a"), section("a")],
        [section("a", question("x", "unknown"))],
        [section("a", question("x", "choice"))],
        [section("a", question("x", shown_if={"question": "later", "equals": "yes"}), question("later", "yes_no"))],
        [section("a", question("x", shown_if={"question": "x", "equals": "yes"}))],
    ],
)
def test_a_form_that_does_not_hold_together_is_refused(rows):
    with pytest.raises(ValueError, match=r".+"):
        form_from_json(rows)


@given(st.dictionaries(st.sampled_from(["q1", "q2", "q3", "q4"]), st.sampled_from(["", "yes", "no", "x", "a", "b"])))
def test_what_is_handed_in_is_always_a_part_of_what_is_seen(answers):
    seen = seen_questions(CHAIN, answers)
    assert all(seen[key] is Seen.SHOWN for key in handed_in_answers(CHAIN, answers))
    assert all(seen[key] is Seen.SHOWN for key in faults(CHAIN, answers))
