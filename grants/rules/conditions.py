"""Conditions on answers, three-valued: true, false, or not known yet."""

from collections.abc import Mapping
from decimal import Decimal

from grants.rules.form_shape import Answer, Compares, Condition, Conditions, Seen
from records.values import parse_kronor

Truth = bool | None  # None = not known yet


def seen_if(conditions: Conditions | None, seen: Mapping[str, Seen], answers: Mapping[str, Answer]) -> Seen:
    """Whether something with these conditions is asked, given what is asked before it and the answers so far.

    All of: hidden as soon as one is false. Any of: shown as soon as one is true. Otherwise undetermined while something is not
    known. A condition on a question that is hidden is false; on one that is undetermined or unanswered it is not known.

    Rule GF-01. Source: acceptance cases 14 and 15 (conditional questions, also in chains).
    Words: villkor, följdfråga, alla, någon, dold fråga, visas om.
    """
    if conditions is None:
        return Seen.SHOWN
    truth = _truth(conditions, seen, answers)
    return Seen.UNDETERMINED if truth is None else Seen.SHOWN if truth else Seen.HIDDEN


def both(one: Seen, other: Seen) -> Seen:
    """What is asked when both must be: a question in a section with a condition of its own.

    Rule GF-02. Source: acceptance cases 14 and 15.
    Words: villkor, avsnitt, dolt avsnitt.
    """
    if Seen.HIDDEN in (one, other):
        return Seen.HIDDEN
    return Seen.UNDETERMINED if Seen.UNDETERMINED in (one, other) else Seen.SHOWN


def asked_about(conditions: Conditions | None) -> tuple[Condition, ...]:
    """Every single condition, in order.

    Rule GF-03. Source: acceptance case 14.
    Words: villkor, beror på.
    """
    if conditions is None:
        return ()
    if isinstance(conditions, Condition):
        return (conditions,)
    return tuple(each for part in conditions.of for each in asked_about(part))


def _truth(conditions: Conditions, seen: Mapping[str, Seen], answers: Mapping[str, Answer]) -> Truth:
    if isinstance(conditions, Condition):
        return _holds(conditions, seen, answers)
    truths = [_truth(each, seen, answers) for each in conditions.of]
    decided = not conditions.every  # one that is so decides: a false one for all of, a true one for any of
    if decided in truths:
        return decided
    return None if None in truths else conditions.every


def _holds(condition: Condition, seen: Mapping[str, Seen], answers: Mapping[str, Answer]) -> Truth:
    if seen[condition.question] is Seen.HIDDEN:
        return False
    answer = answers.get(condition.question)
    if seen[condition.question] is Seen.UNDETERMINED or not answer:
        return None
    if condition.compares in (Compares.AT_LEAST, Compares.AT_MOST):
        return _compares(condition, answer)
    chosen = answer if isinstance(answer, list) else [answer]
    return (condition.value in chosen) is (condition.compares is Compares.EQUALS)


def _compares(condition: Condition, answer: Answer) -> Truth:
    """A number that cannot be read yet is not known."""
    try:
        number, limit = parse_kronor(str(answer)), Decimal(condition.value)
    except (ValueError, ArithmeticError):
        return None
    return number >= limit if condition.compares is Compares.AT_LEAST else number <= limit
