"""The style guide as a test client: every page it fetches must be valid, labelled and free of inline code."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.test import Client
from html5lib.html5parser import ParseError

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"  # the one that can find a user again
_UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
_REFERENCES = (
    "for",
    "aria-labelledby",
    "aria-describedby",
    "aria-errormessage",
    "aria-controls",
    "form",
    "list",
    "popovertarget",
)
_NOT_OURS = re.compile(r"^/admin/")


class StrictClient(Client):
    """Django's test client that refuses a page with a fault in it. pages_checked: how many it has read."""

    pages_checked = 0

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        content_type = response.headers.get("Content-Type", "")
        if content_type.startswith("text/html") and not response.streaming and not _NOT_OURS.match(request.get("PATH_INFO", "/")):
            fragment = request.get("HTTP_HX_REQUEST") == "true" and not request.get("HTTP_HX_BOOSTED")
            text = response.content.decode()
            if text.strip() and response.status_code not in {301, 302, 303}:
                self.pages_checked += 1
                found = list(faults(text, fragment=fragment and "<html" not in text))
                where = f"{request.get('REQUEST_METHOD')} {request.get('PATH_INFO')} ({response.status_code})"
                assert not found, f"{where} is not good enough:\n  - " + "\n  - ".join(found)
        return response

    def force_login(self, user: Any, backend: str | None = BACKEND) -> None:
        super().force_login(user, backend)


def faults(text: str, *, fragment: bool = False) -> Iterator[str]:
    """What is wrong with a page (or, for htmx, a piece of one), in words."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        root = parser.parseFragment(text) if fragment else parser.parse(text)
    except ParseError as error:
        line = parser.errors[-1][0][0] if parser.errors else 0
        shown = text.splitlines()[max(line - 2, 0) : line + 1]
        yield f"not valid HTML, line {line}: {error}\n      " + "\n      ".join(shown)
        return
    if not fragment:
        yield from _page(root)
    yield from _inline_code(root)
    yield from _names(root, whole=not fragment)
    yield from _forms(root)


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _page(root: Element) -> Iterator[str]:
    if not root.get("lang"):
        yield "the page does not say its language (html lang)"
    for name in ("title", "h1"):
        found = list(root.iter(name))
        if len(found) != 1 or not _text(found[0]):
            yield f"one {name} with text is needed, found {len(found)}: {[_text(element) for element in found]}"
    if len(list(root.iter("main"))) != 1:
        yield "one main is needed"


def _inline_code(root: Element) -> Iterator[str]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "style" or (
            element.tag == "script"
            and not element.get("src")
            and element.get("type") not in {"application/json", "speculationrules"}
        ):
            yield f"inline <{element.tag}>: {_text(element)[:80]}"
        for name, value in element.attrib.items():
            if name == "style" or (name.startswith("on") and len(name) > 3) or value.strip().lower().startswith("javascript:"):
                yield f'inline code in <{element.tag} {name}="{value[:60]}">'


def _names(root: Element, *, whole: bool) -> Iterator[str]:
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    for name, times in ids.items():
        if times > 1:
            yield f'id="{name}" stands {times} times'
    for element in root.iter():
        if element.tag == "img" and element.get("alt") is None:
            yield f'<img src="{element.get("src")}"> has no alt'
        for attribute in _REFERENCES if whole else ():
            for name in element.get(attribute, "").split():
                if name not in ids:
                    yield f'<{element.tag} {attribute}="{name}"> points at nothing'
        href = element.get("href", "")
        if whole and element.tag == "a" and len(href) > 1 and href.startswith("#") and href[1:] not in ids:
            yield f'<a href="{href}"> leads nowhere'


def _forms(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label") if _text(label)}
    wrapped = {field for label in root.iter("label") if _text(label) for field in label.iter()}
    for tag in ("input", "select", "textarea"):
        for field in root.iter(tag):
            named = field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in labelled or field in wrapped
            if field.get("type") not in _UNLABELLED and not named:
                yield f'<{tag} name="{field.get("name")}" type="{field.get("type")}"> has no label'
    for button in root.iter("button"):
        if not (_text(button) or button.get("aria-label") or button.get("aria-labelledby")):
            yield f"a button without words (name={button.get('name')!r})"
    for form in root.iter("form"):
        tokens = [field for field in form.iter("input") if field.get("name") == "csrfmiddlewaretoken"]
        if form.get("method", "get").lower() == "post" and not tokens:
            yield f'the form to "{form.get("action", "")}" has no csrf_token'
