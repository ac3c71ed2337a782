"""A list as a file for a spreadsheet program, safe to open: text is never taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from defusedcsv.csv import writer as safe_writer
from django.http import HttpResponse
from django.utils.timezone import localtime

CSV = "csv"
XLSX = "xlsx"
FORMATS = (CSV, XLSX)
_TYPES = {CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_MOMENT_WIDTH = 16  # characters of "2026-12-04 18:00"


def download(kind: str, *, name: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The rows as a csv or xlsx download. name: of the file, without its end. Cells: texts, numbers, days, instants, None."""
    content = _csv(headings, rows) if kind == CSV else _xlsx(headings, rows)
    response = HttpResponse(content, content_type=_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _csv(headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """Semicolons and a byte order mark: what Swedish spreadsheet programs expect."""
    text = io.StringIO(newline="")
    sheet = safe_writer(text, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    sheet.writerow([str(heading) for heading in headings])
    sheet.writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _written(cell: Any) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{localtime(cell):%Y-%m-%d %H:%M}"
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",")
    return cell if isinstance(cell, int) else str(cell)


def _xlsx(headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    bold, day, moment, money = (
        book.add_format(style)
        for style in (
            {"bold": True},
            {"num_format": "yyyy-mm-dd"},
            {"num_format": "yyyy-mm-dd hh:mm"},
            {"num_format": "#,##0.00"},
        )
    )
    sheet.write_row(0, 0, [str(heading) for heading in headings], bold)
    moments = set()
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                moments.add(column)
                sheet.write_datetime(number, column, localtime(cell).replace(tzinfo=None), moment)
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001 - a cell has no zone
            elif isinstance(cell, Decimal):
                sheet.write_number(number, column, float(cell), money)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell is not None:
                sheet.write_string(number, column, str(cell))
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    for column in moments:  # autofit leaves room for a day only, and a programme shows #### in a cell that is too narrow
        sheet.set_column(column, column, _MOMENT_WIDTH)
    book.close()
    return content.getvalue()
