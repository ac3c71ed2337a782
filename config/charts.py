"""Charts drawn on the server: plain SVG, no script, the figures beside them in a table (templates/components/bar_chart.html)."""

from collections.abc import Sequence
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify

from config import formats

ROW, LABEL, BAR = 60, 18, 20  # pixels: a row, the baseline of its label, the thickness of its bar
LONGEST = 62  # percent of the width; the rest is room for the value written after the bar


def bar_chart(
    title: str,
    bars: Sequence[tuple[str, Decimal | int]],
    description: str = "",
    unit: str = "",
    column: str = "",
    value_column: str = "",
    decimals: int = 0,
) -> SafeString:
    """Horizontal bars, each under its label with its value written after it; then the same as a table.

    Lengths are percent and text is not scaled, so it reads alike on a phone. bars: (label, value >= 0). unit: 'kr' writes
    the values as kronor. column, value_column: the table's headings. decimals: of other values than kronor.
    """
    top_value = max((Decimal(value) for _label, value in bars), default=Decimal(0)) or Decimal(1)
    rows = [
        {
            "label": label,
            "value": formats.kronor(value) if unit == "kr" else f"{formats.number(value, decimals)} {unit}".strip(),
            "width": f"{max(Decimal(value) / top_value * LONGEST, Decimal('0.3') if value else Decimal(0)):.2f}",
            "label_y": index * ROW + LABEL,
            "bar_y": index * ROW + LABEL + 8,
            "value_y": index * ROW + LABEL + 8 + BAR // 2,
        }
        for index, (label, value) in enumerate(bars)
    ]
    context = {
        "id": f"chart-{slugify(f'{title} {description}')}",
        "title": title,
        "description": description,
        "rows": rows,
        "height": len(rows) * ROW,
        "bar": BAR,
        "column": column,
        "value_column": value_column,
    }
    return render_to_string("components/bar_chart.html", context)
