"""The yearly support as Karlskoga has it: what the association has told the register is used, never typed again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from associations import actions as register
from associations import setup
from associations.choices import BoardRole, DocumentKind, Sex
from associations.models import AgeBand, Category
from grants.actions import drafts, submission
from grants.actions.counting import count
from grants.actions.karlskoga import enter_karlskoga
from grants.models import Call, Scheme
from records.models import Letter

pytestmark = pytest.mark.django_db
ENTERED = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
AT = datetime(2026, 10, 4, 17, 0, tzinfo=UTC)  # three days late
ANSWERS = {
    "activity": "Vi spelar teater varje vecka.",
    "reach": "Barn och unga i hela kommunen.",
    "changes": "no",
    "democracy": "Medlemsmöte varje månad.",
    "inclusion": "Prova på utan avgift.",
    "public_health": "Rörelse och gemenskap.",
    "equality": "Jämn könsfördelning i styrelsen.",
    "equity": "32 000 kr",
    "other_support": "no",
    "democratic": "yes",
    "true": "yes",
}


@pytest.fixture
def call(db):
    setup.karlskoga(ENTERED)
    enter_karlskoga(year=2026, by=None, at=ENTERED)
    return Call.objects.get(title="Årligt föreningsbidrag 2027")


@pytest.fixture
def teater(call, alice_alone, officer):
    """Registered, with its board, its members and six of the seven documents in the register."""
    association = register.register_association(
        name="Teaterboden",
        organisation_number="8024001235",
        by=alice_alone,
        at=ENTERED,
        facts={"category": Category.objects.get(key="kultur"), "email": "teater@example.org"},
    )
    association = register.approve(association, by=officer, at=ENTERED)
    seats = [
        register.Seat(name="Alice Andersson", role=BoardRole.CHAIR, since=date(2026, 3, 1), email="alice@example.org"),
        register.Seat(name="Bosse Berg", role=BoardRole.TREASURER, since=date(2026, 3, 1)),
        register.Seat(name="Cilla Ceder", role=BoardRole.SECRETARY, since=date(2026, 3, 1)),
    ]
    seen = register.fingerprint(association.board.all())
    register.set_board(association, seats=seats, seen=seen, by=alice_alone, at=AT)
    young, old = AgeBand.objects.get(key="7-15"), AgeBand.objects.get(key="26-64")
    counts = {(young.pk, Sex.FEMALE, True): 60, (young.pk, Sex.MALE, True): 40, (old.pk, Sex.OTHER, False): 12}
    register.report_members(association, year=2026, counts=counts, active=90, as_of=date(2026, 1, 31), by=alice_alone, at=AT)
    for kind, year in (
        (DocumentKind.ANNUAL_REPORT, 2025),
        (DocumentKind.PROFIT_AND_LOSS, 2025),
        (DocumentKind.BALANCE_SHEET, 2025),
        (DocumentKind.PLAN, 2026),
        (DocumentKind.BUDGET, 2026),
        (DocumentKind.STATUTES, 2019),
    ):
        upload = SimpleUploadedFile(f"{kind}.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
        register.hand_in_document(association, kind=kind, year=year, upload=upload, by=alice_alone, at=AT)
    return association


@pytest.fixture
def alice_alone(person):
    return person("alice@example.org", name="Alice Andersson")


@pytest.fixture
def written(call, teater, alice_alone):
    draft = drafts.start(call, teater, by=alice_alone, at=AT)
    for section in call.version.form:
        draft = drafts.save_section(draft, section["key"], answers=ANSWERS, edition=draft.edition, by=alice_alone, at=AT)
    return draft


def test_the_registers_documents_are_shown_and_used_and_only_the_missing_one_is_asked_for(
    written, alice_alone, sign_in, time_machine
):
    time_machine.move_to(AT)
    client = sign_in(alice_alone)
    text = client.get(reverse("grants:application_attachments", args=[written.pk])).content.decode()
    assert text.count("Från registret") == 6
    text = client.get(reverse("grants:application_submit", args=[written.pk])).content.decode()
    assert "Revisionsberättelse är inte bifogad." in text
    assert "112 totalt: 7–15 år 100, 26–64 år 12; 100 bor i kommunen" in text
    assert "3 dagar för sent: bidraget minskas med 10 % (regel G-07)." in text


def test_facts_standing_and_documents_are_frozen_and_the_amount_is_counted_from_them(written, alice_alone):
    application = submission.submit(written, by=alice_alone, at=AT, without_attachments=True)
    assert application.attachments.count() == 6
    assert application.completed_at is None
    rules = {row["rule"]: row["met"] for row in application.standing}
    assert len(rules) == 19
    assert rules["A-04"] is True
    assert rules["A-16"] is False
    upload = SimpleUploadedFile("revision.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    later = AT.replace(day=5)
    file = drafts.filing.store_file(upload, at=later, by=alice_alone)
    drafts.attach(application, "auditors_report", file=file, by=alice_alone, at=later)
    application.refresh_from_db()
    assert application.completed_at == later
    # 2 000 + 100 members x 60 = 8 000, less 10 %
    assert count(application).amount == Decimal(7200)


def test_the_receipt_says_what_was_handed_in_when_and_how_late(written, alice_alone):
    application = submission.submit(written, by=alice_alone, at=AT, without_attachments=True)
    letter = Letter.objects.get(key=f"grants.receipt.{application.pk}")
    assert set(letter.to) == {"alice@example.org", "teater@example.org"}
    for words in ("4 oktober 2026", "kl.\u00a019.00", "Vi spelar teater varje vecka.", "Revisionsberättelse", "10\u00a0%"):
        assert words in letter.html.replace("10 %", "10\u00a0%"), words


def test_entering_karlskoga_twice_changes_nothing(db, capsys):
    for _twice in range(2):
        call_command("karlskoga", year=2026)
    assert Scheme.objects.count() == 3
    assert Call.objects.count() == 5
