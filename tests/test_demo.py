"""The demonstration is the end-to-end test: every action of a grant year, called in order, on one municipality."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from lxml import etree
from psycopg import sql
from pypdf import PdfReader

from associations.choices import AssociationStatus
from associations.models import Association
from associations.standing import of_many
from config import template_database
from config.demo.play import accounts_file, play
from grants.actions.ledger import entitled, net_paid, planned
from grants.choices import ApplicationStatus, Outcome, Route
from grants.models import Appeal, Application, Decision, Ending, PaymentLine, PaymentRun, Reclaim, Report, Scenario
from records import actions as records
from records import storage
from records.models import Case, Letter

HOUSE = Path(__file__).parents[1]
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def stage(db, settings):
    settings.DEMO = True
    return play(today=TODAY, seed=20261123, say=lambda line: None)


def test_the_demonstration_is_a_whole_municipality_and_two_grant_years(stage):
    _sixty_associations_with_reasons()
    _every_fate_of_an_application()
    _numbers_without_gaps()
    _decisions_that_can_be_explained()
    _money_that_adds_up()
    _a_pot_that_is_too_small()
    _letters_that_can_be_read()
    _accounts_that_can_be_told(stage)


def _sixty_associations_with_reasons():
    assert Association.objects.filter(status=AssociationStatus.REGISTERED).count() == 60
    standings = of_many(Association.objects.select_related("category"), TODAY)
    named = {standing.association.name: {finding.rule for finding in standing.unmet} for standing in standings.values()}
    assert named["Möckelns IF"] == set()
    assert named["Lilla Cykelköket"] == set(), "eight members, but a dispensation"
    assert "A-07" in named["Matlaget Skranta"]
    assert "A-11" in named["Rollspelarna i Källaren"]
    assert "A-15" in named["Nystartade Padelgänget"]


def _every_fate_of_an_application():
    fates = Counter(Application.objects.values_list("status", flat=True))
    expected = set(ApplicationStatus) - {ApplicationStatus.DISMISSED}
    assert set(fates) >= expected, f"no application is {expected - set(fates)}"
    assert fates[ApplicationStatus.GRANTED] > 60


def _numbers_without_gaps():
    for year in (2025, 2026):
        numbers = sorted(Case.objects.filter(year=year).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


def _decisions_that_can_be_explained():
    granted = Decision.objects.filter(outcome=Outcome.GRANT, published_at__isnull=False)
    assert set(granted.values_list("route", flat=True)) == {Route.DELEGATE, Route.COMMITTEE}
    for decision in granted.select_related("application"):
        assert decision.reasons
        assert all(line["rule"].startswith(("G-", "GS-")) for line in decision.calculation), decision
    late = granted.get(application__association__name="Bregårdens Konståkare", application__call__grant_year=2026)
    assert any(line["rule"] == "G-07" for line in late.calculation), "four days late costs ten percent, and says so"


def _money_that_adds_up():
    schema_root = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}Document"
    for run in PaymentRun.objects.select_related("file"):
        with storage.open_bytes(run.file.path) as content:
            document = etree.fromstring(content.read())
        assert document.tag == schema_root
        assert sum(line.amount for line in run.lines.all()) == run.total
    for application in Application.objects.filter(status=ApplicationStatus.GRANTED):
        decision = application.decisions.in_force().get()
        assert net_paid(application) + planned(application) <= (application.granted or Decimal(0)), application
        assert entitled(decision) <= (decision.amount or Decimal(0))
    assert set(PaymentLine.objects.values_list("status", flat=True)) == {"paid", "rejected", "returned"}
    assert Reclaim.objects.count() == 2, "what was not used, and what a court annulled"
    assert set(Appeal.objects.values_list("outcome", "in_time")) == {("pending", True), ("annulled", True)}
    assert set(Ending.objects.values_list("kind", flat=True)) == {"annulled", "renounced"}
    assert Report.objects.exists()


def _a_pot_that_is_too_small():
    ranked, democracy, pro_rata = Scenario.objects.order_by("made_at")
    assert len(ranked.result["cut"]) == 2, "a tie that people must break"
    assert len(democracy.result["cut"]) != 2, "another weight breaks it"
    assert sum(map(Decimal, pro_rata.result["granted"].values())) == pro_rata.pot


def _letters_that_can_be_read():
    letter = Letter.objects.filter(key__startswith="grants.decision").order_by("pk").first()
    assert letter is not None
    pdf = PdfReader(BytesIO(records.render_pdf(letter)))
    assert pdf.trailer["/Root"]["/Lang"].startswith("sv")
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "överklaga" in text.lower()
    assert letter.case.reference in text


def _accounts_that_can_be_told(stage):
    text = accounts_file(stage)
    assert "ordforande@mockelns-if.example" in text
    assert "handlaggare@karlskoga.example" in text


@pytest.fixture
def play_in_a_process(django_db_setup, django_db_blocker, tmp_path):
    """Play a small demonstration in a process and an empty database of its own; answers with the fingerprint it prints."""
    made = []
    with django_db_blocker.unblock():
        template = template_database.ensure()

    def run(number):
        name = f"demo_of_{os.getpid()}_{number}"
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))
        made.append(name)
        surroundings = {
            **os.environ,
            "DATABASE_URL": template_database.url(name),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MEDSPEL_DEMO": "1",
            "MEDSPEL_FILES": str(tmp_path / name),
            "CELERY_BROKER_URL": "memory://",
            "PYTHONHASHSEED": str(number),
        }
        command = [sys.executable, "manage.py", "demo", "--size=5", "--seed=7", f"--today={TODAY.isoformat()}"]
        done = subprocess.run(command, cwd=HOUSE, env=surroundings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.rsplit(": ", 1)[1].strip()

    yield run
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        for name in made:
            cursor.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def test_the_same_seed_plays_the_same_demonstration(play_in_a_process):
    """Five associations, a year from registration to payment, twice: every row is the same, whatever Python's sets are like."""
    first, second = play_in_a_process(1), play_in_a_process(2)
    assert len(first) == 16
    assert first == second


def test_the_demonstration_refuses_a_database_with_people_in_it(db, settings, django_user_model):
    settings.DEMO = True
    django_user_model.objects.create_user("someone@example.org")

    with pytest.raises(CommandError):
        call_command("demo")


def test_the_demonstration_is_refused_where_it_is_off(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("demo")
