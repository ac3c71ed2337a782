"""Tariffs read, drafted with a percentage, changed, tried on usual bookings, published."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from facilities import actions
from facilities.actions.karlskoga import enter_venues
from facilities.models import Tariff
from facilities.models.usual import usual_hires
from facilities.rules.pricing import CancelStep, NoShow, Rate, Share, Unit, VatRate
from facilities.rules.pricing import Tariff as Rules
from tests.facilities.conftest import AT, hours
from tests.facilities.pages import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def client_of_officer(sign_in, officer):
    return sign_in(officer)


@pytest.fixture
def rich(tariff, tree):
    """A published tariff with everything that a tariff can say."""
    tree["2"].__class__.objects.filter(pk=tree["2"].pk).update(price_group="hall")
    rules = Rules(
        rates=(
            Rate(group="hall", kronor=Decimal(300), weekdays=frozenset({0, 1, 2, 3, 4}), starts=17 * 60, ends=22 * 60),
            Rate(group="hall", hirer="private", form="party", kronor=Decimal(5000), unit=Unit.OCCASION),
            Rate(kronor=Decimal(100), whole_day=Decimal(900)),
        ),
        shares=(Share("youth", "training", Decimal(25)), Share("youth", "match", Decimal(25)), Share("youth", "", Decimal(50))),
        cancel_steps=(CancelStep(0, Decimal(100)), CancelStep(1, Decimal(75)), CancelStep(6, Decimal("12.5"))),
        vat=(VatRate(date(2026, 1, 1), Decimal("6")), VatRate(date(2026, 7, 1), Decimal("25"))),
        rounds_up=30,
        minimum=Decimal(100),
        other_municipality=Decimal(2),
        reference="private",
        no_show=NoShow.GREATER,
        no_show_fee=Decimal(500),
    )
    plan = actions.Plan(name="Rik taxa", valid_from=date(2026, 3, 1), rules=rules, source="KF § 112", is_example=True)
    return actions.publish_tariff(plan, by=None, at=AT)


def test_version_is_read_as_sentences(sign_in, staff, rich):
    text = text_of(sign_in(staff).get(page("tariff", rich.pk)))
    for words in (
        "Exempel",
        "Priserna är exempel, inte antagna av kommunen.",
        "Hall Hallen, 2",
        "måndag, tisdag, onsdag, torsdag, fredag",
        "17.00–22.00",
        "300 kr per timme",
        "5 000 kr per tillfälle",
        "Ungdom betalar 25 % av priset för: träning, match.",
        "Ungdom betalar 50 % av priset för: all användning.",
        "Lägsta avgift: 100 kr",
        "betalar 2 gånger priset",
        "hela steg om 30 minuter",
        "Avbokad samma dag: 100 % av priset.",
        "Avbokad dagen före eller senare: 75 % av priset.",
        "Avbokad 6 dagar före eller senare: 12,50 % av priset.",
        "Bokad men inte använd: hela priset, men minst 500 kr.",
        "Moms 6 % från 1 januari 2026.",
        "Moms 25 % från 1 juli 2026.",
        "Fullt pris är vad Privat betalar",
    ):
        assert words in text, words


def test_list_says_which_version_holds(client_of_officer, rich, tariff):
    plan = actions.next_year(rich, percent=Decimal(3), valid_from=date(2027, 1, 1), name="Taxa 2027")
    actions.write_draft(plan, by=None, at=AT)
    actions.publish_tariff(actions.next_year(rich, percent=Decimal(0), valid_from=date(2026, 9, 1), name="Höst"), by=None, at=AT)
    text = text_of(client_of_officer.get(page("tariff_list")))
    found = [
        text.index(words)
        for words in ("Taxa 2027", "Utkast", "Höst", "Kommande", "Rik taxa", "Gäller nu", "Taxa 2026", "Tidigare")
    ]
    assert found == sorted(found)


def test_new_version_is_drafted_out_of_the_old_with_a_percentage(client_of_officer, rich):
    url = page("tariff_next", rich.pk)
    assert 'value="2027-01-01"' in client_of_officer.get(url).content.decode()
    response = client_of_officer.post(url, {"percent": "2,5 %", "valid_from": "2027-01-01", "name": "Taxa 2027"})
    draft = Tariff.objects.get(published_at=None)
    assert response.url == page("tariff", draft.pk)
    assert (draft.index_percent, [rate.kronor for rate in draft.rates.all()]) == (Decimal("2.5"), [308, 5125, 103])
    assert draft.shares.count() == 3


@pytest.mark.parametrize("percent", ["mycket", "-60", "1,234", "NaN", ""])
def test_percentage_that_is_none_is_refused(client_of_officer, rich, percent):
    form = {"percent": percent, "valid_from": "2027-01-01", "name": "Taxa 2027"}
    assert client_of_officer.post(page("tariff_next", rich.pk), form).status_code == 422
    assert Tariff.objects.count() == 2


def typed_back(client, url):
    """The forms of a page as a browser would send them back unchanged."""
    response = client.get(url)
    assert response.status_code == 200
    sent = {}
    for name in ("form", "rates", "shares", "steps", "vat"):
        thing = response.context[name]
        for form in [thing] if name == "form" else [thing.management_form, *thing.forms]:
            for field in form:
                value = field.field.prepare_value(field.value()) if hasattr(field.field, "prepare_value") else field.value()
                if value is True:
                    sent[field.html_name] = "on"
                elif value is not None and value is not False:
                    sent[field.html_name] = value
    return sent


def test_everything_a_tariff_says_survives_its_forms(client_of_officer, rich):
    draft = actions.write_draft(
        actions.next_year(rich, percent=Decimal(0), valid_from=date(2027, 1, 1), name="Taxa 2027"), by=None, at=AT
    )
    before = draft.for_rules()
    response = client_of_officer.post(page("tariff_edit", draft.pk), typed_back(client_of_officer, page("tariff_edit", draft.pk)))
    assert response.status_code == 302, [form.errors for form in response.context["rates"]]
    draft = Tariff.objects.select_related("reference").get(pk=draft.pk)
    assert draft.for_rules() == before
    assert (draft.index_percent, draft.is_example, draft.source) == (0, True, "KF § 112")


def test_rows_are_added_changed_and_taken_away(client_of_officer, rich):
    draft = actions.write_draft(
        actions.next_year(rich, percent=Decimal(0), valid_from=date(2027, 1, 1), name="Taxa 2027"), by=None, at=AT
    )
    url = page("tariff_edit", draft.pk)
    sent = typed_back(client_of_officer, url)
    sent |= {
        "r-0-kronor": "310",
        "r-1-DELETE": "on",
        "r-3-group": "is",
        "r-3-kronor": "600,50",
        "r-3-between": "6-9",
        "c-0-DELETE": "on",
        "next": "stay",
    }
    assert client_of_officer.post(url, sent).url == url
    rates = {rate.group: (rate.kronor, rate.starts) for rate in draft.rates.all()}
    assert rates == {"hall": (310, 1020), "": (100, 0), "is": (Decimal("600.50"), 360)}
    assert list(draft.cancel_steps.values_list("days_before", flat=True)) == [1, 6]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"r-0-kronor": "-5"}, "Beloppet kan inte vara negativt."),
        ({"r-0-between": "8-12, 13-17"}, "Skriv en sträcka inom en dag"),
        ({"c-3-days_before": "1", "c-3-percent": "10"}, "Samma dag står två gånger."),
        ({"s-3-hirer": "youth", "s-3-form": "match", "s-3-percent": "10"}, "Samma hyresgäst och användning"),
        ({"s-0-percent": "130"}, "Skriv en procentsats mellan 0 och 100."),
        ({"v-0-since": "igår"}, "Skriv datumet"),
        ({"name": ""}, "Namn"),
    ],
)
def test_what_is_wrong_in_a_draft_is_said_and_nothing_is_saved(client_of_officer, rich, wrong, words):
    draft = actions.write_draft(
        actions.next_year(rich, percent=Decimal(0), valid_from=date(2027, 1, 1), name="Taxa 2027"), by=None, at=AT
    )
    url = page("tariff_edit", draft.pk)
    response = client_of_officer.post(url, typed_back(client_of_officer, url) | wrong)
    assert response.status_code == 422
    assert words in text_of(response)
    assert draft.rates.filter(group="hall", kronor=300).exists()


def test_draft_is_tried_on_what_people_usually_book(client_of_officer, rich, room, book):
    for start in (8, 10, 12):
        book(room, hours(start, start + 2), form="training")
    draft = actions.write_draft(
        actions.next_year(rich, percent=Decimal(10), valid_from=date(2027, 1, 1), name="Taxa 2027"), by=None, at=AT
    )
    text = text_of(client_of_officer.get(page("tariff", draft.pk)))
    assert "Vad vanliga bokningar skulle kosta" in text
    assert "Hall, Ungdom, träning måndag 10.00–12.00 1 100 kr 100 kr 0 kr" in text  # the minimum charge holds both times
    assert "så det här är exempel" not in text


def test_usual_hires_are_the_commonest_each_kind_once(room, book, stina, other_association, rich):
    for start in (8, 10):
        book(room, hours(start, start + 2))
        book(room, hours(start, start + 2, day=7))
    book(room, hours(14, 15), by=stina, association=other_association, people=10, young=0)
    found = usual_hires(5, at=AT)
    assert [(hire.hirer, hire.weekday, hire.hour, hire.times) for hire in found] == [("youth", 0, 10, 2), ("private", 0, 16, 1)]
    assert found[0].hire_from(date(2027, 1, 1)).span.starts.isoformat() == "2027-01-04T09:00:00+00:00"


def test_nothing_booked_gives_examples_that_say_so(client_of_officer, rich):
    draft = actions.write_draft(
        actions.next_year(rich, percent=Decimal(10), valid_from=date(2027, 1, 1), name="Taxa 2027"), by=None, at=AT
    )
    assert "så det här är exempel" in text_of(client_of_officer.get(page("tariff", draft.pk)))


def test_gap_in_a_draft_is_seen_before_it_is_published(client_of_officer, rich, room, book):
    book(room, hours(8, 10), form="training")
    only_ice = Rules(rates=(Rate(group="is", kronor=Decimal(500)),))
    draft = actions.write_draft(actions.Plan(name="Lucka", valid_from=date(2027, 1, 1), rules=only_ice), by=None, at=AT)
    assert "Inget pris" in text_of(client_of_officer.get(page("tariff", draft.pk)))


def test_draft_is_published_once_and_thrown_away_never_after(client_of_officer, rich):
    plan = actions.next_year(rich, percent=Decimal(3), valid_from=date(2027, 1, 1), name="Taxa 2027")
    draft = actions.write_draft(plan, by=None, at=AT)
    other = actions.write_draft(plan, by=None, at=AT)
    client_of_officer.post(page("tariff_publish", draft.pk))
    draft.refresh_from_db()
    assert draft.published_at == AT
    twice = client_of_officer.post(page("tariff_publish", other.pk), follow=True)
    assert "redan en taxa" in text_of(twice)
    client_of_officer.post(page("tariff_discard", other.pk))
    kept = client_of_officer.post(page("tariff_discard", draft.pk), follow=True)
    assert "redan publicerad" in text_of(kept)
    assert set(Tariff.objects.values_list("name", flat=True)) == {"Taxa 2026", "Rik taxa", "Taxa 2027"}
    assert client_of_officer.get(page("tariff_edit", draft.pk)).status_code == 404


def test_karlskogas_tariff_says_it_is_an_example(sign_in, staff, at):
    enter_venues(by=None, at=at)
    text = text_of(sign_in(staff).get(page("tariff", Tariff.objects.get().pk)))
    assert "Priserna är exempel, inte antagna av kommunen." in text
    assert "Gymnastiksal Aggerudsskolan, Gymnastiksal;" in text
