"""Template components and filters of the house. Every template has them without loading (settings: builtins)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField, BoundWidget
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from config import charts, formats, icons, navigation

register = template.Library()

register.filter("kronor", formats.kronor)
register.filter("size", formats.size)
register.filter("organisation_number", formats.organisation_number)
register.filter("clock", formats.clock)
register.filter("out_of", formats.out_of)
register.filter("percent", formats.percent)
register.filter("number", formats.number)
register.filter("level", formats.level)
register.simple_tag(icons.icon, name="icon")
register.simple_tag(charts.bar_chart, name="bar_chart")


# Times ---------------------------------------------------------------------------------------------------------------


@register.filter
def day(value: date | None) -> str:
    """'fredag 4 december'; with the year when it is not this one."""
    return formats.day(value)


@register.filter
def short_day(value: date | None) -> str:
    """'4 december'; with the year when it is not this one."""
    return formats.day(value, weekday=False)


@register.filter
def long_day(value: date | None) -> str:
    """'4 december 2026': for letters and decisions, which are read in other years."""
    return formats.day(value, weekday=False, year=True)


@register.filter
def moment(value: datetime | None) -> str:
    """'4 december kl. 18.00'; with the year when it is not this one."""
    return formats.moment(value)


@register.filter
def long_moment(value: datetime | None) -> str:
    """'4 december 2026 kl. 18.00'."""
    return formats.moment(value, year=True)


@register.filter
def last_moment(value: datetime | None) -> str:
    """An exclusive deadline as people say it: the last local day before it, 'fredag 4 december'."""
    return formats.last_day(value)


# Form fields ---------------------------------------------------------------------------------------------------------

_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "options"),
    (forms.RadioSelect, "options"),
    (forms.CheckboxInput, "checkbox"),
    (forms.FileInput, "file"),
    (forms.MultiWidget, "parts"),
    (forms.SelectDateWidget, "parts"),
)


@register.filter
def kind(field: BoundField) -> str:
    """How the field template draws the field: 'options', 'checkbox', 'file', 'parts' or 'single'."""
    return next((name for widget, name in _KINDS if isinstance(field.field.widget, widget)), "single")


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The field's widget with the classes of the design system. No placeholder: it vanishes when one types; hints stay."""
    widget = field.field.widget
    for part in getattr(widget, "widgets", ()):
        part.attrs["class"] = _with_class(part.attrs)
    return field.as_widget(attrs={"class": _with_class(widget.attrs), "placeholder": False})


@register.filter
def option_widget(option: BoundWidget) -> SafeString:
    """One radio button or checkbox of a group."""
    attrs = option.data["attrs"]
    attrs["class"] = _with_class(attrs)
    return option.tag()


@register.filter
def option_hint(option: BoundWidget) -> str:
    """The sentence under an option, when the widget has hints (value -> sentence)."""
    hints: Mapping[str, str] = getattr(option.parent_widget, "hints", {})
    return hints.get(str(option.data["value"]), "")


@register.filter
def first_id(field: BoundField) -> str:
    """The id of the first thing one can focus in the field: where the error summary leads."""
    return f"{field.auto_id}_0" if kind(field) in {"options", "parts"} else field.id_for_label


@register.filter
def suffix(field: BoundField) -> str:
    """The unit that stands after the input: 'kr'."""
    return getattr(field.field.widget, "suffix", "")


def _with_class(attrs: Mapping[str, Any]) -> str:
    own = str(attrs.get("class", ""))
    return own if "ds-input" in own.split() else f"ds-input {own}".strip()


@register.inclusion_tag("components/error_summary.html")
def error_summary(*things: Any) -> dict[str, object]:
    """Everything that is wrong on the page, at its top, each a link to its field. things: forms, formsets, lists of forms."""
    errors: list[dict[str, str]] = []
    for form in _forms(things):
        errors += [{"text": str(text), "href": ""} for text in form.non_field_errors()]
        for field in form:
            errors += [{"text": text, "href": first_id(field)} for text in _sentences(field)]
    return {"errors": errors}


def _sentences(field: BoundField) -> Iterable[str]:
    """The field's errors as they read away from the field: 'required' names what is required."""
    for error in field.errors.as_data():
        for text in error.messages:
            name = str(field.label)
            yield f"{name}{'' if name.endswith('?') else ':'} {text}" if error.code == "required" else text


def _forms(things: Iterable[Any]) -> Iterable[Any]:
    for thing in things:
        if isinstance(thing, forms.BaseFormSet):
            yield from thing.forms
        elif isinstance(thing, list):
            yield from thing
        elif thing is not None and thing != "":
            yield thing


# Components with content ---------------------------------------------------------------------------------------------


@register.simple_block_tag
def card(content: str, title: str = "", tone: str = "", level: int = 2, id: str = "") -> str:
    """{% card title="…" %}…{% endcard %}: a frame around one thing."""
    return render_to_string(
        "components/card.html",
        {"content": content, "title": title, "colour": _colour(tone), "level": level, "id": id},
    )


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: str = "", level: int = 2) -> str:
    """{% alert tone="warning" title="…" %}…{% endalert %}: something the reader must know before going on."""
    return render_to_string(
        "components/alert.html", {"content": content, "title": title, "colour": _colour(tone), "level": level}
    )


@register.simple_block_tag
def why(content: str, label: str = "") -> str:
    """{% why %}…{% endwhy %}: the answer to "Why?" beside an amount, a refusal or a figure."""
    return render_to_string("components/why.html", {"content": content, "label": label or _("Why?")})


@register.simple_block_tag
def data_table(content: str, caption: str = "", hidden_caption: bool = False, cards: bool = False, dense: bool = False) -> str:
    """{% data_table caption="…" %}<thead>…<tbody>…{% enddata_table %}: scrolls inside its own frame, never the page.

    cards: on a phone each row becomes a card; give every cell a data-label. dense: smaller type, for desk work.
    """
    context = {"content": content, "caption": caption, "hidden_caption": hidden_caption, "cards": cards, "dense": dense}
    return render_to_string("components/data_table.html", context)


@register.simple_block_tag
def form_actions(content: str) -> str:
    """{% form_actions %}<button…>…{% endform_actions %}: the buttons under a form, the main one first."""
    return render_to_string("components/form_actions.html", {"content": content})


# Small pieces --------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/tag.html")
def tag(word: str, tone: str = "neutral") -> dict[str, object]:
    """A status: a word with a colour and a shape. tone: success, info, warning, danger, waiting or neutral."""
    colour, shape = icons.TONES[tone]
    return {"word": word, "colour": colour, "shape": shape}


@register.inclusion_tag("components/steps.html")
def steps(labels: Sequence[Any], current: int) -> dict[str, object]:
    """Where one is in a long form. labels: words or (word, url) pairs; current: from 1."""
    rows = []
    for position, label in enumerate(labels, start=1):
        word, url = label if isinstance(label, list | tuple) else (label, "")
        rows.append({"number": position, "label": word, "url": url, "done": position < current, "now": position == current})
    return {"steps": rows, "current": current, "total": len(rows)}


@register.simple_tag(takes_context=True)
def navigation_links(context: template.Context) -> list[dict[str, object]]:
    request: HttpRequest | None = context.get("request")
    return navigation.links(request) if request is not None and hasattr(request, "user") else []


@register.simple_tag
def languages() -> list[dict[str, str]]:
    """The languages of the house, each by its own name."""
    return [{"code": code, "name": get_language_info(code)["name_local"].capitalize()} for code, _name in settings.LANGUAGES]


@register.simple_tag
def page_exists(page: str) -> str:
    """The address of a page without arguments, or '' while it does not exist."""
    return navigation.address(page)


@register.simple_tag
def page_of(page: str, pk: int) -> str:
    """The address of one thing's page, or '' while the page does not exist."""
    try:
        return reverse(page, args=[pk])
    except NoReverseMatch:
        return ""


def _colour(tone: str) -> str:
    return icons.TONES.get(tone, (tone, ""))[0]
