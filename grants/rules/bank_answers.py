"""What the bank answers, read: pain.002 (taken, turned away) and camt.054 (paid, came back). Hostile XML is refused unread."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from lxml import etree

LARGEST = 10_000_000  # bytes
MOST_LINES = 50_000

SENTENCES: Mapping[str, str] = {
    "too_large": "The file is larger than any answer of a bank.",
    "hostile": "The file carries a document type or entities, which no bank sends. It was not read.",
    "not_xml": "The file is not XML.",
    "unknown": "The file is neither pain.002 nor camt.054.",
    "no_id": "The file has no id of its own.",
    "too_many": "The file holds more lines than can be taken in at once.",
    "amount": "An amount cannot be read.",
    "day": "A day cannot be read.",
}

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(pain\.002|camt\.054)\.001\.\d\d")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,5})?")
_TAKEN_BACK = frozenset({"RJCT", "CANC"})
_SETTLED = frozenset({"ACSC", "ACCC"})


class Happened(StrEnum):
    ACCEPTED = "accepted"  # the bank will try
    PAID = "paid"
    REJECTED = "rejected"  # the money never left
    RETURNED = "returned"  # the money left and came back


class AnswerRefused(ValueError):
    """A file that is not taken in at all. code: a key of SENTENCES. line: of the file, when it is known."""

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(SENTENCES[code] if line is None else f"Line {line}: {SENTENCES[code]}")
        self.code, self.line = code, line


@dataclass(frozen=True, slots=True)
class BankLine:
    """What happened to one payment. reference: its end-to-end id; '' = the whole file. amount: kronor, None = not told.

    line: of the file. reason: the bank's code and words.
    """

    reference: str
    happened: Happened
    amount: Decimal | None
    on: date | None
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """One file from the bank. kind: 'pain.002' or 'camt.054'. id: the bank's own. about: the id of our file, in pain.002."""

    kind: str
    id: str
    about: str
    lines: tuple[BankLine, ...]


def read_answer(content: bytes) -> BankAnswer:
    """A file from the bank as what happened to each payment. Raises AnswerRefused with a code, and the line where it is known.

    Read without network, entities or document types: a file that has any is refused before anything in it is used. Payments to
    others, credits that are not returns, and what is only pending are left out.

    Rule GP-01. Source: ISO 20022 pain.002.001 and camt.054.001; Swedish Common Interpretation; issue "paid, rejected, returned".
    Words: bankens svar, återredovisning, avvisad, retur, betald, pain.002, camt.054.
    """
    root = _parsed(content)
    namespace = etree.QName(root).namespace or ""
    found = _NAMESPACE.fullmatch(namespace)
    if not found or etree.QName(root).localname != "Document":
        raise AnswerRefused("unknown")
    tree = _Tree(namespace)
    kind = found[1]
    identity = tree.text(root, "*/n:GrpHdr/n:MsgId")
    if not identity or len(identity) > 35:
        raise AnswerRefused("no_id")
    reader: Callable[[_Tree, etree._Element], Iterator[BankLine]] = _statuses if kind == "pain.002" else _entries
    lines = tuple(reader(tree, root))
    if len(lines) > MOST_LINES:
        raise AnswerRefused("too_many")
    return BankAnswer(kind, identity, tree.text(root, "*/n:OrgnlGrpInfAndSts/n:OrgnlMsgId"), lines)


class _Tree:
    """Finds elements of one namespace."""

    def __init__(self, namespace: str) -> None:
        self.names = {"n": namespace}

    def all(self, node: "etree._Element", path: str) -> "list[etree._Element]":
        return list(node.iterfind(path, self.names))

    def text(self, node: "etree._Element", path: str) -> str:
        found = node.find(path, self.names)
        return (found.text or "").strip() if found is not None else ""


def _parsed(content: bytes) -> "etree._Element":
    if len(content) > LARGEST:
        raise AnswerRefused("too_large")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or "<!DOCTYPE".encode("utf-16-le") in content:
        raise AnswerRefused("hostile")
    if "<!DOCTYPE".encode("utf-16-be") in content:
        raise AnswerRefused("hostile")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as wrong:
        raise AnswerRefused("not_xml", wrong.lineno or None) from wrong
    if root.getroottree().docinfo.doctype:
        raise AnswerRefused("hostile")
    return root


def _statuses(tree: _Tree, root: "etree._Element") -> Iterator[BankLine]:
    """pain.002: the status of each payment; of all when the whole group is turned away."""
    report = root[0]
    made_on = tree.text(report, "n:GrpHdr/n:CreDtTm")
    group = report.find("n:OrgnlGrpInfAndSts", tree.names)
    if group is not None and tree.text(group, "n:GrpSts") in _TAKEN_BACK:
        yield _whole(tree, group)
    for batch in tree.all(report, "n:OrgnlPmtInfAndSts"):
        rows = tree.all(batch, "n:TxInfAndSts")
        if tree.text(batch, "n:PmtInfSts") in _TAKEN_BACK and not rows:
            yield _whole(tree, batch)
        for row in rows:
            status = tree.text(row, "n:TxSts")
            happened = Happened.REJECTED if status in _TAKEN_BACK else Happened.PAID if status in _SETTLED else Happened.ACCEPTED
            on = _day(tree.text(row, "n:AccptncDtTm") or made_on, row) if happened is Happened.PAID else None
            amount = _amount(tree.text(row, "n:OrgnlTxRef/n:Amt/n:InstdAmt"), row)
            reference = tree.text(row, "n:OrgnlEndToEndId")
            yield BankLine(reference, happened, amount, on, _reason(tree, row, "n:StsRsnInf"), int(row.sourceline or 0))


def _whole(tree: _Tree, node: "etree._Element") -> BankLine:
    return BankLine("", Happened.REJECTED, None, None, _reason(tree, node, "n:StsRsnInf"), int(node.sourceline or 0))


def _entries(tree: _Tree, root: "etree._Element") -> Iterator[BankLine]:
    """camt.054: what is booked on the account. Debits with our id are paid; credits and reversals with it came back."""
    for entry in tree.all(root, "*/n:Ntfctn/n:Ntry"):
        status = tree.text(entry, "n:Sts/n:Cd") or tree.text(entry, "n:Sts")
        if status != "BOOK":
            continue
        on = tree.text(entry, "n:BookgDt/n:Dt") or tree.text(entry, "n:BookgDt/n:DtTm")
        is_credit = tree.text(entry, "n:CdtDbtInd") == "CRDT"
        details = tree.all(entry, "n:NtryDtls/n:TxDtls")
        for row in details:
            reference = tree.text(row, "n:Refs/n:EndToEndId")
            if not reference or reference == "NOTPROVIDED":
                continue
            told = tree.text(row, "n:Amt") or tree.text(row, "n:AmtDtls/n:TxAmt/n:Amt")
            amount = told or (tree.text(entry, "n:Amt") if len(details) == 1 else "")
            happened = Happened.RETURNED if is_credit else Happened.PAID
            reason = _reason(tree, row, "n:RtrInf") if is_credit else ""
            yield BankLine(reference, happened, _amount(amount, row), _day(on, entry), reason, int(row.sourceline or 0))


def _reason(tree: _Tree, node: "etree._Element", path: str) -> str:
    """'AC04 Account closed': the codes, then the bank's own words."""
    codes = [tree.text(each, "n:Rsn/n:Cd") or tree.text(each, "n:Rsn/n:Prtry") for each in tree.all(node, path)]
    words = [(each.text or "").strip() for each in tree.all(node, f"{path}/n:AddtlInf")]
    return " ".join(filter(None, [*codes, *words]))[:180]


def _amount(text: str, node: "etree._Element") -> Decimal | None:
    if not text:
        return None
    if _AMOUNT.fullmatch(text) is None:
        raise AnswerRefused("amount", node.sourceline)
    return Decimal(text)


def _day(text: str, node: "etree._Element") -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise AnswerRefused("day", node.sourceline) from None
