"""From rows to the bytes of a file. Nothing that somebody typed can become a formula."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from defusedcsv import csv
from django.db.models import OuterRef, Subquery, Sum
from tablib import Dataset

from associations.exchange.resource import RegisterResource
from associations.models import MemberFigures
from associations.models.association import AssociationQuerySet

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}


def register_file(associations: AssociationQuerySet, suffix: str, day: date) -> bytes:
    """The associations as a file of the kind *suffix* (a key of TYPES). Four queries however many they are."""
    newest = MemberFigures.objects.confirmed().filter(association=OuterRef("pk")).order_by("-year")
    rows = associations.annotate(
        active_members=Subquery(newest.values("active")[:1]),
        members=Subquery(newest.annotate(total=Sum("counts__count")).values("total")[:1]),
    )
    return _WRITERS[suffix](RegisterResource(day).export(rows))


def _xlsx(dataset: Dataset) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Föreningar")
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, dataset.headers, head)
        for line, row in enumerate(dataset, start=1):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, place, value, day)
                elif isinstance(value, Decimal | int) and not isinstance(value, bool):
                    sheet.write_number(line, place, value)
                else:
                    sheet.write_string(line, place, _text(value))
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(dataset), 1), len(dataset.headers) - 1)
        sheet.set_column(0, len(dataset.headers) - 1, 18)
    return out.getvalue()


def _csv(dataset: Dataset) -> bytes:
    """Semicolons and a mark of UTF-8: what a Swedish Excel opens with a double click."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(dataset.headers)
    writer.writerows([_text(value) for value in row] for row in dataset)
    return out.getvalue().encode("utf-8-sig")


def _ods(dataset: Dataset) -> bytes:
    plain = Dataset(*[[_text(value) for value in row] for row in dataset], headers=dataset.headers, title="Föreningar")
    return bytes(plain.export("ods"))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)


_WRITERS: dict[str, Callable[[Dataset], bytes]] = {"xlsx": _xlsx, "ods": _ods, "csv": _csv}
