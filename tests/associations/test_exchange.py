"""The register as a file: out, in, and what happens with files that are wrong."""

import io
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook
from tablib import Dataset
from xlsxwriter import Workbook

from associations import actions
from associations.actions import FileRefused, NotAllowedNow
from associations.choices import AssociationStatus
from associations.exchange.reading import read, suffix_of
from associations.exchange.writing import register_file
from associations.models import Association, RegisterImport
from records.models import Case, Event

HEAD = "Organisationsnummer;Namn;Kategori;E-post;Telefon;Medlemsavgift (kr);Bildad\n"
ONE = "802400-5673;Möckelns IF;Barn- och ungdomsförening;info@mockeln.example;0586-123 45;1 200,50;2010-12-04\n"


def numbers(count):
    """Valid organisation numbers."""
    for serial in range(count):
        stem = f"8025{serial:05d}"
        digits = [int(digit) * (2 - place % 2) for place, digit in enumerate(stem)]
        yield stem + str(-sum(digit // 10 + digit % 10 for digit in digits) % 10)


def csv_file(*rows, head=HEAD):
    return (head + "".join(rows)).encode("utf-8-sig")


@pytest.fixture
def upload(karlskoga, officer, at):
    """Upload a file: upload(csv_file(...)) -> (import, plan)."""
    return lambda content, name="register.csv": actions.upload_register(name=name, content=content, by=officer, at=at)


@pytest.fixture
def apply(officer, at):
    return lambda kept, plan: actions.apply_import(kept, digest=plan.digest, by=officer, at=at)


def test_a_new_row_becomes_a_registered_association_when_it_is_confirmed_and_not_before(upload, apply, at):
    kept, plan = upload(csv_file(ONE))
    assert (plan.new, plan.changed, plan.unchanged, plan.faults) == (1, 0, 0, ())
    assert not Association.objects.exists()
    apply(kept, plan)
    association = Association.objects.get()
    assert (association.name, association.status) == ("Möckelns IF", AssociationStatus.REGISTERED)
    assert (str(association.membership_fee), str(association.founded_on)) == ("1200.50", "2010-12-04")
    assert association.registered_on == at.date()
    assert association.category.key == "barn-och-ungdom"


def test_the_preview_shows_each_cell_that_would_change(association, upload):
    _kept, plan = upload(csv_file("802400-1235;Teaterboden i Karlskoga;Kulturförening;8024001235@example.org;;;\n"))
    assert plan.changed == 1
    assert [(cell.heading, cell.old, cell.new) for cell in plan.changes[0].cells] == [
        ("Namn", "Teaterboden", "Teaterboden i Karlskoga")
    ]


def test_columns_that_the_file_lacks_are_left_as_they_are(association, upload, apply):
    Association.objects.filter(pk=association.pk).update(town="Karlskoga", membership_fee=150)
    kept, plan = upload(csv_file("8024001235;Teaterboden;070-123 45 67\n", head="Organisationsnummer;Namn;Telefon\n"))
    apply(kept, plan)
    association.refresh_from_db()
    assert (association.phone, association.town, association.membership_fee) == ("070-123 45 67", "Karlskoga", 150)


def test_the_same_file_twice_changes_nothing_the_second_time(upload, apply):
    kept, plan = upload(csv_file(ONE))
    apply(kept, plan)
    _kept, again = upload(csv_file(ONE))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


def test_a_changed_row_counts_up_its_version_so_that_an_open_page_notices(association, upload, apply):
    kept, plan = upload(csv_file("8024001235;Nytt namn\n", head="Organisationsnummer;Namn\n"))
    apply(kept, plan)
    before = association.version
    association.refresh_from_db()
    assert association.version == before + 1


def test_every_cell_that_cannot_be_read_is_told_with_row_column_and_sentence(upload):
    _kept, plan = upload(
        csv_file(
            ONE,
            "802400-1234;Fel siffra;;;;;\n",
            "\n",
            "8024002340;;Pensionärsförening;inte en adress;;tolv;i våras\n",
        )
    )
    assert {(fault.row, fault.heading) for fault in plan.faults} == {
        (3, "Organisationsnummer"),
        (5, "Namn"),
        (5, "Kategori"),
        (5, "E-post"),
        (5, "Medlemsavgift (kr)"),
        (5, "Bildad"),
    }
    sentences = {fault.heading: fault.sentence for fault in plan.faults}
    assert sentences["Organisationsnummer"] == "Organisationsnumret 802400-1234 stämmer inte."
    assert sentences["Kategori"].startswith("Pensionärsförening finns inte bland: Barn- och ungdomsförening")


def test_a_file_with_faults_is_not_written_at_all(upload, apply):
    kept, plan = upload(csv_file(ONE, "802400-1234;Fel siffra;;;;;\n"))
    with pytest.raises(NotAllowedNow) as refusal:
        apply(kept, plan)
    assert refusal.value.code == "faults"
    assert not Association.objects.exists()


def test_the_same_association_twice_in_a_file_is_a_fault(upload):
    _kept, plan = upload(csv_file(ONE, ONE))
    assert [(fault.row, fault.heading) for fault in plan.faults] == [(3, "Organisationsnummer")]


def test_a_personal_number_is_never_read_in(upload):
    _kept, plan = upload(csv_file("19850709-9805;Privatpersonen;;;;;\n"))
    assert "personnummer" in plan.faults[0].sentence
    assert "850709" not in plan.faults[0].sentence


def test_the_status_of_a_known_association_is_not_changed_by_a_file(association, upload):
    _kept, plan = upload(csv_file("8024001235;upplöst\n", head="Organisationsnummer;Status\n"))
    assert [fault.heading for fault in plan.faults] == ["Status"]


def test_what_is_confirmed_is_exactly_what_was_previewed(association, upload, apply, alice, at):
    kept, plan = upload(csv_file("8024001235;Nytt namn;0586-1 00 00\n", head="Organisationsnummer;Namn;Telefon\n"))
    actions.change_facts(association, facts={"phone": "0586-1 00 00"}, version=association.version, by=alice, at=at)
    with pytest.raises(NotAllowedNow) as refusal:
        apply(kept, plan)
    assert refusal.value.code == "moved"
    association.refresh_from_db()
    assert association.name == "Teaterboden"


def test_a_kept_file_that_somebody_has_touched_is_not_written(upload, apply):
    kept, plan = upload(csv_file(ONE))
    RegisterImport.objects.update(content=csv_file("8024002340;En annan;;;;;\n"))
    with pytest.raises(NotAllowedNow) as refusal:
        apply(kept, plan)
    assert refusal.value.code == "content"


def test_a_file_is_imported_once_and_its_content_is_not_kept(upload, apply):
    kept, plan = upload(csv_file(ONE))
    apply(kept, plan)
    with pytest.raises(NotAllowedNow):
        apply(kept, plan)
    assert bytes(RegisterImport.objects.get().content) == b""


def test_the_log_has_the_import_as_a_case_and_a_line_in_each_association_that_has_one(association, upload, apply):
    kept, plan = upload(csv_file(ONE, "802400-1235;Nytt namn;;;;;\n"))
    apply(kept, plan)
    event = Event.objects.get(verb="associations.imported")
    assert event.changes["new"] == [None, 1]
    assert event.changes["changed"] == [None, 1]
    assert Case.objects.get(pk=event.case_id).closed_at is not None
    line = Event.objects.get(verb="associations.facts_imported")
    assert line.case == association.case
    assert "Nytt namn" not in str(line.changes)


def test_a_stranger_imports_nothing(karlskoga, alice, at):
    with pytest.raises(NotAllowedNow):
        actions.upload_register(name="x.csv", content=csv_file(ONE), by=alice, at=at)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "tom.csv"),
        (b"%PDF-1.4 ...", "register.pdf"),
        (b"PK\x03\x04 not a zip at all", "register.xlsx"),
        (b"\x00\x01\x02\x03" * 100, "register.xls"),
        (b"Namn;Ort\nTeaterboden;Karlskoga\n", "utan-nummer.csv"),
        (b"Organisationsnummer;Namn;Namn\n8024005673;A;B\n", "dubbla.csv"),
        (b"Organisationsnummer;Namn\n", "bara-rubriker.csv"),
        (b'Organisationsnummer;Namn\n8024005673;"aldrig avslutad\n', "citat.csv"),
        (b"Organisationsnummer;Namn\n" + b"1;x\n" * 20_001, "for-lang.csv"),
        (b";".join(b"k%d" % n for n in range(80)) + b"\n1\n", "for-bred.csv"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(upload, content, name):
    with pytest.raises(FileRefused) as refusal:
        upload(content, name)
    assert str(refusal.value)
    assert not RegisterImport.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_the_ways_programs_write_it(encoding, delimiter):
    text = delimiter.join(("Organisationsnummer", "Namn")) + "\n" + delimiter.join(("8024005673", "Möckelns IF")) + "\n"
    assert read(text.encode(encoding), "csv").rows["Namn"] == ["Möckelns IF"]


def excel(rows):
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return out.getvalue()


def test_excel_is_read_though_it_gives_whole_numbers_as_decimals(upload, apply):
    content = excel(
        [("Organisationsnummer", "Namn", "Postnummer", "Medlemsavgift (kr)"), (8024005673, "Möckelns IF", 69132, 150.5)]
    )
    assert suffix_of("register.xlsx", content) == "xlsx"
    kept, plan = upload(content, "register.xlsx")
    apply(kept, plan)
    association = Association.objects.get()
    assert (association.organisation_number, association.postcode) == ("8024005673", "69132")
    assert str(association.membership_fee) == "150.50"


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "csv"])
def test_what_is_saved_as_a_file_reads_back_unchanged(association, upload, suffix, at):
    Association.objects.filter(pk=association.pk).update(
        membership_fee="150.50", postcode="69132", founded_on="2010-12-04", acts_here=True, phone="+46 586 123 45", seat="1883"
    )
    content = register_file(Association.objects.all(), suffix, at.date())
    _kept, plan = upload(content, f"register.{suffix}")
    assert plan.faults == ()
    assert (plan.new, plan.changed, plan.unchanged) == (0, 0, 1)


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "csv"])
def test_nothing_that_is_typed_becomes_a_formula(association, suffix, at):
    for evil in ('=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(A1)", "=1+1"):
        Association.objects.filter(pk=association.pk).update(description=evil, name=evil)
        content = register_file(Association.objects.all(), suffix, at.date())
        if suffix == "csv":
            assert f";{evil}" not in content.decode("utf-8-sig")
            assert f"'{evil[:1]}" in content.decode("utf-8-sig")
        elif suffix == "xlsx":
            assert b"<f>" not in _part(content, "xl/worksheets/sheet1.xml")
        else:
            assert b"table:formula" not in _part(content, "content.xml")


def _part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def test_members_stand_in_the_file(association, counts, alice, at):
    actions.report_members(association, year=2026, counts=counts, active=11, as_of=at.date(), by=alice, at=at)
    book = CalamineWorkbook.from_filelike(io.BytesIO(register_file(Association.objects.all(), "xlsx", at.date())))
    rows = book.get_sheet_by_index(0).to_python()
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Medlemmar"], row["Aktiva medlemmar"]) == (12, 11)


def test_saving_costs_the_same_number_of_queries_for_one_and_three(association, register, alice, at, django_assert_num_queries):
    with django_assert_num_queries(4):
        register_file(Association.objects.select_related("category", "activity", "area"), "csv", at.date())
    register("Möckelns IF", "8024005673", by=alice)
    register("Bofors Sim", "8024002340", by=alice)
    with django_assert_num_queries(4):
        register_file(Association.objects.select_related("category", "activity", "area"), "csv", at.date())


def test_five_thousand_rows_are_previewed_and_written_in_seconds(upload, apply, capsys):
    rows = [f"{number};Förening {serial};Kulturförening;;;100;2010-01-01\n" for serial, number in enumerate(numbers(5000))]
    started = time.perf_counter()
    kept, plan = upload(csv_file(*rows))
    looked = time.perf_counter()
    apply(kept, plan)
    written = time.perf_counter()
    assert Association.objects.count() == 5000
    with capsys.disabled():
        print(f"\n5 000 rows: preview {looked - started:.1f} s, write {written - looked:.1f} s")
    assert written - started < 120


def test_the_pages_of_an_import(association, officer, sign_in):
    client = sign_in(officer)
    wrong = client.post(reverse("associations:import_new"), {"file": SimpleUploadedFile("r.pdf", b"%PDF-1.4")})
    assert wrong.status_code == 422
    assert "ingen tabell" in wrong.content.decode()
    file = SimpleUploadedFile("register.csv", csv_file(ONE, "8024001235;Nytt namn;;;;;\n"))
    preview = client.post(reverse("associations:import_new"), {"file": file}).headers["Location"]
    page = client.get(preview).content.decode()
    assert "1 nya, 1 ändrade och 0 oförändrade" in page
    assert client.post(preview, {"digest": "something else"}).status_code == 409
    digest = page.split('name="digest" value="')[1].split('"')[0]
    assert client.post(preview, {"digest": digest}).headers["Location"] == reverse("associations:association_list")
    assert Association.objects.get(pk=association.pk).name == "Nytt namn"


def test_an_import_can_be_thrown_away(officer, upload, sign_in):
    kept, _plan = upload(csv_file(ONE))
    sign_in(officer).post(reverse("associations:import_discard", args=[kept.pk]))
    kept.refresh_from_db()
    assert kept.status == "discarded"
    assert bytes(kept.content) == b""


def test_the_list_is_saved_as_it_is_filtered(association, register, alice, officer, sign_in):
    register("Möckelns IF", "8024005673", by=alice, category="barn-och-ungdom")
    answer = sign_in(officer).get(reverse("associations:association_export", args=["csv"]), {"q": "teater"})
    text = answer.content.decode("utf-8-sig")
    assert "Teaterboden" in text
    assert "Möckelns" not in text
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="foreningar-')


def test_ods_from_another_program_is_read():
    content = Dataset(("8024005673", "Möckelns IF"), headers=("Organisationsnummer", "Namn")).export("ods")
    assert suffix_of("x.ods", content) == "ods"
    assert read(content, "ods").rows["Namn"] == ["Möckelns IF"]
