"""A reason is a sentence that a person can check by adding up; what is not proved is never called impossible."""

import pytest
from django.utils.translation import override

from culture.reasons import Names, counted, told

NAMES = Names(klass=lambda key: f"Klass {key}", performance=lambda key: f"Visning {key}", event=lambda key: f"Pjäs {key}")


@pytest.fixture(autouse=True)
def in_swedish():
    with override("sv"):
        yield


def one(reason):
    (why,) = told([reason], NAMES)
    return why


def test_case_19_class_without_an_option_is_told_how_many_are_lost_to_each_reason():
    counts = {"grade": 37, "hall": 13, "blocked": 2, "small": 1}
    why = one({"level": "L0", "klass": "6A", "short": 1, "pupils": 24, "options": 0, "counts": counts})
    assert why.heading == "Klass 6A har ingen föreställning att gå på"
    assert why.sentence == (
        "Ingen av de 53 föreställningarna är möjlig. Av dem: 37 är inte för alla klassens årskurser; "
        "13 kräver en lokal som skolan saknar; 2 är på dagar som inte passar; 1 är för liten för klassen."
    )
    assert why.sums == ("Möjliga: 53 − 37 − 13 − 2 − 1 = 0",)


def test_case_33_shortage_adds_up_and_names_the_ways_out():
    classes, shows = ["8A", "8B", "8C", "8D"], ["P1", "P2"]
    why = one(
        {
            "level": "L1",
            "unit": "seats",
            "classes": classes,
            "performances": shows,
            "needs": dict.fromkeys(classes, 30),
            "rooms": dict.fromkeys(shows, 50),
            "needed": 120,
            "room": 100,
            "short": 20,
            "unserved": ["8C", "8D"],
            "pupils": 60,
            "counts": {"8A": {"grade": 5}},
            "ways": [
                {"kind": "seats", "number": 20},
                {"kind": "date", "event": "E", "performance": "P1", "number": 50},
                {"kind": "unblock", "klass": "8B", "performance": "P3", "on": "2027-03-12"},
            ],
        }
    )
    assert why.heading == "20 platser för lite"
    assert why.sentence == (
        "4 klasser behöver 120 platser och kan bara gå på 2 föreställningar, där det finns 100 platser. Det saknas 20 platser."
    )
    assert why.sums == ("Behövs: 30 + 30 + 30 + 30 = 120", "Finns: 50 + 50 = 100", "Saknas: 120 − 100 = 20")
    assert why.ways == (
        "20 platser till",
        "En tid till av Pjäs E (plats för 50)",
        "Klass 8B kan komma den 12 mars 2027 ändå: Visning P3",
    )
    assert why.others == (("Klass 8A", "5 är inte för alla klassens årskurser"),)


def test_long_sum_has_equal_parts_together_and_still_adds_up():
    classes = [f"k{number}" for number in range(12)]
    needs = {key: 28 if number % 3 else 30 for number, key in enumerate(classes)}
    given = {"level": "L1", "unit": "seats", "classes": classes, "performances": ["p"], "needs": needs, "rooms": {"p": 300}}
    given |= {"needed": 344, "room": 300, "short": 44, "unserved": classes[:2], "pupils": 50, "counts": {}, "ways": []}
    assert one(given).sums[0] == "Behövs: 8 × 28 + 4 × 30 = 344"


def test_places_for_groups_are_counted_in_classes():
    given = {"level": "L1", "unit": "groups", "classes": ["a", "b"], "performances": ["p"], "needs": {"a": 1, "b": 1}}
    given |= {"rooms": {"p": 1}, "needed": 2, "room": 1, "short": 1, "unserved": ["b"], "pupils": 20, "counts": {}}
    why = one({**given, "ways": [{"kind": "groups", "number": 1}]})
    assert why.heading == "Plats för en klass för lite"
    assert why.sums == ("Behövs: 1 + 1 = 2", "Finns: 1", "Saknas: 2 − 1 = 1")
    assert why.ways == ("Plats för en klass till",)


def _packing(**more):
    given = {"level": "L2", "proved": True, "how": "addition", "classes": ["a", "b", "c"], "performances": ["p", "q"]}
    return {**given, "most": {"p": 1, "q": 1}, "fit": 2, "unserved": ["c"], "pupils": 30, "counts": {}, "ways": [], **more}


def test_packing_that_follows_by_addition_says_how_many_classes_fit():
    why = one(_packing())
    assert why.heading == "Hela klasser får inte plats"
    assert why.sums == ("Klasser som mest: 1 + 1 = 2, och de är 3",)


def test_packing_that_was_searched_says_that_one_fewer_would_fit():
    assert "utan en av dem får de andra det" in one(_packing(how="search")).sentence


def test_what_is_not_proved_is_told_with_its_bound_and_never_called_impossible():
    why = one(_packing(proved=False, how="", most={}, fit=None, bound=25))
    assert why.proved is False
    assert why.heading == "Inte bevisat"
    assert why.sums == ("Bevisat: varje plan lämnar minst 25 elever utan.",)
    assert "omöjlig" not in why.sentence
    assert one(_packing(proved=False, how="", most={}, fit=None, bound=0)).sums == ("Ingen gräns är bevisad.",)


def test_class_that_owes_from_earlier_years_is_told_apart():
    why = one(_packing(how="catch_up", classes=["a"], unserved=["a"], short=1, pupils=0))
    assert why.sentence == "Klassen får sitt besök i år, men ett besök från tidigare läsår saknas fortfarande."


def test_unknown_reason_is_counted_all_the_same():
    assert counted({"moon": 2, "grade": 0}) == ["2 av annat skäl"]
    assert told([{"level": "L9"}], NAMES) == []


@pytest.mark.parametrize(
    "code",
    ["grade", "seen", "access", "blocked", "refused", "hall", "elsewhere", "small", "full", "same_day", "same_event", "no_bus"],
)
def test_every_reason_has_words_for_one_and_for_many(code):
    one_, many = counted({code: 1})[0], counted({code: 3})[0]
    assert one_.startswith("1 ")
    assert many.startswith("3 ")
    assert "annat skäl" not in one_
