"""The principles of five municipalities entered as data, as far as their published rules say."""

from facilities.rules.allocation.principles import principles_from_json

ALL_WEEK, WEEKDAYS = [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4]
ASSOCIATION = {"fact": "kind", "is": "in", "value": ["association"]}


def fact(name, word, value):
    return {"fact": name, "is": word, "value": value}


def every(*conditions):
    return {"all": list(conditions)}


def either(*conditions):
    return {"any": list(conditions)}


CHILDREN = every(fact("age_from", ">=", 7), fact("age_to", "<=", 20))

# Led drop-in, public times and matches are laid in first: they stand in the halls before anything is allocated.
HUDDINGE = {
    "name": "Huddinge",
    "classes": [
        {"key": "topp", "name": "Lag i högsta serien", "who": fact("division", "in", ["högsta serien"])},
        {
            "key": "prio",
            "name": "Barn och unga 7-20 år och personer med funktionsnedsättning",
            "who": either(CHILDREN, fact("disability", "=", True)),
        },
        {"key": "senior", "name": "Seniorer", "who": every(ASSOCIATION, fact("age_from", ">", 20))},
        {"key": "ovriga", "name": "Övriga", "who": every()},
    ],
    "ladder": [
        {"classes": ["topp"]},
        {"classes": ["prio"], "first": 1, "last": 1},
        {"classes": ["prio"], "first": 2},
        {"classes": ["senior"]},
        {"classes": ["ovriga"]},
    ],
    "windows": [
        {"who": fact("age_from", ">", 20), "weekdays": WEEKDAYS, "since": "21:00", "until": "24:00", "effect": "mainly"},
    ],
    "limits": [
        {"who": fact("division", "in", [division]), "minutes": minutes}
        for division, minutes in (
            ("högsta serien", 420),
            ("division 1", 360),
            ("division 2", 240),
            ("division 3", 120),
            ("division 4", 60),
        )
    ],
    "attractive": {"weekdays": WEEKDAYS, "since": "17:00", "until": "20:00"},
    "soft": ["preferences", "equality", "durations", "stability"],
}
LERUM = {
    "name": "Lerum",
    "classes": [
        {
            "key": "P1",
            "name": "Förening i specialförbund, 7-20 år, minst sju månader, idrott med säsong inomhus",
            "who": every(
                CHILDREN, fact("federation", "=", True), fact("months", ">=", 7), fact("indoor", "=", True), ASSOCIATION
            ),
        },
        {"key": "P2", "name": "Andra grupper 7-20 år", "who": every(CHILDREN, fact("months", ">=", 7), ASSOCIATION)},
        {"key": "P3", "name": "Grupper 7-20 år under en del av säsongen", "who": every(CHILDREN, ASSOCIATION)},
        {"key": "P4", "name": "Andra föreningar", "who": ASSOCIATION},
        {"key": "P5", "name": "Privatpersoner och andra", "who": every()},
    ],
    "ladder": [{"classes": [f"P{number}"]} for number in range(1, 6)],
}
GOTEBORG = {
    "name": "Göteborg",
    "classes": [
        {"key": "barn", "name": "Barn 7-16 år", "who": every(fact("age_from", ">=", 7), fact("age_to", "<=", 16))},
        {"key": "andra", "name": "Andra", "who": every()},
    ],
    "ladder": [{"classes": ["barn"]}, {"classes": ["andra"]}],
    "windows": [
        {
            "who": every(fact("age_from", ">=", 7), fact("age_to", "<=", 16)),
            "weekdays": WEEKDAYS,
            "since": "17:00",
            "until": "20:00",
            "effect": "kept",
        }
    ],
}
HUDIKSVALL = {
    "name": "Hudiksvall",
    "classes": [
        {"key": "unga", "name": "Barn och unga under 16 år", "who": fact("age_to", "<", 16)},
        {"key": "andra", "name": "Andra", "who": every()},
    ],
    "ladder": [{"classes": ["unga"]}, {"classes": ["andra"]}],
    "windows": [
        {"who": fact("age_to", "<", 16), "weekdays": ALL_WEEK, "since": "00:00", "until": "20:00", "effect": "inside"},
    ],
}
KARLSKRONA = {
    "name": "Karlskrona",
    "classes": [
        {"key": "unga", "name": "Barn och unga", "who": fact("age_to", "<=", 20)},
        {"key": "vuxna", "name": "Vuxna", "who": every()},
    ],
    "ladder": [  # everyone gets some time: everybody's first pass before anybody's second
        {"classes": ["unga"], "first": 1, "last": 1},
        {"classes": ["vuxna"], "first": 1, "last": 1},
        {"classes": ["unga"], "first": 2},
        {"classes": ["vuxna"], "first": 2},
    ],
    "soft": ["local", "preferences", "durations", "stability"],
}
SETS = {each["name"]: each for each in (HUDDINGE, LERUM, GOTEBORG, HUDIKSVALL, KARLSKRONA)}


def principles_of(name):
    return principles_from_json(SETS[name])
