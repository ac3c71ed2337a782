"""Times of bookings as people say them: {% load times %} {{ booking.span|when }}."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate, localtime

from facilities.forms.fields import clock_text
from facilities.models import SeasonTime
from facilities.rules.spans import Span
from facilities.views import words

register = template.Library()


@register.filter
def when(span: Span) -> str:
    """'tisdag 1 december 18.00–20.00'; with the year when it is not this one."""
    day = localtime(span.starts).date()
    year = "" if day.year == localdate().year else f" {day.year}"
    return f"{words.day_words(day)}{year} {words.span_words(span)}"


@register.filter
def hours(span: Span) -> str:
    """'18.00–20.00'."""
    return words.span_words(span)


@register.filter
def weekly(time: SeasonTime) -> str:
    """'måndag 17.00–18.30'."""
    starts, ends = clock_text(time.starts), clock_text(time.ends)
    return f"{time.get_weekday_display().lower()} {starts}–{ends}"


@register.filter
def time_query(span: Span) -> SafeString:
    """The time as questions of an address; nothing in it needs escaping but the ampersands."""
    return mark_safe(words.time_query(span).replace("&", "&amp;"))  # noqa: S308 - days and times only


@register.filter
def of_day(minutes: int) -> str:
    """Minutes from midnight as '18.30'."""
    return clock_text(minutes)
