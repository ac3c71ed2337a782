"""The principles in plain Swedish beside their formal meaning; the sentence is made from the data, so that it cannot say else.

They are published by the municipality in Swedish, like the arithmetic of a calculation: they are no words of the pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from facilities.rules.allocation.conditions import (
    All,
    Condition,
    Either,
    Flag,
    FlagFact,
    Not,
    Number,
    NumberFact,
    Op,
    Text,
    TextFact,
)
from facilities.rules.allocation.principles import EVERY_DAY, WEEKDAYS, Effect, Principles, Rung, Soft, Window, clock

DAYS = ("måndagar", "tisdagar", "onsdagar", "torsdagar", "fredagar", "lördagar", "söndagar")
FORMAL_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NUMBERS = {
    NumberFact.AGE_FROM: "den yngsta fyller {} år",
    NumberFact.AGE_TO: "den äldsta fyller {} år",
    NumberFact.SIZE: "gruppen har {} deltagare",
    NumberFact.GIRLS: "andelen flickor är {} procent",
    NumberFact.MONTHS: "gruppen tränar {} månader av säsongen",
    NumberFact.PASSES: "gruppen önskar {} pass i veckan",
    NumberFact.USED: "gruppen använde {} procent av sin tid förra säsongen",
}
OPS = {Op.LESS: "färre än {}", Op.AT_MOST: "högst {}", Op.IS: "{}", Op.AT_LEAST: "minst {}", Op.MORE: "fler än {}"}
SMALLER = {Op.LESS: "under {}", Op.MORE: "över {}"}
TEXTS = {
    TextFact.SEX: "gruppen är {}",
    TextFact.DIVISION: "gruppen spelar i {}",
    TextFact.SPORT: "gruppen tränar {}",
    TextFact.KIND: "den som söker är {}",
    TextFact.CLUB: "föreningen är {}",
    TextFact.AREA: "gruppen hör hemma i {}",
    TextFact.MARK: "gruppen är märkt {}",
}
WORDS = {
    "girls": "flickor",
    "boys": "pojkar",
    "mixed": "blandad",
    "association": "en förening",
    "school": "en skola",
    "company": "ett företag",
    "private": "en privatperson",
}
FLAGS = {
    FlagFact.FEDERATION: ("föreningen hör till ett specialidrottsförbund", "föreningen inte hör till ett specialidrottsförbund"),
    FlagFact.DISABILITY: (
        "gruppen är för personer med funktionsnedsättning",
        "gruppen inte är för personer med funktionsnedsättning",
    ),
    FlagFact.INDOOR: ("idrotten har sin säsong inomhus", "idrotten inte har sin säsong inomhus"),
    FlagFact.LOCAL: ("föreningen hör hemma i kommunen", "föreningen inte hör hemma i kommunen"),
    FlagFact.HAD_TIME: ("gruppen hade tid förra säsongen", "gruppen inte hade tid förra säsongen"),
}
SOFT = {
    Soft.PREFERENCES: "Sedan får klasserna i tur och ordning så många förstahandsval som möjligt, i önskad ordning av lokaler.",
    Soft.LOCAL: "Sedan ska så många som möjligt träna i sitt eget område.",
    Soft.DURATIONS: "Sedan blir passen så långa som önskats, klass för klass.",
    Soft.EQUALITY: "Sedan delas de attraktiva tiderna lika mellan flickor och pojkar, räknat per medlem.",
    Soft.STABILITY: "Sedan behåller så många som möjligt sin tid från förra säsongen.",
}
ORDINALS = ("", "första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde")


@dataclass(frozen=True, slots=True)
class Line:
    """One principle as it is published. part: classes, ladder, windows, limits, attractive, soft or lot."""

    part: str
    sentence: str
    formal: str


def condition_sentence(condition: Condition) -> str:
    """A condition as the second half of a Swedish sentence: "den äldsta fyller högst 20 år".

    Rule FA-31. Source: issue, "published on the web in plain Swedish next to their formal meaning".
    Words: villkor, klarspråk, mening.
    """
    match condition:
        case Number(fact, op, value):
            words = SMALLER.get(op, OPS[op]) if fact in (NumberFact.AGE_FROM, NumberFact.AGE_TO, NumberFact.GIRLS) else OPS[op]
            return NUMBERS[fact].format(words.format(value))
        case Text(fact, among):
            return TEXTS[fact].format(_listed([WORDS.get(word, word) for word in among], "eller"))
        case Flag(fact, value):
            return FLAGS[fact][0 if value else 1]
        case All(conditions):
            return _listed([_inner(each) for each in conditions], "och") or "gruppen är vilken som helst"
        case Either(conditions):
            return _listed([_inner(each) for each in conditions], "eller") or "ingen grupp"
        case Not(what):
            return f"det inte är så att {condition_sentence(what)}"


def example_sentence(example: Iterable[tuple[str, str]]) -> str:
    """Facts of a made-up section as half a sentence; a word that is empty says nothing. "" when nothing is left.

    Rule FA-86. Source: house convention: a remark shows somebody whom it is about.
    Words: exempel, anmärkning, klarspråk.
    """
    said: list[Condition] = []
    for fact, value in example:
        if fact in set(NumberFact):
            said.append(Number(NumberFact(fact), Op.IS, int(value)))
        elif fact in set(TextFact) and value:
            said.append(Text(TextFact(fact), (value,)))
        elif fact in set(FlagFact):
            said.append(Flag(FlagFact(fact), value == "True"))
    return condition_sentence(All(tuple(said))) if said else ""


def condition_formal(condition: Condition) -> str:
    """A condition as it is compared: "age_to <= 20 and federation".

    Rule FA-32. Source: issue, "plain Swedish next to their formal meaning".
    Words: villkor, formell betydelse.
    """
    match condition:
        case Number(fact, op, value):
            return f"{fact} {op} {value}"
        case Text(fact, among):
            return f"{fact} in ({', '.join(among)})"
        case Flag(fact, value):
            return str(fact) if value else f"not {fact}"
        case All(conditions):
            return " and ".join(_bracketed(each) for each in conditions) or "everybody"
        case Either(conditions):
            return " or ".join(_bracketed(each) for each in conditions) or "nobody"
        case Not(what):
            return f"not {_bracketed(what)}"


def published(principles: Principles) -> tuple[Line, ...]:
    """Every principle in order: its Swedish sentence and its formal meaning.

    Rule FA-33. Source: issue, "principles as data, ordered, published on the web in plain Swedish next to their formal meaning".
    Words: principer, fördelningsprinciper, regler, publicera.
    """
    lines = []
    for place, each in enumerate(principles.classes):
        who = condition_sentence(each.who)
        others = "de grupper som inte hör till någon klass före"
        rest = others if isinstance(each.who, All) and not each.who.of and place else f"de grupper där {who}"
        lines.append(Line("classes", f"{each.name} är {rest}.", f"{each.key}: {condition_formal(each.who)}"))
    names = {each.key: each.name for each in principles.classes}
    lines += [Line("ladder", _rung(place, rung, names), _rung_formal(rung)) for place, rung in enumerate(principles.ladder, 1)]
    lines += [Line("windows", _window(each), _window_formal(each)) for each in principles.windows]
    for limit in principles.limits:
        sentence = f"Grupper där {condition_sentence(limit.who)} får högst {limit.minutes} minuter i veckan."
        lines.append(Line("limits", sentence, f"{condition_formal(limit.who)}: <= {limit.minutes} min"))
    if principles.attractive is not None:
        hours = principles.attractive
        sentence = f"Attraktiva tider är {_days(hours.weekdays)} {_between(hours.since, hours.until)}."
        lines.append(Line("attractive", sentence, f"{clock(hours.since)}-{clock(hours.until)} on {_formal_days(hours.weekdays)}"))
    lines += [Line("soft", SOFT[each], str(each)) for each in principles.soft]
    lot = "Är allt annat lika avgör en lott som var och en kan räkna om: lägst SHA-256 av frö och grupp går först."
    lines.append(Line("lot", lot, 'min sha256("seed|section")'))
    return tuple(lines)


def _rung(place: int, rung: Rung, names: dict[str, str]) -> str:
    who = _listed([names.get(key, key) for key in rung.classes], "och")
    last = rung.last
    ordinal = ORDINALS[rung.first] if 0 < rung.first < len(ORDINALS) else f"{rung.first}:e"
    if last == rung.first:
        passes = f"{ordinal} passet i veckan"
    elif last is None:
        passes = "alla pass" if rung.first == 1 else f"{ordinal} passet i veckan och alla fler"
    else:
        passes = f"pass {rung.first}-{last} i veckan"
    return f"{place}. {passes[0].upper()}{passes[1:]} till {who}."


def _rung_formal(rung: Rung) -> str:
    return f"({', '.join(rung.classes)}), pass {rung.first}..{'' if rung.last is None else rung.last}"


def _window(window: Window) -> str:
    who = condition_sentence(window.who)
    hours = f"{_days(window.weekdays)} {_between(window.since, window.until)}"
    match window.effect:
        case Effect.INSIDE:
            return f"Grupper där {who} får bara tid {hours} de dagarna."
        case Effect.KEPT:
            return f"Tiden {hours} är bara för grupper där {who}."
        case Effect.MAINLY:
            return f"Grupper där {who} får i första hand tid {hours}."


def _window_formal(window: Window) -> str:
    hours = f"{clock(window.since)}-{clock(window.until)} on {_formal_days(window.weekdays)}"
    return f"{condition_formal(window.who)}: {window.effect} {hours}"


def _between(since: int, until: int) -> str:
    """ "17.00–20.00", as hours are written in Swedish."""
    return f"{clock(since)}–{clock(until)}".replace(":", ".")


def _formal_days(weekdays: tuple[int, ...]) -> str:
    return ", ".join(FORMAL_DAYS[day] for day in weekdays)


def _days(weekdays: tuple[int, ...]) -> str:
    if set(weekdays) == set(EVERY_DAY):
        return "alla dagar"
    return "vardagar" if set(weekdays) == set(WEEKDAYS) else _listed([DAYS[day] for day in sorted(weekdays)], "och")


def _listed(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def _inner(condition: Condition) -> str:
    nested = isinstance(condition, All | Either) and len(condition.of) > 1
    return f"({condition_sentence(condition)})" if nested else condition_sentence(condition)


def _bracketed(condition: Condition) -> str:
    nested = isinstance(condition, All | Either) and len(condition.of) > 1
    return f"({condition_formal(condition)})" if nested else condition_formal(condition)
