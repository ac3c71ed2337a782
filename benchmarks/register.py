"""The register: how fast cases are numbered when eight clients open them at once, and that no number is lost or given twice."""

from django.db import connection
from django.utils.timezone import now

from benchmarks.harness import Bench, Figures
from records import filing
from records.models import Case


def measure(bench: Bench) -> Figures:
    cases = 200 if bench.small else 5_000
    at = now()
    bench.say(f"opening {cases} cases with 8 clients")
    seconds, numbers, errors = bench.at_once(
        8, lambda which: filing.open_case(title=f"Ärende {which}", at=at).number, range(cases)
    )
    given = set(numbers)
    floor = bench.median_ms(_insert_with_sql)
    return {
        "cases_per_s": cases / seconds,
        "numbers_missing": len(set(range(1, cases + 1)) - given),
        "numbers_twice": len(numbers) - len(given),
        "errors": len(errors),
        "open_case_ms": bench.median_ms(lambda: filing.open_case(title="Ärende", at=at)),
        "open_case_floor_ms": floor,
        "cases": Case.objects.count(),
    }


def _insert_with_sql() -> None:
    """The floor: one committed row, straight to PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("create table if not exists bench_floor (id bigint generated always as identity, title text)")
        cursor.execute("insert into bench_floor (title) values ('Ärende')")
