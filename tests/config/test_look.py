"""The look in a real browser: axe and both widths, light and dark, by keyboard and without script."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.config.demo_urls")]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "front"),
        ("/stil/", "style-guide"),
        ("/stil/?fel", "style-guide-faults"),
        ("/konto/login/", "login"),
        ("/konto/signup/", "signup"),
        ("/tillganglighet/", "accessibility"),
        ("/finns-inte/", "not-here"),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_pass_axe_on_a_phone_and_a_desk(live_server, page, screens, path, name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + path)
    screens(page, f"{name}-{scheme}")


def test_the_keyboard_begins_with_a_way_past_the_head(live_server, page):
    page.goto(live_server.url + "/stil/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "ds-skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_error_summary_has_the_focus_and_leads_to_the_field(live_server, page):
    page.goto(live_server.url + "/stil/?fel")
    assert "ds-error-summary" in page.evaluate("document.activeElement.className")
    page.get_by_role("link", name="Sökt belopp: Fyll i det här.").click()
    assert page.evaluate("document.activeElement.id") == "id_amount"


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(live_server, page, axe):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server.url)
    menu = page.get_by_role("button", name="Meny")
    link = page.get_by_role("navigation", name="Huvudmeny").get_by_role("link", name="Start")
    assert not link.is_visible()
    menu.press("Enter")
    assert link.is_visible()
    axe(page)
    page.keyboard.press("Escape")
    assert not link.is_visible()


def test_everything_one_can_press_is_large_enough(live_server, page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server.url + "/stil/")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a.ds-button, summary, select, input:not([type=hidden])')]
        .filter(element => element.checkVisibility() && !element.closest('.ds-field:has([type=radio], [type=checkbox])'))
        .filter(element => element.getBoundingClientRect().height < 44).map(element => element.outerHTML.slice(0, 100))"""
    )
    assert small == []


def test_a_form_is_sent_once_however_often_one_clicks(live_server, page):
    page.goto(live_server.url + "/stil/")
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.evaluate(
        "() => { const form = document.querySelector('main form[method=post]');"
        " const button = form.querySelector('button[type=submit]'); button.click(); button.click(); button.click(); }"
    )
    page.wait_for_load_state()
    page.get_by_role("heading", name="saker behöver rättas").wait_for()
    assert len(sent) == 1
