"""What every answer carries, and what the log never says."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from config.logging import configured, without_personal_data

HOUSE = Path(__file__).parents[2]


@pytest.mark.parametrize("path", ["/", "/konto/login/", "/finns-inte/", "/halsa/"])
def test_every_answer_forbids_what_we_do_not_use(client, db, path):
    headers = client.get(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_house_that_is_reached_over_https_stays_there(client, db, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client.get("/").status_code == 301
    assert client.get("/halsa/").status_code == 200
    assert "max-age=31536000" in client.get("/", headers={"x-forwarded-proto": "https"})["Strict-Transport-Security"]


def test_settings_are_fit_for_a_real_municipality():
    real = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"},  # the tests' own
        "DATABASE_URL": "postgresql://medspel@localhost/medspel",
        "SITE_URL": "https://medspel.example",
        "ALLOWED_HOSTS": "medspel.example",
        "SECRET_KEY": "x7" * 20 + "åäö-not-a-real-key",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"]
    done = subprocess.run(command, cwd=HOUSE, env=real, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail to anna.berg@example.org failed", "mail to …@… failed"),
        ("19850709-9805 is known, 850709-9805 too", "… is known, … too"),
        ("GET /konto/inbjudan/dGhpcyBpcyBhIHNlY3JldCB0b2tlbg/", "GET /konto/inbjudan/…/"),
        ("DETAIL:  Key (email)=(anna) already exists.", "DETAIL: …"),
        ("case KFN 2026:12, 12000 kr, 2026-11-23", "case KFN 2026:12, 12000 kr, 2026-11-23"),
    ],
)
def test_a_line_in_the_log_names_nobody(said, kept):
    assert without_personal_data(None, "info", {"event": said, "ip": "192.0.2.7"}) == {"event": kept}


def test_each_request_is_one_line_with_an_id_and_no_question(client, db, caplog):
    with caplog.at_level(logging.INFO, logger="django_structlog"):
        client.get(reverse("home"), {"q": "Anna Berg"}, headers={"user-agent": "Annas telefon"})
    lines = [record.msg for record in caplog.records if record.name.startswith("django_structlog")]
    assert len(lines) == 1
    assert lines[0]["code"] == 200
    assert lines[0]["request"] == "GET /"
    assert lines[0]["request_id"]
    assert "Anna" not in repr(lines)


def test_lines_are_json():
    formatter = configured(for_people=False)["formatters"]["line"]
    line = formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]).format(
        logging.LogRecord("grants", logging.WARNING, "", 0, "Ärende %s", ("KFN 2026:1",), None)
    )
    assert json.loads(line)["event"] == "Ärende KFN 2026:1"
