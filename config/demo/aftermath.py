"""After the decisions: an appeal that a court still tries, one that annulled a grant, and a grant that was given back."""

from datetime import date, timedelta

from config.demo.stage import Stage, at
from grants.actions.aftermath import Followed, Lodged, follow_appeal, note_renounced, register_appeal
from grants.choices import AppealOutcome
from grants.models import Call, Decision

COURT = "Förvaltningsrätten i Karlstad"


def appeal_refusal(stage: Stage, call: Call, name: str, lodged_on: date) -> None:
    """A member of the municipality appeals a refusal; the court has not settled it."""
    note = "Klaganden menar att insatsen inte är löpande verksamhet."
    lodged = Lodged(lodged_on=lodged_on, court=COURT, court_number=f"{lodged_on.year % 100:02d}-1183", note=note)
    register_appeal(_decision(call, name), lodged, by=stage.staff["namndsekreterare"], at=stage.office_time(lodged_on))


def annul(stage: Stage, call: Call, name: str, lodged_on: date, settled_on: date) -> None:
    """A court annuls a grant that was paid: it ends, and the money is claimed back."""
    secretary = stage.staff["namndsekreterare"]
    number = f"{lodged_on.year % 100:02d}-2417"
    lodged = Lodged(lodged_on=lodged_on, court=COURT, court_number=number, note="Klaganden menar att en ledamot var jävig.")
    appeal = register_appeal(_decision(call, name), lodged, by=secretary, at=stage.office_time(lodged_on))
    followed = Followed(outcome=AppealOutcome.ANNULLED, settled_on=settled_on, note="En ledamot som deltog i beslutet var jävig.")
    follow_appeal(appeal, followed, by=secretary, at=at(settled_on + timedelta(days=3), 10))


def give_back(stage: Stage, call: Call, name: str, on: date) -> None:
    """An association writes that it cannot do what it was granted money for."""
    reason = "Ordföranden skrev att ledaren har flyttat och att insatsen ställs in."
    note_renounced(_decision(call, name), reason=reason, on=on, by=stage.staff["handlaggare"], at=stage.office_time(on))


def _decision(call: Call, name: str) -> Decision:
    return Decision.objects.in_force().get(application__call=call, application__association__name=name)
