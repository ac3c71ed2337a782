"""The style guide refuses what it says it refuses."""

import pytest

from tests.strict import faults

GOOD = (
    '<!doctype html><html lang="sv"><head><title>Ansök</title></head><body><main><h1>Ansök</h1>{}'
    '<svg role="img"><title>Diagram</title><path d="M0 0"/></svg></main></body></html>'
)


def _found(body: str) -> str:
    return "; ".join(faults(GOOD.format(body)))


def test_a_good_page_passes():
    assert (
        _found(
            '<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="x"><label for="a">A</label>'
            '<input id="a" name="a" aria-describedby="h"><p id="h">Hint</p><button>Spara</button></form>'
        )
        == ""
    )


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p><ul><li>x</li></ul></p>", "not valid HTML"),
        ("<div><span></div></span>", "not valid HTML"),
        ("<h1>Andra</h1>", "one h1"),
        ("<main>x</main>", "one main"),
        ('<p style="color: red">x</p>', "inline code"),
        ("<script>alert(1)</script>", "inline <script>"),
        ("<style>p {}</style>", "inline <style>"),
        ('<button onclick="x()">x</button>', "inline code"),
        ('<a href="javascript:x()">x</a>', "inline code"),
        ('<p id="a">x</p><p id="a">y</p>', "2 times"),
        ('<input name="amount">', "no label"),
        ('<label for="amount"> </label><input id="amount" name="amount">', "no label"),
        ('<p aria-describedby="nowhere">x</p>', "points at nothing"),
        ('<a href="#nowhere">x</a>', "leads nowhere"),
        ('<img src="x.png">', "no alt"),
        ("<button></button>", "without words"),
        ('<form method="post"><button>Spara</button></form>', "csrf_token"),
    ],
)
def test_a_fault_is_told(body, fault):
    assert fault in _found(body)


def test_a_page_without_language_or_title_is_told():
    found = "; ".join(faults("<!doctype html><html><head><title></title></head><body><main><h1>x</h1></main></body></html>"))
    assert "language" in found
    assert "one title" in found


def test_a_fragment_needs_no_title_but_no_inline_code_either():
    assert list(faults("<p>Sparat</p>", fragment=True)) == []
    assert list(faults('<p onclick="x()">Sparat</p>', fragment=True)) != []
