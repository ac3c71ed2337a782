"""A letter's HTML as text that reads well in an e-mail: headings, lists, tables and addresses of links kept."""

import re
import textwrap
from urllib.parse import urljoin

from lxml import html
from lxml.html import HtmlElement

_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "address",
    "blockquote",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
}
_SILENT = {"head", "style", "script", "title", "template", "svg", "img"}
_WIDTH = 76  # characters, as mail programs like it


def to_text(document: str, base_url: str = "") -> str:
    """The readable text of an HTML document. base_url: what relative links are written from."""
    body = html.document_fromstring(document).find("body")
    blocks = [block for block in _blocks(body, base_url) if block.strip()]
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(blocks)).strip() + "\n"


def _blocks(element: HtmlElement, base_url: str) -> list[str]:
    """The blocks of one element, in reading order; loose text between blocks is a block of its own."""
    blocks: list[str] = []
    loose = element.text or ""
    for child in element:
        if _is_block(child):
            blocks += [_filled(loose), *_block(child, base_url)]
            loose = child.tail or ""
        else:
            loose += _inline(child, base_url) + (child.tail or "")
    return [*blocks, _filled(loose)]


def _is_block(element: HtmlElement) -> bool:
    return element.tag in _BLOCKS or element.tag in {"ul", "ol", "dl", "table", "hr"}


def _block(element: HtmlElement, base_url: str) -> list[str]:
    if element.tag in {"ul", "ol"}:
        marks = (f"{number}. " if element.tag == "ol" else "- " for number in range(1, 1_000))
        return ["\n".join(_hanging(mark, item, base_url) for mark, item in zip(marks, element.iterchildren("li"), strict=False))]
    if element.tag == "dl":
        return ["\n".join(_pairs(element, base_url))]
    if element.tag == "table":
        return [_table(element, base_url)]
    if element.tag == "hr":
        return ["-" * 20]
    blocks = [block for block in _blocks(element, base_url) if block.strip()]
    if element.tag in {"h1", "h2"} and blocks:
        line = blocks[-1].splitlines()[-1]
        blocks[-1] += "\n" + ("=" if element.tag == "h1" else "-") * len(line)
    return blocks


def _hanging(mark: str, item: HtmlElement, base_url: str) -> str:
    inner = "\n".join(block for block in _blocks(item, base_url) if block.strip())
    return mark + textwrap.indent(inner, " " * len(mark))[len(mark) :]


def _pairs(element: HtmlElement, base_url: str) -> list[str]:
    lines: list[str] = []
    for part in element.iter("dt", "dd"):
        words = _squeezed(_inline(part, base_url))
        if part.tag == "dt":
            lines.append(f"{words}:")
        elif lines:
            lines[-1] += f" {words}"
    return lines


def _table(table: HtmlElement, base_url: str) -> str:
    """One line per row, cells apart by ' | '; the caption first."""
    lines = [_squeezed(_inline(caption, base_url)) + ":" for caption in table.iter("caption")]
    for row in table.iter("tr"):
        cells = [_squeezed(_inline(cell, base_url)) for cell in row.iter("th", "td")]
        lines.append(" | ".join(cells))
    return "\n".join(lines)


def _inline(element: HtmlElement, base_url: str) -> str:
    if element.tag == "br":
        return "\0"
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return ""
    words = (element.text or "") + "".join(_inline(child, base_url) + (child.tail or "") for child in element)
    address = urljoin(base_url, element.get("href", "")) if element.tag == "a" else ""
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if not address or address.startswith("tel:") or _squeezed(words) in {address, bare}:
        return words
    return f"{words} ({bare})"


def _squeezed(words: str) -> str:
    """Runs of white space as one space; no-break spaces stay."""
    return re.sub(r"[ \t\r\n\f]+", " ", words.replace("\0", " ")).strip(" ")


def _filled(words: str) -> str:
    lines = [_squeezed(line) for line in words.split("\0")]
    return "\n".join(
        textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False) if line else "" for line in lines
    ).strip("\n")
