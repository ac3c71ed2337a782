"""What every test may ask for: the strict client, a signed-in client, a browser that checks what it sees."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from typing import Any

import hypothesis
import pytest
import time_machine
from django.db import connection
from django.utils.timezone import get_default_timezone, localdate
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from config import template_database
from tests import browser as browsing
from tests import emptying
from tests.live import RestingServer
from tests.strict import StrictClient

_LONGEST = (
    "tests/test_demo.py",
    "tests/grants/test_three_people.py",
    "tests/commands/",
    "tests/architecture/test_doors.py",
    "tests/culture/test_matrix.py",
)

# The same examples in every run, and no clock: how long one takes says what else the machine does. For new examples:
# pytest --hypothesis-profile=default
hypothesis.settings.register_profile(
    "house", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

emptying.instead_of_flush()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes a minute begins first, so that no worker waits for it at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    """Each worker's database is a copy of one that is migrated already."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database.ensure()


@pytest.fixture(scope="session", autouse=True)
def _ten_in_the_morning() -> Iterator[None]:
    """The clock goes from ten in the morning of today: no test meets midnight, or the hour that summer time takes."""
    with time_machine.travel(datetime.combine(localdate(), time(10), get_default_timezone()).astimezone(UTC), tick=True):
        yield


@pytest.fixture
def client() -> StrictClient:
    """A stranger's browser that refuses a page with faults in it."""
    return StrictClient()


@pytest.fixture
def sign_in() -> Callable[[Any], StrictClient]:
    """sign_in(user) -> a strict client of its own, signed in as *user*, who has shown a second factor."""

    def signed_in(user: Any) -> StrictClient:
        client = StrictClient()
        client.force_login(user)
        session = client.session
        session["second_factor_elsewhere"] = True
        session.save()
        return client

    return signed_in


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The server that the browser asks, one for all tests: between two tests it rests."""
    server = LiveServer("localhost", start=False)
    server.thread.server_class = RestingServer
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _nobody_asks_while_the_database_is_emptied(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set up after the database and before the browser; so the server comes to rest when the browser has left."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    server = request.getfixturevalue("live_server").thread.httpd
    server.open()
    yield
    server.rest()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": browsing.chromium(), "args": browsing.ARGUMENTS}


@pytest.fixture(scope="session", autouse=True)
def _patience_with_a_busy_machine() -> None:
    """What a test expects to see may take as long as what it clicks on: the machine has more to do than this test."""
    expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    return {"viewport": {"width": 1280, "height": 900}, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails the test when the browser's console tells of an error (a refused script, a missing file)."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
    yield page
    assert not complaints, f"the browser complains: {complaints}"


def _is_complaint(message: Any) -> bool:
    """An error of the page. A refusal that the page shows in words (403, 404, 409, 413, 422 …) is no error of it."""
    return message.type == "error" and "the server responded with a status of 4" not in message.text


@pytest.fixture
def axe() -> Callable[[Page], None]:
    return browsing.axe


@pytest.fixture
def screens() -> browsing.Screens:
    """screens(page, name): fits at 320 and 1280 px, no axe violations; with -n0 a picture in test-results/screens/."""
    return browsing.Screens()
