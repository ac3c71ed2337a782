"""The roles of the house, and what each may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OFFICER = "officer", _("officer")
    DECISION_MAKER = "decision_maker", _("decision-maker")
    COMMITTEE_MEMBER = "committee_member", _("committee member")
    COMMITTEE_SECRETARY = "committee_secretary", _("committee secretary")
    VENUE_STAFF = "venue_staff", _("venue staff")
    CULTURE_OFFICER = "culture_officer", _("culture officer")
    SCHOOL = "school", _("school")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


# Staff of the municipality: must sign in with a second factor.
STAFF = frozenset(
    {
        Role.OFFICER,
        Role.DECISION_MAKER,
        Role.COMMITTEE_SECRETARY,
        Role.CULTURE_OFFICER,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
)

# Two roles that one person can never hold at the same time: delegation goes to one official, never to an elected person.
NEVER_TOGETHER = frozenset({frozenset({Role.COMMITTEE_MEMBER, Role.DECISION_MAKER})})

# Django permission strings that a role gives; object-level visibility is the querysets' business.
PERMISSIONS: dict[str, frozenset[str]] = {
    "records.read_register": frozenset({Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY, Role.AUDITOR}),
    "records.keep_register": frozenset({Role.OFFICER, Role.COMMITTEE_SECRETARY}),  # close, mark, send a letter again
    "records.post_notice": frozenset({Role.COMMITTEE_SECRETARY}),
    "associations.read_register": frozenset({Role.OFFICER, Role.DECISION_MAKER, Role.COMMITTEE_SECRETARY, Role.AUDITOR}),
    "associations.keep_register": frozenset({Role.OFFICER}),
    "grants.configure": frozenset({Role.OFFICER}),  # schemes and calls
    "grants.handle": frozenset({Role.OFFICER}),  # completion requests, extensions, assignment
    "facilities.read_bookings": frozenset({Role.OFFICER, Role.VENUE_STAFF, Role.AUDITOR}),
    "facilities.keep_bookings": frozenset({Role.OFFICER, Role.VENUE_STAFF}),  # on behalf, approve, close, note who came
    "facilities.keep_venues": frozenset({Role.OFFICER}),
    "facilities.hold_for_culture": frozenset({Role.CULTURE_OFFICER}),  # take, move and give back times for performances
    "facilities.bill": frozenset({Role.OFFICER}),  # the invoice basis and its exports
    "facilities.read_bills": frozenset({Role.OFFICER, Role.AUDITOR}),
    "culture.read": frozenset({Role.CULTURE_OFFICER, Role.AUDITOR}),
    "culture.plan": frozenset({Role.CULTURE_OFFICER}),  # schools, programme, plan, corrections
}
