"""A part that holds for some only: "100 kr per session for disability associations"."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from grants.rules.calculation import FactMissing, Facts, Part, Preparing
from grants.rules.part import PartRefused, line_of
from records.lines import Line
from records.values import KRONA

WHEN_LABELS: Mapping[str, tuple[str, ...]] = {"not_when": ("fact", "values")}


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyWhen:
    """Another part, for those who have chosen one of *values*; the others get a line that says that it is not for them.

    fact: "category" (the association's) or the key of a question with answers to choose between. Nothing chosen, and a question
    that was not asked, is not one of the values.

    Rule GS-26. Source: scheme data, for instance Fagersta: 75 kr per session, 100 kr for a disability association.
    Words: bara när, villkor, kategori, gäller för, only when.
    """

    kind: ClassVar[str] = "only_when"
    rule: ClassVar[str] = "GS-26"
    part: Part
    fact: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.fact:  # the reader of files refuses it too
            raise PartRefused("when.fact", "not_a_text")
        if not self.values:
            raise PartRefused("when.is", "not_a_list")

    def holds(self, facts: Facts) -> bool:
        """Raises FactMissing when nobody knows."""
        if self.fact not in facts.choices:
            raise FactMissing(self.fact)
        return any(value in self.values for value in facts.choices[self.fact])

    def prepared(self, facts: Facts) -> Facts:
        return self.part.prepared(facts) if isinstance(self.part, Preparing) and self.holds(facts) else facts

    def line(self, facts: Facts, so_far: tuple[Line, ...]) -> Line:
        if self.holds(facts):
            return self.part.line(facts, so_far)
        values = ", ".join(facts.name_of(f"{self.fact}={value}") for value in self.values)
        names = {"fact": facts.name_of(self.fact), "values": values.replace(f"{self.fact}=", "")}
        return line_of(self, "not_when", names, "", KRONA * 0)
