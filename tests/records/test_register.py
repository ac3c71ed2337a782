"""Case numbers without gaps, a log that only grows, and a register that the database guards."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from records import filing
from records.models import Case, Event, Series
from records.refusals import NotAllowedNow


class RolledBackOnPurpose(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_case_numbers_have_no_gap_and_no_twin_with_eight_at_once_and_rollbacks(at):
    def open_many(thread):
        try:
            for turn in range(50):
                try:
                    with transaction.atomic():
                        filing.open_case(title=f"{thread}-{turn}", at=at)
                        if (thread + turn) % 4 == 0:
                            raise RolledBackOnPurpose
                except RolledBackOnPurpose:
                    pass
        finally:
            connection.close()

    threads = [threading.Thread(target=open_many, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = sorted(Case.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 301))
    assert Series.objects.get().last_number == 300


def test_the_new_year_begins_at_local_midnight(db):
    last = filing.open_case(title="Sista", at=datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC))
    first = filing.open_case(title="Första", at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert (last.year, last.number) == (2026, 1)
    assert (first.year, first.number) == (2027, 1)
    assert str(first) == "KFN 2027-00001"


def test_each_series_counts_for_itself(db, at):
    filing.open_case(title="Ett", at=at)
    other = filing.open_case(title="Två", at=at, series="BUN")
    assert other.reference == "BUN 2026-00001"


def test_opening_a_case_is_the_first_line_of_its_log(case, at):
    event = case.events.get()
    assert (event.verb, event.at) == ("records.opened", at)


@pytest.mark.parametrize("statement", ["update records_event set verb = 'x'", "delete from records_event"])
def test_the_log_cannot_be_changed_even_by_sql(case, statement):
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert case.events.get().verb == "records.opened"


@pytest.mark.parametrize(
    "change",
    [
        lambda: Event.objects.update(reason="i efterhand"),
        lambda: Event.objects.all()._raw_delete("default"),
        lambda: Case.objects.update(number=99),
        lambda: Case.objects.all()._raw_delete("default"),
        lambda: connection.cursor().execute("update records_casehistory set title = 'x'"),
        lambda: connection.cursor().execute("delete from records_casehistory"),
    ],
)
def test_what_is_written_in_the_register_stays(case, at, change):
    filing.close_case(case, at=at)
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        change()


def test_a_case_is_closed_and_taken_up_again_with_a_reason(case, officer, at):
    closed = filing.close_case(case, at=at, by=officer)
    assert closed.closed_at == at
    with pytest.raises(NotAllowedNow, match=r"redan avslutat|already closed"):
        filing.close_case(case, at=at)
    opened = filing.reopen_case(case, reason="Nya uppgifter", at=at, by=officer)
    assert opened.closed_at is None
    assert list(case.events.values_list("verb", flat=True)) == ["records.opened", "records.closed", "records.reopened"]


def test_every_change_of_a_case_leaves_its_row_even_when_made_by_sql(case):
    with connection.cursor() as cursor:
        cursor.execute("update records_case set title = 'Ändrad' where id = %s", [case.pk])
    assert list(case.history.values_list("pgh_label", "title")) == [("update", "Ändrad")]


def test_a_secrecy_mark_names_its_section_of_law(case, officer, at):
    with pytest.raises(NotAllowedNow):
        filing.mark_secret(case, ground=" ", at=at, by=officer)
    filing.mark_secret(case, ground="OSL 21:7", at=at, by=officer)
    case.refresh_from_db()
    assert case.is_marked
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(secrecy_ground="")
    filing.lift_secrecy(case, reason="Uppgiften är borttagen", at=at, by=officer)
    case.refresh_from_db()
    assert not case.is_marked


def test_a_case_cannot_be_closed_before_it_was_opened(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(closed_at=datetime(2020, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("written", ["KFN 2026-00001", "KFN-2026-00001", " KFN 2026-1 "])
def test_a_case_is_found_by_its_number_as_people_write_it(case, written):
    assert Case.objects.numbered(written).get() == case


@pytest.mark.parametrize("written", ["", "KFN", "2026-00001", "KFN 2026-99999999999"])
def test_what_is_not_a_number_finds_nothing(case, written):
    assert not Case.objects.numbered(written).exists()


@pytest.mark.parametrize("words", ["årsbidrag", "ÅRSBIDRAG dans", "2026-00001", "kfn 2027"])
def test_a_case_is_found_by_words_of_its_number_subject_and_sender(case, words):
    assert Case.objects.matching(words).get() == case
