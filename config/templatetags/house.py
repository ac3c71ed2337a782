"""Template components and filters of the house: kronor, dates, figures."""

from decimal import Decimal

from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def kronor(amount: Decimal | int | None) -> str:
    """12000 -> '12 000 kr', 12000.50 -> '12 000,50 kr' (no-break spaces); None -> '–'."""
    if amount is None:
        return "–"
    pattern = "#,##0" if amount == int(amount) else "#,##0.00"
    return f"{format_decimal(amount, pattern, locale=get_language() or 'sv')} kr"
