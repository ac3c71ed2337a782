"""Why a class gets no visit, in sentences that a person can check by adding up: from the data of a plan, knowing no rows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateformat import format as format_day
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Reason = Mapping[str, Any]  # one of Solved.reasons; the shape stands in culture.solving
Name = Callable[[str], str]
MOST_PARTS = 8  # of a sum, one by one


@dataclass(frozen=True, slots=True)
class Names:
    """What classes, performances and events are called, by their keys in the problem."""

    klass: Name
    performance: Name
    event: Name


@dataclass(frozen=True, slots=True)
class Why:
    """One reason as it is read. sums: each a line that can be added up. ways: any one of them would do.

    classes, performances: keys, for links. proved False: nobody may say that it is impossible.
    """

    level: str
    heading: str
    sentence: str
    sums: tuple[str, ...]
    ways: tuple[str, ...]
    classes: tuple[str, ...]
    performances: tuple[str, ...]
    unserved: tuple[str, ...]
    pupils: int
    proved: bool = True
    others: tuple[tuple[str, str], ...] = ()  # class -> why it cannot use any other performance


def told(reasons: Iterable[Reason], names: Names) -> list[Why]:
    """Every reason of a plan in sentences, in the order of the plan. Unknown levels are left out rather than guessed at."""
    speakers = {"L0": _no_option, "L1": _shortage, "L2": _packing}
    return [speakers[each["level"]](each, names) for each in reasons if each["level"] in speakers]


def counted(counts: Mapping[str, int]) -> list[str]:
    """'37 are not for its grades', '2 on days on which it cannot go': how many performances are lost to each reason."""
    return [phrase % {"n": number} for code, number in counts.items() if number and (phrase := _lost(code, number))]


def _lost(code: str, n: int) -> str:
    words: dict[str, Callable[[int], str]] = {
        "grade": lambda n: ngettext("%(n)s is not for all its grades", "%(n)s are not for all its grades", n),
        "seen": lambda n: ngettext("%(n)s it has been to already", "%(n)s it has been to already", n),
        "access": lambda n: ngettext(
            "%(n)s lacks the accessibility that the class needs", "%(n)s lack the accessibility that the class needs", n
        ),
        "blocked": lambda n: ngettext("%(n)s is on a day that does not suit", "%(n)s are on days that do not suit", n),
        "refused": lambda n: ngettext(
            "%(n)s the school or the municipality has said no to", "%(n)s the school or the municipality has said no to", n
        ),
        "hall": lambda n: ngettext("%(n)s needs a hall that the school lacks", "%(n)s need a hall that the school lacks", n),
        "elsewhere": lambda n: ngettext("%(n)s is given at another school", "%(n)s are given at other schools", n),
        "small": lambda n: ngettext("%(n)s is too small for the class", "%(n)s are too small for the class", n),
        "full": lambda n: ngettext("%(n)s is full with what is booked", "%(n)s are full with what is booked", n),
        "same_day": lambda n: ngettext(
            "%(n)s is on a day when it goes to something else", "%(n)s are on days when it goes to something else", n
        ),
        "same_event": lambda n: ngettext(
            "%(n)s is of an event that it goes to at another time", "%(n)s are of events that it goes to at another time", n
        ),
        "no_bus": lambda n: ngettext("%(n)s has no bus left that day", "%(n)s have no bus left that day", n),
    }
    return words[code](n) if code in words else _("%(n)s for another reason")


def _no_option(given: Reason, names: Names) -> Why:
    """L0: of all performances, so many are lost to each reason, and too few are left."""
    name, options, counts = names.klass(given["klass"]), int(given["options"]), given["counts"]
    every = sum(counts.values()) + options
    if options:
        sentence = ngettext(
            "One performance is possible, but the class is owed more visits.",
            "%(n)s performances are possible, but the class is owed more visits.",
            options,
        ) % {"n": options}
    else:
        sentence = ngettext("The only performance is not possible.", "None of the %(n)s performances is possible.", every)
        sentence %= {"n": every}
    lost = [number for number in counts.values() if number]
    total = f"{every} − {' − '.join(map(str, lost))} = {options}" if lost else str(every)
    return Why(
        level="L0",
        heading=_("%(class)s has no performance to go to") % {"class": name} if not options else name,
        sentence=sentence + " " + _("Of them: %(counts)s.") % {"counts": "; ".join(counted(counts))},
        sums=(_("Possible: %(sum)s") % {"sum": total},),
        ways=(),
        classes=(given["klass"],),
        performances=(),
        unserved=(given["klass"],),
        pupils=int(given["pupils"]),
    )


def _shortage(given: Reason, names: Names) -> Why:
    """L1: these classes can only use these performances, and those have too little room."""
    classes, shows, seats = given["classes"], given["performances"], given["unit"] == "seats"
    values = {"classes": len(classes), "shows": len(shows), **{key: given[key] for key in ("needed", "room", "short")}}
    if seats:
        sentence = _(
            "%(who)s need %(needed)s seats and can only go to %(where)s, with %(room)s seats. %(short)s seats are missing."
        )
    else:
        sentence = _("%(who)s can only go to %(where)s, with room for %(room)s classes. %(short)s are too many.")
    return Why(
        level="L1",
        heading=_short_heading(given, seats=seats),
        sentence=sentence % {**values, "who": _classes(len(classes)), "where": _shows(len(shows))},
        sums=(
            _("Needed: %(sum)s") % {"sum": _sum([given["needs"][key] for key in classes], given["needed"])},
            _("Room: %(sum)s") % {"sum": _sum([given["rooms"][key] for key in shows], given["room"])},
            _("Missing: %(sum)s") % {"sum": f"{given['needed']} − {given['room']} = {given['short']}"},
        ),
        ways=_ways(given["ways"], names),
        classes=tuple(classes),
        performances=tuple(shows),
        unserved=tuple(given["unserved"]),
        pupils=int(given["pupils"]),
        others=_others(given, names),
    )


def _short_heading(given: Reason, *, seats: bool) -> str:
    short = int(given["short"])
    if seats:
        return ngettext("One seat too few", "%(n)s seats too few", short) % {"n": short}
    return ngettext("Room for one class too few", "Room for %(n)s classes too few", short) % {"n": short}


def _packing(given: Reason, names: Names) -> Why:
    """L2: there are seats enough, but whole classes do not fit; or it is not settled, and then nobody says "impossible"."""
    classes, shows = given["classes"], given["performances"]
    heading, sentence, sums = _packed(given, names)
    return Why(
        level="L2",
        heading=heading,
        sentence=sentence,
        sums=sums,
        ways=_ways(given["ways"], names),
        classes=tuple(classes),
        performances=tuple(shows),
        unserved=tuple(given["unserved"]),
        pupils=int(given["pupils"]),
        proved=bool(given["proved"]),
        others=_others(given, names),
    )


def _packed(given: Reason, names: Names) -> tuple[str, str, tuple[str, ...]]:
    classes, shows, how = len(given["classes"]), len(given["performances"]), given["how"]
    values = {"n": classes, "where": _shows(shows)}
    if how == "catch_up":
        name, short = names.klass(given["classes"][0]), int(given["short"])
        more = ngettext(
            "The class gets its visit this year, but one visit from earlier school years is still owed.",
            "The class gets its visit this year, but %(n)s visits from earlier school years are still owed.",
            short,
        )
        unsettled = "" if given["proved"] else " " + _("It is not proved that there is no room for it.")
        return _("%(class)s still has something to catch up") % {"class": name}, more % {"n": short} + unsettled, ()
    if not given["proved"]:
        sentence = _(
            "There are seats enough at %(where)s, but no way was found to fit in all %(n)s classes. "
            "It is not proved that there is none."
        )
        bound = ngettext(
            "Proved: every plan leaves out at least one pupil.",
            "Proved: every plan leaves out at least %(n)s pupils.",
            int(given["bound"]),
        ) % {"n": given["bound"]}
        return _("Not proved"), sentence % values, (bound if given["bound"] else _("No bound is proved."),)
    if how == "addition":
        most = [given["most"][key] for key in given["performances"]]
        sentence = _("There are seats enough, but classes are not divided. All %(n)s classes do not fit into %(where)s.") % values
        sums = (_("Classes at most: %(sum)s, and there are %(n)s") % {"sum": _sum(most, sum(most)), "n": classes},)
        return _("Whole classes do not fit"), sentence, sums
    sentence = _(
        "There are seats enough, but classes are not divided. However they are placed, not all %(n)s classes fit into %(where)s; "
        "without any one of them the others do."
    )
    return _("Whole classes do not fit"), sentence % values, ()


def _ways(ways: Sequence[Mapping[str, Any]], names: Names) -> tuple[str, ...]:
    return tuple(sentence for way in ways if (sentence := _way(way, names)))


def _way(way: Mapping[str, Any], names: Names) -> str:
    """One way out; each of them alone is enough."""
    if way["kind"] == "seats":
        return ngettext("One more seat", "%(n)s more seats", way["number"]) % {"n": way["number"]}
    if way["kind"] == "groups":
        return ngettext("Room for one more class", "Room for %(n)s more classes", way["number"]) % {"n": way["number"]}
    if way["kind"] == "date":
        return _("One more time of %(event)s (room for %(n)s)") % {"event": names.event(way["event"]), "n": way["number"]}
    if way["kind"] == "unblock":
        values = {"class": names.klass(way["klass"]), "day": _day(way["on"]), "what": names.performance(way["performance"])}
        return _("%(class)s can come on %(day)s after all: %(what)s") % values
    return ""


def _others(given: Reason, names: Names) -> tuple[tuple[str, str], ...]:
    """Why each class can use no other performance."""
    return tuple((names.klass(key), "; ".join(counted(counts))) for key, counts in given.get("counts", {}).items() if counts)


def _classes(n: int) -> str:
    return ngettext("One class", "%(n)s classes", n) % {"n": n}


def _shows(n: int) -> str:
    return ngettext("one performance", "%(n)s performances", n) % {"n": n}


def _sum(parts: Sequence[int], total: int) -> str:
    """'26 + 28 + 30 = 84'; one part alone is itself; of many, equal ones stand together: '12 × 28 + 3 × 30 = 426'."""
    if len(parts) == 1:
        return str(total)
    if len(parts) <= MOST_PARTS:
        return f"{' + '.join(map(str, parts))} = {total}"
    together = [f"{times} × {part}" if times > 1 else str(part) for part, times in sorted(Counter(parts).items())]
    return f"{' + '.join(together)} = {total}"


def _day(text: str) -> str:
    return format_day(date.fromisoformat(text), "j F Y")
