"""Between two tests nobody asks the live server: not who has asked already, not who is in its queue, not who comes late."""

import http.client
import threading
from time import monotonic

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.testcases import QuietWSGIRequestHandler

from tests.live import PATIENCE, RestingServer, StillBusy


class Held:
    """A site whose only page is answered when it is let go. asked, answered: what a test may wait for."""

    def __init__(self):
        self.asked, self.let_go, self.answered = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        self.asked.set()
        assert self.let_go.wait(PATIENCE)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        self.answered.set()
        return [b"ok"]


@pytest.fixture
def site():
    return Held()


@pytest.fixture
def idle_server(site):
    """It has a queue, and nobody who takes from it."""
    with RestingServer(("localhost", 0), QuietWSGIRequestHandler) as server:
        server.set_app(site)
        yield server


@pytest.fixture
def server(idle_server, site):
    thread = threading.Thread(target=idle_server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield idle_server
    site.let_go.set()
    idle_server.shutdown()
    thread.join()


def ask(server):
    client = http.client.HTTPConnection(*server.server_address, timeout=PATIENCE)
    client.request("GET", "/")
    return client


def test_server_rests_only_when_what_was_asked_is_answered(server, site):
    ask(server).close()  # the browser is gone; its question is not
    assert site.asked.wait(PATIENCE)
    with pytest.raises(StillBusy, match=r"(?s)still answers it.*let_go"):
        server.rest(patience=0.01)
    site.let_go.set()
    server.rest()
    assert site.answered.is_set()
    assert server.connections == 0


def test_server_does_not_rest_while_somebody_waits_in_its_queue(idle_server):
    ask(idle_server).close()
    with pytest.raises(StillBusy, match="has not taken a new connection"):
        idle_server.rest(patience=0.01)


def test_connection_that_is_kept_open_ends_when_the_server_rests(server, site):
    site.let_go.set()
    client = ask(server)
    assert client.getresponse().read() == b"ok"
    assert server.connections == 1
    server.rest()
    assert client.sock.recv(1) == b""
    client.close()


def test_server_at_rest_answers_nobody_until_it_opens(server, site):
    server.rest()
    late = ask(server)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        late.getresponse()
    late.close()
    assert not site.asked.is_set()
    server.open()
    site.let_go.set()
    client = ask(server)
    assert client.getresponse().read() == b"ok"
    client.close()


# -- the same with a real browser: it asks, leaves, and what it asked goes on only when it has left


@pytest.fixture
def transactional_db(transactional_db, live_server):
    """Looks, just before the database is emptied, whether anybody asks the server."""
    yield
    assert live_server.thread.httpd.connections == 0


@pytest.fixture(autouse=True)
def held_sessions(request):
    """For tests with a browser: held_sessions() holds every page that reads a session until the browser has left."""
    if "live_server" not in request.fixturenames:
        yield None
        return
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        yield lambda: other.execute("lock table django_session in access exclusive mode")
        other.rollback()


@pytest.mark.browser
def test_database_is_emptied_when_the_browsers_last_question_is_answered(live_server, page, transactional_db, held_sessions):
    page.goto(live_server.url)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": "a" * 32, "url": live_server.url}])
    held_sessions()
    with page.expect_request("**/konto/"):
        page.evaluate("fetch('/konto/', {keepalive: true}).catch(() => 0); 0")
    with connection.cursor() as cursor:  # the question has reached the database, and waits there
        waits = "select 1 from pg_locks where not granted and relation = 'django_session'::regclass"
        until = monotonic() + PATIENCE
        while not cursor.execute(waits).fetchone():
            assert monotonic() < until, "the browser's question never came"
