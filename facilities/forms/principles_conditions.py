"""A condition as rows of a form, groups within groups: what is typed stays as it is until it is saved, right or wrong.

Rows have no script: a button tells what to do with which row, and the page comes back with what was typed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.forms.principles_words import FACTS, GROUP, JOINS, NO, OPS, WORDS, addable
from facilities.rules.allocation.conditions import (
    All,
    Condition,
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
from facilities.rules.allocation.editing import plain
from records.forms import Typed, WholeNumberField

MOST_ROWS = 40  # of one group
DEEPEST = 6  # groups within groups that can be added; a set from a file can have more
_FORGED = 60  # no page has groups so deep


class _RowForm(forms.Form):
    """One comparison. Its fact is settled when the row is added."""

    def __init__(self, *args: Any, fact: str, known: Mapping[TextFact, Sequence[str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.name, self.known = fact, known
        self.label = str(FACTS.get(fact) or _("A group of conditions"))

    def negated(self) -> bool:
        return str(self.cleaned_data["is"]).startswith(NO)

    def word(self) -> str:
        return str(self.cleaned_data["is"]).removeprefix(NO)

    def condition(self) -> Condition:
        raise NotImplementedError


class _NumberRow(_RowForm):
    field_order = ["is", "value"]
    value = WholeNumberField(
        label=gettext_lazy("How many or how old"), min_value=-1, max_value=9999, widget=Typed(size=5, keyboard="numeric")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        typed = str((self.data.get(f"{self.prefix}-is") if self.is_bound else self.initial.get("is")) or "")
        choices = [(str(op), words) for op, words in OPS.items()]
        if typed.startswith(NO):  # only from a file: in the form one chooses the opposite
            choices += [(f"{NO}{op}", _("not %(words)s") % {"words": words}) for op, words in OPS.items()]
        self.fields["is"] = forms.ChoiceField(label=_("How"), choices=choices)
        self.order_fields(self.field_order)

    def condition(self) -> Condition:
        return Number(NumberFact(self.name), Op(self.word()), self.cleaned_data["value"])


class _TextRow(_RowForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("in", _("is one of")), (f"{NO}in", _("is none of"))]
        self.fields["is"] = forms.ChoiceField(label=_("How"), choices=choices)
        fact = TextFact(self.name)
        if fact in WORDS:
            asked = self.data.get(f"{self.prefix}-value") if self.is_bound else self.initial.get("value")
            words: dict[str, Any] = {**{word: word for word in asked or ()}, **WORDS[fact]}
            choices = [(word, words[word]) for word in dict.fromkeys([*WORDS[fact], *words])]
            self.fields["value"] = forms.MultipleChoiceField(
                label=_("Which"), choices=choices, widget=forms.CheckboxSelectMultiple
            )
        else:
            used = ", ".join(self.known.get(fact, ())[:12])
            hint = _("One on each line, written as the groups write it.")
            hint += " " + _("Groups have written: %(words)s.") % {"words": used} if used else ""
            self.fields["value"] = forms.CharField(
                label=_("Which"), widget=forms.Textarea({"rows": "2", "cols": "24"}), help_text=hint
            )

    def clean_value(self) -> tuple[str, ...]:
        typed = self.cleaned_data["value"]
        lines = typed if isinstance(typed, list) else [" ".join(line.split()) for line in typed.splitlines()]
        return tuple(dict.fromkeys(line for line in lines if line))

    def condition(self) -> Condition:
        return Text(TextFact(self.name), self.cleaned_data["value"])


class _FlagRow(_RowForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["is"] = forms.ChoiceField(
            label=_("Is it so?"), choices=[("yes", _("yes")), ("no", _("no"))], widget=forms.RadioSelect
        )

    def condition(self) -> Condition:
        return Flag(FlagFact(self.name), self.word() == "yes")


class _GroupRow(_RowForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["is"] = forms.ChoiceField(label=_("What has to be so?"), choices=list(JOINS.items()))


class _RootRow(_RowForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(join, JOINS[join]) for join in ("all", "any")]
        self.fields["is"] = forms.ChoiceField(label=_("What has to be so?"), choices=choices)


class AddForm(forms.Form):
    """Which row to add. It is never in error: the button beside it takes what is chosen."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["add"] = forms.ChoiceField(label=_("Condition on"), choices=addable(), required=False)


def _kind(fact: str, *, root: bool) -> type[_RowForm]:
    if fact == GROUP:
        return _RootRow if root else _GroupRow
    return _NumberRow if fact in set(NumberFact) else _TextRow if fact in set(TextFact) else _FlagRow


@dataclass(eq=False)
class Node:
    """A row as it is typed. fact: a word of the language, or GROUP with rows of its own. form: made for the page."""

    fact: str
    typed: dict[str, Any] = field(default_factory=dict)
    rows: list["Node"] = field(default_factory=list)
    path: str = ""
    is_first: bool = True
    is_last: bool = True
    depth: int = 0
    form: Any = None
    add: Any = None

    @property
    def is_group(self) -> bool:
        return self.fact == GROUP

    @property
    def may_nest(self) -> bool:
        return self.is_group and self.depth < DEEPEST

    def bare(self) -> "Node":
        return Node(self.fact, self.typed, [row.bare() for row in self.rows])

    def walk(self) -> Iterator["Node"]:
        yield self
        for row in self.rows:
            yield from row.walk()


class ConditionTree:
    """All rows of one condition. prefix: of the names of its fields. known: words that groups have written, to hint at."""

    def __init__(self, root: Node, prefix: str, *, is_bound: bool, known: Mapping[TextFact, Sequence[str]] | None = None) -> None:
        self.root, self.prefix, self.is_bound, self.known = root, prefix, is_bound, known or {}
        self._dress()

    @classmethod
    def of(cls, condition: Condition, prefix: str, **options: Any) -> "ConditionTree":
        """A saved condition as the form shows it."""
        simple = plain(condition)
        is_group = isinstance(simple, All | Either)
        root = _node(simple) if is_group else Node(GROUP, {"is": "all"}, [_node(simple)])
        return cls(root, prefix, is_bound=False, **options)

    @classmethod
    def posted(cls, data: Any, prefix: str, *, is_bound: bool, **options: Any) -> "ConditionTree":
        return cls(_read(data, prefix, 0), prefix, is_bound=is_bound, **options)

    @property
    def forms(self) -> list[Any]:
        return [node.form for node in self.root.walk()]

    def press(self, what: str) -> None:
        """Do what a button says: "add who", "up who-0", "down who-0", "away who-0". Nothing for a button that is not there."""
        verb, _space, path = what.partition(" ")
        found = {node.path: node for node in self.root.walk()}.get(path)
        above = next((node for node in self.root.walk() if any(row is found for row in node.rows)), None)
        if verb == "add" and found is not None:
            self._add(found)
        elif verb in {"up", "down", "away"} and found is not None and above is not None:
            place = above.rows.index(found)
            above.rows.pop(place)
            if verb != "away":
                above.rows.insert(max(0, place - 1) if verb == "up" else place + 1, found)
        self._dress()

    def _add(self, group: Node) -> None:
        fact = str(group.typed.get("add", ""))
        if not group.is_group or len(group.rows) >= MOST_ROWS or (fact == GROUP and not group.may_nest):
            return
        if fact == GROUP:
            group.rows.append(Node(GROUP, {"is": "any"}))
        elif fact in FACTS:
            group.rows.append(Node(fact, {"is": "yes"} if fact in set(FlagFact) else {}))

    def is_valid(self) -> bool:
        for node in self.root.walk():
            if node.form.is_valid() and node.is_group and not node.rows and (node is not self.root or node.form.word() == "any"):
                node.form.add_error("is", ValidationError(_("Add at least one condition to the group, or take the group away.")))
        return not any(form.errors for form in self.forms)

    def condition(self) -> Condition:
        """When it is valid."""
        return plain(_condition(self.root))

    def said(self) -> Condition | None:
        """What the rows say as they stand; None when they cannot be read yet."""
        looked = ConditionTree(self.root.bare(), self.prefix, is_bound=True, known=self.known)
        return looked.condition() if looked.is_valid() else None

    def _dress(self) -> None:
        """Paths and forms for the rows as they now stand."""
        self._place(self.root, self.prefix, 0)
        for node in self.root.walk():
            data = {f"{node.path}-{name}": value for name, value in node.typed.items()}
            kind = _kind(node.fact, root=node is self.root)
            options: dict[str, Any] = {"prefix": node.path, "fact": node.fact, "known": self.known}
            node.form = kind(data, **options) if self.is_bound else kind(initial=node.typed, **options)
            node.add = AddForm(initial={"add": node.typed.get("add")}, prefix=node.path) if node.is_group else None

    def _place(self, node: Node, path: str, depth: int) -> None:
        node.path, node.depth = path, depth
        for place, row in enumerate(node.rows):
            row.is_first, row.is_last = place == 0, place == len(node.rows) - 1
            self._place(row, f"{path}-{place}", depth + 1)


def _node(condition: Condition) -> Node:
    negated = isinstance(condition, Not)
    inner = condition.what if isinstance(condition, Not) else condition
    no = NO if negated else ""
    match inner:
        case Number(fact, op, value):
            return Node(str(fact), {"is": f"{no}{op}", "value": str(value)})
        case Text(fact, among):
            return Node(str(fact), {"is": f"{no}in", "value": list(among) if fact in WORDS else "\n".join(among)})
        case Flag(fact, flag):
            return Node(str(fact), {"is": "yes" if flag is not negated else "no"})
        case All(parts):
            return Node(GROUP, {"is": f"{no}all"}, [_node(each) for each in parts])
        case Either(parts):
            return Node(GROUP, {"is": f"{no}any"}, [_node(each) for each in parts])
    raise AssertionError(inner)


def _read(data: Any, path: str, depth: int) -> Node:
    """What was posted under a path: as many rows as there are facts of."""
    fact = data.get(f"{path}-fact", GROUP) if depth else GROUP
    if fact not in FACTS:
        fact = GROUP
    several = fact in {str(each) for each in WORDS}
    names = ("is", "value", "add")
    typed = {
        name: data.getlist(f"{path}-{name}") if name == "value" and several else data[f"{path}-{name}"]
        for name in names
        if f"{path}-{name}" in data
    }
    rows: list[Node] = []
    while fact == GROUP and depth < _FORGED and f"{path}-{len(rows)}-fact" in data:
        rows.append(_read(data, f"{path}-{len(rows)}", depth + 1))
    return Node(fact, typed, rows)


def _condition(node: Node) -> Condition:
    if not node.is_group:
        found = node.form.condition()
    else:
        parts = tuple(_condition(row) for row in node.rows)
        found = All(parts) if node.form.word() == "all" else Either(parts)
    return Not(found) if node.form.negated() else found
