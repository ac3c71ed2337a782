"""What the tests of pages share: addresses, and the text of a page as people read it."""

import html
import re

from django.urls import reverse


def page(name, *args, **query):
    """page("day_list", "hallen", day="2026-05-18") -> the address."""
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"facilities:{name}", args=args) + (f"?{asked}" if asked else "")


def text_of(response):
    """The words of a page, without tags, one space between them."""
    inside = response.content.decode().split("<main", 1)[-1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inside)).replace("\u00a0", " ").split())
