"""Components: what they say to those who see and to those who listen."""

from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from config.charts import bar_chart
from records.forms import KronorField
from tests.strict import faults


class Questions(forms.Form):
    amount = KronorField(label="Belopp", help_text="Hela kronor.")
    note = forms.CharField(label="Anteckning", required=False, widget=forms.TextInput(attrs={"placeholder": "Skriv här"}))
    seat = forms.ChoiceField(label="Säte i kommunen?", choices=[("y", "Ja"), ("n", "Nej")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Uppgifterna stämmer")
    paper = forms.FileField(label="Stadgar", required=False)


def render(text, **context):
    return engines["django"].from_string(text).render(context)


def piece(html):
    return list(faults(html, fragment=True))


def test_an_error_is_tied_to_its_field():
    html = Questions({"amount": "12 000,5o"})["amount"].as_field_group()
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert 'aria-invalid="true"' in html
    assert "Skriv beloppet med siffror, till exempel 12 000." in html
    assert 'value="12 000,5o"' in html
    assert piece(html) == []


def test_optional_is_said_in_words():
    form = Questions()
    assert "(valfritt)" in form["note"].as_field_group()
    assert "(valfritt)" not in form["amount"].as_field_group()


def test_a_placeholder_never_stands_in_for_a_hint():
    assert "placeholder" not in Questions()["note"].as_field_group()


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = Questions({})["seat"].as_field_group()
    assert "<fieldset" in html
    assert "<legend" in html
    assert 'aria-describedby="id_seat_error"' in html
    assert html.count('class="ds-input"') == 2
    assert piece(html) == []


@pytest.mark.parametrize("name", ["amount", "note", "seat", "sure", "paper"])
@pytest.mark.parametrize("typed", [None, {}])
def test_every_kind_of_field_is_valid_and_labelled(name, typed):
    assert piece(Questions(typed)[name].as_field_group()) == []


def test_the_error_summary_leads_to_the_fields():
    html = render("{% error_summary form %}", form=Questions({"amount": "x", "sure": "on"}))
    assert 'href="#id_amount"' in html
    assert 'href="#id_seat_0"' in html
    assert "2 saker behöver rättas" in html
    assert "Säte i kommunen? Fyll i det här." in html


def test_a_form_without_faults_has_no_error_summary():
    assert render("{% error_summary form %}", form=Questions()).strip() == ""
    assert render("{% error_summary nothing %}").strip() == ""


def test_the_error_summary_reads_formsets_and_what_belongs_to_no_field():
    class Both(forms.Form):
        name = forms.CharField()

        def clean(self):
            raise forms.ValidationError("Tillsammans går det inte.")

    rows = forms.formset_factory(Both)({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "x"})
    assert "Tillsammans går det inte." in render("{% error_summary rows %}", rows=rows)


@pytest.mark.parametrize("tone", ["success", "info", "warning", "danger", "waiting", "neutral"])
def test_a_status_is_a_word_with_a_colour_and_a_shape(tone):
    html = render("{% tag 'Beviljad' tone %}", tone=tone)
    assert "Beviljad" in html
    assert "<svg" in html
    assert "data-color" in html


def test_components_escape_what_people_wrote():
    bad = "<script>alert(1)</script>"
    html = render(
        "{% card title=bad %}{{ bad }}{% endcard %}{% tag bad %}{% why label=bad %}{{ bad }}{% endwhy %}"
        "{% data_table caption=bad %}<tbody><tr><td>{{ bad }}</td></tr></tbody>{% enddata_table %}{% steps labels 1 %}",
        bad=bad,
        labels=[bad],
    )
    assert "<script" not in html


def test_a_bar_chart_tells_the_same_in_a_table():
    html = bar_chart(
        "Mest till barn", [("Barn", Decimal(300)), ("<b>Kultur", 0)], unit="kr", column="Kategori", value_column="Kronor"
    )
    assert html.count("300\u00a0kr") == 2
    assert "<b>" not in html
    assert 'width="62.00%"' in html
    assert 'width="0.00%"' in html
    assert piece(html) == []


def test_a_chart_of_nothing_is_still_a_chart():
    assert piece(bar_chart("Inget", [])) == []


def test_pages_keep_the_other_questions_of_the_address():
    request = RequestFactory().get("/?q=teater&page=2")
    request.user = None
    page = Paginator(range(60), 20).page(2)
    html = engines["django"].from_string('{% include "components/pagination.html" %}').render({"page": page}, request)
    assert "?q=teater&amp;page=1" in html
    assert "?q=teater&amp;page=3" in html
    assert "(21–40 av 60)" in html
