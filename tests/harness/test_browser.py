"""The browser opens our pages, and its checks refuse what they say they refuse."""

import pytest

pytestmark = pytest.mark.browser

PAGE = '<!doctype html><html lang="sv"><head><title>x</title></head><body><main><h1>x</h1>{}</main></body></html>'


def test_start_page_fits_a_phone_and_a_desk(live_server, page, screens):
    page.goto(live_server.url)
    screens(page, "start-stranger")


def test_a_page_that_scrolls_sideways_is_told(page, screens):
    page.set_content(PAGE.format('<div style="width: 900px; height: 1em"></div>'))
    with pytest.raises(AssertionError, match="scrolls sideways at 320"):
        screens(page, "harness-wide")


def test_what_axe_finds_is_told(page, axe):
    page.set_content(PAGE.format('<img src="data:,">'))
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)
