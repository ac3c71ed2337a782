"""Files into schools and classes: looked at, then written; and of pupils only numbers."""

import io
import json
import logging
from uuid import uuid4

import pytest
from django.db import connection

from culture import actions
from culture.models import ClassGroup, Count, School, SchoolImport
from culture.rules.ss12000 import NotSS12000, count_classes
from records.models import Event
from records.refusals import FileRefused, NotAllowedNow
from tests.culture.conftest import AT, cohort, noon

NAMES = ("Ebbastina", "Wilhelmsdotterfalk", "Xerxesson", "20150709-9802", "ebbastina.xerxesson")
MARKINGS = ("Sekretessmarkering", "Skyddad folkbokföring")


def _unit(code, name, status="AKTIV", **more):
    """One unit as Skolenhetsregistret v2 answers."""
    return {
        "data": {
            "type": "schoolunit",
            "schoolUnitCode": code,
            "attributes": {
                "displayName": name,
                "status": status,
                "headMaster": "Rektor Rektorsson",
                "schoolUnitType": "SKOLENHET",
                "municipalityCode": "1883",
                "schoolTypes": ["FKLASS", "GR"],
                "schoolTypeProperties": {"gr": {"grades": ["1", "2", "3"]}},
                "specialSupportSchool": False,
                "hospitalSchool": False,
                "addresses": [
                    {
                        "type": "BESOKSADRESS",
                        "streetAddress": "Skolgatan 1",
                        "postalCode": "691 31",
                        "locality": "KARLSKOGA",
                        "geoCoordinates": {"latitude": "59.326664", "longitude": "14.523862"},
                    }
                ],
                **more,
            },
        },
        "included": {
            "organizationNumber": "2120001991",
            "attributes": {"displayName": "Karlskoga kommun", "organizerType": "KOMMUN"},
        },
    }


def _json(thing):
    return json.dumps(thing, ensure_ascii=False).encode()


def _ss12000(pupils=21, *, hidden=MARKINGS, missing=0, year=5, kind="GR", name="5A", code="10000001"):
    """A class as an SS 12000 server tells it: persons with names, two of them with protected identities."""
    unit, members, persons = str(uuid4()), [], []
    for number in range(pupils + len(hidden)):
        person = str(uuid4())
        members.append({"id": str(uuid4()), "person": {"id": person}})
        persons.append(
            {
                "id": person,
                "givenName": NAMES[0],
                "middleName": NAMES[1],
                "familyName": NAMES[2],
                "securityMarking": hidden[number - pupils] if number >= pupils else "Ingen",
                "eduPersonPrincipalNames": [f"{NAMES[4]}@skola.example"],
                "civicNo": {"value": NAMES[3]},
                "enrolments": [{"enroledAt": {"id": unit}, "schoolYear": year, "schoolType": kind, "cancelled": False}],
            }
        )
    return {
        "organisations": [{"id": unit, "schoolUnitCode": code, "displayName": "Albyskolan"}],
        "persons": persons[: len(persons) - missing],
        "groups": [
            {
                "id": str(uuid4()),
                "displayName": name,
                "groupType": "Klass",
                "schoolType": kind,
                "organisation": {"id": unit},
                "groupMemberships": members,
            }
        ],
    }


def _dump():
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT row_to_json(row)::text FROM "{table}" row')  # noqa: S608
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def _count(given):
    return count_classes(io.StringIO(json.dumps(given)).read)


def test_pupils_become_numbers_and_leave_no_trace(alby, planner, year, caplog):
    """Case 24: 23 memberships, two with protected identities."""
    caplog.set_level(logging.DEBUG)
    given = _ss12000()
    ids = [person["id"] for person in given["persons"]]

    upload, plan = actions.upload_ss12000(io.BytesIO(_json(given)), year=year, by=planner, at=AT)
    halfway = _dump()
    actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)

    assert ClassGroup.objects.get().fragments.get().live == 23
    assert Count.objects.get().source == "ss12000"
    everything = halfway + _dump() + caplog.text
    found = [word for word in (*NAMES, *MARKINGS, *ids) if word.lower() in everything.lower()]
    assert found == []


def test_protected_pupil_who_is_left_out_of_the_persons_is_counted_all_the_same(alby, planner, year):
    """Case 24: the membership is there, the person is not."""
    _upload, plan = actions.upload_ss12000(io.BytesIO(_json(_ss12000(missing=2))), year=year, by=planner, at=AT)

    assert [(cell.name, cell.new) for cell in plan.changes[0].cells] == [("5", "23")]
    assert plan.notes == ("5A: 2 utan egen årskurs räknas med de andra.",)


@pytest.mark.parametrize("cut", [0.3, 0.5, 0.9])
def test_broken_file_tells_a_place_and_nobodys_name(alby, planner, year, caplog, cut):
    """Case 24: nothing in error reports."""
    content = _json(_ss12000())

    with pytest.raises(FileRefused) as refused:
        actions.upload_ss12000(io.BytesIO(content[: int(len(content) * cut)]), year=year, by=planner, at=AT)

    error, told = refused.value, str(refused.value) + caplog.text
    while error:
        told += repr(error) + repr(vars(error))
        assert error.__suppress_context__ or error.__context__ is None
        error = error.__cause__
    assert not [word for word in NAMES if word in told]
    assert not SchoolImport.objects.exists()


def test_preschool_class_is_the_first_year_whatever_it_is_called(alby, planner, year):
    """Case 23."""
    given = _ss12000(pupils=12, hidden=(), year=0, kind="FSK", name="F-1")
    first = _ss12000(pupils=10, hidden=(), year=1, name="F-1")
    unit = given["organisations"][0]["id"]
    for person in first["persons"]:
        person["enrolments"][0]["enroledAt"]["id"] = unit
    given["persons"] += first["persons"]
    given["groups"][0]["groupMemberships"] += first["groups"][0]["groupMemberships"]

    [counted] = _count(given).classes

    assert counted.pupils == ((0, 12), (1, 10))


def test_lists_may_come_in_any_order_and_be_read_in_small_pieces():
    given = _ss12000()
    text = json.dumps({"groups": given["groups"], "meta": {"page": [1, {"a": None}]}, **given})
    for size in (1, 7, 100, 65_536):
        stream = io.StringIO(text)
        [counted] = count_classes(lambda _asked, stream=stream, size=size: stream.read(size)).classes
        assert counted.total == 23


def test_other_groups_and_school_types_are_not_classes():
    given = _ss12000()
    group = given["groups"][0]
    given["groups"] += [{**group, "groupType": "Mentor"}, {**group, "schoolType": "GY"}]

    assert [(each.name, each.total) for each in _count(given).classes] == [("5A", 23)]


def test_cancelled_enrolment_does_not_give_a_grade():
    given = _ss12000(pupils=3, hidden=())
    given["persons"][0]["enrolments"].insert(0, {**given["persons"][0]["enrolments"][0], "schoolYear": 4, "cancelled": True})

    assert _count(given).classes[0].pupils == ((5, 3),)


def test_class_without_a_known_school_is_told_of(alby, planner, year):
    _upload, plan = actions.upload_ss12000(io.BytesIO(_json(_ss12000(code="12"))), year=year, by=planner, at=AT)

    assert plan.changes == ()
    assert plan.faults == ((None, "5A", "Filen anger ingen skolenhetskod för klassen."),)


@pytest.mark.parametrize("text", ["", "[]", "not json", '{"persons": 5}', '{"persons": [', '{"persons"'])
def test_what_is_no_ss12000_is_refused(text):
    with pytest.raises(NotSS12000):
        count_classes(io.StringIO(text).read)


def test_school_reads_in_its_own_classes_and_no_others(alby, berga, teacher, year):
    given = _ss12000()
    upload, plan = actions.upload_ss12000(io.BytesIO(_json(given)), year=year, by=teacher, at=AT, school=alby)
    assert plan.new == 1
    with pytest.raises(NotAllowedNow):
        actions.upload_ss12000(io.BytesIO(_json(given)), year=year, by=teacher, at=AT)
    with pytest.raises(NotAllowedNow):
        actions.upload_ss12000(io.BytesIO(_json(given)), year=year, by=teacher, at=AT, school=berga)

    actions.apply_import(upload, digest=plan.digest, by=teacher, at=AT)
    _again, plan = actions.upload_ss12000(io.BytesIO(_json(given)), year=year, by=teacher, at=AT, school=alby)
    assert (plan.new, plan.changed, plan.unchanged) == (0, 0, 1)


def test_what_was_looked_at_is_what_is_written(alby, planner, year, teacher):
    upload, plan = actions.upload_ss12000(io.BytesIO(_json(_ss12000())), year=year, by=planner, at=AT)
    actions.add_class(alby, year, "5 a", {cohort(5): 20}, by=teacher, at=AT)

    with pytest.raises(NotAllowedNow) as refused:
        actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)
    assert refused.value.code == "moved"

    plan = actions.look_again(upload)
    assert [(cell.old, cell.new) for cell in plan.changes[0].cells] == [("20", "23")]
    actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)
    assert ClassGroup.objects.get().fragments.get().live == 23
    with pytest.raises(NotAllowedNow):
        actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)


def test_table_of_classes_is_read_with_row_numbers_of_what_cannot_be(alby, planner, year):
    text = (
        "Skolenhetskod;Klass;Årskurs;Elever;Vuxna\n"
        "10000001;F-1;F;12;3\n10000001;f - 1;1;10;\n10000001;5A;5;24;\n"
        "10000001;5B;11;24;\n123;5C;5;24;\n10000001;5D;5;många;\n10000001;20150709-9802;5;1;\n99999999;5E;5;20;\n"
    )

    upload, plan = actions.upload_class_list(text.encode(), "klasser.csv", year=year, by=planner, at=AT)
    actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)

    assert [(row, what) for row, what, _sentence in plan.faults] == [(5, ""), (6, ""), (7, ""), (8, ""), (None, "5E")]
    groups = ClassGroup.objects.order_by("key")
    assert [(group.name, group.adults, group.pupils) for group in groups] == [("5A", 2, 24), ("F-1", 3, 22)]
    assert "9802" not in _dump()


def test_table_of_the_measuring_date_sets_the_official_figures(alby, planner, year):
    text = "Skolenhetskod;Klass;Årskurs;Elever\n10000001;5A;5;24\n"
    upload, plan = actions.upload_class_list(
        text.encode(), "klasser.csv", year=year, by=planner, at=noon(2026, 10, 20), official=True
    )
    actions.apply_import(upload, digest=plan.digest, by=planner, at=noon(2026, 10, 20))

    part = ClassGroup.objects.get().fragments.get()
    assert (part.official, part.live) == (24, 24)


def test_units_of_the_register_are_looked_at_and_written(make_school, planner):
    """Case 36: a closed unit and the one that came after it."""
    school = make_school("Gammalt namn", "29293076", hall_capacity=90)
    given = [_unit("29293076", "Bregårdsskolan", "UPPHORT"), _unit("35822371", "Bregårdsskolan")]

    upload, plan = actions.upload_school_units(_json(given), by=planner, at=AT)
    assert (plan.new, plan.changed) == (1, 1)
    assert School.objects.count() == 1
    actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)

    school.refresh_from_db()
    assert (school.name, school.status, school.hall_capacity) == ("Bregårdsskolan", "closed", 90)
    new = School.objects.get(code="35822371")
    assert (new.status, new.organiser, new.grades, new.kinds) == (
        "active",
        "municipal",
        [0, 1, 2, 3],
        ["compulsory", "preschool_class"],
    )
    assert (float(new.latitude), new.postcode, new.municipality) == (59.326664, "69131", "1883")
    assert list(School.objects.closed_without_successor()) == [school]
    assert "Rektorsson" not in _dump()
    assert Event.objects.filter(verb="culture.imported").count() == 1
    _again, plan = actions.upload_school_units(_json(given), by=planner, at=AT)
    assert (plan.new, plan.changed, plan.unchanged) == (0, 0, 2)


def test_example_code_gives_way_to_the_real_one(make_school, add_class, planner):
    school = make_school("Rävåsskolan", "99188301", code_is_example=True)
    add_class(school, "5A", {5: 20})

    upload, plan = actions.upload_school_units(_json(_unit("12345678", "Rävåsskolan")), by=planner, at=AT)
    assert (plan.new, plan.changed) == (0, 1)
    assert ("code", "99188301", "12345678") in [(cell.name, cell.old, cell.new) for cell in plan.changes[0].cells]
    actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)

    assert School.objects.get() == school
    assert (School.objects.get().code, School.objects.get().code_is_example) == ("12345678", False)


def test_list_of_the_register_changes_only_what_it_tells(alby, planner):
    given = {
        "meta": {"extractDate": "2026-11-26T06:00:00Z"},
        "data": {
            "type": "schoolunit",
            "attributes": [
                {"schoolUnitCode": "10000001", "name": "Albyskolan", "status": "VILANDE"},
                {"schoolUnitCode": "1", "name": "Fel", "status": "AKTIV"},
                {"schoolUnitCode": "10000077", "name": "Ny", "status": "NYTT"},
            ],
        },
    }

    upload, plan = actions.upload_school_units(_json(given), by=planner, at=AT)
    actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)

    alby.refresh_from_db()
    assert (alby.status, alby.grades) == ("resting", list(range(10)))
    assert [what for _row, what, _sentence in plan.faults] == ["1", "10000077"]


def test_kinds_of_schools_are_told_apart(planner):
    given = [
        _unit("10000011", "Resursskolan", specialSupportSchool=True),
        _unit("10000012", "Sjukhusskolan", hospitalSchool=True),
        _unit("10000013", "Anpassade", schoolTypes=["GRAN"], schoolTypeProperties={"gran": {"grades": ["1", "9"]}}),
        _unit("10000014", "Gymnasiet", schoolTypes=["GY"]),
        _unit("10000015", "Central", schoolUnitType="CENTRAL"),
    ]
    given[0]["included"]["attributes"]["organizerType"] = "ENSKILD"

    upload, plan = actions.upload_school_units(_json(given), by=planner, at=AT)
    actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)

    kinds = {school.code[-2:]: set(school.kinds) for school in School.objects.all()}
    assert kinds == {
        "11": {"preschool_class", "compulsory", "resource"},
        "12": {"preschool_class", "compulsory", "hospital"},
        "13": {"adapted"},
    }
    assert School.objects.get(code="10000011").organiser == "independent"


def test_school_does_not_read_in_the_register(teacher):
    with pytest.raises(NotAllowedNow):
        actions.upload_school_units(_json(_unit("10000011", "Skolan")), by=teacher, at=AT)


@pytest.mark.parametrize("content", [b"", b"hej", b"{}", b"\xff\xfe"])
def test_what_is_not_the_register_is_refused(planner, content):
    with pytest.raises(FileRefused):
        actions.upload_school_units(content, by=planner, at=AT)


def test_file_that_is_thrown_away_changes_nothing(alby, planner, year):
    upload, plan = actions.upload_ss12000(io.BytesIO(_json(_ss12000())), year=year, by=planner, at=AT)
    actions.discard_import(upload, by=planner, at=AT)

    with pytest.raises(NotAllowedNow):
        actions.apply_import(upload, digest=plan.digest, by=planner, at=AT)
    assert not ClassGroup.objects.exists()
