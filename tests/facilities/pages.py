"""What the tests of pages share: addresses by name, and what a person reads on a page."""

from django.urls import reverse
from django.utils.timezone import localtime


def page(name, *args):
    return reverse(f"facilities:{name}", args=args)


def text(response):
    """The page as it is read: spaces are spaces, and nothing is divided."""
    return " ".join(response.content.decode().replace("\u00a0", " ").replace("\u00ad", "").split())


def typed(span):
    """A time as it is typed in a form."""
    starts, ends = localtime(span.starts), localtime(span.ends)
    return {"day": f"{starts:%Y-%m-%d}", "begins": f"{starts:%H.%M}", "ends": f"{ends:%H.%M}"}
