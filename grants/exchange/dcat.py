"""What the municipality's open data of grants are, as dataportal.se harvests it: DCAT-AP-SE as RDF/XML."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from lxml import etree

SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "adms": "http://www.w3.org/ns/adms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU = "http://publications.europa.eu/resource/authority/"
_SWEDISH = f"{_EU}language/SWE"
_GIVING = "https://standard.threesixtygiving.org/"

Node = Any


def catalogue(modified: datetime | None, *, has_grants: bool) -> bytes:
    """The catalogue with its two data sets: grants in force, and the log of changes. modified: the last change of the data.

    has_grants: without any there is no package in 360Giving JSON to fetch.
    """
    page = _address("grants:open_data")
    root = etree.Element(_name("rdf:RDF"), nsmap=SPACES)
    catalogue = _about(root, "dcat:Catalog", f"{page}#katalog")
    _text(catalogue, "dcterms:title", f"Öppna data om bidrag, {settings.MUNICIPALITY['name']}")
    _text(catalogue, "dcterms:description", "Beviljade bidrag till föreningar och hur de har ändrats.")
    _link(catalogue, "dcterms:publisher", f"{page}#utgivare")
    _link(catalogue, "dcterms:license", settings.OPEN_DATA_LICENCE)
    _link(catalogue, "dcterms:language", _SWEDISH)
    _link(catalogue, "foaf:homepage", page)
    _link(catalogue, "dcat:themeTaxonomy", f"{_EU}data-theme")
    _modified(catalogue, modified)
    for key in ("bidrag", "andringar"):
        _link(catalogue, "dcat:dataset", f"{page}#{key}")
    _data_sets(root, page, modified, has_grants)
    _publisher(root, page)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _data_sets(root: Node, page: str, modified: datetime | None, has_grants: bool) -> None:
    grants = _data_set(
        root,
        f"{page}#bidrag",
        "Beviljade bidrag",
        "Varje bidrag som gäller: mottagare, belopp, beslutsdag, bidragsform och skäl. Enskilda personer namnges inte.",
        ("bidrag", "föreningar", "föreningsbidrag", "kultur", "idrott"),
        modified,
    )
    log = _data_set(
        root,
        f"{page}#andringar",
        "Ändringar av beviljade bidrag",
        "När ett bidrag har lagts till, ändrats eller tagits bort, med beloppet före och efter.",
        ("bidrag", "ändringslogg"),
        modified,
    )
    for data_set, name, title, media, format_, standard in (
        (grants, "open_grants_json", "360Giving JSON", "application/json", "JSON", f"{_GIVING}en/latest/"),
        (grants, "open_grants_csv", "360Giving csv", "text/csv", "CSV", f"{_GIVING}en/latest/"),
        (log, "open_changes_json", "JSON", "application/json", "JSON", ""),
        (log, "open_changes_csv", "csv", "text/csv", "CSV", ""),
    ):
        if name == "open_grants_json" and not has_grants:
            continue
        _distribution(root, data_set, _address(f"grants:{name}"), title, media, format_, standard)


def _data_set(root: Node, about: str, title: str, description: str, words: tuple[str, ...], modified: datetime | None) -> Node:
    page = about.partition("#")[0]
    data_set = _about(root, "dcat:Dataset", about)
    _text(data_set, "dcterms:title", title)
    _text(data_set, "dcterms:description", description)
    _link(data_set, "dcterms:publisher", f"{page}#utgivare")
    _link(data_set, "dcat:contactPoint", f"{page}#kontakt")
    _link(data_set, "dcterms:accessRights", f"{_EU}access-right/PUBLIC")
    _link(data_set, "dcterms:accrualPeriodicity", f"{_EU}frequency/CONT")
    _link(data_set, "dcterms:spatial", f"{_EU}country/SWE")
    _link(data_set, "dcterms:language", _SWEDISH)
    _link(data_set, "dcat:landingPage", page)
    for theme in ("GOVE", "SOCI"):
        _link(data_set, "dcat:theme", f"{_EU}data-theme/{theme}")
    for word in words:
        _text(data_set, "dcat:keyword", word)
    _modified(data_set, modified)
    return data_set


def _distribution(root: Node, data_set: Node, url: str, title: str, media: str, format_: str, standard: str) -> None:
    about = f"{url}#distribution"
    _link(data_set, "dcat:distribution", about)
    distribution = _about(root, "dcat:Distribution", about)
    _text(distribution, "dcterms:title", title)
    _link(distribution, "dcat:accessURL", url)
    _link(distribution, "dcat:downloadURL", url)
    _link(distribution, "dcterms:license", settings.OPEN_DATA_LICENCE)
    _link(distribution, "dcterms:format", f"{_EU}file-type/{format_}")
    _link(distribution, "dcat:mediaType", f"http://www.iana.org/assignments/media-types/{media}")
    _link(distribution, "adms:status", "http://purl.org/adms/status/Completed")
    if standard:
        _link(distribution, "dcterms:conformsTo", standard)


def _publisher(root: Node, page: str) -> None:
    known = settings.MUNICIPALITY
    publisher = _about(root, "foaf:Agent", f"{page}#utgivare")
    _text(publisher, "foaf:name", known["name"])
    _link(publisher, "dcterms:type", "http://purl.org/adms/publishertype/LocalAuthority")
    contact = _about(root, "vcard:Organization", f"{page}#kontakt")
    _text(contact, "vcard:fn", f"{known['name']}, {known['department']}")
    _link(contact, "vcard:hasEmail", f"mailto:{known['email']}")


def _about(root: Node, tag: str, about: str) -> Node:
    return etree.SubElement(root, _name(tag), {_name("rdf:about"): about})


def _text(node: Node, tag: str, text: str) -> None:
    language = {"{http://www.w3.org/XML/1998/namespace}lang": "sv"} if tag.startswith(("dcterms:", "dcat:")) else {}
    etree.SubElement(node, _name(tag), language).text = text


def _link(node: Node, tag: str, address: str) -> None:
    etree.SubElement(node, _name(tag), {_name("rdf:resource"): address})


def _modified(node: Node, at: datetime | None) -> None:
    if at is not None:
        element = etree.SubElement(node, _name("dcterms:modified"), {_name("rdf:datatype"): f"{SPACES['xsd']}dateTime"})
        element.text = at.replace(microsecond=0).isoformat()


def _name(tag: str) -> str:
    prefix, _, local = tag.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def _address(name: str) -> str:
    return settings.SITE_URL + reverse(name)
