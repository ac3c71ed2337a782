"""Principles entered part by part, on pages that work without script; and what they say of themselves."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities import actions
from facilities.forms.principles_conditions import ConditionTree
from facilities.forms.principles_words import WORDS
from facilities.models import PrincipleSet
from facilities.rules.allocation.conditions import (
    All,
    Either,
    Flag,
    FlagFact,
    Not,
    Number,
    NumberFact,
    Op,
    Text,
    TextFact,
)
from facilities.rules.allocation.editing import order_of, plain
from facilities.rules.allocation.principles import Effect, clock, principles_from_json, principles_to_json
from facilities.rules.allocation.sentences import published
from records.refusals import NotAllowedNow
from tests.facilities.conftest import AT
from tests.facilities.filling_in import Filling
from tests.facilities.pages import page, text_of
from tests.facilities.rules.allocation.municipalities import SETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in, officer):
    return sign_in(officer)


@pytest.fixture
def draft(officer):
    def write(name):
        return actions.write_principles(principles_from_json(SETS[name]), by=officer, at=AT)

    return write


# --- the sets of municipalities by the form alone ------------------------------------------------------------------------------

OPPOSITE = {"all": "not all", "any": "not any"}


def enter_condition(filling, condition, path="who"):
    """Type a condition as an officer does: choose what to add, press, fill in the new row."""
    if path == "who" and not isinstance(condition, All | Either):
        condition = All((condition,))
    for place, each in enumerate(condition.of):
        row = f"{path}-{place}"
        negated = isinstance(each, Not)
        inner = each.what if negated else each
        fact = "group" if isinstance(inner, All | Either) else str(inner.fact)
        filling.fill(**{f"{path}-add": fact}).press_named("press", f"add {path}")
        match inner:
            case Number(_fact, op, value):
                assert not negated
                filling.fill(**{f"{row}-is": str(op), f"{row}-value": str(value)})
            case Text(fact, among):
                value = list(among) if fact in WORDS else "\n".join(among)
                filling.fill(**{f"{row}-is": "not in" if negated else "in", f"{row}-value": value})
            case Flag(_fact, flag):
                filling.fill(**{f"{row}-is": "yes" if flag is not negated else "no"})
            case All() | Either():
                join = "all" if isinstance(inner, All) else "any"
                filling.fill(**{f"{row}-is": OPPOSITE[join] if negated else join})
                enter_condition(filling, inner, row)
    if path == "who" and len(condition.of) > 1:
        filling.fill(**{"who-is": "all" if isinstance(condition, All) else "any"})


def enter(desk, wanted):
    """A whole set, from nothing. The draft's key."""
    begun = Filling(desk, page("principles_begin")).fill(name=wanted.name).fill(base="nothing").press("Börja utkastet")
    pk = PrincipleSet.objects.get().pk
    assert "Måste rättas" in begun.answer.content.decode()
    for each in wanted.classes:
        filling = Filling(desk, page("principles_row_new", pk, "klass"))
        enter_condition(filling, each.who)
        filling.fill(name=each.name, key=each.key).press("Spara")
    for window in wanted.windows:
        filling = Filling(desk, page("principles_row_new", pk, "tider"))
        enter_condition(filling, window.who)
        hours = f"{clock(window.since)}-{clock(window.until)}".replace(":", ".")
        filling.fill(hours=hours, weekdays=[str(day) for day in window.weekdays], effect=str(window.effect)).press("Spara")
    for limit in wanted.limits:
        filling = Filling(desk, page("principles_row_new", pk, "grans"))
        enter_condition(filling, limit.who)
        filling.fill(minutes=str(limit.minutes)).press("Spara")
    enter_ladder(desk, pk, wanted)
    enter_after(desk, pk, wanted)
    return pk


def enter_ladder(desk, pk, wanted):
    filling = Filling(desk, page("principles_ladder", pk))
    order = order_of(wanted.ladder, [each.key for each in wanted.classes])
    if order is not None:
        typed = {"by_class": {"only": order.most or ""}, "by_need": {"rounds": order.most}}.get(order.way)
        typed = typed or {"nobody": order.most, "everyone": order.everyone}
        filling.fill(way=str(order.way), **{name: str(value) for name, value in typed.items()}).press("Spara")
        return
    filling.fill(way="own").press("Visa stegen")
    for place, rung in enumerate(wanted.ladder):
        if place:
            filling.press("Lägg till ett steg")
        row = {"classes": list(rung.classes), "first": str(rung.first), "last": str(rung.last or "")}
        filling.fill(**{f"r{place}-{name}": value for name, value in row.items()})
    filling.press("Spara")


def enter_after(desk, pk, wanted):
    filling = Filling(desk, page("principles_after", pk))
    while filling.form.xpath(".//input[@name='soft']"):
        filling.press("Ta bort")
    for each in wanted.soft:
        filling.fill(add=str(each)).press("Lägg till sist")
    hours, weights = wanted.attractive, wanted.weights
    if hours is not None:
        typed = f"{clock(hours.since)}-{clock(hours.until)}".replace(":", ".")
        filling.fill(has_hours="on", hours=typed, weekdays=[str(day) for day in hours.weekdays])
    for name in ("second_choice", "next_space", "not_mainly"):
        filling.fill(**{name: str(getattr(weights, name))})
    filling.press("Spara")


@pytest.mark.parametrize("name", SETS)
def test_sets_of_municipalities_are_entered_by_the_form_alone(desk, name):
    wanted = principles_from_json(SETS[name])
    pk = enter(desk, wanted)
    assert PrincipleSet.objects.get(pk=pk).for_rules() == wanted
    shown = text_of(desk.get(page("kept_principles", pk)))
    for line in published(wanted):
        assert " ".join(line.sentence.split()) in shown
        assert " ".join(line.formal.split()) in shown
    assert "Måste rättas" not in shown


# --- conditions ----------------------------------------------------------------------------------------------------------------

words = st.text("abc åäö1", min_size=1, max_size=6).map(lambda text: " ".join(text.split())).filter(bool)
leaves = (
    st.builds(Number, st.sampled_from(NumberFact), st.sampled_from(Op), st.integers(-1, 9999))
    | st.builds(
        Text,
        st.sampled_from(TextFact),
        st.lists(words, min_size=1, max_size=3, unique=True).map(tuple),
    )
    | st.builds(Flag, st.sampled_from(FlagFact), st.booleans())
)
conditions = st.recursive(
    leaves,
    lambda inner: (
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Either, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Not, inner)
    ),
    max_leaves=6,
)


class Posted(dict):
    """What a form posts."""

    def getlist(self, name):
        return self.get(name, [])


def posted(tree):
    """What a browser sends of the rows as they are shown."""
    sent = {}
    for node in tree.root.walk():
        sent[f"{node.path}-fact"] = node.fact
        for field in node.form:
            sent[field.html_name] = field.value()
    return Posted(sent)


@given(conditions)
def test_condition_comes_back_from_its_form_as_it_was(condition):
    shown = ConditionTree.of(condition, "who")
    sent = ConditionTree.posted(posted(shown), "who", is_bound=True)
    assert sent.is_valid(), [form.errors for form in sent.forms]
    assert sent.condition() == plain(condition)


@pytest.mark.parametrize("everybody", [All(), All((All(),))])
def test_everybody_has_no_rows(everybody):
    tree = ConditionTree.of(everybody, "who")
    assert tree.root.rows == []
    assert tree.said() == All()


def test_rows_are_moved_and_taken_away_by_buttons():
    young, flag = Number(NumberFact.AGE_TO, Op.LESS, 20), Flag(FlagFact.FEDERATION)
    tree = ConditionTree.of(All((young, Either((flag, young)))), "who")
    tree.press("up who-1")
    assert tree.said() == All((Either((flag, young)), young))
    tree.press("down who-0-0")
    assert tree.said() == All((Either((young, flag)), young))
    tree.press("away who-0")
    assert tree.said() == young


@pytest.mark.parametrize("what", ["away who", "up who", "burn who-0", "up who-7", "add who-0", "", "up", "down who-0-0"])
def test_buttons_that_are_not_there_change_nothing(what):
    young = Number(NumberFact.AGE_TO, Op.LESS, 20)
    tree = ConditionTree.of(young, "who")
    tree.press(what)
    assert tree.said() == young


def test_groups_are_as_deep_as_a_form_carries_and_no_deeper():
    tree, path = ConditionTree.of(All(), "who"), "who"
    for _turn in range(20):
        tree.root.walk()
        node = {node.path: node for node in tree.root.walk()}[path]
        node.typed["add"] = "group"
        tree.press(f"add {path}")
        path = f"{path}-0" if node.rows else path
    assert max(node.depth for node in tree.root.walk()) == 6


def test_condition_of_a_file_deeper_and_longer_than_a_form_adds_is_kept():
    long = Either(tuple(Number(NumberFact.SIZE, Op.IS, number) for number in range(60)))
    deep = Number(NumberFact.AGE_TO, Op.LESS, 20)
    for turn in range(10):
        deep = (All if turn % 2 else Either)((deep, Flag(FlagFact.LOCAL)))
    for condition in (long, deep):
        sent = ConditionTree.posted(posted(ConditionTree.of(condition, "who")), "who", is_bound=True)
        assert sent.is_valid()
        assert sent.condition() == condition


def test_what_is_typed_stays_and_errors_stand_beside_the_field(desk, officer, draft):
    drawn = draft("Göteborg")
    address = page("principles_row", drawn.pk, "klass", 0)
    filling = Filling(desk, address).fill(**{"who-0-value": "sju", "name": "Småbarn"})
    filling.fill(**{"who-add": "division"}).press("Lägg till villkoret")
    assert filling.answer.status_code == 200
    assert not filling.tree.xpath("//*[contains(@class, 'ds-validation-message')]")
    assert filling.tree.get_element_by_id("id_who-0-value").value == "sju"
    filling.press("Spara")
    assert filling.answer.status_code == 422
    assert filling.tree.get_element_by_id("id_name").value == "Småbarn"
    assert filling.tree.get_element_by_id("id_who-0-value").value == "sju"
    described = {element.get("id") for element in filling.tree.xpath("//*[@class='field__errors']")}
    assert described == {"id_who-0-value_error", "id_who-2-value_error"}
    assert PrincipleSet.objects.get().for_rules() == principles_from_json(SETS["Göteborg"])


def test_group_without_conditions_is_not_saved(desk, draft):
    drawn = draft("Göteborg")
    filling = Filling(desk, page("principles_row_new", drawn.pk, "grans"))
    filling.fill(**{"who-add": "group"}).press("Lägg till villkoret")
    filling.fill(minutes="60").press("Spara")
    assert filling.answer.status_code == 422
    assert "Lägg till minst ett villkor" in text_of(filling.answer)


# --- rows of the set -----------------------------------------------------------------------------------------------------------


def row_buttons(filling, part, row):
    return next(
        form
        for form in filling.tree.xpath("//main//form")
        if {(each.name, each.value) for each in form.inputs if each.name in ("part", "row")}
        == {("part", part), ("row", str(row))}
    )


def test_class_is_moved_and_the_ladder_follows(desk, draft):
    drawn = draft("Göteborg")
    filling = Filling(desk, page("kept_principles", drawn.pk))
    filling.press("Flytta ned", form=row_buttons(filling, "classes", 0))
    found = PrincipleSet.objects.get().for_rules()
    assert [each.key for each in found.classes] == ["andra", "barn"]
    assert [rung.classes for rung in found.ladder] == [("andra",), ("barn",)]
    assert "Ingen grupp kan hamna i klassen" in text_of(filling.answer)


def test_row_is_taken_away(desk, draft):
    drawn = draft("Huddinge")
    filling = Filling(desk, page("kept_principles", drawn.pk))
    filling.press("Ta bort", form=row_buttons(filling, "limits", 1))
    assert [limit.minutes for limit in PrincipleSet.objects.get().for_rules().limits] == [420, 240, 120, 60]


@pytest.mark.parametrize("sent", [{"part": "x"}, {"row": "9"}, {"to": "left"}, {"row": "-1"}, {"row": ""}])
def test_row_that_is_not_there_is_not_found(desk, draft, sent):
    address = page("principles_move", draft("Göteborg").pk)
    assert desk.post(address, {"part": "classes", "row": "0", "to": "up", **sent}).status_code == 404


@pytest.mark.parametrize("address", [("klass", 2), ("tider", 1), ("grans", 0), ("annat", 0)])
def test_page_of_a_row_that_is_not_there_is_not_found(desk, draft, address):
    assert desk.get(page("principles_row", draft("Göteborg").pk, *address)).status_code == 404


def test_nothing_is_written_over_that_somebody_else_has_changed(desk, draft, officer):
    drawn = draft("Göteborg")
    first = Filling(desk, page("principles_row", drawn.pk, "klass", 0)).fill(name="Mina barn")
    Filling(desk, page("principles_row", drawn.pk, "klass", 1)).fill(name="Alla andra").press("Spara")
    first.press("Visa i ord").press("Spara")
    assert first.answer.status_code == 422
    assert "Någon har ändrat principerna" in text_of(first.answer)
    assert first.tree.get_element_by_id("id_name").value == "Mina barn"
    assert [each.name for each in PrincipleSet.objects.get().for_rules().classes] == ["Barn 7-16 år", "Alla andra"]


def test_two_classes_cannot_have_one_short_name_and_one_is_made_when_none_is_typed(desk, draft):
    drawn = draft("Göteborg")
    filling = (
        Filling(desk, page("principles_row_new", drawn.pk, "klass")).fill(name="Vuxna över 20 år", key="barn").press("Spara")
    )
    assert "En annan klass har kortnamnet barn" in text_of(filling.answer)
    filling.fill(key="").press("Spara")
    assert PrincipleSet.objects.get().for_rules().classes[-1].key == "vuxna-over-20-ar"


# --- the ladder ----------------------------------------------------------------------------------------------------------------


def test_ladder_is_shown_in_words_before_it_is_saved_and_can_be_changed_step_by_step(desk, draft):
    drawn = draft("Göteborg")
    filling = Filling(desk, page("principles_ladder", drawn.pk)).fill(way="at_most", nobody="2", everyone="1")
    filling.press("Visa stegen")
    assert "2. Pass 2-2" not in text_of(filling.answer)
    assert "1. Första passet i veckan till Barn 7-16 år." in text_of(filling.answer)
    filling.press("Ändra stegen ett och ett")
    assert len(filling.form.xpath(".//fieldset[@class='rung']")) == 6
    filling.press_named("press", "away 5").press("Spara")
    ladder = PrincipleSet.objects.get().for_rules().ladder
    assert [(rung.classes[0], rung.first, rung.last) for rung in ladder] == [
        ("barn", 1, 1),
        ("barn", 2, 2),
        ("andra", 1, 1),
        ("barn", 3, None),
        ("andra", 2, 2),
    ]
    assert "Pass nummer 3 i veckan står inte på något steg" in text_of(filling.answer)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"way": "by_need"}, "rounds"),
        ({"way": "at_most", "nobody": "2"}, "everyone"),
        ({"way": "at_most", "nobody": "1", "everyone": "2"}, "nobody"),
        ({"way": "by_class", "only": "många"}, "only"),
    ],
)
def test_ladder_asks_for_the_numbers_that_its_way_needs(desk, draft, typed, field):
    filling = Filling(desk, page("principles_ladder", draft("Göteborg").pk)).fill(**typed).press("Spara")
    assert filling.answer.status_code == 422
    assert list(filling.answer.context["form"].errors) == [field]


def test_step_needs_classes_and_times_in_order(desk, draft):
    filling = Filling(desk, page("principles_ladder", draft("Huddinge").pk))
    filling.fill(**{"r0-classes": [], "r1-first": "2", "r1-last": "1"}).press("Spara")
    assert filling.answer.status_code == 422
    shown = {element.get("id") for element in filling.tree.xpath("//*[@class='field__errors']")}
    assert shown == {"id_r0-classes_error", "id_r1-last_error"}


# --- begun, published, as a file -----------------------------------------------------------------------------------------------


def test_draft_is_begun_from_a_published_set_or_an_example(desk, draft, officer):
    from_set = actions.publish_principles(draft("Lerum"), by=officer, at=AT)
    filling = Filling(desk, page("principles_begin", **{"from": from_set.pk}))
    filling.fill(name="Nästa år").press("Börja utkastet")
    begun = PrincipleSet.objects.get(name="Nästa år")
    assert principles_to_json(begun.for_rules()) == {**principles_to_json(from_set.for_rules()), "name": "Nästa år"}
    Filling(desk, page("principles_begin")).fill(name="Nytt", base="example:2").press("Börja utkastet")
    assert PrincipleSet.objects.get(name="Nytt").for_rules().windows[0].effect is Effect.KEPT


def test_published_set_stands_and_everybody_reads_it(desk, draft, client):
    drawn = draft("Hudiksvall")
    assert client.get(page("season_principles", drawn.pk)).status_code == 404
    filling = Filling(desk, page("kept_principles", drawn.pk))
    publish = next(form for form in filling.tree.xpath("//main//form") if (form.action or "").endswith("publicera/"))
    filling.press("Publicera", form=publish)
    assert PrincipleSet.objects.get().published_at
    assert "får bara tid alla dagar 00.00–20.00 de dagarna" in text_of(client.get(page("season_principles", drawn.pk)))
    for name in ("principles_facts", "principles_ladder", "principles_after"):
        assert desk.get(page(name, drawn.pk)).status_code == 404


def test_set_that_no_plan_can_be_made_by_is_not_published(officer):
    empty = actions.write_principles(principles_from_json({"name": "Tom", "classes": [], "ladder": []}), by=officer, at=AT)
    with pytest.raises(NotAllowedNow) as refusal:
        actions.publish_principles(empty, by=officer, at=AT)
    assert refusal.value.code == "principles"


def test_only_officers_write_principles(alice, staff, sign_in, draft):
    drawn = draft("Lerum")
    with pytest.raises(NotAllowedNow):
        actions.publish_principles(drawn, by=alice, at=AT)
    assert sign_in(staff).get(page("principles_begin")).status_code == 403


def test_set_is_downloaded_as_a_file_and_taken_in_again(desk, draft):
    drawn = draft("Huddinge")
    answer = desk.get(page("principles_file", drawn.pk))
    assert principles_from_json(json.loads(answer.content)) == drawn.for_rules()
    desk.post(page("kept_principles_new"), {"text": answer.content.decode()})
    assert [each.for_rules() for each in PrincipleSet.objects.all()] == [drawn.for_rules()] * 2


def test_name_and_source_are_changed(desk, draft):
    drawn = draft("Lerum")
    Filling(desk, page("principles_facts", drawn.pk)).fill(name="Lerum 2028", source="KF § 12").press("Spara")
    drawn.refresh_from_db()
    assert (drawn.name, drawn.for_rules().name, drawn.source) == ("Lerum 2028", "Lerum 2028", "KF § 12")


@pytest.mark.parametrize("name", ["Hudiksvall", "Lerum"])
def test_pages_of_a_set_cost_the_same_however_large_it_is(desk, draft, name, django_assert_max_num_queries):
    drawn = draft(name)
    for address in ("kept_principles", "principles_ladder", "principles_after"):
        with django_assert_max_num_queries(10):
            assert desk.get(page(address, drawn.pk)).status_code == 200
    with django_assert_max_num_queries(10):
        assert desk.get(page("principles_row", drawn.pk, "klass", 0)).status_code == 200
