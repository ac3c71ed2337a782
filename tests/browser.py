"""A real browser: the system's Chromium, axe for accessibility, and the two widths that every page must fit."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (320, 1280)
ARGUMENTS = ["--no-sandbox", "--num-raster-threads=1", "--renderer-process-limit=1"]  # a fifth less work for the processor
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_AXE = Axe().axe_script
_RUN = """axe.run({
    resultTypes: ['violations'],
    preload: false,  // only experimental rules look at style sheets of other hosts; we have neither
}).then(results => results.violations)"""
# A picture is a third of the work of looking at a page. On several workers the tests judge, and nobody looks at pictures.
_TAKES_PICTURES = "PYTEST_XDIST_WORKER" not in os.environ or os.environ.get("MEDSPEL_PICTURES") == "1"
_PICTURES = Path(__file__).parent.parent / "test-results" / "screens"


def chromium() -> str:
    """The path of the browser. Raises with what to type when there is none."""
    named = os.environ.get("MEDSPEL_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    if not found:
        raise RuntimeError("The browser tests need Chromium: apt-get install chromium, or set MEDSPEL_CHROMIUM to its path.")
    return found


def axe(page: Page) -> None:
    """Refuse a page on which axe finds anything: says which rule, which element, and what to do."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found = page.evaluate(_RUN)
    lines = [
        f"  - {violation['id']} ({violation['impact']}): {violation['help']}\n"
        + "\n".join(f"      {node['html'][:160]}\n        {node['failureSummary']}" for node in violation["nodes"][:3])
        for violation in found
    ]
    assert not found, f"axe finds {len(found)} faults on {page.url}:\n" + "\n".join(lines)


@dataclass
class Screens:
    """Looks at a page as on a phone (320 px) and on a desk (1280 px): fits, passes axe; with -n0 it is kept as a picture."""

    seen: list[str] = field(default_factory=list)

    def __call__(self, page: Page, name: str) -> None:
        before = page.viewport_size
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 640 if width < 600 else 900})
            if _TAKES_PICTURES:
                _PICTURES.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=_PICTURES / f"{name}-{width}.png", full_page=True)
            _fits(page, width)
            axe(page)
        if before:
            page.set_viewport_size(before)
        self.seen.append(name)


_WIDER = """() => [...document.querySelectorAll('body *')].filter(element => {
    const box = element.getBoundingClientRect();
    for (let frame = element.parentElement; frame; frame = frame.parentElement)
        if (frame !== document.documentElement && frame !== document.body
            && getComputedStyle(frame).overflowX !== 'visible') return false;
    return box.right > document.documentElement.clientWidth + 1;
}).slice(0, 5).map(element => element.outerHTML.slice(0, 120))"""


# Fonts and style sheets have come, and the page has been laid out at its new width.
_LAID_OUT = """() => Promise.all([document.fonts.ready, document.readyState === 'complete'
    || new Promise(done => window.addEventListener('load', done, { once: true }))])
    .then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
    .then(() => document.fonts.ready).then(() => 0)"""


def _fits(page: Page, width: int) -> None:
    page.evaluate(_LAID_OUT)
    inner, outer = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if inner > outer:
        wide = "\n      ".join(page.evaluate(_WIDER))
        raise AssertionError(f"{page.url} scrolls sideways at {width} px ({inner} px wide):\n      {wide}")
