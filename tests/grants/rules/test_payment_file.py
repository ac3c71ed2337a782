"""The file that tells the bank to pay."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from grants.rules.payment_file import (
    SENTENCES,
    Account,
    Debtor,
    Payment,
    PaymentFileRefused,
    PaymentOrder,
    Version,
    bank_text,
    control_sum,
    payment_file,
)

D = Decimal
SCHEMAS = Path(find_spec("sepaxml").submodule_search_locations[0]) / "schemas"
KARLSKOGA = Debtor("Karlskoga kommun", "212000-1991", Account("bankgiro", "5050-1055"), "NDEASESS", sender_id="KKOGA01")
PAYMENTS = (
    Payment(
        "KFN-2026-17-1", "Karlskoga Dansförening", Account("bankgiro", "991-2346"), D("12000.50"), "Årligt bidrag, KFN 2026-17"
    ),
    Payment("KFN-2026-18-1", "Bråtens Båtklubb & Vänner", Account("plusgiro", "12 34 56-6"), D("7000")),
    Payment("KFN-2026-19-1", "Möckelns Kör", Account("iban", "SE45 5000 0000 0583 9825 7466"), D("0.01"), "Tack"),
)
ORDER = PaymentOrder("MEDSPEL-2026-0001", datetime(2026, 1, 15, 8, 30, tzinfo=UTC), date(2026, 1, 20), KARLSKOGA, PAYMENTS)
versions = pytest.mark.parametrize("version", list(Version))


def read(content):
    """The file as a tree whose tags have no namespace."""
    root = etree.fromstring(content)
    for element in root.iter():
        element.tag = etree.QName(element).localname
    return root


@versions
def test_the_file_follows_its_schema(version):
    """Case 47."""
    content = payment_file(ORDER, version)
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / f"{version}.xsd")))
    schema.assertValid(etree.fromstring(content))
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")


@versions
def test_the_control_sum_is_the_sum_of_the_lines(version):
    """Case 47."""
    root = read(payment_file(ORDER, version))
    amounts = [D(each) for each in root.xpath("//CdtTrfTxInf/Amt/InstdAmt/text()")]
    assert amounts == [payment.amount for payment in PAYMENTS]
    assert root.xpath("//CtrlSum/text()") == ["19000.51", "19000.51"]
    assert root.xpath("//NbOfTxs/text()") == ["3", "3"]
    assert sum(amounts) == control_sum(PAYMENTS) == D("19000.51")


@versions
def test_each_kind_of_account_is_written_as_swedish_banks_want_it(version):
    giro, plus, account = read(payment_file(ORDER, version)).xpath("//CdtTrfTxInf")
    assert giro.xpath("CdtrAcct/Id/Othr/Id/text()") == ["9912346"]
    assert giro.xpath("CdtrAcct/Id/Othr/SchmeNm/Prtry/text()") == ["BGNR"]
    assert giro.xpath("CdtrAgt/FinInstnId/ClrSysMmbId/MmbId/text()") == ["9900"]
    assert plus.xpath("CdtrAcct/Id/Othr/SchmeNm/Prtry/text()") == ["PGNR"]
    assert plus.xpath("CdtrAgt/FinInstnId/ClrSysMmbId/MmbId/text()") == ["9960"]
    assert account.xpath("CdtrAcct/Id/IBAN/text()") == ["SE4550000000058398257466"]
    assert account.xpath("CdtrAgt/FinInstnId/*/text()") == ["ESSESESS"]


@versions
def test_the_payer_the_day_and_the_ids_are_in_the_file(version):
    root = read(payment_file(ORDER, version))
    assert root.xpath("//GrpHdr/MsgId/text()") == ["MEDSPEL-2026-0001"]
    assert root.xpath("//GrpHdr/CreDtTm/text()") == ["2026-01-15T09:30:00+01:00"]
    assert root.xpath("//ReqdExctnDt//text()[normalize-space()]") == ["2026-01-20"]
    assert root.xpath("//Dbtr/Id/OrgId/Othr/Id/text()") == ["2120001991"]
    assert root.xpath("//DbtrAcct/Id/Othr/Id/text()") == ["50501055"]
    assert root.xpath("//EndToEndId/text()") == [payment.end_to_end_id for payment in PAYMENTS]


@versions
def test_payees_are_named_in_letters_that_banks_take(version):
    root = read(payment_file(ORDER, version))
    assert root.xpath("//Cdtr/Nm/text()") == ["Karlskoga Dansförening", "Bråtens Båtklubb + Vänner", "Möckelns Kör"]
    assert root.xpath("//Ustrd/text()") == ["Årligt bidrag, KFN 2026-17", "Tack"]


@versions
def test_the_same_order_gives_the_same_bytes(version):
    assert payment_file(ORDER, version) == payment_file(replace(ORDER), version)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Café Olé", "Cafe Ole"),
        ("Rytm & Blås", "Rytm + Blås"),
        ("  två \n rader\t", "två rader"),
        ("Smörgåsbord™ €100 <b>", "SmörgåsbordTM 100 b"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("Kør på Møn", "Kör på Mön"),
        ("日本", ""),
    ],
)
def test_other_letters_are_simplified_or_left_out(text, kept):
    assert bank_text(text, 70) == kept


def wrong(**changed):
    return replace(ORDER, **changed)


def wrong_line(**changed):
    return replace(ORDER, payments=(PAYMENTS[0], replace(PAYMENTS[1], **changed)))


@pytest.mark.parametrize(
    ("order", "code", "index"),
    [
        (wrong(payments=()), "no_payments", None),
        (wrong(message_id=""), "message_id", None),
        (wrong(message_id="x" * 36), "message_id", None),
        (wrong(message_id="å"), "message_id", None),
        (wrong(pays_on=date(2026, 1, 14)), "pays_on_past", None),
        (wrong(debtor=replace(KARLSKOGA, name="日本")), "debtor_name", None),
        (wrong(debtor=replace(KARLSKOGA, organisation_number="212000-1990")), "debtor_number", None),
        (wrong(debtor=replace(KARLSKOGA, bic="BANK")), "debtor_bic", None),
        (wrong(debtor=replace(KARLSKOGA, account=Account("bankgiro", "5050-1054"))), "debtor_account", None),
        (wrong_line(end_to_end_id="a/b"), "end_to_end_id", 1),
        (wrong_line(end_to_end_id=PAYMENTS[0].end_to_end_id), "end_to_end_id_twice", 1),
        (wrong_line(payee=" "), "payee_missing", 1),
        (wrong_line(amount=D(0)), "amount", 1),
        (wrong_line(amount=D("1.005")), "amount", 1),
        (wrong_line(amount=D("NaN")), "amount", 1),
        (wrong_line(amount=D("1e9")), "amount", 1),
        (wrong_line(account=Account("bankgiro", "5050-1054")), "account", 1),
        (wrong_line(account=Account("plusgiro", "1")), "account", 1),
        (wrong_line(account=Account("iban", "SE00")), "account", 1),
    ],
)
def test_an_order_that_cannot_be_paid_says_which_line_and_why(order, code, index):
    """Case 47."""
    with pytest.raises(PaymentFileRefused) as refused:
        payment_file(order)
    assert (refused.value.code, refused.value.index) == (code, index)
    assert SENTENCES[code] in str(refused.value)


def test_an_unknown_version_is_refused():
    with pytest.raises(ValueError, match="02"):
        payment_file(ORDER, "pain.001.001.02")


@given(
    st.lists(
        st.tuples(
            st.text(min_size=1, max_size=200).filter(lambda name: bank_text(name, 70)),
            st.decimals("0.01", "999999999.99", places=2),
            st.text(max_size=300),
            st.sampled_from([payment.account for payment in PAYMENTS]),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(list(Version)),
)
def test_whatever_people_are_called_the_file_is_valid_and_sums_up(rows, version):
    payments = tuple(
        Payment(f"P{number}", payee, account, amount, message) for number, (payee, amount, message, account) in enumerate(rows)
    )
    root = read(payment_file(replace(ORDER, payments=payments), version))
    assert D(root.xpath("//GrpHdr/CtrlSum/text()")[0]) == sum(payment.amount for payment in payments)
    assert all(0 < len(name) <= 70 for name in root.xpath("//Cdtr/Nm/text()"))
