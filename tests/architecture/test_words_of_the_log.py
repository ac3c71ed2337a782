"""Every verb that is noted in the log has words: the case page never shows a code."""

import ast
from pathlib import Path

from records import registry

ROOMS = ("accounts", "associations", "culture", "facilities", "grants", "records")


def noted_verbs():
    """verb -> where it is noted, for every call note(…, "<app>.<verb>", …) in the rooms."""
    found = {}
    for room in ROOMS:
        for path in sorted(Path(room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "note":
                    for word in node.args[1:2]:
                        if isinstance(word, ast.Constant) and isinstance(word.value, str):
                            found[word.value] = f"{path}:{node.lineno}"
    return found


def test_every_verb_that_is_noted_has_words_on_the_case_page():
    without = {verb: where for verb, where in noted_verbs().items() if "." in verb and verb not in registry.verb_words}
    assert without == {}


def test_words_name_only_verbs_of_a_room_that_exists():
    assert {verb.partition(".")[0] for verb in registry.verb_words} <= set(ROOMS)
