"""HTML to an accessible PDF (PDF/UA-1), without network: only our own static files are ever opened."""

from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont


def to_pdf(html: str, *, stylesheets: tuple[str, ...] = ("css/letter.css",)) -> bytes:
    """Render one HTML document; its <html lang> and <title> become the PDF's. stylesheets: static paths, read once per process.

    About 50 ms a page on one core; the worker's concurrency is the pool.
    """
    engine = _engine()
    document = engine.HTML(string=html, base_url=settings.SITE_URL, url_fetcher=open_static)
    styles = [_stylesheet(path) for path in stylesheets]
    return bytes(document.write_pdf(stylesheets=styles, font_config=_fonts(), pdf_variant="pdf/ua-1"))


def open_static(url: str, *_ignored: Any, **_options: Any) -> Any:
    """What WeasyPrint may open: a file under STATIC_URL of this site, read from disk. Everything else is refused."""
    prefix = _static_prefix()
    if not url.startswith(prefix):
        raise ValueError(f"A letter opens nothing but our own static files: {url[:100]}")
    relative = unquote(urlsplit(url[len(prefix) :]).path)
    found = finders.find(relative) or _collected(relative)
    if not found:
        raise ValueError(f"No such static file: {relative}")
    content, weight = Path(str(found)).read_bytes(), parse_qs(urlsplit(url).query).get("wght")
    return _engine().urls.URLFetcherResponse(url, _one_weight(content, float(weight[0])) if weight else content)


def _one_weight(font: bytes, weight: float) -> bytes:
    """A variable font fixed at one weight, once per process: WeasyPrint would do it in every letter, at half the speed."""
    fixed = BytesIO()
    instantiateVariableFont(TTFont(BytesIO(font)), {"wght": weight}, inplace=True, updateFontNames=True).save(fixed)
    return fixed.getvalue()


def _static_prefix() -> str:
    return urljoin(settings.SITE_URL + "/", settings.STATIC_URL)


def _collected(relative: str) -> Path | None:
    """The file as collectstatic named it (with a hash), inside STATIC_ROOT."""
    root = Path(settings.STATIC_ROOT).resolve()
    path = (root / relative).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None


@cache
def _engine() -> Any:
    """WeasyPrint, imported when first used: it costs most of a second, and only the worker needs it."""
    return import_module("weasyprint")


@cache
def _fonts() -> Any:
    """One font configuration per process: making a new one each time costs a quarter more."""
    return import_module("weasyprint.text.fonts").FontConfiguration()


@cache
def _stylesheet(path: str) -> Any:
    return _engine().CSS(url=_static_prefix() + path, font_config=_fonts(), url_fetcher=open_static)
