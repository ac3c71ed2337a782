"""The file that tells the bank to pay: ISO 20022 pain.001, checked against its schema before it leaves.

Bank giro and plus giro as Swedish banks want them: account under Othr with the scheme BGNR or PGNR, and the giro's clearing
number as the creditor's agent. The same order gives the same bytes.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException

from associations.rules.numbers import NumberRefused, bank_giro, iban, organisation_number, plus_giro
from records.values import ORE, STOCKHOLM, local_day

NAME_LENGTH = 70
MESSAGE_LENGTH = 140
MOST_KRONOR = Decimal("999999999.99")  # what a bank giro payment can hold

_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.+-]{0,33}[A-Za-z0-9])?")
_ALLOWED = re.compile(r"[^A-Za-z0-9ÅÄÖåäö/?:().,'+ -]")
_REPLACED = str.maketrans(
    {"&": "+", "–": "-", "—": "-", "−": "-", "’": "'", "´": "'", "`": "'", "Æ": "Ä", "æ": "ä", "Ø": "Ö", "ø": "ö"}
)

SENTENCES = {
    "no_payments": "There is nothing to pay.",
    "message_id": "The message id must be 1-35 letters, digits, dots, plus signs or hyphens.",
    "pays_on_past": "The day of payment is before the day the file is made.",
    "debtor_name": "The payer has no name that a bank accepts.",
    "debtor_number": "The payer's organisation number is wrong.",
    "debtor_bic": "The payer's bank code (BIC) is wrong.",
    "debtor_account": "The payer's account is wrong.",
    "end_to_end_id": "The payment's id must be 1-35 letters, digits, dots, plus signs or hyphens.",
    "end_to_end_id_twice": "Two payments have the same id.",
    "payee_missing": "The payment has no payee name that a bank accepts.",
    "amount": "The amount must be above 0, in whole öre, and within what a bank takes.",
    "account": "The payee's account number is wrong.",
    "schema": "The file does not follow its schema.",
}


class AccountKind(StrEnum):
    BANKGIRO = "bankgiro"
    PLUSGIRO = "plusgiro"
    IBAN = "iban"


class Version(StrEnum):
    """Versions of pain.001 that can be made; which one is an agreement with the bank."""

    V03 = "pain.001.001.03"
    V09 = "pain.001.001.09"


class PaymentFileRefused(ValueError):
    """An order that cannot become a file. code: a key of SENTENCES. index: which payment, from 0; None = the order itself."""

    def __init__(self, code: str, index: int | None = None, detail: str = "") -> None:
        where = "" if index is None else f"Payment {index + 1}: "
        super().__init__(f"{where}{SENTENCES[code]}{' ' + detail if detail else ''}")
        self.code, self.index, self.detail = code, index, detail


@dataclass(frozen=True, slots=True)
class Account:
    """An account. kind: an AccountKind value. number: as stored or typed; it is checked when the file is made."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays. bic: the code of the bank that holds the account. sender_id: the id in the agreement with the bank; "" = none."""

    name: str
    organisation_number: str
    account: Account
    bic: str
    sender_id: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment. end_to_end_id: unique for ever, comes back in the bank's answer. amount: kronor. message: to the payee."""

    end_to_end_id: str
    payee: str
    account: Account
    amount: Decimal
    message: str = ""


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """Everything in one file. message_id: unique for ever, 1-35 characters. made_at: aware. pays_on: the day the bank pays."""

    message_id: str
    made_at: datetime
    pays_on: date
    debtor: Debtor
    payments: tuple[Payment, ...]


def payment_file(order: PaymentOrder, version: str = Version.V03) -> bytes:
    """The order as a pain.001 file in UTF-8, valid against its schema, with number of payments and control sum.

    version: a Version value. Names and messages are cut to what banks take (bank_text). Raises PaymentFileRefused, with a
    code, a sentence and the payment's number, when anything in the order cannot be paid.

    Rule G-81. Source: ISO 20022 pain.001.001.03 and .09; Swedish Common Interpretation of ISO 20022, payment initiation; Case
    47.
    Words: betalfil, utbetalning, betalning, bankfil, pain, iso 20022, payment.
    """
    version = Version(version)
    _check_order(order)
    root = _file(order, version)
    schema = _schema(version)
    if not schema.validate(root):
        raise PaymentFileRefused("schema", detail=str(schema.error_log.last_error.message))
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def control_sum(payments: Sequence[Payment]) -> Decimal:
    """The sum of the payments in kronor with two decimals: what the file and the run must agree on.

    Rule G-82. Source: ISO 20022 pain.001, CtrlSum; Case 47.
    Words: kontrollsumma, summa, control sum.
    """
    return sum((payment.amount for payment in payments), Decimal("0.00")).quantize(ORE)


def bank_text(text: str, length: int) -> str:
    """*text* in the characters Swedish banks take (a-z, å, ä, ö, digits, / - ? : ( ) . , ' +), at most *length* of them.

    Other letters lose their accents (é -> e), "&" becomes "+", anything else is left out; runs of spaces become one.

    Rule G-83. Source: Swedish Common Interpretation of ISO 20022: character set; Bankgirot's characters.
    Words: tecken, teckenuppsättning, betalningsmottagare, meddelande, characters.
    """
    composed = unicodedata.normalize("NFC", text).translate(_REPLACED)
    simple = "".join(each if each in "åäöÅÄÖ" else unicodedata.normalize("NFKD", each) for each in composed)
    words = (_ALLOWED.sub("", word) for word in simple.split())
    return " ".join(word for word in words if word)[:length].strip()


def _check_order(order: PaymentOrder) -> None:
    debtor = order.debtor
    if not order.payments:
        raise PaymentFileRefused("no_payments")
    if _ID.fullmatch(order.message_id) is None:
        raise PaymentFileRefused("message_id")
    if order.pays_on < local_day(order.made_at):
        raise PaymentFileRefused("pays_on_past")
    if not bank_text(debtor.name, NAME_LENGTH):
        raise PaymentFileRefused("debtor_name")
    try:
        organisation_number(debtor.organisation_number)
    except NumberRefused as wrong:
        raise PaymentFileRefused("debtor_number", detail=wrong.code) from wrong
    try:
        BIC(debtor.bic)
    except SchwiftyException as wrong:
        raise PaymentFileRefused("debtor_bic", detail=debtor.bic) from wrong
    try:
        _account_number(debtor.account)
    except NumberRefused as wrong:
        raise PaymentFileRefused("debtor_account", detail=wrong.code) from wrong
    seen: set[str] = set()
    for index, payment in enumerate(order.payments):
        _check_payment(index, payment, seen)
        seen.add(payment.end_to_end_id)


def _check_payment(index: int, payment: Payment, seen: set[str]) -> None:
    if _ID.fullmatch(payment.end_to_end_id) is None:
        raise PaymentFileRefused("end_to_end_id", index)
    if payment.end_to_end_id in seen:
        raise PaymentFileRefused("end_to_end_id_twice", index, payment.end_to_end_id)
    if not bank_text(payment.payee, NAME_LENGTH):
        raise PaymentFileRefused("payee_missing", index)
    if not payment.amount.is_finite() or not 0 < payment.amount <= MOST_KRONOR or payment.amount % ORE:
        raise PaymentFileRefused("amount", index, str(payment.amount))
    try:
        _account_number(payment.account)
    except NumberRefused as wrong:
        raise PaymentFileRefused("account", index, wrong.code) from wrong


def _account_number(account: Account) -> str:
    """The number as the file wants it. Raises NumberRefused, ValueError for an unknown kind."""
    read = {AccountKind.BANKGIRO: bank_giro, AccountKind.PLUSGIRO: plus_giro, AccountKind.IBAN: iban}
    return read[AccountKind(account.kind)](account.number)


class _Tree:
    """Elements of one file: a short way to say "this element with these inside"."""

    def __init__(self, version: Version) -> None:
        self.namespace = f"urn:iso:std:iso:20022:tech:xsd:{version}"

    def __call__(self, tag: str, *inside: "etree._Element | str | None", **attributes: str) -> "etree._Element":
        nsmap = {None: self.namespace} if tag == "Document" else None
        element = etree.Element(f"{{{self.namespace}}}{tag}", attributes, nsmap=nsmap)
        for each in inside:
            if isinstance(each, str):
                element.text = each
            elif each is not None:
                element.append(each)
        return element


def _file(order: PaymentOrder, version: Version) -> "etree._Element":
    tree, debtor = _Tree(version), order.debtor
    name = bank_text(debtor.name, NAME_LENGTH)
    count, total = str(len(order.payments)), str(control_sum(order.payments))
    made_at = order.made_at.astimezone(STOCKHOLM).replace(microsecond=0).isoformat()
    pays_on = order.pays_on.isoformat()
    is_03 = version is Version.V03
    return tree(
        "Document",
        tree(
            "CstmrCdtTrfInitn",
            tree(
                "GrpHdr",
                tree("MsgId", order.message_id),
                tree("CreDtTm", made_at),
                tree("NbOfTxs", count),
                tree("CtrlSum", total),
                tree("InitgPty", tree("Nm", name), _party_id(tree, debtor.sender_id, "BANK") if debtor.sender_id else None),
            ),
            tree(
                "PmtInf",
                tree("PmtInfId", order.message_id),
                tree("PmtMtd", "TRF"),
                tree("BtchBookg", "true"),
                tree("NbOfTxs", count),
                tree("CtrlSum", total),
                tree("PmtTpInf", tree("SvcLvl", tree("Cd", "NURG")), tree("CtgyPurp", tree("Cd", "SUPP"))),
                tree("ReqdExctnDt", pays_on) if is_03 else tree("ReqdExctnDt", tree("Dt", pays_on)),
                tree(
                    "Dbtr",
                    tree("Nm", name),
                    tree("PstlAdr", tree("Ctry", "SE")),
                    _party_id(tree, organisation_number(debtor.organisation_number), "COID"),
                ),
                _account(tree, "DbtrAcct", debtor.account, currency=True),
                _agent(tree, "DbtrAgt", debtor.bic.upper().replace(" ", ""), version),
                tree("ChrgBr", "SLEV"),
                *(_payment(tree, payment, version) for payment in order.payments),
            ),
        ),
    )


def _payment(tree: _Tree, payment: Payment, version: Version) -> "etree._Element":
    message = bank_text(payment.message, MESSAGE_LENGTH)
    kind = AccountKind(payment.account.kind)
    if kind is AccountKind.IBAN:
        account = IBAN(_account_number(payment.account))
        agent = _agent(tree, "CdtrAgt", str(account.bic), version) if account.bic else None
        country = str(account.country_code)
    else:
        agent = _giro_agent(tree, "9900" if kind is AccountKind.BANKGIRO else "9960")
        country = "SE"
    return tree(
        "CdtTrfTxInf",
        tree("PmtId", tree("InstrId", payment.end_to_end_id), tree("EndToEndId", payment.end_to_end_id)),
        tree("Amt", tree("InstdAmt", str(payment.amount.quantize(ORE)), Ccy="SEK")),
        agent,
        tree("Cdtr", tree("Nm", bank_text(payment.payee, NAME_LENGTH)), tree("PstlAdr", tree("Ctry", country))),
        _account(tree, "CdtrAcct", payment.account),
        tree("RmtInf", tree("Ustrd", message)) if message else None,
    )


def _account(tree: _Tree, tag: str, account: Account, *, currency: bool = False) -> "etree._Element":
    number = _account_number(account)
    if account.kind == AccountKind.IBAN:
        identity = tree("IBAN", number)
    else:
        scheme = "BGNR" if account.kind == AccountKind.BANKGIRO else "PGNR"
        identity = tree("Othr", tree("Id", number), tree("SchmeNm", tree("Prtry", scheme)))
    return tree(tag, tree("Id", identity), tree("Ccy", "SEK") if currency else None)


def _agent(tree: _Tree, tag: str, bic: str, version: Version) -> "etree._Element":
    return tree(tag, tree("FinInstnId", tree("BIC" if version is Version.V03 else "BICFI", bic)))


def _giro_agent(tree: _Tree, clearing: str) -> "etree._Element":
    member = tree("ClrSysMmbId", tree("ClrSysId", tree("Cd", "SESBA")), tree("MmbId", clearing))
    return tree("CdtrAgt", tree("FinInstnId", member))


def _party_id(tree: _Tree, number: str, scheme: str) -> "etree._Element":
    return tree("Id", tree("OrgId", tree("Othr", tree("Id", number), tree("SchmeNm", tree("Cd", scheme)))))


@lru_cache(maxsize=2)
def _schema(version: Version) -> "etree.XMLSchema":
    """The schema as the sepaxml package ships it; the package itself is not imported."""
    package = find_spec("sepaxml")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The package sepaxml, which carries the schemas, is not installed.")
    return etree.XMLSchema(etree.parse(str(Path(package.submodule_search_locations[0]) / "schemas" / f"{version}.xsd")))
