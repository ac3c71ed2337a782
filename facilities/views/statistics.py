"""How the venues are used: for those who keep them with every filter, and for anyone the use of each venue."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.permissions import needs, public
from facilities.choices import UseKind
from facilities.models import HirerCategory, Venue
from facilities.models.usage import Chosen, Use, first_year, use_by, use_in_all
from facilities.rules.statistics import AgeBand, SexBand, change, hidden_cells, same_period_last_year, used_share
from facilities.views import use_words
from facilities.views.use_words import GROUP_WORDS, group_name
from records import spreadsheets
from records.forms import SwedishDateField
from records.values import Period, months_after

readers = needs("facilities.read_bookings")
BARS = 8
FIRST_YEAR = 2015


class StatisticsFilter(forms.Form):
    """What is counted. Empty days: this year to yesterday."""

    fran = SwedishDateField(label=gettext_lazy("From"), required=False)
    till = SwedishDateField(label=gettext_lazy("Up to and including"), required=False)
    anlaggning = forms.ModelChoiceField(
        label=gettext_lazy("Venue"), queryset=Venue.objects.none(), required=False, empty_label=gettext_lazy("All")
    )
    kategori = forms.ModelChoiceField(
        label=gettext_lazy("Category of hirer"),
        queryset=HirerCategory.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    slag = forms.ChoiceField(label=gettext_lazy("Kind of use"), required=False)
    grupp = forms.ChoiceField(label=gettext_lazy("Show by"), choices=list(GROUP_WORDS.items()), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["anlaggning"].queryset = Venue.objects.in_swedish_order()  # type: ignore[attr-defined]
        self.fields["kategori"].queryset = HirerCategory.objects.all()  # type: ignore[attr-defined]
        kinds = [(value, label) for value, label in UseKind.choices if value != UseKind.CLOSURE]
        self.fields["slag"].choices = [("", gettext_lazy("All")), *kinds]  # type: ignore[attr-defined]

    @property
    def group(self) -> str:
        return self.cleaned_data.get("grupp") or "anlaggning"

    def chosen(self, today: date) -> Chosen | None:
        """What to count, to yesterday at most; None when no day of it has passed."""
        wanted = self.cleaned_data
        until = min(today, (wanted.get("till") or today - timedelta(days=1)) + timedelta(days=1))
        since = wanted.get("fran") or (until - timedelta(days=1)).replace(month=1, day=1)
        if until <= since:
            return None
        venue, hirer = wanted.get("anlaggning"), wanted.get("kategori")
        return Chosen(Period(since, until), venue.pk if venue else None, hirer.pk if hirer else None, wanted.get("slag") or "")


# Those who keep venues ----------------------------------------------------------------------------------------------------------


@readers
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """Hours, use and kronor of a period beside the same period last year, by what was chosen; charts and a table."""
    form = StatisticsFilter(request.GET)
    chosen = form.chosen(localdate()) if form.is_valid() else None
    context: dict[str, Any] = {
        "form": form,
        "presets": _presets(request),
        "chosen": chosen,
        "formats": spreadsheets.FORMATS,
        "query": request.GET.urlencode(),
    }
    if chosen:
        last_year = _last_year(chosen)
        whole, before = use_in_all(chosen), use_in_all(last_year)
        context |= {
            "last_day": _last_day(chosen.period),
            "whole": whole,
            "used": used_share(whole.came, whole.unused),
            "used_before": used_share(before.came, before.unused),
            "before": before,
            "more": change(whole.booked, before.booked),
            "group_word": GROUP_WORDS[form.group],
            "rows": _rows(form.group, use_by(form.group, chosen), use_by(form.group, last_year)),
            "charts": _charts(chosen, form.group, whole),
        }
    return render(request, "facilities/statistics/statistics.html", context, status=422 if form.errors else 200)


@readers
@require_GET
def statistics_table(request: HttpRequest, kind: str) -> HttpResponse:
    """The same table as a file."""
    form = StatisticsFilter(request.GET)
    chosen = form.chosen(localdate()) if form.is_valid() else None
    if kind not in spreadsheets.FORMATS or chosen is None:
        raise Http404
    rows = _rows(form.group, use_by(form.group, chosen), use_by(form.group, _last_year(chosen)))
    name = f"lokaler-{form.group}-{chosen.period.since}-{_last_day(chosen.period)}"
    headings = [GROUP_WORDS[form.group], *_headings()]
    return spreadsheets.download(kind, name=name, headings=headings, rows=[_cells(row) for row in rows])


def _presets(request: HttpRequest) -> list[tuple[str, str]]:
    """Periods that are often asked for, as addresses that keep the other questions."""
    today = localdate()
    year, yesterday = (today - timedelta(days=1)).year, today - timedelta(days=1)
    periods = (
        (_("Last year"), date(year - 1, 1, 1), date(year - 1, 12, 31)),
        (_("The last twelve months"), months_after(today, -12), yesterday),
        (_("The last month"), months_after(today, -1), yesterday),
    )
    found = []
    for label, first, last in periods:
        query = request.GET.copy()
        query["fran"], query["till"] = first.isoformat(), last.isoformat()
        found.append((label, f"?{query.urlencode()}"))
    return found


def _last_year(chosen: Chosen) -> Chosen:
    return Chosen(same_period_last_year(chosen.period), chosen.venue, chosen.hirer, chosen.kind)


def _last_day(period: Period[date]) -> date | None:
    return period.until - timedelta(days=1) if period.until else None


def _rows(group: str, uses: Mapping[str, Use], before: Mapping[str, Use]) -> list[dict[str, Any]]:
    """A row for each group that has anything in either year."""
    keys = [*uses, *(key for key in before if key not in uses)]
    return [_row(group_name(group, key), uses.get(key, Use()), before.get(key, Use())) for key in keys]


def _row(name: str, use: Use, before: Use) -> dict[str, Any]:
    return {
        "name": name,
        "use": use,
        "used": used_share(use.came, use.unused),
        "before": before.booked,
        "more": change(use.booked, before.booked),
    }


def _headings() -> list[str]:
    return [
        _("Bookings"),
        _("Hours booked"),
        _("Hours used"),
        _("Hours when nobody came"),
        _("Hours cancelled late"),
        _("Hours not noted"),
        _("Paid, kronor"),
        _("Subsidy, kronor"),
        _("Hours booked the same time last year"),
    ]


def _cells(row: Mapping[str, Any]) -> list[Any]:
    use: Use = row["use"]
    numbers = (use.booked, use.came, use.absent, use.late, use.unnoted, use.paid, use.given, row["before"])
    return [row["name"], use.bookings, *(number.quantize(Decimal("0.01")) for number in numbers)]


def _charts(chosen: Chosen, group: str, whole: Use) -> list[dict[str, Any]]:
    """Each chart with its message as its title. Four queries at most; none without anything to show."""
    if not whole.bookings:
        return []
    by_group, ages, sexes = use_by(group, chosen), use_by("alder", chosen), use_by("kon", chosen)
    by_category = by_group if group == "kategori" else use_by("kategori", chosen)
    charts = [
        *([] if group in ("alder", "kon") else [_hours_chart(use_words.most_booked(by_group, group), by_group, group)]),
        _used_chart(whole),
        _hours_chart(use_words.how_young(ages), _in_order(ages, AgeBand), "alder"),
        _hours_chart(use_words.girls_and_boys(sexes), _in_order(sexes, SexBand), "kon"),
    ]
    given = {key: use for key, use in by_category.items() if use.given}
    if given:
        bars = [(group_name("kategori", key), use.given) for key, use in given.items()]
        charts.append({"title": use_words.who_got_most(given), "bars": bars, "unit": "kr", "column": GROUP_WORDS["kategori"]})
    return charts


def _hours_chart(title: str, uses: Mapping[str, Use], group: str) -> dict[str, Any]:
    bars = [(group_name(group, key), use.booked) for key, use in list(uses.items())[:BARS]]
    return {"title": title, "bars": bars, "unit": _("hours"), "column": GROUP_WORDS[group]}


def _used_chart(use: Use) -> dict[str, Any]:
    bars = [
        (_("Used"), use.came),
        (_("Nobody came"), use.absent),
        (_("Cancelled late"), use.late),
        (_("Not noted"), use.unnoted),
    ]
    return {"title": use_words.how_much_is_used(use), "bars": bars, "unit": _("hours"), "column": _("What happened")}


def _in_order(uses: Mapping[str, Use], bands: Any) -> dict[str, Use]:
    return {band.value: uses[band.value] for band in bands if band.value in uses}


# Anyone -------------------------------------------------------------------------------------------------------------------------


@public
@require_GET
def statistics_public(request: HttpRequest) -> HttpResponse:
    """A year's use of each venue, and how young and of which sex the groups are: no cell of fewer than five people."""
    year = _year(request)
    chosen = _of_year(year)
    whole, venues = use_in_all(chosen), use_by("anlaggning", chosen)
    context = {
        "year": year,
        "years": range(localdate().year, min(first_year() or year, year) - 1, -1),
        "last_day": _last_day(chosen.period),
        "whole": whole,
        "used": used_share(whole.came, whole.unused),
        "rows": _rows("anlaggning", venues, {}),
        "charts": [
            *([_hours_chart(use_words.most_booked(venues, "anlaggning"), venues, "anlaggning")] if venues else []),
            *_safe_chart(
                use_words.how_young, _("How young the groups are"), _in_order(use_by("alder", chosen), AgeBand), "alder"
            ),
            *_safe_chart(
                use_words.girls_and_boys, _("Girls and boys in the groups"), _in_order(use_by("kon", chosen), SexBand), "kon"
            ),
        ],
        "formats": spreadsheets.FORMATS,
    }
    return render(request, "facilities/statistics/statistics_public.html", context)


@public
@require_GET
def statistics_public_table(request: HttpRequest, kind: str) -> HttpResponse:
    """A year's use of each venue as a file."""
    if kind not in spreadsheets.FORMATS:
        raise Http404
    year = _year(request)
    headings = [GROUP_WORDS["anlaggning"], *_headings()[:6]]
    rows = [_cells(row)[:7] for row in _rows("anlaggning", use_by("anlaggning", _of_year(year)), {})]
    return spreadsheets.download(kind, name=f"anlaggningar-{year}", headings=headings, rows=rows)


def _year(request: HttpRequest) -> int:
    """The year in the address, else this one; the one before on New Year's Day, when nothing of this one has passed."""
    today = localdate()
    asked = request.GET.get("ar", "")
    latest = (today - timedelta(days=1)).year
    return min(latest, max(FIRST_YEAR, int(asked))) if asked.isdecimal() and len(asked) == 4 else latest


def _of_year(year: int) -> Chosen:
    return Chosen(Period(date(year, 1, 1), min(date(year + 1, 1, 1), localdate())))


def _safe_chart(
    message: Callable[[Mapping[str, Use]], str], plain_title: str, uses: Mapping[str, Use], group: str
) -> list[dict[str, Any]]:
    """A chart without the cells that are too small to show (Rule F-75); none when nobody has told anything.

    message: what it says when all is shown; plain_title: when something is not, so that the title tells no more than the bars.
    """
    known = {key: use for key, use in uses.items() if key != AgeBand.UNKNOWN.value}
    hidden = hidden_cells([use.people for use in known.values()])
    shown = {key: use for index, (key, use) in enumerate(known.items()) if index not in hidden}
    if not known:
        return []
    return [{**_hours_chart(plain_title if hidden else message(shown), shown, group), "hides": bool(hidden)}]
