"""The front door, the start page, the pages of law and the pages of faults, read by the strict client."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import RequestDataTooBig
from django.template.loader import render_to_string
from django.test import RequestFactory

from accounts.models import User
from config import navigation, views
from records import registry
from records.models import Letter
from records.registry import Card, Task
from tests.strict import faults


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna@bofors.example", name="Anna Berg")


@pytest.fixture
def tasks(monkeypatch):
    """What the rooms ask of a person, emptied first."""
    monkeypatch.setattr(registry, "tasks", [])
    monkeypatch.setattr(registry, "cards", [])
    return registry.tasks


def test_the_front_page_invites_a_stranger(client, db):
    page = client.get("/").content.decode()
    assert "Stöd till er som får saker att hända" in page
    assert "Logga in" in page


def test_the_start_page_shows_the_most_urgent_first(sign_in, anna, tasks):
    tasks.append(
        lambda user, hat, at: [
            Task("Sist", "Utan dag.", "/c/", "Gör"),
            Task("I mitten", "Har en dag.", "/b/", "Gör", date(2026, 12, 4)),
            Task("Först", "Brådskar.", "/a/", "Gör", date(2027, 1, 1), urgent=True),
        ]
    )
    page = sign_in(anna).get("/").content.decode()
    assert page.index("Först") < page.index("I mitten") < page.index("Sist")
    assert "fredag 4\u00a0december" in page


def test_tasks_of_different_kinds_stand_under_their_headings(sign_in, anna, tasks):
    tasks.append(lambda user, hat, at: [Task("Bedöm", "x", "/a/", "Bedöm", group="Ansökningar")])
    tasks.append(lambda user, hat, at: [Task("Betala", "x", "/b/", "Betala", group="Utbetalningar")])
    page = sign_in(anna).get("/").content.decode()
    assert page.index("Ansökningar") < page.index("Bedöm") < page.index("Utbetalningar") < page.index("Betala")


def test_what_stands_is_shown_under_the_tasks(sign_in, anna, tasks):
    registry.cards.append(lambda user, hat, at: [Card("Krav för bidrag", ("11 av 12 uppfyllda.",), "/krav/", "Se alla krav")])
    page = sign_in(anna).get("/").content.decode()
    assert "11 av 12 uppfyllda." in page
    assert "Se alla krav" in page


def test_one_who_speaks_for_nobody_is_told_how_to_begin(sign_in, anna, tasks):
    assert "Finns er förening inte här än?" in sign_in(anna).get("/").content.decode()


@pytest.mark.parametrize(
    "path", ["/tillganglighet/", "/personuppgifter/", "/konto/login/", "/konto/signup/", "/konto/password/reset/"]
)
@pytest.mark.parametrize("language", ["sv", "en", "fi"])
def test_open_pages_are_valid_in_every_language(client, db, path, language):
    client.cookies["django_language"] = language
    assert client.get(path).status_code == 200


def test_the_language_is_changed_and_the_address_kept(client, db):
    answer = client.post("/sprak/", {"language": "en", "next": "/tillganglighet/?a=1"})
    assert answer.url == "/tillganglighet/?a=1"
    assert "<h1" in (page := client.get("/tillganglighet/").content.decode())
    assert "How accessible it is" in page


ONCE = "6f2f3c8e-8d3c-4b8e-9c57-2f1b5f0e7a11"


def test_feedback_on_accessibility_is_anonymous_and_sent_once(client, db):
    for _time in range(2):
        assert client.post("/tillganglighet/", {"what": "Knappen syns inte.", "email": "", "once": ONCE}).status_code == 302
    letter = Letter.objects.get()
    assert "Knappen syns inte." in letter.html
    assert "Avsändaren är anonym." in letter.html


def test_empty_feedback_is_answered_beside_the_field(client, db):
    answer = client.post("/tillganglighet/", {"what": " ", "email": "fel", "once": ONCE})
    assert answer.status_code == 422
    assert 'value="fel"' in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_page_that_is_not_here_says_so(client, db):
    answer = client.get("/finns-inte/")
    assert answer.status_code == 404
    assert "Sidan finns inte här" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "413.html", "500.html"])
def test_the_pages_of_faults_need_no_session_and_no_user(name):
    assert list(faults(render_to_string(name))) == []


def test_too_much_at_once_has_its_own_page_and_status(rf):
    answer = views.bad_request(rf.post("/"), RequestDataTooBig("2 GB"))
    assert answer.status_code == 413
    assert "Filen är för stor" in answer.content.decode()


def test_navigation_leaves_out_pages_that_do_not_exist_yet(monkeypatch, anna):
    monkeypatch.setattr(
        navigation,
        "ENTRIES",
        [navigation.Entry("A", "home", navigation.everyone), navigation.Entry("B", "no:such", navigation.everyone)],
    )
    request = RequestFactory().get("/")
    request.user = anna
    assert navigation.links(request) == [{"label": "A", "url": "/", "current": True}]


def test_the_deepest_link_that_holds_the_page_is_current(monkeypatch, anna):
    entries = [navigation.Entry(name, name, navigation.everyone) for name in ("home", "accessibility")]
    monkeypatch.setattr(navigation, "ENTRIES", entries)
    request = RequestFactory().get("/tillganglighet/nagot/")
    request.user = anna
    assert [link["current"] for link in navigation.links(request)] == [False, True]


def test_nothing_inline_may_run_on_any_page(client, db):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


TEMPLATES = Path(__file__).parents[2] / "templates"
LETTERS = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.glob("*/email/*.txt"))


@pytest.mark.parametrize("name", LETTERS)
def test_letters_about_the_account_say_something_in_swedish(name, settings):
    known = {"email": "anna@bofors.example", "code": "1234-5678", "ip": "192.0.2.1", "municipality": settings.MUNICIPALITY}
    text = render_to_string(name, known).strip()
    assert text
    if name.endswith("_subject.txt"):
        assert "\n" not in text
    elif "/base_" not in name:
        assert text.startswith("Hej!")
        assert text.endswith("Medspel, Karlskoga kommun")


def test_a_long_list_of_tasks_is_folded_after_the_five_most_urgent(sign_in, anna, tasks):
    tasks.append(
        lambda user, hat, at: [Task(f"Sak {n}", "x", "/", "Gör", date(2026, 12, n), group="Beslut") for n in range(1, 9)]
    )
    page = sign_in(anna).get("/").content.decode()
    assert "3 till" in page
    assert page.index("Sak 5") < page.index("3 till") < page.index("Sak 6")
