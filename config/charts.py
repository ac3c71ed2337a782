"""Charts drawn on the server: plain SVG, no script, the figures beside them in a table (templates/components/bar_chart.html)."""

from collections.abc import Sequence
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify

from config import formats

ROW, BAR, LABEL, WIDTH, VALUE = 40, 22, 190, 720, 120  # units of the drawing


def bar_chart(
    title: str,
    bars: Sequence[tuple[str, Decimal | int]],
    description: str = "",
    unit: str = "",
    column: str = "",
    value_column: str = "",
) -> SafeString:
    """Horizontal bars with their values written beside them, longest = the full width; then the same as a table.

    bars: (label, value >= 0). unit: 'kr' writes the values as kronor. column, value_column: the table's headings.
    """
    longest = max((value for _label, value in bars), default=0) or 1
    room = WIDTH - LABEL - VALUE
    rows = []
    for index, (label, value) in enumerate(bars):
        length = max(float(Decimal(value) / Decimal(longest)) * room, 1.0 if value else 0.0)
        top = index * ROW
        rows.append(
            {
                "label": label,
                "short": label if len(label) <= 22 else label[:21].rstrip() + "…",
                "value": formats.kronor(value) if unit == "kr" else f"{formats.number(value)} {unit}".strip(),
                "y": top + (ROW - BAR) // 2,
                "text_y": top + ROW // 2,
                "width": f"{length:.1f}",
                "value_x": f"{LABEL + length + 10:.1f}",
            }
        )
    context = {
        "id": f"chart-{slugify(title)}",
        "title": title,
        "description": description,
        "rows": rows,
        "height": len(rows) * ROW,
        "width": WIDTH,
        "bar": BAR,
        "label_x": LABEL,
        "text_x": LABEL - 12,
        "column": column,
        "value_column": value_column,
    }
    return SafeString(render_to_string("components/bar_chart.html", context))
