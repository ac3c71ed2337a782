"""What one tries in the budget room."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.actions.budget_room import Choice
from grants.choices import CriterionKey, ShareMethod, ShareUnit
from grants.models import Criterion
from records.forms import KronorField
from records.forms.fields import Typed


class RoomForm(forms.Form):
    """How the pot is shared. Lives in the address; the weights are asked for where the call has criteria."""

    method = forms.ChoiceField(label=_("How the pot is shared"), choices=ShareMethod.choices)
    pot = KronorField(label=_("To share"), min_value=0)
    cap = KronorField(label=_("At most to each"), required=False, min_value=1, help_text=_("Empty: what they ask for."))
    least = KronorField(
        label=_("Smallest useful amount"), required=False, min_value=0, help_text=_("Who would get less gets nothing.")
    )
    unit = forms.ChoiceField(label=_("Kronor for every"), choices=ShareUnit.choices, required=False)

    use_required_attribute = False

    def __init__(self, data: Any, *, criteria: Sequence[Criterion], pot: Decimal) -> None:
        self.criteria = list(criteria)
        standing = {"method": ShareMethod.RANKED, "pot": pot, "unit": ShareUnit.MEMBERS}
        super().__init__(data or {**standing, **{_weight(row.key): row.weight for row in criteria}})
        for row in self.criteria:
            self.fields[_weight(row.key)] = forms.IntegerField(
                label=_("Weight of %(criterion)s") % {"criterion": CriterionKey(row.key).label},
                min_value=0,
                max_value=100,
                widget=Typed(size=4, keyboard="numeric", suffix="%"),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        weights = [int(weight) for row in self.criteria if (weight := cleaned.get(_weight(row.key))) is not None]
        if weights and len(weights) == len(self.criteria) and (total := sum(weights)) != 100:
            self.add_error(
                _weight(self.criteria[-1].key), _("The weights of the criteria must sum to 100; now they sum to %d.") % total
            )
        return cleaned

    def choice(self) -> Choice:
        typed = self.cleaned_data
        return Choice(
            method=typed["method"],
            pot=typed["pot"],
            cap=typed["cap"],
            least=typed["least"] or Decimal(0),
            unit=typed["unit"] or ShareUnit.MEMBERS,
            weights={row.key: typed[_weight(row.key)] for row in self.criteria},
        )

    @property
    def ways(self) -> list[Any]:
        return [self[name] for name in ("method", "pot", "cap", "least", "unit")]

    @property
    def weights(self) -> list[Any]:
        return [self[_weight(row.key)] for row in self.criteria]


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name of the scenario"), max_length=80)

    use_required_attribute = False


def _weight(key: str) -> str:
    return f"weight-{key}"
