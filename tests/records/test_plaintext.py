"""A letter as text: what a person without the PDF reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.plaintext import to_text
from records.preview import as_part_of_page


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>Beslut</h1><p>Ni får <strong>12\u00a0000 kr</strong>.</p>", "Beslut\n======\n\nNi får 12\u00a0000 kr.\n"),
        ("<h2>Så räknade vi</h2><p>a<br>b</p>", "Så räknade vi\n-------------\n\na\nb\n"),
        ("<ul><li>ett</li><li>två <em>tre</em></li></ul>", "- ett\n- två tre\n"),
        ("<ol><li><p>ett</p></li><li>två</li></ol>", "1. ett\n2. två\n"),
        ("<dl><dt>Belopp</dt><dd>12 kr</dd></dl>", "Belopp: 12 kr\n"),
        (
            "<table><caption>Rader</caption><tr><th>Regel</th><th>Kronor</th></tr><tr><td>G-07</td><td>-10 %</td></tr></table>",
            "Rader:\nRegel | Kronor\nG-07 | -10 %\n",
        ),
        ('<p>Läs <a href="/bidrag/1/">beslutet</a>.</p>', "Läs beslutet (https://x.example/bidrag/1/).\n"),
        ('<p><a href="mailto:a@b.example">a@b.example</a>, <a href="tel:0586">0586</a></p>', "a@b.example, 0586\n"),
        ("<p>A &amp; B &lt;tagg&gt;</p><script>x()</script><style>p{}</style>", "A & B <tagg>\n"),
        ("lös text <p>stycke</p> svans", "lös text\n\nstycke\n\nsvans\n"),
    ],
)
def test_letters_become_readable_text(html, text):
    assert to_text(f"<html><head><title>T</title></head><body>{html}</body></html>", "https://x.example") == text


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_what_people_typed_comes_through_whole(words):
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = to_text(f"<html><body><p>{escaped}</p></body></html>")
    assert "".join(text.split()) == "".join(words.split())


def test_a_letter_inside_a_page_keeps_no_ids_scripts_or_styles():
    shown = as_part_of_page(
        '<html><body><p>utanför</p><main><h1 id="x" style="color:red" onclick="x()">Beslut</h1><h2>Varför</h2>'
        '<script>x()</script><p><a href="javascript:x()">a</a><a href="https://x.example/">b</a><img src="x"></p>'
        "</main></body></html>"
    )
    assert shown == '<h2>Beslut</h2><h3>Varför</h3><p><a>a</a><a href="https://x.example/">b</a></p>'
