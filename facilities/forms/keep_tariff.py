"""What officers write about a tariff: its facts, and its prices, shares, cancellation fees and VAT row by row."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.actions import Plan
from facilities.choices import UseForm
from facilities.forms.keep_booking import NAMED_DAYS
from facilities.forms.keep_fields import HoursField, capitalised
from facilities.models import HirerCategory, Rate, Tariff
from facilities.models.tariff import NoShowKind
from facilities.rules import pricing
from facilities.rules.opening import DAY
from records.forms import KronorField, SwedishDateField, Typed, WholeNumberField
from records.values import kronor_text

LARGEST = Decimal("99999999.99")  # what a column of ten digits holds


class PercentField(forms.Field):
    """'2,5 %' or '-1' -> Decimal, two decimals."""

    def __init__(self, *, least: Decimal, most: Decimal, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**{"widget": Typed(size=7, keyboard="decimal", suffix="%"), **options})

    def to_python(self, value: Any) -> Decimal | None:
        typed = str(value if value is not None else "").strip().rstrip("%").strip().replace(",", ".").replace("−", "-")
        if not typed:
            return None
        try:
            percent = Decimal(typed)
        except InvalidOperation:
            raise ValidationError(_("Write a percentage in figures, for example 2,5.")) from None
        if not percent.is_finite() or not self.least <= percent <= self.most or percent != round(percent, 2):
            limits = {"least": kronor_text(self.least), "most": kronor_text(self.most)}
            raise ValidationError(_("Write a percentage between %(least)s and %(most)s.") % limits)
        return percent

    def prepare_value(self, value: Any) -> Any:
        return kronor_text(value) if isinstance(value, Decimal) else value


class NextYearForm(forms.Form):
    """A new version out of an old one."""

    percent = PercentField(
        label=gettext_lazy("Raise every price by"),
        least=Decimal(-50),
        most=Decimal(100),
        initial=Decimal(0),
        help_text=gettext_lazy("Rounded to whole kronor. 0: the same prices. You can change each price afterwards."),
    )
    valid_from = SwedishDateField(label=gettext_lazy("From day"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)


class TariffForm(forms.Form):
    """What holds for the whole tariff."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    valid_from = SwedishDateField(label=gettext_lazy("From day"))
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=300, required=False, help_text=gettext_lazy("For example: the council, § 112.")
    )
    rounds_up = WholeNumberField(
        label=gettext_lazy("Paid per so many minutes"),
        min_value=1,
        max_value=1440,
        help_text=gettext_lazy("15: 61 minutes are paid as 75."),
    )
    minimum = KronorField(label=gettext_lazy("Minimum charge"), max_value=LARGEST)
    other_municipality = forms.DecimalField(
        label=gettext_lazy("Hirers from another municipality pay so many times the price"),
        min_value=Decimal(1),
        max_value=Decimal(99),
        decimal_places=2,
        localize=True,
        widget=Typed(size=6, keyboard="decimal"),
    )
    reference = forms.ModelChoiceField(
        label=gettext_lazy("Who pays the full price?"),
        queryset=HirerCategory.objects.all(),
        required=False,
        empty_label=gettext_lazy("Nobody in particular"),
        help_text=gettext_lazy("The subsidy of the others is counted from what they pay."),
    )
    no_show = forms.ChoiceField(
        label=gettext_lazy("Booked and not used costs"), choices=NoShowKind.choices, widget=forms.RadioSelect
    )
    no_show_fee = KronorField(label=gettext_lazy("Fee when not used"), max_value=LARGEST)
    prices_include_vat = forms.BooleanField(label=gettext_lazy("The prices include VAT"), required=False)
    is_example = forms.BooleanField(label=gettext_lazy("An example, not adopted by the municipality"), required=False)


class _OfHirer(forms.Form):
    """A row for a category of hirer and a form of use, either of them whichever."""

    hirer = forms.ChoiceField(label=gettext_lazy("Who"), required=False)
    form = forms.ChoiceField(label=gettext_lazy("Form of use"), required=False)

    def __init__(self, *args: Any, hirers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hirer = self.fields["hirer"]
        assert isinstance(hirer, forms.ChoiceField)
        hirer.choices = [("", _("Everybody")), *hirers]
        form = self.fields["form"]
        assert isinstance(form, forms.ChoiceField)
        form.choices = [("", _("All forms")), *capitalised(UseForm.choices)]


class RateForm(_OfHirer):
    """One price."""

    group = forms.SlugField(
        label=gettext_lazy("Price group"), required=False, widget=Typed(size=14), help_text=gettext_lazy("Empty: every space.")
    )
    kronor = KronorField(label=gettext_lazy("Price"), max_value=LARGEST)
    per_occasion = forms.TypedChoiceField(
        label=gettext_lazy("Per"),
        coerce=lambda value: value == "occasion",
        initial="hour",
        choices=[("hour", gettext_lazy("hour")), ("occasion", gettext_lazy("occasion"))],
    )
    between = HoursField(label=gettext_lazy("Between"), help_text=gettext_lazy("For example 17–22. Empty: all day."))
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"),
        required=False,
        coerce=int,
        choices=NAMED_DAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: every day."),
    )
    whole_day = KronorField(label=gettext_lazy("At most for one day"), required=False, max_value=LARGEST)

    field_order = ["group", "hirer", "form", "kronor", "per_occasion", "between", "whole_day", "weekdays"]

    def clean_between(self) -> tuple[int, int]:
        typed = self.cleaned_data["between"]
        if typed is None:
            return 0, DAY
        if len(typed) != 1 or typed[0][1] > DAY:
            raise ValidationError(_("Write one stretch within a day, for example 17–22."))
        return typed[0][0], typed[0][1]

    def rate(self) -> pricing.Rate:
        typed = self.cleaned_data
        return pricing.Rate(
            group=typed["group"],
            hirer=typed["hirer"],
            form=typed["form"],
            weekdays=frozenset(typed["weekdays"]),
            starts=typed["between"][0],
            ends=typed["between"][1],
            kronor=typed["kronor"],
            unit=pricing.Unit.OCCASION if typed["per_occasion"] else pricing.Unit.HOUR,
            whole_day=typed["whole_day"],
        )


class ShareForm(_OfHirer):
    """The part that somebody pays."""

    percent = PercentField(label=gettext_lazy("Pays"), least=Decimal(0), most=Decimal(100))

    def share(self) -> pricing.Share:
        typed = self.cleaned_data
        return pricing.Share(typed["hirer"], typed["form"], typed["percent"])


class StepForm(forms.Form):
    """What cancelling so late costs."""

    days_before = WholeNumberField(
        label=gettext_lazy("Days before, at most"),
        min_value=0,
        max_value=365,
        help_text=gettext_lazy("1: the day before or later."),
    )
    percent = PercentField(label=gettext_lazy("Costs"), least=Decimal(0), most=Decimal(100))


class VatForm(forms.Form):
    """VAT from a day."""

    since = SwedishDateField(label=gettext_lazy("From day"))
    percent = PercentField(label=gettext_lazy("VAT"), least=Decimal(0), most=Decimal(99))


class BaseRows(BaseFormSet):  # type: ignore[type-arg]
    """Rows of which one value may stand once. unique: its name."""

    unique = ""

    def clean(self) -> None:
        if any(self.errors) or not self.unique:
            return
        typed = [row.cleaned_data[self.unique] for row in self.filled()]
        if len(set(typed)) != len(typed):
            raise ValidationError(_("The same day stands twice."))

    def filled(self) -> list[Any]:
        """The rows that say something and are not taken away."""
        return [row for row in self.forms if row.cleaned_data and not row.cleaned_data.get("DELETE")]


class BaseSteps(BaseRows):
    unique = "days_before"


class BaseVat(BaseRows):
    unique = "since"


class BaseShares(BaseRows):
    def clean(self) -> None:
        if any(self.errors):
            return
        pairs = [(row.cleaned_data["hirer"], row.cleaned_data["form"]) for row in self.filled()]
        if len(set(pairs)) != len(pairs):
            raise ValidationError(_("The same hirer and form of use stand twice."))


RateFormSet = formset_factory(RateForm, formset=BaseRows, extra=2, can_delete=True, max_num=500)
ShareFormSet = formset_factory(ShareForm, formset=BaseShares, extra=2, can_delete=True, max_num=200)
StepFormSet = formset_factory(StepForm, formset=BaseSteps, extra=1, can_delete=True, max_num=50)
VatFormSet = formset_factory(VatForm, formset=BaseVat, extra=1, can_delete=True, max_num=20)


def tariff_forms(tariff: Tariff, data: Any) -> dict[str, Any]:
    """The forms of a draft, bound or as it stands. Six queries."""
    facts = {name: getattr(tariff, name) for name in TariffForm.base_fields if name != "reference"}
    hirers = list(HirerCategory.objects.values_list("key", "name"))
    kwargs: dict[str, Any] = {"form_kwargs": {"hirers": hirers}}
    return {
        "form": TariffForm(data, initial={**facts, "reference": tariff.reference_id}),
        "rates": RateFormSet(
            data, prefix="r", initial=[_rate_row(rate) for rate in tariff.rates.select_related("hirer")], **kwargs
        ),
        "shares": ShareFormSet(
            data,
            prefix="s",
            initial=[
                {"hirer": share.hirer.key if share.hirer else "", "form": share.form, "percent": share.percent}
                for share in tariff.shares.select_related("hirer")
            ],
            **kwargs,
        ),
        "steps": StepFormSet(data, prefix="c", initial=list(tariff.cancel_steps.values("days_before", "percent"))),
        "vat": VatFormSet(data, prefix="v", initial=list(tariff.vat_rates.values("since", "percent"))),
    }


def _rate_row(rate: Rate) -> dict[str, Any]:
    whole = (rate.starts, rate.ends) == (0, DAY)
    return {
        "group": rate.group,
        "hirer": rate.hirer.key if rate.hirer else "",
        "form": rate.form,
        "kronor": rate.kronor,
        "per_occasion": "occasion" if rate.per_occasion else "hour",
        "between": None if whole else [(rate.starts, rate.ends)],
        "weekdays": [str(day) for day in rate.weekdays],
        "whole_day": rate.whole_day,
    }


def plan_from(forms_: dict[str, Any], before: Tariff) -> Plan:
    """What the forms say together."""
    facts = forms_["form"].cleaned_data
    rules = pricing.Tariff(
        rates=tuple(row.rate() for row in forms_["rates"].filled()),
        shares=tuple(row.share() for row in forms_["shares"].filled()),
        cancel_steps=tuple(
            pricing.CancelStep(row.cleaned_data["days_before"], row.cleaned_data["percent"]) for row in forms_["steps"].filled()
        ),
        vat=tuple(pricing.VatRate(_day(row), row.cleaned_data["percent"]) for row in forms_["vat"].filled()),
        rounds_up=facts["rounds_up"],
        minimum=facts["minimum"],
        other_municipality=facts["other_municipality"],
        reference=facts["reference"].key if facts["reference"] else "",
        no_show=pricing.NoShow(facts["no_show"]),
        no_show_fee=facts["no_show_fee"],
        prices_include_vat=facts["prices_include_vat"],
    )
    return Plan(
        name=facts["name"],
        valid_from=facts["valid_from"],
        rules=rules,
        source=facts["source"],
        is_example=facts["is_example"],
        index_percent=before.index_percent,
    )


def _day(row: Any) -> date:
    day: date = row.cleaned_data["since"]
    return day
