"""Cards and files of attendance: marks, corrections, files in, the same file twice, and what is left in the end."""

import io
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from associations import actions, attending
from associations.actions.attendance import count_old_attendance, forget_attendance
from associations.choices import MandateKind
from associations.models import ActivityGroup, ActivitySession, Participant
from associations.rules.attendance import Anonymous, Half
from records.filing import FileRefused, NotAllowedNow
from records.models import Event
from tests.associations import dak
from tests.facilities.at_once import faults, together

MONDAY, SIX = date(2026, 11, 16), time(18)


@pytest.fixture
def group(association, alice, at):
    usual = {"weekday": 0, "starts": SIX, "minutes": 60}
    return actions.save_group(association, name="Ungteatern", activity="Teater", place="Scenen", by=alice, at=at, **usual)


@pytest.fixture
def people(group, alice, at):
    facts = {"sex": "female", "lives_here": True, "is_member": True, "by": alice, "at": at}
    children = [actions.save_person(group, name=f"Barn {n}", birth_year=2014, leads=False, **facts) for n in range(4)]
    return [*children, actions.save_person(group, name="Leo Ledare", birth_year=1985, leads=True, **facts)]


@pytest.fixture
def mark(group, alice, at):
    """mark({person: "present"}) on Monday at six."""

    def save(changes, *, day=MONDAY, by=alice, at=at, **more):
        named = {person.pk: word for person, word in changes.items()}
        return actions.mark(group, day=day, starts=SIX, minutes=60, changes=named, by=by, at=at, **more)

    return save


def names(session):
    return sorted(Participant.objects.filter(pk__in=session.present).values_list("name", flat=True))


# the card ---------------------------------------------------------------------------------------------------------------


def test_a_leader_marks_who_is_there(mark, people, bosse, sign_for, association):
    sign_for(bosse, association, MandateKind.LEADER)
    session = mark({people[0]: "present", people[1]: "present", people[4]: "leader"}, by=bosse)
    assert (names(session), session.leaders) == (["Barn 0", "Barn 1"], [people[4].pk])


def test_marks_sent_again_change_nothing(mark, people):
    first = mark({people[0]: "present"})
    again = mark({people[0]: "present"})
    assert (again.pk, again.version) == (first.pk, 1)


def test_only_marks_that_are_carried_change(mark, people):
    mark({people[0]: "present", people[1]: "present"})
    session = mark({people[1]: "away", people[2]: "present"})
    assert names(session) == ["Barn 0", "Barn 2"]


def test_people_with_a_protected_identity_are_only_numbers(mark, people):
    session = mark({}, anonymous=[Anonymous(2014, "female", 2)])
    assert (session.present, session.anonymous) == ([], [[2014, "female", 2, False, False]])
    assert mark({people[0]: "present"}).anonymous == session.anonymous, "who does not carry them leaves them"


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2026, 11, 24), "day"), (date(2023, 1, 1), "day"), (MONDAY, "nobody")],
    ids=["ahead", "ancient", "nobody"],
)
def test_what_cannot_be_marked_is_refused(mark, people, day, code):
    with pytest.raises(NotAllowedNow) as refused:
        mark({people[0]: "present"} if code == "day" else {people[0]: "away"}, day=day)
    assert refused.value.code == code


def test_nobody_of_another_association_is_marked(mark, people, register, bosse, at):
    other = register("Körsångarna", "8024002001", by=bosse)
    choir = actions.save_group(
        other, name="Kören", activity="Sång", place="", weekday=None, starts=None, minutes=None, by=bosse, at=at
    )
    facts = {"sex": "", "lives_here": True, "is_member": True, "leads": False}
    singer = actions.save_person(choir, name="Sara", birth_year=2010, by=bosse, at=at, **facts)
    with pytest.raises(NotAllowedNow):
        mark({singer: "present"})
    session = mark({people[0]: "present"})
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivitySession.objects.filter(pk=session.pk).update(present=[singer.pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivitySession.objects.filter(pk=session.pk).update(leaders=session.present)


def test_strangers_and_officers_mark_nothing(mark, people, stranger, officer):
    for somebody in (stranger, officer):
        with pytest.raises(NotAllowedNow):
            mark({people[0]: "present"}, by=somebody)
        assert not ActivitySession.objects.visible_to(somebody).exists()


def test_a_correction_on_a_later_day_is_logged_without_names(mark, people, at):
    mark({people[0]: "present"})
    mark({people[1]: "present"}, at=at + timedelta(days=2))
    event = Event.objects.get(verb="associations.session_corrected")
    assert event.changes["participations"] == [1, 2]
    assert "Barn" not in str(event.changes)


def test_a_session_is_moved_and_taken_away_with_a_reason(mark, people, alice, at):
    session = mark({people[0]: "present"})
    mark({people[0]: "present"}, day=MONDAY - timedelta(days=7))
    moved = {"starts": SIX, "minutes": 90, "kind": "match", "by": alice, "at": at}
    with pytest.raises(NotAllowedNow) as refused:
        actions.change_session(session, day=MONDAY - timedelta(days=7), **moved)
    assert refused.value.code == "taken"
    assert actions.change_session(session, day=MONDAY - timedelta(days=1), **moved).minutes == 90
    actions.remove_session(session, reason="Blev inställt", by=alice, at=at)
    actions.remove_session(session, reason="Blev inställt", by=alice, at=at)
    assert Event.objects.get(verb="associations.session_removed").reason == "Blev inställt"


@pytest.mark.django_db(transaction=True)
def test_two_leaders_mark_the_same_card_at_once_and_both_have_their_way(mark, people):
    jobs = [lambda person=person: mark({person: "present"}) for person in people[:4]] + [lambda: mark({people[4]: "leader"})]
    assert faults(together(*jobs)) == []
    session = ActivitySession.objects.get()
    assert names(session) == ["Barn 0", "Barn 1", "Barn 2", "Barn 3"]
    assert session.leaders == [people[4].pk]


# files ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def send(association, alice, at):
    """send(text) -> what the file would change, after it has been written."""

    def upload(text, *, name="fil.xml", write=True):
        content = text if isinstance(text, bytes) else text.encode()
        kept = actions.upload_attendance(association, name=name, file=io.BytesIO(content), by=alice, at=at)
        if not write:
            return kept
        return actions.apply_attendance(kept, by=alice, at=at).report["plan"]

    return upload


def test_a_file_is_looked_at_before_anything_is_written(send):
    kept = send(dak.usual(), write=False)
    assert (kept.report["plan"]["new"], kept.report["plan"]["people"]) == (1, 4)
    assert not ActivitySession.objects.exists()
    assert dak.number(2014, 2).encode() not in bytes(kept.content)


def test_a_file_becomes_people_groups_and_sessions(send, association):
    assert send(dak.usual()) == {"new": 1, "changed": 0, "unchanged": 0, "removed": 0, "nothing": 0, "people": 4}
    session = ActivitySession.objects.get()
    assert (session.code, session.day, session.minutes, len(session.present), len(session.leaders)) == (
        "A-1", date(2026, 3, 2), 60, 3, 1,
    )  # fmt: skip
    assert ActivityGroup.objects.get().places.filter(leads=True).count() == 1
    assert set(association.participants.values_list("birth_year", "sex")) == {(2014, "female"), (2014, "male"), (1985, "male")}


def test_the_same_file_twice_changes_nothing(send):
    send(dak.usual())
    before = list(ActivitySession.objects.values()), list(Participant.objects.values()), list(ActivityGroup.objects.values())
    events = Event.objects.count()
    assert send(dak.usual())["unchanged"] == 1
    assert before == (
        list(ActivitySession.objects.values()),
        list(Participant.objects.values()),
        list(ActivityGroup.objects.values()),
    )
    assert Event.objects.count() == events


def test_the_same_file_twice_with_people_without_numbers_changes_nothing(send):
    text = dak.usual().replace(dak.number(2014, 2), "20140315").replace(dak.number(2014, 3), "20140316").replace("p3", "l1")
    send(text)
    people = Participant.objects.count()
    plan = send(text)
    assert (plan["unchanged"], plan["people"], Participant.objects.count()) == (1, 0, people)


def test_add_replaces_a_session_that_was_sent_before(send):
    send(dak.usual())
    assert send(dak.usual(people=("p1",)))["changed"] == 1
    assert len(ActivitySession.objects.get().present) == 1


def test_update_changes_only_the_marks_it_carries(send):
    send(dak.usual())
    assert send(dak.usual(method="Update", people=(dak.mark("p1", here="false"),)))["changed"] == 1
    session = ActivitySession.objects.get()
    assert (len(session.present), len(session.leaders)) == (2, 1)


def test_update_of_a_session_that_never_came_is_told(send, association):
    assert send(dak.usual(method="Update"))["new"] == 0
    (note,) = association.attendance_imports.get().report["found_nothing"]
    assert note[2] == "update_of_unknown"


def test_remove_takes_the_session_away_and_a_second_time_finds_nothing(send):
    send(dak.usual())
    assert send(dak.usual(method="Remove"))["removed"] == 1
    assert not ActivitySession.objects.exists()
    assert send(dak.usual(method="Remove"))["removed"] == 0


def with_removed(text, *rows, inside="Foerening"):
    """A file with a list of removed sessions as club systems write it: last in the association, or in the card."""
    listed = "".join(f'<Sammankomst kod="{code}" Datum="{day}"/>\n' for code, day in rows)
    return text.replace(f"</{inside}>", f"<BorttagnaSammankomster>\n{listed}</BorttagnaSammankomster></{inside}>", 1)


def only_removed(*rows):
    return with_removed(dak.whole(), *rows)


@pytest.mark.parametrize("inside", ["Foerening", "Naervarokort"])
def test_sessions_in_a_list_of_removed_ones_are_taken_away_with_a_line_in_the_log(send, association, inside):
    send(dak.usual())
    text = with_removed(dak.whole(dak.card()), ("A-1", "2026-03-02"), inside=inside)
    assert send(text)["removed"] == 1
    assert not ActivitySession.objects.exists()
    event = Event.objects.get(verb="associations.session_removed")
    assert event.reason == "Borttagen genom filen fil.xml"
    assert event.changes == {"session": ["F12 2026-03-02", None], "participations": [3, None], "leaderships": [1, None]}
    assert send(text)["removed"] == 0
    (note,) = association.attendance_imports.first().report["found_nothing"]
    assert (note[0], note[2], note[4]) == (text.splitlines().index('<Sammankomst kod="A-1" Datum="2026-03-02"/>') + 1,
                                           "nothing_to_remove", False)  # fmt: skip


def test_a_file_with_removed_sessions_alone_is_a_file(send):
    send(dak.usual())
    assert send(only_removed(("A-1", "2026-03-02")), write=False).report["sessions"] == 0
    assert send(only_removed(("A-1", "2026-03-02")))["removed"] == 1


def test_a_removed_session_leaves_other_cards_alone(send, association):
    send(dak.usual())
    other = dak.usual().replace('"323"', '"324"').replace("2026-03-02", "2026-03-03")
    send(other)
    assert send(only_removed(("A-1", "2026-03-03")))["removed"] == 1
    assert ActivitySession.objects.get().day == date(2026, 3, 2)


def test_when_nobody_can_know_which_session_is_meant_none_is_removed(send, association):
    send(dak.usual())
    send(dak.usual().replace('"323"', '"324"'))
    assert send(only_removed(("A-1", "2026-03-02")))["removed"] == 0
    (note,) = association.attendance_imports.first().report["found_nothing"]
    assert (note[2], note[4]) == ("removed_which", True)


def test_another_day_than_the_registered_one_is_remarked(send, association):
    send(dak.usual())
    assert send(only_removed(("A-1", "2026-03-09")))["removed"] == 1
    (note,) = association.attendance_imports.first().report["found_nothing"]
    assert (note[2], note[3], note[4]) == ("removed_other_day", {"day": "2026-03-02"}, False)


def test_what_the_file_adds_and_then_removes_was_never_there(send):
    text = with_removed(dak.usual(), ("A-1", "2026-03-02"))
    plan = send(text)
    assert (plan["new"], plan["removed"], plan["nothing"]) == (0, 0, 1)
    assert not ActivitySession.objects.exists()


def test_what_is_removed_and_sent_again_comes_back(send):
    send(dak.usual())
    send(only_removed(("A-1", "2026-03-02")))
    assert send(dak.usual())["new"] == 1


def test_remove_leaves_a_line_in_the_log(send):
    send(dak.usual())
    send(dak.usual(method="Remove"))
    assert Event.objects.filter(verb="associations.session_removed").count() == 1


def test_rows_of_the_list_that_cannot_be_read_are_told(send, association):
    send(dak.usual())
    kept = send(only_removed(("A", "2026-03-02"), ("A-1", "fel"), ("A-1", "2026-03-02")), write=False)
    assert [(note[2], note[1]) for note in kept.report["notes"]] == [
        ("code_length", "Foerening[2400]/BorttagnaSammankomster/Sammankomst[A]"),
        ("day", "Foerening[2400]/BorttagnaSammankomster/Sammankomst[A-1]"),
    ]
    assert kept.report["plan"]["removed"] == 1


def test_a_session_marked_on_the_phone_and_sent_by_the_club_system_is_one(send, association, alice, at):
    send(dak.usual())
    group = ActivityGroup.objects.get()
    child = Participant.objects.get(name="Barn1 Exempel")
    actions.mark(group, day=date(2026, 3, 9), starts=SIX, minutes=60, changes={child.pk: "present"}, by=alice, at=at)
    assert send(dak.usual().replace("2026-03-02", "2026-03-09").replace("A-1", "A-2"))["changed"] == 1
    assert ActivitySession.objects.count() == 2


def test_protected_people_in_a_file_are_numbers_on_the_session(send):
    text = dak.usual().replace("Barn1", "Skyddad identitet")
    send(text)
    assert send(text)["unchanged"] == 1
    session = ActivitySession.objects.get()
    assert session.anonymous == [[2014, "female", 1, False, False]]
    assert not Participant.objects.filter(name__icontains="skyddad").exists()


def test_a_file_that_waits_is_replaced_by_the_next(send, association, alice, at):
    first, second = send(dak.usual(), write=False), send(dak.usual(), write=False)
    with pytest.raises(NotAllowedNow):
        actions.apply_attendance(first, by=alice, at=at)
    actions.discard_attendance(second, by=alice, at=at)
    assert {bytes(row.content) for row in association.attendance_imports.all()} == {b""}


CSV = """Datum;Start;Slut;Grupp;Namn;Personnummer;Födelseår;Kön;Roll;Funktionsnedsättning
2026-03-02;18.00;19.00;Flickor 12;Åsa Ek;;2014;flicka;;ja
2026-03-02;18.00;19.00;Flickor 12;=HYPERLINK("x");;2013;k;deltagare;
2026-03-02;18.00;19.00;Flickor 12;Leo Lind;{number};;;ledare;nej
2026-03-02;18.00;19.00;Flickor 12;Utan Ålder;;;;;
2026-02-30;18.00;19.00;Flickor 12;Åsa Ek;;2014;flicka;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_table_is_read_as_a_file_of_a_club_system(send, association, encoding):
    content = CSV.format(number=dak.number(1985)).encode(encoding)
    kept = send(content, name="lista.csv", write=False)
    assert (kept.report["sessions"], kept.report["participations"], kept.report["leaderships"]) == (1, 2, 1)
    assert [(note[0], note[1], note[2]) for note in kept.report["notes"]] == [
        (5, "Födelseår", "born_unreadable"),
        (6, "Datum", "day"),
    ]
    assert send(content, name="lista.csv")["new"] == 1
    session = ActivitySession.objects.get()
    assert (len(session.present), len(session.leaders), len(session.disabled)) == (2, 1, 1)
    assert send(content, name="lista.csv")["unchanged"] == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"%PDF-1.4", b"PK\x03\x04broken", b"<html>", b"a;b\n1;2\n"])
def test_files_that_are_nothing_are_refused_with_a_sentence(send, content):
    with pytest.raises(FileRefused) as refused:
        send(content, name="x")
    assert str(refused.value)


# figures and the end ----------------------------------------------------------------------------------------------------


def test_a_half_year_in_figures(mark, people, association, django_assert_num_queries):
    mark({people[0]: "present", people[1]: "present", people[4]: "leader"}, anonymous=[Anonymous(2005, "male", 1)])
    with django_assert_num_queries(2):
        found = attending.summary(association, Half(2026, 2))
    assert (found.sessions, found.participations, found.leaderships, found.minutes) == (1, 3, 1, 60)
    assert [(band.first, band.girls, band.boys) for band in found.bands] == [(7, 2, 0), (21, 0, 1)]
    assert attending.halves_with_sessions(association) == [Half(2026, 2)]


def test_after_the_time_that_is_kept_names_become_numbers_and_figures_stay(mark, people, group, association, alice, at):
    mark({people[0]: "present", people[4]: "leader"}, day=date(2025, 11, 17))
    mark({people[1]: "present"})
    actions.close_group(group, by=alice, at=at)
    before = attending.summary(association, Half(2025, 2))
    older = at - timedelta(days=300)
    assert count_old_attendance(older) == 1
    assert forget_attendance(older, at) == 1
    assert attending.summary(association, Half(2025, 2)) == before
    assert list(Participant.objects.values_list("name", flat=True)) == ["Barn 1"], "the others stand nowhere any more"
    assert forget_attendance(older, at) == 0
