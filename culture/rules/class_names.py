"""Names of classes as people write them: when two mean the same class, and what a class is called a year later."""

import re
import unicodedata

_PREFIX = re.compile(r"^(klass|kl)\.?\s+", re.IGNORECASE)
_DASHES = re.compile(r"\s*[-‐‑‒–—/]\s*")
_NOISE = re.compile(r"[\s.:_]+")
_NUMBER = re.compile(r"\d+")
MOST_LETTERS = 40


def class_key(name: str) -> str:
    """What a class's name is recognised by: "5 a", "5A", "5:a" and "klass 5a" are the same class; "1-3" is not "13".

    Returns capitals without spaces, at most 40 letters. ValueError when nothing is left of it.

    Rule C-82. Source: acceptance Case 44: group name "5 a" and "5A" is recognised as the same class.
    Words: klassnamn, känna igen, samma klass, 5A, key.
    """
    text = _PREFIX.sub("", unicodedata.normalize("NFC", name).strip())
    key = _NOISE.sub("", _DASHES.sub("-", text)).upper()[:MOST_LETTERS]
    if not key:
        raise ValueError(f"Not the name of a class: {name!r}")
    return key


def next_name(name: str) -> str:
    """What a class is called the year after: "5A" -> "6A", "1-3" -> "2-4", "F-1" -> "1-2", "FA" -> "1A"; "Solen" stays.

    Only a proposal: the school owns its list. A leading F becomes 1.

    Rule C-83. Source: house convention: nothing is typed twice.
    Words: nästa läsår, uppflyttning, klassnamn, byta namn, next year.
    """
    if re.match(r"F(?![A-ZÅÄÖa-zåäö]{2})", name):
        return "1" + _NUMBER.sub(lambda found: str(int(found[0]) + 1), name[1:])
    return _NUMBER.sub(lambda found: str(int(found[0]) + 1), name) if _NUMBER.match(name) else name
