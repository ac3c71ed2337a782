"""What an association writes in a form: an answer to every question that is asked, as a person types it."""

from datetime import date
from decimal import Decimal
from random import Random

from associations.models import Association
from grants.rules.questions import Answer, Form, Kind, Question, Seen, seen_questions
from records.values import kronor_text

_SENTENCES: tuple[str, ...] = (
    "Vi träffas varje vecka och alla som vill får prova på gratis tre gånger innan de blir medlemmar.",
    "Medlemmarna röstar om vårens program på ett möte i november, och ungdomarna har en egen representant i styrelsen.",
    "Vi har sänkt avgiften för syskon och lånar ut utrustning, så att ingen ska behöva avstå av ekonomiska skäl.",
    "Ledarna har gått en utbildning om trygga miljöer, och vi har en vuxen på plats en halvtimme före och efter.",
    "Tiderna i hallen delas lika mellan flickor och pojkar, och vi följer upp det varje termin.",
    "Informationen finns på svenska, finska, engelska och somaliska, och vi ringer upp nya familjer.",
    "Vi ordnar en prova på-dag i varje stadsdel och samarbetar med skolorna i närheten.",
    "Efter varje termin frågar vi deltagarna vad de vill ändra på, och redovisar svaren på årsmötet.",
)


def answers_for(form: Form, association: Association, *, asked: Decimal, year: int, dice: Random) -> dict[str, dict[str, Answer]]:
    """section -> question -> answer."""
    typed: dict[str, Answer] = {}
    sections: dict[str, dict[str, Answer]] = {}
    for section in form:
        for question in section.questions:
            if seen_questions(form, typed)[question.key] is Seen.SHOWN:
                typed[question.key] = _answer(question, association, asked=asked, year=year, dice=dice)
                sections.setdefault(section.key, {})[question.key] = typed[question.key]
    return sections


def _answer(question: Question, association: Association, *, asked: Decimal, year: int, dice: Random) -> Answer:
    if question.kind is Kind.LONG_TEXT:
        return " ".join(dice.sample(_SENTENCES, 2))
    if question.kind is Kind.AMOUNT:
        factor = {"asked": Decimal(1), "cost": Decimal("1.25"), "costs": Decimal(3)}.get(question.key, Decimal(2))
        return f"{kronor_text((asked * factor).quantize(Decimal(1)))} kr"
    if question.kind is Kind.DAY:
        return date(year, 9 if question.key == "begins" else 12, 15).isoformat()
    if question.kind is Kind.CHOICE:
        return question.choices[0].key
    if question.kind is Kind.CHOICES:
        return [question.choices[0].key]
    return {Kind.NUMBER: "40", Kind.YES_NO: "no", Kind.CONFIRM: "yes"}.get(
        question.kind, f"{association.name} för fler"[: question.max_length]
    )
