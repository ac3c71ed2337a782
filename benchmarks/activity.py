"""Activity support: ten million participations counted with their lines, and a DAK file read, looked at and written."""

import io
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from stdnum import luhn

from accounts.actions import add_person
from accounts.models import User
from associations import actions
from associations.attending import attendance_of
from associations.choices import AssociationStatus, MandateKind, MandateSource
from associations.exchange.dak import read_dak
from associations.exchange.dak_targets import NAMESPACES
from associations.exchange.sessions import Reading
from associations.models import ActivitySession, Association, Mandate
from associations.rules.attendance import Half
from benchmarks.harness import RUNS, Bench, Figures
from grants.rules.activity_count import ActivityCounting, count_activity
from grants.rules.calculation import Facts, calculate, calculation_to_json
from grants.rules.counted import counted_to_json
from grants.rules.parts_json import parts_from_json

AT = datetime(2026, 8, 1, 8, 0, tzinfo=UTC)
HALF = Half(2026, 1)
GROUPS, PEOPLE, SESSIONS, THERE = 4, 15, 42, 12  # of an association; of a group; of a group in the half-year; at a session
WORKERS = 2
PARTS = (
    {
        "kind": "activity_counting", "age_from": 7, "age_to": 25, "disability_any_age": True, "minutes": 60, "least": 3,
        "most": 30, "leaders": 1, "leader_age_from": 13, "per_day": 1,
    },
    {"kind": "per_leader", "kronor": "21", "more": "5"},
    {"kind": "per_participation", "kronor": "7", "age_from": 7, "age_to": 12},
    {"kind": "per_participation", "kronor": "11", "age_from": 13, "age_to": 18},
    {"kind": "per_participation", "kronor": "7", "age_from": 19},
)  # fmt: skip


def measure(bench: Bench) -> Figures:
    wanted = 60 if bench.small else 5_000
    officer = add_person("officer@bench.example", name="Officer", at=AT)
    keys = _associations(wanted)
    _attendance(keys)
    stored = _stored()
    bench.say(f"{stored['participations']} participations of {wanted} associations")
    figures: Figures = {"associations": wanted, **stored, **_computing(bench, keys, stored["participations"])}
    bench.say("counted")
    figures |= _importing(bench, officer, 300 if bench.small else 5_000)
    return figures | {"peak_mb": _peak(resource.RUSAGE_SELF), "peak_of_a_worker_mb": _peak(resource.RUSAGE_CHILDREN)}


# -- what there is before --------------------------------------------------------------------------------------------------


def _associations(wanted: int) -> list[int]:
    rows = [
        Association(
            name=f"Förening {number:05d}",
            organisation_number=f"80{number:08d}",
            status=AssociationStatus.REGISTERED,
            registered_on=date(2020, 1, 1),
        )
        for number in range(wanted)
    ]
    return [row.pk for row in Association.objects.bulk_create(rows, batch_size=1_000)]


_GROUPS = """
INSERT INTO associations_activitygroup (id, association_id, name, activity, place, number)
SELECT %(first)s + a * %(groups)s + g, key, 'Grupp ' || g, CASE g %% 2 WHEN 0 THEN 'Fotboll' ELSE 'Teater' END, 'Hallen', ''
FROM unnest(%(keys)s::int[]) WITH ORDINALITY AS every(key, a), generate_series(0, %(groups)s - 1) AS g
"""
_PEOPLE = """
INSERT INTO associations_participant (id, association_id, name, birth_year, sex, lives_here, is_member, identity, external)
SELECT a * %(people)s + p, key, 'Person ' || p, CASE p %% %(of_group)s WHEN 0 THEN 1985 ELSE 2002 + p %% 17 END,
       CASE p %% 2 WHEN 0 THEN 'female' ELSE 'male' END, true, true, '', ''
FROM unnest(%(keys)s::int[]) WITH ORDINALITY AS every(key, a), generate_series(0, %(people)s - 1) AS p
"""
_SESSIONS = """
INSERT INTO associations_activitysession (association_id, group_id, day, starts, minutes, kind, activity, place, present, leaders,
    disabled, anonymous, code, version, saved_at)
SELECT key, %(first)s + a * %(groups)s + g, date '2026-01-07' + s * 4, time '17:00' + make_interval(hours => g),
       CASE WHEN s %% 20 = 0 THEN 45 ELSE 60 + s %% 3 * 15 END, 'training', '', '',
       ARRAY(SELECT (a * %(people)s + g * %(of_group)s + 1 + (s + k) %% (%(of_group)s - 1))::int
             FROM generate_series(0, %(there)s - 1) AS k ORDER BY 1),
       ARRAY[(a * %(people)s + g * %(of_group)s)::int], '{}', '[]', '', 1, now()
FROM unnest(%(keys)s::int[]) WITH ORDINALITY AS every(key, a), generate_series(0, %(groups)s - 1) AS g,
     generate_series(0, %(sessions)s - 1) AS s
"""


def _attendance(keys: list[int]) -> None:
    """Straight into the tables: checking what we make ourselves would take longer than all the rest."""
    values: dict[str, Any] = {
        "keys": keys,
        "first": 1_000,
        "groups": GROUPS,
        "people": GROUPS * PEOPLE,
        "of_group": PEOPLE,
        "sessions": SESSIONS,
        "there": THERE,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (_GROUPS, _PEOPLE, _SESSIONS):
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('associations_participant', 'id'), max(id)) FROM associations_participant"
        )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('associations_activitygroup', 'id'), max(id)) FROM associations_activitygroup"
        )
        cursor.execute("ANALYZE")


def _stored() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), sum(cardinality(present)), pg_total_relation_size('associations_activitysession')"
            " FROM associations_activitysession"
        )
        sessions, participations, size = cursor.fetchone()
    return {"sessions": sessions, "participations": participations, "bytes_per_participation": size / participations}


# -- counting ----------------------------------------------------------------------------------------------------------------


def _support(key: int) -> int:
    """One association's support with its lines and rejected sessions, as they are frozen; how many participations it counted."""
    attendance = attendance_of(key, HALF.first, HALF.until)
    parts = parts_from_json(list(PARTS))
    rule = next(part for part in parts if isinstance(part, ActivityCounting))
    counted = count_activity(rule, attendance)
    lines = calculation_to_json(calculate(parts, Facts(counted={rule.key: counted})))
    return counted.participations if counted_to_json(counted) and lines else 0


def _read(key: int) -> int:
    """The floor: the rows fetched through psycopg and the marks added up, nothing counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, birth_year, sex FROM associations_participant WHERE association_id = %s", [key])
        cursor.fetchall()
        cursor.execute(
            "SELECT day, starts, minutes, present, leaders FROM associations_activitysession WHERE association_id = %s", [key]
        )
        return sum(len(row[3]) for row in cursor.fetchall())


def _computing(bench: Bench, keys: list[int], participations: int) -> Figures:
    sample = keys[: max(20, len(keys) // 50)]
    figures: Figures = {}
    for name, work in (("compute", _support), ("read_floor", _read)):
        cpu = _cpu()
        seconds, answers, errors = bench.in_processes(WORKERS, work, keys)
        figures[f"{name}_cpu_seconds"] = _cpu() - cpu
        figures[f"{name}_seconds"], figures[f"{name}_errors"] = seconds, len(errors)
        figures[f"{name}_sample_ms"] = _sample_ms(bench, work, sample)
        figures[f"{name}_participations"] = sum(answers)
    figures["participations_per_s"] = participations / figures["compute_seconds"]
    figures["floor_participations_per_s"] = participations / figures["read_floor_seconds"]
    figures["ratio_to_floor"] = figures["compute_seconds"] / figures["read_floor_seconds"]
    figures["workers"] = WORKERS
    return figures


def _sample_ms(bench: Bench, work: Callable[[int], int], sample: list[int]) -> float:
    """Median of five runs over some associations in one process, for each association."""
    return bench.median_ms(lambda: [work(key) for key in sample], RUNS) / len(sample)


# -- a DAK file ----------------------------------------------------------------------------------------------------------------


def _importing(bench: Bench, by: User, sessions: int) -> Figures:
    association = Association.objects.order_by("pk").first()
    if association is None:
        raise ValueError("There are no associations.")
    Mandate.objects.create(
        association=association, user=by, kind=MandateKind.LEADER, since=date(2020, 1, 1), source=MandateSource.OFFICER
    )
    rows = sessions * (THERE + 1)
    with tempfile.TemporaryFile() as file:
        _write_dak(file, sessions)
        size = file.tell()
        bench.say(f"a DAK file of {size / 1e6:.1f} MB with {rows} rows")
        parsing = bench.median_ms(lambda: sum(len(each.marks) for each in _parsed(association, file)))
        before = ActivitySession.objects.count()
        cpu, begun = time.process_time(), time.perf_counter()
        kept = actions.upload_attendance(association, name="bench.xml", file=file, by=by, at=AT)
        uploaded = time.perf_counter()
        actions.apply_attendance(kept, by=by, at=AT)
        written, used = time.perf_counter(), time.process_time() - cpu
        again = actions.upload_attendance(association, name="bench.xml", file=file, by=by, at=AT)
        floor = bench.median_ms(lambda: _lines_of(file))
    return {
        "dak_import_rows_per_s": rows / (written - begun),
        "dak_import_cpu_seconds": used,
        "dak_look_seconds": uploaded - begun,
        "dak_write_seconds": written - uploaded,
        "dak_parse_rows_per_s": rows / parsing * 1000,
        "dak_lines_floor_ms": floor,
        "dak_rows": rows,
        "dak_sessions_written": ActivitySession.objects.count() - before,
        "dak_unchanged_the_second_time": again.report["plan"]["unchanged"],
    }


def _parsed(association: Association, file: Any) -> Any:
    reading = Reading(number=association.organisation_number, salt="bench", on=AT.date())
    return read_dak(file, reading, municipality=settings.MUNICIPALITY["code"])


def _lines_of(file: Any) -> int:
    """The floor: the file read line by line."""
    file.seek(0)
    return sum(1 for _line in file)


def _write_dak(file: Any, sessions: int) -> None:
    out = io.TextIOWrapper(file, encoding="utf-8", newline="\n", write_through=True)
    municipality = settings.MUNICIPALITY["code"]
    out.write(f'<?xml version="1.0" encoding="utf-8"?>\n<Aktivitetskort xmlns="{NAMESPACES[1]}">\n')
    out.write(f'<Kommun kommunID="{municipality}" version="2.2">\n<Foerening foereningsID="1" foereningsNamn="Bench">\n')
    for card in range(4):
        out.write(f'<Naervarokort NaervarokortNummer="{card}">\n<Aktivitet>Fotboll</Aktivitet>\n<Lokal>Hallen</Lokal>\n')
        out.write(f"<NamnPaaKort>Lag {card}</NamnPaaKort>\n<Sammankomster>\n")
        for number in range(card, sessions, 4):
            _write_session(out, number)
        out.write("</Sammankomster>\n</Naervarokort>\n")
    out.write("</Foerening>\n</Kommun>\n<DeltagarRegister>\n")
    for person in range(400):
        _write_person(out, "Deltagare", person, 2008 + person % 10)
    out.write("</DeltagarRegister>\n<LedarRegister>\n")
    for person in range(20):
        _write_person(out, "Ledare", person, 1980)
    out.write("</LedarRegister>\n</Aktivitetskort>\n")
    out.detach()


def _write_session(out: io.TextIOWrapper, number: int) -> None:
    day = date.fromordinal(date(2026, 1, 7).toordinal() + number % 170)
    out.write(f'<Sammankomst kod="S-{number}" Datum="{day}">\n<StartTid>{number % 14 + 8:02d}:00:00</StartTid>\n')
    out.write(f"<StoppTid>{number % 14 + 9:02d}:00:00</StoppTid>\n<Aktivitet>Fotboll</Aktivitet>\n<Lokal>Hallen</Lokal>\n")
    out.write("<Typ>Traening</Typ>\n<Metod>Add</Metod>\n<DeltagarLista>\n")
    for place in range(THERE):
        out.write(f'<Deltagare id="p{(number * 7 + place) % 400}">\n<Handikapp>false</Handikapp>\n')
        out.write("<Naervarande>true</Naervarande>\n</Deltagare>\n")
    out.write(f'</DeltagarLista>\n<LedarLista>\n<Ledare id="p{number % 20}">\n<Handikapp>false</Handikapp>\n')
    out.write("<Naervarande>true</Naervarande>\n</Ledare>\n</LedarLista>\n</Sammankomst>\n")


def _write_person(out: io.TextIOWrapper, kind: str, number: int, year: int) -> None:
    nine = f"{year % 100:02d}{number % 12 + 1:02d}{number % 28 + 1:02d}{number:03d}"
    personal = f"{year // 100}{nine}{luhn.calc_check_digit(nine)}"
    out.write(f'<{kind} id="p{number}">\n<Foernamn>Person</Foernamn>\n<Efternamn>{number}</Efternamn>\n')
    out.write(f"<Personnummer>{personal}</Personnummer>\n</{kind}>\n")


def _cpu() -> float:
    """Seconds of processor that finished workers have used: what is left of a figure when the machine has others to serve."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024
