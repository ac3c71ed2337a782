"""What a bank answers in the demonstration: files as small as they can be, taken in as an officer takes them in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from grants.actions.bank_answers import take_in
from grants.models import PaymentLine, PaymentRun

_PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"
_CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"


def turn_away(run: PaymentRun, lines: Iterable[PaymentLine], *, code: str, words: str, by: Any, at: datetime) -> None:
    """pain.002: the bank takes the file, but not these payments."""
    rows = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{line.end_to_end_id}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{code}</Cd>"
        f'</Rsn><AddtlInf>{words}</AddtlInf></StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy="SEK">{line.amount}</InstdAmt></Amt>'
        "</OrgnlTxRef></TxInfAndSts>\n"
        for line in lines
    )
    head = f"<GrpHdr><MsgId>BANK-STATUS-{run.number:04d}</MsgId><CreDtTm>{at:%Y-%m-%dT%H:%M:%S}</CreDtTm></GrpHdr>"
    about = f"<OrgnlGrpInfAndSts><OrgnlMsgId>{run.message_id}</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
    inside = f"{head}{about}<OrgnlPmtInfAndSts><OrgnlPmtInfId>{run.message_id}</OrgnlPmtInfId>\n{rows}</OrgnlPmtInfAndSts>"
    _take(f"<CstmrPmtStsRpt>{inside}</CstmrPmtStsRpt>", _PAIN, f"status-{run.message_id}.xml", by=by, at=at)


def pay(run: PaymentRun, lines: Iterable[PaymentLine], *, by: Any, at: datetime) -> None:
    """camt.054: these payments left the account."""
    entries = "".join(_entry(line, at, credit=False) for line in lines)
    _tell(f"BANK-DEBIT-{run.number:04d}", entries, f"betalt-{run.message_id}.xml", by=by, at=at)


def send_back(run: PaymentRun, line: PaymentLine, *, code: str, words: str, by: Any, at: datetime) -> None:
    """camt.054: a payment came back."""
    why = f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn><AddtlInf>{words}</AddtlInf></RtrInf>"
    entry = _entry(line, at, credit=True, why=why)
    _tell(f"BANK-RETURN-{line.pk:04d}", entry, f"retur-{run.message_id}.xml", by=by, at=at)


def _entry(line: PaymentLine, at: datetime, *, credit: bool, why: str = "") -> str:
    return (
        f'<Ntry><Amt Ccy="SEK">{line.amount}</Amt><CdtDbtInd>{"CRDT" if credit else "DBIT"}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{at:%Y-%m-%d}</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{line.end_to_end_id}</EndToEndId></Refs>"
        f"{why}</TxDtls></NtryDtls></Ntry>\n"
    )


def _tell(identity: str, entries: str, name: str, *, by: Any, at: datetime) -> None:
    head = f"<GrpHdr><MsgId>{identity}</MsgId><CreDtTm>{at:%Y-%m-%dT%H:%M:%S}</CreDtTm></GrpHdr>"
    inside = f"<BkToCstmrDbtCdtNtfctn>{head}<Ntfctn><Id>1</Id>{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn>"
    _take(inside, _CAMT, name, by=by, at=at)


def _take(inside: str, namespace: str, name: str, *, by: Any, at: datetime) -> None:
    content = f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}">{inside}</Document>'
    take_in(content.encode(), name=name, by=by, at=at)
