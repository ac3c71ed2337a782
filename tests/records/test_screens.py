"""Every page of the room, seen by a browser on a phone and on a desk."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from records import actions, filing, registry
from records.models import Letter
from records.registry import CaseLink
from tests.records.test_files import PDF_BYTES

pytestmark = pytest.mark.browser


@pytest.fixture
def sign_in_page(page, live_server, client):
    def signed_in(user):
        client.force_login(user)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        return page

    return signed_in


@pytest.mark.django_db(transaction=True)
def test_every_page_of_the_register_fits_and_is_accessible(
    sign_in_page, live_server, screens, officer, secretary, post, at, mail_server, monkeypatch
):
    monkeypatch.setattr(registry, "case_links", [lambda case, user: [CaseLink("Ansökan om årsbidrag 2027", "/", "Beviljad")]])
    case = filing.open_case(title="Årsbidrag 2027", sender="Karlskoga Dansförening", at=at, by=officer)
    filing.open_case(title="Extra stöd: dans för alla", sender="Riksorganisationen för folkmusik och dans i Karlskoga", at=at)
    letter = post("grants.receipt.1", case=case)
    actions.deliver(letter.pk, at=at)
    mail_server.refused = {"kassor@"}
    failed = post("grants.decision.1", case=case, to=["kassor@en-mycket-lang-adress-till-en-forening.example.org"])
    actions.deliver(failed.pk, at=at)
    post("grants.decision.2", case=case, staged=True)
    filing.store_file(SimpleUploadedFile("Verksamhetsberättelse 2026.pdf", PDF_BYTES), at=at, case=case)
    filing.mark_secret(case, ground="OSL 21:7", at=at, by=officer)
    notice = filing.post_notice(
        kind="minutes",
        title="Protokoll från nämndens sammanträde",
        committee="Kultur- och föreningsnämnden",
        meeting_on=date(2026, 10, 27),
        minutes_adjusted_on=date(2026, 11, 2),
        minutes_kept_at="Kultur- och föreningsförvaltningen",
        contact="forening@karlskoga.example",
        case=case,
        at=at,
    )
    filing.post_notice(
        kind="meeting", title="Nämnden sammanträder", body="Kl. 13.\n\nVälkommen!", at=at, take_down_on=date(2027, 1, 1)
    )

    def look(name, address, title):
        page.goto(live_server.url + address)
        assert title in page.title()
        screens(page, f"records-{name}")

    page = sign_in_page(officer)
    look("register", reverse("records:case_list"), "Ärenden")
    look("register-empty", reverse("records:case_list") + "?q=ingenting", "Ärenden")
    look("case", case.get_absolute_url(), "KFN 2026-00001")
    look("case-close", reverse("records:case_close", args=[case.slug]), "Avsluta")
    look("case-secrecy", reverse("records:case_secrecy", args=[case.slug]), "sekretess")
    look("outbox", reverse("records:outbox"), "Utkorg")
    look("letter", letter.get_absolute_url(), "Kvittens")
    look("letter-failed", failed.get_absolute_url(), "Kvittens")
    page = sign_in_page(secretary)
    look("notice-board", reverse("records:notice_board"), "Anslagstavla")
    look("notice", notice.get_absolute_url(), "Protokoll")
    look("notice-new", reverse("records:notice_new"), "anslag")
    look("notice-take-down", reverse("records:notice_take_down", args=[notice.pk]), "anslag")
    filing.take_down(notice, at=at + timedelta(days=30))
    page.context.clear_cookies()
    look("notice-gone", notice.get_absolute_url(), "nedtaget")
    assert Letter.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_sends_too_much_reads_why_it_may_not(page, live_server, screens, tmp_path):
    """More than is thrown away, so that the answer comes while the browser is still sending."""
    huge = tmp_path / "film.pdf"
    with huge.open("wb") as file:
        file.truncate(150 * 1024 * 1024)
    page.goto(live_server.url + reverse("records:notice_board"))
    page.evaluate(
        """() => {
            const form = document.createElement("form");
            Object.assign(form, {id: "huge", method: "post", enctype: "multipart/form-data"});
            form.append(Object.assign(document.createElement("input"), {type: "file", name: "file", id: "file"}));
            document.querySelector("main").append(form);
        }"""
    )
    page.set_input_files("#file", huge)
    with page.expect_navigation():
        page.evaluate("document.querySelector('#huge').submit()")
    assert page.locator("h1").inner_text() == "Filen är för stor"
    screens(page, "records-too-large")
