"""manage.py rules: an officer on the telephone reads out an id, a developer asks with a word."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.rulebook import matching, places, rules

HOUSE = Path(__file__).parents[2]


def ask(*words):
    out = StringIO()
    call_command("rules", *words, stdout=out, no_color=True)
    return out.getvalue()


def ids(*words):
    return [rule.id for rule in matching(rules(HOUSE), words)]


@pytest.mark.parametrize("word", ["late", "sen", "G-07", "g-07", "försenad", "late_reduction"])
def test_the_late_rule_is_found_in_one_go(word):
    answer = ask(word)
    assert "G-07  grants/rules/late.py:" in answer
    assert "The part of a grant that a late application loses." in answer
    assert "Source: grant regulations" in answer


def test_the_place_is_the_line_of_the_definition():
    [rule] = matching(rules(HOUSE), ["G-07"])
    assert (HOUSE / rule.path).read_text().splitlines()[rule.line - 1].startswith("def late_reduction(")


@pytest.mark.parametrize(
    ("word", "rule"),
    [
        ("jämna", "G-27"),
        ("kvittning", "G-65"),
        ("överklaga", "R-17"),
        ("styrelse", "A-07"),
        ("bankgiro", "A-33"),
        ("Medlemmar", "A-04"),
        ("betalfil", "G-81"),
        ("avrundning", "R-01"),
        ("verksamhetsberättelse", "A-16"),
        ("delegationsbeslut", "G-43"),
    ],
)
def test_a_rule_is_found_by_the_words_people_use(word, rule):
    assert rule in ids(word)


def test_several_words_must_all_fit():
    assert set(ids("återkrav", "saldo")) < set(ids("återkrav"))
    assert ids("återkrav", "bankgiro") == []


def test_an_id_finds_that_rule_alone():
    assert ids("A-04") == ["A-04"]


def test_without_a_word_every_rule_is_told():
    assert ask().count("Source: ") == len(rules(HOUSE))


def test_a_word_that_no_rule_knows_is_answered_with_a_sentence():
    with pytest.raises(CommandError, match="No rule is about 'xyzzy'"):
        ask("xyzzy")


def test_every_public_function_of_the_rules_and_values_has_an_id_and_a_source():
    named = {(rule.path, rule.name) for rule in rules(HOUSE)}
    assert [
        f"{place.path}:{place.line}" for place in places(HOUSE) if place.is_function and (place.path, place.name) not in named
    ] == []


def test_no_two_rules_share_an_id_parts_and_values_included():
    every = [rule.id for rule in rules(HOUSE)]
    assert sorted(every) == sorted(set(every))
