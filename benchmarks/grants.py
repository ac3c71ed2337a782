"""Grants: hand-ins by eight at once, letters to PDF, one calculation, and the officer's list, on three years of applications."""

import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from multiprocessing import get_context

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import add_person, give_role
from accounts.choices import Role
from accounts.models import User
from associations import setup
from associations.choices import AssociationStatus, MandateKind
from associations.models import Association, Category, Mandate
from benchmarks.harness import Bench, Figures
from grants.actions import drafts, submission
from grants.actions.counting import facts_for
from grants.actions.karlskoga import EXAMPLE_PARTS, enter_karlskoga
from grants.choices import ApplicationStatus
from grants.models import Application, Call
from grants.rules.calculation import calculate
from grants.rules.parts_json import parts_from_json
from grants.rules.questions import Kind, form_from_json
from records.actions import render_pdf
from records.models import Case, Letter

YEAR = 2026
AT = datetime(YEAR, 9, 1, 8, 0, tzinfo=UTC)
CLIENTS = 8
_TYPED = {Kind.AMOUNT: "12 000", Kind.YES_NO: "no", Kind.CONFIRM: "yes", Kind.NUMBER: "40"}


def measure(bench: Bench) -> Figures:
    wanted = 120 if bench.small else 2_000
    officer = _officer()
    associations = _associations(wanted)
    bench.say(f"{wanted} associations")
    for year in (YEAR - 2, YEAR - 1):
        _earlier_year(associations, year, officer)
    waiting = _drafts(associations, officer)
    bench.say(f"{2 * wanted} applications of earlier years, {len(waiting)} drafts")
    figures = _hand_in(bench, waiting)
    bench.say("handed in")
    figures |= _letters(bench, 24 if bench.small else 200)
    figures |= _calculation(bench)
    figures |= _list_page(bench, officer)
    return figures


def _officer() -> User:
    officer = add_person("officer@bench.example", name="Officer", at=AT)
    give_role(officer, role=Role.OFFICER, by=None, at=AT - timedelta(days=2000), since=date(2020, 1, 1))
    return User.objects.get(pk=officer.pk)


def _associations(wanted: int) -> list[Association]:
    """Written straight to the tables: how they came into the register is not what is measured here."""
    setup.karlskoga(AT)
    category = Category.objects.get(key="kultur")
    chairs = User.objects.bulk_create(
        [User(email=f"chair{number}@bench.example", name=f"Chair {number}", password="!") for number in range(wanted)]  # noqa: S106
    )
    made = Association.objects.bulk_create(
        [
            Association(
                name=f"Förening {number:04d}",
                organisation_number=f"80{number:08d}",
                category=category,
                status=AssociationStatus.REGISTERED,
                registered_on=date(2020, 1, 1),
            )
            for number in range(wanted)
        ]
    )
    Mandate.objects.bulk_create(
        [
            Mandate(association=association, user=chair, kind=MandateKind.SIGNATORY, since=date(2020, 1, 1))
            for association, chair in zip(made, chairs, strict=True)
        ]
    )
    return made


def _call(year: int, officer: User) -> Call:
    enter_karlskoga(year=year, by=officer, at=datetime(year, 1, 10, 8, 0, tzinfo=UTC))
    return Call.objects.get(version__scheme__key="arligt-foreningsbidrag", closes_on=date(year, 10, 1))


def _earlier_year(associations: list[Association], year: int, officer: User) -> None:
    call, at = _call(year, officer), datetime(year, 9, 1, 8, 0, tzinfo=UTC)
    cases = Case.objects.bulk_create(
        [
            Case(series="BEN", year=year, number=number, title=association.name, opened_at=at)
            for number, association in enumerate(associations, start=1)
        ]
    )
    Application.objects.bulk_create(
        [
            Application(
                call=call,
                association=association,
                case=case,
                status=ApplicationStatus.GRANTED,
                granted=Decimal(20_000),
                created_at=at,
                created_by=officer,
                saved_at=at,
                received_at=at,
                submitted_by=officer,
                completed_at=at,
            )
            for association, case in zip(associations, cases, strict=True)
        ]
    )


def _drafts(associations: list[Association], officer: User) -> list[Application]:
    """One filled-in draft for each association, by the actions that the pages call."""
    call = _call(YEAR, officer)
    form = form_from_json(call.version.form)
    made = []
    for association in associations:
        chair = association.mandates.select_related("user").get().user
        draft = drafts.start(call, association, by=chair, at=AT)
        for section in form:
            answers = {question.key: _TYPED.get(question.kind, "Vi öppnar för fler.") for question in section.questions}
            draft = drafts.save_section(draft, section.key, answers=answers, edition=draft.edition, by=chair, at=AT)
        made.append(draft)
    return made


def _hand_in(bench: Bench, waiting: list[Application]) -> Figures:
    """Each is pressed twice, by different clients: a double click must give one case and one letter."""
    chairs = {mandate.association_id: mandate.user for mandate in Mandate.objects.select_related("user")}

    def press(draft: Application) -> int:
        handed_in = submission.hand_in(draft, by=chairs[draft.association_id], at=AT, without_attachments=True)
        return int(handed_in.case_id or 0)

    began = Letter.objects.count()
    seconds, cases, errors = bench.at_once(CLIENTS, press, [draft for draft in waiting for _click in range(2)])
    received = Application.objects.filter(pk__in=[draft.pk for draft in waiting]).exclude(status=ApplicationStatus.DRAFT)
    numbers = list(Case.objects.filter(application__in=received).values_list("number", flat=True))
    return {
        "submits": len(waiting),
        "submits_per_s": len(waiting) / seconds,
        "submits_lost": len(waiting) - received.count(),
        "submits_duplicate": len(set(cases)) - len(waiting),
        "submit_errors": len(errors),
        "case_number_gaps": max(numbers) - min(numbers) + 1 - len(numbers),
        "receipts_missing": len(waiting) - (Letter.objects.count() - began),
        "submit_floor_ms": bench.median_ms(_one_insert),
    }


def _one_insert() -> None:
    """The floor: one row committed straight to PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_floor (id bigserial PRIMARY KEY, word text)")
        cursor.execute("INSERT INTO bench_floor (word) VALUES ('x')")


def _letters(bench: Bench, wanted: int) -> Figures:
    letters = list(Letter.objects.order_by("pk")[:wanted])
    render_pdf(letters[0])
    began = time.perf_counter()
    for letter in letters:
        render_pdf(letter)
    one = len(letters) / (time.perf_counter() - began)
    bench.say("letters by one process")
    connection.close()
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        list(pool.map(render_pdf, letters[:4]))
        began = time.perf_counter()
        list(pool.map(render_pdf, letters, chunksize=8))
        two = len(letters) / (time.perf_counter() - began)
    return {"letters": len(letters), "letters_per_s": two, "letters_per_s_one_process": one}


def _calculation(bench: Bench) -> Figures:
    application = Application.objects.filter(call__grant_year=YEAR + 1).select_related("call__version").first()
    if application is None:
        raise ValueError("There is no application to calculate.")
    facts, parts = facts_for(application), parts_from_json(list(EXAMPLE_PARTS))
    return {
        "calculation_ms": bench.median_ms(lambda: [calculate(parts, facts) for _run in range(100)]) / 100,
        "calculation_floor_ms": bench.median_ms(lambda: [tuple(parts) for _run in range(100)]) / 100,
    }


def _list_page(bench: Bench, officer: User) -> Figures:
    client = Client()
    client.force_login(officer)
    address, floor = reverse("grants:casework_list"), reverse("health")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    if answer.status_code != 200:
        raise ValueError(f"The list answered {answer.status_code}.")
    return {
        "list_page_ms": bench.median_ms(lambda: client.get(address)),
        "list_page_floor_ms": bench.median_ms(lambda: client.get(floor)),
        "list_page_queries": len(queries),
        "applications": Application.objects.count(),
    }
