"""Act four: money out, reports in, and some money back."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from config.demo import bank
from config.demo.stage import Stage, at
from grants.actions import payments, reclaims, reports
from grants.models import Call, Instalment, PaymentRun, Report
from grants.permissions.paying import may_be_paid

_TEXTS = ("Insatsen genomfördes som planerat och nådde fler än vi trodde.", "Vi lärde oss att börja bjuda in tidigare.")


def pay(stage: Stage, call: Call, pays_on: date, *, finish: bool = True) -> PaymentRun | None:
    """One file for everything in *call* that may be paid; a second person approves it and the bank answers.

    In a large file the bank turns one payment away, and another comes back a few days later.
    """
    due = Instalment.objects.due(pays_on).filter(decision__application__call=call)
    ready = [instalment for instalment in due if may_be_paid(instalment, pays_on)]
    if not ready:
        return None
    week_before = at(pays_on - timedelta(days=5), 10)
    run = payments.make_run(ready, pays_on=pays_on, by=stage.staff["handlaggare"], at=week_before)
    if finish:
        run = payments.approve_run(run, by=stage.staff["beslutsfattare"], at=week_before + timedelta(hours=3))
        lines, officer = list(run.lines.order_by("pk")), stage.staff["handlaggare"]
        bank_day, is_large = at(pays_on, 11), len(lines) > 10
        if is_large:
            bank.turn_away(
                run, [lines.pop()], code="AC04", words="Kontot är avslutat", by=officer, at=bank_day - timedelta(days=1)
            )
        bank.pay(run, lines, by=officer, at=bank_day)
        if is_large:
            later = bank_day + timedelta(days=4)
            bank.send_back(run, lines[-1], code="AC01", words="Kontonumret finns inte", by=officer, at=later)
    return run


def report(stage: Stage, due: Iterable[Report], *, unspent: Decimal = Decimal(0), approve: bool = True) -> None:
    for row in due:
        when = stage.some_time(row.due_on - timedelta(days=10))
        troupe = stage.troupe(row.application.association.name)
        granted = row.application.granted or Decimal(0)
        answers = {key: _TEXTS[index % 2] for index, key in enumerate(("done", "effect"))}
        row = reports.hand_in(
            row, answers=answers, spent=granted - unspent, explanation="Lägre hyra än vi räknade med." if unspent else "",
            by=troupe.chair, at=when,
        )  # fmt: skip
        if approve:
            officer = stage.staff["handlaggare"]
            reports.review(row, approved=True, by=officer, at=stage.office_time(row.due_on + timedelta(days=5)))


def claim_unspent(stage: Stage, row: Report) -> None:
    """What was not used is claimed by a delegate, and half of it has come back."""
    decision = row.application.decisions.in_force().get()
    day = row.due_on + timedelta(days=20)
    claim = reclaims.claim_back(
        decision, reason="Hela bidraget användes inte.", by=stage.staff["beslutsfattare"], at=stage.office_time(day)
    )
    half = (claim.amount / 2).quantize(Decimal(1))
    reclaims.note_repayment(
        claim,
        amount=half,
        on=day + timedelta(days=15),
        by=stage.staff["handlaggare"],
        at=stage.office_time(day + timedelta(days=16)),
    )
