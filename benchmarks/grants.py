"""Grants: hand-ins by eight at once, letters to PDF, one calculation, and the pages of those who read many applications."""

import os
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import add_person, give_role
from accounts.choices import Role
from accounts.models import User
from benchmarks.data.associations import Register, fill_register
from benchmarks.harness import Bench, Figures
from grants.actions import submission
from grants.actions.counting import count, facts_for
from grants.actions.karlskoga import enter_karlskoga
from grants.choices import ApplicationStatus, Outcome, Route
from grants.models import Application, Call, Decision
from grants.rules.calculation import Facts, calculate
from grants.rules.parts_json import parts_from_json
from grants.rules.questions import Answer, Form, Kind, form_from_json
from records.choices import LetterStatus, SentBy
from records.models import Case, Letter
from records.pdf import to_pdf

YEAR = 2026
AT = datetime(YEAR, 9, 1, 8, 0, tzinfo=UTC)
CLIENTS = 8
_SENTENCE = "Medlemmarna är med och planerar verksamheten, och alla som vill får prova på gratis tre gånger. "
_TYPED: dict[Kind, Answer] = {
    Kind.AMOUNT: "12 000",
    Kind.YES_NO: "no",
    Kind.CONFIRM: "yes",
    Kind.NUMBER: "40",
    Kind.LONG_TEXT: _SENTENCE * 6,
}


def measure(bench: Bench) -> Figures:
    wanted = 80 if bench.small else 2_000
    officer = _officer()
    register = fill_register(wanted, day=AT.date(), officer=officer, random=bench.random)
    bench.say(f"{wanted} associations")
    for year in (YEAR - 2, YEAR - 1):
        _earlier_year(register, year, officer)
    waiting = _drafts(register, officer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    bench.say(f"{2 * wanted} granted applications of two years, {len(waiting)} drafts of the third")
    figures = {"associations": wanted, **_hand_in(bench, waiting)}
    bench.say("handed in")
    figures |= _letters(bench, 12 if bench.small else 200)
    bench.say("letters")
    figures |= _calculation(bench)
    return figures | _pages(bench, officer)


# -- what there is before --------------------------------------------------------------------------------------------------


def _officer() -> User:
    officer = add_person("officer@bench.example", name="Officer", at=AT)
    give_role(officer, role=Role.OFFICER, by=None, at=AT - timedelta(days=2000), since=date(2020, 1, 1))
    return User.objects.get(pk=officer.pk)


def _call(year: int, officer: User) -> Call:
    enter_karlskoga(year=year, by=officer, at=datetime(year, 1, 10, 8, 0, tzinfo=UTC))
    return Call.objects.get(version__scheme__key="arligt-foreningsbidrag", closes_on=date(year, 10, 1))


def _earlier_year(register: Register, year: int, officer: User) -> None:
    """Everybody applied, was granted 20 000 kr by a delegate and has had a letter."""
    call, at = _call(year, officer), datetime(year, 9, 1, 8, 0, tzinfo=UTC)
    answers = _answers(form_from_json(call.version.form))
    cases = Case.objects.bulk_create(
        Case(series="BEN", year=year, number=number, title=f"{association} – {call}", sender=association.name, opened_at=at)
        for number, association in enumerate(register.associations, start=1)
    )
    applications = Application.objects.bulk_create(
        Application(
            call=call,
            association=association,
            case=case,
            status=ApplicationStatus.GRANTED,
            answers=answers,
            granted=Decimal(20_000),
            created_at=at,
            created_by=chair,
            saved_at=at,
            received_at=at,
            submitted_by=chair,
            completed_at=at,
        )
        for association, chair, case in zip(register.associations, register.chairs, cases, strict=True)
    )
    letters = Letter.objects.bulk_create(
        Letter(
            case=case,
            key=f"bench.decision.{case.pk}",
            to=[],
            subject="Beslut",
            html="<p>Beslut</p>",
            status=LetterStatus.SENT,
            posted_at=at,
            sent_at=at,
            sent_by=SentBy.EMAIL,
        )
        for case in cases
    )
    Decision.objects.bulk_create(
        Decision(
            application=application,
            number=1,
            outcome=Outcome.GRANT,
            amount=application.granted,
            reasons=_SENTENCE,
            route=Route.DELEGATE,
            decided_at=at,
            decided_by=officer,
            letter=letter,
            published_at=at,
        )
        for application, letter in zip(applications, letters, strict=True)
    )


def _answers(form: Form) -> dict[str, Answer]:
    return {question.key: _TYPED.get(question.kind, "Vi öppnar för fler.") for section in form for question in section.questions}


def _drafts(register: Register, officer: User) -> list[Application]:
    """One filled-in draft for each association, in this year's call."""
    call = _call(YEAR, officer)
    answers = _answers(form_from_json(call.version.form))
    return Application.objects.bulk_create(
        Application(call=call, association=association, answers=answers, created_at=AT, created_by=chair, saved_at=AT)
        for association, chair in zip(register.associations, register.chairs, strict=True)
    )


# -- handing in ------------------------------------------------------------------------------------------------------------


def press(draft: Application) -> int:
    """What the button does; answers with the case's id."""
    return int(submission.hand_in(draft, by=draft.created_by, at=AT).case_id or 0)


def insert_one(_thing: object) -> None:
    """The floor of a hand-in: one committed row, straight to PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_floor (word) VALUES ('x')")


def _hand_in(bench: Bench, waiting: list[Application]) -> Figures:
    """Each is pressed twice, by different clients at about the same time: a double click must give one case and one letter."""
    began = Letter.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
    floor, *_rest = bench.in_processes(CLIENTS, insert_one, range(len(waiting)))
    presses = [draft for draft in waiting for _click in range(2)]
    seconds, cases, errors = bench.in_processes(CLIENTS, press, presses)
    received = Application.objects.filter(pk__in=[draft.pk for draft in waiting]).exclude(status=ApplicationStatus.DRAFT)
    numbers = list(Case.objects.filter(application__in=received).values_list("number", flat=True))
    if errors:
        bench.say(f"the first error: {errors[0]}")
    return {
        "submits": len(waiting),
        "submits_per_s": len(waiting) / seconds,
        "submits_floor_per_s": len(waiting) / floor,
        "submits_lost": len(waiting) - received.count(),
        "submits_duplicate": len(set(cases)) - received.count(),
        "submit_errors": len(errors),
        "case_numbers_missing": max(numbers, default=0) - len(numbers),
        "receipts_missing": received.count() - (Letter.objects.count() - began),
    }


# -- letters ---------------------------------------------------------------------------------------------------------------


def print_letter(html: str) -> int:
    return len(to_pdf(html))


def _letters(bench: Bench, wanted: int) -> Figures:
    """The receipts, to PDF/UA, by as many processes as there are cores, each warm. The floor is a page with one word on it."""
    pages = list(Letter.objects.filter(key__startswith="grants.receipt").order_by("pk").values_list("html", flat=True)[:wanted])
    cores = os.cpu_count() or 1
    print_letter(pages[0])  # fonts are read once, before the processes part
    seconds, *_rest = bench.in_processes(cores, print_letter, pages)
    empty = '<html lang="sv"><head><title>x</title></head><body><p>x</p></body></html>'
    return {
        "letters": len(pages),
        "letter_processes": cores,
        "letters_per_s": len(pages) / seconds,
        "letter_ms": bench.median_ms(lambda: print_letter(pages[0])),
        "letter_floor_ms": bench.median_ms(lambda: print_letter(empty)),
    }


# -- counting --------------------------------------------------------------------------------------------------------------


def _calculation(bench: Bench) -> Figures:
    """One application's amount with its explained lines: the rules alone, and with its facts read from the database."""
    application = Application.objects.filter(call__grant_year=YEAR + 1).select_related("call__version").earliest("pk")
    parts, facts = parts_from_json(application.call.version.parts), facts_for(application)
    if not count(application).amount:
        raise ValueError("The calculation gives nothing, so its time says nothing.")
    return {
        "calculation_ms": bench.median_ms(lambda: [calculate(parts, facts) for _run in range(100)]) / 100,
        "calculation_floor_ms": bench.median_ms(lambda: [_sum_only(facts) for _run in range(100)]) / 100,
        "calculation_with_facts_ms": bench.median_ms(lambda: count(application), runs=50),
    }


def _sum_only(facts: Facts) -> int:
    """The floor: the same amount by a loop over the dataclasses, with nothing explained."""
    young = sum(row.count for row in facts.members if row.at_home and row.age_from >= 7 and (row.age_to or 999) <= 25)
    return min(2_000 + 60 * young, 80_000)


# -- pages -----------------------------------------------------------------------------------------------------------------


def _pages(bench: Bench, officer: User) -> Figures:
    client = Client()
    client.force_login(officer)
    session = client.session
    session["second_factor_elsewhere"] = True
    session.save()
    newest = Application.objects.latest("pk")
    figures: Figures = {"applications": Application.objects.received().count()}
    for name, address in {
        "list_page": reverse("grants:casework_list"),
        "search_page": reverse("grants:casework_list") + "?q=F%C3%B6rening+0012&sort=association",
        "case_page": reverse("grants:casework_application", args=[newest.pk]),
        "assessment_list": reverse("grants:assessment_list"),
        "decision_list": reverse("grants:decision_list"),
        "granted_page": reverse("grants:granted_list"),
        "start_page": reverse("home"),
    }.items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.status_code != 200:
            raise ValueError(f"{address} answered {answer.status_code}.")
        figures[f"{name}_queries"] = len(queries)  # before the next request empties the log of queries
        figures[f"{name}_ms"] = bench.median_ms(lambda: client.get(address))  # noqa: B023
    floor = reverse("health")
    return figures | {"list_page_floor_ms": bench.median_ms(lambda: client.get(floor))}
