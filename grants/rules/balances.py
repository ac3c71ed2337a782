"""Whether amounts in several questions and tables sum to the same: incomes in one table, costs in another."""

from collections.abc import Mapping
from decimal import Decimal

from grants.rules.form_shape import THIS, Answer, Balance, Form, Kind, Question, Seen, questions_of
from grants.rules.reading import column_sum, fault_of, is_given, read


def named(question: Question) -> Balance:
    """The balance of a question with its own key instead of "this".

    Rule GF-13. Source: scheme data: a budget whose incomes and costs stand in tables of their own.
    Words: budget, balans, gå jämnt upp, summa.
    """
    balances = question.balances or Balance((), ())
    left, right = (
        tuple(question.key + name[len(THIS) :] if name == THIS or name.startswith(f"{THIS}.") else name for name in side)
        for side in (balances.left, balances.right)
    )
    return Balance(left, right)


def sides(
    question: Question, form: Form, answers: Mapping[str, Answer], seen: Mapping[str, Seen]
) -> tuple[Decimal, Decimal] | None:
    """What the two sides of a question's balance come to; None when it has none, or while they are not known.

    What is not asked, or need not be answered and is not, is nothing. What is required and missing, cannot be read, or may still
    be asked makes it unknown: that is told where it stands.

    Rule GF-14. Source: scheme data: "the budget must balance"; acceptance case 15.
    Words: budget, balans, summa, jämvikt.
    """
    if question.balances is None or seen[question.key] is not Seen.SHOWN:
        return None
    by_key = {each.key: each for each in questions_of(form)}
    sums = []
    for side in (named(question).left, named(question).right):
        known = [_number(name, by_key, answers, seen) for name in side]
        if None in known:
            return None
        sums.append(sum((number for number in known if number is not None), Decimal(0)))
    return sums[0], sums[1]


def _number(name: str, by_key: Mapping[str, Question], answers: Mapping[str, Answer], seen: Mapping[str, Seen]) -> Decimal | None:
    key, _dot, column = name.partition(".")
    question, answer = by_key[key], answers.get(key)
    if seen[key] is Seen.HIDDEN:
        return Decimal(0)
    if seen[key] is Seen.UNDETERMINED or fault_of(question, answer):
        return None
    if answer is None or not is_given(answer):
        return Decimal(0)
    return column_sum(answer, column) if question.kind is Kind.TABLE else Decimal(str(read(question, answer)))
