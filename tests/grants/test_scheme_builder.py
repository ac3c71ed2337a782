"""Officers enter a scheme as data: its calculation, its form, its versions; without script."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from grants.actions import drafts, pots, schemes, submission, versions
from grants.actions.counting import count
from grants.actions.karlskoga import enter_karlskoga
from grants.actions.refusals import NotAllowedNow, NotComplete
from grants.models import Scheme, SchemeVersion
from grants.part_words import KINDS, SENTENCES
from grants.rules.form_json import form_from_json
from grants.rules.parts import PARTS
from records import filing
from tests.grants.conftest import ANSWERS, AT, FORM, PLANNED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def client(sign_in, officer):
    return sign_in(officer)


def page(name, *args):
    return reverse(f"grants:{name}", args=args)


def typed(client, url):
    """The form of a page as a browser would send it back."""
    response = client.get(url)
    assert response.status_code == 200
    form = html.fromstring(response.content).xpath("//main//form[@method='post']")[-1]
    data = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in data.items()}


def text_of(response):
    return " ".join(html.fromstring(response.content).text_content().split())


def add_part(client, scheme, kind, **numbers):
    url = f"{page('part_add', scheme.pk)}?slag={kind}"
    return client.post(url, typed(client, url) | numbers)


def test_every_part_of_karlskoga_survives_its_form_unchanged(client, officer, at):
    enter_karlskoga(year=2026, by=officer, at=at)
    for scheme in Scheme.objects.all():
        parts = scheme.versions.get().parts
        for place in range(len(parts)):
            url = page("part_change", scheme.pk, place)
            assert client.post(url, typed(client, url)).status_code == 302
        assert scheme.versions.latest("number").parts == parts


def test_every_question_of_karlskoga_survives_its_form_unchanged(client, officer, at):
    enter_karlskoga(year=2026, by=officer, at=at)
    for scheme in Scheme.objects.all():
        form = form_from_json(scheme.versions.get().form)
        section = form[0]
        keys = [question.key for section in form for question in section.questions]
        for key in (keys[0], keys[-1], *(each.key for part in form for each in part.questions if each.shown_if)):
            url = page("question_edit", scheme.pk, key)
            response = client.post(url, typed(client, url))
            assert response.status_code == 302
        url = page("section_edit", scheme.pk, section.key)
        assert client.post(url, typed(client, url)).status_code == 302
        assert form_from_json(scheme.versions.latest("number").form) == form


def test_the_rest_of_the_terms_survives_its_form_unchanged(client, officer, at):
    enter_karlskoga(year=2026, by=officer, at=at)
    for scheme in Scheme.objects.all():
        before = scheme.versions.get()
        url = page("version_write", scheme.pk)
        assert client.post(url, typed(client, url)).status_code == 302
        after = scheme.versions.get(number=2)
        for name in ("form", "parts", "attachments", "aims", "requirements", "valid_from"):
            assert getattr(after, name) == getattr(before, name)


STEPS = {
    "quantity": "members",
    "s-0-first": "10",
    "s-0-last": "50",
    "s-0-kronor": "4 000 kr",
    "s-1-first": "51",
    "s-1-per_unit": "20",
}


def test_the_officer_who_enters_tanums_rule_sees_that_more_members_give_less(client, scheme, version):
    url = f"{page('part_add', scheme.pk)}?slag=stepped"
    looked = client.post(url, typed(client, url) | STEPS | {"next": "look"})
    assert looked.status_code == 200
    assert "51 ger 1 020 kr, 50 ger 4 000 kr" in text_of(looked)
    version.refresh_from_db()
    assert version.parts == []
    assert client.post(url, typed(client, url) | STEPS).status_code == 302
    version.refresh_from_db()
    assert version.parts == [
        {
            "kind": "stepped",
            "quantity": "members",
            "steps": [{"from": 10, "to": 50, "kronor": "4000"}, {"from": 51, "per_unit": "20"}],
        }
    ]
    assert "51 ger 1 020 kr, 50 ger 4 000 kr" in text_of(client.get(page("calculation", scheme.pk)))


def test_a_gap_must_be_mended_before_the_version_is_published(client, scheme, version, officer):
    add_part(client, scheme, "stepped", **STEPS | {"s-1-first": "52"})
    shown = client.get(page("version_publish", scheme.pk))
    assert "inget sägs om exakt 51" in text_of(shown)
    assert shown.context["needs"]
    with pytest.raises(NotComplete):
        versions.publish_version(scheme, valid_from=date(2026, 1, 1), by=officer, at=AT)


def test_what_was_found_must_be_seen_before_the_version_is_published(client, scheme, version):
    add_part(client, scheme, "stepped", **STEPS)
    url = page("version_publish", scheme.pk)
    data = typed(client, url) | {"valid_from": "1 juli 2026"}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"seen": "on"}).status_code == 302
    version.refresh_from_db()
    assert (version.published_at, version.valid_from) == (AT, date(2026, 7, 1))


def test_parts_are_moved_and_taken_away_and_two_officers_do_not_undo_each_other(client, scheme, version):
    for kind, numbers in (("base_amount", {"kronor": "2000"}), ("at_most", {"kronor": "5000"}), ("rounding", {"unit": "10"})):
        add_part(client, scheme, kind, **numbers)
    url = page("calculation", scheme.pk)
    old = typed(client, url)
    client.post(url, old | {"do": "up:2"})
    version.refresh_from_db()
    assert [part["kind"] for part in version.parts] == ["base_amount", "rounding", "at_most"]
    late = client.post(url, old | {"do": "remove:0"}, follow=True)
    assert "Någon annan har ändrat" in text_of(late)
    client.post(url, typed(client, url) | {"do": "remove:1"})
    client.post(url, typed(client, url) | {"do": "remove:77"})
    version.refresh_from_db()
    assert [part["kind"] for part in version.parts] == ["base_amount", "at_most"]


def test_a_part_for_some_only_and_what_is_wrong_in_a_part(client, scheme, version):
    assert add_part(client, scheme, "per_member").status_code == 422
    response = add_part(client, scheme, "per_member", kronor="60", age_from="25", age_to="7")
    assert "Slutet får inte komma före början." in text_of(response)
    add_part(client, scheme, "base_amount", kronor="100", when=["new=yes"])
    version.refresh_from_db()
    assert version.parts == [{"kind": "base_amount", "kronor": "100", "when": {"fact": "new", "is": ["yes"]}}]
    assert "bara för Är det nytt?: Ja" in text_of(client.get(page("calculation", scheme.pk)))


def test_a_calculation_cannot_count_on_what_the_form_does_not_ask(scheme, version, officer):
    parts = [{"kind": "percent_of_cost", "percent": "40", "quantity": "q77"}]
    schemes.write_version(scheme, replace(schemes.terms_of(version), parts=parts), by=officer, at=AT)
    with pytest.raises(NotComplete, match="q77"):
        versions.publish_version(scheme, valid_from=date(2026, 1, 1), by=officer, at=AT)


def test_an_officer_builds_a_form_with_a_table_a_condition_and_a_file(client, officer):
    scheme = schemes.add_scheme(key="arrangemang", name="Arrangemang", by=officer, at=AT)
    client.post(page("section_add", scheme.pk), typed(client, page("section_add", scheme.pk)) | {"title": "Arrangemanget"})
    for kind, answers in (
        ("yes_no", {"label": "Kostar det inträde?"}),
        ("number", {"label": "Hur många kommer?", "at_most": "5 000"}),
        ("amount", {"label": "Hur mycket söker ni?", "is_asked": "on"}),
        (
            "table",
            {"label": "Budget", "c-0-label": "Post", "c-1-label": "Intäkt", "c-1-kind": "amount", "c-1-side": "left"}
            | {"c-2-label": "Kostnad", "c-2-kind": "amount", "c-2-side": "right"},
        ),
        ("file", {"label": "Tillstånd", "w-0-on": "q1=yes", "w-1-on": "q2>", "w-1-number": "200", "how": "any", "w-how": "any"}),
        ("choice", {"label": "För vilka?", "choices": "Barn\nVuxna"}),
    ):
        url = f"{page('question_add', scheme.pk, 'part1')}?slag={kind}"
        response = client.post(url, typed(client, url) | answers)
        assert response.status_code == 302, text_of(response)
    (section,) = scheme.versions.get().form
    assert section["questions"] == [
        {"key": "q1", "label": "Kostar det inträde?", "kind": "yes_no"},
        {"key": "q2", "label": "Hur många kommer?", "kind": "number", "at_most": "5000"},
        {"key": "asked", "label": "Hur mycket söker ni?", "kind": "amount"},
        {
            "key": "q3",
            "label": "Budget",
            "kind": "table",
            "columns": [
                {"key": "k1", "label": "Post", "kind": "text"},
                {"key": "k2", "label": "Intäkt", "kind": "amount"},
                {"key": "k3", "label": "Kostnad", "kind": "amount"},
            ],
            "balance": ["k2", "k3"],
        },
        {
            "key": "q4",
            "label": "Tillstånd",
            "kind": "file",
            "shown_if": {"any": [{"question": "q1", "equals": "yes"}, {"question": "q2", "at_least": "200"}]},
        },
        {
            "key": "q5",
            "label": "För vilka?",
            "kind": "choice",
            "choices": [{"key": "c1", "label": "Barn"}, {"key": "c2", "label": "Vuxna"}],
        },
    ]
    url = page("form_preview", scheme.pk)
    tried = client.post(url, typed(client, url) | {"q-q1": "no", "q-q2": "12"})
    assert tried.context["hidden"] == ["Tillstånd"]
    assert client.get(page("form_builder", scheme.pk)).status_code == 200


TABLE = {"c-0-label": "Post", "c-1-label": "Kronor", "c-1-kind": "amount"}


@pytest.fixture
def budget(client, officer):
    """What is asked for, incomes in one table, costs in another; the last is side B of what must balance."""
    scheme = schemes.add_scheme(key="arrangemang", name="Arrangemang", by=officer, at=AT)
    client.post(page("section_add", scheme.pk), typed(client, page("section_add", scheme.pk)) | {"title": "Budget"})
    for kind, answers in (
        ("amount", {"label": "Hur mycket söker ni?", "is_asked": "on"}),
        ("table", {"label": "Intäkter", **TABLE}),
        ("table", {"label": "Kostnader", **TABLE, "c-1-side": "right", "b-asked": "left", "b-q1.k2": "left"}),
    ):
        url = f"{page('question_add', scheme.pk, 'part1')}?slag={kind}"
        response = client.post(url, typed(client, url) | answers)
        assert response.status_code == 302, text_of(response)
    return scheme


def test_an_officer_lets_incomes_in_one_table_balance_costs_in_another(client, budget):
    (section,) = budget.versions.get().form
    assert section["questions"][2]["balances"] == {"left": ["asked", "q1.k2"], "right": ["this.k2"]}
    url = page("form_preview", budget.pk)
    answers = {"q-asked": "5 000", "q-q1-0-k1": "Entré", "q-q1-0-k2": "10 000", "q-q2-0-k1": "Lokal", "q-q2-0-k2": "14 000"}
    tried = text_of(client.post(url, typed(client, url) | answers))
    assert "”Hur mycket söker ni?” + ”Intäkter, Kronor” ska bli lika mycket som ”Kostnader, Kronor”." in tried
    assert "Nu är det 15 000 kr mot 14 000 kr, 1 000 kr isär." in tried
    right = text_of(client.post(url, typed(client, url) | answers | {"q-q2-0-k2": "15 000"}))
    assert "isär" not in right


def test_a_balance_is_kept_when_the_question_is_changed_and_goes_when_it_is_taken_out(client, budget):
    url = page("question_edit", budget.pk, "q2")
    before = budget.versions.get().form
    client.post(url, typed(client, url) | {"hint": "Allt ni betalar."})
    after = budget.versions.get().form
    assert after[0]["questions"][2] == {**before[0]["questions"][2], "hint": "Allt ni betalar."}
    half = client.post(url, typed(client, url) | {"c-1-side": ""})
    assert half.status_code == 422
    assert "En balans behöver något på båda sidor" in text_of(half)
    client.post(url, typed(client, url) | {"c-1-side": "", "b-asked": "", "b-q1.k2": ""})
    assert "balances" not in budget.versions.get().form[0]["questions"][2]


def test_a_question_that_another_balances_with_is_not_moved_after_it(client, budget):
    url = page("form_builder", budget.pk)
    refused = client.post(url, typed(client, url) | {"do": "down:question:q1"}, follow=True)
    assert "inte kommer före" in text_of(refused)


YES, MANY, FREE = {"question": "q1", "equals": "yes"}, {"question": "q2", "at_least": "200"}, {"question": "q3", "equals": "no"}


@pytest.fixture
def depends(client, officer):
    """depends({"w-0-on": ...}): the condition of a question after a yes or no, a number and another yes or no."""
    scheme = schemes.add_scheme(key="arrangemang", name="Arrangemang", by=officer, at=AT)
    client.post(page("section_add", scheme.pk), typed(client, page("section_add", scheme.pk)) | {"title": "A"})
    for kind, label in (("yes_no", "Inträde?"), ("number", "Hur många?"), ("yes_no", "Inomhus?"), ("text", "Varför?")):
        url = f"{page('question_add', scheme.pk, 'part1')}?slag={kind}"
        client.post(url, typed(client, url) | {"label": label})
    url = page("question_edit", scheme.pk, "q4")

    def save(rows):
        response = client.post(url, typed(client, url) | rows)
        assert response.status_code == 302, text_of(response)
        return scheme.versions.get().form[0]["questions"][3].get("shown_if")

    save.scheme, save.url = scheme, url
    return save


def test_conditions_are_grouped_in_the_builder(client, depends):
    rows = {"w-0-on": "q1=yes", "w-1-on": "q2>", "w-1-number": "200", "w-2-on": "q3=no", "w-1-group": "1", "w-2-group": "1"}
    assert depends(rows | {"w-how": "all"}) == {"all": [YES, {"any": [MANY, FREE]}]}
    shown = text_of(client.get(page("form_builder", depends.scheme.pk)))
    assert "”Inträde?” är ”Ja” och (”Hur många?” är minst 200 eller ”Inomhus?” är ”Nej”)" in shown
    assert depends({}) == {"all": [YES, {"any": [MANY, FREE]}]}  # opened and saved again it is the same
    assert depends({"w-how": "any"}) == {"any": [YES, {"all": [MANY, FREE]}]}
    assert depends({"w-0-group": "1"}) == {"all": [YES, MANY, FREE]}


def test_groups_are_three_valued_for_those_who_fill_in(client, depends):
    depends(
        {"w-how": "all", "w-0-on": "q1=yes", "w-1-on": "q2>", "w-1-number": "200", "w-1-group": "1"}
        | {"w-2-on": "q3=no", "w-2-group": "1"}
    )
    url = page("form_preview", depends.scheme.pk)

    def tried(**answers):
        context = client.post(url, typed(client, url) | {f"q-{key}": answer for key, answer in answers.items()}).context
        return "hidden" if context["hidden"] else "waiting" if context["waiting"] else "shown"

    assert tried(q1="yes") == "waiting"
    assert tried(q1="yes", q2="12") == "waiting"
    assert tried(q1="yes", q2="12", q3="no") == "shown"
    assert tried(q1="no") == "hidden"
    assert tried(q2="12", q3="yes") == "hidden"


def test_what_is_deeper_than_groups_is_kept_as_it_is(client, depends, officer):
    deep = {"all": [YES, {"any": [FREE, {"all": [MANY, FREE]}]}]}
    terms = schemes.terms_of(depends.scheme.versions.get())
    form = [dict(terms.form[0])]
    form[0]["questions"] = [*form[0]["questions"][:3], {**form[0]["questions"][3], "shown_if": deep}]
    schemes.write_version(depends.scheme, replace(terms, form=form), by=officer, at=AT)
    assert "kom från en fil" in text_of(client.get(depends.url))
    assert depends({}) == deep


def test_a_question_is_moved_between_parts_but_never_before_what_it_depends_on(client, scheme, version):
    url = page("form_builder", scheme.pk)
    client.post(url, typed(client, url) | {"do": "down:question:why_new"})
    version.refresh_from_db()
    assert [[each["key"] for each in section["questions"]] for section in version.form] == [["plan", "new"], ["why_new", "asked"]]
    refused = client.post(url, typed(client, url) | {"do": "down:section:activity"}, follow=True)
    assert "inte kommer före" in text_of(refused)
    client.post(url, typed(client, url) | {"do": "remove:question:why_new"})
    version.refresh_from_db()
    assert [[each["key"] for each in section["questions"]] for section in version.form] == [["plan", "new"], ["asked"]]


def test_a_form_is_copied_from_another_scheme(client, version, officer):
    other = schemes.add_scheme(key="nytt", name="Nytt", by=officer, at=AT)
    url = page("form_copy", other.pk)
    client.post(url, typed(client, url) | {"version": str(version.pk)})
    assert other.versions.get().form == version.form


def test_a_scheme_goes_out_as_a_file_and_comes_in_as_a_new_version(client, scheme, version, officer):
    add_part(client, scheme, "base_amount", kronor="2000")
    versions.publish_version(scheme, valid_from=date(2026, 1, 1), by=officer, at=AT)
    out = client.get(page("scheme_export", scheme.pk))
    assert out["Content-Disposition"] == 'attachment; filename="yearly-1.json"'
    data = json.loads(out.content)
    data["version"]["parts"].append({"kind": "rounding", "unit": "100"})
    upload = SimpleUploadedFile("f.json", json.dumps(data).encode(), "application/json")
    assert client.post(page("scheme_import"), {"file": upload}).status_code == 302
    read = scheme.versions.get(number=2)
    assert (read.form, read.parts[1]) == (version.form, {"kind": "rounding", "unit": "100"})
    compared = client.get(page("version_compare", scheme.pk))
    assert compared.context["part_rows"] == [("", "Avrundat till jämna 100 kr")]
    again = client.get(f"{page('scheme_export', scheme.pk)}?version=1")
    assert again.content == out.content


def test_a_file_that_cannot_be_used_tells_every_fault_by_its_path(client, scheme, version):
    data = json.loads(json.dumps(versions.file_of(version)))
    data["version"]["valid_from"] = "i morgon"
    data["version"]["parts"] = [{"kind": "base_amount", "kronor": "-5"}]
    data["version"]["form"][1]["questions"][0]["kind"] = "essay"
    data["version"]["attachments"] = [{"key": "a", "label": "A", "yearly_document": "diary"}]
    data["scheme"]["decided_by"] = "the mayor"
    upload = SimpleUploadedFile("f.json", json.dumps(data).encode())
    response = client.post(page("scheme_import"), {"file": upload})
    assert response.status_code == 422
    assert [path for path, _ in response.context["problems"]] == [
        "scheme.decided_by",
        "version.valid_from",
        "version.form[1].questions[0].kind",
        "version.parts[0].kronor",
        "version.attachments[0].yearly_document",
    ]
    for content in (
        b"",
        b"\xff",
        b"[[[",
        b"{}",
        b'{"format": "medspel-scheme", "schema": 99}',
        b'{"format": "\\u0000"}',
        b"[" * 100_000,
    ):
        assert client.post(page("scheme_import"), {"file": SimpleUploadedFile("f.json", content)}).status_code == 422


@pytest.fixture
def stored_file(alice):
    return filing.store_file(SimpleUploadedFile("avtal.pdf", b"%PDF-1.4 avtal"), at=AT, by=alice)


@pytest.fixture
def handed_in_by_two(hand_in, call, association, other_association, alice, stranger):
    return hand_in(call, association, alice), hand_in(call, other_association, stranger, asked="40 000")


def test_a_new_calculation_is_tried_on_the_applications_of_last_year(client, handed_in_by_two, scheme):
    add_part(client, scheme, "requested_up_to", cap="20 000")
    response = client.get(page("version_try", scheme.pk))
    trial = response.context["trial"]
    assert (trial.total_before, trial.total_after, trial.left) == (Decimal(0), Decimal("32000.50"), Decimal("467999.50"))
    assert len(trial.gaining) == 2
    assert "högst 20 000 kr" in text_of(response)


def test_trying_asks_as_many_questions_for_one_application_as_for_three(
    client, hand_in, call, association, alice, make_association, give_mandate, scheme
):
    add_part(client, scheme, "requested_up_to", cap="20 000", when=["category=culture"])
    hand_in(call, association, alice)
    client.get(page("version_try", scheme.pk))
    with CaptureQueriesContext(connection) as one:
        client.get(page("version_try", scheme.pk))
    for number in ("8024001247", "8024001254"):
        other = make_association(f"Förening {number}", number)
        give_mandate(alice, other)
        hand_in(call, other, alice)
    with CaptureQueriesContext(connection) as three:
        response = client.get(page("version_try", scheme.pk))
    assert len(response.context["rows"]) == 3
    assert len(three) == len(one)


def test_an_old_period_keeps_its_version_and_gives_the_same_bytes_again(client, application, scheme, officer):
    """Case 60. Parameters changed mid-period: the old period keeps the old version; a re-run is identical byte for byte."""
    first = json.dumps(count(application).lines).encode()
    add_part(client, scheme, "base_amount", kronor="9999")
    new = versions.publish_version(scheme, valid_from=date(2026, 7, 1), by=officer, at=AT)
    application = type(application).objects.get(pk=application.pk)
    assert application.call.version.number == 1
    assert json.dumps(count(application).lines).encode() == first
    assert SchemeVersion.objects.filter(scheme=scheme).valid_on(date(2026, 6, 30)).number == 1
    assert SchemeVersion.objects.filter(scheme=scheme).valid_on(date(2026, 7, 1)) == new
    assert SchemeVersion.objects.filter(scheme=scheme).valid_on(date(2025, 12, 31)) is None


@pytest.fixture
def mended(scheme, officer):
    """A later version in which one question is dropped and one is added; nothing else."""

    def mend(**more):
        questions = [FORM[0]["questions"][0], {"key": "where", "label": "Var håller ni till?", "kind": "text"}]
        form = [{**FORM[0], "questions": questions}, FORM[1]]
        terms = replace(schemes.terms_of(scheme.versions.latest("number")), form=form, **more)
        schemes.write_version(scheme, terms, by=officer, at=AT)
        return versions.publish_version(scheme, valid_from=date(2026, 1, 1), by=officer, at=AT)

    return mend


def test_open_drafts_choose_the_mended_form_and_what_is_handed_in_keeps_the_old(
    client, sign_in, call, draft, alice, hand_in, other_association, stranger, mended
):
    """Case 16. New version; open drafts stay on the old, offered the upgrade with dropped and added; submitted never changes."""
    draft = drafts.save_section(
        draft,
        "activity",
        answers={"plan": ANSWERS["plan"], "new": "yes", "why_new": "Behov"},
        edition=draft.edition,
        by=alice,
        at=AT,
    )
    handed_in = hand_in(call, other_association, stranger, new="yes", why_new="Behov")
    version = mended()
    assert client.post(page("call_mend", call.pk)).status_code == 302
    applicant = sign_in(alice)
    assert "Var håller ni till?" not in text_of(applicant.get(page("application_section", draft.pk, "activity")))
    assert page("draft_move", draft.pk) in applicant.get(page("application", draft.pk)).content.decode()
    offered = applicant.get(page("draft_move", draft.pk))
    assert offered.context["added"] == ["Var håller ni till?"]
    assert offered.context["dropped"] == [("Är det nytt?", True), ("Varför behövs det nu?", True)]
    applicant.post(page("draft_move", draft.pk))
    draft.refresh_from_db()
    assert draft.version == version
    assert draft.answers == {"plan": ANSWERS["plan"], "asked": ANSWERS["asked"]}
    draft = drafts.save_section(draft, "activity", answers={"where": "Hos oss"}, edition=draft.edition, by=alice, at=AT)
    assert submission.submit(draft, by=alice, at=AT).answers["where"] == "Hos oss"
    handed_in = type(handed_in).objects.get(pk=handed_in.pk)
    assert handed_in.answers["why_new"] == "Behov"
    assert [answer.question.key for section in handed_in.shown_sections() for answer in section.answers][:3] == [
        "plan",
        "new",
        "why_new",
    ]


def test_a_published_call_never_gets_new_money_rules_by_a_mended_form(call, mended, officer):
    version = mended(parts=[{"kind": "base_amount", "kronor": "1"}])
    with pytest.raises(NotAllowedNow, match="nya villkor"):
        versions.mend_form(call, version, by=officer, at=AT)


POT = [{"kind": "requested_up_to"}, {"kind": "pot_share", "kronor": "30000"}]


def test_a_pot_is_shared_out_once_for_all_and_every_amount_counts_with_it(
    client, scheme, version, officer, publish_call, plan, hand_in, association, other_association, alice, stranger
):
    schemes.write_version(scheme, replace(schemes.terms_of(version), parts=POT), by=officer, at=PLANNED)
    call = publish_call(plan)
    one, other = hand_in(call, association, alice, asked="20 000"), hand_in(call, other_association, stranger, asked="40 000")
    assert count(one).missing
    assert client.get(page("call_pot", call.pk)).context["pot"].shares == {one.pk: Decimal(10000), other.pk: Decimal(20000)}
    client.post(page("call_pot", call.pk))
    assert (count(one).amount, count(other).amount) == (Decimal(10000), Decimal(20000))
    assert call.pots.get().residual == 0
    pots.share_out(call, by=officer, at=AT)
    assert call.pots.count() == 2


def test_a_draft_with_a_hidden_file_is_handed_in_without_it(scheme, officer, publish_call, plan, association, alice, stored_file):
    """Case 14. A file that is not asked for any more is not handed in."""
    form = [
        {
            "key": "a",
            "title": "A",
            "questions": [
                {"key": "hall", "label": "Egen hall?", "kind": "yes_no"},
                {"key": "lease", "label": "Hyresavtal", "kind": "file", "shown_if": {"question": "hall", "equals": "yes"}},
            ],
        }
    ]
    terms = schemes.Terms(valid_from=date(2026, 1, 1), form=form)
    call = publish_call(plan, version=schemes.write_version(scheme, terms, by=officer, at=PLANNED))
    draft = drafts.start(call, association, by=alice, at=AT)
    with pytest.raises(NotAllowedNow):
        drafts.attach(draft, "lease", file=stored_file, by=alice, at=AT)
    draft = drafts.save_section(draft, "a", answers={"hall": "yes"}, edition=draft.edition, by=alice, at=AT)
    drafts.attach(draft, "lease", file=stored_file, by=alice, at=AT)
    draft = drafts.save_section(draft, "a", answers={"hall": "no"}, edition=draft.edition, by=alice, at=AT)
    application = submission.submit(draft, by=alice, at=AT)
    assert not application.attachments.filter(replaced_at=None).exists()
    assert application.completed_at == AT


def test_only_officers_open_the_workbench(sign_in, auditor, alice, scheme, version, call):
    for user in (auditor, alice):
        client = sign_in(user)
        for name in ("calculation", "part_add", "form_builder", "form_preview", "form_copy", "section_add", "version_try"):
            assert client.get(page(name, scheme.pk)).status_code == 403
        for name in ("version_compare", "version_publish", "scheme_export"):
            assert client.get(page(name, scheme.pk)).status_code == 403
        assert client.get(page("scheme_import")).status_code == 403
        assert client.get(page("call_pot", call.pk)).status_code == 403
        assert client.post(page("call_mend", call.pk)).status_code == 403


def test_a_stranger_meets_no_draft_to_move(sign_in, stranger, draft):
    assert sign_in(stranger).get(page("draft_move", draft.pk)).status_code == 404


ACTIVITY = [
    {
        "kind": "activity_counting",
        "age_from": 7,
        "age_to": 25,
        "minutes": 45,
        "least": 3,
        "per_leader": 20,
        "disability_any_age": True,
        "per_day": 1,
        "since": "2023-07-01",
    },
    {"kind": "per_participation", "kronor": "7", "age_to": 25},
    {"kind": "per_participation", "kronor": "3.5", "sex": "female", "who": "disability"},
    {"kind": "per_session", "kronor": "33", "size_from": 3, "size_to": 10},
    {"kind": "per_leader", "kronor": "21", "more": "5"},
]


def test_activity_support_survives_its_forms_unchanged_and_is_read_in_words(client, scheme, version, officer):
    schemes.write_version(scheme, replace(schemes.terms_of(version), parts=ACTIVITY), by=officer, at=AT)
    for place in range(len(ACTIVITY)):
        url = page("part_change", scheme.pk, place)
        assert client.post(url, typed(client, url)).status_code == 302
    version.refresh_from_db()
    assert version.parts == ACTIVITY
    text = text_of(client.get(page("calculation", scheme.pk)))
    assert "minst 45 minuter, minst 3 deltagare, högst 20 per ledare" in text
    assert "33 kr per sammankomst med 3–10 deltagare" in text


def test_every_kind_of_part_has_its_page_and_its_words(client, scheme, version):
    """A part that an officer could not add would need a programmer."""
    assert set(KINDS) == set(PARTS) == set(SENTENCES)
    for kind in PARTS:
        assert client.get(f"{page('part_add', scheme.pk)}?slag={kind}").status_code == 200
