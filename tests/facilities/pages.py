"""What the tests of pages share: addresses by name, and what a person reads on a page."""

import html
import re

from django.urls import reverse
from django.utils.timezone import localtime


def page(name, *args, **query):
    """page("day_list", "hallen", day="2026-05-18") -> the address."""
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"facilities:{name}", args=args) + (f"?{asked}" if asked else "")


def text(response):
    """The page as it is read: spaces are spaces, and nothing is divided."""
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("\u00ad", "").split())


def text_of(response):
    """The words of a page, without tags, one space between them."""
    inside = response.content.decode().split("<main", 1)[-1].split("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inside)).replace("\u00a0", " ").split())


def typed(span):
    """A time as it is typed in a form."""
    starts, ends = localtime(span.starts), localtime(span.ends)
    return {"day": f"{starts:%Y-%m-%d}", "begins": f"{starts:%H.%M}", "ends": f"{ends:%H.%M}"}
