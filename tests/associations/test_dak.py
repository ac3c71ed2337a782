"""DAK files read: both versions, files from the wild, hostile files, and each row that is left out with its line."""

import io
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from associations.exchange.dak import read_dak
from associations.exchange.sessions import Reading, packed, unpacked
from associations.rules.numbers import contains_personal_number
from records.refusals import FileRefused
from tests.associations import dak

OUR = "8024001235"


def read(text, encoding="utf-8"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    reading = Reading(number=OUR, salt="1", on=date(2026, 11, 26))
    return list(read_dak(io.BytesIO(content), reading, municipality="1883")), reading


def marks(session, reading):
    return sorted((reading.people[each.person].name, each.mark) for each in session.marks)


def codes(reading):
    return [(note.line, note.code) for note in reading.notes]


@pytest.mark.parametrize("version", ["2.1", "2.2"])
def test_both_versions_are_read(version):
    (found,), reading = read(dak.usual(version=version))
    assert (found.day, found.starts, found.minutes, found.method) == (date(2026, 3, 2), time(18), 60, "Add")
    assert [mark for _name, mark in marks(found, reading)] == ["present", "present", "present", "leader"]
    assert {(person.born, person.sex) for person in reading.people} == {(2014, "female"), (2014, "male"), (1985, "male")}
    assert reading.notes == []


def test_what_the_file_held_is_told_as_the_format_asks():
    _found, reading = read(dak.usual(people=("p1", "p2", dak.mark("p3", here="false"))))
    assert (reading.sessions, reading.participations, reading.leaderships) == (1, 2, 1)


def test_no_personal_number_is_left_in_what_is_kept():
    text = dak.usual()
    found, reading = read(text)
    groups, people, sessions = unpacked(packed(reading, found))
    assert list(sessions()) == found
    assert [len(person.identity) for person in people] == [64] * 4
    assert not contains_personal_number(" ".join(map(str, [groups, people, list(sessions())])))


def test_the_same_person_has_another_hash_in_another_association():
    one, other = (Reading(number=OUR, salt=salt, on=date(2026, 1, 1)) for salt in ("1", "2"))
    for reading in (one, other):
        reading.person(1, "", name="Kim", number=dak.number(2014), external="")
    assert one.people[0].identity != other.people[0].identity


def test_without_need_of_identity_no_hash_is_kept(settings):
    settings.ATTENDANCE_KEEPS_IDENTITY = False
    _found, reading = read(dak.usual())
    assert {person.identity for person in reading.people} == {""}


# the wild ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "iso-8859-1"])
def test_files_in_other_encodings_are_read(encoding):
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n'
    text = dak.usual(head=head).replace("Barn1", "Åsa Ö")
    (found,), reading = read(text, encoding)
    assert "Åsa Ö Exempel" in [name for name, _mark in marks(found, reading)]


def test_a_file_that_says_the_wrong_encoding_is_read():
    (found,), reading = read(dak.usual(head='<?xml version="1.0" encoding="utf-16"?>\n').replace("Barn1", "Åsa"))
    assert "Åsa Exempel" in [name for name, _mark in marks(found, reading)]
    (found,), reading = read(dak.usual().replace("Barn1", "Åsa"), "cp1252")
    assert "Åsa Exempel" in [name for name, _mark in marks(found, reading)]


@pytest.mark.parametrize(
    ("starts", "stops", "more", "minutes"),
    [
        ("18:00:00.0000000+01:00", "19:30:00.0000000+01:00", "", 90),
        ("23:30:00", "00:30:00", "", 60),
        ("23:30:00", "00:30:00", "<StoppDatum>2026-03-03</StoppDatum>", 60),
        ("18:00", "19.15", "<SlutDatum>2026-03-02</SlutDatum>", 75),
    ],
)
def test_times_as_club_systems_write_them(starts, stops, more, minutes):
    text = dak.whole(dak.card(dak.session("A-1", starts=starts, stops=stops, more=more)))
    (found,), reading = read(text)
    assert (found.minutes, reading.notes) == (minutes, [])


def test_elements_that_are_not_of_the_format_are_passed_over():
    more = "<Kon>K</Kon><Kommun>1883</Kommun><Postnr>69131</Postnr>"
    people = dak.person("p1", "20140315", more=more)
    text = dak.whole(
        dak.card(dak.session("A-1", people=("p1",), more="<Grupp>Röd</Grupp>", kind="Taevling")), people=people, of=""
    )
    (found,), reading = read(text)
    assert (found.kind, reading.people[0].sex, reading.people[0].identity) == ("match", "female", "")
    assert [note.code for note in reading.notes] == ["association_id_missing"]


def test_people_twice_and_in_both_lists_count_once():
    people = dak.person("p1", dak.number(2014)) + dak.person("p2", dak.number(2014)) + dak.person("p3", dak.number(2009, 7))
    leaders = dak.person("l1", dak.number(2009, 7), kind="Ledare")
    text = dak.whole(dak.card(dak.session("A-1", people=("p1", "p2", "p3"), leaders=("l1",))), people=people, leaders=leaders)
    (found,), reading = read(text)
    assert sorted(each.mark for each in found.marks) == ["leader", "present"]
    assert [note.code for note in reading.notes] == ["person_twice", "in_both_lists"]


def test_a_temporary_leader_leads_that_once():
    people = dak.person("p1", dak.number(2010))
    here = dak.mark("p1", attributes=' tillfaelligLedare="true"')
    (found,), _reading = read(dak.whole(dak.card(dak.session("A-1", people=(here,))), people=people))
    assert found.marks[0].mark == "leader"


def test_a_protected_person_is_only_a_number():
    people = dak.person("p1", dak.number(2014, girl=True), first="Skyddad", last="identitet")
    (found,), reading = read(dak.whole(dak.card(dak.session("A-1", people=("p1",))), people=people))
    person = reading.people[found.marks[0].person]
    assert person == ("", 2014, "female", "", "", True, None)


def test_a_co_ordination_number_is_a_person():
    people = dak.person("p1", dak.number(2014, day=75))
    (found,), reading = read(dak.whole(dak.card(dak.session("A-1", people=("p1",))), people=people))
    assert (len(found.marks), reading.people[0].born, reading.notes) == (1, 2014, [])


# rows that are left out -------------------------------------------------------------------------------------------------


def test_a_row_that_cannot_be_read_is_told_with_its_line_and_the_others_are_kept():
    good = dak.session("A-1", people=("p1",))
    bad = dak.session("A-2", day="2026-02-30", people=("p1",))
    text = dak.whole(
        dak.card(good, bad, dak.session("A-3", day="2026-03-09", people=("p1", "nobody"))),
        people=dak.person("p1", dak.number(2014)),
    )
    found, reading = read(text)
    assert [each.code for each in found] == ["A-1", "A-3"]
    lines = text.splitlines()
    (first, one), (second, other) = codes(reading)
    assert (one, other) == ("day", "not_in_register")
    assert 'kod="A-2"' in lines[first - 1]
    assert 'id="nobody"' in lines[second - 1]
    assert reading.notes[0].path == "Foerening[2400]/Naervarokort[323]/Sammankomst[A-2]"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('kod="A-1"', 'kod="A"', "code_length"),
        ("<Metod>Add", "<Metod>Replace", "method"),
        ('Datum="2026-03-02"', 'Datum="2026-11-27"', "ahead"),
        ("<StoppTid>19:00:00", "<StoppTid>18:00:00", "times"),
        ("<StartTid>18:00:00", "<StartTid>25:00:00", "times"),
        ('NaervarokortNummer="323"', 'NaervarokortNummer="abc"', "card_number"),
        (dak.number(2014, 1, girl=True), "", "identity_missing"),
        (dak.number(2014, 1, girl=True), "hemligt", "identity_unreadable"),
        ("<Naervarande>true", "<Naervarande>kanske", "present_unreadable"),
    ],
)
def test_what_is_wrong_is_told(old, new, code):
    _found, reading = read(dak.usual().replace(old, new, 1))
    assert code in [note.code for note in reading.notes if note.refused]


def test_marks_of_somebody_who_was_left_out_are_counted_with_them():
    text = dak.usual().replace(dak.number(2014, 1, girl=True), "")
    (found,), reading = read(text)
    assert len(found.marks) == 3
    assert [(note.code, note.figures) for note in reading.notes] == [("identity_missing", {"marks": 1})]


def test_personal_numbers_are_masked_also_in_paths_and_values():
    secret = dak.number(2014)
    _found, reading = read(dak.usual().replace('id="p1"', f'id="{secret}"').replace("A-1", secret).replace("Add", secret))
    told = " ".join(f"{note.path} {note.figures}" for note in reading.notes)
    assert reading.notes
    assert secret not in told
    assert secret[-4:] not in told


def test_the_same_code_twice_on_a_card_keeps_the_first():
    other = dak.session("A-1", day="2026-03-03")
    found, reading = read(dak.whole(dak.card(dak.session("A-1"), dak.session("A-1"), other)))
    assert [each.day for each in found] == [date(2026, 3, 2)]
    assert [(note.code, note.refused) for note in reading.notes] == [("code_twice_same", False), ("code_twice", True)]


def test_another_associations_part_is_left_out():
    found, reading = read(dak.usual(organisation="802400-2001"))
    assert found == []
    assert [note.code for note in reading.notes] == ["another_association"]
    found, reading = read(dak.usual(organisation="16802400-1235"))
    assert (len(found), reading.notes) == (1, [])


# files that are refused as a whole --------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_dak"),
        ("<html></html>", "not_dak"),
        ("<Aktivitetskort/>", "not_dak"),
        (dak.usual(head=BOMB).replace("Barn1", "&c;"), "not_dak"),
        (dak.usual(head='<!DOCTYPE a SYSTEM "file:///etc/passwd">\n'), "not_dak"),
        (dak.usual(head='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n').replace("Barn1", "&x;"), "not_dak"),
        (dak.usual().replace("Barn1", "&x;"), "broken"),
        (dak.usual()[:900], "broken"),
        (dak.usual().replace("</StoppTid>", "</StartTid>"), "broken"),
        (dak.usual(municipality="2480"), "elsewhere"),
        (dak.usual().replace("<Sammankomster>", "<a>" * 60, 1), "too_deep"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else value,
)
def test_files_that_cannot_be_read_are_refused_with_a_sentence(text, code):
    with pytest.raises(FileRefused) as refused:
        read(text)
    assert refused.value.code in {code, "doctype"}
    assert "passwd" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_damaged_file_says_at_which_line():
    text = dak.usual().replace("</StoppTid>", "</StartTid>")
    with pytest.raises(FileRefused) as refused:
        read(text)
    line = next(number for number, row in enumerate(text.splitlines(), start=1) if "<StoppTid>" in row)
    assert str(line) in str(refused.value)


def test_lines_are_right_far_down_in_a_large_file():
    people = dak.person("p1", dak.number(2014))
    sessions = [
        dak.session(f"A-{n}", day="2026-03-02" if n < 6_000 else "fel", starts="18:00", people=("p1",)) for n in range(6_001)
    ]
    text = dak.whole(dak.card(*sessions), people=people)
    _found, reading = read(text)
    ((line, code),) = codes(reading)
    assert code == "day"
    assert line > 65_536
    assert 'Datum="fel"' in text.splitlines()[line - 1]


def test_a_tag_without_end_is_refused_before_it_fills_the_memory():
    with pytest.raises(FileRefused) as refused:
        read(dak.usual().replace('id="p1"', f'id="{"x" * 3_000_000}"'))
    assert refused.value.code == "too_long"


def test_an_endless_name_is_cut_and_fills_no_memory():
    _found, reading = read(dak.usual().replace("Barn1", "x" * 11_000_000))
    assert max(len(person.name) for person in reading.people) == 150


# fuzz -------------------------------------------------------------------------------------------------------------------

SAMPLE = dak.usual()


@st.composite
def damaged(draw):
    text = SAMPLE
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 40)))
        junk = st.text(max_size=12) | st.sampled_from(
            ["<", ">", "&", '"', "</Sammankomst>", "<Deltagare>", "\x00", "]]>", "<!--"]
        )
        text = text[:start] + draw(junk) + text[stop:]
    return text.encode(draw(st.sampled_from(["utf-8", "utf-16", "iso-8859-1"])), errors="replace")


@given(damaged() | st.binary(max_size=300))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_the_file_it_is_read_or_refused_with_a_sentence(content):
    try:
        found, reading = read(content)
        outcome = list(unpacked(packed(reading, found))[2]()) == found
    except FileRefused as refused:
        outcome = bool(str(refused))
    assert outcome


values = st.sampled_from(
    ["", "true", "false", "1", "A-1", "2026-03-02", "19:00:00", "Add", "Update", "-1", "Ö" * 200, "=1+1", "199803158515"]
)


@given(
    st.lists(st.tuples(st.sampled_from(["Datum", "kod", "id"]), values), max_size=4),
    st.lists(st.tuples(st.integers(0, 12), values), max_size=6),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_stands_in_the_elements_nothing_falls(attributes, texts):
    text = SAMPLE
    leaves = ["StartTid", "StoppTid", "Aktivitet", "Lokal", "Typ", "Metod", "NamnPaaKort", "Handikapp", "Naervarande", "Foernamn"]
    leaves += ["Efternamn", "Personnummer", "Ingenting"]
    for place, value in texts:
        start = text.find(f"<{leaves[place]}>")
        if start >= 0:
            stop = text.find("</", start)
            text = text[: start + len(leaves[place]) + 2] + value + text[stop:]
    for name, value in attributes:
        start = text.find(f' {name}="')
        stop = text.find('"', start + len(name) + 3)
        text = text[: start + len(name) + 3] + value + text[stop:]
    found, reading = read(text)
    assert len(found) <= reading.sessions == 1
