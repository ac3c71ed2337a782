"""A letter shown inside a page of ours."""

from django.utils.safestring import SafeString, mark_safe
from lxml import html

_DEMOTED = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5"}
_DROPPED = {"script", "style", "iframe", "object", "embed", "form", "img", "link", "meta"}
_KEPT_ATTRIBUTES = {"href", "scope", "colspan", "rowspan", "lang", "class"}


def as_part_of_page(document: str) -> SafeString:
    """The letter's text with its headings one level down, without anything a page does not allow (ids, styles, scripts).

    The HTML was written by our own templates, which escape what people typed; what comes out is built anew from its elements.
    """
    body = html.document_fromstring(document)
    text = body.find(".//main")
    if text is None:
        text = body.find("body")
    for element in list(text.iter()):
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            element.drop_tree()
            continue
        element.tag = _DEMOTED.get(element.tag, element.tag)
        for name in set(element.attrib) - _KEPT_ATTRIBUTES:
            del element.attrib[name]
        if not element.get("href", "/").startswith(("/", "http://", "https://", "mailto:", "tel:", "#")):
            del element.attrib["href"]
    return mark_safe("".join(html.tostring(child, encoding="unicode") for child in text))  # noqa: S308 built from parsed elements
