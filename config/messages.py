"""The catalogues of words: found in code and templates, kept in locale/, compiled without the gettext system package.

A catalogue is sorted by msgid, one line to a field, with no line numbers and no dates, so that two people who add words
seldom meet, and so that what a union merge leaves behind (an entry twice, one of them empty) can be read again.
"""

import ast
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from django.utils.translation.template import templatize

SOURCE_LANGUAGE = "en"
LANGUAGES = ("sv", "en", "fi")
PLURAL_FORMS = "nplurals=2; plural=(n != 1);"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_ELSEWHERE = {"node_modules", "var", "tests", "static", "staticfiles", "docs", "locale", "benchmarks", "migrations"}
_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[[01]])?)\s+)?(".*")\s*$')


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What is translated: English text, its plural ("" when there is none) and a context ("" when there is none)."""

    text: str
    context: str = ""
    plural: str = ""


@dataclass(slots=True)
class Entry:
    """One entry of a catalogue while it is read."""

    context: str = ""
    text: str = ""
    plural: str = ""
    words: dict[int, str] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return Key(self.text, self.context, self.plural)


Words = dict[Key, tuple[str, ...]]


def catalogue(folder: Path, language: str) -> Path:
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def sources(folder: Path) -> Iterator[Path]:
    """Every file that may hold words for people: code and templates of the rooms, in a stable order."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _ELSEWHERE and not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if path.suffix == ".py" or (path.suffix in {".html", ".txt", ".svg"} and "templates" in path.parts):
                yield path


def found(folder: Path) -> set[Key]:
    """The msgids in use. A text that stands both alone and with a plural is one entry, with the plural."""
    keys: set[Key] = set()
    for path in sources(folder):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # templatize blanks out markup but keeps its indentation, which Python's tokenizer would refuse.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
        for _line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            singular, plural = message if isinstance(message, tuple) else (message, "")
            if singular:
                keys.add(Key(singular, context or "", plural))
    with_plural = {(key.text, key.context) for key in keys if key.plural}
    return {key for key in keys if key.plural or (key.text, key.context) not in with_plural}


def read(path: Path) -> Words:
    """The filled entries of a catalogue; of an entry that stands twice, the filled one. Unreadable lines are left out."""
    words: Words = {}
    if not path.exists():
        return words
    waiting: list[Entry] = []  # entries whose msgstr has not come yet: more than one after some merges
    at = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        matched = _LINE.match(line)
        if not matched:
            continue
        name, text = matched[1], ast.literal_eval(matched[2])
        begins = name == "msgctxt" or (name == "msgid" and at != "msgctxt")
        if begins:
            if at.startswith("msgstr"):
                _keep(waiting, words)
                waiting = []
            waiting.append(Entry())
        at = name or at
        for entry in waiting if at.startswith("msgstr") else waiting[-1:]:
            _fill(entry, at, text, continues=not name)
    _keep(waiting, words)
    return words


def _fill(entry: Entry, name: str, text: str, *, continues: bool) -> None:
    if name.startswith("msgstr"):
        number = int(name[7]) if name != "msgstr" else 0
        before = entry.words.get(number, "")
        entry.words[number] = before + text if continues else before or text
    elif name == "msgctxt":
        entry.context += text
    elif name == "msgid_plural":
        entry.plural += text
    else:
        entry.text += text


def _keep(entries: list[Entry], words: Words) -> None:
    for entry in entries:
        forms = tuple(entry.words.get(number, "") for number in range(2 if entry.plural else 1))
        if entry.text and any(forms) and not all(words.get(entry.key, ("",))):
            words[entry.key] = forms


def write(path: Path, keys: set[Key], words: Words, language: str) -> bool:
    """Write the catalogue with exactly *keys*; returns whether the file changed."""
    blocks = [f'msgid ""\nmsgstr ""\n{_header(language)}']
    for key in sorted(keys):
        lines = [f"msgctxt {_quoted(key.context)}"] if key.context else []
        lines.append(f"msgid {_quoted(key.text)}")
        forms = words.get(key) or ("",) * (2 if key.plural else 1)
        if key.plural:
            lines.append(f"msgid_plural {_quoted(key.plural)}")
            lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
        else:
            lines.append(f"msgstr {_quoted(forms[0])}")
        blocks.append("\n".join(lines))
    text = "\n\n".join(blocks) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def _header(language: str) -> str:
    lines = [
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {PLURAL_FORMS}",
    ]
    return "\n".join(_quoted(f"{line}\n") for line in lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def update(folder: Path) -> list[Path]:
    """Bring every catalogue in step with the code; returns the files that changed.

    Swedish lists every msgid, filled or not. Finnish keeps what it has. English is the msgids themselves.
    """
    keys = found(folder)
    changed = []
    for language in LANGUAGES:
        path = catalogue(folder, language)
        words = read(path)
        listed = keys if language == "sv" else {key for key in keys if key in words and language != SOURCE_LANGUAGE}
        if write(path, listed, words, language):
            changed.append(path)
    return changed


def missing(folder: Path, language: str = "sv") -> list[Key]:
    """The msgids in use that have no words in *language*, sorted."""
    words = read(catalogue(folder, language))
    return sorted(key for key in found(folder) if not all(words.get(key, ("",))))


def compile_stale(folder: Path) -> list[Path]:
    """Compile the catalogues that are newer than their compiled file: a few stats when there is nothing to do."""
    made = []
    for language in LANGUAGES:
        source = catalogue(folder, language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns):
            continue
        as_read = source.stat()
        catalog = Catalog(locale=language, charset="utf-8", fuzzy=False)
        for key, forms in read(source).items():
            if key.plural:
                catalog.add((key.text, key.plural), forms, context=key.context or None)
            else:
                catalog.add(key.text, forms[0], context=key.context or None)
        partial = target.with_suffix(f".{os.getpid()}.mo-part")
        with partial.open("wb") as file:
            write_mo(file, catalog)
        os.utime(partial, ns=(as_read.st_mtime_ns, as_read.st_mtime_ns))
        partial.replace(target)
        made.append(target)
    return made
