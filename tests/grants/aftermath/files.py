"""Files as banks send them, as small as they can be."""

PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001."


def status(reference, code, amount, reason="", words=""):
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn><AddtlInf>{words}</AddtlInf></StsRsnInf>" if reason else ""
    sum_ = f'<OrgnlTxRef><Amt><InstdAmt Ccy="SEK">{amount}</InstdAmt></Amt></OrgnlTxRef>'
    return f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{code}</TxSts>{why}{sum_}</TxInfAndSts>\n"


def pain(*rows, about="MEDSPEL-1883-000001", group="PART", id_="BANK-P-1"):
    head = f"<GrpHdr><MsgId>{id_}</MsgId><CreDtTm>2027-01-14T08:00:00</CreDtTm></GrpHdr>"
    original = f"<OrgnlGrpInfAndSts><OrgnlMsgId>{about}</OrgnlMsgId><GrpSts>{group}</GrpSts></OrgnlGrpInfAndSts>"
    batch = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{about}</OrgnlPmtInfId>\n{''.join(rows)}</OrgnlPmtInfAndSts>" if rows else ""
    inside = f"<CstmrPmtStsRpt>{head}{original}{batch}</CstmrPmtStsRpt>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{PAIN}">{inside}</Document>'.encode()


def entry(reference, amount, *, credit=False, code="", words="", booked="BOOK", on="2027-01-15"):
    way = "CRDT" if credit else "DBIT"
    back = f"<RtrInf><Rsn><Cd>{code}</Cd></Rsn><AddtlInf>{words}</AddtlInf></RtrInf>" if code else ""
    details = f"<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{back}</TxDtls>"
    return (
        f'<Ntry><Amt Ccy="SEK">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts>{booked}</Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><NtryDtls>{details}</NtryDtls></Ntry>\n"
    )


def camt(*rows, id_="BANK-C-1", version="02"):
    head = f"<GrpHdr><MsgId>{id_}</MsgId><CreDtTm>2027-01-15T20:00:00</CreDtTm></GrpHdr>"
    inside = f"<BkToCstmrDbtCdtNtfctn>{head}<Ntfctn><Id>1</Id>{''.join(rows)}</Ntfctn></BkToCstmrDbtCdtNtfctn>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{CAMT}{version}">{inside}</Document>'.encode()
